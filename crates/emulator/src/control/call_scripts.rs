//! How phones behave in calls.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::phones::{Created, expect_phone};
use super::{Input, Problem};
use crate::call_scripts::CallScript;
use crate::emulation::Emulation;

/// A script of a phone.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CallScriptView {
    id: u64,
    script: CallScript,
    /// For how many calls it was used.
    used: u64,
}

/// A phone of a path: a number, or a client as `client:NAME`.
pub(super) fn phone(text: &str) -> Result<String, Problem> {
    match crate::address::is_client(text) || text.starts_with("sip:") {
        true => Ok(text.to_owned()),
        false => super::state::phone_number(text),
    }
}

/// How a phone behaves in calls.
#[utoipa::path(
    get,
    path = "/emulator/v1/phones/{number}/callScripts",
    tag = "calls",
    params(("number" = String, Path, description = "E.164, or a client as client:NAME")),
    responses((status = OK, body = Vec<CallScriptView>))
)]
pub(crate) async fn list(
    State(emulation): State<Arc<Emulation>>,
    Path(number): Path<String>,
) -> Result<Json<Vec<CallScriptView>>, Problem> {
    let number = phone(&number)?;
    let world = emulation.world();
    let scripts = world.phones.get(&number).map(|phone| phone.call_scripts.as_slice()).unwrap_or_default();
    let views = scripts.iter().map(|kept| CallScriptView {
        id: kept.id,
        script: CallScript::clone(&kept.script),
        used: kept.used,
    });
    Ok(Json(views.collect()))
}

/// Gives a phone a script. Of several, the first that fits a call is used.
#[utoipa::path(
    post,
    path = "/emulator/v1/phones/{number}/callScripts",
    tag = "calls",
    params(("number" = String, Path, description = "E.164, or a client as client:NAME")),
    request_body = CallScript,
    responses(
        (status = CREATED, body = Created),
        (status = CONFLICT, body = Problem, description = "An account owns the number"),
        (status = UNPROCESSABLE_ENTITY, body = Problem),
    )
)]
pub(crate) async fn add(
    State(emulation): State<Arc<Emulation>>,
    Path(number): Path<String>,
    Input(script): Input<CallScript>,
) -> Result<(StatusCode, Json<Created>), Problem> {
    let number = phone(&number)?;
    script.check().map_err(|error| Problem::invalid(error.to_string()))?;
    let mut world = emulation.world();
    expect_phone(&world, &number)?;
    let id = world.phones.add_call_script(&number, script);
    Ok((StatusCode::CREATED, Json(Created { id })))
}

/// Takes a script away. Calls that play it go on with it.
#[utoipa::path(
    delete,
    path = "/emulator/v1/phones/{number}/callScripts/{id}",
    tag = "calls",
    params(("number" = String, Path, description = "E.164, or a client as client:NAME"), ("id" = u64, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = Problem))
)]
pub(crate) async fn remove(
    State(emulation): State<Arc<Emulation>>,
    Path((number, id)): Path<(String, u64)>,
) -> Result<StatusCode, Problem> {
    let number = phone(&number)?;
    let mut world = emulation.world();
    let phone = world.phones.get_mut(&number).ok_or_else(|| Problem::not_found("no such phone is known"))?;
    let before = phone.call_scripts.len();
    phone.call_scripts.retain(|kept| kept.id != id);
    match phone.call_scripts.len() < before {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Problem::not_found("the phone has no such script")),
    }
}
