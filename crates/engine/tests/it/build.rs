//! Definitions and happenings made by hand, for cases that are not worth a file.

use engine::effect::{Effect, EffectKey, SendMessage};
use engine::event::{Event, Reply, Start};
use engine::id::{MessageId, RunId};
use engine::message::*;
use engine::run::{Advance, Refused, Run, resume, start};
use engine::workflow::*;
use indexmap::IndexMap;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use template::Template;

pub(crate) fn template(text: &str) -> Template {
    Template::parse(text).expect("a good template")
}

/// A text to a made-up person, accepted by default.
pub(crate) fn text(message: &str) -> TwilioBlock {
    let save = |result: &str, variable: &str| Save { result: result.into(), variable: variable.into() };
    TwilioBlock {
        channel: Channel::Sms,
        credential: None,
        from: template("+15551234567"),
        to: template("{{phone}}"),
        message: Some(template(message)),
        media: Vec::new(),
        content_sid: None,
        content_variables: IndexMap::new(),
        location: None,
        until: Until::Accepted,
        delivery_timeout_ms: 3_600_000,
        save: vec![
            save("sid", "messageSid"),
            save("status", "messageStatus"),
            save("price", "messageCost"),
            save("error_code", "messageErrorCode"),
        ],
        retry: Retry { attempts_max: 1, delay_ms: 60_000, codes: None },
    }
}

pub(crate) fn block(id: &str, kind: BlockKind, next: Target) -> Block {
    Block { id: id.into(), kind, on: IndexMap::new(), next, line: 1 }
}

pub(crate) fn workflow(blocks: Vec<Block>) -> Workflow {
    Workflow {
        name: "case".into(),
        trigger: Trigger::Manual,
        input: vec![Input {
            name: "phone".into(),
            schema: json!({"type": "string"}),
            shape: Shape::default(),
            default: None,
        }],
        defaults: Defaults::default(),
        on_error: None,
        blocks,
    }
}

/// A run under way, saved and read back before every event.
pub(crate) struct Going {
    pub(crate) workflow: Workflow,
    pub(crate) run: Run,
    pub(crate) now: Timestamp,
    pub(crate) effects: Vec<Effect>,
    pub(crate) story: Vec<String>,
}

impl Going {
    pub(crate) fn new(workflow: Workflow) -> Going {
        let now: Timestamp = "2026-11-23T08:00:00Z".parse().expect("well formed");
        let serde_json::Value::Object(input) = json!({"phone": "+1 (555) 987-6543"}) else { unreachable!() };
        let started = start(&workflow, 1, RunId::from_trusted("run_1"), Start { input, message: None }, now);
        let mut going = Going {
            workflow,
            run: started.as_ref().expect("good input").run.clone(),
            now,
            effects: Vec::new(),
            story: Vec::new(),
        };
        going.keep(started.expect("good input"));
        going
    }

    fn keep(&mut self, advance: Advance) {
        self.story.extend(advance.log.iter().map(|entry| entry.sentence()));
        self.effects.extend(advance.effects);
        let saved = serde_json::to_string(&advance.run).expect("a run can be saved");
        self.run = serde_json::from_str(&saved).expect("what was saved can be read");
        assert_eq!(self.run, advance.run, "a saved run is the same run");
    }

    /// Takes an event in, `seconds` after the one before.
    pub(crate) fn after(&mut self, seconds: i64, event: Event) -> Result<(), Refused> {
        self.now += SignedDuration::from_secs(seconds);
        let advance = resume(&self.workflow, self.run.clone(), event, self.now)?;
        self.keep(advance);
        Ok(())
    }

    pub(crate) fn sends(&self) -> Vec<(EffectKey, &SendMessage)> {
        let of = |effect| match effect {
            &Effect::SendMessage { key, ref send } => Some((key, send)),
            _ => None,
        };
        self.effects.iter().filter_map(of).collect()
    }

    /// The message that came of a request, as the provider took it.
    pub(crate) fn message(&self, key: EffectKey) -> Message {
        let send = self.sends().into_iter().find(|(of, _)| *of == key).expect("it was asked for").1;
        message_of(key, send, self.now)
    }

    pub(crate) fn variable(&self, name: &str) -> &serde_json::Value {
        &self.run.variables[name]
    }
}

pub(crate) fn message_of(key: EffectKey, send: &SendMessage, now: Timestamp) -> Message {
    Message {
        id: MessageId::from_trusted(format!("msg_{}x{}", key.step, key.n)),
        direction: Direction::Outbound,
        channel: send.channel,
        credential: "main".into(),
        from: Some(send.from.clone()),
        service: None,
        to: send.to.clone(),
        content: send.content.clone(),
        origin: Some(Origin { run: RunId::from_trusted("run_1"), step: key.step, n: key.n }),
        state: State::Accepted,
        status: Some(Status::Queued),
        error_code: None,
        error_message: None,
        sid: Some(format!("SM{:032}", key.step * 100 + key.n)),
        sid_source: Some(SidSource::Answer),
        attempts: 1,
        intent_at: Some(now),
        receipt: Receipt::default(),
        created_at: now,
        updated_at: now,
    }
}

pub(crate) fn changed(key: EffectKey, message: Message) -> Event {
    Event::MessageChanged { key, message: Box::new(message), failure: None }
}

pub(crate) fn reply(n: u32, text: &str, at: Timestamp) -> Event {
    Event::ReplyReceived {
        reply: Reply {
            message: MessageId::from_trusted(format!("msg_in{n}")),
            channel: Channel::Sms,
            contact: "+15559876543".into(),
            sender: "+15551234567".into(),
            service: None,
            content: Content { body: Some(text.into()), ..Content::default() },
            profile_name: None,
            received_at: at,
        },
    }
}
