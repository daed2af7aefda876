//! Agents that talk by a language model, by webhooks, with scripted models at one end and scripted people at the other.

use super::app::{PHONE, TestApp};
use super::interviews::{calling, says};
use emulator::DEFAULT_NUMBER;
use engine::conversation::{Conversation, TurnKind};
use engine::llm::history::Line;
use engine::run::Run;
use serde_json::{Value, json};
use store::{ConversationFilter, PageRequest};

/// An agent at a desk, with more keys behind it.
pub(super) fn desk(more: &str) -> String {
    format!(
        "agentType: LLM Agent
name: desk
credential: models
model: m
systemPrompt: You are at the desk of a clinic. Be brief.
greeting: Hello, this is the clinic.
closing: Goodbye then.
{more}"
    )
}

/// A model that answers by these words, the first that are found in what was said.
pub(super) fn model(rules: &[(&str, &str)]) -> Value {
    let rule =
        |(contains, text): &(&str, &str)| json!({"when": {"contains": contains}, "then": {"text": text}});
    json!({"id": "m", "rules": rules.iter().map(rule).collect::<Vec<_>>()})
}

impl TestApp {
    /// The desk calls somebody who behaves like this; the run as it ended.
    pub(super) async fn talk(&self, more: &str, script: &Value) -> Run {
        self.interview("desk", &desk(more), script).await
    }

    pub(super) async fn the_conversation(&self) -> Conversation {
        let (filter, page) = (ConversationFilter::default(), PageRequest::default());
        let found = self.state.store.conversations(filter, page).await.unwrap();
        assert_eq!(found.len(), 1);
        found[0].conversation.clone()
    }

    /// The transcript in short: `<` what the caller did, `>` what the agent said, `-` what else happened.
    pub(super) async fn transcript(&self) -> Vec<String> {
        let id = self.the_conversation().await.id;
        let entries = self.state.store.transcript(&id).await.unwrap();
        entries.into_iter().filter_map(|entry| short(&entry.kind)).collect()
    }

    /// What the emulator tells of the call, of one kind.
    async fn lines_of_call(&self, kind: &str) -> Vec<Value> {
        let sid = self.kept_calls().await[0].progress.sid.clone().unwrap();
        let url = format!("{}/emulator/v1/calls/{sid}", self.emulator_url);
        let story: Value = self.http.get(url).send().await.unwrap().json().await.unwrap();
        let lines = story["story"].as_array().unwrap_or_else(|| panic!("{story}"));
        lines.iter().filter(|line| line["kind"] == kind).cloned().collect()
    }

    /// What the person on the phone heard, utterance by utterance.
    pub(super) async fn heard_on_the_phone(&self) -> Vec<String> {
        let said = self.lines_of_call("said").await;
        said.iter().filter_map(|line| line["words"].as_str().map(str::to_owned)).collect()
    }

    /// The verbs that the call went through.
    pub(super) async fn verbs(&self) -> Vec<String> {
        let verbs = self.lines_of_call("verb").await;
        verbs.iter().filter_map(|line| line["twiml"].as_str().map(str::to_owned)).collect()
    }

    /// The bodies of all requests to models.
    pub(super) async fn model_requests(&self) -> Vec<Value> {
        let url = format!("{}/emulator/v1/model-requests", self.emulator_url);
        let mut requests: Vec<Value> = self.http.get(url).send().await.unwrap().json().await.unwrap();
        requests.iter_mut().map(|request| request["body"].take()).collect()
    }
}

fn short(kind: &TurnKind) -> Option<String> {
    Some(match kind {
        TurnKind::CallerSaid { words } => format!("< {words}"),
        TurnKind::CallerPressed { keys } => format!("< keys {keys}"),
        TurnKind::CallerSilent => "< silence".to_owned(),
        TurnKind::CallerUnclear => "< unclear".to_owned(),
        TurnKind::Said { text } => format!("> {text}"),
        TurnKind::ToolCalled { tool, .. } => format!("- calls {tool}"),
        TurnKind::ToolDone { failed: None, .. } => "- done".to_owned(),
        TurnKind::ToolDone { failed: Some(why), .. } => format!("- failed: {why}"),
        TurnKind::Noted { note } => format!("- {}", note.sentence()),
        TurnKind::Transferred => "- transferred".to_owned(),
        TurnKind::Ended { by, .. } => format!("- ended by {}", by.as_str()),
        _ => return None,
    })
}

#[tokio::test]
async fn a_conversation_is_held_from_the_greeting_to_the_goodbye() {
    let app = TestApp::with_model(model(&[
        ("hours", "We open at nine. We close at five."),
        ("where", "We are at 12 Main Street."),
    ]))
    .await;
    let script = says(&[
        ("this is the clinic", "what are your hours"),
        ("close at five", "and where are you"),
        ("Main Street", "thank you, goodbye"),
    ]);
    let run = app.talk("", &script).await;
    assert_eq!(run.result.as_ref().unwrap()["outcome"], "completed");
    assert_eq!(
        app.transcript().await,
        [
            "> Hello, this is the clinic.",
            "< what are your hours",
            "> We open at nine.",
            "> We close at five.",
            "< and where are you",
            "> We are at 12 Main Street.",
            "< thank you, goodbye",
            "> Goodbye then.",
            "- ended by completed",
        ]
    );
    let requests = app.model_requests().await;
    assert_eq!(requests.len(), 2);
    let roles: Vec<_> = requests[1]["messages"].as_array().unwrap().iter().map(|m| &m["role"]).collect();
    assert_eq!(roles, ["system", "assistant", "user", "assistant", "user"]);
    app.finish().await;
}

#[tokio::test]
async fn whoever_says_nothing_is_asked_and_then_the_call_ends() {
    let app = TestApp::with_model(model(&[])).await;
    let run = app.talk("silencePrompts: [Are you there?, Hello?]\n", &json!({"rules": []})).await;
    assert_eq!(run.result.as_ref().unwrap()["outcome"], "max_retries");
    assert_eq!(
        app.transcript().await,
        [
            "> Hello, this is the clinic.",
            "< silence",
            "> Are you there?",
            "< silence",
            "> Hello?",
            "< silence",
            "> Goodbye then.",
            "- ended by max_retries",
        ]
    );
    app.finish().await;
}

#[tokio::test]
async fn keys_reach_the_model_as_what_they_are() {
    let app = TestApp::with_model(model(&[("pressed the keys 42", "Forty-two it is.")])).await;
    let script = says(&[("this is the clinic", "press 42#"), ("Forty-two", "goodbye")]);
    app.talk("", &script).await;
    assert_eq!(app.transcript().await[1..3], ["< keys 42", "> Forty-two it is."]);
    app.finish().await;
}

#[tokio::test]
async fn a_slow_model_is_bridged_and_its_answer_comes_in_parts() {
    let mut slow = model(&[("hours", "We open at nine. We close at five. Is there anything else?")]);
    // Far longer than a part waits for the first word; then a sentence at a time.
    slow["pace"] = json!({"firstTokenMs": 5_000, "tokensPerSecond": 12.0});
    let app = TestApp::with_model(slow).await;
    let script = says(&[("this is the clinic", "what are your hours"), ("anything else", "no, goodbye")]);
    let run = app.talk("holdPhrases: [Let me see.]\n", &script).await;
    assert_eq!(run.result.as_ref().unwrap()["outcome"], "completed");
    let heard = app.heard_on_the_phone().await.join(" ");
    assert_eq!(
        heard,
        "Hello, this is the clinic. Let me see. We open at nine. We close at five. Is there anything else? \
         Goodbye then."
    );
    // The first sentence went out while the rest was being written.
    let verbs = app.verbs().await;
    let first = verbs.iter().position(|verb| verb.contains("We open at nine")).unwrap();
    assert!(verbs[first].starts_with("<Say"), "{verbs:?}");
    assert!(verbs[first..].iter().any(|verb| verb.starts_with("<Redirect")), "{verbs:?}");
    let last = verbs.iter().find(|verb| verb.contains("anything else")).unwrap();
    assert!(last.starts_with("<Gather"), "{last}");
    app.finish().await;
}

/// Ten sentences that take a minute to be written.
#[tokio::test]
async fn a_minute_of_writing_never_loses_the_call() {
    let sentence = |n: usize| format!("The sentence of number {n} takes its time but is told.");
    let answer: Vec<String> = (1..=10).map(sentence).collect();
    let mut slow = model(&[("hours", &answer.join(" "))]);
    slow["pace"] = json!({"firstTokenMs": 0, "tokensPerSecond": 2.0});
    let app = TestApp::with_model(slow).await;
    let script = says(&[("this is the clinic", "what are your hours"), ("number 10", "thank you, goodbye")]);
    let more = "timeLimits: {firstToken: 8s, answer: 90s}\nmaxTokens: 500\nreplySentencesMax: 12\n";
    let run = app.talk(more, &script).await;
    assert_eq!(run.result.as_ref().unwrap()["outcome"], "completed", "{:?}", app.transcript().await);
    let heard = app.heard_on_the_phone().await.join(" ");
    for sentence in &answer {
        assert_eq!(heard.matches(sentence.as_str()).count(), 1, "{sentence}: {heard}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_conversation_is_recorded_where_its_agent_says_so() {
    let app = TestApp::with_model(model(&[("hours", "We open at nine.")])).await;
    let script = says(&[("this is the clinic", "your hours"), ("at nine", "goodbye")]);
    app.talk("recordCall: true\nrecordingNotice: We record this call.\n", &script).await;
    assert!(app.heard_on_the_phone().await.join(" ").contains("We record this call."));
    let call = app.kept_calls().await[0].id.clone();
    let recordings = app.state.store.recordings(Some(&call), PageRequest::default()).await.unwrap();
    assert_eq!(recordings.len(), 1);
    app.finish().await;
}

#[tokio::test]
async fn a_caller_may_break_into_the_last_part() {
    let long = "We open at nine on most days, and on some days of the week we open a little later than that.";
    let app = TestApp::with_model(model(&[("hours", long), ("Sunday", "Never on Sundays.")])).await;
    let script = json!({"rules": [
        {"hears": {"contains": "this is the clinic"}, "do": [{"say": "what are your hours"}]},
        {"hears": {"contains": "on most days"}, "interrupts": true, "do": [{"say": "I mean on Sunday"}]},
        {"hears": {"contains": "Never"}, "do": [{"say": "goodbye"}]},
    ]});
    app.talk("", &script).await;
    let transcript = app.transcript().await;
    let expected = ["- may not have been heard to the end", "< I mean on Sunday", "> Never on Sundays."];
    assert_eq!(transcript[3..6], expected, "{transcript:?}");
    app.finish().await;
}

/// Parts that come while the model writes hear nobody; the last one does. Wherever somebody speaks, what was said was
/// heard or is marked, and the new words are answered.
#[tokio::test]
async fn a_caller_may_speak_in_any_part_of_an_answer() {
    const ANSWER: [&str; 4] = [
        "We open at nine.",
        "We close at five.",
        "On Sundays we are closed.",
        "Is there anything else to be said?",
    ];
    const MARK: &str = "- may not have been heard to the end";
    for word in ["nine", "five", "closed", "anything", "be", "said"] {
        let mut slow = model(&[("hours", &ANSWER.join(" ")), ("Sunday", "Never on Sundays.")]);
        slow["pace"] = json!({"firstTokenMs": 0, "tokensPerSecond": 12.0});
        let app = TestApp::with_model(slow).await;
        let script = json!({"rules": [
            {"hears": {"contains": "this is the clinic"}, "do": [{"say": "what are your hours"}]},
            {"hears": {"contains": word}, "interrupts": true, "times": 1, "do": [{"afterMs": 100, "say": "I mean on Sunday"}]},
            {"hears": {"containsAny": ["still there", "could not understand"]}, "do": [{"say": "I mean on Sunday"}]},
            {"hears": {"contains": "Never"}, "do": [{"say": "goodbye"}]},
        ]});
        let run = app.talk("", &script).await;
        assert_eq!(run.result.as_ref().unwrap()["outcome"], "completed", "{word}");
        let (heard, transcript) = (app.heard_on_the_phone().await, app.transcript().await);
        let heard =
            heard.iter().map(String::as_str).filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" ");
        let dialogue = app.the_conversation().await.dialogue().unwrap().clone();
        let said = dialogue.lines.iter().filter_map(|line| match line {
            Line::Agent { text } => Some(text.as_str()),
            _ => None,
        });
        let said = said.collect::<Vec<_>>().join(" ");
        let told = format!("at {word}: heard {heard:?}, {transcript:#?}");
        assert!(said.contains(&ANSWER.join(" ")), "{told}");
        let answer = transcript.iter().position(|line| line == "> Never on Sundays.").unwrap();
        assert!(transcript[answer - 1].ends_with("on Sunday"), "{told}");
        assert_eq!(transcript.iter().filter(|line| *line == "> Never on Sundays.").count(), 1, "{told}");
        let is_marked = transcript.iter().any(|line| line == MARK);
        match word {
            "nine" | "said" => assert_eq!(heard, said, "{told}"),
            "anything" | "be" => assert!(!heard.contains("to be said?") && is_marked, "{told}"),
            // Whoever still speaks when it is listened cuts off what is asked then.
            _ => assert!(heard == said || is_marked, "{told}"),
        }
        app.finish().await;
    }
}

#[tokio::test]
async fn each_fault_of_a_model_ends_in_the_authors_words_and_none_is_silent() {
    for (fault, times) in [
        (json!({"do": "noCredit"}), Value::Null),
        (json!({"do": "error", "status": 400}), Value::Null),
        (json!({"do": "error", "status": 500}), Value::Null),
        (json!({"do": "rateLimited", "retryAfterS": 30}), Value::Null),
        (json!({"do": "drop"}), Value::Null),
        (json!({"do": "end", "ends": {"kind": "cut", "afterTokens": 0}}), Value::Null),
        (json!({"do": "end", "ends": {"kind": "malformed", "afterTokens": 0}}), Value::Null),
        (json!({"do": "end", "ends": {"kind": "stall", "afterTokens": 0}}), Value::Null),
        (json!({"do": "finish", "reason": "content_filter", "afterTokens": 1}), Value::Null),
    ] {
        let app = TestApp::with_model(model(&[("hours", "We open at nine.")])).await;
        app.model_fault(json!({"then": fault, "times": times})).await;
        let script = says(&[("this is the clinic", "your hours please"), ("not today", "your hours please")]);
        let more =
            "fallback: I am not able to say that, not today.\ntimeLimits: {firstToken: 1s, answer: 2s}\n";
        let run = app.talk(more, &script).await;
        assert_eq!(run.result.as_ref().unwrap()["outcome"], "max_retries", "{fault}");
        let said: Vec<String> =
            app.transcript().await.into_iter().filter(|line| line.starts_with('>')).collect();
        assert_eq!(
            said,
            [
                "> Hello, this is the clinic.",
                "> I am not able to say that, not today.",
                "> I am sorry, I have technical trouble and cannot help you at the moment.",
                "> Goodbye then.",
            ],
            "{fault}"
        );
        app.finish().await;
    }
}

#[tokio::test]
async fn what_is_said_again_is_answered_alike_and_what_is_late_gets_the_present() {
    let app = TestApp::with_model(model(&[("hours", "We open at nine.")])).await;
    app.publish_agent("desk", &desk("")).await;
    app.publish("call-with-desk", &calling("desk")).await;
    app.phone_behaves(&json!({"pickUp": {"kind": "answer"}, "rules": []})).await;
    app.begin_call("desk").await;
    let call =
        app.eventually(async || app.kept_calls().await.into_iter().find(|call| call.progress.sid.is_some()));
    let call = call.await;
    let base = format!("/twilio/dev/voice/{}", call.id);
    let sid = call.progress.sid.clone().unwrap();
    let form = |more: &[(&'static str, &'static str)]| {
        let mut form = vec![
            ("CallSid", sid.as_str()),
            ("AccountSid", emulator::DEFAULT_ACCOUNT),
            ("From", DEFAULT_NUMBER),
            ("To", PHONE),
        ];
        form.extend(more);
        form.push(("CallStatus", "in-progress"));
        form
    };
    let post = async |path: &str, more: &[(&'static str, &'static str)]| {
        let response = app.signed_webhook(&format!("{base}{path}"), &form(more)).await;
        assert!(response.status().is_success(), "{path}");
        response.text().await.unwrap()
    };
    let greeting = post("", &[]).await;
    assert!(greeting.contains("this is the clinic") && greeting.contains("/heard/0/1"), "{greeting}");
    assert_eq!(post("", &[]).await, greeting);
    let said = [("SpeechResult", "your hours"), ("Confidence", "0.9")];
    let (one, two) = tokio::join!(post("/heard/0/1", &said), post("/heard/0/1", &said));
    assert!(one.contains("nine") && one.contains("/heard/1/0"), "{one}");
    assert_eq!((&one, app.asked().await), (&two, 1), "two results of one turn are one");
    assert_eq!(post("/heard/0/1", &said).await, one);
    assert_eq!(post("/heard/0/7", &[("Digits", "1")]).await, one, "an older turn gets the present document");
    let nothing = post("/heard/1/0", &[("SpeechResult", "")]).await;
    // Before it can have been spoken: a noise has cut it off.
    assert!(nothing.contains("could not understand") && nothing.contains("/heard/1/1"), "{nothing}");
    let unsure = post("/heard/1/1", &[("SpeechResult", "mumble"), ("Confidence", "0.05")]).await;
    assert!(unsure.contains("could not understand") && unsure.contains("/heard/1/2"), "{unsure}");
    let unknown = app.signed_webhook("/twilio/dev/voice/call_nobody/heard/0/0", &form(&[])).await;
    assert!(unknown.text().await.unwrap().contains("cannot take this call"));
    app.stop().await;
}
