//! Recordings of calls: what the provider tells of them.

use super::{Line, either};
use crate::app::AppState;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use engine::call::Call;
use engine::id::RecordingId;
use http::StatusCode;
use http::header::RETRY_AFTER;
use store::record::{Recording, RecordingStatus, WebhookRecord};
use store::{Commit, StoreError};
use twilio::call::RecordingCallback;
use twilio::recording::RecordingStatus as Told;

/// A recording began, can be played, or came to nothing. Nobody hears the answer.
pub(super) async fn changed(
    State(app): State<AppState>,
    Path((credential, call)): Path<(String, String)>,
    request: Request,
) -> Response {
    either(async {
        let line = Line::open(&app, &credential, &call, "recording", request).await?;
        let Ok(told) = RecordingCallback::from_pairs(&line.params) else {
            tracing::warn!(call = %line.call, "a webhook about a recording cannot be read");
            return Ok(StatusCode::BAD_REQUEST.into_response());
        };
        keep(&line, &told).await.map_err(|error| {
            tracing::warn!(error = &error as &dyn std::error::Error, "a webhook is to come again");
            (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "1")]).into_response()
        })?;
        Ok(StatusCode::NO_CONTENT.into_response())
    })
    .await
}

/// Stores what is new of it. Callbacks come twice and in any order: what outranks the rest stands.
async fn keep(line: &Line<'_>, told: &RecordingCallback) -> Result<(), StoreError> {
    let (app, now) = (line.app, line.app.host.now());
    let sid = told.recording_sid.as_str();
    let known = app.store.recording_by_sid(&line.credential, sid).await?;
    let call = app.store.find::<Call>(&line.call).await?;
    let call = call.map(|row| row.value).filter(|call| call.credential == line.credential);
    let status = match &told.status {
        Told::InProgress => RecordingStatus::InProgress,
        Told::Completed => RecordingStatus::Completed,
        Told::Absent => RecordingStatus::Absent,
        _ => RecordingStatus::Failed,
    };
    let before = known.unwrap_or_else(|| Recording {
        id: RecordingId::from_trusted(host::new_id(RecordingId::PREFIX)),
        credential: line.credential.clone(),
        sid: sid.to_owned(),
        call_sid: line.sid.clone(),
        call: call.map(|call| call.id),
        status,
        duration_s: None,
        channels: None,
        source: None,
        created_at: now,
        updated_at: now,
    });
    let recording = Recording {
        status: before.status.max(status),
        duration_s: told.recording_duration_s.or(before.duration_s),
        channels: told.recording_channels.or(before.channels),
        source: told.recording_source.as_ref().map(|source| source.as_str().to_owned()).or(before.source),
        updated_at: now,
        ..before
    };
    let event = format!("{} is {}", recording.id, recording.status.as_str());
    let webhook = WebhookRecord { event, answer_status: 204, ..line.record.clone() };
    let commit = Commit { recordings: vec![recording], webhook: Some(webhook), ..Commit::default() };
    app.store.commit(commit).await.map_err(|error| match error {
        store::CommitError::Store(error) => error,
        store::CommitError::Conflict(conflict) => StoreError::Unavailable(conflict.into()),
    })
}
