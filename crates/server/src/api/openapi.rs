//! The OpenAPI document, made from the handlers themselves.

use super::problem::ProblemBody;
use super::{PREFIX, resources};
use crate::app::AppState;
use axum::Router;
use axum::response::IntoResponse;
use axum::routing::get;
use http::HeaderValue;
use http::header::CONTENT_TYPE;
use std::sync::LazyLock;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    ContentBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, PathItem, Ref, ResponseBuilder,
    SecurityRequirement,
};
use utoipa_axum::router::OpenApiRouter;

/// The document as text, with a line break at its end.
pub fn document() -> String {
    static TEXT: LazyLock<String> = LazyLock::new(|| {
        let json = described().to_pretty_json().expect("the document is plain data");
        json + "\n"
    });
    TEXT.clone()
}

pub(super) fn router() -> Router<AppState> {
    let answer = async || {
        let content_type = [(CONTENT_TYPE, HeaderValue::from_static("application/json"))];
        (content_type, document()).into_response()
    };
    Router::new().route(&format!("{PREFIX}/openapi.json"), get(answer))
}

fn described() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Switchboard")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Workflows over Twilio: publish them, start runs, follow texts. Lists come in pages, newest first. \
             Every refusal is a problem (RFC 9457). A POST, PUT or DELETE with an `Idempotency-Key` has one \
             effect and one answer for at least 24 hours.",
        ))
        .license(Some(LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build()))
        .build();
    let (_, mut api) = OpenApiRouter::new().nest(PREFIX, resources()).split_for_parts();
    let described = OpenApiBuilder::new().info(info).build();
    api.info = described.info;
    let components = api.components.get_or_insert_default();
    components.add_security_scheme(
        "token",
        SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build()),
    );
    components.schemas.insert("Problem".to_owned(), <ProblemBody as utoipa::PartialSchema>::schema());
    api.security = Some(vec![SecurityRequirement::new("token", Vec::<String>::new())]);
    for (path, item) in &mut api.paths.paths {
        for operation in operations(item) {
            name_by_resource(path, operation);
            may_be_refused(operation);
        }
    }
    api
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.put, &mut item.post, &mut item.delete].into_iter().flatten()
}

/// Handlers of several resources have the same name: `list` of `/runs` becomes `runsList`.
fn name_by_resource(path: &str, operation: &mut Operation) {
    let resource =
        path.trim_start_matches(PREFIX).trim_start_matches('/').split('/').next().unwrap_or_default();
    let handler = operation.operation_id.take().unwrap_or_default();
    let mut letters = handler.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    operation.operation_id = Some(resource.chars().chain(first).chain(letters).collect());
}

/// Every operation may be refused for reasons that have nothing to do with it.
fn may_be_refused(operation: &mut Operation) {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let refused = ResponseBuilder::new()
        .description("Refused: why, and what to do about it")
        .content("application/problem+json", content)
        .build();
    operation.responses.responses.insert("default".to_owned(), refused.into());
}
