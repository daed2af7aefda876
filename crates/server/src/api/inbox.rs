//! The inbox: people, and what was said with each of them.

use super::auth::MayRead;
use super::body::{Json, Path, Query};
use super::messages::{MessageView, contact};
use super::pages::{Cut, Page};
use super::problem::Problem;
use super::runs::PageQuery;
use crate::app::AppState;
use axum::extract::State;
use engine::message::{Direction, Message};
use serde::{Deserialize, Serialize};
use store::MessageFilter;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(show))
}

/// One person, with the latest text.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct InboxLine {
    /// The person's address.
    pub contact: String,
    pub latest: MessageView,
}

/// List people, whoever wrote or was written to last first
#[utoipa::path(get, path = "/inbox", tag = "inbox", params(PageQuery),
    responses((status = 200, body = Page<InboxLine>)))]
async fn list(
    State(app): State<AppState>,
    _: MayRead,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<InboxLine>>, Problem> {
    let cut = Cut::new(query.limit, query.cursor.as_deref())?;
    let found = app.store.inbox(cut.request()).await?;
    let line = |message: Message| {
        let contact = match message.direction {
            Direction::Inbound => message.from.clone().unwrap_or_default(),
            Direction::Outbound => message.to.clone(),
        };
        InboxLine { contact, latest: message.into() }
    };
    Ok(Json(cut.page(found, |message| message.id.as_str(), line)))
}

/// List the texts to and from one person, newest first
#[utoipa::path(get, path = "/inbox/{contact}", tag = "inbox",
    params(("contact" = String, Path, description = "The person's address"), PageQuery),
    responses((status = 200, body = Page<MessageView>)))]
async fn show(
    State(app): State<AppState>,
    _: MayRead,
    Path(person): Path<String>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<MessageView>>, Problem> {
    let cut = Cut::new(query.limit, query.cursor.as_deref())?;
    let filter = MessageFilter { contact: Some(contact(&person)), ..MessageFilter::default() };
    let found: Vec<Message> = app.store.list(filter, cut.request()).await?;
    Ok(Json(cut.page(found, |message| message.id.as_str(), MessageView::from)))
}
