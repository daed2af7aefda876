//! Reports of a text in every order, and each of them twice: a run always ends up in the same place.

use crate::build::{Going, changed, workflow};
use engine::effect::EffectKey;
use engine::message::{Message, Status};
use engine::workflow::Workflow;
use proptest::prelude::*;
use serde_json::{Map, Value};

const FIRST: EffectKey = EffectKey { step: 1, n: 0 };

fn one_text(until: &str) -> Workflow {
    workflow(&format!(
        r#"
name: one
input: {{phone: {{type: string}}}}
from: "+15551234567"
blocks:
  - id: tell
    type: twilio
    messageType: sms
    to: "{{{{phone}}}}"
    message: Hello.
    until: {until}
    save: {{sid: sid, status: status, price: price, num_segments: parts, error_code: code, body: body}}
    on: {{failed: sorry}}
  - {{id: answer, type: waitForReply}}
  - {{id: sorry, type: wait, duration: 7d}}
"#
    ))
}

/// What the provider tells of one text, each report with all that was known by then.
fn reports(first: Message, ways: &[Status]) -> Vec<Message> {
    let mut message = first;
    let mut reports = vec![message.clone()];
    for (n, status) in ways.iter().enumerate() {
        message.progress.status = Some(*status);
        message.progress.error_code = status.is_failure().then_some(30005);
        message.receipt.num_segments = Some("2".into());
        if n + 1 == ways.len() {
            message.receipt.price = Some("-0.0150".into());
            message.receipt.body = Some("Hello".into());
        }
        reports.push(message.clone());
    }
    reports
}

/// Where the run stands, and what it knows.
fn end(going: &Going) -> (String, Map<String, Value>) {
    let block = going.run.position.as_ref().map(|position| position.block.clone());
    (block.unwrap_or_default(), going.run.variables.clone())
}

fn play(until: &str, ways: &[Status], order: &[usize]) -> (String, Map<String, Value>) {
    let mut going = Going::new(one_text(until));
    let reports = reports(going.message(FIRST), ways);
    for at in order.iter().filter_map(|at| reports.get(*at)) {
        // A report that is refused told nothing new; that is part of the promise.
        let _ = going.after(1, changed(FIRST, at.clone()));
    }
    end(&going)
}

const WAYS: [&[Status]; 3] = [
    &[Status::Sending, Status::Sent, Status::Delivered],
    &[Status::Sent, Status::Delivered, Status::Read],
    &[Status::Sending, Status::Sent, Status::Undelivered],
];

proptest! {
    #[test]
    fn every_order_of_reports_ends_alike(
        until in prop::sample::select(vec!["accepted", "delivered"]),
        ways in prop::sample::select(&WAYS[..]),
        order in Just(vec![0, 1, 2, 3, 0, 1, 2, 3]).prop_shuffle(),
    ) {
        prop_assert_eq!(play(until, ways, &order), play(until, ways, &[0, 1, 2, 3]));
    }
}

#[test]
fn the_orders_lead_somewhere() {
    let block = |until, ways| play(until, ways, &[0, 1, 2, 3]).0;
    assert_eq!(block("accepted", WAYS[2]), "answer");
    assert_eq!(block("delivered", WAYS[0]), "answer");
    assert_eq!(block("delivered", WAYS[2]), "sorry");
    let (_, variables) = play("accepted", WAYS[1], &[3, 2, 1, 0]);
    assert_eq!(variables["status"], "read");
    assert_eq!(variables["body"], "Hello");
}
