//! Agents: publishing and reading.

use super::agent_trial;
use super::auth::{MayAdminister, MayRead};
use super::body::{Json, Path, Text};
use super::checks::DiagnosticView;
use super::pages::Page;
use super::problem::{Problem, ProblemCode};
use super::workflows::Published;
use crate::app::AppState;
use axum::extract::State;
use engine::agent::{Agent, QuestionAgent};
use engine::diagnostic::has_errors;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::record::StoredAgent;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(publish, show)).routes(routes!(version))
}

/// An agent as lists show it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AgentSummary {
    pub name: String,
    /// The latest.
    pub version: u32,
    #[schema(value_type = String, format = DateTime)]
    pub published_at: Timestamp,
}

/// One version of an agent.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AgentVersion {
    pub name: String,
    pub version: u32,
    #[schema(value_type = String, format = DateTime)]
    pub published_at: Timestamp,
    /// Tags of the languages that it speaks; the first is the usual one.
    pub languages: Vec<String>,
    /// Ids of its questions, in their order; none where a language model talks.
    pub questions: Vec<String>,
    /// As published, comments and all.
    pub source: String,
}

/// Publish an agent
///
/// The body is the file itself, YAML or JSON. The same source as the latest version publishes nothing new.
/// Conversations that are under way go on with the version that they began with. The models of an agent that talks by
/// one are asked for a word first: a wrong key, no credit and an unknown model are refused. Workflows that name the agent,
/// and do not have what it needs now, are warned of.
#[utoipa::path(put, path = "/agents/{name}", tag = "agents",
    params(("name" = String, Path, description = "The agent's name, as in its file where that names one")),
    request_body(content((String = "application/yaml"), (Object = "application/json"))),
    responses((status = 200, body = Published), (status = 422, description = "The file has errors",
        body = super::problem::ProblemBody, content_type = "application/problem+json")))]
async fn publish(
    State(app): State<AppState>,
    _: MayAdminister,
    Path(name): Path<String>,
    Text(source): Text,
) -> Result<Json<Published>, Problem> {
    let loaded = engine::agent::load(&source, Some(&name));
    let diagnostics = engine::agent::check(&loaded);
    let Some(agent) = loaded.agent.filter(|_| !has_errors(&diagnostics)) else {
        return Err(Problem::invalid_file(&diagnostics, &name));
    };
    if agent.name() != name {
        let detail = format!("the path says {name:?} and the file says {:?}", agent.name());
        return Err(Problem::new(ProblemCode::NameMismatch, detail));
    }
    if name.starts_with(host::INLINE) {
        let detail =
            format!("names that begin with {:?} belong to agents that stand in blocks", host::INLINE);
        return Err(Problem::new(ProblemCode::BadInput, detail));
    }
    let untried = agent_trial::tried(&app, &agent).await?;
    let version = app.store.publish_agent(&name, &source, app.host.now()).await?;
    app.host.refreshed().await;
    let diagnostics = diagnostics.iter().map(|d| DiagnosticView::new(d, &name));
    let untried = untried.into_iter().map(|message| DiagnosticView::untried(message, &name));
    let lacking = super::checks::lacking(&app, &name).await;
    Ok(Json(Published { version, diagnostics: diagnostics.chain(untried).chain(lacking).collect(), name }))
}

/// List agents
#[utoipa::path(get, path = "/agents", tag = "agents", responses((status = 200, body = Page<AgentSummary>)))]
async fn list(State(app): State<AppState>, _: MayRead) -> Result<Json<Page<AgentSummary>>, Problem> {
    let summary = |stored: StoredAgent| AgentSummary {
        name: stored.name,
        version: stored.version,
        published_at: stored.published_at,
    };
    let all = app.store.agents().await?.into_iter();
    let published = all.filter(|stored| !stored.name.starts_with(host::INLINE));
    Ok(Json(Page::whole(published.map(summary).collect())))
}

/// Show an agent's latest version
#[utoipa::path(get, path = "/agents/{name}", tag = "agents",
    params(("name" = String, Path)), responses((status = 200, body = AgentVersion)))]
async fn show(
    State(app): State<AppState>,
    _: MayRead,
    Path(name): Path<String>,
) -> Result<Json<AgentVersion>, Problem> {
    stored(&app, &name, None).await.map(Json)
}

/// Show one version of an agent
#[utoipa::path(get, path = "/agents/{name}/versions/{version}", tag = "agents",
    params(("name" = String, Path), ("version" = u32, Path)),
    responses((status = 200, body = AgentVersion)))]
async fn version(
    State(app): State<AppState>,
    _: MayRead,
    Path((name, version)): Path<(String, u32)>,
) -> Result<Json<AgentVersion>, Problem> {
    stored(&app, &name, Some(version)).await.map(Json)
}

async fn stored(app: &AppState, name: &str, version: Option<u32>) -> Result<AgentVersion, Problem> {
    let stored = app.store.agent(name, version).await?;
    let stored = stored.ok_or_else(|| Problem::not_found("agent version"))?;
    let agent = engine::agent::load(&stored.source, Some(name)).agent;
    let languages = agent.as_ref().map(|agent| agent.languages().to_vec()).unwrap_or_default();
    let interview = agent.as_ref().and_then(Agent::questions);
    let ids = |agent: &QuestionAgent| agent.questions.iter().map(|question| question.id.clone()).collect();
    let questions = interview.map(ids).unwrap_or_default();
    Ok(AgentVersion {
        name: stored.name,
        version: stored.version,
        published_at: stored.published_at,
        languages,
        questions,
        source: stored.source,
    })
}
