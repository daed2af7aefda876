//! Takes connections, by TLS where there is a certificate, and can break one off in the middle of a request, as
//! networks do.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long requests in progress may take to end at shutdown.
const GRACE: Duration = Duration::from_secs(5);

/// How long a handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// A certificate and its key, with which the emulator serves TLS.
#[derive(Clone)]
pub struct Identity(Arc<ServerConfig>);

/// Why a certificate cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    #[error("the certificate is not PEM, or there is none in it")]
    Certificate(#[source] Option<rustls::pki_types::pem::Error>),
    #[error("the key is not PEM of a private key")]
    Key(#[source] rustls::pki_types::pem::Error),
    #[error("the certificate and the key do not go together")]
    Pair(#[source] rustls::Error),
}

impl Identity {
    /// Reads a certificate, those that vouch for it after it, and its key, both PEM.
    ///
    /// # Errors
    ///
    /// What is not PEM, and a key that is another certificate's.
    pub fn from_pem(certificate: &[u8], key: &[u8]) -> Result<Self, IdentityError> {
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(certificate).collect();
        let chain = chain.map_err(|error| IdentityError::Certificate(Some(error)))?;
        if chain.is_empty() {
            return Err(IdentityError::Certificate(None));
        }
        let key = PrivateKeyDer::from_pem_slice(key).map_err(IdentityError::Key)?;
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
            .map_err(IdentityError::Pair)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self(Arc::new(config)))
    }
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The key is in it.
        f.write_str("Identity")
    }
}

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
pub(crate) async fn serve(
    listener: TcpListener,
    identity: Option<Identity>,
    router: Router,
    shutdown: CancellationToken,
) {
    let acceptor = identity.map(|identity| TlsAcceptor::from(identity.0));
    let connections = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = shutdown.cancelled() => break,
        };
        match accepted {
            Ok((stream, _)) => {
                // Answers are small and complete; waiting for more to send would only slow them.
                let _ = stream.set_nodelay(true);
                let (router, shutdown) = (router.clone(), shutdown.clone());
                match acceptor.clone() {
                    Some(acceptor) => connections.spawn(serve_secretly(acceptor, stream, router, shutdown)),
                    None => connections.spawn(serve_one(stream, router, shutdown)),
                };
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

async fn serve_secretly(
    acceptor: TlsAcceptor,
    stream: TcpStream,
    router: Router,
    shutdown: CancellationToken,
) {
    match tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await {
        Ok(Ok(stream)) => serve_one(stream, router, shutdown).await,
        // Whoever does not trust the certificate goes away here, and wants to know why.
        Ok(Err(error)) => tracing::warn!(%error, "a TLS handshake failed"),
        Err(_) => tracing::warn!("a TLS handshake took too long"),
    }
}

async fn serve_one(stream: impl AsyncRead + AsyncWrite + Unpin, router: Router, shutdown: CancellationToken) {
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
