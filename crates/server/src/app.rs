//! Everything put together: one store, one host, one router; started, served, and stopped in order.

use crate::config::Config;
use crate::credentials::Credentials;
use crate::model::ModelClient;
use crate::outbound::{RequestLimits, TwilioCarrier};
use crate::outgoing::Outgoing;
use crate::tools::Toolbox;
use axum::Router;
use axum::serve::ListenerExt as _;
use host::{Clock, Host, HostError, Outside};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use store::{OpenOptions, Role, Store, StoreError};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// A server that is ready to run.
pub struct App {
    state: AppState,
    listener: TcpListener,
    router: Router<AppState>,
}

/// What request handlers share. Cheap to clone.
#[derive(Clone)]
pub struct AppState {
    pub store: Store,
    pub host: Host,
    pub credentials: Arc<Credentials>,
    pub carrier: Arc<TwilioCarrier>,
    pub models: Arc<ModelClient>,
    pub config: Arc<Config>,
    /// How we are reached from outside, without a slash at its end.
    pub public_url: Arc<str>,
    /// Cancelled when no new requests are taken: streams that never end by themselves end then.
    pub stopping: CancellationToken,
    /// Requests to /hooks that may still begin.
    pub(crate) hook_slots: Arc<Semaphore>,
    pub(crate) hook_misses: Arc<crate::hooks::Misses>,
    pub(crate) unsigned: Arc<crate::inbound::Unsigned>,
    pub(crate) turns: Arc<crate::voice::Turns>,
    /// Websockets that are open.
    pub(crate) sockets: TaskTracker,
}

#[derive(Debug, thiserror::Error)]
pub enum AppError {
    #[error("cannot listen on {address}")]
    Listen {
        address: SocketAddr,
        #[source]
        source: std::io::Error,
    },
    #[error("the server stopped")]
    Serve(#[source] std::io::Error),
    /// A bug: nothing would be sent any more, so the process ends and can be started anew.
    #[error("the loop over due tasks broke down")]
    LoopEnded,
    #[error("requests to other servers cannot be made")]
    Outgoing(#[source] reqwest::Error),
    #[error("the host cannot start")]
    Host(#[from] HostError),
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Nothing could be sent with them, and what others want sent would fail for good.
    #[error("{}", locked(.0))]
    Locked(Vec<(String, String)>),
}

fn locked(credentials: &[(String, String)]) -> String {
    let each = credentials.iter().map(|(name, key)| format!("`{name}` is sealed with the key {key}"));
    format!("no encryption key that is set opens these credentials: {}", each.collect::<Vec<_>>().join(", "))
}

/// Opens the database as the settings say.
///
/// # Errors
/// Where it cannot be opened, or the keys do not fit what is stored.
pub async fn open_store(
    config: &Config,
    encryption_keys: Vec<secrecy::SecretString>,
    role: Role,
) -> Result<Store, StoreError> {
    use secrecy::ExposeSecret as _;
    let options = OpenOptions {
        url: config.database.url.expose_secret().to_owned(),
        postgres_roots_file: config.database.roots_file.clone(),
        encryption_keys,
        connections: config.database.connections,
        role,
    };
    Store::open(options).await
}

/// Takes the address.
///
/// # Errors
/// Where somebody else has it, or it is not ours.
pub async fn listen(address: SocketAddr) -> Result<TcpListener, AppError> {
    TcpListener::bind(address).await.map_err(|source| AppError::Listen { address, source })
}

impl App {
    /// Puts the parts together; nothing runs before [`App::run`].
    ///
    /// # Errors
    /// Where the database cannot be read, or holds credentials that no key of ours opens.
    pub async fn new(
        config: Config,
        store: Store,
        clock: Arc<dyn Clock>,
        listener: TcpListener,
    ) -> Result<App, AppError> {
        let bound = listener.local_addr().map_err(AppError::Serve)?;
        let public_url = config.public_url(bound);
        let locked = store.locked_credentials().await?;
        if !locked.is_empty() {
            return Err(AppError::Locked(locked));
        }
        let credentials = Arc::new(Credentials::new(store.clone()));
        let limits = RequestLimits {
            request: config.host.request_limit,
            connect: config.connect_limit,
            at_once: config.requests_at_once_per_credential,
        };
        let carrier = TwilioCarrier::new(credentials.clone(), clock.clone(), public_url.clone(), limits);
        let carrier = Arc::new(carrier);
        let models = Arc::new(ModelClient::new(credentials.clone(), config.connect_limit));
        let outgoing = Outgoing::new(config.outgoing_allowed.clone(), config.connect_limit);
        let outgoing = outgoing.map_err(AppError::Outgoing)?;
        let tools = Arc::new(Toolbox::new(credentials.clone(), outgoing));
        let outside = Outside { carrier: carrier.clone(), models: models.clone(), tools: tools.clone() };
        let host = Host::new(store.clone(), outside, clock, config.host.clone()).await?;
        tools.serve(host.downgrade());
        let state = AppState {
            store,
            host,
            credentials,
            carrier,
            models,
            public_url: public_url.into(),
            stopping: CancellationToken::new(),
            hook_slots: Arc::new(Semaphore::new(config.limits.hooks_at_once)),
            hook_misses: Arc::default(),
            unsigned: Arc::default(),
            turns: Arc::default(),
            sockets: TaskTracker::new(),
            config: Arc::new(config),
        };
        let router = router(&state);
        Ok(App { state, listener, router })
    }

    pub fn state(&self) -> &AppState {
        &self.state
    }

    /// The address that is listened on.
    ///
    /// # Errors
    /// Where the socket is gone.
    pub fn address(&self) -> Result<SocketAddr, AppError> {
        self.listener.local_addr().map_err(AppError::Serve)
    }

    /// Adds routes, such as those that only `dev` has.
    #[must_use]
    pub fn with_routes(mut self, routes: Router<AppState>) -> App {
        self.router = self.router.merge(routes);
        self
    }

    /// Serves until `stop`, then in this order: takes no new connections, finishes the requests that are under way
    /// (some wait for runs, so the loop still works), stops the loop, and closes the store.
    ///
    /// # Errors
    /// Where the listening socket fails.
    pub async fn run(self, stop: CancellationToken) -> Result<(), AppError> {
        let App { state, listener, router } = self;
        let loop_stop = CancellationToken::new();
        let mut looping = tokio::spawn({
            let (host, stop) = (state.host.clone(), loop_stop.clone());
            async move { host.run(stop).await }
        });
        let grace = state.config.host.shutdown_grace;
        let serving = serve(listener, router.with_state(state.clone()), &state, stop, grace);
        let served = tokio::select! {
            served = serving => {
                loop_stop.cancel();
                looping.await.map_err(|_| AppError::LoopEnded).and(served)
            }
            _ = &mut looping => Err(AppError::LoopEnded),
        };
        state.store.close().await;
        served
    }
}

async fn serve(
    listener: TcpListener,
    router: Router,
    state: &AppState,
    stop: CancellationToken,
    grace: Duration,
) -> Result<(), AppError> {
    let listener = listener.tap_io(|connection| {
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(error = &error as &dyn std::error::Error, "answers may be delayed");
        }
    });
    let stopping = state.stopping.clone();
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let began_to_stop = stop.clone();
    let serving = axum::serve(listener, service).with_graceful_shutdown(async move {
        stop.cancelled().await;
        stopping.cancel();
    });
    let late = async {
        began_to_stop.cancelled().await;
        tokio::time::sleep(grace).await;
    };
    let served = async {
        let result = serving.into_future().await;
        // They are no requests any more, and end by themselves once we stop.
        state.sockets.close();
        state.sockets.wait().await;
        result.map_err(AppError::Serve)
    };
    tokio::select! {
        result = served => result,
        () = late => {
            tracing::warn!("some requests were cut off");
            Ok(())
        }
    }
}

/// All routes. What nobody has is answered by the API's problems.
fn router(state: &AppState) -> Router<AppState> {
    crate::api::router(state)
        .merge(crate::health::router())
        .merge(crate::metrics::router())
        .merge(crate::inbound::router())
        .merge(crate::voice::router())
        .merge(crate::hooks::router())
}
