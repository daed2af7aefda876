//! Conversations: lists, and one with its answers and its transcript.
//!
//! What an agent marks as sensitive is never shown here.

use super::auth::MayRead;
use super::body::{Json, Path, Query};
use super::pages::{Cut, Page};
use super::parameter::one_of;
use super::problem::Problem;
use crate::app::AppState;
use axum::extract::State;
use engine::conversation::{HIDDEN, Status, TurnEntry, TurnKind};
use engine::id::ConversationId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::ConversationFilter;
use store::record::{ListedConversation, LockedConversation, StoredConversation};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(show))
}

/// A conversation with a person.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConversationView {
    pub id: String,
    pub agent: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_version: Option<u32>,
    /// `voice`, `sms` or `whatsapp`.
    pub channel: String,
    pub contact: String,
    /// The number of ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// `waiting`, `talking` or `ended`.
    pub status: String,
    /// `completed`, `end_call`, `transfer`, `max_retries`, `timeout` or `hangup`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_by: Option<String>,
    /// Questions put so far, repeats included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turn: Option<u32>,
    /// What language models took so far, in US dollars; nothing where none talks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<f64>,
    /// Nobody knows the price of some of it: the dearest one that is known stands in.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cost_is_assumed: bool,
    /// The call that it is held over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<String>,
    /// The run whose step asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<u32>,
    #[schema(value_type = String, format = DateTime)]
    pub started_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// Why nothing more is known of it: something was said in confidence, and the key is gone that it is sealed with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unavailable: Option<String>,
}

/// A conversation with all that was said.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ConversationDetail {
    #[serde(flatten)]
    pub conversation: ConversationView,
    /// By question id: value, what was heard, how sure, and after how many attempts.
    #[schema(value_type = Object)]
    pub answers: Map<String, Value>,
    /// What a model found out behind the call, where its agent wants that; nothing until it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub findings: Option<FindingsView>,
    /// Oldest first.
    pub transcript: Vec<TranscriptLine>,
}

/// What came of a conversation, as a model sees it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FindingsView {
    /// By name; null where the conversation does not say, or where no answer fitted.
    #[schema(value_type = Object)]
    pub fields: Map<String, Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// Why something is missing.
    pub problems: Vec<String>,
}

/// One line of a transcript.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TranscriptLine {
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    pub turn: u32,
    /// Who spoke: `agent`, `person`, or `system` for what was made of it.
    pub who: String,
    /// For people.
    pub sentence: String,
    /// For programs: what happened, and with it the fields of that kind.
    #[schema(value_type = Object)]
    pub event: Value,
}

/// Which conversations to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ConversationQuery {
    /// Those of this run.
    run: Option<String>,
    /// Those of this agent.
    agent: Option<String>,
    /// Those with this person.
    contact: Option<String>,
    /// `waiting`, `talking` or `ended`.
    status: Option<String>,
    /// Items of a page, 1 to 500; 50 where nothing is said.
    limit: Option<u32>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// List conversations, newest first
#[utoipa::path(get, path = "/conversations", tag = "conversations", params(ConversationQuery),
    responses((status = 200, body = Page<ConversationView>)))]
async fn list(
    State(app): State<AppState>,
    _: MayRead,
    Query(query): Query<ConversationQuery>,
) -> Result<Json<Page<ConversationView>>, Problem> {
    let cut = Cut::new(query.limit, query.cursor.as_deref())?;
    if let Some(status) = &query.status {
        one_of(status, "status", &["waiting", "talking", "ended"])?;
    }
    let filter = ConversationFilter {
        run: query.run.as_deref().map(super::messages::run_id).transpose()?,
        agent: query.agent,
        contact: query.contact.as_deref().map(super::messages::contact),
        status: query.status,
    };
    let found = app.store.listed_conversations(filter, cut.request()).await?;
    Ok(Json(cut.page(found, |listed| listed.id().as_str(), ConversationView::from)))
}

/// Show a conversation with its answers and its transcript
///
/// What the agent marks as sensitive is left out. Where the key of a sealed conversation is gone, its answers are not
/// there, and `unavailable` says why.
#[utoipa::path(get, path = "/conversations/{id}", tag = "conversations", params(("id" = String, Path)),
    responses((status = 200, body = ConversationDetail)))]
async fn show(
    State(app): State<AppState>,
    _: MayRead,
    Path(id): Path<String>,
) -> Result<Json<ConversationDetail>, Problem> {
    let id = ConversationId::parse(&id).ok_or_else(|| Problem::not_found("conversation"))?;
    let listed = app.store.listed_conversation(&id).await?;
    let listed = listed.ok_or_else(|| Problem::not_found("conversation"))?;
    let transcript = app.store.transcript(&id).await?;
    let (answers, findings) = match &listed {
        ListedConversation::Open(stored) => (shown_answers(stored), shown_findings(stored)),
        ListedConversation::Locked(_) => (Map::new(), None),
    };
    Ok(Json(ConversationDetail {
        conversation: listed.into(),
        answers,
        findings,
        transcript: transcript.into_iter().map(TranscriptLine::from).collect(),
    }))
}

fn shown_answers(stored: &StoredConversation) -> Map<String, Value> {
    let results = stored.conversation.results();
    let mut answers = results.details;
    for name in &results.sensitive {
        let Some(Value::Object(answer)) = answers.get_mut(name) else { continue };
        for field in ["value", "heard", "keys"] {
            if answer.get(field).is_some_and(|value| !value.is_null()) {
                answer.insert(field.to_owned(), HIDDEN.into());
            }
        }
    }
    answers
}

fn shown_findings(stored: &StoredConversation) -> Option<FindingsView> {
    let after = stored.after.as_ref()?;
    let findings = after.findings.clone()?;
    let mut fields = findings.fields;
    for name in &after.sensitive {
        if let Some(value) = fields.get_mut(name).filter(|value| !value.is_null()) {
            *value = HIDDEN.into();
        }
    }
    let (summary, outcome, problems) = (findings.summary, findings.outcome, findings.problems);
    Some(FindingsView { fields, summary, outcome, problems })
}

impl From<ListedConversation> for ConversationView {
    fn from(listed: ListedConversation) -> ConversationView {
        match listed {
            ListedConversation::Open(stored) => (*stored).into(),
            ListedConversation::Locked(locked) => locked.into(),
        }
    }
}

impl From<LockedConversation> for ConversationView {
    fn from(locked: LockedConversation) -> ConversationView {
        let key = &locked.key_id;
        let why = format!("it is sealed with the encryption key {key}, which this server does not have");
        ConversationView {
            id: locked.id.to_string(),
            agent: locked.agent,
            agent_version: None,
            channel: locked.channel,
            contact: locked.contact,
            sender: None,
            language: None,
            status: locked.status,
            ended_by: None,
            turn: None,
            cost: None,
            cost_is_assumed: false,
            call: None,
            run: locked.run.map(|run| run.to_string()),
            step: None,
            started_at: locked.started_at,
            ended_at: None,
            updated_at: locked.updated_at,
            unavailable: Some(why),
        }
    }
}

impl From<StoredConversation> for ConversationView {
    fn from(stored: StoredConversation) -> ConversationView {
        let cost = stored.model_nanodollars();
        let conversation = stored.conversation;
        let (status, ended_by, ended_at) = match conversation.status {
            Status::Waiting => ("waiting", None, None),
            Status::Talking => ("talking", None, None),
            Status::Ended { by, at } => ("ended", Some(by.as_str().to_owned()), Some(at)),
        };
        ConversationView {
            id: conversation.id.to_string(),
            agent: conversation.agent,
            agent_version: Some(stored.agent.version),
            channel: stored.channel.as_str().to_owned(),
            contact: stored.contact,
            sender: Some(stored.sender),
            language: Some(conversation.language),
            status: status.to_owned(),
            ended_by,
            turn: Some(conversation.turn),
            cost: cost.map(|(nano, _)| nano as f64 / 1e9),
            cost_is_assumed: cost.is_some_and(|(_, is_assumed)| is_assumed),
            call: stored.call.map(|call| call.to_string()),
            run: stored.origin.as_ref().map(|origin| origin.run.to_string()),
            step: stored.origin.as_ref().map(|origin| origin.step),
            started_at: conversation.started_at,
            ended_at,
            updated_at: stored.updated_at,
            unavailable: None,
        }
    }
}

impl From<TurnEntry> for TranscriptLine {
    fn from(entry: TurnEntry) -> TranscriptLine {
        let who = match &entry.kind {
            TurnKind::Said { .. } | TurnKind::Asked { .. } | TurnKind::AskedToConfirm { .. } => "agent",
            TurnKind::Heard { .. }
            | TurnKind::CallerSaid { .. }
            | TurnKind::CallerPressed { .. }
            | TurnKind::CallerSilent
            | TurnKind::CallerUnclear => "person",
            _ => "system",
        };
        TranscriptLine {
            at: entry.at,
            turn: entry.turn,
            who: who.to_owned(),
            sentence: entry.kind.sentence(),
            event: serde_json::to_value(&entry.kind).unwrap_or_default(),
        }
    }
}
