//! `/metrics` for Prometheus. Labels name routes, kinds and outcomes, never people.

use crate::api::Problem;
use crate::app::AppState;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

pub fn router() -> Router<AppState> {
    start();
    Router::new().route("/metrics", get(show).layer(Extension(Counted::default())))
}

/// Upper ends of the buckets of requests, in seconds.
const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// One recorder for the process, whoever comes first.
fn start() -> &'static PrometheusHandle {
    static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
    RECORDER.get_or_init(|| {
        let builder = PrometheusBuilder::new().set_buckets(&SECONDS).expect("the buckets are not empty");
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!("another recorder of metrics was installed first: /metrics stays empty");
        }
        describe();
        handle
    })
}

fn describe() {
    metrics::describe_counter!(
        "switchboard_http_requests_total",
        "Requests to the API, by route and status."
    );
    metrics::describe_histogram!(
        "switchboard_http_request_seconds",
        "Time until an answer of the API began."
    );
    metrics::describe_counter!(
        "switchboard_webhooks_total",
        "Webhooks of providers, by kind and what became of them."
    );
    metrics::describe_counter!(
        "switchboard_sends_total",
        "Requests that hand a text to the provider, by their end."
    );
    metrics::describe_counter!(
        "switchboard_gathered_total",
        "Answers to what is asked behind calls, by what came of each."
    );
    metrics::describe_gauge!("switchboard_relay_sessions", "Websockets over which agents talk.");
    metrics::describe_gauge!("switchboard_tasks", "Tasks that are stored, by kind and state.");
    metrics::describe_gauge!("process_resident_memory_bytes", "Memory that the process has in RAM.");
}

/// Counts an answered request of the API.
pub(crate) fn answered(method: &Method, route: String, status: u16, took: Duration) {
    // Methods are chosen by callers; a name for each of them would fill the memory.
    let method = match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        _ => "other",
    };
    metrics::counter!("switchboard_http_requests_total",
        "method" => method, "route" => route.clone(), "status" => status.to_string())
    .increment(1);
    metrics::histogram!("switchboard_http_request_seconds", "route" => route).record(took);
    tidy_up();
}

/// Samples of histograms pile up until they are sorted into their buckets.
const TIDY_EVERY: Duration = Duration::from_secs(5);

fn tidy_up() {
    static LAST: Mutex<Option<Instant>> = Mutex::new(None);
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    if last.is_none_or(|last| last.elapsed() >= TIDY_EVERY) {
        *last = Some(Instant::now());
        drop(last);
        start().run_upkeep();
    }
}

/// When tasks were counted last: counting reads all of them, and anybody may ask.
type Counted = Arc<tokio::sync::Mutex<Option<Instant>>>;

const COUNT_EVERY: Duration = Duration::from_secs(5);

async fn count_tasks(app: &AppState, counted: &Counted) -> Result<(), Problem> {
    let mut counted = counted.lock().await;
    if counted.is_some_and(|at| at.elapsed() < COUNT_EVERY) {
        return Ok(());
    }
    for count in app.store.count_tasks_by_kind(app.host.now()).await? {
        for (state, number) in [("waiting", count.waiting), ("due", count.due), ("leased", count.leased)] {
            metrics::gauge!("switchboard_tasks", "kind" => count.kind, "state" => state).set(number as f64);
        }
    }
    *counted = Some(Instant::now());
    Ok(())
}

async fn show(
    State(app): State<AppState>,
    Extension(counted): Extension<Counted>,
) -> Result<Response, Problem> {
    count_tasks(&app, &counted).await?;
    if let Some(bytes) = resident_bytes() {
        metrics::gauge!("process_resident_memory_bytes").set(bytes as f64);
    }
    let content_type = [(CONTENT_TYPE, HeaderValue::from_static("text/plain; version=0.0.4"))];
    Ok((content_type, start().render()).into_response())
}

/// As Linux reports it; nothing elsewhere.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}
