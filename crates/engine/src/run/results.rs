//! The results of a text or a call, under their documented names, as its reports fill them in.
//!
//! Dates are ISO 8601; counts and the price are text, as documented.

use crate::call::{self, Call};
use crate::effect::{PlaceCall, SendMessage};
use crate::event::Failure;
use crate::message::{Lattice, Message, Status};
use crate::sending::Progress;
use crate::workflow::Save;
use jiff::Timestamp;
use serde_json::{Map, Value};

const DIRECTION: &str = "outbound-api";

/// Whether a report told anything new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Some,
    None,
}

/// What is known before the provider knows anything. Only what is saved is kept.
pub(super) fn of_request(saves: &[Save], send: &SendMessage) -> Map<String, Value> {
    let mut results = Map::new();
    for save in saves {
        let value = match save.result.as_str() {
            "to" => Value::from(send.to.as_str()),
            "from" if send.from.starts_with('+') => Value::from(send.from.as_str()),
            "body" => send.content.body.as_deref().into(),
            "direction" => DIRECTION.into(),
            _ => Value::Null,
        };
        if !value.is_null() {
            results.insert(save.result.clone(), value);
        }
    }
    results
}

/// The provider's status, as far as reports have told of it.
pub(super) fn status(results: &Map<String, Value>) -> Option<Status> {
    results.get("status").and_then(Value::as_str).and_then(Status::parse)
}

/// Takes a report in. Whatever order reports come in, the same results stand at the end.
pub(super) fn absorb(
    results: &mut Map<String, Value>,
    saves: &[Save],
    message: &Message,
    failure: Option<&Failure>,
) -> Change {
    let mut change = absorb_status(results, status(results), &message.progress, Status::Failed, failure);
    for save in saves {
        let name = save.result.as_str();
        if let Some(value) = reported(name, message)
            && !value.is_null()
            && replaces(name, results.get(name), &value, message)
        {
            results.insert(name.to_owned(), value);
            change = Change::Some;
        }
    }
    change
}

/// The status moves upwards only, and what is said of an error goes with it. What was refused before the
/// provider had it counts as failed.
fn absorb_status<S: Lattice>(
    results: &mut Map<String, Value>,
    standing: Option<S>,
    progress: &Progress<S>,
    failed: S,
    failure: Option<&Failure>,
) -> Change {
    let Some(reported) = progress.status.or(failure.map(|_| failed)) else { return Change::None };
    let code = progress.error_code.or(failure.and_then(|failure| failure.code));
    let words = progress.error_message.clone().or(failure.map(|failure| failure.reason.clone()));
    let lacks_code = standing == Some(reported) && code.is_some() && !results.contains_key("error_code");
    if !reported.beats(standing) && !lacks_code {
        return Change::None;
    }
    results.insert("status".into(), reported.as_str().into());
    let mut put = |name: &str, value: Value| match value {
        Value::Null => results.shift_remove(name),
        value => results.insert(name.into(), value),
    };
    put("error_code", code.into());
    put("error_message", words.into());
    Change::Some
}

/// What is known of a call before the provider knows anything. Only what is saved is kept.
pub(super) fn of_placing(saves: &[Save], place: &PlaceCall) -> Map<String, Value> {
    let mut results = Map::new();
    for save in saves {
        let value = match save.result.as_str() {
            "to" => Value::from(place.to.as_str()),
            "from" if place.from.starts_with('+') => Value::from(place.from.as_str()),
            "direction" => DIRECTION.into(),
            _ => Value::Null,
        };
        if !value.is_null() {
            results.insert(save.result.clone(), value);
        }
    }
    results
}

/// The provider's status of a call, as far as reports have told of it.
pub(super) fn call_status(results: &Map<String, Value>) -> Option<call::Status> {
    results.get("status").and_then(Value::as_str).and_then(call::Status::parse)
}

/// Takes a report of a call in. Whatever order reports come in, the same results stand at the end.
pub(super) fn absorb_call(
    results: &mut Map<String, Value>,
    saves: &[Save],
    call: &Call,
    failure: Option<&Failure>,
) -> Change {
    let standing = call_status(results);
    let mut change = absorb_status(results, standing, &call.progress, call::Status::Failed, failure);
    for save in saves {
        let name = save.result.as_str();
        let Some(value) = reported_of_call(name, call).filter(|value| !value.is_null()) else { continue };
        // The call itself only ever learns more, so its latest word stands.
        if results.get(name) != Some(&value) {
            results.insert(name.to_owned(), value);
            change = Change::Some;
        }
    }
    change
}

fn reported_of_call(name: &str, call: &Call) -> Option<Value> {
    let receipt = &call.receipt;
    let date = |at: Option<Timestamp>| Value::from(at.map(|at| at.to_string()));
    Some(match name {
        "sid" => call.progress.sid.as_deref().into(),
        "date_created" => date(receipt.date_created),
        "date_updated" => date(receipt.date_updated),
        "date_sent" | "start_time" => date(receipt.start_time),
        "end_time" => date(receipt.end_time),
        "duration" => receipt.duration.as_deref().into(),
        "account_sid" => receipt.account_sid.as_deref().into(),
        "to" => call.to.as_str().into(),
        "from" => call.from.as_deref().into(),
        "price" => receipt.price.as_deref().into(),
        "currency" | "price_unit" => receipt.price_unit.as_deref().into(),
        "direction" => DIRECTION.into(),
        "answered_by" => call.course.answered_by.map(|answered| answered.as_str()).into(),
        "outcome" => call.outcome().map(|outcome| outcome.name()).into(),
        "cost" => call.course.model_nanodollars.map(dollars).into(),
        _ => return None,
    })
}

/// Billionths as whole dollars.
fn dollars(nano: u64) -> f64 {
    nano as f64 / 1e9
}

fn reported(name: &str, message: &Message) -> Option<Value> {
    let receipt = &message.receipt;
    let date = |at: Option<Timestamp>| Value::from(at.map(|at| at.to_string()));
    Some(match name {
        "sid" => message.progress.sid.as_deref().into(),
        "date_created" => date(receipt.date_created),
        "date_updated" => date(receipt.date_updated),
        "date_sent" => date(receipt.date_sent),
        "account_sid" => receipt.account_sid.as_deref().into(),
        "to" => message.to.as_str().into(),
        "from" => message.from.as_deref().into(),
        "body" => receipt.body.as_deref().or(message.content.body.as_deref()).into(),
        "num_segments" => receipt.num_segments.as_deref().into(),
        "price" => receipt.price.as_deref().into(),
        "currency" | "price_unit" => receipt.price_unit.as_deref().into(),
        "direction" => DIRECTION.into(),
        "num_media" => receipt.num_media.as_deref().into(),
        _ => return None,
    })
}

/// Facts are filled in once, but for those that get better.
fn replaces(name: &str, standing: Option<&Value>, value: &Value, message: &Message) -> bool {
    let Some(standing) = standing else { return true };
    if standing == value {
        return false;
    }
    match name {
        "date_updated" => {
            let at = |value: &Value| value.as_str().and_then(|text| text.parse::<Timestamp>().ok());
            at(value) > at(standing)
        }
        // A messaging service counts no segments before it has picked a sender.
        "num_segments" => standing == "0",
        "body" => message.receipt.body.is_some(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::keys::{CALL_RESULTS, RESULTS};

    /// A name that can be saved but is never reported would stay null for ever.
    #[test]
    fn every_documented_result_is_reported() {
        let message: Message = serde_json::from_value(serde_json::json!({
            "id": "msg_1", "direction": "outbound", "channel": "sms", "credential": "main",
            "from": "+15551234567", "service": null, "to": "+15559876543", "body": "Hello.", "origin": null,
            "state": "accepted", "status": "undelivered", "error_code": 30005, "error_message": "unknown",
            "sid": "SM1", "sid_source": "answer", "attempts": 1, "intent_at": null,
            "receipt": {
                "account_sid": "AC1", "date_created": "2026-11-23T08:00:00Z", "date_updated": "2026-11-23T08:00:02Z",
                "date_sent": "2026-11-23T08:00:01Z", "num_segments": "1", "num_media": "0", "price": "-0.0075",
                "price_unit": "USD",
            },
            "created_at": "2026-11-23T08:00:00Z", "updated_at": "2026-11-23T08:00:00Z",
        }))
        .expect("a message");
        let save = |name: &&str| Save { result: (*name).into(), variable: (*name).into() };
        let saves: Vec<Save> = RESULTS.iter().map(save).collect();
        let mut results = Map::new();
        assert_eq!(absorb(&mut results, &saves, &message, None), Change::Some);
        for name in RESULTS {
            assert!(results.contains_key(*name), "{name}");
        }
        assert_eq!(results["currency"], results["price_unit"]);
        assert_eq!(results["date_sent"], "2026-11-23T08:00:01Z");
        assert_eq!(absorb(&mut results, &saves, &message, None), Change::None);
    }

    #[test]
    fn every_result_of_a_call_is_reported() {
        let call: Call = serde_json::from_value(serde_json::json!({
            "id": "call_1", "direction": "outbound", "credential": "main", "from": "+15551234567",
            "to": "+15559876543", "origin": null, "state": "accepted", "status": "failed", "error_code": 31005,
            "error_message": "unknown", "sid": "CA1", "sid_source": "answer", "attempts": 1, "intent_at": null,
            "course": {"answered_by": "human", "model_nanodollars": 1_250_000},
            "receipt": {
                "account_sid": "AC1", "date_created": "2026-11-23T08:00:00Z", "date_updated": "2026-11-23T08:00:02Z",
                "start_time": "2026-11-23T08:00:01Z", "end_time": "2026-11-23T08:00:09Z", "duration": "8",
                "price": "-0.0130", "price_unit": "USD",
            },
            "created_at": "2026-11-23T08:00:00Z", "updated_at": "2026-11-23T08:00:00Z",
        }))
        .expect("a call");
        let save = |name: &&str| Save { result: (*name).into(), variable: (*name).into() };
        let saves: Vec<Save> = CALL_RESULTS.iter().map(save).collect();
        let mut results = Map::new();
        assert_eq!(absorb_call(&mut results, &saves, &call, None), Change::Some);
        for name in CALL_RESULTS {
            assert!(results.contains_key(*name), "{name}");
        }
        assert_eq!(absorb_call(&mut results, &saves, &call, None), Change::None);
    }
}
