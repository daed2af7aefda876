//! Uploaded audio: recordings that calls play, served under addresses that cannot be guessed.

use super::auth::{MayAdminister, MayRead};
use super::body::{Json, Path, unread};
use super::pages::Page;
use super::problem::{Problem, ProblemCode};
use crate::app::AppState;
use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, HeaderValue, StatusCode};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::record::AudioFile;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(put, delete))
        .layer(DefaultBodyLimit::max(BYTES_MAX))
}

/// Where the provider fetches what was uploaded.
pub(super) fn serving() -> Router<AppState> {
    Router::new().route("/audio/{key}", get(serve))
}

/// Kinds of audio that the provider plays, each with how its files begin, where they begin alike.
const KINDS: [(&str, &[&[u8]]); 5] = [
    ("audio/mpeg", &[b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xfa"]),
    ("audio/wav", &[b"RIFF"]),
    ("audio/aiff", &[b"FORM"]),
    ("audio/x-gsm", &[]),
    ("audio/ulaw", &[]),
];
/// Bytes of a file: some twenty minutes as calls sound.
const BYTES_MAX: usize = 10 * 1024 * 1024;
/// Characters of a name.
const NAME_MAX: usize = 100;

/// An uploaded file.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AudioView {
    pub name: String,
    /// What a workflow or an agent writes under `audio`. It cannot be guessed, and changes with each upload.
    pub url: String,
    pub content_type: String,
    /// In bytes.
    pub length: u64,
    #[schema(value_type = String, format = DateTime)]
    pub uploaded_at: Timestamp,
}

impl AudioView {
    fn new(app: &AppState, file: AudioFile) -> AudioView {
        AudioView {
            url: format!("{}/audio/{}", app.public_url, file.key),
            name: file.name,
            content_type: file.content_type,
            length: file.length,
            uploaded_at: file.uploaded_at,
        }
    }
}

/// Upload a recording
///
/// The body is the file itself, up to 10 MiB: MP3, WAV, AIFF, GSM or µ-law. An upload under the same name replaces it, and its
/// address changes, so that no cache plays the old one.
#[utoipa::path(put, path = "/audio/{name}", tag = "audio", params(("name" = String, Path)),
    request_body(content((Vec<u8> = "audio/mpeg"), (Vec<u8> = "audio/wav"))),
    responses((status = 200, body = AudioView)))]
async fn put(
    State(app): State<AppState>,
    _: MayAdminister,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<AudioView>, Problem> {
    let bytes = body.map_err(unread)?;
    if name.is_empty() || name.chars().count() > NAME_MAX || name.chars().any(char::is_control) {
        let detail = format!("a name has 1 to {NAME_MAX} characters");
        return Err(Problem::new(ProblemCode::BadInput, detail));
    }
    let content_type = kind(&headers, &bytes)?;
    let file = AudioFile {
        key: key(),
        name,
        content_type: content_type.to_owned(),
        length: bytes.len() as u64,
        uploaded_at: app.host.now(),
    };
    app.store.put_audio(&file, bytes.to_vec()).await?;
    Ok(Json(AudioView::new(&app, file)))
}

/// 32 characters by chance: nobody guesses them.
fn key() -> String {
    let number: u128 = rand::random();
    format!("{number:032x}")
}

/// The kind that the request names, or else the one that the file shows.
fn kind(headers: &HeaderMap, bytes: &[u8]) -> Result<&'static str, Problem> {
    let named = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let named = named.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let named = match named.as_str() {
        "audio/mp3" => "audio/mpeg",
        "audio/x-wav" | "audio/wave" => "audio/wav",
        "audio/x-aiff" => "audio/aiff",
        "audio/gsm" => "audio/x-gsm",
        "audio/basic" | "audio/x-mulaw" => "audio/ulaw",
        other => other,
    };
    let begins = |starts: &[&[u8]]| starts.is_empty() || starts.iter().any(|start| bytes.starts_with(start));
    let by_name = KINDS.iter().find(|(kind, starts)| *kind == named && begins(starts));
    let by_content = || KINDS.iter().find(|(_, starts)| !starts.is_empty() && begins(starts));
    let found = by_name.or_else(by_content).map(|(kind, _)| *kind);
    found.filter(|_| !bytes.is_empty()).ok_or_else(|| {
        Problem::new(ProblemCode::BadInput, "this is no audio that a call can play")
            .hint("Upload MP3, WAV or AIFF; name GSM and µ-law by their content type.")
    })
}

/// List uploaded recordings
#[utoipa::path(get, path = "/audio", tag = "audio", responses((status = 200, body = Page<AudioView>)))]
async fn list(State(app): State<AppState>, _: MayRead) -> Result<Json<Page<AudioView>>, Problem> {
    let files = app.store.audio_files().await?;
    Ok(Json(Page::whole(files.into_iter().map(|file| AudioView::new(&app, file)).collect())))
}

/// Delete an uploaded recording
#[utoipa::path(delete, path = "/audio/{name}", tag = "audio", params(("name" = String, Path)),
    responses((status = 204, description = "It is gone, and so is its address")))]
async fn delete(
    State(app): State<AppState>,
    _: MayAdminister,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    if app.store.delete_audio(&name).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::not_found("recording"))
    }
}

/// The file of a key, to whoever has it. A key's file never changes, so it may be kept.
async fn serve(
    State(app): State<AppState>,
    axum::extract::Path(key): axum::extract::Path<String>,
) -> Response {
    match app.store.audio(&key).await {
        Ok(Some((file, bytes))) => {
            let Ok(content_type) = HeaderValue::from_str(&file.content_type) else {
                return StatusCode::NOT_FOUND.into_response();
            };
            let headers = [
                (CONTENT_TYPE, content_type),
                (CONTENT_LENGTH, HeaderValue::from(file.length)),
                (CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
                (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            ];
            (headers, bytes).into_response()
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "audio cannot be served");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}
