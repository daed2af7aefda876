//! A text to the person on the line, by the way that every text goes.

use super::{Task, badly};
use engine::agent::llm::{SendTextTool, TextChannel};
use engine::effect::SendMessage;
use engine::llm::dialogue::Done;
use engine::llm::errand;
use engine::message::{Channel, Content, Message};
use engine::sending::{MessageClass, State};
use host::{Host, Once};

/// Sends it once for its key, and waits for what becomes of it as long as the tool may take.
pub(super) async fn send(host: &Host, task: &Task<'_>, tool: &SendTextTool) -> Done {
    let stored = &task.job.stored;
    if stored.contact.is_empty() {
        return badly("the caller's number is not known");
    }
    let texting = match errand::texting(tool, &task.values(), &task.context) {
        Ok(texting) => texting,
        Err(unready) => return badly(unready.to_string()),
    };
    let send = SendMessage {
        channel: match texting.channel {
            TextChannel::Sms => Channel::Sms,
            TextChannel::WhatsApp => Channel::WhatsApp,
        },
        credential: Some(stored.credential.clone()),
        from: texting.from.unwrap_or_else(|| stored.sender.clone()),
        to: stored.contact.clone(),
        content: Content { body: Some(texting.body), ..Content::default() },
        class: MessageClass::Transactional,
        retry_of: None,
    };
    let once = Once { key: &task.job.key, since: stored.conversation.started_at };
    match tokio::time::timeout(task.limit, host.send_once(&once, &send)).await {
        Ok(Ok(message)) => told(&message),
        Ok(Err(error)) => {
            tracing::warn!(
                tool = task.tool.name,
                error = &error as &dyn std::error::Error,
                "no text was sent"
            );
            badly("it could not be sent")
        }
        Err(_) => Done::Well { text: "it is queued and will be sent; it is not known yet when".to_owned() },
    }
}

fn told(message: &Message) -> Done {
    match message.progress.state {
        State::Failed => {
            let why = message.progress.error_message.as_deref().unwrap_or("the provider did not take it");
            badly(format!("it was not sent: {why}"))
        }
        State::Held | State::Unknown => badly("nobody knows whether it was sent; do not send it again"),
        _ => Done::Well { text: "it was sent".to_owned() },
    }
}
