//! What people tell an agent in confidence, and what a run makes of it.

use engine::call::Script;
use engine::conversation::{self, AnsweredBy, Heard, Medium, Opening, What};
use engine::effect::{Effect, EffectKey};
use engine::event::{Event, Interviewed, Start, StartedBy};
use engine::id::{ConversationId, RunId};
use engine::outcome::Outcome;
use engine::run::{Advance, RunStatus};
use engine::workflow::{Workflow, load};
use engine::{resume, start};
use jiff::Timestamp;
use serde_json::{Map, json};

fn now() -> Timestamp {
    "2026-11-23T08:00:00Z".parse().expect("a moment")
}

/// A run that was told a number in confidence, and goes on with one block.
fn told(block: &str) -> Advance {
    let source = format!(
        r#"
name: told
from: "+15551234567"
blocks:
  - {{id: ask, type: twilio, messageType: sms, to: "+15557654321", agent: asks}}
  - {{id: copy, type: set, values: {{copy: "{{{{pin}}}}!"}}}}
  - {block}
"#
    );
    let loaded = load(&source, Some("told.yaml"));
    let workflow: Workflow = loaded.workflow.unwrap_or_else(|| panic!("{:#?}", loaded.diagnostics));
    let begun = Start { input: Map::new(), by: StartedBy::Trigger, message: None, call: None };
    let first = start(&workflow, 1, RunId::from_trusted("run_1"), begun, now()).expect("it starts");
    let of = |values: serde_json::Value| values.as_object().expect("an object").clone();
    let detail = json!({"value": "4711", "heard": "four seven one one", "how": "answered"});
    let answers = Interviewed {
        answers: of(json!({"pin": "4711", "rating": 9})),
        details: of(json!({"pin": detail, "rating": {"value": 9}})),
        sensitive: vec!["pin".into()],
    };
    let key = EffectKey { step: 1, n: 0 };
    let ended = Event::TextConversationEnded { key, outcome: Outcome::Completed, failure: None, answers };
    resume(&workflow, first.run, ended, now()).expect("it goes on")
}

#[test]
fn texts_and_calls_that_say_it_are_marked() {
    let cases = [
        (r#"message: "It is {{pin}}.""#, true),
        (r#"message: "It is {{copy}}.""#, true),
        (r#"message: "It is {{answers.pin.heard}}.""#, true),
        (r#"message: "Hi", media: ["https://example.com/{{pin}}.png"]"#, true),
        (r#"message: "It was {{answers.pin.how}}: {{rating}}{{#if pin}}, noted{{/if}}.""#, false),
        (r#"message: "Thanks.""#, false),
    ];
    for (said, is_marked) in cases {
        let advance =
            told(&format!(r#"{{id: tell, type: twilio, messageType: sms, to: "+15557654321", {said}}}"#));
        let sent = advance.effects.iter().find_map(|effect| match effect {
            Effect::SendMessage { send, .. } => Some(send.content.sensitive),
            _ => None,
        });
        assert_eq!(sent, Some(is_marked), "{said}");
    }
    for (said, is_marked) in [("It is {{spokenDigits(pin)}}.", true), ("It was {{rating}}.", false)] {
        let advance = told(&format!(
            r#"{{id: call, type: twilio, messageType: voice, to: "+15557654321", message: "{said}"}}"#
        ));
        let placed = advance.effects.iter().find_map(|effect| match effect {
            Effect::PlaceCall { place, .. } => match &place.plan.script {
                Script::Announcement(said) => Some(said.sensitive),
                Script::Conversation { .. } => None,
            },
            _ => None,
        });
        assert_eq!(placed, Some(is_marked), "{said}");
    }
}

#[test]
fn a_template_that_opens_a_conversation_with_it_is_marked() {
    for (value, is_marked) in [("{{pin}}", true), ("{{copy}}", true), ("{{rating}}", false)] {
        let advance = told(&format!(
            r#"{{id: next, type: twilio, messageType: whatsapp, to: "+15557654321", agent: visit,
                contentSid: HX00000000000000000000000000000001, contentVariables: {{"1": "{value}"}}}}"#
        ));
        let begun = advance.effects.iter().find_map(|effect| match effect {
            Effect::BeginConversation { begin, .. } => Some(begin.sensitive),
            _ => None,
        });
        assert_eq!(begun, Some(is_marked), "{value}");
    }
}

#[test]
fn an_agent_that_repeats_what_another_one_was_told_is_in_no_log() {
    let text = "questions:\n  - {id: more, question: \"It is {{pin}} ({{answers.pin.heard}}). Right?\"}\n";
    let agent = engine::agent::load(text, Some("asks.yaml")).agent.expect("a good agent");
    let of = |values: serde_json::Value| values.as_object().expect("an object").clone();
    for (medium, heard) in [(Medium::Voice, "It is 4711 (four seven). Right?"), (Medium::Text, "***")] {
        let variables = of(json!({"pin": "4711", "answers": {"pin": {"heard": "four seven"}}}));
        let id = ConversationId::from_trusted("cnv_1");
        let opening = Opening { variables, secrets: vec!["pin".into()], ..Opening::of(id, medium) };
        let mut begun = conversation::begin(&agent, opening, now());
        if medium == Medium::Voice {
            let what = What::Connected { answered_by: AnsweredBy::Human };
            let heard = Heard { turn: begun.conversation.turn, what };
            begun = begun.conversation.hear(&agent, heard, now()).expect("it asks");
        }
        let log = serde_json::to_string(&begun.log).expect("plain data");
        assert!(!log.contains("4711") && !log.contains("four"), "{log}");
        let said: Vec<&str> = conversation::said(&begun.out).map(|said| said.text.as_str()).collect();
        match medium {
            Medium::Voice => assert_eq!(said, [heard]),
            Medium::Text => assert_eq!(conversation::message_texts(&begun.out), [heard]),
        }
    }
}

#[test]
fn the_end_of_a_run_keeps_it_to_whoever_waits_for_the_result() {
    let ended = told(r#"{id: done, type: end, result: {code: "{{copy}}", rating: "{{rating}}"}}"#).run;
    assert_eq!(ended.result, Some(json!({"code": "4711!", "rating": 9})), "who asked for it gets it");
    assert_eq!(ended.sensitive_results, ["code"]);
    let failed =
        told(r#"{id: wrong, type: end, fail: "{{pin}} ({{answers.pin.heard}}) is wrong, {{rating}}"}"#);
    let RunStatus::Failed { cause } = &failed.run.status else { panic!("{:?}", failed.run.status) };
    assert_eq!(cause.message, "*** (***) is wrong, 9");
    assert!(!serde_json::to_string(&failed.log).expect("plain data").contains("4711"), "{:?}", failed.log);
}
