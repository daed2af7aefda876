//! Texts and their reports, in whatever order they come.

use crate::build::*;
use engine::effect::EffectKey;
use engine::event::Event;
use engine::message::{Channel, Status};
use engine::run::{Refused, RunStatus};
use engine::workflow::Workflow;
use serde_json::json;

const FIRST: EffectKey = EffectKey { step: 1, n: 0 };

const REMINDER: &str = r#"
name: reminder
input: {phone: {type: string}}
from: "+15551234567"
blocks:
  - {id: remind, type: twilio, messageType: sms, to: "{{phone}}", message: "Reply YES to confirm."}
  - {id: answer, type: waitForReply, timeout: 24h}
  - {id: thanks, type: twilio, messageType: sms, to: "{{phone}}", message: "You said {{SMS reply}}."}
"#;

fn reminder() -> Workflow {
    workflow(REMINDER)
}

#[test]
fn an_answer_that_comes_before_the_provider_answered_is_not_missed() {
    let mut going = Going::new(reminder());
    assert_eq!(going.run.routes.len(), 1);
    let now = going.now;
    going.after(1, reply(1, "YES", now)).expect("it is kept");
    assert_eq!(going.after(0, reply(1, "YES", now)), Err(Refused::NotAwaited));
    going.after(1, changed(FIRST, going.message(FIRST))).expect("it is awaited");
    assert_eq!(going.sends()[1].1.content.body.as_deref(), Some("You said YES."));
    assert!(going.run.routes.is_empty(), "no reply can matter any more");
    let second = EffectKey { step: 3, n: 0 };
    going.after(1, changed(second, going.message(second))).expect("it is awaited");
    assert_eq!(going.run.status, RunStatus::Completed);
    assert_eq!(going.after(1, changed(FIRST, going.message(FIRST))), Err(Refused::Ended));
}

#[test]
fn stop_ends_the_wait_and_the_run_where_nothing_catches_it() {
    let mut going = Going::new(reminder());
    going.after(1, changed(FIRST, going.message(FIRST))).expect("it is awaited");
    let stop = Event::OptedOut { channel: Channel::Sms, contact: "+15559876543".into() };
    going.after(60, stop).expect("it concerns the run");
    let RunStatus::Failed { cause } = &going.run.status else { panic!("{:?}", going.run.status) };
    assert_eq!((cause.code.as_str(), cause.block.as_deref()), ("opted_out", Some("answer")));
}

#[test]
fn later_reports_update_the_results_and_nothing_else() {
    let mut going = Going::new(reminder());
    let mut message = going.message(FIRST);
    going.after(1, changed(FIRST, message.clone())).expect("it is awaited");
    assert_eq!(going.variable("messageStatus"), &json!("queued"));
    assert_eq!(going.after(1, changed(FIRST, message.clone())), Err(Refused::NotAwaited));
    message.progress.status = Some(Status::Delivered);
    message.receipt.price = Some("-0.0075".into());
    going.after(1, changed(FIRST, message.clone())).expect("it tells something new");
    message.progress.status = Some(Status::Sent);
    message.receipt.price = None;
    assert_eq!(going.after(1, changed(FIRST, message)), Err(Refused::NotAwaited));
    assert_eq!(going.variable("messageStatus"), &json!("delivered"));
    assert_eq!(going.variable("messageCost"), &json!("-0.0075"));
    assert_eq!(going.run.position.as_ref().expect("it waits").block, "answer");
}
