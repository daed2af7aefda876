//! A call that is handed over: whoever takes it learns what it is about, in words before they are connected, or by a
//! text.

use super::{Line, either, phrases, render, spoken};
use crate::app::AppState;
use crate::outbound::call::Addresses;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use engine::agent::llm::{Does, Handover};
use engine::agent::{Agent, LlmAgent};
use engine::conversation::Conversation;
use engine::effect::SendMessage;
use engine::id::ConversationId;
use engine::llm::errand::{self, Values};
use engine::llm::history::Line as Said;
use engine::message::{Channel, Content};
use engine::sending::MessageClass;
use host::Once;
use serde_json::{Map, Value};
use std::time::Duration;
use store::record::{StoredConversation, Transfer};
use twilio::voice_twiml::{Dial, DialTarget, Document, Verb};

/// How long a call waits for a text about it to go out. It is on disk long before.
const TEXT_LIMIT: Duration = Duration::from_secs(2);

/// Calls whoever takes over, who is told first what it is about where that is spoken.
pub(super) fn dial(transfer: &Transfer, here: &Addresses) -> Dial {
    let mut dial = render::transfer(&transfer.to, here);
    if transfer.summary == Handover::Spoken && transfer.about.is_some() {
        for target in &mut dial.targets {
            if let DialTarget::Number(number) = target {
                number.url = Some(here.handover());
            }
        }
    }
    dial
}

/// Sends what it is about, where that goes by a text: once, however often the call asks what to do.
pub(super) async fn text(line: &Line<'_>, transfer: &Transfer) {
    let (Handover::Sent, Some(about)) = (transfer.summary, &transfer.about) else { return };
    if let Err(error) = sent(line, transfer, about).await {
        let error = &*error as &dyn std::error::Error;
        tracing::warn!(call = %line.call, error, "whoever takes a call over gets no text about it");
    }
}

async fn sent(
    line: &Line<'_>,
    transfer: &Transfer,
    about: &str,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let id = ConversationId::of_call(&line.call);
    let Some(stored) = line.app.store.conversation(&id).await?.map(|found| found.value) else {
        return Ok(());
    };
    let agent = line.app.host.agents().version(&stored.agent).await?;
    let Agent::Llm(agent) = &*agent else { return Ok(()) };
    let to = receiver(agent, &stored.conversation, line)?.unwrap_or_else(|| transfer.to.clone());
    let key = format!("{id}.handover");
    let once = Once { key: &key, since: stored.conversation.started_at };
    let send = of(&stored, to, about);
    // What is not out by then goes out later: the caller is not kept waiting for it.
    match tokio::time::timeout(TEXT_LIMIT, line.app.host.send_once(&once, &send)).await {
        Ok(sent) => Ok(sent.map(drop)?),
        Err(_) => Ok(()),
    }
}

/// Who calls, and what about.
fn of(stored: &StoredConversation, to: String, about: &str) -> SendMessage {
    let body = [stored.contact.as_str(), about].into_iter().filter(|part| !part.is_empty());
    SendMessage {
        channel: Channel::Sms,
        credential: Some(stored.credential.clone()),
        from: stored.sender.clone(),
        to,
        content: Content { body: Some(body.collect::<Vec<_>>().join(": ")), ..Content::default() },
        class: MessageClass::Transactional,
        retry_of: None,
    }
}

/// The number that the author wants the text to go to, of the tool that the model called last.
fn receiver(
    agent: &LlmAgent,
    conversation: &Conversation,
    line: &Line<'_>,
) -> Result<Option<String>, template::RenderError> {
    let called = conversation.dialogue().into_iter().flat_map(|dialogue| dialogue.lines.iter().rev());
    let mut tools = called.filter_map(|said| match said {
        Said::Called { call } => agent.tool(&call.name),
        _ => None,
    });
    let number = tools.find_map(|tool| match &tool.does {
        Does::Transfer { summary_to, .. } => Some(summary_to.as_ref()),
        _ => None,
    });
    let Some(number) = number.flatten() else { return Ok(None) };
    let values = Values { variables: &conversation.variables, arguments: &Value::Object(Map::new()) };
    let number = number.render(&values, &errand::context(conversation, line.app.host.now()))?;
    Ok(Some(number.trim().to_owned()).filter(|number| !number.is_empty()))
}

/// Whoever takes a call over has answered, and is told what it is about.
pub(super) async fn told(
    State(app): State<AppState>,
    Path((credential, call)): Path<(String, String)>,
    request: Request,
) -> Response {
    either(async {
        let line = Line::open(&app, &credential, &call, "call_handover", request).await?;
        let id = ConversationId::of_call(&line.call);
        let stored = app.store.conversation(&id).await.map_err(|error| line.sorry(&error))?;
        let stored = stored.map(|found| found.value).filter(|stored| stored.credential == line.credential);
        let Some(stored) = stored else { return Err(spoken(&phrases::silence())) };
        let about = stored.line.as_ref().and_then(|line| line.transfer.as_ref()?.about.as_deref());
        let language = stored.conversation.language.as_str();
        let words = render::said(about.unwrap_or_default(), None, Some(language));
        let document = Document::of(words.into_iter().map(Verb::from));
        let record = line.answering("who takes over is told what it is about", &document);
        app.store.put_webhook(record).await.map_err(|error| line.sorry(&error))?;
        Ok(spoken(&document))
    })
    .await
}
