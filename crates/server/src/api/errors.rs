//! `/docs/errors/{code}`: what a code means and what to do, for whoever follows a problem's `type`.
//!
//! Each code has a page under `docs/errors`, which is built into the binary; a code without one, such as one of a run
//! that only stands in a table, is answered with its title and remedy.

use super::problem::{PROBLEMS, Problem};
use crate::app::AppState;
use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use engine::diagnostic::CODES;
use rust_embed::Embed;

#[derive(Embed)]
#[folder = "../../docs/errors"]
struct Pages;

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/docs/errors/{code}", get(explain))
}

async fn explain(Path(code): Path<String>) -> Result<String, Problem> {
    // Pages link to each other by their files' names.
    let code = code.strip_suffix(".md").unwrap_or(&code);
    if let Some(page) = Pages::get(&format!("{code}.md")) {
        return Ok(String::from_utf8_lossy(&page.data).into_owned());
    }
    let of_request = PROBLEMS.iter().find(|info| info.name == code).map(|info| (info.title, info.hint));
    let of_file = || CODES.iter().find(|info| info.name == code).map(|info| (info.title, info.remedy));
    let (title, remedy) = of_request.or_else(of_file).ok_or_else(|| Problem::not_found("code"))?;
    Ok(format!("{code}: {title}\n\n{remedy}\n"))
}
