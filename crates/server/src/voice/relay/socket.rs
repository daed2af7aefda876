//! Carries words between the provider and a session, as long as the websocket lives.

use super::line::{Due, Line};
use crate::app::AppState;
use crate::inbound::Admitted;
use axum::extract::ws::{CloseFrame, Message, WebSocket};
use engine::agent::Agent;
use engine::call::Call;
use engine::id::CallId;
use engine::llm::dialogue::Heard;
use engine::sending::SidSource;
use host::{Came, NotHeard, Stage, Take, TalkError, TalkOf};
use jiff::Timestamp;
use std::time::Duration;
use store::StoreError;
use store::record::WebhookRecord;
use twilio::relay::{FromTwilio, Setup, ToTwilio};

/// How long the first message may take.
const SETUP_LIMIT: Duration = Duration::from_secs(10);
/// How long a message may take to be taken.
const SEND_LIMIT: Duration = Duration::from_secs(10);
/// How long the provider may take to close the websocket after we said that the session is over.
const END_LIMIT: Duration = Duration::from_secs(10);
/// Messages in a row that say nothing to us, after which we do not listen any longer.
const PUZZLES_MAX: u32 = 100;

/// Close codes of RFC 6455.
const NORMAL: u16 = 1000;
const POLICY: u16 = 1008;
const BROKEN: u16 = 1011;
const RESTART: u16 = 1012;

/// Why a websocket is done with.
enum Done {
    /// The other side is gone.
    Gone,
    /// We close it, with this code and these words.
    Close(u16, &'static str),
}

/// Serves a websocket until one side closes it.
pub(super) async fn serve(app: &AppState, admitted: Admitted, call: &CallId, mut websocket: WebSocket) {
    let done = match begin(app, admitted, call, &mut websocket).await {
        Ok(mut line) => {
            metrics::gauge!("switchboard_relay_sessions").increment(1.0);
            let done = carry(app, &mut line, &mut websocket).await;
            // The model is stopped and what is known is stored before the provider learns that we are gone.
            line.session().leave().await;
            metrics::gauge!("switchboard_relay_sessions").decrement(1.0);
            done
        }
        Err(done) => done,
    };
    if let Done::Close(code, reason) = done {
        let frame = CloseFrame { code, reason: reason.into() };
        // It may be gone by itself.
        let _ = tokio::time::timeout(SEND_LIMIT, websocket.send(Message::Close(Some(frame)))).await;
    }
}

/// Waits for the first message, and takes the conversation over.
async fn begin(
    app: &AppState,
    admitted: Admitted,
    call: &CallId,
    websocket: &mut WebSocket,
) -> Result<Line, Done> {
    let setup = setup(websocket).await?;
    let credential = admitted.credential.name.clone();
    if setup.account_sid != admitted.credential.account_sid {
        tracing::warn!(credential, %call, "a websocket is about another account");
        return Err(Done::Close(POLICY, "another account"));
    }
    match is_of(app, call, &setup.call_sid).await {
        Ok(true) => {}
        Ok(false) => {
            tracing::warn!(credential, %call, sid = setup.call_sid, "a websocket is about another call");
            return Err(Done::Close(POLICY, "another call"));
        }
        Err(error) => {
            tracing::error!(%call, error = &error as &dyn std::error::Error, "a call cannot be looked up");
            return Err(finish(websocket, "broken").await);
        }
    }
    let of = TalkOf { credential, call: call.clone(), take: Take::Anew };
    let record = WebhookRecord {
        event: format!("the line of {call} is open"),
        params: params(&setup),
        ..admitted.record
    };
    let (kept, talk) = tokio::join!(app.store.put_webhook(record), Box::pin(app.host.talk(&of)));
    if let Err(error) = kept {
        tracing::warn!(error = &error as &dyn std::error::Error, "a handshake was not kept");
    }
    let session = match talk {
        Ok(session) => session,
        Err(TalkError::Over(by)) => {
            tracing::debug!(%call, by = by.as_str(), "a websocket comes back to a conversation that has ended");
            return Err(finish(websocket, "over").await);
        }
        Err(error) => {
            tracing::error!(%call, error = &error as &dyn std::error::Error, "nobody can talk on a call");
            return Err(finish(websocket, "broken").await);
        }
    };
    let Agent::Llm(agent) = &**session.agent() else { return Err(Done::Close(BROKEN, "no agent")) };
    let silence_ms = agent.silence_timeout_ms;
    let line = Line::new(session, silence_ms, app.host.now());
    // One that comes back was greeted before.
    let _ = line.session().hear(None, Heard::Connected, Came::now()).await;
    Ok(line)
}

/// Whether a websocket that the provider opens for this call of its own may be that of ours. What a look-up took for ours
/// proves nothing, and neither does what is not known yet: there the signed address counts.
async fn is_of(app: &AppState, call: &CallId, sid: &str) -> Result<bool, StoreError> {
    let found = app.store.find::<Call>(call).await?;
    let progress = found.map(|found| found.value.progress);
    let known = progress.filter(|progress| progress.sid_source != Some(SidSource::Matched));
    Ok(known.and_then(|progress| progress.sid).is_none_or(|known| known == sid))
}

async fn setup(websocket: &mut WebSocket) -> Result<Setup, Done> {
    let first = async {
        loop {
            match text_of(websocket.recv().await) {
                Incoming::Text(text) => match FromTwilio::parse(&text) {
                    Ok(FromTwilio::Setup(setup)) => return Ok(*setup),
                    Ok(_) => return Err(Done::Close(POLICY, "expected setup")),
                    Err(error) => {
                        tracing::warn!(%error, "the first message of a websocket cannot be read");
                        return Err(Done::Close(POLICY, "expected setup"));
                    }
                },
                Incoming::Nothing => {}
                Incoming::Gone => return Err(Done::Gone),
            }
        }
    };
    tokio::time::timeout(SETUP_LIMIT, first).await.unwrap_or(Err(Done::Close(POLICY, "no setup in time")))
}

/// The setup, as webhooks are kept.
fn params(setup: &Setup) -> Vec<(String, String)> {
    let pairs = [
        ("SessionId", &setup.session_id),
        ("AccountSid", &setup.account_sid),
        ("CallSid", &setup.call_sid),
        ("From", &setup.from),
        ("To", &setup.to),
        ("Direction", &setup.direction),
        ("CallStatus", &setup.call_status),
    ];
    pairs.map(|(name, value)| (name.to_owned(), value.clone())).into()
}

/// There is nothing to be said: what follows for this reason is the document's business.
async fn finish(websocket: &mut WebSocket, reason: &str) -> Done {
    let handoff = serde_json::json!({ "reason": reason });
    let end = ToTwilio::End { handoff_data: Some(handoff.to_string()) };
    match send(websocket, &end).await {
        Ok(()) => until_closed(websocket).await,
        Err(done) => done,
    }
}

async fn until_closed(websocket: &mut WebSocket) -> Done {
    let closed = async { while !matches!(text_of(websocket.recv().await), Incoming::Gone) {} };
    match tokio::time::timeout(END_LIMIT, closed).await {
        Ok(()) => Done::Gone,
        Err(_) => Done::Close(NORMAL, ""),
    }
}

/// Something that can happen on a line.
enum Happening {
    Message(Incoming),
    Changed,
    SessionOver,
    Due(Due),
    Stopping,
}

async fn carry(app: &AppState, line: &mut Line, websocket: &mut WebSocket) -> Done {
    let mut puzzles = 0;
    loop {
        for message in line.messages(app.host.now()).await {
            if let Err(done) = send(websocket, &message).await {
                return done;
            }
        }
        if line.has_ended() {
            return until_closed(websocket).await;
        }
        if matches!(line.stage(), Stage::Lost | Stage::Broken) {
            return over(line, websocket).await;
        }
        let due = line.due();
        let happening = tokio::select! {
            message = websocket.recv() => Happening::Message(text_of(message)),
            changed = line.changed() => changed.map_or(Happening::SessionOver, |()| Happening::Changed),
            () = wait(app, due.map(|(_, at)| at)) => due.map_or(Happening::Changed, |(due, _)| Happening::Due(due)),
            () = app.stopping.cancelled() => Happening::Stopping,
        };
        let _busy = app.host.activity().begin();
        let told = match happening {
            Happening::Changed => Ok(()),
            Happening::SessionOver => return over(line, websocket).await,
            Happening::Stopping => return Done::Close(RESTART, "the server restarts"),
            Happening::Message(Incoming::Gone) => return Done::Gone,
            Happening::Message(Incoming::Nothing) => Ok(()),
            Happening::Message(Incoming::Text(text)) => {
                let is_understood = FromTwilio::parse(&text).inspect_err(|error| {
                    tracing::warn!(call = %line.session().of(), %error, "a message cannot be read, and is passed over");
                });
                puzzles = if is_understood.is_ok() { 0 } else { puzzles + 1 };
                if puzzles >= PUZZLES_MAX {
                    return Done::Close(POLICY, "too many messages that cannot be read");
                }
                match is_understood {
                    Ok(message) => hear(line, message, app.host.now()).await,
                    Err(_) => Ok(()),
                }
            }
            Happening::Due(due) => match line.does(due, app.host.now()).await {
                Ok(Some(message)) => match send(websocket, &message).await {
                    Ok(()) => Ok(()),
                    Err(done) => return done,
                },
                Ok(None) => Ok(()),
                Err(not_heard) => Err(not_heard),
            },
        };
        match told {
            // What comes too late, or after the end, changes nothing.
            Ok(()) | Err(NotHeard::Stale | NotHeard::Ended) => {}
            Err(NotHeard::Lost) => return over(line, websocket).await,
        }
    }
}

async fn wait(app: &AppState, until: Option<Timestamp>) {
    match until {
        Some(at) => {
            while app.host.now() < at {
                app.host.sleep_until(at).await;
            }
        }
        None => std::future::pending().await,
    }
}

/// The session is over without us: somebody else holds the conversation, or nothing could be stored.
async fn over(line: &Line, websocket: &mut WebSocket) -> Done {
    match line.stage() {
        Stage::Broken => finish(websocket, "broken").await,
        _ => Done::Close(NORMAL, ""),
    }
}

async fn hear(line: &mut Line, message: FromTwilio, now: Timestamp) -> Result<(), NotHeard> {
    match message {
        FromTwilio::Prompt(prompt) => line.prompted(prompt, now).await,
        FromTwilio::Interrupt(interrupt) => line.interrupted(interrupt, now).await,
        FromTwilio::Dtmf { digit } => line.pressed(&digit, now).await,
        FromTwilio::Info(info) => {
            line.informed(info, now).await;
            Ok(())
        }
        FromTwilio::Error { description } => {
            tracing::warn!(conversation = %line.session().of(), description, "the provider did not take a message");
            Ok(())
        }
        FromTwilio::Setup(_) => {
            tracing::warn!(conversation = %line.session().of(), "a second setup is passed over");
            Ok(())
        }
        FromTwilio::Other(_) => {
            tracing::debug!(conversation = %line.session().of(), "a message of an unknown type is passed over");
            Ok(())
        }
    }
}

async fn send(websocket: &mut WebSocket, message: &ToTwilio) -> Result<(), Done> {
    let sending = websocket.send(Message::text(message.to_json()));
    match tokio::time::timeout(SEND_LIMIT, sending).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(Done::Gone),
        Err(_) => Err(Done::Close(POLICY, "messages are not taken")),
    }
}

/// What came in.
enum Incoming {
    Text(String),
    /// Nothing for us.
    Nothing,
    Gone,
}

fn text_of(message: Option<Result<Message, axum::Error>>) -> Incoming {
    match message {
        Some(Ok(Message::Text(text))) => Incoming::Text(text.as_str().to_owned()),
        Some(Ok(Message::Binary(bytes))) => Incoming::Text(String::from_utf8_lossy(&bytes).into_owned()),
        // Answered by the library.
        Some(Ok(Message::Ping(_) | Message::Pong(_))) => Incoming::Nothing,
        Some(Ok(Message::Close(_)) | Err(_)) | None => Incoming::Gone,
    }
}
