//! Agents that talk by text: one question a message.

use super::app::{LIMIT, PHONE, TestApp};
use emulator::{DEFAULT_ACCOUNT, DEFAULT_NUMBER};
use engine::conversation::EndedBy;
use engine::id::RunId;
use engine::message::Message;
use engine::run::{Run, RunStatus};
use engine::sending::{Direction, MessageClass};
use jiff::SignedDuration;
use reqwest::StatusCode;
use serde_json::{Value, json};
use store::record::StoredConversation;
use store::{ConversationFilter, MessageFilter, PageRequest};

const VISIT: &str = r#"
agentType: JSON Questions
greeting: "Hello {{name}}."
closing: "Thank you."
texting: {remindAfter: 2h, reminders: 1, expireAfter: 1d}
questions:
  - id: rating
    question: "How was it, from 1 to 10?"
    expectedAnswerType: number
    min: 1
    max: 10
    conditionalActions:
      - {condition: {operator: less_than, value: 6}, nextQuestionId: wrong}
  - id: again
    question: "Will you come again?"
    expectedAnswerType: yes_no
  - id: wrong
    question: "What went wrong?"
"#;

/// A workflow that asks by text.
fn asking(agent: &str) -> String {
    format!(
        "name: ask-{agent}
trigger: {{type: webhook, path: {agent}}}
input: {{phone: {{type: string}}, name: {{type: string, default: Ann}}}}
from: \"{DEFAULT_NUMBER}\"
messageClass: marketing
blocks:
  - id: ask
    type: twilio
    messageType: sms
    to: \"{{{{phone}}}}\"
    agent: {agent}
    on: {{timeout: silent, opted_out: stopped, max_retries: gave_up}}
  - {{id: done, type: end, result: {{outcome: completed}}}}
  - {{id: silent, type: end, result: {{outcome: timeout}}}}
  - {{id: stopped, type: end, result: {{outcome: opted_out}}}}
  - {{id: gave_up, type: end, result: {{outcome: max_retries}}}}
"
    )
}

impl TestApp {
    async fn with_agents(agents: &[(&str, &str)]) -> TestApp {
        let app = TestApp::start().await;
        for (name, source) in agents {
            app.publish_agent(name, source).await;
            app.publish(&format!("ask-{name}"), &asking(name)).await;
        }
        app
    }

    async fn ask_by_text(&self, agent: &str, phone: &str) -> RunId {
        let (status, body) = self.hook(agent, &json!({ "phone": phone })).await;
        assert_eq!(status, StatusCode::ACCEPTED, "{body}");
        RunId::parse(body["run"].as_str().unwrap()).unwrap()
    }

    async fn talks(&self) -> Vec<StoredConversation> {
        self.state.store.conversations(ConversationFilter::default(), PageRequest::default()).await.unwrap()
    }

    async fn outcome(&self, run: &RunId) -> (Value, Run) {
        let run = self.ended(run).await;
        (run.result.as_ref().unwrap()["outcome"].clone(), run)
    }
}

#[tokio::test]
async fn questions_are_answered_one_message_at_a_time() {
    let app = TestApp::with_agents(&[("visit", VISIT)]).await;
    let run = app.ask_by_text("visit", PHONE).await;
    assert_eq!(app.inbox_of(1).await, ["Hello Ann. How was it, from 1 to 10?"]);
    app.phone_says("twenty").await;
    assert!(app.inbox_of(2).await[1].ends_with("How was it, from 1 to 10?"));
    app.phone_says("a nine").await;
    assert_eq!(app.inbox_of(3).await[2], "Will you come again?");
    app.phone_says("sure").await;
    let (outcome, run) = app.outcome(&run).await;
    assert_eq!(outcome, "completed");
    assert_eq!((&run.variables["rating"], &run.variables["again"]), (&json!(9), &json!(true)));
    assert_eq!(run.variables["answers"]["rating"]["attempts"], 2);
    assert_eq!(app.inbox_of(4).await[3], "Thank you.");

    let talks = app.talks().await;
    assert_eq!(talks.len(), 1);
    assert_eq!(talks[0].conversation.ended_by(), Some(EndedBy::Completed));
    assert_eq!((talks[0].contact.as_str(), talks[0].sender.as_str()), (PHONE, DEFAULT_NUMBER));
    let transcript = app.state.store.transcript(&talks[0].conversation.id).await.unwrap();
    let told: Vec<String> = transcript.iter().map(|entry| entry.kind.sentence()).collect();
    for words in
        ["said \u{201c}Hello Ann.\u{201d}", "heard \u{201c}a nine\u{201d}", "rating is 9 on attempt 2"]
    {
        assert!(told.iter().any(|line| line == words), "{words}: {told:?}");
    }
    let page = PageRequest::default();
    let texts = app.state.store.list::<Message>(MessageFilter::default(), page).await.unwrap();
    assert!(
        texts.iter().all(|text| text.conversation.as_ref() == Some(&talks[0].conversation.id)),
        "{texts:?}"
    );
    let mut ours = texts.iter().filter(|text| text.direction == Direction::Outbound);
    assert!(ours.all(|text| text.class == MessageClass::Marketing), "{texts:?}");
    app.finish().await;
}

#[tokio::test]
async fn a_text_that_comes_twice_answers_once() {
    let app = TestApp::with_agents(&[("visit", VISIT)]).await;
    let run = app.ask_by_text("visit", PHONE).await;
    app.inbox_of(1).await;
    let form = [
        ("MessageSid", "SM00000000000000000000000000000077"),
        ("AccountSid", DEFAULT_ACCOUNT),
        ("From", PHONE),
        ("To", DEFAULT_NUMBER),
        ("Body", "3"),
        ("NumMedia", "0"),
        ("NumSegments", "1"),
    ];
    let (one, two) = tokio::join!(
        app.signed_webhook("/twilio/dev/message", &form),
        app.signed_webhook("/twilio/dev/message", &form)
    );
    assert_eq!((one.status(), two.status()), (StatusCode::OK, StatusCode::OK));
    assert_eq!(app.inbox_of(2).await[1], "What went wrong?");
    app.signed_webhook("/twilio/dev/message", &form).await;
    app.quiet().await;
    assert_eq!(app.talks().await[0].conversation.turn, 2, "the third one changed nothing");
    app.phone_says("3").await;
    let (outcome, run) = app.outcome(&run).await;
    assert_eq!((outcome, &run.variables["wrong"]), (json!("completed"), &json!("3")));
    app.inbox_of(3).await;
    app.finish().await;
}

#[tokio::test]
async fn stop_in_the_middle_ends_it_and_is_no_answer() {
    let app = TestApp::with_agents(&[("visit", VISIT)]).await;
    let run = app.ask_by_text("visit", PHONE).await;
    app.inbox_of(1).await;
    app.phone_says("4").await;
    app.inbox_of(2).await;
    app.phone_says("STOP").await;
    let (outcome, run) = app.outcome(&run).await;
    assert_eq!(outcome, "opted_out");
    assert_eq!(run.variables["rating"], 4, "what was answered before stays");
    assert!(!run.variables.contains_key("wrong"), "{:?}", run.variables);
    assert_eq!(app.talks().await[0].conversation.ended_by(), Some(EndedBy::Hangup));
    let again = app.ask_by_text("visit", PHONE).await;
    assert_eq!(app.outcome(&again).await.0, "opted_out", "nobody who said no is asked again");
    let questions = app.inbox().await.into_iter().filter(|text| text.contains('?')).count();
    assert_eq!(questions, 2);
    app.finish().await;
}

#[tokio::test]
async fn who_does_not_answer_is_reminded_once_and_then_let_alone() {
    let app = TestApp::with_agents(&[("visit", VISIT)]).await;
    let run = app.ask_by_text("visit", PHONE).await;
    app.inbox_of(1).await;
    app.clock.advance(SignedDuration::from_hours(3)).await;
    let inbox = app.inbox_of(2).await;
    assert!(inbox[1].ends_with("How was it, from 1 to 10?") && inbox[1] != inbox[0], "{inbox:?}");
    // An answer to the reminder is one to the question, and the next question has its own patience.
    app.phone_says("eight").await;
    app.inbox_of(3).await;
    app.clock.advance(SignedDuration::from_hours(20)).await;
    assert_eq!(app.inbox_of(4).await.len(), 4);
    app.clock.advance(SignedDuration::from_hours(6)).await;
    let (outcome, run) = app.outcome(&run).await;
    assert_eq!((outcome, &run.variables["rating"]), (json!("timeout"), &json!(8)));
    app.quiet().await;
    assert_eq!(app.inbox().await.len(), 4, "nobody is told that it is over");
    app.finish().await;
}

#[tokio::test]
async fn of_two_agents_that_wait_the_latest_is_answered_and_people_are_kept_apart() {
    let other = VISIT.replace("How was it", "How was the other one");
    let app = TestApp::with_agents(&[("visit", VISIT), ("other", &other)]).await;
    let (stranger, first) =
        (app.ask_by_text("visit", "+15557654322").await, app.ask_by_text("visit", PHONE).await);
    app.inbox_of(1).await;
    let second = app.ask_by_text("other", PHONE).await;
    app.inbox_of(2).await;
    for answer in ["7", "yes"] {
        app.phone_says(answer).await;
        app.quiet().await;
    }
    assert_eq!(app.outcome(&second).await.1.variables["rating"], 7);
    assert_eq!(app.run(&first).await.status, RunStatus::Running);
    for answer in ["10", "no"] {
        app.phone_says(answer).await;
        app.quiet().await;
    }
    let first = app.outcome(&first).await.1;
    assert_eq!((&first.variables["rating"], &first.variables["again"]), (&json!(10), &json!(false)));
    assert_eq!(app.run(&stranger).await.status, RunStatus::Running, "somebody else answered nothing");
    app.state.host.cancel_run(&stranger, "the test").await.unwrap();
    app.eventually(async || {
        app.talks().await.iter().all(|talk| talk.conversation.ended_by().is_some()).then_some(())
    })
    .await;
    app.finish().await;
}

#[tokio::test]
async fn an_agent_that_cannot_talk_fails_the_block_and_says_why() {
    let app = TestApp::start().await;
    let title = VISIT.replace("Hello {{name}}", "Hello {{title}}");
    app.publish_agent("title", &title).await;
    for (name, workflow, why) in [
        ("unheard_of", asking("unheard_of"), "no agent of this name"),
        ("title", asking("title"), "need `title`"),
        (
            "closed",
            asking("title")
                .replace("path: title", "path: closed")
                .replace("sms", "whatsapp")
                .replace("default: Ann}", "default: Ann}, title: {type: string, default: Dr}"),
            "within 24 hours",
        ),
        (
            "sender",
            asking("title")
                .replace("path: title", "path: sender")
                .replace(DEFAULT_NUMBER, "nobody-we-are")
                .replace("default: Ann}", "default: Ann}, title: {type: string, default: Dr}"),
            "nobody-we-are",
        ),
    ] {
        app.publish(
            &format!("ask-{name}"),
            &workflow.replace("name: ask-title", &format!("name: ask-{name}")),
        )
        .await;
        let run = app.ask_by_text(name, PHONE).await;
        let run = app.state.host.wait_for_end(&run, LIMIT).await.unwrap().expect("it ends");
        let RunStatus::Failed { cause } = &run.status else { panic!("{name}: {:?}", run.status) };
        assert!(cause.message.contains(why), "{name}: {cause:?}");
    }
    assert_eq!(app.inbox().await, [] as [&str; 0]);
    app.finish().await;
}
