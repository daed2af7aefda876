//! A language model on the line, by webhooks: a turn in parts.
//!
//! Each part is a document that is stored under the call, the turn and the part, and never changes. A request for a
//! part waits a while for the model and answers with what there is, so the provider's patience is never tried however
//! long an answer takes. What was heard goes to the session first; it stands on disk before any answer to it does.

use super::heard::SAID_IN;
use super::parts::{self, Part, Speaks, Then};
use super::render::talk::{Manner, Next};
use super::{Line, handover, phrases, render, spoken, written};
use crate::outbound::call::with_recording;
use axum::response::Response;
use engine::agent::{Agent, LlmAgent};
use engine::conversation::{HIDDEN, Utterance, What};
use engine::id::{CallId, ConversationId};
use engine::llm::dialogue::Heard;
use engine::llm::phrases::{Phrase, wording};
use host::{Came, HostError, Keep, NotHeard, NotKept, Session, Stage, Standing, Take, TalkError, TalkOf};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;
use store::record::WebhookRecord;
use tokio::sync::watch;
use tokio::time::Instant;

/// How long a part waits for something to say.
const PATIENCE: Duration = Duration::from_secs(4);
/// How long it waits for the model's end once there is something: what comes with the end can be broken into. A model
/// that is done at once has written its end by then, and it is waited for until that is on disk; one that writes as
/// people speak would keep the caller waiting.
const GRACE: Duration = Duration::from_millis(5);
/// How often a part is begun anew because another process took the conversation over.
const TAKEOVERS_MAX: u32 = 5;
/// How sure the recogniser has to be; one that says nothing of it, or nothing but zero, is not unsure.
const CONFIDENCE_MIN: f64 = 0.2;

/// Which part is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) turn: u32,
    pub(super) part: u32,
    /// Phrases that were said in a row because the model was silent.
    pub(super) holds: u32,
}

/// With what.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Brings {
    Heard(Heard),
    /// The part before it is over.
    Nothing,
}

/// Answers of one call, one after the other: whoever asks twice gets what was answered first.
#[derive(Default)]
pub(crate) struct Turns(Mutex<HashMap<CallId, Weak<tokio::sync::Mutex<()>>>>);

impl Turns {
    fn of(&self, call: &CallId) -> Arc<tokio::sync::Mutex<()>> {
        let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        turns.retain(|_, turn| turn.strong_count() > 0);
        if let Some(turn) = turns.get(call).and_then(Weak::upgrade) {
            return turn;
        }
        let turn = Arc::new(tokio::sync::Mutex::new(()));
        turns.insert(call.clone(), Arc::downgrade(&turn));
        turn
    }
}

impl Place {
    /// Where a conversation begins.
    pub(super) const FIRST: Place = Place { turn: 0, part: 0, holds: 0 };

    /// The name under which the document is kept.
    fn name(self) -> String {
        format!("part{}", self.part)
    }
}

/// A call that was answered: the first part.
pub(super) async fn answered(line: &Line<'_>) -> Result<Response, Response> {
    answer(line, Place::FIRST, Brings::Heard(Heard::Connected)).await
}

/// A call that comes from somewhere else in the middle of a conversation: what is left of its present turn.
pub(super) async fn taken_up(line: &Line<'_>) -> Result<Response, Response> {
    let found = line.app.store.conversation(&ConversationId::of_call(&line.call)).await;
    let Some(stored) = found.map_err(|error| line.sorry(&error))? else { return Err(line.unknown()) };
    let place = Place { turn: stored.value.conversation.turn, ..Place::FIRST };
    answer(line, place, Brings::Nothing).await
}

/// What a recogniser made of a caller.
pub(super) fn heard(what: What) -> Heard {
    match what {
        What::Keys { keys } => Heard::Keys { keys },
        What::Speech { confidence: Some(sure), .. } if sure > 0.0 && sure < CONFIDENCE_MIN => Heard::Unclear,
        What::Speech { words, confidence } => Heard::Words { words, language: None, confidence },
        What::HungUp => Heard::HungUp,
        _ => Heard::Silence,
    }
}

/// Answers a request for a part.
pub(super) async fn answer(line: &Line<'_>, place: Place, brings: Brings) -> Result<Response, Response> {
    let until = Instant::now() + PATIENCE;
    let came = Came::now();
    let turn = line.app.turns.of(&line.call);
    let _alone = turn.lock().await;
    let of = TalkOf { credential: line.credential.clone(), call: line.call.clone(), take: Take::Share };
    let id = ConversationId::of_call(&line.call);
    for _ in 0..TAKEOVERS_MAX {
        if let Some(document) = kept(line, &id, place).await? {
            return Ok(written(document));
        }
        let session = match line.app.host.talk(&of).await {
            Ok(session) => session,
            Err(TalkError::Unknown) => return Err(line.unknown()),
            Err(TalkError::Over(_) | TalkError::CallOver) => return Ok(spoken(&phrases::silence())),
            Err(TalkError::Host(error)) => return Err(line.sorry(&error)),
        };
        match served(line, &session, place, (&brings, came), until).await? {
            Served::Answered(response) => return Ok(response),
            Served::TakenOver => {}
        }
    }
    Err(line.sorry(&HostError::Contended { what: "conversation" }))
}

enum Served {
    Answered(Response),
    /// Another session holds the conversation: it may have answered already.
    TakenOver,
}

async fn served(
    line: &Line<'_>,
    session: &Session,
    place: Place,
    (brings, came): (&Brings, Came),
    until: Instant,
) -> Result<Served, Response> {
    let record = record(line, &session.watch().borrow().stage);
    let (turn, speaks) = match told(session, place, brings, came).await {
        Told::Goes { turn, speaks } => (turn, speaks),
        Told::Late => return present(line, session).await.map(Served::Answered),
        Told::TakenOver => return Ok(Served::TakenOver),
    };
    let standing = stands(session.watch(), turn, speaks, until).await;
    match standing.stage {
        Stage::Lost => return Ok(Served::TakenOver),
        Stage::Broken => return Err(line.sorry(&HostError::Contended { what: "conversation" })),
        _ => {}
    }
    let Agent::Llm(agent) = &**session.agent() else { return Err(line.unknown()) };
    let part = parts::part(&standing, place.holds, &|tag| voice(agent, tag));
    if let Then::Transfer(transfer) = &part.then {
        handover::text(line, transfer).await;
    }
    let document = document(line, session, place, &standing, &part);
    let event = format!("part {} of turn {} of {}", place.part, place.turn, session.of());
    let shown = if standing.confidential { HIDDEN } else { &document };
    let webhook = WebhookRecord { event, answer_body: shown.to_owned(), ..record };
    let keep = Keep {
        turn: place.turn,
        part: place.name(),
        document: document.clone(),
        took: part.took,
        open_from: part.open_from,
        webhook: Some(webhook),
    };
    match session.keep(keep).await {
        Ok(()) => Ok(Served::Answered(written(document))),
        Err(NotKept::Lost) => Ok(Served::TakenOver),
        Err(error @ NotKept::Broken) => Err(line.sorry(&error)),
    }
}

/// The request as it may be kept: without what answers a question in confidence.
fn record(line: &Line<'_>, stage: &Stage) -> WebhookRecord {
    let record = line.record.clone();
    match stage {
        Stage::Asking(ask) if ask.input.sensitive => record.hiding(&SAID_IN, HIDDEN),
        _ => record,
    }
}

/// What became of what the line told.
enum Told {
    /// The part belongs to this turn.
    Goes {
        turn: u32,
        speaks: Speaks,
    },
    /// The turn is over.
    Late,
    TakenOver,
}

async fn told(session: &Session, place: Place, brings: &Brings, came: Came) -> Told {
    let standing = session.watch().borrow().clone();
    let goes = |turn| Told::Goes { turn, speaks: Speaks::Maybe };
    let Brings::Heard(heard) = brings else {
        return if place.turn < standing.turn { Told::Late } else { goes(place.turn) };
    };
    let is_wordless = matches!(heard, Heard::Silence | Heard::Unclear);
    let is_behind = !standing.outbox.is_empty() || !standing.stage.is_listening();
    // There is something that the caller has not heard yet: that is the answer to silence.
    if is_wordless && is_behind && place.turn == standing.turn {
        return goes(place.turn);
    }
    match session.hear(Some(place.turn), heard.clone(), came).await {
        Ok(turn) if is_wordless => Told::Goes { turn, speaks: Speaks::Surely },
        Ok(turn) => goes(turn),
        // It was taken in before, and the answer to it is in no document yet.
        Err(NotHeard::Stale) if place.turn + 1 == standing.turn && is_behind => goes(standing.turn),
        Err(NotHeard::Stale) if place.turn == standing.turn => goes(place.turn),
        Err(NotHeard::Stale) => Told::Late,
        Err(NotHeard::Ended) => goes(place.turn),
        Err(NotHeard::Lost) => Told::TakenOver,
    }
}

/// How it stands once there is something to say, or the patience is at its end.
async fn stands(mut watch: watch::Receiver<Standing>, turn: u32, speaks: Speaks, until: Instant) -> Standing {
    // A session that is gone stands as it stood last; nothing can be kept with it, and another one is asked.
    let ready = watch.wait_for(|standing| parts::is_ready(standing, turn, speaks));
    let _ = tokio::time::timeout_at(until, ready).await;
    let is_writing = watch.borrow().stage == Stage::Writing && !watch.borrow().outbox.is_empty();
    if is_writing {
        let done = watch.wait_for(|standing| standing.stage != Stage::Writing || standing.done);
        let _ = tokio::time::timeout(GRACE, done).await;
    }
    if watch.borrow().done {
        let stored = watch.wait_for(|standing| !standing.done);
        let _ = tokio::time::timeout_at(until, stored).await;
    }
    let standing = watch.borrow();
    standing.clone()
}

/// The document of an earlier request like this one.
async fn kept(line: &Line<'_>, id: &ConversationId, place: Place) -> Result<Option<String>, Response> {
    let found = line.app.store.conversation_at(id, place.turn, &place.name()).await;
    let found = found.map_err(|error| line.sorry(&error))?;
    let Some(found) = found.filter(|found| found.conversation.value.credential == line.credential) else {
        return Ok(None);
    };
    if let Some(document) = &found.document {
        let event = format!("{id} again");
        let shown = if found.conversation.value.keeps_secrets() { HIDDEN } else { document };
        // What was said is kept with the first request, where it may be kept.
        let record = line.record.clone().hiding(&SAID_IN, HIDDEN);
        let record = WebhookRecord { event, answer_body: shown.to_owned(), ..record };
        line.app.store.put_webhook(record).await.map_err(|error| line.sorry(&error))?;
    }
    Ok(found.document)
}

/// What is answered to a request that comes for a turn that is over: what was answered last.
async fn present(line: &Line<'_>, session: &Session) -> Result<Response, Response> {
    let document = line.app.store.present_document(session.of()).await.map_err(|error| line.sorry(&error))?;
    let Some(document) = document else { return Ok(spoken(&phrases::silence())) };
    let event = format!("{}: the turn is over", session.of());
    let shown = if session.watch().borrow().confidential { HIDDEN } else { &document };
    let record = line.record.clone().hiding(&SAID_IN, HIDDEN);
    let record = WebhookRecord { event, answer_body: shown.to_owned(), ..record };
    line.app.store.put_webhook(record).await.map_err(|error| line.sorry(&error))?;
    Ok(written(document))
}

fn document(line: &Line<'_>, session: &Session, place: Place, standing: &Standing, part: &Part) -> String {
    let here = line.addresses();
    let follows = follows(place, standing.turn, &part.then);
    let next = Next {
        heard: here.talk_heard(follows.turn, follows.part),
        more: here.talk_more(follows.turn, follows.part, follows.holds),
    };
    let Agent::Llm(agent) = &**session.agent() else { return String::new() };
    let hold = match part.then {
        Then::Hold { phrase } => Some(hold(session, agent, &standing.language, phrase)),
        _ => None,
    };
    let manner = Manner { agent, language: &standing.language, hold };
    let document = render::talk::part(part, &manner, &next, &here);
    match &line.begins {
        Some(call) => with_recording(call, Some(agent), document, &here).to_xml(),
        None => document.to_xml(),
    }
}

/// The part behind this one.
fn follows(place: Place, turn: u32, then: &Then) -> Place {
    let part = if turn == place.turn { place.part + 1 } else { 0 };
    let holds = if matches!(then, Then::Hold { .. } | Then::Pause) { place.holds + 1 } else { 0 };
    Place { turn: turn.max(place.turn), part, holds }
}

/// The author's words while the model is slow, or ours.
fn hold(session: &Session, agent: &LlmAgent, language: &str, phrase: usize) -> Utterance {
    let own = &session.persona().hold_phrases;
    let own = own.get(phrase).or(own.last()).and_then(|texts| texts.in_language(language));
    Utterance {
        text: own.unwrap_or_else(|| wording(Phrase::Hold, language)).to_owned(),
        audio: None,
        language: language.to_owned(),
        voice: voice(agent, language),
        interruptible: false,
        sensitive: false,
    }
}

/// The voice that speaks a language, as the author names it.
fn voice(agent: &LlmAgent, language: &str) -> Option<String> {
    agent.voice.as_ref().map(|voices| voices.in_language(language).clone())
}

#[cfg(test)]
mod tests;
