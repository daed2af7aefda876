//! HTTP clients, one for each set of time limits that overrides ask for.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use twilio::overrides::{ConnectionOverrides, ServerName};

/// How many clients are kept. Overrides come from outside, so that their variety has no bound.
const CLIENTS_MAX: usize = 32;

#[derive(Default)]
pub(super) struct Clients(Mutex<HashMap<Limits, reqwest::Client>>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Limits {
    connect_ms: u32,
    read_ms: u32,
    server_name: bool,
}

impl Clients {
    /// The client that keeps these time limits, with its open connections.
    pub(super) fn get(&self, overrides: &ConnectionOverrides) -> reqwest::Client {
        let limits = Limits {
            connect_ms: overrides.connect_timeout_ms(),
            read_ms: overrides.read_timeout_ms(),
            server_name: overrides.server_name != Some(ServerName::Withheld),
        };
        let mut clients = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if clients.len() >= CLIENTS_MAX && !clients.contains_key(&limits) {
            clients.clear();
        }
        clients.entry(limits).or_insert_with(|| build(limits)).clone()
    }
}

fn build(limits: Limits) -> reqwest::Client {
    reqwest::Client::builder()
        .connect_timeout(Duration::from_millis(limits.connect_ms.into()))
        .read_timeout(Duration::from_millis(limits.read_ms.into()))
        .tls_sni(limits.server_name)
        // Redirects lose parameters in a way of their own, which the caller knows.
        .redirect(reqwest::redirect::Policy::none())
        // Webhooks go to the address that was configured, whatever proxy this machine uses otherwise.
        .no_proxy()
        .user_agent("TwilioProxy/1.1")
        // As the documentation writes them: some programs look headers up by their exact letters.
        .http1_title_case_headers()
        .pool_max_idle_per_host(256)
        .tcp_nodelay(true)
        .build()
        .expect("the TLS provider is built in and the settings are constants")
}
