//! `…/Calls`: create, list, fetch, update, delete.

use http::Method;
use twilio::message::DateFilter;
use twilio::sid::Sid;

use super::call_checks::{self, Checked, method, number};
use super::message_checks::{given, is_callback_url};
use super::messages::{bounds, day_of};
use super::paging;
use super::{Answer, Call as Request, Outcome, Refusal};
use crate::address::{self, Reading};
use crate::call::{Call, CallId, CallStatus, Instructions, Update};
use crate::world::World;

const TWIML_CHARS_MAX: usize = 4_000;

pub(super) fn collection(world: &mut World, request: &Request<'_>) -> Outcome {
    match request.incoming.method {
        Method::GET => list(world, request),
        Method::POST => create(world, request),
        _ => Err(request.method_not_allowed()),
    }
}

pub(super) fn instance(world: &mut World, request: &Request<'_>, sid: &Sid) -> Outcome {
    let id = find(world, request, sid)?;
    match request.incoming.method {
        Method::GET => Ok(answer(world, request, id, 200)),
        Method::POST => update(world, request, id),
        Method::DELETE => delete(world, id),
        _ => Err(request.method_not_allowed()),
    }
}

fn create(world: &mut World, request: &Request<'_>) -> Outcome {
    let Checked { draft, warnings } =
        call_checks::create(world, &request.account, request.pairs, request.strictness, request.plan)?;
    if let Some(ms) = request.plan.late_creation_ms {
        world.create_call_later(draft, ms);
        return Ok(Answer::no_content());
    }
    let id = world.create_call(draft);
    for (code, detail) in warnings {
        world.debug_call(id, code, detail);
    }
    Ok(answer(world, request, id, 201))
}

/// A call of the account that lists show.
pub(super) fn find(world: &World, request: &Request<'_>, sid: &Sid) -> Result<CallId, Refusal> {
    let id = world.calls.find(sid).ok_or_else(|| request.not_found())?;
    let is_theirs = world.calls.get(id).is_some_and(|call| call.account == request.account);
    if is_theirs { Ok(id) } else { Err(request.not_found()) }
}

fn answer(world: &World, request: &Request<'_>, id: CallId, status: u16) -> Answer {
    match world.calls.get(id) {
        Some(call) => Answer::json(status, &call.to_resource(&currency(world, request))).about_call(id),
        None => request.not_found().into_answer(),
    }
}

fn currency(world: &World, request: &Request<'_>) -> String {
    world.accounts.get(&request.account).map_or_else(|| "USD".to_owned(), |account| account.currency.clone())
}

/// What an update asks for: at most one way to go on, and settings besides.
fn update(world: &mut World, request: &Request<'_>, id: CallId) -> Outcome {
    let pairs = request.pairs;
    let wanted = match (given(pairs, "Status"), given(pairs, "Url"), given(pairs, "Twiml")) {
        (Some("canceled"), _, _) => Some(Update::Cancel),
        (Some("completed"), _, _) => Some(Update::Complete),
        (Some(_), _, _) => return Err(Refusal::bad(20422, "Status must be canceled or completed")),
        (None, Some(url), _) if !is_callback_url(url) => {
            return Err(Refusal::bad(21205, format!("Url is not a valid URL: {url}")));
        }
        (None, Some(url), _) => {
            let method = method(pairs, "Method")?;
            Some(Update::GoTo(Instructions::Url { url: url.to_owned(), method }))
        }
        (None, None, Some(twiml)) if twiml.chars().count() > TWIML_CHARS_MAX => {
            return Err(Refusal::bad(32018, "The 'Twiml' parameter is longer than 4000 characters"));
        }
        (None, None, Some(twiml)) => Some(Update::GoTo(Instructions::Twiml(twiml.to_owned()))),
        (None, None, None) => None,
    };
    let limit_s = number(pairs, "TimeLimit", 1..=86_400)?;
    let fallback = address_of(pairs, "FallbackUrl", "FallbackMethod")?;
    let callback = address_of(pairs, "StatusCallback", "StatusCallbackMethod")?;
    let wrong_state = || Refusal::bad(21220, "Call is not in-progress. Cannot redirect.");
    let call = world.calls.get_mut(id).ok_or_else(|| request.not_found())?;
    if call.is_over() {
        return Err(wrong_state());
    }
    if let Some(fallback) = fallback {
        call.settings.fallback = Some(fallback);
    }
    if let Some((url, method)) = callback {
        call.callbacks.url = Some(url);
        call.callbacks.method = method;
    }
    if let Some(limit_s) = limit_s {
        world.limit_call(id, limit_s);
    }
    if let Some(wanted) = wanted {
        world.update_call(id, wanted).map_err(|_| wrong_state())?;
    }
    Ok(answer(world, request, id, 200))
}

fn address_of(
    pairs: &[(String, String)],
    url: &str,
    method_name: &str,
) -> Result<Option<(String, twilio::HttpMethod)>, Refusal> {
    match given(pairs, url) {
        None => Ok(None),
        Some(text) if !is_callback_url(text) => Err(Refusal::bad(21609, format!("The '{url}' is not valid"))),
        Some(text) => Ok(Some((text.to_owned(), method(pairs, method_name)?))),
    }
}

fn delete(world: &mut World, id: CallId) -> Outcome {
    if world.calls.get(id).is_some_and(|call| !call.is_over()) {
        return Err(Refusal::bad(20009, "The call is not finished yet and cannot be deleted"));
    }
    world.calls.delete(id);
    Ok(Answer::no_content())
}

/// `POST …/Calls/{Sid}/Siprec`: streams to a recording server go by a connector, and no account here has one.
pub(super) fn siprec(world: &World, request: &Request<'_>, sid: &Sid) -> Outcome {
    find(world, request, sid)?;
    if request.incoming.method != Method::POST {
        return Err(request.method_not_allowed());
    }
    let name = request.get("ConnectorName").unwrap_or_default();
    Err(Refusal::bad(31940, format!("No SIPREC connector named '{name}' is installed")))
}

fn date_filter(text: &str) -> Option<DateFilter> {
    let pair = ("DateSent".to_owned(), text.to_owned());
    twilio::message::ListMessages::from_pairs(&[pair]).ok()?.date_sent
}

/// What a list shows.
struct Filter<'a> {
    to: Option<String>,
    from: Option<String>,
    parent: Option<&'a str>,
    status: Option<CallStatus>,
    started: Span,
    ended: Span,
}

/// The first and the last instant, both included.
#[derive(Default)]
pub(super) struct Span {
    since: Option<jiff::Timestamp>,
    until: Option<jiff::Timestamp>,
}

impl Span {
    /// Reads the three filters of one date.
    pub(super) fn read(pairs: &[(String, String)], name: &'static str) -> Result<Self, Refusal> {
        let read = |suffix: &str| {
            let Some(text) = given(pairs, &format!("{name}{suffix}")) else { return Ok(None) };
            date_filter(text).map(Some).ok_or_else(|| Refusal::bad(20422, format!("{name} is not a date")))
        };
        let day = read("")?.map(day_of);
        let since = read(">")?.map(|filter| bounds(filter).0);
        let until = read("<")?.map(|filter| bounds(filter).1);
        Ok(Self {
            since: [day.map(|day| day.0), since].into_iter().flatten().max(),
            until: [day.map(|day| day.1), until].into_iter().flatten().min(),
        })
    }

    pub(super) fn fits(&self, at: Option<jiff::Timestamp>) -> bool {
        if self.since.is_none() && self.until.is_none() {
            return true;
        }
        at.is_some_and(|at| {
            self.since.is_none_or(|since| at >= since) && self.until.is_none_or(|until| at <= until)
        })
    }
}

impl Filter<'_> {
    fn fits(&self, call: &Call) -> bool {
        self.to.as_ref().is_none_or(|to| call.to == *to)
            && self.from.as_ref().is_none_or(|from| call.from == *from)
            && self
                .parent
                .is_none_or(|parent| call.parent.as_ref().is_some_and(|(_, sid)| sid.as_str() == parent))
            && self.status.is_none_or(|status| call.status == status)
            && self.started.fits(call.started)
            && self.ended.fits(call.ended)
    }
}

fn list(world: &World, request: &Request<'_>) -> Outcome {
    let wanted = paging::wanted(request)?;
    let pairs = request.pairs;
    let number = |name| {
        given(pairs, name)
            .map(|text| address::callable(text, Reading::Loose).unwrap_or_else(|| text.to_owned()))
    };
    let status = match given(pairs, "Status") {
        None => None,
        Some(word) => Some(
            CallStatus::parse(word).ok_or_else(|| Refusal::bad(20422, "Status is not a status of a call"))?,
        ),
    };
    let filter = Filter {
        to: number("To"),
        from: number("From"),
        parent: given(pairs, "ParentCallSid"),
        status,
        started: Span::read(pairs, "StartTime")?,
        ended: Span::read(pairs, "EndTime")?,
    };
    let fitting: Vec<&Call> = world
        .calls
        .iter()
        .rev()
        .map(|(_, call)| call)
        .filter(|call| call.account == request.account && call.listed_from <= world.now && filter.fits(call))
        .collect();
    let currency = currency(world, request);
    let show = |call: &&Call| call.to_resource(&currency);
    let slice = paging::slice(&fitting, &wanted, |call| call.sid.as_str(), show);
    Ok(Answer::ok(&paging::envelope_2010(request, "calls", &wanted, slice)))
}
