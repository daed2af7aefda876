//! `…/Calls/{Sid}/Events`: the requests that were made for a call, in either direction, newest first.

use http::Method;
use serde_json::{Map, Value, json};
use twilio::date;
use twilio::sid::Sid;

use super::{Answer, Call as Request, Outcome, calls, paging};
use crate::journal::{Attempt, Entry, Event};
use crate::world::World;

pub(super) fn list(world: &World, request: &Request<'_>, call: &Sid) -> Outcome {
    if request.incoming.method != Method::GET {
        return Err(request.method_not_allowed());
    }
    calls::find(world, request, call)?;
    let wanted = paging::wanted(request)?;
    let mut events: Vec<(String, Value)> = world
        .journal
        .after(0)
        .filter(|entry| entry.event.call_sid() == Some(call.as_str()))
        .flat_map(|entry| shown(entry, request.base_url))
        .collect();
    events.reverse();
    let slice = paging::slice(&events, &wanted, |(name, _)| name, |(_, event)| event.clone());
    Ok(Answer::ok(&paging::envelope_2010(request, "events", &wanted, slice)))
}

/// The requests of an entry of the log, each with a name of its own for page tokens.
fn shown(entry: &Entry, base_url: &str) -> Vec<(String, Value)> {
    let at = date::rfc2822(entry.at);
    match &entry.event {
        // Looking at a call is nothing that happens to it.
        Event::Request { method, .. } if method == "GET" => Vec::new(),
        Event::Request { method, path, parameters, status, duration_us, answer, .. } => {
            let asked = request(method, &format!("{base_url}{path}"), parameters);
            let answered = json!({
                "response_code": status,
                "request_duration": duration_us / 1_000,
                "content_type": "application/json",
                "response_body": answer,
                "date_created": at,
            });
            vec![(entry.number.to_string(), json!({"request": asked, "response": answered}))]
        }
        Event::Webhook { method, parameters, attempts, .. } => {
            let events = attempts.iter().enumerate().map(|(number, attempt)| {
                let asked = request(method, &attempt.url, parameters);
                let event = json!({"request": asked, "response": response(attempt, &at)});
                (format!("{}.{number}", entry.number), event)
            });
            events.collect()
        }
        _ => Vec::new(),
    }
}

fn request(method: &str, url: &str, parameters: &[(String, String)]) -> Value {
    let parameters: Map<String, Value> =
        parameters.iter().map(|(name, value)| (snake_case(name), json!(value))).collect();
    json!({"method": method, "url": url, "parameters": parameters})
}

fn response(attempt: &Attempt, at: &str) -> Value {
    json!({
        "response_code": attempt.status,
        "request_duration": attempt.duration_ms,
        "content_type": attempt.header("content-type"),
        "response_body": attempt.answer,
        "date_created": at,
    })
}

/// `StatusCallbackMethod` as `status_callback_method`.
fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    let mut before = '_';
    for char in name.chars() {
        if char.is_ascii_uppercase() && before.is_ascii_lowercase() {
            snake.push('_');
        }
        snake.push(char.to_ascii_lowercase());
        before = char;
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_named_as_the_rest_of_the_answer_is() {
        for (name, snake) in [
            ("To", "to"),
            ("StatusCallbackMethod", "status_callback_method"),
            ("AsyncAMD", "async_amd"),
            ("Parameter1.Name", "parameter1.name"),
        ] {
            assert_eq!(snake_case(name), snake);
        }
    }
}
