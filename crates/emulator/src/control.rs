//! The control API: what people, tests and the page do to the world from outside it.

mod accounts;
mod call_scripts;
mod calls;
mod clock;
mod contents;
mod faults;
mod log;
mod messages;
mod models;
mod page;
mod phones;
mod problem;
mod state;

pub(crate) use problem::{Input, Problem};

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::emulation::Emulation;

/// The largest body of a request: a message's media in base64, and some.
const BODY_BYTES_MAX: usize = 8_000_000;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Switchboard emulator, control API",
        description = "Phones, faults, clock, account states and the log of the Twilio emulator. It needs no \
                       authentication: whoever reaches the emulator controls it.",
        version = "1"
    ),
    tags(
        (name = "world", description = "All of it"),
        (name = "phones", description = "Every number that no account owns"),
        (name = "calls", description = "Calls, and the people in them"),
        (name = "faults", description = "What goes wrong"),
        (name = "accounts", description = "States that Twilio or a carrier decides on"),
        (name = "models", description = "Scripted models of the OpenAI endpoint"),
        (name = "clock", description = "Domain time"),
        (name = "assertions", description = "What happened"),
    )
)]
struct Description;

/// The control API, its description and the page.
pub(crate) fn router(emulation: Arc<Emulation>) -> Router<Arc<Emulation>> {
    let (router, description) = described().split_for_parts();
    let json = description.to_json().expect("the description has text keys and no failing serializers");
    let openapi = get(move || async move { ([(http::header::CONTENT_TYPE, "application/json")], json) });
    Router::new()
        .merge(router)
        .route("/emulator/v1/openapi.json", openapi)
        .route("/emulator", get(page::show))
        .route("/emulator/", get(page::show))
        .route("/emulator/page/{file}", get(page::file))
        .route("/emulator/v1/{*rest}", axum::routing::any(problem::not_found))
        .method_not_allowed_fallback(problem::method_not_allowed)
        .layer(axum::middleware::from_fn(problem::refuse_other_sites))
        .layer(axum::extract::DefaultBodyLimit::max(BODY_BYTES_MAX))
        .with_state(emulation)
}

/// The control API's description, OpenAPI 3.1.
pub fn openapi() -> utoipa::openapi::OpenApi {
    described().into_openapi()
}

fn described() -> OpenApiRouter<Arc<Emulation>> {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(state::show))
        .routes(routes!(state::reset))
        .routes(routes!(state::quiet))
        .routes(routes!(phones::list, phones::add))
        .routes(routes!(phones::show, phones::change, phones::remove))
        .routes(routes!(phones::inbox))
        .routes(routes!(phones::outbox))
        .routes(routes!(phones::send))
        .routes(routes!(phones::scripts, phones::add_script))
        .routes(routes!(phones::remove_script))
        .routes(routes!(call_scripts::list, call_scripts::add))
        .routes(routes!(call_scripts::remove))
        .routes(routes!(calls::call))
        .routes(routes!(calls::list))
        .routes(routes!(calls::show))
        .routes(routes!(calls::answer))
        .routes(routes!(calls::decline))
        .routes(routes!(calls::act))
        .routes(routes!(calls::hang_up))
        .routes(routes!(faults::show, faults::replace, faults::clear))
        .routes(routes!(faults::set_chances))
        .routes(routes!(faults::add_rule))
        .routes(routes!(faults::remove_rule))
        .routes(routes!(faults::set_outage))
        .routes(routes!(faults::holds))
        .routes(routes!(faults::release))
        .routes(routes!(accounts::change))
        .routes(routes!(accounts::change_number, accounts::release_number))
        .routes(routes!(accounts::opt_outs))
        .routes(routes!(models::list))
        .routes(routes!(models::show, models::put, models::remove))
        .routes(routes!(models::add_fault, models::clear_faults))
        .routes(routes!(models::requests))
        .routes(routes!(contents::decide))
        .routes(routes!(clock::show))
        .routes(routes!(clock::advance))
        .routes(routes!(log::list))
        .routes(routes!(messages::list))
        .routes(routes!(messages::counts))
}
