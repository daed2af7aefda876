//! Webhooks as they came: what a provider asked of us, whether its signature fits, and what we made of it.

use super::auth::MayRead;
use super::body::{Json, Query};
use super::pages::{LIMIT_DEFAULT, LIMIT_MAX, Page};
use super::parameter::{id_of, unusable};
use super::problem::Problem;
use crate::app::AppState;
use axum::extract::State;
use engine::id::WebhookId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::record::{SignatureResult, WebhookRecord};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list))
}

/// A request that a provider made to us.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WebhookView {
    pub id: String,
    #[schema(value_type = String, format = DateTime)]
    pub received_at: Timestamp,
    pub credential: String,
    /// `message`, `status`, …
    pub kind: String,
    /// As we reconstructed it for the signature.
    pub url: String,
    /// In the order in which they came.
    pub params: Vec<ParamView>,
    /// `valid`, `missing` or `wrong`.
    pub signature: String,
    /// What happened because of it.
    pub event: String,
    pub answer_status: u16,
    pub answer_body: String,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ParamView {
    pub name: String,
    pub value: String,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct WebhookQuery {
    /// Those that came after this id, oldest first, for following. Ids are given when a request comes and stored
    /// when it was worked on, so a follower asks once more for the last seconds.
    after: Option<String>,
    /// At most so many, 1 to 500; 50 where nothing is said.
    limit: Option<u32>,
}

/// List webhooks, newest first, or follow them
#[utoipa::path(get, path = "/webhooks", tag = "webhooks", params(WebhookQuery),
    responses((status = 200, body = Page<WebhookView>)))]
async fn list(
    State(app): State<AppState>,
    _: MayRead,
    Query(query): Query<WebhookQuery>,
) -> Result<Json<Page<WebhookView>>, Problem> {
    let limit = query.limit.unwrap_or(LIMIT_DEFAULT);
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(unusable("limit", &format!("1 to {LIMIT_MAX}")));
    }
    let after =
        query.after.as_deref().map(|after| id_of(after, "after", WebhookId::PREFIX, WebhookId::parse));
    let after = after.transpose()?;
    let found = app.store.webhooks(after.as_ref().map(WebhookId::as_str), limit).await?;
    Ok(Json(Page::whole(found.into_iter().map(WebhookView::from).collect())))
}

impl From<WebhookRecord> for WebhookView {
    fn from(record: WebhookRecord) -> WebhookView {
        let signature = match record.signature {
            SignatureResult::Valid => "valid",
            SignatureResult::Missing => "missing",
            SignatureResult::Wrong => "wrong",
        };
        WebhookView {
            id: record.id.to_string(),
            received_at: record.received_at,
            credential: record.credential,
            kind: record.kind,
            url: record.url,
            params: record.params.into_iter().map(|(name, value)| ParamView { name, value }).collect(),
            signature: signature.to_owned(),
            event: record.event,
            answer_status: record.answer_status,
            answer_body: record.answer_body,
        }
    }
}
