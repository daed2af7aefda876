//! Who said no.

use super::auth::MayRead;
use super::body::{Json, Path};
use super::messages::contact;
use super::problem::{Problem, ProblemCode};
use crate::app::AppState;
use axum::extract::State;
use engine::message::Channel;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::record::SuppressionReason;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(show))
}

/// Whether an address may be written to on a channel.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct SuppressionView {
    pub channel: String,
    pub address: String,
    pub suppressed: bool,
    /// `stop`: the person wrote a stop word. `provider`: the provider told us.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub since: Option<Timestamp>,
}

/// Show whether somebody said no
#[utoipa::path(get, path = "/suppressions/{channel}/{address}", tag = "inbox",
    params(("channel" = String, Path, description = "`sms`, `whatsapp` or `voice`"),
        ("address" = String, Path, description = "The person's address")),
    responses((status = 200, body = SuppressionView)))]
async fn show(
    State(app): State<AppState>,
    _: MayRead,
    Path((channel, address)): Path<(String, String)>,
) -> Result<Json<SuppressionView>, Problem> {
    let channel = match channel.as_str() {
        "sms" => Channel::Sms,
        "whatsapp" => Channel::WhatsApp,
        "voice" => Channel::Voice,
        _ => return Err(Problem::new(ProblemCode::BadParameter, "the channel is sms, whatsapp or voice")),
    };
    let address = contact(&address);
    let suppression = app.store.suppression(channel, &address).await?;
    let reason = suppression.as_ref().map(|suppression| match suppression.reason {
        SuppressionReason::Stop => "stop".to_owned(),
        SuppressionReason::Provider => "provider".to_owned(),
    });
    Ok(Json(SuppressionView {
        channel: channel.as_str().to_owned(),
        address,
        suppressed: suppression.is_some(),
        reason,
        since: suppression.map(|suppression| suppression.since),
    }))
}
