//! Requests to addresses that authors write: what they reach is checked, and nothing is followed or repeated.
//!
//! An author, a variable or a model may name any address, and this server may stand where it can reach what the
//! outside cannot. So an address that belongs to this machine, to a private network or to a link is refused unless the
//! settings allow it. A name is resolved once, and the connection goes to the very address that was looked at.

mod address;
mod resolver;

use crate::config::Networks;
use address::kind_of;
use bytes::{Bytes, BytesMut};
use http::header::{CONTENT_TYPE, HeaderMap};
use http::{Method, StatusCode};
use resolver::{Refused, Resolver};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use url::{Host, Url};

/// Idle connections are let go after this long: authors' servers are asked now and then.
const IDLE_CONNECTION_LIMIT: Duration = Duration::from_secs(20);

/// The way out.
pub struct Outgoing {
    allowed: Arc<Networks>,
    client: reqwest::Client,
}

/// One request.
#[derive(Clone, Debug)]
pub(crate) struct Errand {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Bytes>,
    /// For everything, from the look-up of the name to the last byte of the answer.
    pub(crate) limit: Duration,
    /// What is longer is cut.
    pub(crate) answer_bytes_max: usize,
}

/// What was answered, whatever it was.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    /// Without its parameters, in lower case.
    pub(crate) content_type: Option<String>,
    pub(crate) body: Bytes,
    /// There was more than was read.
    pub(crate) is_cut: bool,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoAnswer {
    /// Nothing was sent, and nothing will be.
    #[error("the address is not allowed: {0}")]
    Refused(String),
    /// No byte of the request left.
    #[error("no connection could be made: {0}")]
    NotConnected(String),
    #[error("there was no answer within {} ms", .0.as_millis())]
    TimedOut(Duration),
    /// The request may have arrived.
    #[error("the connection failed: {0}")]
    Broken(String),
}

impl Outgoing {
    /// # Errors
    /// Where the machine's list of trusted authorities cannot be read.
    pub fn new(allowed: Networks, connect_limit: Duration) -> Result<Outgoing, reqwest::Error> {
        Outgoing::by(Resolver::of_the_machine(Arc::new(allowed)), connect_limit)
    }

    fn by(resolver: Resolver, connect_limit: Duration) -> Result<Outgoing, reqwest::Error> {
        let allowed = resolver.allowed();
        let client = reqwest::Client::builder()
            .user_agent(concat!("switchboard/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            // A proxy would resolve the name anew, where nobody looks.
            .no_proxy()
            .referer(false)
            .connect_timeout(connect_limit)
            .pool_idle_timeout(IDLE_CONNECTION_LIMIT)
            .tcp_nodelay(true)
            .dns_resolver(Arc::new(resolver))
            .build()?;
        Ok(Outgoing { allowed, client })
    }

    /// Runs one errand. Redirects are answers like others.
    ///
    /// # Errors
    /// [`NoAnswer`], in words that hold no address.
    pub(crate) async fn run(&self, errand: Errand) -> Result<Answer, NoAnswer> {
        self.check(&errand.url)?;
        let Errand { method, url, headers, body, limit, answer_bytes_max } = errand;
        let mut request = self.client.request(method, url).headers(headers);
        if let Some(body) = body {
            request = request.body(body);
        }
        let asked = async {
            let response = request.send().await.map_err(|error| no_answer(&error))?;
            read(response, answer_bytes_max).await
        };
        tokio::time::timeout(limit, asked).await.unwrap_or(Err(NoAnswer::TimedOut(limit)))
    }

    /// What can be known before a name is resolved.
    fn check(&self, url: &Url) -> Result<(), NoAnswer> {
        let refused = |why: &str| Err(NoAnswer::Refused(why.to_owned()));
        if !matches!(url.scheme(), "http" | "https") {
            return refused("it begins with neither http:// nor https://");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refused("it has a user or a password in it");
        }
        let literal = match url.host() {
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
            Some(Host::Domain(_)) => return Ok(()),
            None => return refused("it names no host"),
        };
        match kind_of(literal) {
            Some(kind) if !self.allowed.contains(literal) => refused(kind.words()),
            _ => Ok(()),
        }
    }
}

async fn read(mut response: reqwest::Response, bytes_max: usize) -> Result<Answer, NoAnswer> {
    let content_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let content_type = content_type.and_then(|value| value.split(';').next());
    let content_type = content_type.map(|value| value.trim().to_ascii_lowercase());
    let status = response.status();
    let mut body = BytesMut::new();
    let mut is_cut = false;
    while let Some(chunk) = response.chunk().await.map_err(|error| no_answer(&error))? {
        let room = bytes_max - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if chunk.len() > room {
            is_cut = true;
            break;
        }
    }
    Ok(Answer { status, content_type, body: body.freeze(), is_cut })
}

fn no_answer(error: &reqwest::Error) -> NoAnswer {
    use std::error::Error as _;
    // Without the address: it may hold what a person said.
    let mut words = Vec::new();
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(Refused(why)) = cause.downcast_ref() {
            return NoAnswer::Refused(why.clone());
        }
        words.push(cause.to_string());
        source = cause.source();
    }
    let words = words.pop().unwrap_or_else(|| "the request cannot be made".to_owned());
    if error.is_connect() || error.is_builder() {
        NoAnswer::NotConnected(words)
    } else {
        NoAnswer::Broken(words)
    }
}

#[cfg(test)]
mod tests;
