//! What goes wrong: chances, rules, a carrier outage, held answers.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, Query, State};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::phones::Created;
use super::{Input, Problem};
use crate::emulation::Emulation;
use crate::faults::{Chances, FaultError, FaultSettings, Rule};
use crate::holds::Held;
use crate::journal::Event;
use crate::world::World;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FaultsView {
    chances: Chances,
    /// Rules that are spent are gone.
    rules: Vec<RuleView>,
    carrier_outage: bool,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RuleView {
    id: u64,
    rule: Rule,
    /// How often it has struck.
    strikes: u64,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Outage {
    lasts: bool,
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HoldWait {
    /// How long to wait for the first held answer, in real time; 60 seconds at most, 0 unless it says
    /// otherwise.
    wait_ms: Option<u64>,
}

/// What goes wrong now.
#[utoipa::path(get, path = "/emulator/v1/faults", tag = "faults", responses((status = OK, body = FaultsView)))]
pub(crate) async fn show(State(emulation): State<Arc<Emulation>>) -> Json<FaultsView> {
    Json(view(&emulation.world()))
}

/// Replaces all faults.
#[utoipa::path(
    put,
    path = "/emulator/v1/faults",
    tag = "faults",
    request_body = FaultSettings,
    responses((status = OK, body = FaultsView), (status = UNPROCESSABLE_ENTITY, body = Problem))
)]
pub(crate) async fn replace(
    State(emulation): State<Arc<Emulation>>,
    Input(settings): Input<FaultSettings>,
) -> Result<Json<FaultsView>, Problem> {
    let mut world = emulation.world();
    let outage = settings.carrier_outage;
    world.faults.set(settings).map_err(refuse)?;
    world.set_carrier_outage(outage);
    world.write(Event::Control { what: "faults replaced".to_owned() });
    Ok(Json(view(&world)))
}

/// Ends all faults and releases what is held.
#[utoipa::path(delete, path = "/emulator/v1/faults", tag = "faults", responses((status = NO_CONTENT)))]
pub(crate) async fn clear(State(emulation): State<Arc<Emulation>>) -> Result<StatusCode, Problem> {
    {
        let mut world = emulation.world();
        world.faults.set(FaultSettings::default()).map_err(refuse)?;
        world.set_carrier_outage(false);
        world.write(Event::Control { what: "faults cleared".to_owned() });
    }
    emulation.holds.release_all();
    Ok(StatusCode::NO_CONTENT)
}

/// Sets the probabilities; those left out become 0.
#[utoipa::path(
    put,
    path = "/emulator/v1/faults/chances",
    tag = "faults",
    request_body = Chances,
    responses((status = OK, body = FaultsView), (status = UNPROCESSABLE_ENTITY, body = Problem))
)]
pub(crate) async fn set_chances(
    State(emulation): State<Arc<Emulation>>,
    Input(chances): Input<Chances>,
) -> Result<Json<FaultsView>, Problem> {
    let mut world = emulation.world();
    world.faults.set_chances(chances).map_err(refuse)?;
    world.write(Event::Control { what: "fault chances set".to_owned() });
    Ok(Json(view(&world)))
}

/// Adds a rule after the others.
#[utoipa::path(
    post,
    path = "/emulator/v1/faults/rules",
    tag = "faults",
    request_body = Rule,
    responses((status = CREATED, body = Created), (status = UNPROCESSABLE_ENTITY, body = Problem))
)]
pub(crate) async fn add_rule(
    State(emulation): State<Arc<Emulation>>,
    Input(rule): Input<Rule>,
) -> Result<(StatusCode, Json<Created>), Problem> {
    let mut world = emulation.world();
    let id = world.faults.add(rule).map_err(refuse)?;
    world.write(Event::Control { what: format!("fault rule {id} added") });
    Ok((StatusCode::CREATED, Json(Created { id })))
}

/// Takes a rule away. What it holds stays held.
#[utoipa::path(
    delete,
    path = "/emulator/v1/faults/rules/{id}",
    tag = "faults",
    params(("id" = u64, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = Problem))
)]
pub(crate) async fn remove_rule(
    State(emulation): State<Arc<Emulation>>,
    Path(id): Path<u64>,
) -> Result<StatusCode, Problem> {
    match emulation.world().faults.remove(id) {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Problem::not_found("no such rule stands; a rule that is spent is gone")),
    }
}

/// Begins or ends a carrier outage. When it ends, the texts that waited go on in their order.
#[utoipa::path(
    put,
    path = "/emulator/v1/faults/carrier-outage",
    tag = "faults",
    request_body = Outage,
    responses((status = OK, body = FaultsView))
)]
pub(crate) async fn set_outage(
    State(emulation): State<Arc<Emulation>>,
    Input(outage): Input<Outage>,
) -> Json<FaultsView> {
    let mut world = emulation.world();
    world.set_carrier_outage(outage.lasts);
    let what = if outage.lasts { "carrier outage began" } else { "carrier outage ended" };
    world.write(Event::Control { what: what.to_owned() });
    Json(view(&world))
}

/// Answers that are held now.
#[utoipa::path(
    get,
    path = "/emulator/v1/faults/holds",
    tag = "faults",
    params(HoldWait),
    responses((status = OK, body = Vec<Held>))
)]
pub(crate) async fn holds(
    State(emulation): State<Arc<Emulation>>,
    Query(wish): Query<HoldWait>,
) -> Json<Vec<Held>> {
    let limit = Duration::from_millis(wish.wait_ms.unwrap_or(0).min(60_000));
    let held = tokio::time::timeout(limit, emulation.holds.wait()).await;
    Json(held.unwrap_or_else(|_| emulation.holds.list()))
}

/// Lets a held answer go.
#[utoipa::path(
    post,
    path = "/emulator/v1/faults/holds/{id}/release",
    tag = "faults",
    params(("id" = u64, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = Problem))
)]
pub(crate) async fn release(
    State(emulation): State<Arc<Emulation>>,
    Path(id): Path<u64>,
) -> Result<StatusCode, Problem> {
    match emulation.holds.release(id) {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Problem::not_found("no such answer is held")),
    }
}

fn refuse(error: FaultError) -> Problem {
    Problem::invalid(error.to_string())
}

fn view(world: &World) -> FaultsView {
    let rules = world.faults.rules().map(|(id, rule, strikes)| RuleView { id, rule: rule.clone(), strikes });
    FaultsView {
        chances: world.faults.chances().clone(),
        rules: rules.collect(),
        carrier_outage: world.faults.carrier_outage(),
    }
}
