//! Conversations that a language model holds, with their shell: what is kept, what is logged, what the run gets.

use engine::agent::{self, Agent, LlmAgent};
use engine::conversation::{
    Conversation, EndedBy, Heard, Medium, Opening, Refused, Status, TalkEvent, Talked, TurnKind, What, begin,
};
use engine::id::ConversationId;
use engine::llm::dialogue::{self, Done};
use engine::llm::models::Usage;
use engine::llm::persona::Persona;
use engine::llm::question::{Call, Finish, Message, ModelEvent, Question};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

const AGENT: &str = r#"
agentType: LLM Agent
model: gpt-4o-mini
systemPrompt: You look after {{practice}}.
languages: [en-US, es-MX]
greeting: {en-US: "Hello, {{practice}}.", es-MX: "Hola, {{practice}}."}
disclosure: true
secretVariables: [token]
tools:
  - name: book
    type: http
    description: Books.
    method: POST
    url: https://diary.example.com/book
    headers: {X-Token: "{{token}}"}
    parameters: {day: {type: string, format: date}}
    claims: booking
  - name: remember
    type: setVariable
    description: Keeps the mood.
    variable: mood
    value: {type: string, enum: [calm, angry]}
  - name: human
    type: transfer
    description: Connects.
    to: "{{desk}}"
    summary: spoken
"#;

fn now() -> Timestamp {
    "2026-03-02T12:00:00Z".parse().expect("a time")
}

fn agent(source: &str) -> Box<LlmAgent> {
    let loaded = agent::load(source, Some("desk.yaml"));
    match loaded.agent {
        Some(Agent::Llm(agent)) => agent,
        _ => panic!("{:?}", loaded.diagnostics),
    }
}

fn variables() -> Map<String, Value> {
    let variables =
        json!({"practice": "the lake practice", "desk": "+1 555 010 0001", "token": "t0p", "other": 1});
    variables.as_object().expect("an object").clone()
}

struct Talk {
    persona: Persona,
    conversation: Conversation,
    out: Vec<dialogue::Out>,
    log: Vec<TurnKind>,
}

impl Talk {
    fn open(agent: &LlmAgent) -> Talk {
        let opening = Opening {
            variables: variables(),
            language: Some("en".to_owned()),
            ..Opening::of(ConversationId::from_trusted("cnv_1"), Medium::Voice)
        };
        let begun = begin(&Agent::Llm(Box::new(agent.clone())), opening, now());
        assert!(begun.out.is_empty());
        let persona = agent.persona(&begun.conversation).expect("filled in");
        let log = begun.log.into_iter().map(|entry| entry.kind).collect();
        let mut talk = Talk { persona, conversation: begun.conversation, out: Vec::new(), log };
        talk.hear(dialogue::Heard::Connected);
        talk
    }

    fn happen(&mut self, event: TalkEvent) {
        let talked = self.conversation.clone().talk(&self.persona, event, now());
        self.take(talked.expect("it is taken"));
    }

    /// The value is saved, and read again.
    fn take(&mut self, talked: Talked) {
        let saved = serde_json::to_string(&talked.conversation).expect("a value");
        self.conversation = serde_json::from_str(&saved).expect("it reads back");
        assert_eq!(self.conversation, talked.conversation);
        for entry in &talked.log {
            let saved = serde_json::to_string(entry).expect("a line");
            assert_eq!(
                &serde_json::from_str::<engine::conversation::TurnEntry>(&saved).expect("a line"),
                entry
            );
        }
        self.log.extend(talked.log.into_iter().map(|entry| entry.kind));
        self.out = talked.out;
    }

    fn hear(&mut self, heard: dialogue::Heard) {
        self.happen(TalkEvent::Heard { turn: self.conversation.turn, heard });
    }

    fn say(&mut self, words: &str) {
        self.hear(dialogue::Heard::Words { words: words.to_owned(), language: None, confidence: None });
    }

    fn model(&mut self, event: ModelEvent) {
        let asked = self.conversation.dialogue().expect("a dialogue").asked;
        self.happen(TalkEvent::Model { asked, event });
    }

    fn text(&mut self, text: &str) {
        self.model(ModelEvent::Text { text: text.to_owned() });
    }

    fn finish(&mut self, how: Finish) {
        self.model(ModelEvent::Finished {
            how,
            usage: Usage { prompt: 100, cached: 0, answer: 10 },
            endpoint: 0,
        });
    }

    fn call(&mut self, name: &str, arguments: &str) {
        let id = format!("call_{}", self.conversation.dialogue().expect("a dialogue").asked);
        let call = Call { id, name: name.to_owned(), arguments: arguments.to_owned() };
        self.model(ModelEvent::Called { call });
        self.finish(Finish::Calls);
    }

    fn question(&self) -> &Question {
        let question = self.out.iter().find_map(|out| match out {
            dialogue::Out::Think { question, .. } => Some(question),
            _ => None,
        });
        question.unwrap_or_else(|| panic!("nothing is asked: {:?}", self.out))
    }

    fn story(&self) -> Vec<String> {
        self.log.iter().map(TurnKind::sentence).collect()
    }
}

#[test]
fn the_shell_and_the_log_keep_step_with_the_dialogue() {
    let mut talk = Talk::open(&agent(AGENT));
    assert_eq!((talk.conversation.status.clone(), talk.conversation.turn), (Status::Talking, 0));
    assert_eq!(talk.conversation.connected_at, Some(now()));
    talk.say("Can I come on the third?");
    assert_eq!(talk.conversation.turn, 1);
    assert!(
        matches!(&talk.question().messages[0], Message::Instructions { text } if text.starts_with("You look after the lake practice."))
    );
    talk.call("book", r#"{"day": "2026-03-03"}"#);
    let id = talk.conversation.dialogue().expect("a dialogue").at_work[0].id.clone();
    talk.happen(TalkEvent::ToolDone { id, done: Done::Well { text: "{}".to_owned() } });
    talk.text("You are booked for the third.");
    talk.finish(Finish::Stop);
    talk.say("¿Podemos hablar español?");
    assert_eq!(talk.conversation.language, "es-MX");
    talk.text("Claro.");
    talk.finish(Finish::Stop);
    talk.say("Adiós");
    assert_eq!(talk.conversation.ended_by(), Some(EndedBy::Completed));
    let expected = [
        "conversation of desk in en-US",
        "somebody answered",
        "said “Hello, the lake practice.”",
        "said “This is an automated assistant.”",
        "heard “Can I come on the third?”",
        "calls book",
        "it is done",
        "said “You are booked for the third.”",
        "heard “¿Podemos hablar español?”",
        "goes on in es-MX",
        "said “Claro.”",
        "heard “Adiós”",
        "said “Gracias por su llamada. Adiós.”",
        "ended by completed",
    ];
    assert_eq!(talk.story(), expected);
}

#[test]
fn secrets_reach_neither_persona_nor_log_and_stay_for_the_tools() {
    let mut talk = Talk::open(&agent(AGENT));
    talk.say("Book the third for me.");
    let prompt = serde_json::to_string(talk.question()).expect("JSON");
    assert!(!prompt.contains("t0p") && !format!("{:?}", talk.persona).contains("t0p"));
    assert_eq!(talk.conversation.variables.get("token"), Some(&json!("t0p")));
    assert_eq!(talk.conversation.variables.get("other"), None);
    // What the run knows to be sensitive is secret too, whatever the agent says.
    let open = agent("agentType: LLM\nsystemPrompt: The code is {{pin}}.\n");
    let mut conversation = talk.conversation.clone();
    conversation.variables.insert("pin".to_owned(), json!("7731"));
    assert!(open.persona(&conversation).expect("filled in").instructions.contains("7731"));
    conversation.secrets.push("pin".to_owned());
    let unfilled = open.persona(&conversation).expect_err("it is secret");
    assert_eq!(unfilled.key, "systemPrompt");
    assert!(!unfilled.to_string().contains("7731"), "{unfilled}");
}

#[test]
fn arguments_that_do_not_fit_go_back_to_the_model() {
    let mut talk = Talk::open(&agent(AGENT));
    talk.say("Book something.");
    talk.call("book", r#"{"day": "soon"}"#);
    let told = format!("{:?}", talk.question().messages.last());
    assert!(told.contains("`arguments.day`"), "{told}");
    talk.call("remember", r#"{"value": "furious"}"#);
    assert!(talk.conversation.results().answers.is_empty());
    talk.call("remember", r#"{"value": "angry"}"#);
    assert_eq!(
        talk.conversation.results().answers,
        *json!({"mood": "angry"}).as_object().expect("an object")
    );
}

#[test]
fn a_transfer_takes_the_words_for_whoever_takes_over_along() {
    let mut talk = Talk::open(&agent(AGENT));
    talk.say("A person, please.");
    let offered = &talk.question().tools[2];
    assert_eq!(offered.parameters["required"], json!(["summary"]));
    talk.call("human", r#"{"summary": "Wants a person."}"#);
    let transfer = talk.out.iter().find_map(|out| match out {
        dialogue::Out::Transfer { to, about, .. } => Some((to.as_str(), about.as_deref())),
        _ => None,
    });
    assert_eq!(transfer, Some(("+1 555 010 0001", Some("Wants a person."))));
    assert_eq!(talk.conversation.ended_by(), Some(EndedBy::Transfer));
}

#[test]
fn the_end_of_the_line_needs_no_persona() {
    let agent = agent(AGENT);
    let talk = Talk::open(&agent);
    let heard = |what| Heard { turn: 0, what };
    let of = Agent::Llm(agent);
    let over = talk.conversation.clone().hear(&of, heard(What::HungUp), now()).expect("it ends");
    assert_eq!(over.conversation.ended_by(), Some(EndedBy::Hangup));
    assert_eq!(over.conversation.hear(&of, heard(What::HungUp), now()), Err(Refused::Ended));
    let speech = What::Speech { words: "Hello".to_owned(), confidence: None };
    assert_eq!(talk.conversation.clone().hear(&of, heard(speech), now()), Err(Refused::Stale));
    let failed = What::LineFailed { reason: "the provider is gone".to_owned() };
    let over = talk.conversation.hear(&of, heard(failed), now()).expect("it ends");
    assert_eq!(over.log[0].kind.sentence(), "ended by hangup: the provider is gone");
}

#[test]
fn a_machine_is_told_what_there_is_to_tell() {
    let agent = agent("agentType: LLM\nsystemPrompt: Talk.\nvoicemailMessage: Call us back.\n");
    let mut talk = Talk::open(&agent);
    let opening = talk.conversation.clone();
    let mut fresh = begin(&Agent::Llm(agent), Opening::of(opening.id, Medium::Voice), now()).conversation;
    std::mem::swap(&mut talk.conversation, &mut fresh);
    talk.hear(dialogue::Heard::Machine);
    assert!(
        matches!(&talk.out[0], dialogue::Out::Speak { text, interruptible: false, .. } if text == "Call us back.")
    );
    assert_eq!(talk.conversation.ended_by(), Some(EndedBy::Hangup));
}

#[test]
fn what_is_missing_is_known_before_the_call() {
    let agent = Agent::Llm(agent(AGENT));
    assert_eq!(agent.missing_variable(&variables()), None);
    let mut without = variables();
    without.shift_remove("token");
    assert_eq!(agent.missing_variable(&without), Some("token".to_owned()));
}
