//! What the debugger knows: `…/Notifications`, those of one call, and `monitor.twilio.com/v1/Alerts`.

use http::Method;
use jiff::Timestamp;
use twilio::HttpMethod;
use twilio::debugger::{AlertResource, ListAlerts, ListNotifications, LogLevel, NotificationResource};
use twilio::error;
use twilio::form;
use twilio::sid::{Sid, SidKind};

use super::messages::{bounds, day_of};
use super::{Answer, Call, Outcome, Refusal, paging};
use crate::notices::{Notice, Requested};
use crate::world::World;

/// Notifications of the account, or of one of its calls.
pub(super) fn list(world: &World, call: &Call<'_>, about: Option<&Sid>) -> Outcome {
    expect_get(call)?;
    let wanted = paging::wanted(call)?;
    let asked = ListNotifications::from_pairs(call.pairs).map_err(Refusal::from)?;
    let day = asked.message_date.map(day_of);
    let since = asked.message_date_since.map(|filter| bounds(filter).0);
    let until = asked.message_date_until.map(|filter| bounds(filter).1);
    let span = Span {
        since: [day.map(|day| day.0), since].into_iter().flatten().max(),
        until: [day.map(|day| day.1), until].into_iter().flatten().min(),
    };
    let notices: Vec<&Notice> = of_account(world, call)
        .filter(|notice| about.is_none_or(|about| notice.resource == *about))
        .filter(|notice| span.has(notice.at))
        .filter(|notice| asked.log.is_none_or(|log| log == u32::from(notice.is_warning())))
        .collect();
    let show = |notice: &&Notice| paging::json(&notification(notice, Detail::Brief));
    let slice = paging::slice(&notices, &wanted, |notice| notice.sid.as_str(), show);
    Ok(Answer::ok(&paging::envelope_2010(call, "notifications", &wanted, slice)))
}

pub(super) fn instance(world: &World, call: &Call<'_>, about: Option<&Sid>, sid: &Sid) -> Outcome {
    expect_get(call)?;
    let notice = find(world, call, sid)?;
    if about.is_some_and(|about| notice.resource != *about) {
        return Err(call.not_found());
    }
    Ok(Answer::ok(&notification(notice, Detail::Full)))
}

pub(super) fn alerts(world: &World, call: &Call<'_>) -> Outcome {
    expect_get(call)?;
    let wanted = paging::wanted(call)?;
    let asked = ListAlerts::from_pairs(call.pairs).map_err(Refusal::from)?;
    let span = Span {
        since: asked.start_date.map(|filter| bounds(filter).0),
        until: asked.end_date.map(|filter| bounds(filter).1),
    };
    let notices: Vec<&Notice> = of_account(world, call)
        .filter(|notice| span.has(notice.at))
        .filter(|notice| asked.log_level.as_ref().is_none_or(|level| *level == level_of(notice)))
        .collect();
    let show = |notice: &&Notice| paging::json(&alert_resource(call, notice, Detail::Brief));
    let slice = paging::slice(&notices, &wanted, |notice| notice.sid.as_str(), show);
    Ok(Answer::ok(&paging::envelope_product(call, "alerts", &wanted, slice)))
}

pub(super) fn alert(world: &World, call: &Call<'_>, sid: &Sid) -> Outcome {
    expect_get(call)?;
    Ok(Answer::ok(&alert_resource(call, find(world, call, sid)?, Detail::Full)))
}

/// A span of time, its ends included where it has them.
struct Span {
    since: Option<Timestamp>,
    until: Option<Timestamp>,
}

impl Span {
    fn has(&self, at: Timestamp) -> bool {
        self.since.is_none_or(|since| at >= since) && self.until.is_none_or(|until| at <= until)
    }
}

/// Whether a resource shows the request and the answer that it is about.
#[derive(Clone, Copy, PartialEq)]
enum Detail {
    Brief,
    Full,
}

/// What is shown of the webhook that a notice is about; of none, empty texts. In lists the longer parts are left
/// out.
struct Shown {
    method: Option<HttpMethod>,
    url: String,
    variables: Option<String>,
    request_headers: Option<String>,
    body: Option<String>,
    response_headers: Option<String>,
}

impl Shown {
    fn of(notice: &Notice, detail: Detail) -> Self {
        let full = |show: fn(&Requested) -> String| {
            let text = notice.requested.as_deref().map(show).unwrap_or_default();
            (detail == Detail::Full).then_some(text)
        };
        Self {
            method: notice.requested.as_ref().map(|requested| requested.method),
            url: notice.requested.as_ref().map(|requested| requested.url.clone()).unwrap_or_default(),
            variables: full(|requested| form::encode(&requested.parameters)),
            request_headers: full(|requested| {
                form::encode(&[("X-Twilio-Signature".to_owned(), requested.signature.clone())])
            }),
            body: full(|requested| requested.body.clone()),
            response_headers: full(|requested| form::encode(&requested.headers)),
        }
    }
}

fn expect_get(call: &Call<'_>) -> Result<(), Refusal> {
    if call.incoming.method == Method::GET { Ok(()) } else { Err(call.method_not_allowed()) }
}

/// Newest first.
fn of_account<'a>(world: &'a World, call: &'a Call<'_>) -> impl Iterator<Item = &'a Notice> {
    world.notices.iter().rev().filter(|notice| notice.account == call.account)
}

fn find<'a>(world: &'a World, call: &Call<'_>, sid: &Sid) -> Result<&'a Notice, Refusal> {
    world.notices.get(sid).filter(|notice| notice.account == call.account).ok_or_else(|| call.not_found())
}

fn notification(notice: &Notice, detail: Detail) -> NotificationResource {
    let shown = Shown::of(notice, detail);
    let (account, sid) = (notice.account.as_str(), notice.sid.as_str());
    NotificationResource {
        account_sid: notice.account.clone(),
        api_version: Some("2010-04-01".to_owned()),
        call_sid: Some(notice.resource.clone()).filter(|sid| sid.kind() == Some(SidKind::Call)),
        date_created: Some(notice.at),
        date_updated: Some(notice.at),
        error_code: Some(notice.code.to_string()),
        log: Some(if notice.is_warning() { "1" } else { "0" }.to_owned()),
        message_date: Some(notice.at),
        message_text: Some(notice.text()),
        more_info: Some(error::more_info(notice.code)),
        request_method: shown.method,
        request_url: Some(shown.url),
        request_variables: shown.variables,
        response_body: shown.body,
        response_headers: shown.response_headers,
        sid: notice.sid.clone(),
        uri: Some(format!("/2010-04-01/Accounts/{account}/Notifications/{sid}.json")),
    }
}

fn alert_resource(call: &Call<'_>, notice: &Notice, detail: Detail) -> AlertResource {
    let shown = Shown::of(notice, detail);
    AlertResource {
        account_sid: notice.account.clone(),
        alert_text: Some(notice.text()),
        api_version: Some("2010-04-01".to_owned()),
        date_created: Some(notice.at),
        date_generated: Some(notice.at),
        date_updated: Some(notice.at),
        error_code: Some(notice.code.to_string()),
        log_level: Some(level_of(notice)),
        more_info: Some(error::more_info(notice.code)),
        request_method: shown.method,
        request_url: Some(shown.url),
        request_variables: shown.variables,
        request_headers: shown.request_headers,
        response_body: shown.body,
        response_headers: shown.response_headers,
        resource_sid: Some(notice.resource.as_str().to_owned()),
        service_sid: None,
        sid: notice.sid.clone(),
        url: Some(format!("{}/v1/Alerts/{}", call.product_base(), notice.sid.as_str())),
    }
}

fn level_of(notice: &Notice) -> LogLevel {
    if notice.is_warning() { LogLevel::Warning } else { LogLevel::Error }
}
