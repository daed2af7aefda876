//! Workflows: publishing, reading, and starting runs of them.

use super::auth::{MayAdminister, MayRead, MayRun};
use super::body::{Json, Path, Text};
use super::checks::{self, DiagnosticView};
use super::idempotency::RememberedAs;
use super::pages::Page;
use super::problem::{Problem, ProblemCode};
use super::runs::CauseView;
use crate::app::AppState;
use crate::config::parse_duration;
use axum::Extension;
use axum::extract::State;
use engine::event::StartedBy;
use engine::run::{Run, RunStatus};
use engine::workflow::{Trigger, Workflow};
use host::{StartRequest, Started};
use http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::time::Duration;
use store::record::StoredWorkflow;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(publish, show, retire))
        .routes(routes!(version))
        .routes(routes!(start))
}

/// A workflow as lists show it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkflowSummary {
    pub name: String,
    /// The latest.
    pub version: u32,
    #[schema(value_type = String, format = DateTime)]
    pub published_at: Timestamp,
    /// `manual`, `webhook`, `incomingMessage` or `incomingCall`.
    pub trigger: String,
    /// Where a webhook trigger listens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hook: Option<String>,
}

/// One version of a workflow.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkflowVersion {
    pub name: String,
    pub version: u32,
    #[schema(value_type = String, format = DateTime)]
    pub published_at: Timestamp,
    /// `manual`, `webhook`, `incomingMessage` or `incomingCall`.
    pub trigger: String,
    /// Where a webhook trigger listens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hook: Option<String>,
    /// What a run is started with.
    pub input: Vec<InputView>,
    /// As published, comments and all.
    pub source: String,
}

/// One input of a workflow.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct InputView {
    pub name: String,
    pub required: bool,
    /// Its JSON Schema.
    #[schema(value_type = Object)]
    pub schema: Value,
}

/// What was published.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Published {
    pub name: String,
    /// The same source as the latest gives that one's number again.
    pub version: u32,
    /// Warnings and hints; a file with errors is not published.
    pub diagnostics: Vec<DiagnosticView>,
}

/// How a run is to be started.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartBody {
    /// What the workflow declares under `input`.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub input: Map<String, Value>,
    /// Waits for the end of the run, at most as long as this: `500ms`, `10s`, `1m`. No longer than
    /// `limits.hookWaitMax` of the settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait: Option<String>,
}

/// A run that was started.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct StartedRun {
    pub run: String,
    pub workflow: String,
    pub version: u32,
    /// `running`, or how it ended within the time that was asked to wait.
    pub status: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub result: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<CauseView>,
}

/// Publish a workflow
///
/// The body is the file itself, YAML or JSON. The same source as the latest version publishes nothing new.
#[utoipa::path(put, path = "/workflows/{name}", tag = "workflows",
    params(("name" = String, Path, description = "The workflow's name, as in its file")),
    request_body(content((String = "application/yaml"), (Object = "application/json"))),
    responses((status = 200, body = Published), (status = 422, description = "The file has errors",
        body = super::problem::ProblemBody, content_type = "application/problem+json")))]
async fn publish(
    State(app): State<AppState>,
    _: MayAdminister,
    Path(name): Path<String>,
    Text(source): Text,
) -> Result<Json<Published>, Problem> {
    let (workflow, diagnostics) = checks::check_workflow(&app, &source, &name).await?;
    let Some(workflow) = workflow else { return Err(Problem::invalid_file(&diagnostics, &name)) };
    if workflow.name != name {
        let detail = format!("the path says {name:?} and the file says {:?}", workflow.name);
        return Err(Problem::new(ProblemCode::NameMismatch, detail));
    }
    app.host.refresh().await?;
    if let Trigger::Webhook(hook) = &workflow.trigger
        && let Some((other, ..)) = app.host.catalogue().by_hook(&hook.path)
        && other != name
    {
        let detail = format!("the workflow {other:?} listens at /hooks/{} already", hook.path);
        return Err(Problem::new(ProblemCode::Conflict, detail));
    }
    let version = app.store.publish_workflow(&name, &source, app.host.now()).await?;
    app.host.refreshed().await;
    let diagnostics = diagnostics.iter().map(|d| DiagnosticView::new(d, &name)).collect();
    Ok(Json(Published { name, version, diagnostics }))
}

/// List workflows
#[utoipa::path(get, path = "/workflows", tag = "workflows", responses((status = 200, body = Page<WorkflowSummary>)))]
async fn list(State(app): State<AppState>, _: MayRead) -> Result<Json<Page<WorkflowSummary>>, Problem> {
    let summary = |stored: StoredWorkflow| {
        let known = app.host.catalogue().latest(&stored.name);
        let known = known.filter(|(version, _)| *version == stored.version).map(|(_, workflow)| workflow);
        let workflow = known.or_else(|| {
            engine::workflow::load(&stored.source, Some(&stored.name)).workflow.map(std::sync::Arc::new)
        });
        let (trigger, hook) = started_by(workflow.as_deref());
        WorkflowSummary {
            name: stored.name,
            version: stored.version,
            published_at: stored.published_at,
            trigger,
            hook,
        }
    };
    let all = app.store.workflows().await?;
    Ok(Json(Page::whole(all.into_iter().map(summary).collect())))
}

/// Retire a workflow
///
/// Nothing starts it any more: requests, webhooks, texts and calls find no workflow of that name. Runs that are under way
/// go on with their version, and its versions can still be read. Publishing it again brings it back.
#[utoipa::path(delete, path = "/workflows/{name}", tag = "workflows", params(("name" = String, Path)),
    responses((status = 204, description = "Nothing starts it any more")))]
async fn retire(
    State(app): State<AppState>,
    _: MayAdminister,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    if !app.store.retire_workflow(&name, app.host.now()).await? {
        return Err(Problem::not_found("workflow"));
    }
    app.host.refreshed().await;
    Ok(StatusCode::NO_CONTENT)
}

/// Show a workflow's latest version
#[utoipa::path(get, path = "/workflows/{name}", tag = "workflows",
    params(("name" = String, Path)), responses((status = 200, body = WorkflowVersion)))]
async fn show(
    State(app): State<AppState>,
    _: MayRead,
    Path(name): Path<String>,
) -> Result<Json<WorkflowVersion>, Problem> {
    stored(&app, &name, None).await.map(Json)
}

/// Show one version of a workflow
#[utoipa::path(get, path = "/workflows/{name}/versions/{version}", tag = "workflows",
    params(("name" = String, Path), ("version" = u32, Path)),
    responses((status = 200, body = WorkflowVersion)))]
async fn version(
    State(app): State<AppState>,
    _: MayRead,
    Path((name, version)): Path<(String, u32)>,
) -> Result<Json<WorkflowVersion>, Problem> {
    stored(&app, &name, Some(version)).await.map(Json)
}

async fn stored(app: &AppState, name: &str, version: Option<u32>) -> Result<WorkflowVersion, Problem> {
    let stored = app.store.workflow(name, version).await?;
    let stored = stored.ok_or_else(|| Problem::not_found("workflow version"))?;
    let workflow = engine::workflow::load(&stored.source, Some(name)).workflow;
    let (trigger, hook) = started_by(workflow.as_ref());
    Ok(WorkflowVersion {
        name: stored.name,
        version: stored.version,
        published_at: stored.published_at,
        trigger,
        hook,
        input: workflow.map(|workflow| inputs(&workflow)).unwrap_or_default(),
        source: stored.source,
    })
}

/// The kind of its trigger, and where a webhook listens.
fn started_by(workflow: Option<&Workflow>) -> (String, Option<String>) {
    let (trigger, hook) = match workflow.map(|workflow| &workflow.trigger) {
        Some(Trigger::Manual) => ("manual", None),
        Some(Trigger::Webhook(hook)) => ("webhook", Some(format!("/hooks/{}", hook.path))),
        Some(Trigger::IncomingMessage(_)) => ("incomingMessage", None),
        Some(Trigger::IncomingCall(_)) => ("incomingCall", None),
        None => ("unknown", None),
    };
    (trigger.to_owned(), hook)
}

fn inputs(workflow: &Workflow) -> Vec<InputView> {
    let view = |input: &engine::workflow::Input| InputView {
        name: input.name.clone(),
        required: input.default.is_none(),
        schema: input.schema.clone(),
    };
    workflow.input.iter().map(view).collect()
}

/// Start a run
///
/// The run is durably stored when this answers. With `wait`, the answer comes when the run has ended, or when
/// that time is over. With an `Idempotency-Key`, a second request gets the run of the first.
#[utoipa::path(post, path = "/workflows/{name}/runs", tag = "runs", params(("name" = String, Path)),
    request_body = StartBody,
    responses((status = 201, description = "Started", body = StartedRun),
        (status = 200, description = "Started before, by a request with the same key", body = StartedRun)))]
async fn start(
    State(app): State<AppState>,
    _: MayRun,
    Path(name): Path<String>,
    remembered: Option<Extension<RememberedAs>>,
    Json(body): Json<StartBody>,
) -> Result<(StatusCode, Json<StartedRun>), Problem> {
    let wait = body.wait.as_deref().map(|wait| waiting_time(&app, wait)).transpose()?;
    let dedupe_key = remembered.map(|Extension(RememberedAs(key))| key);
    let request = StartRequest { workflow: name.clone(), input: body.input, by: StartedBy::Hand, dedupe_key };
    let (started, ended) = match wait {
        None => (Box::pin(app.host.start_run(request)).await?, None),
        Some(limit) => Box::pin(app.host.start_and_wait(request, limit)).await?,
    };
    let status = if started.repeated { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(started_run(&started, name, ended))))
}

fn waiting_time(app: &AppState, text: &str) -> Result<Duration, Problem> {
    let asked = parse_duration(text.trim())
        .ok_or_else(|| Problem::new(ProblemCode::BadInput, "wait is a duration such as 500ms, 10s or 1m"))?;
    Ok(asked.min(app.config.limits.hook_wait_max))
}

fn started_run(started: &Started, workflow: String, ended: Option<Run>) -> StartedRun {
    let cause = match ended.as_ref().map(|run| &run.status) {
        Some(RunStatus::Failed { cause }) => Some(CauseView::from(cause.clone())),
        _ => None,
    };
    StartedRun {
        run: started.run.to_string(),
        workflow,
        version: started.version,
        status: ended.as_ref().map_or("running", |run| run.status.as_str()).to_owned(),
        cause,
        result: ended.and_then(|run| run.result),
    }
}
