//! Talks to the network: sends webhooks as their connection overrides say, acts upon the answers, and
//! fetches media. Everything here is in real time.

mod attempt;
mod call;
mod clients;
mod socket;

use std::sync::Arc;

use tokio::sync::{Semaphore, mpsc};
use tokio_util::sync::CancellationToken;
use twilio::HttpMethod;

use crate::cookies::Jar;
use crate::emulation::Emulation;
use crate::journal::{Attempt, Event, Purpose, Subject};
use crate::medium;
use crate::message::MessageId;
use crate::notices::Requested;
use crate::replies::{Executed, Session};
use crate::webhook::{Parcel, Webhook};
pub(crate) use attempt::{Answer, Failure};
use clients::Clients;

/// How many redirects are followed.
const REDIRECTS_MAX: usize = 10;

/// Takes parcels until shutdown, so many at a time.
pub(crate) async fn run(
    emulation: Arc<Emulation>,
    mut parcels: mpsc::UnboundedReceiver<Parcel>,
    in_flight_max: usize,
    shutdown: CancellationToken,
) {
    let clients = Arc::new(Clients::default());
    let places = Arc::new(Semaphore::new(in_flight_max));
    loop {
        let parcel = tokio::select! {
            parcel = parcels.recv() => parcel,
            () = shutdown.cancelled() => return,
        };
        let Some(parcel) = parcel else { return };
        if let Parcel::Socket { opening, frames, token, in_flight } = parcel {
            let (emulation, clients) = (Arc::clone(&emulation), Arc::clone(&clients));
            let shutdown = shutdown.clone();
            // It lasts for as long as its call does, and takes no place from what is soon done.
            tokio::spawn(async move {
                tokio::select! {
                    () = socket::run(&emulation, &clients, *opening, frames, &token, in_flight) => {}
                    () = shutdown.cancelled() => {}
                }
            });
            continue;
        }
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let (emulation, clients) = (Arc::clone(&emulation), Arc::clone(&clients));
        let shutdown = shutdown.clone();
        tokio::spawn(async move {
            tokio::select! {
                () = carry(&emulation, &clients, parcel) => {}
                () = shutdown.cancelled() => {}
            }
            drop(place);
        });
    }
}

async fn carry(emulation: &Emulation, clients: &Clients, parcel: Parcel) {
    match parcel {
        Parcel::Webhook { webhook, token, idempotency, in_flight, done } => {
            converse(emulation, clients, *webhook, &token, &idempotency).await;
            drop(in_flight);
            if let Some(done) = done {
                // Whoever asked may have gone away.
                let _ = done.send(());
            }
        }
        Parcel::Media { message, index, url, in_flight } => {
            fetch(emulation, clients, message, index, &url).await;
            drop(in_flight);
        }
        Parcel::Letter { letter, token, idempotency, in_flight } => {
            deliver(emulation, clients, *letter, &token, &idempotency).await;
            drop(in_flight);
        }
        // It was taken out before.
        Parcel::Socket { .. } => {}
        Parcel::Call { errand, token, idempotency, in_flight } => {
            call::run(emulation, clients, *errand, &token, &idempotency).await;
            drop(in_flight);
        }
    }
}

/// Sends a letter. What goes wrong with it is only written down: a notice about a notice would lead to the next
/// one.
async fn deliver(
    emulation: &Emulation,
    clients: &Clients,
    letter: crate::webhook::Letter,
    token: &str,
    idempotency: &str,
) {
    let sent = Letter {
        url: &letter.url,
        method: letter.method,
        parameters: &letter.parameters,
        token,
        idempotency,
        answer_ignored: false,
        now: emulation.clock.now(),
    };
    let (attempts, _) = send(clients, &sent, &mut Jar::default()).await;
    let Subject { message_sid, call_sid } = Subject::of(Some(&letter.resource));
    emulation.world().write(Event::Webhook {
        message_sid,
        call_sid,
        purpose: letter.purpose,
        method: letter.method.as_str().to_owned(),
        url: letter.url,
        parameters: letter.parameters,
        attempts,
    });
}

/// Sends a webhook and everything that follows from its answer: redirects of TwiML, and the fallback URL.
async fn converse(
    emulation: &Emulation,
    clients: &Clients,
    webhook: Webhook,
    token: &str,
    idempotency: &str,
) {
    let mut session = Session::default();
    let message = webhook.message;
    // A status is told to nobody who would answer, so that there is no conversation to keep anything for.
    let is_conversation = webhook.purpose != Purpose::MessageStatus;
    let mut cookies = match is_conversation {
        true => emulation.world().cookies_of(message),
        false => Jar::default(),
    };
    let mut next = Some(webhook);
    while let Some(webhook) = next.take() {
        let letter = Letter {
            url: &webhook.url,
            method: webhook.method,
            parameters: &webhook.parameters,
            token,
            idempotency,
            answer_ignored: webhook.answer_ignored,
            now: emulation.clock.now(),
        };
        let (attempts, outcome) = send(clients, &letter, &mut cookies).await;
        let mut world = emulation.world();
        world.acts_upon = Requested::of(webhook.method, &webhook.parameters, &attempts);
        world.write(Event::Webhook {
            message_sid: Some(webhook.message_sid.as_str().to_owned()),
            call_sid: None,
            purpose: webhook.purpose,
            method: webhook.method.as_str().to_owned(),
            url: webhook.url.clone(),
            parameters: webhook.parameters.clone(),
            attempts,
        });
        let failed = match outcome {
            Ok(_) if webhook.purpose == Purpose::MessageStatus => None,
            Ok(answer) => {
                match world.execute(&webhook, answer.content_type.as_deref(), &answer.body, &mut session) {
                    Executed::Done => None,
                    Executed::Redirect(redirect) => {
                        next = Some(*redirect);
                        None
                    }
                    Executed::Failed { code } => Some(code),
                }
            }
            Err(failure) => {
                world.debug(failure.code, Some(&webhook.message_sid), failure.detail);
                Some(failure.code)
            }
        };
        world.acts_upon = None;
        drop(world);
        if let Some(code) = failed {
            next = webhook.into_fallback(code);
        }
    }
    if is_conversation {
        emulation.world().keep_cookies(message, cookies);
    }
}

impl Webhook {
    /// The request to the fallback URL, where there is one.
    fn into_fallback(self, code: u32) -> Option<Webhook> {
        let (url, method) = self.fallback?;
        let mut parameters = self.parameters;
        parameters.push(("ErrorCode".to_owned(), code.to_string()));
        parameters.push(("ErrorUrl".to_owned(), self.url));
        Some(Webhook {
            purpose: Purpose::Fallback,
            url,
            method,
            parameters,
            fallback: None,
            answer_ignored: false,
            account: self.account,
            message: self.message,
            message_sid: self.message_sid,
        })
    }
}

/// What is sent, to where, in whose name.
struct Letter<'a> {
    /// As configured, with a fragment of connection overrides where it has one.
    url: &'a str,
    method: HttpMethod,
    parameters: &'a [(String, String)],
    token: &'a str,
    idempotency: &'a str,
    /// Whatever is answered, it counts as not answered in time.
    answer_ignored: bool,
    now: jiff::Timestamp,
}

/// Sends a webhook, again where its overrides say so. All attempts are returned, and how it ended.
async fn send(
    clients: &Clients,
    letter: &Letter<'_>,
    cookies: &mut Jar,
) -> (Vec<Attempt>, Result<Answer, Failure>) {
    let (url, overrides) = match twilio::overrides::split(letter.url) {
        Ok(split) => split,
        Err(error) => return (Vec::new(), Err(Failure::final_one(error.code(), error.to_string()))),
    };
    let client = clients.get(&overrides);
    let policy = overrides.retry_policy();
    let deadline =
        tokio::time::Instant::now() + std::time::Duration::from_millis(overrides.total_timeout_ms().into());
    let mut attempts = Vec::new();
    let mut left = overrides.retry_count();
    loop {
        let mut request = attempt::Request {
            client: &client,
            url,
            method: letter.method,
            parameters: letter.parameters,
            cookies,
            now: letter.now,
            token: letter.token,
            idempotency: letter.idempotency,
            deadline,
        };
        let mut outcome = request.follow(&mut attempts).await;
        if letter.answer_ignored && attempts.len() == 1 && outcome.is_ok() {
            outcome = Err(Failure::timed_out("the answer was ignored by a fault"));
        }
        match outcome {
            Err(failure) if left > 0 && failure.is_retried(policy) && !attempt::is_past(deadline) => {
                left -= 1
            }
            outcome => return (attempts, outcome),
        }
    }
}

async fn fetch(emulation: &Emulation, clients: &Clients, message: MessageId, index: usize, url: &str) {
    let client = clients.get(&twilio::overrides::ConnectionOverrides::default());
    let fetched = attempt::fetch(&client, url).await.and_then(|answer| {
        let content_type = answer.content_type.ok_or(12300_u32)?;
        let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if medium::fits(&essence, answer.body.len()) { Ok((essence, answer.body)) } else { Err(11751) }
    });
    let mut world = emulation.world();
    world.media_fetched(message, index, fetched);
}

/// The word for a log line and the wire.
fn is_get(method: HttpMethod) -> bool {
    method == HttpMethod::Get
}
