//! Credentials: kept sealed, listed without their secrets, tried out at the provider.

use super::auth::{MayAdminister, MayRead};
use super::body::{Json, Path, Query};
use super::pages::Page;
use super::problem::{Problem, ProblemCode};
use super::senders::of_credential;
use crate::app::AppState;
use crate::credentials::{Draft, HttpDraft, OpenAiDraft};
use crate::model::ModelReport;
use crate::outbound::AccountReport;
use axum::extract::State;
use http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::record::CredentialSummary;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(put, delete))
        .routes(routes!(test))
        .routes(routes!(rotate_key))
}

/// A credential, without its secrets.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CredentialView {
    pub name: String,
    /// `twilio`, `openai` or `http`.
    pub kind: String,
    /// What may be shown: account SID, API base, whether they are test credentials, hosts.
    #[schema(value_type = Object)]
    pub public: Value,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// A credential to be kept. What it may hold depends on its kind; secrets never come back.
///
/// `twilio`: `accountSid`, `authToken`, and where wanted `authTokenNext`, `apiKeySid` with `apiKeySecret`,
/// `apiBase`, `test`. `openai`: `apiKey`, and where wanted `baseUrl`, `organization`, `project`. `http`: `hosts`, and
/// `token`, or `header` with `value`, or `user` with `password`.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CredentialBody {
    /// `twilio`, `openai` or `http`.
    pub kind: String,
    #[serde(flatten)]
    #[schema(additional_properties, value_type = Object)]
    pub fields: Map<String, Value>,
}

/// What the provider says of a credential's account.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccountView {
    pub credential: String,
    /// Whether it can be used: texts can be sent with it, or a model answers.
    pub usable: bool,
    /// Of Twilio's account.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub account_sid: String,
    /// Where models are asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// The model that was asked for a word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// How many models the endpoint lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub models: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `Full` or `Trial`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub balance: Option<String>,
    pub numbers: Vec<NumberView>,
    pub findings: Vec<FindingView>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct NumberView {
    pub number: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `sms`, `mms`, `voice`.
    pub capabilities: Vec<String>,
}

/// Something that stands in the way, or should be known.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct FindingView {
    /// `error`, `warning` or `info`.
    pub severity: String,
    pub message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// List credentials
#[utoipa::path(get, path = "/credentials", tag = "credentials", responses((status = 200, body = Page<CredentialView>)))]
async fn list(State(app): State<AppState>, _: MayRead) -> Result<Json<Page<CredentialView>>, Problem> {
    let all = app.store.credentials().await?;
    Ok(Json(Page::whole(all.into_iter().map(CredentialView::from).collect())))
}

/// Add or replace a credential
///
/// Formats are checked; nothing is asked of the provider.
#[utoipa::path(put, path = "/credentials/{name}", tag = "credentials", params(("name" = String, Path)),
    request_body = CredentialBody, responses((status = 200, body = CredentialView)))]
async fn put(
    State(app): State<AppState>,
    _: MayAdminister,
    Path(name): Path<String>,
    Json(body): Json<CredentialBody>,
) -> Result<Json<CredentialView>, Problem> {
    let CredentialBody { kind, mut fields } = body;
    match fields.get("name").and_then(Value::as_str) {
        Some(other) if other != name => {
            let detail = "the path and the body name different credentials";
            return Err(Problem::new(ProblemCode::NameMismatch, detail));
        }
        _ => fields.insert("name".to_owned(), name.into()),
    };
    fields.insert("kind".to_owned(), kind.into());
    let draft: Draft = serde_json::from_value(Value::Object(fields)).map_err(|error| {
        // The parser's words may repeat a value only where its type is wrong; secrets are texts.
        Problem::new(ProblemCode::UnreadableBody, error.to_string())
    })?;
    let kept = app.credentials.put(&draft, app.host.now()).await.map_err(of_credential)?;
    app.host.refresh().await?;
    Ok(Json(kept.into()))
}

/// Delete a credential
#[utoipa::path(delete, path = "/credentials/{name}", tag = "credentials", params(("name" = String, Path)),
    responses((status = 204, description = "Deleted")))]
async fn delete(
    State(app): State<AppState>,
    _: MayAdminister,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    if !app.credentials.delete(&name).await.map_err(of_credential)? {
        return Err(Problem::not_found("credential"));
    }
    app.host.refresh().await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Trial {
    /// With a credential of kind `openai`: the model that is asked. Without it, the one that is recommended, or
    /// the first that another server than OpenAI's lists.
    #[serde(default)]
    model: Option<String>,
}

/// Try a credential out
///
/// Asks Twilio for the account, its balance and its numbers, or a model for a single word. What is wrong is found,
/// not refused: a wrong key, an account without credit and a model that is not there are told apart. Of a secret for
/// somebody else's server nothing can be asked; that is said.
#[utoipa::path(post, path = "/credentials/{name}/test", tag = "credentials",
    params(("name" = String, Path), Trial), responses((status = 200, body = AccountView)))]
async fn test(
    State(app): State<AppState>,
    _: MayAdminister,
    Path(name): Path<String>,
    Query(trial): Query<Trial>,
) -> Result<Json<AccountView>, Problem> {
    match app.credentials.kind(&name).await.map_err(of_credential)?.as_str() {
        OpenAiDraft::KIND => {
            let report = app.models.test(&name, trial.model.as_deref()).await.map_err(of_credential)?;
            Ok(Json(report.into()))
        }
        HttpDraft::KIND => {
            app.credentials.http(&name).await.map_err(of_credential)?;
            Ok(Json(AccountView::readable(name)))
        }
        _ => {
            let report = app.carrier.test(&name).await.map_err(of_credential)?;
            Ok(Json(report.into()))
        }
    }
}

/// What sealing anew came to.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct RotationView {
    /// How many credentials were sealed under an older key.
    pub rotated: u64,
}

/// Seal all secrets under the newest key
///
/// Afterwards the keys of `encryption.previousKeyFiles` are needed no more. Asking twice does no harm.
#[utoipa::path(post, path = "/encryption-key/rotate", tag = "credentials",
    responses((status = 200, body = RotationView)))]
async fn rotate_key(State(app): State<AppState>, _: MayAdminister) -> Result<Json<RotationView>, Problem> {
    let rotated = app.store.rotate_keys().await?;
    tracing::info!(rotated, "secrets were sealed under the newest key");
    Ok(Json(RotationView { rotated }))
}

impl From<CredentialSummary> for CredentialView {
    fn from(summary: CredentialSummary) -> CredentialView {
        CredentialView {
            name: summary.name,
            kind: summary.kind,
            public: summary.public,
            created_at: summary.created_at,
            updated_at: summary.updated_at,
        }
    }
}

impl From<AccountReport> for AccountView {
    fn from(report: AccountReport) -> AccountView {
        use crate::outbound::{Finding, OwnedNumber, Severity};
        let usable = report.is_usable();
        let number = |number: OwnedNumber| {
            let can = [("sms", number.sms), ("mms", number.mms), ("voice", number.voice)];
            let capabilities = can.iter().filter(|(_, can)| *can).map(|(name, _)| (*name).to_owned());
            NumberView { number: number.number, name: number.name, capabilities: capabilities.collect() }
        };
        let finding = |finding: Finding| {
            let severity = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "info",
            };
            FindingView { severity: severity.to_owned(), message: finding.message, hint: finding.hint }
        };
        AccountView {
            usable,
            credential: report.credential,
            account_sid: report.account_sid,
            base_url: None,
            model: None,
            models: None,
            name: report.name,
            kind: report.kind,
            status: report.status,
            balance: report.balance,
            numbers: report.numbers.into_iter().map(number).collect(),
            findings: report.findings.into_iter().map(finding).collect(),
        }
    }
}

impl AccountView {
    /// Of a secret that can be read, and that nobody can be asked about.
    fn readable(credential: String) -> AccountView {
        let finding = FindingView {
            severity: "info".to_owned(),
            message: "the secret can be read; nothing was asked of the server that it is for".to_owned(),
            hint: Some("a tool that uses it shows whether the server takes it".to_owned()),
        };
        AccountView {
            credential,
            usable: true,
            account_sid: String::new(),
            base_url: None,
            model: None,
            models: None,
            name: None,
            kind: None,
            status: None,
            balance: None,
            numbers: Vec::new(),
            findings: vec![finding],
        }
    }
}

impl From<ModelReport> for AccountView {
    fn from(report: ModelReport) -> AccountView {
        let finding = report.finding.map(|finding| FindingView {
            severity: "error".to_owned(),
            message: finding.message,
            hint: Some(finding.hint.to_owned()),
        });
        AccountView {
            credential: report.credential,
            usable: finding.is_none(),
            account_sid: String::new(),
            base_url: Some(report.base_url),
            model: Some(report.model),
            models: report.models,
            name: None,
            kind: None,
            status: None,
            balance: None,
            numbers: Vec::new(),
            findings: finding.into_iter().collect(),
        }
    }
}
