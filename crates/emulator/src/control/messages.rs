//! Every message there is, for assertions.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::emulation::Emulation;
use crate::medium::MediumContent;
use crate::message::{Message, Origin};
use crate::world::World;

/// A message with everything that is known about it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MessageView {
    sid: String,
    account: String,
    direction: String,
    origin: Origin,
    from: Option<String>,
    to: String,
    service: Option<String>,
    /// As it was sent.
    body: String,
    /// As it was asked for, where something rewrote it.
    body_asked: Option<String>,
    segments: u32,
    status: String,
    error_code: Option<u32>,
    content_sid: Option<String>,
    /// Quick-reply buttons that the phone may press.
    buttons: Vec<ButtonView>,
    media: Vec<MediumView>,
    #[schema(value_type = String, format = DateTime)]
    created: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    sent: Option<Timestamp>,
    /// When the phone got it.
    #[schema(value_type = Option<String>, format = DateTime)]
    arrived: Option<Timestamp>,
    history: Vec<ChangeView>,
    feedback: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ButtonView {
    text: String,
    payload: String,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MediumView {
    sid: String,
    content_type: String,
    url: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ChangeView {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    status: String,
}

/// What is left out fits every message.
#[derive(Deserialize, IntoParams)]
pub(crate) struct Wish {
    account: Option<String>,
    to: Option<String>,
    from: Option<String>,
    /// The whole text, as it was asked for.
    body: Option<String>,
    /// `inbound`, `outbound-api` or `outbound-reply`.
    direction: Option<String>,
    /// How many are passed over.
    skip: Option<usize>,
    /// How many are shown; all unless it says otherwise.
    limit: Option<usize>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct MessageList {
    /// How many fit, shown or not.
    total: usize,
    messages: Vec<MessageView>,
}

/// How many messages have the same recipient and text.
#[derive(Serialize, ToSchema)]
pub(crate) struct Count {
    to: String,
    /// As it was asked for.
    body: String,
    count: usize,
}

/// All messages, oldest first: nothing is hidden, delayed or paged as in the REST API.
#[utoipa::path(
    get,
    path = "/emulator/v1/messages",
    tag = "assertions",
    params(Wish),
    responses((status = OK, body = MessageList))
)]
pub(crate) async fn list(
    State(emulation): State<Arc<Emulation>>,
    Query(wish): Query<Wish>,
) -> Json<MessageList> {
    let world = emulation.world();
    let fitting: Vec<&Message> = world.messages.iter().filter(|message| wish.fits(message)).collect();
    let shown = fitting.iter().skip(wish.skip.unwrap_or(0)).take(wish.limit.unwrap_or(usize::MAX));
    Json(MessageList { total: fitting.len(), messages: shown.map(|message| view(&world, message)).collect() })
}

/// How often each text went to each recipient, as it was asked for: what was sent exactly once counts 1.
#[utoipa::path(
    get,
    path = "/emulator/v1/messages/counts",
    tag = "assertions",
    params(Wish),
    responses((status = OK, body = Vec<Count>))
)]
pub(crate) async fn counts(
    State(emulation): State<Arc<Emulation>>,
    Query(wish): Query<Wish>,
) -> Json<Vec<Count>> {
    let world = emulation.world();
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for message in world.messages.iter().filter(|message| wish.fits(message)) {
        *counts.entry((&message.to, asked(message))).or_default() += 1;
    }
    let counts = counts
        .into_iter()
        .skip(wish.skip.unwrap_or(0))
        .take(wish.limit.unwrap_or(usize::MAX))
        .map(|((to, body), count)| Count { to: to.to_owned(), body: body.to_owned(), count });
    Json(counts.collect())
}

impl Wish {
    fn fits(&self, message: &Message) -> bool {
        let same = |wish: &Option<String>, is: &str| wish.as_deref().is_none_or(|wish| wish == is);
        same(&self.account, message.account.as_str())
            && same(&self.to, &message.to)
            && same(&self.from, message.from.as_deref().unwrap_or_default())
            && same(&self.body, asked(message))
            && same(&self.direction, message.direction.as_str())
    }
}

fn asked(message: &Message) -> &str {
    message.body_asked.as_deref().unwrap_or(&message.body)
}

pub(crate) fn view(world: &World, message: &Message) -> MessageView {
    let content = message.template.as_ref().and_then(|template| world.contents.get(&template.sid));
    let buttons = content.map(|content| content.forms.buttons.as_slice()).unwrap_or_default();
    MessageView {
        sid: message.sid.as_str().to_owned(),
        account: message.account.as_str().to_owned(),
        direction: message.direction.as_str().to_owned(),
        origin: message.origin,
        from: message.from.clone(),
        to: message.to.clone(),
        service: message.service.as_ref().map(|sid| sid.as_str().to_owned()),
        body: message.body.clone(),
        body_asked: message.body_asked.clone(),
        segments: message.segments,
        status: message.status.as_str().to_owned(),
        error_code: message.error_code,
        content_sid: message.template.as_ref().map(|template| template.sid.as_str().to_owned()),
        buttons: buttons
            .iter()
            .map(|button| ButtonView { text: button.text.clone(), payload: button.payload.clone() })
            .collect(),
        media: message.media.iter().map(|medium| medium_view(world, message, medium)).collect(),
        created: message.created,
        sent: message.sent,
        arrived: message.arrived,
        history: message
            .history
            .iter()
            .map(|change| ChangeView { at: change.at, status: change.status.as_str().to_owned() })
            .collect(),
        feedback: message.feedback.as_ref().map(|feedback| feedback.outcome.to_owned()),
    }
}

fn medium_view(world: &World, message: &Message, medium: &crate::medium::Medium) -> MediumView {
    let url = match &medium.content {
        MediumContent::Url(url) => url.clone(),
        MediumContent::Bytes(_) => world.media_url(&message.account, &message.sid, &medium.sid),
    };
    MediumView { sid: medium.sid.as_str().to_owned(), content_type: medium.content_type.clone(), url }
}
