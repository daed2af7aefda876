//! Tokens: made, listed, revoked. A token is shown once; only its hash is kept.

use super::auth::{MayAdminister, MayRead};
use super::body::{Json, Path};
use super::pages::Page;
use super::problem::{Problem, ProblemCode};
use crate::app::AppState;
use crate::tokens::{self, Scope};
use axum::extract::State;
use engine::id::TokenId;
use http::StatusCode;
use jiff::Timestamp;
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use store::record::Token;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(revoke))
}

/// A token, without what opens the door.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TokenView {
    pub id: String,
    pub name: String,
    /// `admin`, `read`, `run`.
    pub scopes: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub revoked_at: Option<Timestamp>,
}

/// A token to be made.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenBody {
    /// What it is for.
    pub name: String,
    /// At least one of `admin`, `read`, `run`.
    pub scopes: Vec<String>,
}

/// A token that was made.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct NewToken {
    pub id: String,
    pub name: String,
    pub scopes: Vec<String>,
    /// Shown this once.
    pub token: String,
}

/// List tokens, oldest first
#[utoipa::path(get, path = "/tokens", tag = "tokens", responses((status = 200, body = Page<TokenView>)))]
async fn list(State(app): State<AppState>, _: MayRead) -> Result<Json<Page<TokenView>>, Problem> {
    let view = |token: Token| TokenView {
        id: token.id.to_string(),
        name: token.name,
        scopes: token.scopes,
        created_at: token.created_at,
        revoked_at: token.revoked_at,
    };
    Ok(Json(Page::whole(app.store.tokens().await?.into_iter().map(view).collect())))
}

/// Make a token
#[utoipa::path(post, path = "/tokens", tag = "tokens", request_body = TokenBody,
    responses((status = 201, body = NewToken)))]
async fn create(
    State(app): State<AppState>,
    _: MayAdminister,
    Json(body): Json<TokenBody>,
) -> Result<(StatusCode, Json<NewToken>), Problem> {
    let name = body.name.trim();
    if name.is_empty() || name.chars().count() > 100 {
        return Err(Problem::new(ProblemCode::BadInput, "name: has 1 to 100 characters"));
    }
    let scopes: Option<Vec<Scope>> = body.scopes.iter().map(|scope| Scope::parse(scope)).collect();
    let Some(scopes) = scopes.filter(|scopes| !scopes.is_empty()) else {
        let detail = "scopes: is a list of admin, read and run, with at least one of them";
        return Err(Problem::new(ProblemCode::BadInput, detail));
    };
    let token = tokens::generate();
    let record = tokens::record(&token, name, &scopes, app.host.now());
    let made = NewToken {
        id: record.id.to_string(),
        name: record.name.clone(),
        scopes: record.scopes.clone(),
        token: token.expose_secret().to_owned(),
    };
    app.store.put_token(record).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// Revoke a token
#[utoipa::path(delete, path = "/tokens/{id}", tag = "tokens", params(("id" = String, Path)),
    responses((status = 204, description = "Nobody is let in with it any more")))]
async fn revoke(
    State(app): State<AppState>,
    _: MayAdminister,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let id = TokenId::parse(&id).ok_or_else(|| Problem::not_found("token"))?;
    let known = app.store.tokens().await?.into_iter().any(|token| token.id == id);
    if !known {
        return Err(Problem::not_found("token"));
    }
    // One that was revoked before stays so.
    app.store.revoke_token(&id, app.host.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
