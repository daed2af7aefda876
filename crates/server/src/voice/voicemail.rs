//! The message that an agent that talks by a language model leaves on a machine.

use super::render::said;
use super::{Line, spoken, written};
use axum::response::Response;
use engine::conversation::EndedBy;
use engine::id::ConversationId;
use engine::llm::dialogue::Heard;
use host::{Came, Keep, NotHeard, NotKept, Session, Take, TalkError, TalkOf};
use twilio::voice_twiml::{Document, Hangup, Verb};

/// Says the message after the machine's own, and hangs up. Asked again, it is the same.
pub(super) async fn left(line: &Line<'_>) -> Result<Response, Response> {
    let of = TalkOf { credential: line.credential.clone(), call: line.call.clone(), take: Take::Share };
    let session = match Box::pin(line.app.host.talk(&of)).await {
        Ok(session) => session,
        Err(TalkError::Over(EndedBy::Hangup)) => return again(line).await,
        Err(TalkError::Over(_) | TalkError::CallOver) => return Ok(spoken(&super::phrases::silence())),
        Err(TalkError::Unknown) => return Err(line.unknown()),
        Err(TalkError::Host(error)) => return Err(line.sorry(&error)),
    };
    match session.hear(Some(0), Heard::Machine, Came::now()).await {
        Ok(_) | Err(NotHeard::Stale | NotHeard::Ended) => {}
        Err(lost @ NotHeard::Lost) => return Err(line.sorry(&lost)),
    }
    let document = message(&session).await;
    let keep = Keep {
        turn: 0,
        part: "answer".to_owned(),
        document: document.to_xml(),
        took: None,
        open_from: None,
        webhook: Some(line.answering("left on a machine", &document)),
    };
    match session.keep(keep).await {
        Ok(()) => Ok(spoken(&document)),
        Err(NotKept::Lost) => again(line).await,
        Err(broken @ NotKept::Broken) => Err(line.sorry(&broken)),
    }
}

/// Everything that is to be said, once it is on disk.
async fn message(session: &Session) -> Document {
    let mut standing = session.watch();
    let texts: Vec<Verb> = match standing.wait_for(|standing| standing.stage.is_over()).await {
        Ok(standing) => {
            let said = |saying: &store::record::Saying| said(&saying.text, None, Some(&saying.language));
            standing.outbox.iter().flat_map(said).map(Verb::from).collect()
        }
        // The session is over, and whoever took it over has said it.
        Err(_) => Vec::new(),
    };
    Document { verbs: texts }.then(Hangup::default())
}

/// What was answered before.
async fn again(line: &Line<'_>) -> Result<Response, Response> {
    let id = ConversationId::of_call(&line.call);
    let document = line.app.store.present_document(&id).await.map_err(|error| line.sorry(&error))?;
    Ok(document.map_or_else(|| spoken(&super::phrases::silence()), written))
}
