//! `/docs/errors/{code}`: what a code means and what to do, for whoever follows a problem's `type`.

use super::problem::{PROBLEMS, Problem};
use crate::app::AppState;
use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use engine::diagnostic::CODES;

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/docs/errors/{code}", get(explain))
}

async fn explain(Path(code): Path<String>) -> Result<String, Problem> {
    let of_request = PROBLEMS.iter().find(|info| info.name == code).map(|info| (info.title, info.hint));
    let of_file = || CODES.iter().find(|info| info.name == code).map(|info| (info.title, info.remedy));
    let (title, remedy) = of_request.or_else(of_file).ok_or_else(|| Problem::not_found("code"))?;
    Ok(format!("{code}: {title}\n\n{remedy}\n"))
}
