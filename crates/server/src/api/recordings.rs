//! Recordings of calls: lists, their sound, and taking them away.

use super::auth::{MayAdminister, MayRead};
use super::body::{Json, Path, Query};
use super::pages::{Cut, Page};
use super::parameter::id_of;
use super::problem::{Problem, ProblemCode};
use crate::app::AppState;
use crate::outbound::RecordingError;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use engine::id::{CallId, RecordingId};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::Commit;
use store::record::{Recording, RecordingStatus};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(show, delete)).routes(routes!(audio))
}

/// A recording of a call.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecordingView {
    pub id: String,
    pub credential: String,
    /// `RE…`
    pub sid: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<String>,
    /// `in_progress`, `absent`, `failed`, `completed` or `deleted`.
    pub status: String,
    /// In seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channels: Option<u32>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// Which recordings to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RecordingQuery {
    /// Those of this call.
    call: Option<String>,
    /// Items of a page, 1 to 500; 50 where nothing is said.
    limit: Option<u32>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// List recordings, newest first
#[utoipa::path(get, path = "/recordings", tag = "recordings", params(RecordingQuery),
    responses((status = 200, body = Page<RecordingView>)))]
async fn list(
    State(app): State<AppState>,
    _: MayRead,
    Query(query): Query<RecordingQuery>,
) -> Result<Json<Page<RecordingView>>, Problem> {
    let cut = Cut::new(query.limit, query.cursor.as_deref())?;
    let call = query.call.as_deref().map(|call| id_of(call, "call", CallId::PREFIX, CallId::parse));
    let call = call.transpose()?;
    let found = app.store.recordings(call.as_ref(), cut.request()).await?;
    Ok(Json(cut.page(found, |recording| recording.id.as_str(), RecordingView::from)))
}

/// Show a recording
#[utoipa::path(get, path = "/recordings/{id}", tag = "recordings", params(("id" = String, Path)),
    responses((status = 200, body = RecordingView)))]
async fn show(
    State(app): State<AppState>,
    _: MayRead,
    Path(id): Path<String>,
) -> Result<Json<RecordingView>, Problem> {
    Ok(Json(stored(&app, &id).await?.into()))
}

/// Play a recording
///
/// The sound is fetched from the provider while it is played, with the credential's secrets, which whoever
/// listens never sees.
#[utoipa::path(get, path = "/recordings/{id}/audio", tag = "recordings", params(("id" = String, Path)),
    responses((status = 200, description = "The sound", content_type = "audio/wav", body = Vec<u8>)))]
async fn audio(State(app): State<AppState>, _: MayRead, Path(id): Path<String>) -> Result<Response, Problem> {
    let recording = stored(&app, &id).await?;
    if recording.status != RecordingStatus::Completed {
        let detail = format!("the recording is {} and cannot be played", recording.status.as_str());
        return Err(Problem::new(ProblemCode::NotAllowed, detail));
    }
    let answer = app.carrier.recording_audio(&recording.credential, &recording.sid).await.map_err(refused)?;
    let content_type = answer.headers().get(CONTENT_TYPE).cloned();
    let headers = [
        (CONTENT_TYPE, content_type.unwrap_or(HeaderValue::from_static("audio/wav"))),
        (CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((headers, Body::from_stream(answer.bytes_stream())).into_response())
}

/// Delete a recording
///
/// It is taken away at the provider first, and then it is known here as deleted.
#[utoipa::path(delete, path = "/recordings/{id}", tag = "recordings", params(("id" = String, Path)),
    responses((status = 204, description = "It is gone for good")))]
async fn delete(
    State(app): State<AppState>,
    _: MayAdminister,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let recording = stored(&app, &id).await?;
    app.carrier.delete_recording(&recording.credential, &recording.sid).await.map_err(refused)?;
    let deleted = Recording { status: RecordingStatus::Deleted, updated_at: app.host.now(), ..recording };
    app.store
        .commit(Commit { recordings: vec![deleted], ..Commit::default() })
        .await
        .map_err(|error| Problem::internal(&error))?;
    Ok(StatusCode::NO_CONTENT)
}

async fn stored(app: &AppState, id: &str) -> Result<Recording, Problem> {
    let id = RecordingId::parse(id).ok_or_else(|| Problem::not_found("recording"))?;
    app.store.recording(&id).await?.ok_or_else(|| Problem::not_found("recording"))
}

fn refused(error: RecordingError) -> Problem {
    match error {
        RecordingError::Gone => Problem::new(ProblemCode::NotFound, error.to_string()),
        other => Problem::new(ProblemCode::NotAllowed, other.to_string())
            .hint("See what the credential's account says of the recording."),
    }
}

impl From<Recording> for RecordingView {
    fn from(recording: Recording) -> RecordingView {
        RecordingView {
            id: recording.id.to_string(),
            credential: recording.credential,
            sid: recording.sid,
            call: recording.call.map(|call| call.to_string()),
            status: recording.status.as_str().to_owned(),
            duration: recording.duration_s,
            channels: recording.channels,
            created_at: recording.created_at,
            updated_at: recording.updated_at,
        }
    }
}
