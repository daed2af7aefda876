//! Domain time.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Input, Problem};
use crate::emulation::Emulation;
use crate::journal::Event;

/// The furthest that one request winds: 400 days.
const ADVANCE_MS_MAX: u64 = 400 * 24 * 3_600 * 1_000;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ClockView {
    #[schema(value_type = String, format = DateTime)]
    now: Timestamp,
    can_wind: bool,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Advance {
    /// At most 400 days.
    ms: u64,
}

/// What time it is.
#[utoipa::path(get, path = "/emulator/v1/clock", tag = "clock", responses((status = OK, body = ClockView)))]
pub(crate) async fn show(State(emulation): State<Arc<Emulation>>) -> Json<ClockView> {
    Json(ClockView { now: emulation.clock.now(), can_wind: emulation.clock.winding().is_some() })
}

/// Winds the clock forward through everything that is due on the way, and answers when it is done.
#[utoipa::path(
    post,
    path = "/emulator/v1/clock/advance",
    tag = "clock",
    request_body = Advance,
    responses(
        (status = OK, body = ClockView),
        (status = CONFLICT, body = Problem, description = "This clock cannot be wound"),
        (status = UNPROCESSABLE_ENTITY, body = Problem),
    )
)]
pub(crate) async fn advance(
    State(emulation): State<Arc<Emulation>>,
    Input(advance): Input<Advance>,
) -> Result<Json<ClockView>, Problem> {
    let Some(winding) = emulation.clock.winding() else {
        return Err(Problem::new(StatusCode::CONFLICT, "this emulator runs on a clock that cannot be wound"));
    };
    if advance.ms > ADVANCE_MS_MAX {
        return Err(Problem::invalid("the clock is wound by 400 days at most"));
    }
    emulation.world().write(Event::Control { what: format!("clock wound by {} ms", advance.ms) });
    let by = SignedDuration::from_millis(i64::try_from(advance.ms).unwrap_or(i64::MAX));
    let now = winding.advance(by).await;
    Ok(Json(ClockView { now, can_wind: true }))
}
