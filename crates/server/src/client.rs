//! The API as the command line calls it.

use crate::api::problem::ProblemBody;
use crate::cli::{CliError, Left};
use bytes::Bytes;
use futures::Stream;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method, StatusCode};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::time::Duration;
use url::Url;

/// Where the server is, and how to be let in.
#[derive(Clone, Debug, clap::Args)]
pub struct Connection {
    /// Address of the server; what `switchboard dev` left, where nothing is said
    #[arg(long, env = "SWITCHBOARD_URL", value_name = "URL", help_heading = "Connection")]
    server: Option<String>,
    /// Token of the API; what `switchboard dev` left, where nothing is said
    #[arg(
        long,
        env = "SWITCHBOARD_TOKEN",
        hide_env_values = true,
        value_name = "TOKEN",
        help_heading = "Connection"
    )]
    token: Option<SecretString>,
}

/// A connection to the API of one server.
#[derive(Debug)]
pub struct Client {
    http: reqwest::Client,
    /// Without a slash at its end.
    server: String,
    authorization: HeaderValue,
}

/// Longest time until an answer begins. Starting a run may wait for a minute by itself.
const ANSWER_LIMIT: Duration = Duration::from_secs(90);
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// What may stand in one part of a path.
const PATH_PART: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

impl Connection {
    /// The client of the server that is meant.
    ///
    /// # Errors
    /// Where neither the flags nor the environment nor a running `dev` say where to go.
    pub fn open(&self) -> Result<Client, CliError> {
        let left = Left::read();
        let (server, token) = match (&self.server, &self.token, left) {
            (Some(server), Some(token), _) => (server.clone(), token.clone()),
            (Some(server), None, Some(left)) if plain(&left.url) == plain(server) => {
                (server.clone(), left.token)
            }
            (None, token, Some(left)) => (left.url, token.clone().unwrap_or(left.token)),
            (Some(_), None, _) => {
                let hint =
                    "give --token or SWITCHBOARD_TOKEN; `switchboard token create` makes the first token";
                return Err(CliError::told("no token for this server", hint));
            }
            (None, _, None) => {
                let hint = "start one with `switchboard dev`, or give --server or SWITCHBOARD_URL";
                return Err(CliError::told("no server is named, and no `switchboard dev` is running", hint));
            }
        };
        Client::new(&server, &token)
    }
}

/// Without a slash at its end.
fn plain(url: &str) -> &str {
    url.trim_end_matches('/')
}

impl Client {
    /// # Errors
    /// Where the address or the token cannot be used in a request.
    pub fn new(server: &str, token: &SecretString) -> Result<Client, CliError> {
        let url = Url::parse(server).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let url = url.ok_or_else(|| {
            CliError::told(
                format!("{server:?} is no address of a server"),
                "write it as http://127.0.0.1:8080",
            )
        })?;
        let mut authorization = HeaderValue::from_str(&format!("Bearer {}", token.expose_secret()))
            .map_err(|_| CliError::told("the token has characters that no token has", "copy it anew"))?;
        authorization.set_sensitive(true);
        let mut builder = reqwest::Client::builder().connect_timeout(CONNECT_LIMIT);
        if url.host().is_some_and(|host| crate::credentials::is_loopback(&host)) {
            // No proxy of the environment leads to this machine.
            builder = builder.no_proxy();
        }
        let http =
            builder.build().map_err(|error| CliError::told(chain(&error), "this is no fault of yours"))?;
        Ok(Client { http, server: plain(server).to_owned(), authorization })
    }

    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, CliError> {
        self.call(Method::GET, path, None).await
    }

    pub async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, CliError> {
        self.call(Method::POST, path, Some((JSON, json(body)))).await
    }

    pub async fn put<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, CliError> {
        self.call(Method::PUT, path, Some((JSON, json(body)))).await
    }

    /// Sends a file as it is.
    ///
    /// # Errors
    /// As every call: a problem in its own words, or why there is no answer.
    pub async fn put_file<T: DeserializeOwned>(&self, path: &str, text: &str) -> Result<T, CliError> {
        self.call(Method::PUT, path, Some(("application/yaml", text.to_owned().into()))).await
    }

    /// Sends bytes of a kind.
    ///
    /// # Errors
    /// As every call.
    pub async fn put_bytes<T: DeserializeOwned>(
        &self,
        path: &str,
        content_type: &'static str,
        bytes: Vec<u8>,
    ) -> Result<T, CliError> {
        self.call(Method::PUT, path, Some((content_type, bytes.into()))).await
    }

    /// Gets an answer as it comes.
    ///
    /// # Errors
    /// As every call.
    pub async fn get_bytes(&self, path: &str) -> Result<Bytes, CliError> {
        self.answer(Method::GET, path, None).await
    }

    pub async fn delete(&self, path: &str) -> Result<(), CliError> {
        self.answer(Method::DELETE, path, None).await.map(drop)
    }

    /// A stream of server-sent events; only that something came matters.
    ///
    /// # Errors
    /// As every call.
    pub async fn watch(
        &self,
        path: &str,
    ) -> Result<impl Stream<Item = Result<Bytes, reqwest::Error>> + use<>, CliError> {
        let request = self.request(Method::GET, path);
        let response = request.send().await.map_err(|error| self.unreachable(&error))?;
        if response.status() != StatusCode::OK {
            return Err(self.refused(response).await);
        }
        Ok(response.bytes_stream())
    }

    async fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<(&'static str, Bytes)>,
    ) -> Result<T, CliError> {
        let bytes = self.answer(method, path, body).await?;
        serde_json::from_slice(&bytes).map_err(|error| {
            let hint = "the server may be of another version; compare `switchboard --version` on both sides";
            CliError::told(format!("the answer of {} cannot be read: {error}", self.server), hint)
        })
    }

    async fn answer(
        &self,
        method: Method,
        path: &str,
        body: Option<(&'static str, Bytes)>,
    ) -> Result<Bytes, CliError> {
        let mut request = self.request(method, path).timeout(ANSWER_LIMIT);
        if let Some((content_type, bytes)) = body {
            request = request.header(CONTENT_TYPE, content_type).body(bytes);
        }
        let response = request.send().await.map_err(|error| self.unreachable(&error))?;
        if !response.status().is_success() {
            return Err(self.refused(response).await);
        }
        response.bytes().await.map_err(|error| self.unreachable(&error))
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let url = format!("{}{}{path}", self.server, crate::api::PREFIX);
        self.http.request(method, url).header(AUTHORIZATION, self.authorization.clone())
    }

    async fn refused(&self, response: reqwest::Response) -> CliError {
        let status = response.status();
        let body = response.bytes().await.unwrap_or_default();
        match serde_json::from_slice::<ProblemBody>(&body) {
            Ok(problem) => CliError::Refused(Box::new(problem)),
            Err(_) => CliError::told(
                format!("{} answers {status} in a way that is not Switchboard's", self.server),
                "check --server: another program may have that port, or a proxy may stand between",
            ),
        }
    }

    fn unreachable(&self, error: &reqwest::Error) -> CliError {
        if error.is_connect() {
            let hint =
                "start it with `switchboard dev` or `switchboard serve`, or name another with --server";
            return CliError::told(format!("no server answers at {}", self.server), hint);
        }
        let what = if error.is_timeout() { "takes too long to answer" } else { "broke off" };
        CliError::told(
            format!("{} {what}: {}", self.server, chain(error)),
            "ask again; nothing is certain of the request",
        )
    }
}

const JSON: &str = "application/json";

fn json(body: &impl Serialize) -> Bytes {
    serde_json::to_vec(body).expect("what is sent is plain data").into()
}

/// One part of a path, with everything escaped that would end it.
pub fn part(text: &str) -> String {
    utf8_percent_encode(text, PATH_PART).to_string()
}

/// The parameters that are given, behind a question mark.
pub fn query(parameters: &[(&str, Option<String>)]) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    for (name, value) in parameters {
        if let Some(value) = value {
            form.append_pair(name, value);
        }
    }
    let text = form.finish();
    if text.is_empty() { text } else { format!("?{text}") }
}

fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
