//! Checking files, against what this server knows of senders and credentials.

use super::auth::MayRead;
use super::body::{Json, Query, Text};
use super::problem::Problem;
use crate::app::AppState;
use axum::extract::State;
use engine::agent::Agent;
use engine::call::AgentRef;
use engine::check::{KnownSender, Surroundings, Voices};
use engine::diagnostic::{Diagnostic, has_errors};
use engine::workflow::{Block, Workflow};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(check))
}

/// One thing that is wrong, odd or worth a thought.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct DiagnosticView {
    pub code: String,
    /// `error`, `warning` or `hint`.
    pub severity: String,
    pub message: String,
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// In characters; 0 where something is lacking.
    pub length: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The block that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block: Option<String>,
    /// A way through the workflow that shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counter_example: Option<String>,
}

/// What a check found.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Checked {
    /// Whether the file could be published.
    pub ok: bool,
    pub diagnostics: Vec<DiagnosticView>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CheckQuery {
    /// The file's name: its ending tells YAML from JSON, and it names a workflow that has no name of its own.
    #[serde(default)]
    name: Option<String>,
}

/// Check a file
///
/// The body is the file itself. Names of credentials and senders are those of this server.
#[utoipa::path(post, path = "/check", tag = "workflows", params(CheckQuery),
    request_body(content = String, content_type = "application/yaml"),
    responses((status = 200, body = Checked)))]
async fn check(
    State(app): State<AppState>,
    _: MayRead,
    Query(query): Query<CheckQuery>,
    Text(source): Text,
) -> Result<Json<Checked>, Problem> {
    let name = query.name.as_deref().unwrap_or("workflow.yaml");
    let (_, diagnostics) = check_workflow(&app, &source, name).await?;
    let views = diagnostics.iter().map(|diagnostic| DiagnosticView::new(diagnostic, name)).collect();
    Ok(Json(Checked { ok: !has_errors(&diagnostics), diagnostics: views }))
}

/// A workflow's file, read and checked; the workflow is nothing where there are errors.
pub(super) async fn check_workflow(
    app: &AppState,
    source: &str,
    name: &str,
) -> Result<(Option<Workflow>, Vec<Diagnostic>), Problem> {
    let agents = app.store.agents().await?;
    let agents = agents.into_iter().map(|agent| agent.name).filter(|name| !name.starts_with(host::INLINE));
    let loaded = engine::workflow::load(source, Some(name));
    let definitions = definitions(app, loaded.workflow.as_ref()).await;
    let surroundings = Surroundings { definitions, ..surroundings(app, agents.collect()) };
    let diagnostics = engine::check::check(&loaded, &surroundings);
    Ok((loaded.workflow.filter(|_| !has_errors(&diagnostics)), diagnostics))
}

/// The agents that a workflow names. One that cannot be read is told of when it is to talk.
async fn definitions(app: &AppState, workflow: Option<&Workflow>) -> BTreeMap<String, Arc<Agent>> {
    let mut definitions = BTreeMap::new();
    for name in named(workflow) {
        if let Ok(Some((_, agent))) = app.host.agents().latest(name).await {
            definitions.insert(name.to_owned(), agent);
        }
    }
    definitions
}

/// The agents with a file of their own that talk in a workflow.
fn named(workflow: Option<&Workflow>) -> impl Iterator<Item = &str> {
    let agents = workflow.into_iter().flat_map(|workflow| &workflow.blocks).filter_map(Block::agent);
    agents.filter_map(|agent| match agent {
        AgentRef::Named(name) => Some(name.as_str()),
        AgentRef::Inline(_) => None,
    })
}

/// What a version of an agent that was just published needs, and the published workflows that name it do not have: their
/// calls by it would fail. None where they cannot be read: the agent is published all the same.
pub(super) async fn lacking(app: &AppState, agent: &str) -> Vec<DiagnosticView> {
    let workflows = app.store.workflows().await.unwrap_or_else(|error| {
        tracing::warn!(
            agent,
            error = &error as &dyn std::error::Error,
            "no workflow is held against a new version"
        );
        Vec::new()
    });
    let mut lacking = Vec::new();
    for stored in workflows {
        let loaded = engine::workflow::load(&stored.source, Some(&stored.name));
        if !named(loaded.workflow.as_ref()).any(|name| name == agent) {
            continue;
        }
        let definitions = definitions(app, loaded.workflow.as_ref()).await;
        let surroundings = Surroundings { definitions, ..Surroundings::default() };
        for found in engine::check::lacks(&loaded, &surroundings, agent) {
            let message = format!("in the workflow `{}`, {}", stored.name, found.message);
            let view = DiagnosticView::new(&found, agent);
            // The place is one of another file.
            lacking.push(DiagnosticView {
                message,
                severity: "warning".to_owned(),
                line: 1,
                column: 1,
                length: 0,
                ..view
            });
        }
    }
    lacking
}

/// What this server knows. Where it has no credential yet, nothing is judged by what is missing.
fn surroundings(app: &AppState, agents: Vec<String>) -> Surroundings {
    let directory = app.host.directory();
    let known = |sender: &store::record::Sender| KnownSender {
        address: sender.address.clone(),
        name: Some(sender.name.clone()),
    };
    let voices = Some(Voices(crate::voices::possible));
    if directory.credentials().is_empty() {
        return Surroundings { voices, agents: Some(agents), ..Surroundings::default() };
    }
    Surroundings {
        credentials: Some(directory.credentials().to_vec()),
        senders: Some(directory.senders().iter().map(known).collect()),
        agents: Some(agents),
        voices,
        ..Surroundings::default()
    }
}

impl DiagnosticView {
    /// Something that could not be tried out when the file was published.
    pub(super) fn untried(message: String, file: &str) -> DiagnosticView {
        DiagnosticView {
            code: "not_tried".to_owned(),
            severity: "warning".to_owned(),
            message,
            file: file.to_owned(),
            line: 1,
            column: 1,
            length: 0,
            hint: Some("`switchboard credentials test` asks once more".to_owned()),
            block: None,
            counter_example: None,
        }
    }

    pub(super) fn new(diagnostic: &Diagnostic, file: &str) -> DiagnosticView {
        DiagnosticView {
            code: diagnostic.code.as_str().to_owned(),
            severity: diagnostic.severity.as_str().to_owned(),
            message: diagnostic.message.clone(),
            file: file.to_owned(),
            line: diagnostic.at.line,
            column: diagnostic.at.column,
            length: diagnostic.at.length,
            hint: diagnostic.hint.clone(),
            block: diagnostic.block.clone(),
            counter_example: diagnostic.counter_example.clone(),
        }
    }
}
