//! Every path through a workflow, and that each is the same when it is gone again.

use engine::journey::{Came, Happening, go, journeys};
use engine::outcome::Outcome;
use engine::workflow::{Workflow, load};
use jiff::Timestamp;
use std::collections::BTreeSet;

fn workflow(source: &str) -> Workflow {
    let loaded = load(source, Some("flow.yaml"));
    loaded.workflow.unwrap_or_else(|| panic!("{:#?}", loaded.diagnostics))
}

fn now() -> Timestamp {
    "2026-11-23T08:00:00Z".parse().expect("a moment")
}

fn told(came: &Came) -> String {
    let step = |passed: &engine::journey::Passed| match &passed.outcome {
        Some(outcome) => format!("{}.{outcome}", passed.block),
        None => passed.block.clone(),
    };
    came.path.iter().map(step).collect::<Vec<_>>().join(" ")
}

const ESCALATION: &str = r#"
name: escalation
input: {phone: {type: string}, severity: {type: number}}
from: "+15551234567"
blocks:
  - {id: grave, type: condition, if: "severity > 3", on: {"true": ring}}
  - {id: tell, type: twilio, messageType: sms, to: "{{phone}}", message: "Look at it. OK?", on: {failed: ring}}
  - {id: answer, type: waitForReply, timeout: 1h, answers: {fine: [ok]}, on: {fine: end, timeout: ring}}
  - {id: unsure, type: set, values: {said: "{{SMS reply}}"}, next: end}
  - {id: ring, type: twilio, messageType: voice, to: "{{phone}}", message: "Look.", on: {no_answer: end}}
"#;

#[test]
fn every_way_through_is_found_once_with_the_shortest_events() {
    let all = journeys(&workflow(ESCALATION), now());
    assert!(!all.is_cut);
    let found: BTreeSet<String> = all.found.iter().map(|journey| told(&journey.came)).collect();
    let expected = [
        "grave.true ring.completed",
        "grave.true ring.no_answer",
        "grave.false tell.accepted answer.fine",
        "grave.false tell.accepted answer.reply unsure.done",
        "grave.false tell.accepted answer.timeout ring.completed",
        "grave.false tell.accepted answer.timeout ring.no_answer",
        "grave.false tell.failed ring.completed",
        "grave.false tell.failed ring.no_answer",
    ];
    assert_eq!(found, expected.iter().map(|way| (*way).to_owned()).collect());
    assert_eq!(all.found.len(), expected.len(), "each once");
    let shortest = &all.found[0].way;
    assert_eq!(shortest.happenings, [Happening::Comes(Outcome::Completed)]);
}

#[test]
fn the_examples_are_gone_through_alike_each_time() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let mut seen = 0;
    for file in std::fs::read_dir(folder).expect("examples") {
        let path = file.expect("a file").path();
        let source = std::fs::read_to_string(&path).expect("readable");
        if !engine::workflow::is_workflow(&source, path.to_str()) {
            continue;
        }
        seen += 1;
        let workflow = workflow(&source);
        let all = journeys(&workflow, now());
        assert!(!all.found.is_empty(), "{path:?}");
        for journey in &all.found {
            assert_eq!(go(&workflow, &journey.way, now()).as_ref(), Some(&journey.came), "{path:?}");
        }
    }
    assert!(seen > 0);
}

#[test]
fn a_loop_is_gone_once_and_a_call_that_comes_in_is_answered() {
    let line = workflow(
        r#"
name: line
trigger: incomingCall
blocks:
  - {id: known, type: condition, if: 'call.from == "+15559876543"', on: {"false": end}}
  - {id: talk, type: twilio, messageType: voiceAgent, agent: desk, on: {hung_up: again}}
  - {id: done, type: end}
  - {id: again, type: wait, duration: 1h, next: known}
"#,
    );
    let all = journeys(&line, now());
    let found: Vec<String> = all.found.iter().map(|journey| told(&journey.came)).collect();
    assert!(found.contains(&"known.true talk.completed done".to_owned()), "{found:?}");
    assert!(found.iter().all(|way| way.matches("known").count() <= 2), "{found:?}");
}
