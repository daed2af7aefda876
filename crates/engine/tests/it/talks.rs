//! What holds of every conversation, whatever is said.

use crate::build::saved_and_read;
use engine::agent::{self, Agent};
use engine::conversation::*;
use engine::id::ConversationId;
use engine::rehearsal::{Rehearsal, Reply};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde_json::Map;
use std::path::Path;
use std::sync::LazyLock;

fn start() -> Timestamp {
    "2026-11-23T08:00:00Z".parse().expect("well formed")
}

/// The interviews among the examples of the repository and the good agents of the tests.
fn agents() -> Vec<Agent> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = [root.join("tests/it/agents/good"), root.join("../../examples")];
    let files = folders.iter().flat_map(|folder| std::fs::read_dir(folder).expect("the folder"));
    let mut paths: Vec<_> = files.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let text = std::fs::read_to_string(path).expect("UTF-8");
        let name = path.file_name().and_then(|name| name.to_str()).expect("a plain name");
        agent::is_agent(&text, Some(name)).then(|| agent::load(&text, Some(name)).agent).flatten()
    };
    paths.iter().filter_map(read).filter(|agent| agent.questions().is_some()).collect()
}

static AGENTS: LazyLock<Vec<Agent>> = LazyLock::new(agents);

fn opening(medium: Medium) -> Opening {
    Opening::of(ConversationId::from_trusted("cnv_1"), medium)
}

fn happening() -> impl Strategy<Value = What> {
    let words = prop_oneof![
        "[a-z ]{0,20}",
        any::<String>(),
        Just("yes".to_owned()),
        Just("no".to_owned()),
        Just("seven".to_owned()),
        Just("tomorrow".to_owned()),
    ];
    let confidence = proptest::option::of(0.0..=1.0);
    prop_oneof![
        8 => (words.clone(), confidence).prop_map(|(words, confidence)| What::Speech { words, confidence }),
        4 => "[0-9*#]{0,6}".prop_map(|keys| What::Keys { keys }),
        2 => Just(What::Nothing),
        2 => words.prop_map(|text| What::Text { text }),
        1 => Just(What::Connected { answered_by: AnsweredBy::Human }),
        1 => Just(What::Detected { answered_by: AnsweredBy::Human }),
        1 => Just(What::TimerFired { timer: Timer::Reminder }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_conversation_goes_on_or_ends(
        which in any::<prop::sample::Index>(),
        by_text in any::<bool>(),
        happenings in prop::collection::vec((happening(), any::<bool>()), 0..40),
    ) {
        let agent = which.get(&AGENTS);
        let mut now = start();
        let medium = if by_text { Medium::Text } else { Medium::Voice };
        let mut conversation = begin(agent, opening(medium), now).conversation;
        let mut asked = conversation.turn;
        for (what, again) in happenings {
            now += SignedDuration::from_secs(3);
            let heard = Heard { turn: conversation.turn, what };
            match conversation.clone().hear(agent, heard.clone(), now) {
                Err(Refused::Ended) => prop_assert!(conversation.ended_by().is_some()),
                Err(Refused::Stale) => {}
                Ok(advance) => {
                    conversation = saved_and_read(&advance.conversation);
                    prop_assert_eq!(&conversation, &advance.conversation);
                    prop_assert!(conversation.turn == asked || conversation.turn == asked + 1);
                    asked = conversation.turn;
                    let asks = advance.out.iter().filter(|out| matches!(out, Out::Ask(_))).count();
                    let ends = advance.out.iter().filter(|out| matches!(out, Out::End { .. })).count();
                    prop_assert!(asks + ends <= 1);
                    prop_assert_eq!(ends == 1, conversation.ended_by().is_some());
                    for said in said(&advance.out) {
                        prop_assert!(!said.text.trim().is_empty() || said.audio.is_some());
                    }
                }
            }
            // The same event once more never advances a conversation again.
            let is_answer = !matches!(heard.what, What::Detected { .. } | What::TimerFired { .. });
            if again && is_answer && heard.turn != conversation.turn {
                prop_assert!(conversation.clone().hear(agent, heard, now).is_err());
            }
        }
    }
}

#[test]
fn whoever_says_nothing_is_let_go() {
    for agent in agents() {
        let mut call = Rehearsal::begin(&agent, Map::new(), start());
        for _ in 0..200 {
            call.reply(&Reply::Silence);
        }
        let played = call.played();
        assert!(played.ended_by.is_some_and(|by| by != EndedBy::Hangup), "{}", agent.name());
        assert!(played.used < 200, "{}", agent.name());
    }
}

#[test]
fn whoever_goes_round_in_circles_is_let_go() {
    let text = "questions:\n  - {id: a, question: One?}\n  - {id: b, question: Two?}\n";
    let agent = agent::load(text, Some("circles.yaml")).agent.expect("a good agent");
    let mut call = Rehearsal::begin(&agent, Map::new(), start());
    for _ in 0..2_000 {
        call.reply(&Reply::Keys("*".into()));
    }
    let played = call.played();
    assert_eq!(played.ended_by, Some(EndedBy::MaxRetries));
    assert_eq!(played.asked.len(), usize::try_from(engine::limits::CONVERSATION_TURNS_MAX).expect("small"));
}

#[test]
fn a_sensitive_answer_is_in_no_log() {
    let text = "questions:\n  - {id: card, question: Your number?, expectedAnswerType: digits, sensitive: true, confirm: true}\n  - {id: more, question: \"{{card}}, and what else?\"}\n";
    let agent = agent::load(text, Some("secret.yaml")).agent.expect("a good agent");
    let mut call = Rehearsal::begin(&agent, Map::new(), start());
    for reply in ["4 9 3 1 7", "yes", "nothing"] {
        call.reply(&Reply::Said { words: reply.into(), confidence: Some(0.9) });
    }
    let conversation = call.conversation.clone();
    let played = call.played();
    assert_eq!(conversation.results().answers["card"], "49317");
    assert_eq!(conversation.results().sensitive, ["card"]);
    assert_eq!(played.values["card"], HIDDEN);
    let told: String = played.log.iter().map(|entry| entry.kind.sentence()).chain(played.said).collect();
    let stored = serde_json::to_string(&played.log).expect("plain");
    for text in [told, stored] {
        for trace in ["49317", "4 9 3", "nine three"] {
            assert!(!text.contains(trace), "{text}");
        }
    }
}
