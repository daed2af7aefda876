//! Settings: the defaults, a file over them, the environment over both.
//!
//! `config.default.toml` is the table of what exists. Whatever is not in it is refused, and a test holds
//! that everything in it is read.

mod layers;
mod networks;
mod reading;

pub use layers::{ConfigError, Origin, Problem};
pub use networks::Networks;

use host::OnUnknown;
use layers::Layers;
use reading::Reader;
pub(crate) use reading::parse_duration;
use secrecy::SecretString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use url::Url;

/// The documented defaults.
pub const DEFAULTS: &str = include_str!("../../config.default.toml");

/// Variables that begin like settings and belong to the command line.
const COMMAND_LINE_VARIABLES: [&str; 3] = ["SWITCHBOARD_CONFIG", "SWITCHBOARD_URL", "SWITCHBOARD_TOKEN"];

/// Everything that can be set. Field by field as `config.default.toml` describes it.
#[derive(Clone, Debug)]
pub struct Config {
    pub listen: SocketAddr,
    /// Without a slash at its end. Nothing: derived from the address that is listened on.
    pub public_url: Option<String>,
    pub trusted_proxies: Networks,
    pub database: Database,
    pub encryption: Encryption,
    /// What the loop is told.
    pub host: host::Settings,
    pub connect_limit: Duration,
    pub requests_at_once_per_credential: usize,
    /// What requests to authors' addresses may reach beside the open network.
    pub outgoing_allowed: Networks,
    pub limits: Limits,
    pub rate_limits: RateLimits,
    pub log: Log,
}

#[derive(Clone, Debug)]
pub struct Database {
    /// May hold a password.
    pub url: SecretString,
    pub connections: usize,
    pub roots_file: Option<PathBuf>,
}

/// Where the keys come from. At most one of the first three is given.
#[derive(Clone, Debug)]
pub struct Encryption {
    pub key_file: Option<PathBuf>,
    pub key: Option<SecretString>,
    pub key_command: Option<String>,
    pub previous_key_files: Vec<PathBuf>,
}

#[derive(Clone, Debug)]
pub struct Limits {
    pub api_body_bytes: usize,
    pub webhook_body_bytes: usize,
    pub hook_body_bytes: usize,
    pub hooks_at_once: usize,
    pub hook_wait_max: Duration,
}

#[derive(Clone, Debug)]
pub struct RateLimits {
    pub token_per_second: u32,
    pub token_burst: u32,
    pub bad_tokens_per_minute: u32,
}

#[derive(Clone, Debug)]
pub struct Log {
    pub filter: String,
    pub format: LogFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

impl Config {
    /// Reads the settings of this process: the defaults, `file` where one is named, and the environment.
    ///
    /// # Errors
    /// All problems at once: unknown names with a suggestion, bad values with their place.
    pub fn load(file: Option<&Path>) -> Result<Config, ConfigError> {
        let text = match file {
            Some(path) => {
                let read = std::fs::read_to_string(path);
                Some((
                    path,
                    read.map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?,
                ))
            }
            None => None,
        };
        let file = text.as_ref().map(|(path, text)| (*path, text.as_str()));
        Config::from_parts(
            file,
            std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?))),
        )
    }

    /// As [`Config::load`], from parts that are given.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn from_parts(
        file: Option<(&Path, &str)>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Config, ConfigError> {
        let mut layers = Layers::defaults(DEFAULTS);
        if let Some((path, text)) = file {
            layers.add_file(path, text);
        }
        layers.add_environment(environment, &COMMAND_LINE_VARIABLES);
        let mut reader = Reader::new(layers);
        let config = Config::read(&mut reader);
        reader.finish(config)
    }

    fn read(from: &mut Reader) -> Config {
        Config {
            listen: from.parsed("listen", "an address and a port such as 127.0.0.1:8080"),
            public_url: from.public_url("publicUrl"),
            trusted_proxies: from.networks("trustedProxies"),
            database: Database {
                url: from.text("database.url").into(),
                connections: from.count("database.connections", 1..=1000),
                roots_file: from.optional("database.rootsFile").map(PathBuf::from),
            },
            encryption: Encryption {
                key_file: from.optional("encryption.keyFile").map(PathBuf::from),
                key: from.optional("encryption.key").map(SecretString::from),
                key_command: from.optional("encryption.keyCommand"),
                previous_key_files: from
                    .list("encryption.previousKeyFiles")
                    .into_iter()
                    .map(PathBuf::from)
                    .collect(),
            },
            host: host_settings(from),
            connect_limit: from.duration("sending.connectLimit", seconds(1)..=seconds(30)),
            requests_at_once_per_credential: from.count("sending.requestsAtOncePerCredential", 1..=100_000),
            outgoing_allowed: from.networks("outgoing.allowedNetworks"),
            limits: Limits {
                api_body_bytes: from.count("limits.apiBodyBytes", 1024..=1 << 30),
                webhook_body_bytes: from.count("limits.webhookBodyBytes", 16 * 1024..=1 << 30),
                hook_body_bytes: from.count("limits.hookBodyBytes", 1024..=1 << 30),
                hooks_at_once: from.count("limits.hooksAtOnce", 1..=1_000_000),
                hook_wait_max: from.duration("limits.hookWaitMax", seconds(1)..=minutes(60)),
            },
            rate_limits: RateLimits {
                token_per_second: from.number("rateLimits.tokenPerSecond", 1..=1_000_000),
                token_burst: from.number("rateLimits.tokenBurst", 1..=1_000_000),
                bad_tokens_per_minute: from.number("rateLimits.badTokensPerMinute", 1..=1_000_000),
            },
            log: Log {
                filter: from.text("log.filter"),
                format: from.word("log.format", &[("text", LogFormat::Text), ("json", LogFormat::Json)]),
            },
        }
    }

    /// The address that the provider is told, without a slash at its end; `bound` is what is listened on.
    pub fn public_url(&self, bound: SocketAddr) -> String {
        self.public_url.clone().unwrap_or_else(|| format!("http://{bound}"))
    }
}

/// Time after a request's limit in which the provider may still be seen to have created the text. A text
/// that is sent anew before that reaches the person twice.
const SETTLE_MARGIN: Duration = seconds(2);

fn host_settings(from: &mut Reader) -> host::Settings {
    let on_unknown = &[("resend", OnUnknown::Resend), ("hold", OnUnknown::Hold)];
    let request_limit = from.duration("sending.requestLimit", seconds(1)..=seconds(60));
    let settle_window_min = request_limit + SETTLE_MARGIN;
    let settle_window_hint = format!(
        "at least sending.requestLimit and {SETTLE_MARGIN:?}: until then a request may still create the text"
    );
    host::Settings {
        request_limit,
        requests_at_once: from.count("sending.requestsAtOnce", 1..=100_000),
        settle_window: from.duration_because(
            "sending.settleWindow",
            settle_window_min..=days(7),
            settle_window_hint,
        ),
        settle_every: from.duration("sending.settleEvery", Duration::from_millis(100)..=days(1)),
        on_unknown: from.word("sending.onUnknown", on_unknown),
        on_unknown_calls: from.word("sending.onUnknownCalls", on_unknown),
        resends_max: from.number("sending.resendsMax", 0..=100),
        give_up_after: from.duration("sending.giveUpAfter", seconds(1)..=days(30)),
        reconcile_every: from.duration("reconciliation.every", seconds(1)..=days(1)),
        reconcile_overlap: from.duration("reconciliation.overlap", seconds(0)..=days(7)),
        poll_every: from.duration("work.pollEvery", Duration::from_millis(10)..=minutes(1)),
        tasks_at_once: from.count("work.tasksAtOnce", 1..=100_000),
        shutdown_grace: from.duration("work.shutdownGrace", seconds(0)..=minutes(10)),
        keep_webhooks: from.duration("retention.webhooks", minutes(60)..=days(3650)),
    }
}

const fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

const fn minutes(n: u64) -> Duration {
    Duration::from_secs(60 * n)
}

const fn days(n: u64) -> Duration {
    Duration::from_secs(86_400 * n)
}

/// An address that webhooks can be built on: http or https, no query, no fragment.
fn checked_public_url(text: &str) -> Result<String, &'static str> {
    const EXPECTED: &str = "http:// or https://, a host, and nothing after the path";
    let url = Url::parse(text).map_err(|_| EXPECTED)?;
    let plain = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    // Signatures are made over the text that the provider was told, so the text stays as it was written.
    if plain { Ok(text.trim_end_matches('/').to_owned()) } else { Err(EXPECTED) }
}

#[cfg(test)]
mod tests;
