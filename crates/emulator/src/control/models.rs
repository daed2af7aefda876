//! Scripted models: which there are, what they answer, what goes wrong with them, and what they were asked.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Input, Problem};
use crate::emulation::Emulation;
use crate::journal::Event;
use crate::openai::{Asked, EndpointError, Model, ModelFault, ModelScript};

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ModelView {
    script: ModelScript,
    /// How many completions it was asked for.
    asked: u64,
}

#[derive(Deserialize, IntoParams)]
pub(crate) struct RequestWish {
    /// Only requests after this number.
    after: Option<u64>,
}

/// All models.
#[utoipa::path(
    get,
    path = "/emulator/v1/models",
    tag = "models",
    responses((status = OK, body = Vec<ModelView>))
)]
pub(crate) async fn list(State(emulation): State<Arc<Emulation>>) -> Json<Vec<ModelView>> {
    Json(emulation.world().openai.models().map(view).collect())
}

/// One model.
#[utoipa::path(
    get,
    path = "/emulator/v1/models/{id}",
    tag = "models",
    responses((status = OK, body = ModelView), (status = NOT_FOUND, body = Problem))
)]
pub(crate) async fn show(
    State(emulation): State<Arc<Emulation>>,
    Path(id): Path<String>,
) -> Result<Json<ModelView>, Problem> {
    emulation.world().openai.model(&id).map(view).map(Json).ok_or_else(|| no_model(&id))
}

/// Adds a model, or replaces the one of that id; its faults strike from the beginning again.
#[utoipa::path(
    put,
    path = "/emulator/v1/models/{id}",
    tag = "models",
    request_body = ModelScript,
    responses(
        (status = OK, body = ModelView), (status = CREATED, body = ModelView),
        (status = UNPROCESSABLE_ENTITY, body = Problem),
    )
)]
pub(crate) async fn put(
    State(emulation): State<Arc<Emulation>>,
    Path(id): Path<String>,
    Input(script): Input<ModelScript>,
) -> Result<(StatusCode, Json<ModelView>), Problem> {
    if script.id != id {
        return Err(Problem::invalid(format!("the path names {id}, and the body {}", script.id)));
    }
    let mut world = emulation.world();
    let is_new = world.openai.put(script).map_err(refused)?;
    world.write(Event::Control { what: format!("model {id} set") });
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    let model = world.openai.model(&id).ok_or_else(|| no_model(&id))?;
    Ok((status, Json(view(model))))
}

/// Takes a model away.
#[utoipa::path(
    delete,
    path = "/emulator/v1/models/{id}",
    tag = "models",
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = Problem))
)]
pub(crate) async fn remove(
    State(emulation): State<Arc<Emulation>>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let mut world = emulation.world();
    if !world.openai.remove(&id) {
        return Err(no_model(&id));
    }
    world.write(Event::Control { what: format!("model {id} removed") });
    Ok(StatusCode::NO_CONTENT)
}

/// Adds a fault to a model, behind those that it has.
#[utoipa::path(
    post,
    path = "/emulator/v1/models/{id}/faults",
    tag = "models",
    request_body = ModelFault,
    responses(
        (status = NO_CONTENT), (status = NOT_FOUND, body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Problem),
    )
)]
pub(crate) async fn add_fault(
    State(emulation): State<Arc<Emulation>>,
    Path(id): Path<String>,
    Input(fault): Input<ModelFault>,
) -> Result<StatusCode, Problem> {
    let mut world = emulation.world();
    world.openai.add_fault(&id, fault).ok_or_else(|| no_model(&id))?.map_err(refused)?;
    world.write(Event::Control { what: format!("fault added to model {id}") });
    Ok(StatusCode::NO_CONTENT)
}

/// Takes all faults of a model away.
#[utoipa::path(
    delete,
    path = "/emulator/v1/models/{id}/faults",
    tag = "models",
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = Problem))
)]
pub(crate) async fn clear_faults(
    State(emulation): State<Arc<Emulation>>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let mut world = emulation.world();
    if !world.openai.clear_faults(&id) {
        return Err(no_model(&id));
    }
    world.write(Event::Control { what: format!("faults of model {id} cleared") });
    Ok(StatusCode::NO_CONTENT)
}

/// The latest requests for completions as they came, oldest first; up to 1,000 are kept.
#[utoipa::path(
    get,
    path = "/emulator/v1/model-requests",
    tag = "models",
    params(RequestWish),
    responses((status = OK, body = Vec<Asked>))
)]
pub(crate) async fn requests(
    State(emulation): State<Arc<Emulation>>,
    Query(wish): Query<RequestWish>,
) -> Json<Vec<Asked>> {
    Json(emulation.world().openai.requests.after(wish.after.unwrap_or(0)).cloned().collect())
}

fn view(model: &Model) -> ModelView {
    ModelView { script: model.script.clone(), asked: model.asked }
}

fn no_model(id: &str) -> Problem {
    Problem::not_found(format!("there is no model {id}"))
}

fn refused(error: EndpointError) -> Problem {
    Problem::invalid(error.to_string())
}
