//! The `twilio` block, for calls, and for agents that talk by text.

use super::Loader;
use super::fields::{Fields, listed};
use super::twilio::{RETRY_ATTEMPTS, RETRY_DELAY_MS};
use crate::call::{AgentRef, Detection, Key};
use crate::diagnostic::{Code, did_you_mean};
use crate::document::{Entry, Node, Value};
use crate::limits::{CALL_SECONDS, CALL_SECONDS_MAX, RING_SECONDS, RING_SECONDS_MAX};
use crate::message::Channel;
use crate::outcome::Outcome;
use crate::workflow::keys::{
    CALL_RESULTS, CALL_RETRY, CALL_SAVE_DEFAULTS, CALL_SAVE_DEFAULTS_OF_AGENTS, NOT_OF_ANSWERS,
    RETRIED_OUTCOMES,
};
use crate::workflow::{
    AnnouncementTemplate, CallBlock, CallRetry, CallUntil, CallingHours, Defaults, Line, Says, Target,
    TextAgentBlock,
};
use indexmap::IndexMap;

/// How long the end of a call is waited for, beyond the longest that the call may take: the account's own
/// queue may hold it for a while.
const END_TIMEOUT_MS: i64 = 3_600_000;

/// Where results go when `save` is not written. What a model takes is of interest where an agent talks.
fn defaults_of(says: &Says) -> Vec<(&'static str, &'static str)> {
    let of_agents = CALL_SAVE_DEFAULTS_OF_AGENTS.iter().filter(|_| matches!(says, Says::Agent(_)));
    CALL_SAVE_DEFAULTS.iter().chain(of_agents).copied().collect()
}

/// What naming an outcome says of how the call is placed.
pub(super) fn imply(call: &mut CallBlock, on: &IndexMap<String, Target>) {
    let names = |outcome: Outcome| on.contains_key(outcome.name()) || call.retry.outcomes.contains(&outcome);
    let (voicemail, hung_up) = (names(Outcome::Voicemail), names(Outcome::HungUp));
    if voicemail && call.detection == Detection::Off && call.line == Line::Places {
        call.detection = Detection::Background;
    }
    if let Says::Announcement(said) = &mut call.says {
        said.tells_end = hung_up;
    }
}

impl Loader<'_> {
    pub(super) fn announcing_call(&mut self, fields: &Fields<'_>, defaults: &Defaults) -> CallBlock {
        let said = AnnouncementTemplate {
            audio: self.template(fields, "audio"),
            message: self.template(fields, "message"),
            voicemail: self.template(fields, "voicemailMessage"),
            repeat_key: self.phone_key(fields, "repeatKey"),
            confirm_key: self.phone_key(fields, "confirmKey"),
            confirm_message: self.template(fields, "confirmMessage"),
            connect_to: self.template(fields, "connectTo"),
            connect_key: self.phone_key(fields, "connectKey"),
            tells_end: false,
        };
        let is_silent = fields.get("message").is_none() && fields.get("audio").is_none();
        if is_silent && !fields.means_one_of(&["message", "audio"]) {
            self.missing_key(fields, "message");
        }
        for (key, other) in [("confirmMessage", "confirmKey"), ("connectKey", "connectTo")] {
            if let (Some(entry), None) = (fields.get(key), fields.get(other))
                && !fields.means_one_of(&[other])
            {
                let message = format!("`{key}` means nothing without `{other}`");
                self.report_at(Code::MissingKey, entry.key_span, message, None);
            }
        }
        self.keys_differ(fields);
        let has_voicemail = said.voicemail.is_some();
        let mut call = self.call(fields, defaults, Says::Announcement(Box::new(said)));
        if has_voicemail {
            if let (Some(entry), Detection::Background) = (fields.get("machineDetection"), call.detection) {
                let message = "a `voicemailMessage` can only be left where the greeting is waited for";
                let hint = "write `machineDetection: wait`, or remove the key".to_owned();
                self.report_at(Code::BadValue, entry.value.span, message.to_owned(), Some(hint));
            }
            call.detection = Detection::Wait;
        }
        call
    }

    pub(super) fn agents_call(&mut self, fields: &Fields<'_>, defaults: &Defaults) -> CallBlock {
        if let Some(entry) = fields.get("message") {
            let message = "an agent says what it says; `message` is for calls without one".to_owned();
            let hint = "give the agent a `greeting`, and remove `message`".to_owned();
            self.report_at(Code::UnknownKey, entry.key_span, message, Some(hint));
        }
        let agent = match fields.get("agent") {
            Some(entry) => self.agent(entry),
            None => {
                self.missing_key(fields, "agent");
                None
            }
        };
        let agent = agent.unwrap_or_else(|| AgentRef::Named(String::new()));
        self.call(fields, defaults, Says::Agent(agent))
    }

    pub(super) fn agents_texts(
        &mut self,
        fields: &Fields<'_>,
        defaults: &Defaults,
        channel: Channel,
    ) -> TextAgentBlock {
        self.needs_recipient(fields);
        let agent = fields.get("agent").and_then(|entry| self.agent(entry));
        self.variables_have_a_template(fields);
        if let (Some(entry), Channel::Sms) = (fields.get("contentSid"), channel) {
            let message = "`contentSid` opens a conversation by WhatsApp; an SMS needs none".to_owned();
            self.report_at(Code::UnknownKey, entry.key_span, message, Some("remove it".into()));
        }
        TextAgentBlock {
            channel,
            credential: self.plain(fields, "credential").or_else(|| defaults.credential.clone()),
            from: self.own_sender(fields, defaults),
            to: self.template(fields, "to").unwrap_or_else(Loader::nothing),
            agent: agent.unwrap_or_else(|| AgentRef::Named(String::new())),
            language: self.plain(fields, "language").or_else(|| defaults.language.clone()),
            content_sid: self.template(fields, "contentSid"),
            content_variables: self.template_map(fields, "contentVariables"),
        }
    }

    pub(super) fn needs_recipient(&mut self, fields: &Fields<'_>) {
        if fields.get("to").is_none() {
            self.missing_key(fields, "to");
        }
    }

    /// A call without somebody to call answers the one that started the run.
    fn line(&mut self, fields: &Fields<'_>) -> Line {
        if fields.get("to").is_some() || !self.is_called {
            self.needs_recipient(fields);
            return Line::Places;
        }
        for (key, entry) in fields.all().filter(|(key, _)| NOT_OF_ANSWERS.contains(&key.name)) {
            let message = format!("`{}` means nothing where a call is answered", key.name);
            let hint = Some("remove it, or say by `to` whom to call".to_owned());
            self.report_at(Code::UnknownKey, entry.key_span, message, hint);
        }
        Line::Answers
    }

    fn call(&mut self, fields: &Fields<'_>, defaults: &Defaults, says: Says) -> CallBlock {
        let line = self.line(fields);
        let from = match line {
            Line::Places => self.own_sender(fields, defaults),
            Line::Answers => Loader::nothing(),
        };
        let ring_timeout_s = self.seconds(fields, "ringTimeout", RING_SECONDS_MAX);
        let duration_max_s = self.seconds(fields, "callTimeout", CALL_SECONDS_MAX);
        let longest_s = ring_timeout_s.unwrap_or(RING_SECONDS) + duration_max_s.unwrap_or(CALL_SECONDS);
        let patience_ms = self.duration_ms(fields, "deliveryTimeout").unwrap_or(END_TIMEOUT_MS);
        let detection = match self.one_of(fields, "machineDetection") {
            Some("background") => Detection::Background,
            Some("wait") => Detection::Wait,
            _ => Detection::Off,
        };
        CallBlock {
            line,
            credential: self.plain(fields, "credential").or_else(|| defaults.credential.clone()),
            from,
            to: self.template(fields, "to").unwrap_or_else(Loader::nothing),
            save: self.save(fields, CALL_RESULTS, &defaults_of(&says)),
            says,
            voice: self.plain(fields, "voice"),
            language: self.plain(fields, "language").or_else(|| defaults.language.clone()),
            record: self.truth(fields, "recordCall"),
            ring_timeout_s,
            duration_max_s,
            detection,
            until: match self.until(fields, &["accepted", "completed"]) {
                Some("accepted") => CallUntil::Accepted,
                _ => CallUntil::Ended,
            },
            end_timeout_ms: patience_ms.saturating_add(i64::from(longest_s) * 1000),
            retry: self.call_retry(fields),
        }
    }

    /// Whole seconds from 1 to `most`.
    fn seconds(&mut self, fields: &Fields<'_>, name: &str, most: u32) -> Option<u32> {
        let ms = self.duration_ms(fields, name)?;
        let entry = fields.get(name)?;
        let seconds = u32::try_from((ms + 999) / 1000).ok().filter(|seconds| (1..=most).contains(seconds));
        if seconds.is_none() {
            let message = format!("`{name}` is at least one second and at most {most}");
            self.report_at(Code::BadDuration, entry.value.span, message, None);
        }
        seconds
    }

    fn truth(&mut self, fields: &Fields<'_>, name: &str) -> bool {
        let Some(entry) = fields.get(name) else { return false };
        let Some(scalar) = self.scalar(entry) else { return false };
        match scalar.text.trim().to_ascii_lowercase().as_str() {
            "true" => true,
            "false" => false,
            other => {
                self.bad_word(name, other, entry.value.span, &["true", "false"]);
                false
            }
        }
    }

    fn phone_key(&mut self, fields: &Fields<'_>, name: &str) -> Option<Key> {
        let entry = fields.get(name)?;
        let scalar = self.scalar(entry)?;
        self.remember(name, entry.value.span, Some(scalar));
        let key = Key::parse(&scalar.text);
        if key.is_none() {
            let message = format!("`{name}` is a key of a phone: a digit, `*` or `#`");
            self.report_at(Code::BadValue, entry.value.span, message, None);
        }
        key
    }

    /// One key cannot do two things.
    fn keys_differ(&mut self, fields: &Fields<'_>) {
        let mut taken: Vec<(&str, String)> = Vec::new();
        for name in ["repeatKey", "confirmKey", "connectKey"] {
            let Some(entry) = fields.get(name) else { continue };
            let Some(text) = entry.value.scalar().map(|scalar| scalar.text.trim().to_owned()) else {
                continue;
            };
            if let Some((other, _)) = taken.iter().find(|(_, key)| *key == text) {
                let message = format!("`{name}` is the same key as `{other}`");
                self.report_at(Code::BadValue, entry.value.span, message, None);
            }
            taken.push((name, text));
        }
    }

    fn agent(&mut self, entry: &Entry) -> Option<AgentRef> {
        match &entry.value.value {
            Value::Scalar(_) => {
                let scalar = self.scalar(entry)?;
                self.remember("agent", entry.value.span, Some(scalar));
                Some(AgentRef::Named(scalar.text.trim().to_owned()))
            }
            Value::Map(_) | Value::List(_) => {
                self.remember("agent", entry.value.span, None);
                // It is judged as a file of its own would be, with the places of this one.
                let loaded = crate::agent::load_node(self.source, &entry.value, None);
                for problem in &loaded.diagnostics {
                    self.report(problem.clone());
                }
                let is_whole = loaded.agent.is_some();
                if let Some(block) = self.at_block {
                    self.agents.insert(block, loaded);
                }
                is_whole.then(|| AgentRef::Inline(plain_value(&entry.value)))
            }
        }
    }

    fn call_retry(&mut self, fields: &Fields<'_>) -> CallRetry {
        let once =
            CallRetry { attempts_max: 1, delay_ms: RETRY_DELAY_MS, outcomes: Vec::new(), within: None };
        let usual = vec![Outcome::NoAnswer, Outcome::Busy];
        let Some(entry) = fields.get("retry") else { return once };
        match &entry.value.value {
            Value::Scalar(scalar) if scalar.text == "false" => once,
            Value::Map(_) => {
                let Some(retry) = self.fields(&entry.value, &[&CALL_RETRY], "retry.") else { return once };
                let attempts_max = retry.get("attempts").map_or(RETRY_ATTEMPTS, |at| self.attempts(at));
                CallRetry {
                    attempts_max,
                    delay_ms: self.duration_ms(&retry, "delay").unwrap_or(RETRY_DELAY_MS),
                    outcomes: retry.get("outcomes").map_or(usual, |entry| self.retried(&retry, entry)),
                    within: self.calling_hours(&retry),
                }
            }
            _ => CallRetry { attempts_max: self.attempts(entry), outcomes: usual, ..once },
        }
    }

    fn retried(&mut self, retry: &Fields<'_>, entry: &Entry) -> Vec<Outcome> {
        let names = self.plains(retry, "outcomes");
        let mut outcomes = Vec::new();
        for name in names {
            let name = name.trim();
            match Outcome::parse(name).filter(|_| RETRIED_OUTCOMES.contains(&name)) {
                Some(outcome) => outcomes.push(outcome),
                None => {
                    let hint = did_you_mean(name, RETRIED_OUTCOMES.iter().copied())
                        .unwrap_or_else(|| format!("it can be {}", listed(RETRIED_OUTCOMES)));
                    let message = format!("no call is tried again after `{name}`");
                    self.report_at(Code::UnknownOutcome, entry.value.span, message, Some(hint));
                }
            }
        }
        outcomes
    }

    fn calling_hours(&mut self, retry: &Fields<'_>) -> Option<CallingHours> {
        let entry = retry.get("within")?;
        let scalar = self.scalar(entry)?;
        let hours = CallingHours::parse(&scalar.text);
        if hours.is_none() {
            let message = "`within` is from one time of day to another".to_owned();
            let hint = Some("write `09:00-20:00`".to_owned());
            self.report_at(Code::BadValue, entry.value.span, message, hint);
        }
        hours
    }
}

/// What was written, as JSON that reads the same.
fn plain_value(node: &Node) -> serde_json::Value {
    match &node.value {
        Value::Scalar(scalar) => {
            super::values::core_value(scalar).unwrap_or_else(|| scalar.text.clone().into())
        }
        Value::List(items) => items.iter().map(plain_value).collect(),
        Value::Map(entries) => {
            let pairs = entries.iter().map(|entry| (entry.key.clone(), plain_value(&entry.value)));
            serde_json::Value::Object(pairs.collect())
        }
    }
}
