//! Plays one file and writes down what came of it.

use super::script::{Happening, What};
use crate::build::{message_of, saved_and_read};
use engine::call::{self, Call, LineEvent};
use engine::effect::{Effect, EffectKey, PlaceCall, SendMessage, TimerKey};
use engine::event::{Event, Failure, IncomingCall, Interviewed, Reply, Start, StartedBy};
use engine::id::{CallId, MessageId, RunId};
use engine::message::*;
use engine::outcome::Outcome;
use engine::run::{Advance, Run, resume, start};
use engine::sending::MessageClass;
use engine::workflow::{self, Workflow};
use jiff::Timestamp;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt::Write as _;

const WORKFLOW: &str = "== workflow";
const START: &str = "== start";
const STORY: &str = "== story";

pub(super) struct Case<'f> {
    name: &'f str,
    /// Everything up to the story, as written.
    head: &'f str,
    definition: &'f str,
    begins: Timestamp,
    start: Start,
    happenings: Vec<&'f str>,
}

impl<'f> Case<'f> {
    pub(super) fn read(name: &'f str, file: &'f str) -> Case<'f> {
        let (head, story) = file.split_once(STORY).expect("a story");
        let (_, rest) = head.split_once(WORKFLOW).expect("a workflow");
        let (definition, begin) = rest.split_once(START).expect("a start");
        let (at, input) = begin.trim().split_once(char::is_whitespace).unwrap_or((begin.trim(), "{}"));
        let (input, said) = input.split_once("\nby ").unwrap_or((input, ""));
        let begins: Timestamp = at.parse().expect("a time stamp");
        let (input, called) = input.split_once("\ncall ").unwrap_or((input, ""));
        let message = (!said.is_empty()).then(|| reply(0, "reply", "+15559876543", said.trim(), begins));
        let call = called.trim().split_once(' ').map(|(from, to)| IncomingCall {
            call: CallId::from_trusted("call_1x0"),
            from: from.into(),
            to: to.into(),
            credential: "main".into(),
            at: begins,
        });
        let start = Start {
            input: serde_json::from_str(input).expect("JSON"),
            by: StartedBy::Trigger,
            message,
            call,
        };
        let happenings = story.lines().filter(|line| line.starts_with('+')).collect();
        Case { name, head, definition, begins, start, happenings }
    }

    pub(super) fn play(self) -> String {
        let loaded = workflow::load(self.definition, Some(self.name));
        let workflow = loaded.workflow.unwrap_or_else(|| panic!("{}: {:#?}", self.name, loaded.diagnostics));
        let told = format!("{}{STORY}\n", self.head);
        let mut play = match start(&workflow, 1, RunId::from_trusted("run_1"), self.start, self.begins) {
            Err(refused) => return format!("{told}    refused: {refused}: {refused:?}\n"),
            Ok(first) => Play::new(&workflow, self.begins, first, told),
        };
        for line in self.happenings {
            let _ = writeln!(play.told, "{line}");
            play.happen(Happening::parse(line));
        }
        play.conclude()
    }
}

struct Play<'w> {
    workflow: &'w Workflow,
    run: Run,
    now: Timestamp,
    timers: BTreeMap<TimerKey, Timestamp>,
    sends: BTreeMap<EffectKey, SendMessage>,
    messages: BTreeMap<EffectKey, Message>,
    calls: BTreeMap<EffectKey, Call>,
    replies: u32,
    latest: Option<Event>,
    variables: Map<String, Value>,
    told: String,
}

impl<'w> Play<'w> {
    fn new(workflow: &'w Workflow, now: Timestamp, first: Advance, told: String) -> Play<'w> {
        let mut play = Play {
            workflow,
            run: Run { routes: Vec::new(), ..first.run.clone() },
            now,
            timers: BTreeMap::new(),
            sends: BTreeMap::new(),
            messages: BTreeMap::new(),
            calls: BTreeMap::new(),
            replies: 0,
            latest: None,
            variables: Map::new(),
            told,
        };
        play.keep(first);
        play
    }

    fn happen(&mut self, happening: Happening) {
        let until = self.now + happening.after;
        while let Some((key, at)) = self.next_timer().filter(|(_, at)| *at <= until) {
            self.timers.remove(&key);
            self.now = self.now.max(at);
            self.tell(Event::TimerFired { key });
        }
        self.now = until;
        if let Some(event) = self.event(happening.what) {
            self.latest = Some(event.clone());
            self.tell(event);
        }
    }

    fn next_timer(&self) -> Option<(TimerKey, Timestamp)> {
        self.timers.iter().map(|(key, at)| (*key, *at)).min_by_key(|(key, at)| (*at, *key))
    }

    fn tell(&mut self, event: Event) {
        match resume(self.workflow, self.run.clone(), saved_and_read(&event), self.now) {
            Ok(advance) => self.keep(advance),
            Err(refused) => {
                let _ = writeln!(self.told, "    refused: {refused}");
            }
        }
    }

    fn keep(&mut self, advance: Advance) {
        for entry in &advance.log {
            let _ = writeln!(self.told, "    {}  {}", entry.at, entry.sentence());
        }
        for effect in &advance.effects {
            self.perform(saved_and_read(effect));
        }
        for (name, value) in &advance.run.variables {
            if self.variables.get(name) != Some(value) {
                let _ = writeln!(self.told, "    set   {name} = {value}");
            }
        }
        let routes: Vec<&str> = advance.run.routes.iter().map(|route| route.contact.as_str()).collect();
        if routes != self.run.routes.iter().map(|route| route.contact.as_str()).collect::<Vec<_>>() {
            let heard = if routes.is_empty() { "nobody".into() } else { routes.join(", ") };
            let _ = writeln!(self.told, "    hears {heard}");
        }
        assert_eq!(saved_and_read(&advance.log), advance.log, "a saved log is the same log");
        self.run = saved_and_read(&advance.run);
        assert_eq!(self.run, advance.run, "a saved run is the same run");
        self.variables = self.run.variables.clone();
    }

    fn perform(&mut self, effect: Effect) {
        let _ = match effect {
            Effect::SetTimer { key, at } => {
                self.timers.insert(key, at);
                writeln!(self.told, "    do    timer {} of step {} at {at}", key.purpose.as_str(), key.step)
            }
            Effect::CancelTimer { key } => {
                self.timers.remove(&key);
                writeln!(self.told, "    do    no timer {} of step {}", key.purpose.as_str(), key.step)
            }
            Effect::SendMessage { key, send } => {
                let content = serde_json::to_string(&send.content).expect("plain");
                let again =
                    send.retry_of.map(|of| format!(", again for {}.{}", of.step, of.n)).unwrap_or_default();
                let class = class(send.class);
                let (channel, from, to) = (send.channel.as_str(), &send.from, &send.to);
                let told = &mut self.told;
                let told = writeln!(
                    told,
                    "    do    send {}.{} by {channel} from {from} to {to}{again}{class}: {content}",
                    key.step, key.n
                );
                self.sends.insert(key, send);
                told
            }
            Effect::AnswerCall { key, plan } => {
                let (from, to) = ("+15559876543".to_owned(), "+15551234567".to_owned());
                let place = PlaceCall {
                    credential: None,
                    from,
                    to,
                    plan,
                    class: MessageClass::default(),
                    retry_of: None,
                };
                let plan = serde_json::to_string(&place.plan).expect("plain");
                self.calls.insert(key, call_of(key, &place, self.now));
                writeln!(self.told, "    do    answer {}.{}: {plan}", key.step, key.n)
            }
            Effect::BeginConversation { key, begin } => {
                let begin = serde_json::to_string(&begin).expect("plain");
                writeln!(self.told, "    do    talk {}.{}: {begin}", key.step, key.n)
            }
            Effect::EndConversation { key } => {
                writeln!(self.told, "    do    no talk {}.{}", key.step, key.n)
            }
            Effect::PlaceCall { key, place } => {
                let plan = serde_json::to_string(&place.plan).expect("plain");
                let again =
                    place.retry_of.map(|of| format!(", again for {}.{}", of.step, of.n)).unwrap_or_default();
                let class = class(place.class);
                let (from, to) = (&place.from, &place.to);
                let told = writeln!(
                    self.told,
                    "    do    call {}.{} from {from} to {to}{again}{class}: {plan}",
                    key.step, key.n
                );
                self.calls.insert(key, call_of(key, &place, self.now));
                told
            }
        };
    }

    fn event(&mut self, what: What) -> Option<Event> {
        let (message, failure, key) = match what {
            What::Nothing => return None,
            What::Again => return self.latest.clone(),
            What::Stop { from } => {
                return Some(Event::OptedOut { channel: Channel::Sms, contact: self.contact(from) });
            }
            What::Cancel(by) => return Some(Event::RunCanceled { by }),
            What::Reply { kind, from, said } => {
                self.replies += 1;
                let contact = self.contact(from);
                return Some(Event::ReplyReceived {
                    reply: reply(self.replies, &kind, &contact, &said, self.now),
                });
            }
            What::Report { status, key, facts } => {
                let report = report(key, &status, &facts);
                let now = self.now;
                let message = self.message(key);
                message.absorb(&report, SidSource::Callback, now);
                (message.clone(), None, key)
            }
            What::Talked { outcome, key, answers } if self.calls.contains_key(&key) => {
                let now = self.now;
                let call = self.calls.get_mut(&key).expect("it was placed");
                let by = Outcome::parse(&outcome).expect("an outcome");
                call.happened(&LineEvent::ConversationEnded { by, model_nanodollars: None }, now);
                call.happened(&LineEvent::Gathered { model_nanodollars: 2_500_000 }, now);
                let (call, answers) = (Box::new(call.clone()), interviewed(answers));
                return Some(Event::ConversationEnded { key, call, answers, call_back_at: None });
            }
            What::Talked { outcome, key, answers } => return Some(talked(&outcome, key, answers)),
            What::Call { status, key, facts } => {
                let now = self.now;
                let call = self.calls.get_mut(&key).expect("it was placed");
                happen_on(call, key, &status, &facts, now);
                return Some(Event::CallChanged { key, call: Box::new(call.clone()), failure: None });
            }
            What::Held(key) if self.calls.contains_key(&key) => {
                let call = self.calls.get_mut(&key).expect("it was placed");
                call.progress.state = State::Held;
                let failure = Some(failure("failed"));
                return Some(Event::CallChanged { key, call: Box::new(call.clone()), failure });
            }
            What::Refused { key, why } if self.calls.contains_key(&key) => {
                let call = self.calls.get_mut(&key).expect("it was placed");
                call.progress.state = State::Failed;
                let failure = Some(failure(&why));
                return Some(Event::CallChanged { key, call: Box::new(call.clone()), failure });
            }
            What::Held(key) => {
                let message = self.message(key);
                (message.progress.state, message.progress.status) = (State::Held, None);
                (message.clone(), None, key)
            }
            What::Refused { key, why } => {
                let message = self.message(key);
                (message.progress.state, message.progress.sid) = (State::Failed, None);
                (message.clone(), Some(failure(&why)), key)
            }
        };
        Some(Event::MessageChanged { key, message: Box::new(message), failure })
    }

    fn message(&mut self, key: EffectKey) -> &mut Message {
        let send = self.sends.get(&key).unwrap_or_else(|| panic!("{}.{} was not sent", key.step, key.n));
        self.messages.entry(key).or_insert_with(|| {
            let mut message = message_of(key, send, self.now);
            (message.progress.state, message.progress.status, message.progress.sid) =
                (State::Dispatching, None, None);
            message
        })
    }

    /// Who speaks where nobody is named: whom the first text went to.
    fn contact(&self, from: Option<String>) -> String {
        from.or_else(|| self.sends.values().next().map(|send| send.to.clone()))
            .unwrap_or_else(|| "+15559876543".into())
    }

    fn conclude(mut self) -> String {
        let status = serde_json::to_string(&self.run.status).expect("plain");
        let _ = match (&self.run.position, &self.run.result) {
            (Some(position), _) => writeln!(self.told, "== stands at {}", position.block),
            (None, Some(result)) => writeln!(self.told, "== ended {status}\n    answers {result}"),
            (None, None) => writeln!(self.told, "== ended {status}"),
        };
        for (key, at) in &self.timers {
            let _ = writeln!(self.told, "    timer {} of step {} at {at}", key.purpose.as_str(), key.step);
        }
        self.told
    }
}

fn talked(outcome: &str, key: EffectKey, answers: Vec<(String, String)>) -> Event {
    let outcome = Outcome::parse(outcome).expect("an outcome");
    Event::TextConversationEnded {
        key,
        outcome,
        failure: outcome.is_failure().then(|| failure(outcome.name())),
        answers: interviewed(answers),
    }
}

fn interviewed(answers: Vec<(String, String)>) -> Interviewed {
    let answers = answers.into_iter().map(|(question, value)| (question, Value::String(value))).collect();
    Interviewed { answers, ..Interviewed::default() }
}

fn failure(why: &str) -> Failure {
    match why.strip_prefix("code=") {
        Some(code) => Failure::of_code(code.parse().expect("a number")),
        None => Failure {
            outcome: Outcome::parse(why).expect("an outcome"),
            code: None,
            reason: "not allowed at dispatch".into(),
        },
    }
}

fn report(key: EffectKey, status: &str, facts: &[(String, String)]) -> Report {
    let fact = |name: &str| facts.iter().find(|(of, _)| of == name).map(|(_, value)| value.clone());
    Report {
        sid: format!("SM{:032}", key.step * 100 + key.n),
        status: Some(Status::parse(status).unwrap_or_else(|| panic!("`{status}` cannot happen"))),
        error_code: fact("code").map(|code| code.parse().expect("a number")),
        error_message: None,
        from: None,
        service: None,
        receipt: Receipt {
            price: fact("price"),
            price_unit: fact("unit"),
            date_sent: fact("sent").map(|at| at.parse().expect("a time stamp")),
            num_segments: fact("segments"),
            ..Receipt::default()
        },
    }
}

fn reply(n: u32, kind: &str, contact: &str, said: &str, at: Timestamp) -> Reply {
    let mut content = Content::default();
    match kind.split_once(':') {
        Some((_, payload)) => {
            content.button = Some(Button { text: said.into(), payload: Some(payload.into()) });
        }
        None if kind == "media" => {
            content.media = vec![Media { url: said.into(), content_type: Some("image/jpeg".into()) }];
        }
        None if kind == "place" => {
            let (latitude, longitude) = said.split_once(' ').expect("two numbers");
            let degrees = |text: &str| text.parse().expect("a number");
            let (latitude, longitude) = (degrees(latitude), degrees(longitude));
            content.location = Some(Location { latitude, longitude, label: None, address: None });
        }
        None => content.body = Some(said.into()),
    }
    Reply {
        message: MessageId::from_trusted(format!("msg_in{n}")),
        channel: Channel::Sms,
        contact: contact.into(),
        sender: "+15551234567".into(),
        service: None,
        content,
        profile_name: None,
        received_at: at,
    }
}

fn call_of(key: EffectKey, place: &PlaceCall, now: Timestamp) -> Call {
    Call {
        id: CallId::from_trusted(format!("call_{}x{}", key.step, key.n)),
        direction: Direction::Outbound,
        credential: "main".into(),
        from: Some(place.from.clone()),
        to: place.to.clone(),
        plan: Some(place.plan.clone()),
        class: place.class,
        origin: Some(Origin { run: RunId::from_trusted("run_1"), step: key.step, n: key.n }),
        progress: Progress::new(State::Dispatching),
        course: call::Course::default(),
        receipt: call::Receipt::default(),
        created_at: now,
        updated_at: now,
    }
}

/// A status of the provider, or something on the line.
fn happen_on(call: &mut Call, key: EffectKey, status: &str, facts: &[(String, String)], now: Timestamp) {
    let fact = |name: &str| facts.iter().find(|(given, _)| given == name).map(|(_, value)| value.clone());
    let line = match status {
        "confirmed" => LineEvent::Confirmed,
        "heard" => LineEvent::Heard,
        "connected" => LineEvent::Connected,
        "gathering" => {
            let by = fact("by").and_then(|by| Outcome::parse(&by)).unwrap_or(Outcome::Completed);
            call.happened(&LineEvent::ConversationEnded { by, model_nanodollars: Some(1_500_000) }, now);
            LineEvent::Gathering
        }
        _ => {
            let report = call::Report {
                sid: format!("CA{:032}", key.step * 100 + key.n),
                status: Some(
                    call::Status::parse(status).unwrap_or_else(|| panic!("`{status}` is no status")),
                ),
                error_code: fact("code").map(|code| code.parse().expect("a code")),
                error_message: None,
                answered_by: fact("answered_by").and_then(|word| call::AnsweredBy::parse(&word)),
                receipt: call::Receipt {
                    duration: fact("duration"),
                    price: fact("price"),
                    start_time: fact("duration").map(|_| now),
                    sip_code: fact("sip"),
                    ..call::Receipt::default()
                },
            };
            call.absorb(&report, SidSource::Callback, now);
            return;
        }
    };
    call.happened(&line, now);
}

/// Said where it is not the class that nearly everything has.
fn class(class: MessageClass) -> String {
    if class.is_transactional() { String::new() } else { format!(", {}", class.as_str()) }
}
