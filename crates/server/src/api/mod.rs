//! The REST API under `/api/v1`: one file a resource, and what holds for all of them.
//!
//! A request passes, from the outside in: its id, its metrics and the net for panics ([`around`]), its token
//! and the caller's limits ([`auth`]), and its `Idempotency-Key` ([`idempotency`]). What is refused on the way
//! is a [`Problem`], as is every path and method that does not exist.

mod agent_trial;
pub mod agents;
pub(crate) mod around;
pub mod audio;
mod auth;
mod body;
pub mod calls;
pub mod checks;
pub mod conversations;
pub mod credentials;
mod errors;
pub mod events;
mod history;
mod idempotency;
pub mod inbox;
mod limits;
pub mod messages;
pub mod openapi;
pub mod pages;
mod parameter;
pub mod problem;
pub mod recordings;
pub mod runs;
pub mod senders;
pub mod suppressions;
pub mod tokens;
pub mod waiting;
pub mod webhooks;
pub mod workflows;

pub use problem::{PROBLEMS, Problem, ProblemCode};

use crate::app::AppState;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use limits::Limits;
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;

/// Where the API begins.
pub const PREFIX: &str = "/api/v1";

/// What the layers around the handlers share.
#[derive(Clone)]
struct Asking {
    app: AppState,
    limits: Arc<Limits>,
}

/// All routes of the API, the pages that explain its codes, and the answer to every path that nobody has.
pub fn router(app: &AppState) -> Router<AppState> {
    let asking = Asking { app: app.clone(), limits: Arc::new(Limits::new(&app.config.rate_limits)) };
    let resources = resources()
        .layer(middleware::from_fn_with_state(asking.clone(), idempotency::keep_answers))
        .layer(middleware::from_fn_with_state(asking, auth::authenticate))
        .layer(DefaultBodyLimit::max(app.config.limits.api_body_bytes));
    let (router, _) = OpenApiRouter::new().nest(PREFIX, resources).split_for_parts();
    router
        .merge(openapi::router())
        .merge(errors::router())
        .merge(audio::serving())
        .fallback(around::unknown_route)
        .method_not_allowed_fallback(around::method_not_allowed)
        .layer(middleware::from_fn(around::observe))
}

/// The resources, with what the OpenAPI document says of them.
fn resources() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(workflows::router())
        .merge(runs::router())
        .merge(agents::router())
        .merge(messages::router())
        .merge(calls::router())
        .merge(conversations::router())
        .merge(recordings::router())
        .merge(audio::router())
        .merge(inbox::router())
        .merge(senders::router())
        .merge(credentials::router())
        .merge(suppressions::router())
        .merge(webhooks::router())
        .merge(events::router())
        .merge(checks::router())
        .merge(tokens::router())
}
