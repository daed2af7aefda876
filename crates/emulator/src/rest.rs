//! Twilio's REST API: the 2010 API and the products beside it on one port.

mod accounts;
mod answer;
mod applications;
mod auth;
mod available_numbers;
mod call_checks;
mod call_events;
mod caller_ids;
mod calls;
mod conferences;
mod contents;
mod keys;
mod live_transcriptions;
mod lookups;
mod media;
pub(crate) mod message_checks;
mod message_create;
mod messages;
mod notifications;
mod numbers;
mod paging;
mod participants;
mod pool;
mod queues;
mod recordings;
mod route;
mod services;
mod streams;
mod test_credentials;
mod usage;

pub(crate) use answer::{Answer, Content, Outcome, Refusal};
pub(crate) use numbers::release as release_number;

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::response::Response;
use http::{HeaderMap, Method};
use twilio::form::{self, Pairs};
use twilio::sid::{Sid, SidKind};

use crate::accounts::{AccountStatus, Caller};
use crate::connection::Connection;
use crate::emulation::Emulation;
use crate::faults::{Facts, Operation, RequestPlan, Strike};
use crate::journal::{Event, Subject};
use crate::world::World;
use answer::About;
use recordings::Place;
use route::{Resource, Route};

/// The largest body of a request.
const BODY_BYTES_MAX: usize = 1_000_000;

/// A request, read and not yet understood.
pub(crate) struct Incoming {
    pub(crate) method: Method,
    /// Without the query.
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    /// Of the query, and of the form after it.
    pub(crate) pairs: Pairs,
    /// The body, where it is JSON instead of a form.
    pub(crate) json: Option<serde_json::Value>,
}

/// A request by somebody who may make it.
pub(crate) struct Call<'a> {
    pub(crate) incoming: &'a Incoming,
    pub(crate) pairs: &'a [(String, String)],
    /// In whose name: of the path, or the caller.
    pub(crate) account: Sid,
    pub(crate) caller: Sid,
    pub(crate) plan: &'a RequestPlan,
    pub(crate) strictness: crate::emulation::Strictness,
    /// Where this emulator is reached, for the absolute URLs of product APIs.
    pub(crate) base_url: &'a str,
}

/// How a request ended.
enum Ended {
    Answered(Answer),
    /// Its connection is dropped and nobody gets an answer.
    Dropped,
}

/// Answers a request of the REST API.
pub(crate) async fn handle(State(emulation): State<Arc<Emulation>>, request: Request) -> Response {
    let started = Instant::now();
    let connection = request.extensions().get::<Connection>().cloned();
    let connection = connection.expect("every request comes by a connection that `connection::serve` took");
    let incoming = match read(request).await {
        Ok(incoming) => incoming,
        Err(refusal) => return answer::to_response(refusal.into_answer(), &about(&emulation, started, 1)),
    };
    let route = route::parse(&incoming.path, host(&incoming.headers));
    let counted = Counted::begin(&emulation, route.as_ref(), &incoming);
    let ended = match authorized(&emulation, route, &incoming, &counted) {
        Ok((route, caller)) => perform(&emulation, &route, caller, &incoming).await,
        Err(refusal) => Ended::Answered(refusal.into_answer()),
    };
    let about = about(&emulation, started, counted.concurrent);
    journal(&emulation, &incoming, &ended, about.duration);
    match ended {
        Ended::Answered(answer) => answer::to_response(answer, &about),
        Ended::Dropped => {
            connection.drop_now();
            // The connection's task drops this future, before anything is written.
            std::future::pending().await
        }
    }
}

async fn read(request: Request) -> Result<Incoming, Refusal> {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, BODY_BYTES_MAX).await else {
        return Err(Refusal::new(413, 20413, "The request body is too large"));
    };
    let unreadable = |_| Refusal::bad(20400, "The parameters are not form-encoded UTF-8");
    let mut pairs = form::decode(parts.uri.query().unwrap_or_default().as_bytes()).map_err(unreadable)?;
    let mut json = None;
    if is_json(&parts.headers) {
        let unreadable = |_| Refusal::bad(20400, "The body is not JSON");
        json = Some(serde_json::from_slice(&body).map_err(unreadable)?);
    } else if !body.is_empty() {
        pairs.extend(form::decode(&body).map_err(unreadable)?);
    }
    let path = parts.uri.path().to_owned();
    Ok(Incoming { method: parts.method, path, headers: parts.headers, pairs, json })
}

fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers.get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.is_some_and(|kind| kind.split(';').next().unwrap_or_default().trim() == "application/json")
}

/// The host that the caller meant: an SDK that was pointed here says so in a header of its own, and one for which
/// the provider's names lead here asks for them.
fn host(headers: &HeaderMap) -> Option<&str> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    text("x-original-host").or_else(|| {
        let host = text("host")?;
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        name.ends_with(".twilio.com").then_some(name)
    })
}

/// Who calls, on what: checked before anything else, as the real thing does.
fn authorized(
    emulation: &Emulation,
    route: Option<Route>,
    incoming: &Incoming,
    counted: &Counted<'_>,
) -> Result<(Route, Option<Caller>), Refusal> {
    if let Some(route @ Route { resource: Resource::MediumBytes(..) | Resource::RecordingSound(..), .. }) =
        route
    {
        return Ok((route, None));
    }
    let world = emulation.world();
    let caller = auth::caller(&world, &incoming.headers)?;
    let Some(route) = route else { return Err(Refusal::not_found(&incoming.path)) };
    let own = match &caller {
        Caller::Account(sid) | Caller::Test(sid) => sid,
    };
    auth::check_target(&world, &caller, route.account.as_ref().unwrap_or(own), &route.resource)?;
    if counted.is_above_limit {
        return Err(Refusal::of_code(429, 20429));
    }
    Ok((route, Some(caller)))
}

async fn perform(
    emulation: &Arc<Emulation>,
    route: &Route,
    caller: Option<Caller>,
    incoming: &Incoming,
) -> Ended {
    let caller = match caller {
        Some(Caller::Account(sid)) => sid,
        Some(Caller::Test(sid)) => {
            let outcome = test_credentials::answer(&mut emulation.world(), &sid, route, incoming);
            return Ended::Answered(outcome.unwrap_or_else(Refusal::into_answer));
        }
        None => {
            let world = emulation.world();
            let answer = match route.resource {
                Resource::RecordingSound(..) => recordings::sound(&world, route, incoming),
                _ => media::bytes(&world, route, incoming),
            };
            return Ended::Answered(answer);
        }
    };
    let account = route.account.clone().unwrap_or_else(|| caller.clone());
    let plan = plan(&mut emulation.world(), &account, route, incoming);
    if let Some(ended) = strike(emulation, &plan.before, incoming, Subject::default()).await {
        return ended;
    }
    let call = Call {
        incoming,
        pairs: &incoming.pairs,
        account,
        caller,
        plan: &plan,
        strictness: emulation.strictness,
        base_url: &emulation.base_url,
    };
    let answer = {
        let mut world = emulation.world();
        dispatch(&mut world, &call, &route.resource)
    };
    let answer = match answer {
        // The draft is on the agenda; the caller never hears of it.
        Ok(answer) if plan.late_creation_ms.is_some() => {
            drop(answer);
            return Ended::Dropped;
        }
        Ok(answer) => answer,
        Err(refusal) => refusal.into_answer(),
    };
    if let Some(message) = answer.message {
        message_create::answer_early(emulation, message).await;
    }
    let subject = emulation.world().subject(&answer);
    match strike(emulation, &plan.after, incoming, subject).await {
        Some(ended) => ended,
        None => Ended::Answered(answer),
    }
}

fn dispatch(world: &mut World, call: &Call<'_>, resource: &Resource) -> Outcome {
    match resource {
        Resource::Accounts => accounts::collection(world, call),
        Resource::Account => accounts::instance(world, call),
        Resource::Balance => accounts::balance(world, call),
        Resource::Messages => match call.incoming.method {
            Method::POST => message_create::create(world, call),
            _ => messages::list(world, call),
        },
        Resource::Message(sid) => messages::instance(world, call, sid),
        Resource::Feedback(sid) => messages::feedback(world, call, sid),
        Resource::MediaList(sid) => media::list(world, call, sid),
        Resource::Medium(message, sid) => media::instance(world, call, message, sid),
        Resource::MediumBytes(..) => Err(Refusal::not_found(&call.incoming.path)),
        Resource::Numbers(kind) => numbers::collection(world, call, *kind),
        Resource::Number(sid) => numbers::instance(world, call, sid),
        Resource::AvailableCountries => available_numbers::countries(call),
        Resource::AvailableCountry(country) => available_numbers::country(call, country),
        Resource::AvailableNumbers(country, kind) => available_numbers::list(world, call, country, *kind),
        Resource::Services => services::collection(world, call),
        Resource::Service(sid) => services::instance(world, call, sid),
        Resource::PoolNumbers(service) | Resource::AlphaSenders(service) | Resource::ShortCodes(service) => {
            pool::collection(world, call, service, resource)
        }
        Resource::PoolNumber(service, member)
        | Resource::AlphaSender(service, member)
        | Resource::ShortCode(service, member) => pool::instance(world, call, service, member, resource),
        Resource::Applications => applications::collection(world, call),
        Resource::Application(sid) => applications::instance(world, call, sid),
        Resource::Keys => keys::collection(world, call),
        Resource::Key(sid) => keys::instance(world, call, sid),
        Resource::CallerIds => caller_ids::collection(world, call),
        Resource::CallerId(sid) => caller_ids::instance(world, call, sid),
        Resource::Notifications(about) => notifications::list(world, call, about.as_ref()),
        Resource::Notification(about, sid) => notifications::instance(world, call, about.as_ref(), sid),
        Resource::Usage(period) => usage::list(world, call, *period),
        Resource::Alerts => notifications::alerts(world, call),
        Resource::Alert(sid) => notifications::alert(world, call, sid),
        Resource::Contents => contents::collection(world, call),
        Resource::Content(sid) => contents::instance(world, call, sid),
        Resource::ContentsAndApprovals => contents::with_approvals(world, call),
        Resource::Approval(sid) => contents::fetch_approval(world, call, sid),
        Resource::ApprovalRequest(sid) => contents::request_approval(world, call, sid),
        Resource::Lookup(number) => lookups::fetch(world, call, number),
        voice => dispatch_voice(world, call, voice),
    }
}

/// Calls, and what they lead to.
fn dispatch_voice(world: &mut World, call: &Call<'_>, resource: &Resource) -> Outcome {
    match resource {
        Resource::Calls => calls::collection(world, call),
        Resource::Call(sid) => calls::instance(world, call, sid),
        Resource::Queues => queues::collection(world, call),
        Resource::Queue(sid) => queues::instance(world, call, sid),
        Resource::QueueMembers(queue) => queues::members(world, call, queue),
        Resource::QueueMember(queue, name) => queues::member(world, call, queue, name),
        Resource::Conferences => conferences::list(world, call),
        Resource::Conference(sid) => conferences::instance(world, call, sid),
        Resource::Participants(conference) => participants::collection(world, call, conference),
        Resource::Participant(conference, name) => participants::instance(world, call, conference, name),
        Resource::ConferenceRecordings(conference) => recordings::of_conference(world, call, conference),
        Resource::ConferenceRecording(conference, name) => {
            recordings::instance(world, call, &Place::Conference(conference.clone()), name)
        }
        Resource::Recordings(of_call) => recordings::collection(world, call, of_call.as_ref()),
        Resource::Recording(of_call, name) => {
            let place = of_call.clone().map_or(Place::Account, Place::Call);
            recordings::instance(world, call, &place, name)
        }
        Resource::RecordingSound(..) => Err(Refusal::not_found(&call.incoming.path)),
        Resource::LiveTranscriptions(of_call) => live_transcriptions::collection(world, call, of_call),
        Resource::LiveTranscription(of_call, sid) => live_transcriptions::instance(world, call, of_call, sid),
        Resource::Transcriptions(recording) => recordings::transcriptions(world, call, recording.as_ref()),
        Resource::Transcription(recording, sid) => {
            recordings::transcription(world, call, recording.as_ref(), sid)
        }
        Resource::Streams(of_call) => streams::collection(world, call, of_call),
        Resource::Stream(of_call, name) => streams::instance(world, call, of_call, name),
        Resource::CallEvents(of_call) => call_events::list(world, call, of_call),
        Resource::Siprec(of_call) => calls::siprec(world, call, of_call),
        _ => Err(call.not_found()),
    }
}

/// Decides what goes wrong with a request.
fn plan(world: &mut World, account: &Sid, route: &Route, incoming: &Incoming) -> RequestPlan {
    let operation = match (&route.resource, &incoming.method) {
        (Resource::Messages, &Method::POST) => Operation::CreateMessage,
        (Resource::Messages, _) => Operation::ListMessages,
        (Resource::Message(_), &Method::GET) => Operation::FetchMessage,
        (Resource::Calls, &Method::POST) => Operation::CreateCall,
        (Resource::Calls, _) => Operation::ListCalls,
        (Resource::Call(_), &Method::GET) => Operation::FetchCall,
        (Resource::Call(_), &Method::POST) => Operation::UpdateCall,
        _ => Operation::OtherRequest,
    };
    let get = |name| form::get(&incoming.pairs, name);
    let facts = Facts {
        operation,
        account: account.as_str(),
        to: get("To"),
        from: get("From").or_else(|| get("MessagingServiceSid")),
        body: get("Body").or_else(|| get("Url")).or_else(|| get("Twiml")),
        status: None,
    };
    let World { faults, random, .. } = world;
    faults.plan_request(&facts, random)
}

/// Works the faults before or after a request, in order; the first that ends it does.
async fn strike(
    emulation: &Emulation,
    strikes: &[Strike],
    incoming: &Incoming,
    subject: Subject,
) -> Option<Ended> {
    for strike in strikes {
        let what = match strike {
            Strike::Answer { status, .. } => format!("a request was answered {status}"),
            Strike::Slow { ms } => format!("an answer was slowed by {ms} ms"),
            Strike::Hold { .. } => "an answer was held".to_owned(),
            Strike::Drop => "a connection was dropped".to_owned(),
        };
        let Subject { message_sid, call_sid } = subject.clone();
        emulation.world().write(Event::Fault { what, message_sid, call_sid });
        match strike {
            Strike::Answer { status, code, retry_after_s } => {
                let mut refusal = Refusal::of_code(*status, *code);
                refusal.retry_after_s = *retry_after_s;
                return Some(Ended::Answered(refusal.into_answer()));
            }
            Strike::Slow { ms } => tokio::time::sleep(std::time::Duration::from_millis(*ms)).await,
            Strike::Hold { rule } => {
                let (method, path) = (incoming.method.to_string(), incoming.path.clone());
                emulation.holds.hold(*rule, method, path, subject.clone()).await;
            }
            Strike::Drop => return Some(Ended::Dropped),
        }
    }
    None
}

/// A request in progress, counted for its account.
struct Counted<'a> {
    emulation: &'a Emulation,
    account: Option<Sid>,
    concurrent: u32,
    is_above_limit: bool,
}

impl<'a> Counted<'a> {
    fn begin(emulation: &'a Emulation, route: Option<&Route>, incoming: &Incoming) -> Self {
        let mut world = emulation.world();
        let account = match route.and_then(|route| route.account.clone()) {
            Some(account) => Some(account),
            None => match auth::caller(&world, &incoming.headers) {
                Ok(Caller::Account(sid) | Caller::Test(sid)) => Some(sid),
                Err(_) => None,
            },
        };
        let Some(account) = account.filter(|sid| world.accounts.get(sid).is_some()) else {
            return Self { emulation, account: None, concurrent: 1, is_above_limit: false };
        };
        let limit = world.accounts.get(&account).and_then(|account| account.concurrent_requests_max);
        let count = world.requests_in_progress.entry(account.clone()).or_insert(0);
        *count += 1;
        let concurrent = *count;
        let is_above_limit = limit.is_some_and(|limit| concurrent > limit);
        Self { emulation, account: Some(account), concurrent, is_above_limit }
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        if let Some(account) = &self.account
            && let Some(count) = self.emulation.world().requests_in_progress.get_mut(account)
        {
            *count = count.saturating_sub(1);
        }
    }
}

fn about(emulation: &Emulation, started: Instant, concurrent: u32) -> About {
    let mut world = emulation.world();
    let request_sid = world.random.sid(SidKind::Request).as_str().to_owned();
    About { now: world.now, request_sid, duration: started.elapsed(), concurrent }
}

fn journal(emulation: &Emulation, incoming: &Incoming, ended: &Ended, duration: std::time::Duration) {
    let mut world = emulation.world();
    let (status, code, subject) = match ended {
        Ended::Answered(answer) => (Some(answer.status), answer.code, world.subject(answer)),
        Ended::Dropped => (None, None, Subject::default()),
    };
    let answer = match ended {
        Ended::Answered(answer) if answer.call.is_some() && incoming.method != Method::GET => answer.text(),
        _ => None,
    };
    let Subject { message_sid, call_sid } = subject;
    world.write(Event::Request {
        method: incoming.method.to_string(),
        path: incoming.path.clone(),
        parameters: incoming.pairs.clone(),
        status,
        code,
        message_sid,
        call_sid,
        duration_us: u64::try_from(duration.as_micros()).unwrap_or(u64::MAX),
        answer,
    });
}

impl World {
    /// What an answer was about.
    fn subject(&self, answer: &Answer) -> Subject {
        let message = answer.message.and_then(|id| self.messages.get(id)).map(|message| &message.sid);
        let call = answer.call.and_then(|id| self.calls.get(id)).map(|call| &call.sid);
        Subject::of(message.or(call))
    }
}

impl Call<'_> {
    pub(crate) fn method_not_allowed(&self) -> Refusal {
        Refusal::of_code(405, 20004)
    }

    pub(crate) fn not_found(&self) -> Refusal {
        Refusal::not_found(&self.incoming.path)
    }

    /// Where a product API is reached, for its absolute URLs: at the host that the caller meant, or here.
    pub(crate) fn product_base(&self) -> String {
        match host(&self.incoming.headers) {
            Some(host) => format!("https://{host}"),
            None => self.base_url.to_owned(),
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        form::get(self.pairs, name)
    }
}

/// Whether an account takes part in anything.
fn is_active(status: AccountStatus) -> bool {
    status == AccountStatus::Active
}
