//! Runs: lists, one with where it stands, its log, its texts, and its end by hand.

use super::auth::{Caller, MayRead, MayRun};
use super::body::{Json, Path, Query};
use super::calls::CallDetail;
use super::messages::{MessageDetail, detail};
use super::pages::{Cut, Page};
use super::parameter::one_of;
use super::problem::Problem;
use crate::app::AppState;
use axum::Extension;
use axum::extract::State;
use engine::id::RunId;
use engine::run::{Cause, LogEntry, Position, Run, RunStatus};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::{CallFilter, MessageFilter, RunFilter};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(show))
        .routes(routes!(log))
        .routes(routes!(messages))
        .routes(routes!(calls))
        .routes(routes!(cancel))
}

/// A run as lists show it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RunSummary {
    pub id: String,
    pub workflow: String,
    pub version: u32,
    /// `running`, `completed`, `failed` or `canceled`.
    pub status: String,
    #[schema(value_type = String, format = DateTime)]
    pub started_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// A run with where it stands.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RunView {
    pub id: String,
    pub workflow: String,
    pub version: u32,
    /// `running`, `completed`, `failed` or `canceled`.
    pub status: String,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<CauseView>,
    /// Who ended it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canceled_by: Option<String>,
    #[schema(value_type = Object)]
    pub variables: Map<String, Value>,
    /// Where it waits; nothing once it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<PositionView>,
    /// What it answers to whoever waits for its result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub result: Option<Value>,
    /// Blocks executed.
    pub steps: u32,
    #[schema(value_type = String, format = DateTime)]
    pub started_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
}

/// Why a run failed.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CauseView {
    /// An outcome's name, or a code such as `missing_variable`.
    pub code: String,
    pub message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block: Option<String>,
}

/// The block that a run stands at.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct PositionView {
    pub block: String,
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
    /// When the wait is over at the latest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
}

/// One line of a run's log.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct LogLine {
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// For people.
    pub sentence: String,
    /// For programs: what happened, and with it the fields of that kind.
    #[schema(value_type = Object)]
    pub entry: Value,
}

/// Which runs to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RunQuery {
    /// Those of this workflow.
    workflow: Option<String>,
    /// `running`, `completed`, `failed` or `canceled`.
    status: Option<String>,
    /// Items of a page, 1 to 500; 50 where nothing is said.
    limit: Option<u32>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// Which part of a list to give.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PageQuery {
    /// Items of a page, 1 to 500; 50 where nothing is said.
    pub(super) limit: Option<u32>,
    /// `next` of the page before.
    pub(super) cursor: Option<String>,
}

/// What became of a wish to end a run.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Canceled {
    pub run: String,
    /// Whether it was running until now.
    pub canceled: bool,
    pub status: String,
}

/// List runs, newest first
#[utoipa::path(get, path = "/runs", tag = "runs", params(RunQuery), responses((status = 200, body = Page<RunSummary>)))]
async fn list(
    State(app): State<AppState>,
    _: MayRead,
    Query(query): Query<RunQuery>,
) -> Result<Json<Page<RunSummary>>, Problem> {
    if let Some(status) = &query.status {
        one_of(status, "status", &["running", "completed", "failed", "canceled"])?;
    }
    let cut = Cut::new(query.limit, query.cursor.as_deref())?;
    let filter = RunFilter { workflow: query.workflow, status: query.status };
    let runs = app.store.runs(filter, cut.request()).await?;
    let view = |run: store::record::RunSummary| RunSummary {
        id: run.id.to_string(),
        workflow: run.workflow,
        version: run.version,
        status: run.status,
        started_at: run.started_at,
        updated_at: run.updated_at,
    };
    Ok(Json(cut.page(runs, |run| run.id.as_str(), view)))
}

/// Show a run
#[utoipa::path(get, path = "/runs/{id}", tag = "runs", params(("id" = String, Path)),
    responses((status = 200, body = RunView)))]
async fn show(
    State(app): State<AppState>,
    _: MayRead,
    Path(id): Path<String>,
) -> Result<Json<RunView>, Problem> {
    Ok(Json(RunView::from(stored(&app, &id).await?)))
}

/// Show a run's log, oldest line first
#[utoipa::path(get, path = "/runs/{id}/log", tag = "runs", params(("id" = String, Path)),
    responses((status = 200, body = Page<LogLine>)))]
async fn log(
    State(app): State<AppState>,
    _: MayRead,
    Path(id): Path<String>,
) -> Result<Json<Page<LogLine>>, Problem> {
    let run = stored(&app, &id).await?;
    let entries = app.store.run_log(&run.id).await?;
    Ok(Json(Page::whole(entries.iter().map(line).collect())))
}

/// List the texts of a run with their histories, newest first
#[utoipa::path(get, path = "/runs/{id}/messages", tag = "runs", params(("id" = String, Path), PageQuery),
    responses((status = 200, body = Page<MessageDetail>)))]
async fn messages(
    State(app): State<AppState>,
    _: MayRead,
    Path(id): Path<String>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<MessageDetail>>, Problem> {
    let run = stored(&app, &id).await?;
    let cut = Cut::new(query.limit, query.cursor.as_deref())?;
    let filter = MessageFilter { run: Some(run.id), ..MessageFilter::default() };
    let found: Vec<engine::message::Message> = app.store.list(filter, cut.request()).await?;
    let page = cut.page(found, |message| message.id.as_str(), |message| message);
    let mut items = Vec::with_capacity(page.items.len());
    for message in page.items {
        items.push(detail(&app, message).await?);
    }
    Ok(Json(Page { items, next: page.next }))
}

/// List the calls of a run with their histories, newest first
#[utoipa::path(get, path = "/runs/{id}/calls", tag = "runs", operation_id = "calls_of_run",
    params(("id" = String, Path), PageQuery), responses((status = 200, body = Page<CallDetail>)))]
async fn calls(
    State(app): State<AppState>,
    _: MayRead,
    Path(id): Path<String>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<CallDetail>>, Problem> {
    let run = stored(&app, &id).await?;
    let cut = Cut::new(query.limit, query.cursor.as_deref())?;
    let filter = CallFilter { run: Some(run.id), ..CallFilter::default() };
    let found: Vec<engine::call::Call> = app.store.list(filter, cut.request()).await?;
    let page = cut.page(found, |call| call.id.as_str(), |call| call);
    let mut items = Vec::with_capacity(page.items.len());
    for call in page.items {
        items.push(super::calls::detail(&app, call).await?);
    }
    Ok(Json(Page { items, next: page.next }))
}

/// End a run before its time
#[utoipa::path(post, path = "/runs/{id}/cancel", tag = "runs", params(("id" = String, Path)),
    responses((status = 200, body = Canceled)))]
async fn cancel(
    State(app): State<AppState>,
    _: MayRun,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Json<Canceled>, Problem> {
    let run = stored(&app, &id).await?;
    let canceled = Box::pin(app.host.cancel_run(&run.id, &caller.name)).await?;
    let run = stored(&app, &id).await?;
    Ok(Json(Canceled { run: id, canceled, status: run.status.as_str().to_owned() }))
}

async fn stored(app: &AppState, id: &str) -> Result<Run, Problem> {
    let id = RunId::parse(id).ok_or_else(|| Problem::not_found("run"))?;
    let stored = app.store.run(&id).await?;
    Ok(stored.ok_or_else(|| Problem::not_found("run"))?.value)
}

fn line(entry: &LogEntry) -> LogLine {
    let value = serde_json::to_value(entry).expect("a log entry is plain data");
    LogLine { at: entry.at, sentence: entry.sentence(), entry: value }
}

impl From<Run> for RunView {
    fn from(run: Run) -> RunView {
        let (cause, canceled_by) = match &run.status {
            RunStatus::Failed { cause } => (Some(cause.clone().into()), None),
            RunStatus::Canceled { by } => (None, Some(by.clone())),
            RunStatus::Running | RunStatus::Completed => (None, None),
        };
        let (variables, result) = (shown_variables(&run), shown_result(&run));
        RunView {
            id: run.id.to_string(),
            workflow: run.workflow,
            version: run.version,
            status: run.status.as_str().to_owned(),
            cause,
            canceled_by,
            variables,
            position: run.position.map(PositionView::from),
            result,
            steps: run.steps,
            started_at: run.started_at,
            ended_at: run.ended_at,
        }
    }
}

impl From<Cause> for CauseView {
    fn from(cause: Cause) -> CauseView {
        CauseView { code: cause.code, message: cause.message, hint: cause.hint, block: cause.block }
    }
}

impl From<Position> for PositionView {
    fn from(position: Position) -> PositionView {
        PositionView { block: position.block, since: position.since, until: position.until }
    }
}

/// The result without what only whoever waits for it may know.
fn shown_result(run: &Run) -> Option<Value> {
    let mut result = run.result.clone();
    for name in &run.sensitive_results {
        let value = result.as_mut().and_then(|result| result.get_mut(name));
        if let Some(value) = value.filter(|value| !value.is_null()) {
            *value = engine::conversation::HIDDEN.into();
        }
    }
    result
}

/// The variables without what nothing may print.
fn shown_variables(run: &Run) -> Map<String, Value> {
    let mut shown = run.variables.clone();
    for name in &run.sensitive {
        for of in [None, Some("answers")] {
            let holder = match of {
                None => Some(&mut shown),
                Some(of) => shown.get_mut(of).and_then(Value::as_object_mut),
            };
            if let Some(value) =
                holder.and_then(|holder| holder.get_mut(name)).filter(|value| !value.is_null())
            {
                *value = engine::conversation::HIDDEN.into();
            }
        }
    }
    shown
}
