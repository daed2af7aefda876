//! Every way in which a text can fail, and every way in which a workflow can catch it.

use crate::build::{Going, workflow};
use engine::effect::EffectKey;
use engine::event::{Event, Failure};
use engine::message::State;
use engine::outcome::Outcome;
use engine::run::RunStatus;

const FIRST: EffectKey = EffectKey { step: 1, n: 0 };

/// Fails the first text of a workflow with these additions; gives how its run went on.
fn fail(outcome: Outcome, on: &str, top: &str) -> Going {
    let mut going = Going::new(workflow(&format!(
        r#"
name: one
input: {{phone: {{type: string}}}}
from: "+15551234567"
{top}
blocks:
  - {{id: tell, type: twilio, messageType: sms, to: "{{{{phone}}}}", message: Hello., on: {{{on}}}}}
  - {{id: caught, type: end, result: {{by: caught, code: "{{{{error.code}}}}", block: "{{{{error.block}}}}"}}}}
  - {{id: other, type: end, result: {{by: other, code: "{{{{error.code}}}}", block: "{{{{error.block}}}}"}}}}
"#
    )));
    let mut message = going.message(FIRST);
    (message.progress.state, message.progress.status, message.progress.sid) = (State::Failed, None, None);
    let failure = Failure { outcome, code: None, reason: "no luck".into() };
    let event = Event::MessageChanged { key: FIRST, message: Box::new(message), failure: Some(failure) };
    going.after(1, event).expect("it is awaited");
    going
}

fn answer(going: &Going) -> String {
    let result = going.run.result.as_ref().expect("an `end` block was reached");
    format!("{} {} {}", result["by"], result["code"], result["block"]).replace('"', "")
}

#[test]
fn every_failure_is_caught_by_its_name_its_group_or_on_error_and_else_fails_the_run() {
    // Those that only a call has cannot be named for a text.
    let of_text = |outcome: &Outcome| !matches!(outcome, Outcome::NoAnswer | Outcome::Busy);
    let failures: Vec<Outcome> =
        Outcome::ALL.into_iter().filter(|outcome| outcome.is_failure() && of_text(outcome)).collect();
    assert_eq!(failures.len(), 13);
    for outcome in failures {
        let name = outcome.name();
        let expected = |by: &str| format!("{by} {name} tell");
        // Naming `undelivered` waits for the receipt, which makes no difference to a refusal.
        let named = fail(outcome, &format!("{name}: caught, {}: other", other_than(outcome)), "");
        assert_eq!(answer(&named), expected("caught"));
        assert_eq!(answer(&fail(outcome, "failed: caught", "onError: other")), expected("caught"));
        assert_eq!(answer(&fail(outcome, "accepted: caught", "onError: other")), expected("other"));
        let uncaught = fail(outcome, "accepted: caught", "");
        let RunStatus::Failed { cause } = &uncaught.run.status else { panic!("{:?}", uncaught.run.status) };
        assert_eq!((cause.code.as_str(), cause.block.as_deref()), (name, Some("tell")));
        assert!(cause.hint.is_some(), "{name} says what to do");
    }
}

/// Another branch that stands beside the one that is looked for.
fn other_than(outcome: Outcome) -> &'static str {
    if outcome == Outcome::Failed { "opted_out" } else { "failed" }
}
