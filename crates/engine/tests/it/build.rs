//! Happenings made by hand, for cases that are about many orders of them.

use engine::effect::{Effect, EffectKey, SendMessage};
use engine::event::{Event, Reply, Start, StartedBy};
use engine::id::{MessageId, RunId};
use engine::message::*;
use engine::run::{Advance, Refused, Run, resume, start};
use engine::workflow::Workflow;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

/// A workflow from its text, which has to be without fault.
pub(crate) fn workflow(text: &str) -> Workflow {
    let loaded = engine::workflow::load(text, Some("case"));
    loaded.workflow.unwrap_or_else(|| panic!("{:#?}", loaded.diagnostics))
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
        let started = start(
            &workflow,
            1,
            RunId::from_trusted("run_1"),
            Start { input, by: StartedBy::Trigger, message: None, call: None },
            now,
        );
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
        self.run = saved_and_read(&advance.run);
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

/// The value as it comes back from where it was stored.
pub(crate) fn saved_and_read<T: Serialize + DeserializeOwned>(value: &T) -> T {
    let saved = serde_json::to_string(value).expect("it can be saved");
    serde_json::from_str(&saved).expect("what was saved can be read")
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
        goes_as: None,
        class: send.class,
        origin: Some(Origin { run: RunId::from_trusted("run_1"), step: key.step, n: key.n }),
        conversation: None,
        progress: Progress {
            status: Some(Status::Queued),
            sid: Some(format!("SM{:032}", key.step * 100 + key.n)),
            sid_source: Some(SidSource::Answer),
            attempts: 1,
            intent_at: Some(now),
            ..Progress::new(State::Accepted)
        },
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
