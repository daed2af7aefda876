//! What WhatsApp thinks of a template, which no request of an account decides.

use std::sync::Arc;

use axum::extract::{Path, State};
use http::StatusCode;
use serde::Deserialize;
use twilio::sid::Sid;
use utoipa::ToSchema;

use super::{Input, Problem};
use crate::emulation::Emulation;
use crate::fixture::Approval;
use crate::journal::Event;

/// A decision about a template.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Decision {
    approval: Approval,
    #[serde(default)]
    rejection_reason: String,
}

/// Decides about a template in WhatsApp's place.
#[utoipa::path(
    patch,
    path = "/emulator/v1/contents/{sid}",
    tag = "accounts",
    params(("sid" = String, Path)),
    request_body = Decision,
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = Problem))
)]
pub(crate) async fn decide(
    State(emulation): State<Arc<Emulation>>,
    Path(sid): Path<String>,
    Input(decision): Input<Decision>,
) -> Result<StatusCode, Problem> {
    let unknown = || Problem::not_found("no such template");
    let sid = Sid::parse(&sid).map_err(|_| unknown())?;
    let mut world = emulation.world();
    let now = world.now;
    let content = world.contents.get_mut(&sid).ok_or_else(unknown)?;
    content.approval.verdict = decision.approval;
    content.approval.rejection_reason = decision.rejection_reason;
    content.updated = now;
    world.write(Event::Control { what: format!("template {} decided", sid.as_str()) });
    Ok(StatusCode::NO_CONTENT)
}
