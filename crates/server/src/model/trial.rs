//! Whether a credential works, asked of the endpoint: a wrong key, no credit and a model that is not there are told
//! apart.

use super::ModelClient;
use super::attempt::read_up_to;
use super::endpoint::OpenAiCredential;
use super::refusal::Refusal;
use super::request::Body;
use crate::credentials::CredentialError;
use engine::llm::models;
use engine::llm::question::{Endpoint, Failure, Message, Question};
use serde_json::Value;
use std::time::Duration;

/// How long each of the two requests of a trial may take.
const TRIAL_LIMIT: Duration = Duration::from_secs(20);
/// The longest list of models that is read, in bytes.
const LIST_BYTES_MAX: usize = 4 * 1024 * 1024;

/// What an endpoint says of a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelReport {
    pub credential: String,
    pub base_url: String,
    /// The model that was tried.
    pub model: String,
    /// How many models the endpoint lists, where it does.
    pub models: Option<usize>,
    /// What stands in the way.
    pub finding: Option<ModelFinding>,
}

/// What stands in the way, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelFinding {
    pub failure: Failure,
    pub message: String,
    pub hint: &'static str,
}

impl ModelClient {
    /// Lists the endpoint's models, and asks one for a single word: only that shows whether there is credit.
    ///
    /// # Errors
    /// Where there is no such credential. That the endpoint refuses is no error but a finding.
    pub async fn test(&self, name: &str, model: Option<&str>) -> Result<ModelReport, CredentialError> {
        let credential = self.keys.of(name).await?;
        let listed = self.list(&credential).await;
        let names = listed.as_ref().ok();
        let first = names.and_then(|names| names.first()).map(String::as_str);
        // Another server than OpenAI's need not have the model that is recommended there.
        let usual = if credential.is_openai() { models::recommended() } else { first.unwrap_or("default") };
        let model = model.unwrap_or(usual).to_owned();
        let mut report = ModelReport {
            credential: credential.name.clone(),
            base_url: credential.base_url.to_string(),
            models: names.map(Vec::len),
            finding: None,
            model,
        };
        report.finding = match listed {
            // Servers without a list may answer all the same.
            Err(refusal)
                if matches!(refusal.failure, Failure::BadKey | Failure::Unreachable | Failure::TimedOut) =>
            {
                Some(finding(refusal, &report))
            }
            _ => {
                self.ask_for_a_word(&credential, &report.model).await.map(|refusal| finding(refusal, &report))
            }
        };
        Ok(report)
    }

    async fn list(&self, credential: &OpenAiCredential) -> Result<Vec<String>, Refusal> {
        let client = self.transport(credential).map_err(|error| unreachable(&error))?;
        let request = client.get(credential.url("models")).headers(credential.headers()).timeout(TRIAL_LIMIT);
        let body: Value = answered(request).await?;
        let data = body["data"].as_array().cloned().unwrap_or_default();
        Ok(data.iter().filter_map(|model| model["id"].as_str()).map(str::to_owned).collect())
    }

    async fn ask_for_a_word(&self, credential: &OpenAiCredential, model: &str) -> Option<Refusal> {
        let question = Question {
            endpoints: vec![Endpoint { credential: credential.name.clone(), model: model.to_owned() }],
            messages: vec![Message::Caller { text: "Say ok.".to_owned() }],
            tools: Vec::new(),
            answer_tokens_max: 16,
            temperature: None,
            schema: None,
        };
        let client = match self.transport(credential) {
            Ok(client) => client,
            Err(error) => return Some(unreachable(&error)),
        };
        let mut quirks = self.quirks_of(credential, model);
        quirks.usage = false;
        loop {
            let body = Body::of(&question, model, quirks).whole();
            let request = client.post(credential.url("chat/completions")).headers(credential.headers());
            let refusal = answered(request.timeout(TRIAL_LIMIT).json(&body)).await.err()?;
            let parameter = refusal.parameter.as_deref().filter(|_| refusal.failure == Failure::Rejected);
            quirks = match parameter.and_then(|parameter| quirks.without(parameter)) {
                Some(learned) => learned,
                None => return Some(refusal),
            };
        }
    }
}

async fn answered(request: reqwest::RequestBuilder) -> Result<Value, Refusal> {
    let response = request.send().await.map_err(|error| unreachable(&error))?;
    let (status, headers) = (response.status(), response.headers().clone());
    let body = read_up_to(response, LIST_BYTES_MAX).await.unwrap_or_default();
    if !status.is_success() {
        return Err(Refusal::of(status, &headers, &body));
    }
    Ok(serde_json::from_slice(&body).unwrap_or(Value::Null))
}

fn unreachable(error: &reqwest::Error) -> Refusal {
    let failure =
        if error.is_timeout() && !error.is_connect() { Failure::TimedOut } else { Failure::Unreachable };
    Refusal { failure, parameter: None, retry_after: None, message: String::new() }
}

fn finding(refusal: Refusal, report: &ModelReport) -> ModelFinding {
    let (message, hint) = match refusal.failure {
        Failure::BadKey => (
            "the endpoint does not accept this key".to_owned(),
            "make a new key at the provider, and replace the credential",
        ),
        Failure::NoCredit => (
            "the account has no credit left".to_owned(),
            "add credit at the provider; trying again does not help",
        ),
        Failure::UnknownModel => (
            format!("the endpoint has no model {}, or this key may not use it", report.model),
            "name another model; the endpoint's own list is at /models",
        ),
        Failure::RateLimited => (
            "the endpoint takes no more requests of this key for the moment".to_owned(),
            "wait a minute, or ask the provider for a higher limit",
        ),
        Failure::Overloaded => ("the endpoint has trouble of its own".to_owned(), "try again later"),
        Failure::Unreachable => (
            format!("{} cannot be reached", report.base_url),
            "look at baseUrl, and whether this machine may connect to it",
        ),
        Failure::TimedOut => (format!("{} does not answer in time", report.base_url), "try again later"),
        Failure::TooLong | Failure::Rejected | Failure::Broken | Failure::Resting => {
            (format!("the endpoint refused: {}", refusal.message), "look at the provider's words")
        }
    };
    ModelFinding { failure: refusal.failure, message, hint }
}
