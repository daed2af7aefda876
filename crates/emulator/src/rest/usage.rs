//! `…/Usage/Records`: what an account used, by category, in a span of days.

use http::Method;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};
use twilio::message::{Direction, MessageStatus};
use twilio::sid::Sid;
use twilio::usage::{ListUsageRecords, UsageRecord};

use super::{Answer, Call, Outcome, Refusal, paging, recordings};
use crate::accounts::micros_text;
use crate::message::Message;
use crate::numbers::NumberKind;
use crate::recordings::{Recording, RecordingStatus};
use crate::world::World;

/// The spans that have a path of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Period {
    /// All days, or those that the request names.
    Any,
    AllTime,
    Today,
    Yesterday,
    ThisMonth,
    LastMonth,
}

impl Period {
    /// The span that a path ends with.
    pub(super) fn of_path(segment: &str) -> Option<Self> {
        Some(match segment {
            "AllTime" => Period::AllTime,
            "Today" => Period::Today,
            "Yesterday" => Period::Yesterday,
            "ThisMonth" => Period::ThisMonth,
            "LastMonth" => Period::LastMonth,
            _ => return None,
        })
    }
}

/// The categories that are counted here, with what they count.
const CATEGORIES: [(&str, &str, &str, &str); 12] = [
    ("calls", "All calls", "calls", "minutes"),
    ("calls-inbound", "Inbound calls", "calls", "minutes"),
    ("calls-outbound", "Outbound calls", "calls", "minutes"),
    ("recordings", "Recordings", "recordings", "minutes"),
    ("sms", "All SMS", "messages", "segments"),
    ("sms-inbound", "Inbound SMS", "messages", "segments"),
    ("sms-outbound", "Outbound SMS", "messages", "segments"),
    ("mms", "All MMS", "messages", "messages"),
    ("mms-inbound", "Inbound MMS", "messages", "messages"),
    ("mms-outbound", "Outbound MMS", "messages", "messages"),
    ("phonenumbers", "Phone numbers", "numbers", "numbers"),
    ("totalprice", "Total price", "", "usd"),
];

/// What was used of one category.
#[derive(Debug, Default, Clone, Copy)]
struct Used {
    count: u64,
    usage: u64,
    micros: i64,
}

impl Used {
    fn add(&mut self, usage: u64, price_micros: i64) {
        self.count += 1;
        self.usage += usage;
        self.micros += price_micros.abs();
    }
}

pub(super) fn list(world: &World, call: &Call<'_>, period: Period) -> Outcome {
    if call.incoming.method != Method::GET {
        return Err(call.method_not_allowed());
    }
    let wanted = paging::wanted(call)?;
    let asked = ListUsageRecords::from_pairs(call.pairs).map_err(Refusal::from)?;
    let account = world.accounts.get(&call.account).ok_or_else(|| call.not_found())?;
    let today = day(world.now);
    let (first, last) = days(period, &asked, day(account.created), today)?;
    let counts = |owner: &Sid| {
        *owner == call.account
            || asked.include_subaccounts != Some(false) && world.accounts.may_act(&call.account, owner)
    };
    let in_span = |at: Timestamp| (first..=last).contains(&day(at));
    let tally = Tally::take(world, counts, in_span);
    let records: Vec<UsageRecord> = CATEGORIES
        .iter()
        .filter(|(category, ..)| asked.category.as_deref().is_none_or(|wanted| wanted == *category))
        .map(|category| record(world, call, category, tally.of(category.0), (first, last)))
        .collect();
    let slice = paging::slice(&records, &wanted, |record| record.category.as_str(), paging::json);
    Ok(Answer::ok(&paging::envelope_2010(call, "usage_records", &wanted, slice)))
}

fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

/// The first and the last day of a span.
fn days(
    period: Period,
    asked: &ListUsageRecords,
    opened: Date,
    today: Date,
) -> Result<(Date, Date), Refusal> {
    let back = |from: Date, span: Span| from.checked_sub(span).unwrap_or(from);
    Ok(match period {
        Period::Any => {
            let first = asked.start_date.as_deref().map(|text| read_day(text, today)).transpose()?;
            let last = asked.end_date.as_deref().map(|text| read_day(text, today)).transpose()?;
            (first.unwrap_or(opened), last.unwrap_or(today))
        }
        Period::AllTime => (opened, today),
        Period::Today => (today, today),
        Period::Yesterday => (back(today, 1.day()), back(today, 1.day())),
        Period::ThisMonth => (today.first_of_month(), today),
        Period::LastMonth => {
            let last = back(today.first_of_month(), 1.day());
            (last.first_of_month(), last)
        }
    })
}

/// `2026-03-02`, or days from today such as `-30days`.
fn read_day(text: &str, today: Date) -> Result<Date, Refusal> {
    let refused =
        || Refusal::bad(20422, format!("{text} is neither a day nor a count of days such as -30days"));
    if let Some(count) = text.strip_suffix("days").or_else(|| text.strip_suffix("day")) {
        let count: i64 = count.trim_start_matches('+').parse().map_err(|_| refused())?;
        let span = Span::new().try_days(count).map_err(|_| refused())?;
        return today.checked_add(span).map_err(|_| refused());
    }
    text.parse().map_err(|_| refused())
}

/// What was used, in and out, of calls, and of texts with and without media.
#[derive(Default)]
struct Tally {
    calls: [Used; 2],
    recordings: Used,
    sms: [Used; 2],
    mms: [Used; 2],
    numbers: u64,
}

impl Tally {
    fn take(world: &World, counts: impl Fn(&Sid) -> bool, in_span: impl Fn(Timestamp) -> bool) -> Self {
        let mut tally = Self::default();
        let messages = world.messages.iter().filter(|message| counts(&message.account));
        // What waits for its time has not been used yet, and what failed before it was sent never was.
        let is_used = |message: &&Message| {
            !matches!(
                message.status,
                MessageStatus::Scheduled | MessageStatus::Canceled | MessageStatus::Failed
            )
        };
        let at = |message: &Message| message.sent.unwrap_or(message.created);
        for message in messages.filter(is_used).filter(|message| in_span(at(message))) {
            tally.add(message);
        }
        // What was not answered costs nothing.
        let calls = world.calls.iter().map(|(_, call)| call).filter(|call| counts(&call.account));
        for call in calls.filter(|call| call.ended.is_some() && call.started.is_some_and(&in_span)) {
            let used = &mut tally.calls[usize::from(call.is_outbound())];
            used.add(call.minutes().unwrap_or(0), call.price_micros.unwrap_or(0));
        }
        let recordings = world.recordings.iter().filter(|recording| counts(&recording.account));
        let is_made = |recording: &&Recording| recording.status == RecordingStatus::Completed;
        for recording in recordings.filter(is_made).filter(|recording| in_span(recording.created)) {
            let minutes = recording.duration_s().div_ceil(60);
            tally.recordings.add(minutes, recordings::price_micros(minutes));
        }
        let numbers = world.numbers.iter().filter(|number| counts(&number.account));
        tally.numbers = numbers.filter(|number| number.kind != NumberKind::ShortCode).count() as u64;
        tally
    }

    fn add(&mut self, message: &Message) {
        let kinds = if message.media.is_empty() { &mut self.sms } else { &mut self.mms };
        let used = &mut kinds[usize::from(message.direction != Direction::Inbound)];
        used.add(message.segments.into(), message.price_micros.unwrap_or(0));
    }

    fn of(&self, category: &str) -> Used {
        let sum = |parts: &[Used]| {
            parts.iter().fold(Used::default(), |sum, part| Used {
                count: sum.count + part.count,
                usage: sum.usage + part.usage,
                micros: sum.micros + part.micros,
            })
        };
        match category {
            "calls" => sum(&self.calls),
            "calls-inbound" => self.calls[0],
            "calls-outbound" => self.calls[1],
            "recordings" => self.recordings,
            "sms" => sum(&self.sms),
            "sms-inbound" => self.sms[0],
            "sms-outbound" => self.sms[1],
            "mms" => sum(&self.mms),
            "mms-inbound" => self.mms[0],
            "mms-outbound" => self.mms[1],
            "phonenumbers" => Used { count: self.numbers, usage: self.numbers, micros: 0 },
            _ => {
                let all = [sum(&self.calls), self.recordings, sum(&self.sms), sum(&self.mms)];
                Used { micros: sum(&all).micros, ..Used::default() }
            }
        }
    }
}

fn record(
    world: &World,
    call: &Call<'_>,
    (category, description, count_unit, usage_unit): &(&str, &str, &str, &str),
    used: Used,
    (first, last): (Date, Date),
) -> UsageRecord {
    let base = format!("/2010-04-01/Accounts/{}/Usage/Records", call.account.as_str());
    let is_total = *category == "totalprice";
    let price = micros_text(used.micros);
    let spans = [
        ("all_time", "AllTime"),
        ("last_month", "LastMonth"),
        ("this_month", "ThisMonth"),
        ("today", "Today"),
        ("yesterday", "Yesterday"),
    ];
    UsageRecord {
        account_sid: call.account.clone(),
        api_version: Some("2010-04-01".to_owned()),
        as_of: Some(world.now.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()),
        category: (*category).to_owned(),
        count: (!is_total).then(|| used.count.to_string()),
        count_unit: Some((*count_unit).to_owned()),
        description: Some((*description).to_owned()),
        end_date: Some(last.to_string()),
        start_date: Some(first.to_string()),
        subresource_uris: spans
            .iter()
            .map(|(name, path)| ((*name).to_owned(), format!("{base}/{path}.json?Category={category}")))
            .collect(),
        uri: Some(format!("{base}.json?Category={category}&StartDate={first}&EndDate={last}")),
        usage: Some(if is_total { price.clone() } else { used.usage.to_string() }),
        price: Some(price),
        price_unit: Some("usd".to_owned()),
        usage_unit: Some((*usage_unit).to_owned()),
    }
}
