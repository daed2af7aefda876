//! Takes connections and can break one off in the middle of a request, as networks do.

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long requests in progress may take to end at shutdown.
const GRACE: Duration = Duration::from_secs(5);

/// The connection that a request came by; it stands in the request's extensions.
#[derive(Clone)]
pub(crate) struct Connection(CancellationToken);

impl Connection {
    /// Closes the connection before anything more is written to it.
    pub(crate) fn drop_now(&self) {
        self.0.cancel();
    }
}

/// Serves connections until shutdown, and then lets requests in progress end for a few seconds.
pub(crate) async fn serve(listener: TcpListener, router: Router, shutdown: CancellationToken) {
    let connections = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = shutdown.cancelled() => break,
        };
        match accepted {
            Ok((stream, _)) => {
                connections.spawn(serve_one(stream, router.clone(), shutdown.clone()));
            }
            Err(error) => {
                // Out of file descriptors, most likely: others must close first.
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    connections.close();
    if tokio::time::timeout(GRACE, connections.wait()).await.is_err() {
        tracing::warn!("some requests were still in progress at shutdown");
    }
}

async fn serve_one(stream: TcpStream, router: Router, shutdown: CancellationToken) {
    // Answers are small and complete; waiting for more to send would only slow them.
    let _ = stream.set_nodelay(true);
    let broken = CancellationToken::new();
    let connection = Connection(broken.clone());
    let service = tower_service(router, connection);
    let mut builder = hyper::server::conn::http1::Builder::new();
    builder.timer(TokioTimer::new()).title_case_headers(true);
    let serving = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    tokio::pin!(serving);
    tokio::select! {
        // A client that goes away in the middle is nothing to report.
        _ = serving.as_mut() => {}
        () = broken.cancelled() => {}
        () = shutdown.cancelled() => {
            serving.as_mut().graceful_shutdown();
            tokio::select! {
                _ = serving.as_mut() => {}
                () = broken.cancelled() => {}
            }
        }
    }
}

/// The router, with the connection added to every request.
fn tower_service(
    router: Router,
    connection: Connection,
) -> impl tower::Service<
    Request<hyper::body::Incoming>,
    Response = axum::response::Response,
    Error = Infallible,
    Future: Send,
> + Clone {
    tower::service_fn(move |request: Request<hyper::body::Incoming>| {
        let router = router.clone();
        let mut request = request.map(axum::body::Body::new);
        request.extensions_mut().insert(connection.clone());
        async move { tower::ServiceExt::oneshot(router, request).await }
    })
}
