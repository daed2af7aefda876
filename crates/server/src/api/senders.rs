//! Senders: what we send from, their names and rates, and what the provider has.

use super::auth::{MayAdminister, MayRead};
use super::body::{Json, Path};
use super::pages::Page;
use super::problem::{Problem, ProblemCode};
use crate::app::AppState;
use crate::credentials::CredentialError;
use crate::outbound::senders::{self, SenderChange, SyncError, SyncPlan};
use axum::extract::State;
use engine::address;
use engine::id::SenderId;
use engine::pacing::{CallRate, Rate};
use http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};
use store::record::{Capabilities, Sender, SenderKind};
use store::{Commit, CommitError, Conflict};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(put, delete)).routes(routes!(sync))
}

/// A number, short code, WhatsApp sender or messaging service.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SenderView {
    pub id: String,
    pub credential: String,
    /// What workflows may write instead of the address.
    pub name: String,
    /// E.164, short code, alphanumeric, or `MG…`.
    pub address: String,
    /// `number`, `shortCode`, `alphanumeric`, `whatsApp` or `service`.
    pub kind: String,
    /// `sms`, `mms`, `voice`, `whatsapp`.
    pub capabilities: Vec<String>,
    /// The provider's own id of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    /// Numbers of a messaging service.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<String>,
    /// Unpaced where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segments_per_second: Option<f64>,
    /// Calls are unpaced where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calls_per_second: Option<f64>,
    /// The provider may change texts on their way.
    pub rewrites_text: bool,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// What is to change about a sender; what is left out stays. One that does not exist is made, and needs its
/// credential and address.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SenderBody {
    /// Another name for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How fast it may send; null takes the limit away.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>)]
    pub segments_per_second: Option<Option<f64>>,
    /// How many calls a second it may place; null takes the limit away.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>)]
    pub calls_per_second: Option<Option<f64>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rewrites_text: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<String>,
    /// E.164, short code, alphanumeric, or `MG…`; `whatsapp:` before it makes it a WhatsApp sender.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// Tells null, which is given, from nothing.
fn given<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<f64>>, D::Error> {
    Option::<f64>::deserialize(from).map(Some)
}

/// Which credential's senders to compare, and whether to take the difference over.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SyncBody {
    /// The only one there is where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<String>,
    /// Stores the senders and sets their webhooks at the provider. Without it, the difference is only shown.
    #[serde(default)]
    pub apply: bool,
}

/// The difference between what the provider has and what is stored.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct SyncView {
    pub credential: String,
    /// Whether it was taken over.
    pub applied: bool,
    pub senders: Vec<SenderChangeView>,
    pub webhooks: Vec<WebhookChangeView>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct SenderChangeView {
    /// `new`, `changed`, `gone` or `same`.
    pub change: String,
    pub sender: SenderView,
}

/// One setting at the provider that does not lead here.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct WebhookChangeView {
    /// The number or the service, as people call it.
    pub owner: String,
    pub sid: String,
    /// The provider's name of the setting.
    pub setting: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// Empty: nothing more stands there.
    pub after: String,
}

/// List senders
#[utoipa::path(get, path = "/senders", tag = "senders", responses((status = 200, body = Page<SenderView>)))]
async fn list(State(app): State<AppState>, _: MayRead) -> Result<Json<Page<SenderView>>, Problem> {
    let all = app.store.senders().await?;
    Ok(Json(Page::whole(all.into_iter().map(SenderView::from).collect())))
}

/// Change a sender, or add one by hand
#[utoipa::path(put, path = "/senders/{name}", tag = "senders",
    params(("name" = String, Path, description = "The sender's name or address")),
    request_body = SenderBody, responses((status = 200, body = SenderView)))]
async fn put(
    State(app): State<AppState>,
    _: MayAdminister,
    Path(name): Path<String>,
    Json(body): Json<SenderBody>,
) -> Result<Json<SenderView>, Problem> {
    let all = app.store.senders().await?;
    let now = app.host.now();
    let known = find(all, &name)?;
    let mut sender = match known {
        Some(_) if body.address.is_some() => {
            let detail = "a sender's address does not change; add another sender";
            return Err(Problem::new(ProblemCode::BadInput, detail));
        }
        Some(known) => known,
        None => by_hand(&app, &name, &body).await?,
    };
    set_rates(&mut sender, &body)?;
    if let Some(name) = body.name {
        sender.name = fitting_name(&name)?;
    }
    sender.rewrites_text = body.rewrites_text.unwrap_or(sender.rewrites_text);
    sender.updated_at = now;
    match app.store.commit(Commit { senders: vec![sender.clone()], ..Commit::default() }).await {
        Ok(()) => {}
        Err(CommitError::Conflict(Conflict::DuplicateName)) => {
            let detail = format!("another sender is called {:?}", sender.name);
            return Err(Problem::new(ProblemCode::Conflict, detail));
        }
        Err(CommitError::Conflict(conflict)) => {
            return Err(Problem::new(ProblemCode::Conflict, conflict.to_string()));
        }
        Err(CommitError::Store(error)) => return Err(error.into()),
    }
    app.host.refresh().await?;
    Ok(Json(sender.into()))
}

fn set_rates(sender: &mut Sender, body: &SenderBody) -> Result<(), Problem> {
    let given = [("segmentsPerSecond", body.segments_per_second), ("callsPerSecond", body.calls_per_second)];
    for (name, rate) in given {
        if rate.flatten().is_some_and(|rate| !(rate.is_finite() && rate > 0.0)) {
            return Err(Problem::new(ProblemCode::BadInput, format!("{name} must be above 0, or null")));
        }
    }
    if let Some(rate) = body.segments_per_second {
        sender.rate = rate.map(|segments_per_second| Rate { segments_per_second });
    }
    if let Some(rate) = body.calls_per_second {
        sender.call_rate = rate.map(|calls_per_second| CallRate { calls_per_second });
    }
    Ok(())
}

/// The one of that name, else the only one of that address.
fn find(all: Vec<Sender>, name: &str) -> Result<Option<Sender>, Problem> {
    let name = name.strip_prefix(' ').map_or_else(|| name.to_owned(), |rest| format!("+{rest}"));
    let (named, others): (Vec<Sender>, Vec<Sender>) =
        all.into_iter().partition(|sender| sender.name.eq_ignore_ascii_case(&name));
    if let Some(named) = named.into_iter().next() {
        return Ok(Some(named));
    }
    let mut of_address = others.into_iter().filter(|sender| sender.address == name);
    match (of_address.next(), of_address.next()) {
        (Some(_), Some(_)) => {
            let detail = "several senders have this address: give a name";
            Err(Problem::new(ProblemCode::Conflict, detail))
        }
        (only, _) => Ok(only),
    }
}

async fn by_hand(app: &AppState, name: &str, body: &SenderBody) -> Result<Sender, Problem> {
    let (Some(credential), Some(address)) = (&body.credential, &body.address) else {
        return Err(Problem::not_found("sender").hint(
            "`switchboard senders list` shows what there is; a new one needs its credential and address.",
        ));
    };
    app.credentials.twilio(credential).await.map_err(of_credential)?;
    let is_whatsapp = address.trim().starts_with("whatsapp:");
    let parsed = address::Sender::parse(address, None)
        .map_err(|error| Problem::new(ProblemCode::BadInput, format!("address: {error}")))?;
    let (address, kind) = match parsed {
        address::Sender::Number(number) if is_whatsapp => (number.to_string(), SenderKind::WhatsApp),
        address::Sender::Number(number) => (number.to_string(), SenderKind::Number),
        address::Sender::ShortCode(code) => (code, SenderKind::ShortCode),
        address::Sender::Service(sid) => (sid, SenderKind::Service),
        address::Sender::Name(name) if address::is_alphanumeric(&name) => (name, SenderKind::Alphanumeric),
        address::Sender::Name(_) => {
            let detail = "address: is no number, short code, service or alphanumeric sender";
            return Err(Problem::new(ProblemCode::BadInput, detail));
        }
    };
    let text = kind != SenderKind::WhatsApp;
    Ok(Sender {
        id: SenderId::from_trusted(host::new_id(SenderId::PREFIX)),
        credential: credential.clone(),
        name: fitting_name(name)?,
        address,
        kind,
        capabilities: Capabilities {
            sms: text,
            voice: kind == SenderKind::Number,
            whatsapp: !text,
            ..Capabilities::default()
        },
        sid: None,
        members: Vec::new(),
        rate: None,
        call_rate: None,
        // What a service does to texts is not known until it is imported.
        rewrites_text: kind == SenderKind::Service,
        updated_at: app.host.now(),
    })
}

const NAME_CHARACTERS_MAX: usize = 100;

fn fitting_name(name: &str) -> Result<String, Problem> {
    let name = name.trim();
    let count = name.chars().count();
    if !(1..=NAME_CHARACTERS_MAX).contains(&count) || name.chars().any(char::is_control) {
        let detail = format!("a sender's name has 1 to {NAME_CHARACTERS_MAX} characters");
        return Err(Problem::new(ProblemCode::BadInput, detail));
    }
    Ok(name.to_owned())
}

/// Forget a sender
///
/// Nothing changes at the provider; the next sync finds it again.
#[utoipa::path(delete, path = "/senders/{name}", tag = "senders", params(("name" = String, Path)),
    responses((status = 204, description = "Forgotten")))]
async fn delete(
    State(app): State<AppState>,
    _: MayAdminister,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    let known = find(app.store.senders().await?, &name)?.ok_or_else(|| Problem::not_found("sender"))?;
    app.store.delete_sender(&known.name).await?;
    app.host.refresh().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Compare senders with the provider
///
/// Shows the difference; with `apply`, takes it over and sets the webhooks of numbers and services.
#[utoipa::path(post, path = "/senders/sync", tag = "senders", request_body = SyncBody,
    responses((status = 200, body = SyncView)))]
async fn sync(
    State(app): State<AppState>,
    _: MayAdminister,
    Json(body): Json<SyncBody>,
) -> Result<Json<SyncView>, Problem> {
    let credential = match body.credential {
        Some(credential) => credential,
        None => only_credential(&app)?,
    };
    let plan = senders::plan(&app.carrier, &app.host, &credential).await.map_err(of_sync)?;
    if body.apply {
        senders::apply(&app.carrier, &app.host, &plan).await.map_err(of_sync)?;
    }
    Ok(Json(view(plan, body.apply)))
}

fn only_credential(app: &AppState) -> Result<String, Problem> {
    match app.host.directory().credentials() {
        [only] => Ok(only.clone()),
        [] => Err(Problem::new(ProblemCode::BadInput, "there is no Twilio credential yet")
            .hint("Add one with `switchboard credentials add`.")),
        several => {
            let detail = format!("credential: is one of {}", several.join(", "));
            Err(Problem::new(ProblemCode::BadInput, detail))
        }
    }
}

pub(super) fn of_credential(error: CredentialError) -> Problem {
    match error {
        CredentialError::Unknown(_) => Problem::not_found("credential"),
        CredentialError::Wrong(problems) => {
            Problem::bad_input(problems.iter().map(ToString::to_string).collect())
        }
        CredentialError::OtherKind { .. }
        | CredentialError::NoneOfKind { .. }
        | CredentialError::SeveralOfKind { .. } => Problem::new(ProblemCode::NotAllowed, error.to_string()),
        CredentialError::Store(error) => error.into(),
    }
}

fn of_sync(error: SyncError) -> Problem {
    match error {
        SyncError::Credential(error) => of_credential(error),
        SyncError::TestCredentials => Problem::new(ProblemCode::NotAllowed, error.to_string()),
        SyncError::Provider(_) => Problem::new(ProblemCode::ProviderFailed, error.to_string()),
        SyncError::Changed => Problem::new(ProblemCode::Conflict, error.to_string()),
        SyncError::Store(error) => error.into(),
        SyncError::Host(error) => error.into(),
    }
}

fn view(plan: SyncPlan, applied: bool) -> SyncView {
    let change = |change: SenderChange| {
        let (word, sender) = match change {
            SenderChange::New { sender } => ("new", sender),
            SenderChange::Changed { sender, .. } => ("changed", sender),
            SenderChange::Gone { sender } => ("gone", sender),
            SenderChange::Same { sender } => ("same", sender),
        };
        SenderChangeView { change: word.to_owned(), sender: sender.into() }
    };
    let webhook = |change: senders::WebhookChange| WebhookChangeView {
        owner: change.owner,
        sid: change.sid,
        setting: change.setting.to_owned(),
        before: change.before,
        after: change.after,
    };
    SyncView {
        credential: plan.credential,
        applied,
        senders: plan.senders.into_iter().map(change).collect(),
        webhooks: plan.webhooks.into_iter().map(webhook).collect(),
    }
}

impl From<Sender> for SenderView {
    fn from(sender: Sender) -> SenderView {
        let kind = match sender.kind {
            SenderKind::Number => "number",
            SenderKind::ShortCode => "shortCode",
            SenderKind::Alphanumeric => "alphanumeric",
            SenderKind::WhatsApp => "whatsApp",
            SenderKind::Service => "service",
        };
        let can = sender.capabilities;
        let capabilities =
            [("sms", can.sms), ("mms", can.mms), ("voice", can.voice), ("whatsapp", can.whatsapp)];
        SenderView {
            id: sender.id.to_string(),
            credential: sender.credential,
            name: sender.name,
            address: sender.address,
            kind: kind.to_owned(),
            capabilities: capabilities
                .iter()
                .filter(|(_, can)| *can)
                .map(|(name, _)| (*name).to_owned())
                .collect(),
            sid: sender.sid,
            members: sender.members,
            segments_per_second: sender.rate.map(|rate| rate.segments_per_second),
            calls_per_second: sender.call_rate.map(|rate| rate.calls_per_second),
            rewrites_text: sender.rewrites_text,
            updated_at: sender.updated_at,
        }
    }
}
