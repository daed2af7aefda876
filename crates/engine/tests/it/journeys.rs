//! Every path through a workflow, and that each is the same when it is gone again.

use engine::agent::{self, Agent};
use engine::journey::{Came, Cast, Happening, Journeys, Way, go, journeys};
use engine::outcome::Outcome;
use engine::workflow::{Workflow, load};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

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
    let all = journeys(&workflow(ESCALATION), &Cast::default(), now());
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
        let cast = Cast::of(&workflow, &[]);
        let all = journeys(&workflow, &cast, now());
        assert!(!all.found.is_empty(), "{path:?}");
        for journey in &all.found {
            assert_eq!(go(&workflow, &cast, &journey.way, now()).as_ref(), Some(&journey.came), "{path:?}");
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
    let all = journeys(&line, &Cast::default(), now());
    let found: Vec<String> = all.found.iter().map(|journey| told(&journey.came)).collect();
    assert!(found.contains(&"known.true talk.completed done".to_owned()), "{found:?}");
    assert!(found.iter().all(|way| way.matches("known").count() <= 2), "{found:?}");
}

#[test]
fn a_call_that_one_block_cannot_answer_is_answered_by_the_next() {
    let line = workflow(
        r#"
name: line
trigger: incomingCall
blocks:
  - {id: talk, type: twilio, messageType: voiceAgent, agent: desk, on: {failed: sorry}}
  - {id: done, type: end}
  - {id: sorry, type: twilio, messageType: voice, message: "We are sorry."}
"#,
    );
    let found: Vec<String> =
        journeys(&line, &Cast::default(), now()).found.iter().map(|way| told(&way.came)).collect();
    assert_eq!(found, ["talk.completed done", "talk.failed sorry.completed"]);
}

/// By path: what the person answers.
fn answered(all: &Journeys) -> BTreeMap<String, String> {
    let shown = |happening: &Happening| match happening {
        Happening::Answers(replies) => serde_json::to_string(replies).expect("plain data"),
        other => serde_json::to_string(other).expect("plain data"),
    };
    let of = |way: &Way| way.happenings.iter().map(shown).collect::<Vec<_>>().join(" ");
    all.found.iter().map(|journey| (told(&journey.came), of(&journey.way))).collect()
}

/// Every way is the same when it is read from a suite and gone again.
fn hold(workflow: &Workflow, cast: &Cast, all: &Journeys) {
    for journey in &all.found {
        let line = serde_json::to_string(&journey.way).expect("plain data");
        let way: Way = serde_json::from_str(&line).expect("a way");
        assert_eq!(way, journey.way);
        assert_eq!(go(workflow, cast, &way, now()).as_ref(), Some(&journey.came), "{line}");
    }
}

const SURVEY: &str = r#"
name: survey
questions:
  - {id: rating, question: "From 1 to 10?", expectedAnswerType: number, min: 1, max: 10, required: true,
     onMaxRetries: end_call, maxRetries: 1}
  - {id: quote, question: "May we quote you?", expectedAnswerType: yes_no, required: true}
  - {id: topic, question: "What was it about?", expectedAnswerType: multiple_choice,
     choices: [billing, repairs, delivery], conditionalActions: [
       {condition: {operator: equals, value: delivery}, action: end_call}]}
"#;

const AFTERWARDS: &str = r#"
name: afterwards
input: {phone: {type: string}}
from: "+15551234567"
blocks:
  - {id: talk, type: twilio, messageType: voiceAgent, to: "{{phone}}", agent: survey,
     on: {hung_up: end, no_answer: end, max_retries: sorry}}
  - {id: marks, type: set, values: {good: "{{rating >= 8}}"}}
  - {id: happy, type: condition, if: "good && quote", on: {"true": thank}}
  - {id: about, type: switch, value: "{{topic ?? 'none'}}", cases: [{equals: billing, next: bill}], else: end}
  - {id: bill, type: end, result: {rating: "{{rating}}", how: "{{answers.topic.how}}"}}
  - {id: thank, type: end, result: {rating: "{{rating}}"}}
  - {id: sorry, type: end, result: {attempts: "{{answers.rating.attempts}}"}}
"#;

fn survey() -> Agent {
    agent::load(SURVEY, Some("survey.yaml")).agent.expect("an agent")
}

#[test]
fn what_people_answer_an_agent_takes_every_branch_that_looks_at_it() {
    let flow = workflow(AFTERWARDS);
    let cast = Cast::of(&flow, &[survey()]);
    assert_eq!(cast.unknown().count(), 0);
    let all = journeys(&flow, &cast, now());
    assert!(!all.is_cut);
    hold(&flow, &cast, &all);
    let found = answered(&all);
    let expected = [
        ("talk.completed marks.done happy.true thank", r#"[{"said":"8"},{"said":"yes"},{"said":"billing"}]"#),
        (
            "talk.completed marks.done happy.false about.billing bill",
            r#"[{"said":"1"},{"said":"yes"},{"said":"billing"}]"#,
        ),
        (
            "talk.completed marks.done happy.false about.else",
            r#"[{"said":"1"},{"said":"yes"},{"said":"repairs"}]"#,
        ),
        ("talk.ended marks.done happy.true thank", r#"[{"said":"8"},{"said":"yes"},{"said":"delivery"}]"#),
        (
            "talk.ended marks.done happy.false about.else",
            r#"[{"said":"1"},{"said":"yes"},{"said":"delivery"}]"#,
        ),
        ("talk.max_retries sorry", r#"[{"silence":true},{"silence":true}]"#),
        ("talk.hung_up", "[]"),
        ("talk.no_answer", r#"{"comes":"no_answer"}"#),
    ];
    let expected: BTreeMap<String, String> =
        expected.iter().map(|(path, answers)| ((*path).to_owned(), (*answers).to_owned())).collect();
    assert_eq!(found, expected);
    let thanked = all
        .found
        .iter()
        .find(|journey| told(&journey.came).starts_with("talk.completed marks.done happy.true"));
    assert_eq!(thanked.expect("one").came.result.as_ref().expect("a result").to_string(), r#"{"rating":8}"#);
}

#[test]
fn an_agent_that_nobody_has_shown_ends_in_every_named_way_without_answers() {
    let flow = workflow(AFTERWARDS);
    let cast = Cast::of(&flow, &[]);
    assert_eq!(cast.unknown().collect::<Vec<_>>(), ["survey"]);
    let found = answered(&journeys(&flow, &cast, now()));
    assert_eq!(found.get("talk.no_answer").map(String::as_str), Some(r#"{"comes":"no_answer"}"#));
    assert!(found.keys().all(|path| !path.contains("happy.true")), "{found:?}");
}

#[test]
fn an_agent_by_text_is_answered_in_texts_and_gives_up_when_nobody_writes() {
    let flow = workflow(
        &AFTERWARDS.replace("voiceAgent", "sms").replace("hung_up: end, no_answer: end", "timeout: end"),
    );
    let cast = Cast::of(&flow, &[survey()]);
    let all = journeys(&flow, &cast, now());
    hold(&flow, &cast, &all);
    let found = answered(&all);
    assert_eq!(found.get("talk.timeout").map(String::as_str), Some("[]"), "{found:?}");
    assert_eq!(
        found.get("talk.max_retries sorry").map(String::as_str),
        Some(r#"[{"said":"?"},{"said":"?"}]"#)
    );
    assert!(found.contains_key("talk.completed marks.done happy.true thank"), "{found:?}");
}

#[test]
fn answers_are_given_in_the_language_that_is_spoken() {
    let flow = workflow(
        r#"
name: frage
input: {phone: {type: string}}
from: "+15551234567"
language: de-DE
blocks:
  - id: talk
    type: twilio
    messageType: voiceAgent
    to: "{{phone}}"
    agent:
      languages: [en-US, de-DE]
      questions:
        - {id: fine, question: {en-US: "All fine?", de-DE: "Alles gut?"}, expectedAnswerType: yes_no, required: true}
  - {id: good, type: condition, if: fine, on: {"false": end}}
  - {id: done, type: end}
"#,
    );
    let cast = Cast::of(&flow, &[]);
    let found = answered(&journeys(&flow, &cast, now()));
    assert_eq!(found["talk.completed good.true done"], r#"[{"said":"ja"}]"#);
    assert_eq!(found["talk.completed good.false"], r#"[{"said":"nein"}]"#);
}

#[test]
fn nobody_is_called_for_half_a_sentence_and_who_is_called_again_waits() {
    let source = r#"
name: again
input: {phone: {type: string}}
from: "+15551234567"
blocks:
  - id: talk
    type: twilio
    messageType: voiceAgent
    to: "{{phone}}"
    agent: {questions: [{id: fine, question: "All fine, NAME?"}], resume: {within: 1h, callBack: 5m}}
    retry: {attempts: 2, delay: 10m, outcomes: [no_answer]}
    on: {no_answer: end, hung_up: end, failed: end}
  - {id: done, type: end}
"#;
    let flow = workflow(&source.replace("NAME", "you"));
    let cast = Cast::of(&flow, &[]);
    let all = journeys(&flow, &cast, now());
    hold(&flow, &cast, &all);
    let found = answered(&all);
    assert!(found["talk.no_answer"].ends_with(r#" "time" {"comes":"no_answer"}"#), "{found:?}");
    assert_eq!(found["talk.hung_up"], r#"[] "time" []"#);
    let flow = workflow(&source.replace("NAME", "{{who}}"));
    let found = answered(&journeys(&flow, &Cast::of(&flow, &[]), now()));
    assert_eq!(
        found.into_iter().collect::<Vec<_>>(),
        [("talk.failed".into(), r#"{"comes":"failed"}"#.into())]
    );
}

/// More combinations than anybody can try: each answer still takes its branch, in bounded time and alike each time.
#[test]
fn more_answers_than_can_be_tried_together_are_tried_one_at_a_time() {
    let mut source = String::from(
        "name: many\ninput: {phone: {type: string}}\nfrom: '+15551234567'\nblocks:\n  - id: talk\n    type: twilio\n    \
         messageType: voiceAgent\n    to: '{{phone}}'\n    agent:\n      questions:\n",
    );
    for n in 0..12 {
        source += &format!("        - {{id: q{n}, question: 'Number {n}?', expectedAnswerType: number}}\n");
    }
    for n in 0..12 {
        source += &format!("  - {{id: c{n}, type: condition, if: 'q{n} > {n}5', on: {{'true': end}}}}\n");
    }
    let flow = workflow(&source);
    let cast = Cast::of(&flow, &[]);
    let all = journeys(&flow, &cast, now());
    assert!(all.is_cut);
    let taken: BTreeSet<String> = all
        .found
        .iter()
        .filter_map(|way| told(&way.came).split(' ').next_back().map(str::to_owned))
        .collect();
    let missing: Vec<String> =
        (0..12).map(|n| format!("c{n}.true")).filter(|at| !taken.contains(at)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert_eq!(journeys(&flow, &cast, now()), all);
}
