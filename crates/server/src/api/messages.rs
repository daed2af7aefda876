//! Texts: lists, one with its history, sending one outside of any run, and deciding about a held one.

use super::auth::{Caller, MayAdminister, MayRead, MayRun};
use super::body::{Json, Path, Query};
use super::pages::{Cut, Page};
use super::parameter::{id_of, word_of};
use super::problem::{Problem, ProblemCode};
use super::waiting::WaitingView;
use crate::app::AppState;
use axum::Extension;
use axum::extract::State;
use engine::address::PhoneNumber;
use engine::conversation::HIDDEN;
use engine::effect::SendMessage;
use engine::id::{MessageId, RunId};
use engine::limits::{BODY_CHARACTERS_MAX, MEDIA_MAX};
use engine::message::{
    Channel, Content, ContentTemplate, Direction, GoesAs, Lattice, Media, Message, MessageEvent,
    State as MessageState,
};
use engine::sending::{MessageClass, Outbound as _};
use http::StatusCode;
use indexmap::IndexMap;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::MessageFilter;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, send)).routes(routes!(show)).routes(routes!(resolve))
}

/// A text, in or out.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MessageView {
    pub id: String,
    /// `inbound` or `outbound`.
    pub direction: String,
    /// `sms` or `whatsapp`.
    pub channel: String,
    pub credential: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// `MG…` where it goes through, or came to, a messaging service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    pub to: String,
    /// Of a template that went out: its words, as the provider tells them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Addresses of its media.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<String>,
    /// `HX…` where it is, or may be, an approved template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_sid: Option<String>,
    /// What fills the template.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub content_variables: IndexMap<String, String>,
    /// Which was handed to the provider where there is a template, `text` or `template`; nothing while it is queued, or
    /// where it never came to that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_as: Option<String>,
    /// What it is for: `transactional`, `marketing` or `emergency`; nothing where it came in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_class: Option<String>,
    /// The run whose step sent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<u32>,
    /// Counts the texts of that step, from 0; later ones are retries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n: Option<u32>,
    /// The conversation with an agent that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<String>,
    /// How far we are with handing it over: `queued`, `dispatching`, `unknown`, `accepted`, `failed`, `held`,
    /// `test` or `received`.
    pub state: String,
    /// The provider's status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_code: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_message: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    /// How often it was handed to the provider's client.
    pub attempts: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segments: Option<String>,
    /// Negative decimal text; known some time after sending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_unit: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// A text with all that happened to it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct MessageDetail {
    #[serde(flatten)]
    pub message: MessageView,
    /// Why it is queued still; nothing where it waits for nothing but a free hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<WaitingView>,
    /// Oldest first.
    pub history: Vec<HistoryLine>,
}

/// One line of a text's history.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct HistoryLine {
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// For people.
    pub sentence: String,
    /// For programs: what happened, and with it the fields of that kind.
    #[schema(value_type = Object)]
    pub event: Value,
}

/// A text to send.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SendBody {
    /// `sms` where nothing is said, or `whatsapp`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// The only one there is, or the sender's, where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<String>,
    /// A number, short code, `MG…`, or the name of a sender; the only sender there is where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// A phone number with its country code.
    pub to: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Up to ten addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<String>,
    /// `HX…`: an approved template. With a body beside it, the template is for outside the 24-hour window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_sid: Option<String>,
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub content_variables: IndexMap<String, String>,
    /// What it is for: `transactional` where nothing is said, `marketing` or `emergency`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_class: Option<String>,
}

/// What is to become of a held text.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResolveBody {
    pub decision: Decision,
}

/// A person's word on a text of which nothing proves that it was sent or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, clap::ValueEnum)]
#[serde(rename_all = "camelCase")]
#[value(rename_all = "kebab-case")]
pub enum Decision {
    /// It was not sent, and should be now.
    SendAgain,
    /// It was sent, or should not be any more.
    GiveUp,
}

/// Which texts to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct MessageQuery {
    /// Those of this run.
    run: Option<String>,
    /// Those to and from this person.
    contact: Option<String>,
    /// `inbound` or `outbound`.
    direction: Option<String>,
    /// Such as `unknown` or `held`.
    state: Option<String>,
    /// Items of a page, 1 to 500; 50 where nothing is said.
    limit: Option<u32>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// List texts, newest first
#[utoipa::path(get, path = "/messages", tag = "messages", params(MessageQuery),
    responses((status = 200, body = Page<MessageView>)))]
async fn list(
    State(app): State<AppState>,
    _: MayRead,
    Query(query): Query<MessageQuery>,
) -> Result<Json<Page<MessageView>>, Problem> {
    let cut = Cut::new(query.limit, query.cursor.as_deref())?;
    let filter = MessageFilter {
        run: query.run.as_deref().map(run_id).transpose()?,
        contact: query.contact.as_deref().map(contact),
        direction: query.direction.as_deref().map(|word| word_of(word, "direction")).transpose()?,
        state: query.state.as_deref().map(|word| word_of(word, "state")).transpose()?,
    };
    let found: Vec<Message> = app.store.list(filter, cut.request()).await?;
    Ok(Json(cut.page(found, |message| message.id.as_str(), MessageView::from)))
}

pub(super) fn run_id(text: &str) -> Result<RunId, Problem> {
    id_of(text, "run", RunId::PREFIX, RunId::parse)
}

/// A person's address as it is stored: numbers may be written as people write them.
pub(super) fn contact(text: &str) -> String {
    // A plus that was not escaped arrives as a blank.
    let text = text.strip_prefix(' ').map_or_else(|| text.to_owned(), |rest| format!("+{rest}"));
    PhoneNumber::parse(&text, None).map_or(text, |number| number.to_string())
}

/// Show a text with its history
#[utoipa::path(get, path = "/messages/{id}", tag = "messages", params(("id" = String, Path)),
    responses((status = 200, body = MessageDetail)))]
async fn show(
    State(app): State<AppState>,
    _: MayRead,
    Path(id): Path<String>,
) -> Result<Json<MessageDetail>, Problem> {
    let message = stored(&app, &id).await?;
    detail(&app, message).await.map(Json)
}

async fn stored(app: &AppState, id: &str) -> Result<Message, Problem> {
    let id = MessageId::parse(id).ok_or_else(|| Problem::not_found("message"))?;
    let stored = app.store.message(&id).await?;
    Ok(stored.ok_or_else(|| Problem::not_found("message"))?.value)
}

/// A text with its history.
pub(super) async fn detail(app: &AppState, message: Message) -> Result<MessageDetail, Problem> {
    let events = app.store.message_events(&message.id).await?;
    let waits_for = app.host.text_waits_for(&message).await?;
    let last =
        events.last().map(|event| &event.kind).filter(|_| message.progress.state == MessageState::Queued);
    let waiting = WaitingView::of(last, waits_for, message.sender(), app.host.now());
    let line = |event: MessageEvent| HistoryLine {
        at: event.at,
        sentence: super::history::sentence(&event.kind),
        event: serde_json::to_value(event.kind).expect("an event is plain data"),
    };
    Ok(MessageDetail { message: message.into(), waiting, history: events.into_iter().map(line).collect() })
}

/// Send a text outside of any run
///
/// The text is durably queued when this answers; opt-outs, pacing and the rest are checked when its turn comes.
#[utoipa::path(post, path = "/messages", tag = "messages", request_body = SendBody,
    responses((status = 202, body = MessageView)))]
async fn send(
    State(app): State<AppState>,
    _: MayRun,
    Json(body): Json<SendBody>,
) -> Result<(StatusCode, Json<MessageView>), Problem> {
    let send = checked(&app, body).map_err(Problem::bad_input)?;
    let id = app.host.send_message(&send).await?;
    let message = stored(&app, id.as_str()).await?;
    Ok((StatusCode::ACCEPTED, Json(message.into())))
}

/// What can be known to be wrong before the text is queued, all at once.
fn checked(app: &AppState, body: SendBody) -> Result<SendMessage, Vec<String>> {
    let mut errors = Vec::new();
    let channel = match body.channel.as_deref() {
        None | Some("sms") => Channel::Sms,
        Some("whatsapp") => Channel::WhatsApp,
        Some(_) => {
            errors.push("channel: is sms or whatsapp".to_owned());
            Channel::Sms
        }
    };
    let to = PhoneNumber::parse(&body.to, None).map_err(|error| errors.push(format!("to: {error}"))).ok();
    let from = body.from.filter(|from| !from.trim().is_empty()).or_else(|| only_sender(app, channel));
    if from.is_none() {
        errors.push(no_sender(app, channel));
    }
    let class = message_class(body.message_class.as_deref(), &mut errors);
    let text = body.body.filter(|text| !text.is_empty());
    if text.is_none() && body.media.is_empty() && body.content_sid.is_none() {
        errors.push("body: is missing, and there are no media and no contentSid either".to_owned());
    }
    if text.as_ref().is_some_and(|text| text.chars().count() > BODY_CHARACTERS_MAX) {
        errors.push(format!("body: has more than {BODY_CHARACTERS_MAX} characters"));
    }
    if body.media.len() > MEDIA_MAX {
        errors.push(format!("media: are more than {MEDIA_MAX}"));
    }
    let is_address = |url: &String| url.starts_with("https://") || url.starts_with("http://");
    if !body.media.iter().all(is_address) {
        errors.push("media: must be addresses that begin with https:// or http://".to_owned());
    }
    let (Some(to), Some(from), true) = (to, from, errors.is_empty()) else { return Err(errors) };
    let media = body.media.into_iter().map(|url| Media { url, content_type: None }).collect();
    let variables = body.content_variables;
    let template = body.content_sid.map(|sid| ContentTemplate { sid, variables });
    Ok(SendMessage {
        channel,
        credential: body.credential,
        from,
        to: to.to_string(),
        content: Content { body: text, media, template, ..Content::default() },
        class,
        retry_of: None,
    })
}

pub(super) fn message_class(name: Option<&str>, errors: &mut Vec<String>) -> MessageClass {
    let Some(name) = name else { return MessageClass::default() };
    MessageClass::parse(name).unwrap_or_else(|| {
        errors.push(format!("messageClass: is one of {}", MessageClass::NAMES.join(", ")));
        MessageClass::default()
    })
}

/// The name of the only sender that this channel has.
fn only_sender(app: &AppState, channel: Channel) -> Option<String> {
    match senders_of(app, channel).as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    }
}

/// Names of the senders that this channel has.
fn senders_of(app: &AppState, channel: Channel) -> Vec<String> {
    use store::record::SenderKind;
    let directory = app.host.directory();
    let fits = |kind: SenderKind| (kind == SenderKind::WhatsApp) == (channel == Channel::WhatsApp);
    let fitting = directory.senders().iter().filter(|sender| fits(sender.kind));
    fitting.map(|sender| sender.name.clone()).collect()
}

/// Why no sender can be taken where none is named.
fn no_sender(app: &AppState, channel: Channel) -> String {
    let senders = senders_of(app, channel);
    if senders.is_empty() {
        format!("from: is missing, and no sender of {} is known", channel.as_str())
    } else {
        format!("from: is missing; it can be {}", senders.join(", "))
    }
}

/// Decide about a held text
///
/// Nothing proves that a held text was sent or not; the provider's console may tell.
#[utoipa::path(post, path = "/messages/{id}/resolve", tag = "messages", params(("id" = String, Path)),
    request_body = ResolveBody, responses((status = 200, body = MessageView)))]
async fn resolve(
    State(app): State<AppState>,
    _: MayAdminister,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Json(body): Json<ResolveBody>,
) -> Result<Json<MessageView>, Problem> {
    let message = stored(&app, &id).await?;
    let state = message.progress.state;
    if state != MessageState::Held {
        let detail = format!("the text is {}, not held", state.as_str());
        return Err(Problem::new(ProblemCode::NotAllowed, detail));
    }
    let again = body.decision == Decision::SendAgain;
    Box::pin(app.host.resolve_held(&message.id, &caller.name, again)).await?;
    Ok(Json(stored(&app, &id).await?.into()))
}

impl From<Message> for MessageView {
    fn from(message: Message) -> MessageView {
        let direction = match message.direction {
            Direction::Inbound => "inbound",
            Direction::Outbound => "outbound",
        };
        let is_outbound = message.direction == Direction::Outbound;
        let (content, sent_as) = (shown(&message), sent_as(&message));
        let origin = message.origin.as_ref();
        MessageView {
            id: message.id.to_string(),
            direction: direction.to_owned(),
            channel: message.channel.as_str().to_owned(),
            run: origin.map(|origin| origin.run.to_string()),
            step: origin.map(|origin| origin.step),
            n: origin.map(|origin| origin.n),
            conversation: message.conversation.map(|conversation| conversation.to_string()),
            credential: message.credential,
            from: message.from,
            service: message.service,
            to: message.to,
            body: content.body,
            media: content.media.into_iter().map(|medium| medium.url).collect(),
            content_sid: content.template.as_ref().map(|template| template.sid.clone()),
            content_variables: content.template.map(|template| template.variables).unwrap_or_default(),
            sent_as: sent_as.map(|sent_as| sent_as.as_str().to_owned()),
            message_class: Some(message.class.as_str().to_owned()).filter(|_| is_outbound),
            state: message.progress.state.as_str().to_owned(),
            status: message.progress.status.map(|status| status.as_str().to_owned()),
            error_code: message.progress.error_code,
            error_message: message.progress.error_message,
            sid: message.progress.sid,
            attempts: message.progress.attempts,
            segments: message.receipt.num_segments,
            price: message.receipt.price,
            price_unit: message.receipt.price_unit,
            created_at: message.created_at,
            updated_at: message.updated_at,
        }
    }
}

/// While it is queued, what an earlier attempt handed over says nothing of the next one.
fn sent_as(message: &Message) -> Option<GoesAs> {
    message.goes_as.filter(|_| message.progress.state != MessageState::Queued)
}

/// What a person got, as far as that is known, without what it says of something that was told in confidence.
fn shown(message: &Message) -> Content {
    let content = message.content.clone();
    let content = match sent_as(message) {
        Some(GoesAs::Text) => Content { template: None, ..content },
        // The words of a template are the provider's; what stands beside it went nowhere.
        Some(GoesAs::Template) => {
            let body = message.receipt.body.clone();
            Content { template: content.template, body, ..Content::default() }
        }
        None => content,
    };
    if !message.content.sensitive {
        return content;
    }
    let hidden = |template: ContentTemplate| {
        let variables = template.variables.into_iter().map(|(name, _)| (name, HIDDEN.to_owned()));
        ContentTemplate { variables: variables.collect(), ..template }
    };
    Content {
        body: content.body.map(|_| HIDDEN.to_owned()),
        template: content.template.map(hidden),
        ..Content::default()
    }
}
