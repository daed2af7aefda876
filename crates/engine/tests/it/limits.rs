//! Limits are hit with a cause that names them.

use crate::build::{Going, reply, workflow};
use engine::effect::{TimerKey, TimerPurpose};
use engine::event::Event;
use engine::limits::{BLOCK_VISITS_WITHOUT_WAIT_MAX, REPLIES_KEPT_MAX, RUN_STEPS_MAX};
use engine::run::{Cause, RunStatus};

fn cause(going: &Going) -> &Cause {
    match &going.run.status {
        RunStatus::Failed { cause } => cause,
        other => panic!("{other:?}"),
    }
}

const INPUT: &str = "input: {phone: {type: string}}";

#[test]
fn a_loop_without_a_wait_ends() {
    let text = format!(
        "{INPUT}\nblocks:\n  - {{id: a, type: set, values: {{n: 1}}}}\n  - {{id: b, type: set, values: {{n: 2}}, next: a}}"
    );
    let going = Going::new(workflow(&text));
    assert_eq!(cause(&going).code, "loop_without_wait");
    assert_eq!(cause(&going).block.as_deref(), Some("a"));
    assert!(cause(&going).message.contains(&BLOCK_VISITS_WITHOUT_WAIT_MAX.to_string()));
    assert_eq!(going.run.steps, 2 * BLOCK_VISITS_WITHOUT_WAIT_MAX);
}

#[test]
fn a_loop_with_waits_goes_on_until_the_steps_run_out() {
    let text = format!(
        "{INPUT}\nblocks:\n  - {{id: rest, type: wait, duration: 1h}}\n  - {{id: count, type: set, values: {{n: 1}}, next: rest}}"
    );
    let mut going = Going::new(workflow(&text));
    let wait = |step| Event::TimerFired { key: TimerKey { step, purpose: TimerPurpose::Wait } };
    for round in 0..BLOCK_VISITS_WITHOUT_WAIT_MAX + 1 {
        going.after(3600, wait(1 + 2 * round)).expect("the timer was set");
    }
    assert_eq!(going.run.status, RunStatus::Running);
    going.run.steps = RUN_STEPS_MAX;
    let step = going.run.position.as_ref().expect("it waits").step;
    going.after(3600, wait(step)).expect("the timer was set");
    assert_eq!(cause(&going).code, "too_many_steps");
}

#[test]
fn a_timer_that_fires_early_is_set_anew() {
    let text = format!("{INPUT}\nblocks:\n  - {{id: rest, type: wait, duration: 1h}}");
    let mut going = Going::new(workflow(&text));
    let key = TimerKey { step: 1, purpose: TimerPurpose::Wait };
    let before = going.effects.clone();
    going.after(60, Event::TimerFired { key }).expect("it is awaited, only later");
    assert_eq!(going.run.status, RunStatus::Running);
    assert_eq!(going.effects[before.len()..], before[..], "the same timer once more");
}

#[test]
fn replies_that_nobody_asks_for_are_kept_up_to_a_number() {
    let text = format!(
        "{INPUT}\nfrom: \"+15551234567\"\nblocks:\n  - {{id: ask, type: twilio, messageType: sms, to: \"{{{{phone}}}}\", message: Well?}}\n  - {{id: answer, type: waitForReply}}"
    );
    let mut going = Going::new(workflow(&text));
    for n in 0..REPLIES_KEPT_MAX as u32 + 1 {
        going.after(1, reply(n, "hello", going.now)).expect("it belongs to the run");
    }
    assert_eq!(going.run.replies.len(), REPLIES_KEPT_MAX);
    let last = going.story.last().expect("a story");
    assert!(last.contains("too_many_replies") && last.contains(&REPLIES_KEPT_MAX.to_string()), "{last}");
}
