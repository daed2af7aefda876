//! Connection overrides: the fragment of a webhook's URL that tells Twilio how long to wait and what to try
//! again. It is neither sent nor signed.

use std::fmt::Write as _;

use crate::words::words;

/// How Twilio connects to one webhook. What is `None`, or empty, stays at Twilio's default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConnectionOverrides {
    /// `rc`: how many times a request is repeated, 0 to 5.
    pub retry_count: Option<u32>,
    /// `rp`: after what a request is repeated.
    pub retry_policy: Option<RetryPolicy>,
    /// `ct`: how long connecting may take, 100 to 10000 ms.
    pub connect_timeout_ms: Option<u32>,
    /// `rt`: how long each read may take, 100 to 15000 ms.
    pub read_timeout_ms: Option<u32>,
    /// `tt`: how long everything may take, repetitions included, 100 to 15000 ms.
    pub total_timeout_ms: Option<u32>,
    /// `sni`: whether the TLS handshake names the host.
    pub server_name: Option<ServerName>,
    /// `e`: where Twilio connects from; several take turns over the repetitions.
    pub edges: Vec<Egress>,
}

/// After what a request is repeated. There is no way to write "after nothing": that is a retry count of 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RetryPolicy {
    /// `ct`: TCP or TLS did not connect.
    pub connect_failure: bool,
    /// `rt`: no answer in time.
    pub read_timeout: bool,
    /// `4xx`: an answer that blames the request.
    pub client_error: bool,
    /// `5xx`: an answer that blames the server.
    pub server_error: bool,
}

/// One place that Twilio connects from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Egress {
    /// The place.
    pub edge: Edge,
    /// Which way it goes from there.
    pub network: Network,
}

/// Which way a request leaves Twilio.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Network {
    /// The open internet.
    Public,
    /// A private line, `-ix`. An account without one gets error 11242, which only the provider can know.
    Interconnect,
}

/// A fragment that Twilio reports as an error of the webhook.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OverrideError {
    /// `e` has an empty name or characters that no edge has.
    #[error("connection override e is malformed: {0:?}")]
    EdgeInvalid(String),
    /// `e` names an edge that does not exist.
    #[error("connection override e names an unknown edge: {0:?}")]
    EdgeUnsupported(String),
    /// `rp` has something other than `ct`, `rt`, `4xx`, `5xx` and `all`.
    #[error("connection override rp has an unknown condition: {0:?}")]
    RetryPolicyInvalid(String),
}

impl OverrideError {
    /// Twilio's error code.
    pub fn code(&self) -> u32 {
        match self {
            OverrideError::EdgeInvalid(_) => 11240,
            OverrideError::EdgeUnsupported(_) => 11241,
            OverrideError::RetryPolicyInvalid(_) => 11243,
        }
    }
}

/// Cuts a webhook's URL into the part that is requested and signed, and the overrides in its fragment.
///
/// Keys that are not known, and numbers that are none or out of their range, count as not given: Twilio has
/// no error for them.
pub fn split(url: &str) -> Result<(&str, ConnectionOverrides), OverrideError> {
    let Some((address, fragment)) = url.split_once('#') else {
        return Ok((url, ConnectionOverrides::default()));
    };
    let mut overrides = ConnectionOverrides::default();
    for (key, value) in fragment.split('&').filter_map(|pair| pair.split_once('=')) {
        match key {
            "rc" => overrides.retry_count = within(value, 0, 5),
            "rp" => overrides.retry_policy = Some(RetryPolicy::parse(value)?),
            "ct" => overrides.connect_timeout_ms = within(value, 100, 10_000),
            "rt" => overrides.read_timeout_ms = within(value, 100, 15_000),
            "tt" => overrides.total_timeout_ms = within(value, 100, 15_000),
            "sni" => {
                overrides.server_name = ServerName::ALL.iter().copied().find(|name| name.as_str() == value)
            }
            "e" => overrides.edges = value.split(',').map(Egress::parse).collect::<Result<_, _>>()?,
            _ => {}
        }
    }
    Ok((address, overrides))
}

impl ConnectionOverrides {
    /// The time limit for connecting that holds, in ms.
    pub fn connect_timeout_ms(&self) -> u32 {
        self.connect_timeout_ms.unwrap_or(5_000)
    }

    /// The time limit for each read that holds, in ms.
    pub fn read_timeout_ms(&self) -> u32 {
        self.read_timeout_ms.unwrap_or(15_000)
    }

    /// The time limit for everything that holds, in ms.
    pub fn total_timeout_ms(&self) -> u32 {
        self.total_timeout_ms.unwrap_or(15_000)
    }

    /// The number of repetitions that holds.
    pub fn retry_count(&self) -> u32 {
        self.retry_count.unwrap_or(1)
    }

    /// The policy that holds.
    pub fn retry_policy(&self) -> RetryPolicy {
        self.retry_policy.unwrap_or_default()
    }

    /// The fragment without `#`, such as `rc=5&rp=ct,rt,5xx&tt=15000`; empty where nothing is set.
    pub fn to_fragment(&self) -> String {
        let mut out = String::new();
        let mut pair = |key: &str, value: Option<String>| {
            if let Some(value) = value {
                let joint = if out.is_empty() { "" } else { "&" };
                write!(out, "{joint}{key}={value}").expect("writing to a String cannot fail");
            }
        };
        pair("rc", self.retry_count.map(|count| count.to_string()));
        pair("rp", self.retry_policy.map(RetryPolicy::to_text).filter(|text| !text.is_empty()));
        pair("ct", self.connect_timeout_ms.map(|limit| limit.to_string()));
        pair("rt", self.read_timeout_ms.map(|limit| limit.to_string()));
        pair("tt", self.total_timeout_ms.map(|limit| limit.to_string()));
        pair("sni", self.server_name.map(|name| name.to_string()));
        let edges: Vec<String> = self.edges.iter().map(|egress| egress.to_text()).collect();
        pair("e", (!edges.is_empty()).then(|| edges.join(",")));
        out
    }
}

words! {
    /// Whether the TLS handshake names the host.
    pub enum ServerName {
        /// It does.
        Sent = "y",
        /// It does not.
        Withheld = "n",
    }
}

words! {
    /// A place that Twilio connects from.
    pub enum Edge {
        /// Virginia, the default.
        Ashburn = "ashburn",
        /// Ireland.
        Dublin = "dublin",
        /// Germany.
        Frankfurt = "frankfurt",
        /// Brazil.
        SaoPaulo = "sao-paulo",
        /// Singapore.
        Singapore = "singapore",
        /// Australia.
        Sydney = "sydney",
        /// Japan.
        Tokyo = "tokyo",
        /// Oregon.
        Umatilla = "umatilla",
    }
}

impl Default for RetryPolicy {
    fn default() -> RetryPolicy {
        RetryPolicy { connect_failure: true, read_timeout: false, client_error: false, server_error: false }
    }
}

impl RetryPolicy {
    /// A repetition after every failure.
    pub const ALL: RetryPolicy =
        RetryPolicy { connect_failure: true, read_timeout: true, client_error: true, server_error: true };

    fn parse(text: &str) -> Result<RetryPolicy, OverrideError> {
        let mut policy = RetryPolicy {
            connect_failure: false,
            read_timeout: false,
            client_error: false,
            server_error: false,
        };
        for condition in text.split(',') {
            match condition {
                "ct" => policy.connect_failure = true,
                "rt" => policy.read_timeout = true,
                "4xx" => policy.client_error = true,
                "5xx" => policy.server_error = true,
                "all" => policy = RetryPolicy::ALL,
                other => return Err(OverrideError::RetryPolicyInvalid(other.to_owned())),
            }
        }
        Ok(policy)
    }

    fn to_text(self) -> String {
        if self == RetryPolicy::ALL {
            return "all".to_owned();
        }
        let conditions = [
            (self.connect_failure, "ct"),
            (self.read_timeout, "rt"),
            (self.client_error, "4xx"),
            (self.server_error, "5xx"),
        ];
        let named: Vec<&str> = conditions.into_iter().filter(|(set, _)| *set).map(|(_, name)| name).collect();
        named.join(",")
    }
}

const INTERCONNECT_SUFFIX: &str = "-ix";

impl Egress {
    fn parse(text: &str) -> Result<Egress, OverrideError> {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') {
            return Err(OverrideError::EdgeInvalid(text.to_owned()));
        }
        let (name, network) = match text.strip_suffix(INTERCONNECT_SUFFIX) {
            Some(name) => (name, Network::Interconnect),
            None => (text, Network::Public),
        };
        match Edge::ALL.iter().find(|edge| edge.as_str() == name) {
            Some(edge) => Ok(Egress { edge: *edge, network }),
            None => Err(OverrideError::EdgeUnsupported(text.to_owned())),
        }
    }

    fn to_text(self) -> String {
        match self.network {
            Network::Public => self.edge.to_string(),
            Network::Interconnect => format!("{}{INTERCONNECT_SUFFIX}", self.edge),
        }
    }
}

fn within(text: &str, min: u32, max: u32) -> Option<u32> {
    text.parse().ok().filter(|number| (min..=max).contains(number))
}
