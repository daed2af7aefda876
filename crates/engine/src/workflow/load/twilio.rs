//! The `twilio` block: what texts and calls share, and texts.

use super::Loader;
use super::fields::{Fields, listed};
use super::values::is_variable_name;
use crate::diagnostic::{Code, did_you_mean};
use crate::document::{Entry, Node, Value};
use crate::limits::MEDIA_MAX;
use crate::message::Channel;
use crate::outcome;
use crate::workflow::keys::{
    CALL_RESULTS, Key, LOCATION, MESSAGE_TYPES, NOT_OF_INTERVIEWS, Need, RESULTS, RETRY, SAVE_DEFAULTS,
};
use crate::workflow::{BlockKind, Defaults, LocationTemplate, Retry, Save, Target, TwilioBlock, Until};
use indexmap::IndexMap;
use template::Template;

const DELIVERY_TIMEOUT_MS: i64 = 3_600_000;
pub(super) const RETRY_DELAY_MS: i64 = 300_000;
pub(super) const RETRY_ATTEMPTS: u32 = 2;
const RETRY_ATTEMPTS_MAX: u32 = 10;

/// What naming an outcome under `on` says of when the block is done.
pub(super) fn until_implied(on: &IndexMap<String, Target>) -> Until {
    let names = |outcome: &str| on.contains_key(outcome);
    if names("delivered") || names("undelivered") || names("read") {
        Until::Delivered
    } else if names("sent") {
        Until::Sent
    } else {
        Until::Accepted
    }
}

/// What a block makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Makes {
    Text(Channel),
    Announcement,
    Conversation,
    /// Texts that an agent writes.
    Interview(Channel),
    /// Something that is not built yet, or that nobody knows.
    Nothing,
}

impl Makes {
    /// Texts are an agent's where one is named.
    fn texts(fields: &Fields<'_>, channel: Channel) -> Makes {
        if fields.get("agent").is_some() { Makes::Interview(channel) } else { Makes::Text(channel) }
    }

    fn noun(self) -> &'static str {
        match self {
            Makes::Text(_) | Makes::Nothing => "a text",
            Makes::Announcement => "a call",
            Makes::Conversation => "an agent's call",
            Makes::Interview(_) => "an agent's texts",
        }
    }

    fn takes(self, key: &Key) -> bool {
        match key.need {
            // An agent writes its texts itself, and is done when it has heard all.
            Need::Optional | Need::Texts if matches!(self, Makes::Interview(_)) => {
                !NOT_OF_INTERVIEWS.contains(&key.name)
            }
            Need::Required | Need::Optional => true,
            Need::Texts => matches!(self, Makes::Text(_)),
            Need::Calls => matches!(self, Makes::Announcement | Makes::Conversation),
            Need::Announcements => self == Makes::Announcement,
            Need::Agents => matches!(self, Makes::Conversation | Makes::Interview(_)),
            Need::Spoken => {
                matches!(self, Makes::Announcement | Makes::Conversation | Makes::Interview(_))
            }
        }
    }
}

impl Loader<'_> {
    pub(super) fn twilio(&mut self, fields: &Fields<'_>, defaults: &Defaults) -> BlockKind {
        let makes = self.message_type(fields);
        if makes != Makes::Nothing {
            self.refuse_keys_of_others(fields, makes);
        }
        match makes {
            Makes::Text(channel) => BlockKind::Twilio(Box::new(self.text(fields, defaults, channel))),
            Makes::Announcement => BlockKind::Call(Box::new(self.announcing_call(fields, defaults))),
            Makes::Conversation => BlockKind::Call(Box::new(self.agents_call(fields, defaults))),
            Makes::Interview(channel) => {
                BlockKind::TextAgent(Box::new(self.agents_texts(fields, defaults, channel)))
            }
            Makes::Nothing => BlockKind::Set(crate::workflow::Set { values: IndexMap::new() }),
        }
    }

    fn message_type(&mut self, fields: &Fields<'_>) -> Makes {
        let Some(entry) = fields.get("messageType") else { return Makes::texts(fields, Channel::Sms) };
        let Some(scalar) = self.scalar(entry) else { return Makes::Nothing };
        self.remember("messageType", entry.value.span, Some(scalar));
        match self.word_of("messageType", &scalar.text, entry.value.span, MESSAGE_TYPES, &[]) {
            Some("sms") => Makes::texts(fields, Channel::Sms),
            Some("whatsapp") => Makes::texts(fields, Channel::WhatsApp),
            Some("voice") => Makes::Announcement,
            Some("voiceAgent") => Makes::Conversation,
            _ => Makes::Nothing,
        }
    }

    fn refuse_keys_of_others(&mut self, fields: &Fields<'_>, makes: Makes) {
        for (key, entry) in fields.all().filter(|(key, _)| !makes.takes(key)) {
            let owner = match key.need {
                Need::Texts => "texts",
                Need::Agents => "agents",
                Need::Optional => "blocks without an agent",
                _ => "calls",
            };
            let message = format!("`{}` is for {owner}, and this is {}", key.name, makes.noun());
            let is_said = key.name == "message" && matches!(makes, Makes::Interview(_));
            let hint = if is_said { "give the agent a `greeting`, and remove it" } else { "remove it" };
            self.report_at(Code::UnknownKey, entry.key_span, message, Some(hint.into()));
        }
    }

    /// The block's own sender, or the workflow's.
    pub(super) fn own_sender(&mut self, fields: &Fields<'_>, defaults: &Defaults) -> Template {
        let from = self.template(fields, "from").or_else(|| defaults.from.clone());
        if from.is_none() && fields.get("from").is_none() {
            self.missing_key(fields, "from");
        }
        from.unwrap_or_else(Loader::nothing)
    }

    fn text(&mut self, fields: &Fields<'_>, defaults: &Defaults, channel: Channel) -> TwilioBlock {
        self.needs_recipient(fields);
        let from = self.own_sender(fields, defaults);
        let message = self.template(fields, "message");
        let media = self.media(fields);
        let content_sid = self.template(fields, "contentSid");
        let content_variables = self.template_map(fields, "contentVariables");
        let location = self.location(fields);
        self.has_content(fields);
        self.suits_channel(fields, channel);
        let retry = self.retry(fields);
        TwilioBlock {
            channel,
            credential: self.plain(fields, "credential").or_else(|| defaults.credential.clone()),
            from,
            to: self.template(fields, "to").unwrap_or_else(Loader::nothing),
            message,
            media,
            content_sid,
            content_variables,
            location,
            until: match self.until(fields, &["accepted", "sent", "delivered"]) {
                Some("sent") => Until::Sent,
                Some("delivered") => Until::Delivered,
                // Another text follows a final failure, and a run that went on to its end hears of none.
                None if retry.attempts_max > 1 => Until::Delivered,
                _ => Until::Accepted,
            },
            delivery_timeout_ms: self.duration_ms(fields, "deliveryTimeout").unwrap_or(DELIVERY_TIMEOUT_MS),
            save: self.save(fields, RESULTS, SAVE_DEFAULTS),
            retry,
        }
    }

    /// The word under `until`, as far as it makes sense here.
    pub(super) fn until(&mut self, fields: &Fields<'_>, possible: &[&str]) -> Option<&'static str> {
        let word = self.one_of(fields, "until")?;
        let entry = fields.get("until")?;
        if !possible.contains(&word) {
            self.bad_word("until", word, entry.value.span, possible);
        }
        Some(word)
    }

    fn has_content(&mut self, fields: &Fields<'_>) {
        let names = ["message", "media", "contentSid", "location"];
        if names.iter().all(|name| fields.get(name).is_none()) && !fields.means_one_of(&names) {
            self.missing_key(fields, "message");
        }
        self.variables_have_a_template(fields);
    }

    pub(super) fn variables_have_a_template(&mut self, fields: &Fields<'_>) {
        if let (Some(entry), None) = (fields.get("contentVariables"), fields.get("contentSid"))
            && !fields.means_one_of(&["contentSid"])
        {
            let message = "`contentVariables` mean nothing without `contentSid`".to_owned();
            self.report_at(Code::MissingKey, entry.key_span, message, None);
        }
    }

    fn suits_channel(&mut self, fields: &Fields<'_>, channel: Channel) {
        if let (Some(entry), Channel::Sms) = (fields.get("location"), channel) {
            let message = "a location goes by WhatsApp only".to_owned();
            self.report_at(Code::BadValue, entry.key_span, message, None);
        }
    }

    fn media(&mut self, fields: &Fields<'_>) -> Vec<Template> {
        let Some(entry) = fields.get("media") else { return Vec::new() };
        let items = match &entry.value.value {
            Value::List(items) => items.as_slice(),
            _ => std::slice::from_ref(&entry.value),
        };
        if items.len() > MEDIA_MAX {
            let message = format!("there are {} media; a text has at most {MEDIA_MAX}", items.len());
            self.report_at(Code::LimitReached, entry.key_span, message, None);
        }
        let read = |(index, item): (usize, &Node)| {
            let scalar = self.scalar_of(item, "media", entry.key_span)?;
            self.template_of(scalar, item.span, &format!("media.{index}"))
        };
        items.iter().enumerate().filter_map(read).collect()
    }

    pub(crate) fn template_map(&mut self, fields: &Fields<'_>, name: &str) -> IndexMap<String, Template> {
        let mut map = IndexMap::new();
        let Some(entry) = fields.get(name) else { return map };
        let Value::Map(entries) = &entry.value.value else {
            let message = format!("`{name}` is a map of names and texts, not {}", entry.value.noun());
            self.wrong_type(entry.value.span, &message);
            return map;
        };
        for item in entries {
            let path = format!("{name}.{}", item.key);
            if let Some(scalar) = self.scalar(item)
                && let Some(template) = self.template_of(scalar, item.value.span, &path)
            {
                map.insert(item.key.clone(), template);
            }
        }
        map
    }

    fn location(&mut self, fields: &Fields<'_>) -> Option<LocationTemplate> {
        let entry = fields.get("location")?;
        let place = self.fields(&entry.value, &[&LOCATION], "location.")?;
        Some(LocationTemplate {
            latitude: self.template(&place, "latitude").unwrap_or_else(Loader::nothing),
            longitude: self.template(&place, "longitude").unwrap_or_else(Loader::nothing),
            label: self.template(&place, "label"),
            address: self.template(&place, "address"),
        })
    }

    /// `results` are those that there are; `defaults` says where they go when nothing is written.
    pub(super) fn save(
        &mut self,
        fields: &Fields<'_>,
        results: &[&str],
        defaults: &[(&str, &str)],
    ) -> Vec<Save> {
        let save =
            |(result, variable): (&str, &str)| Save { result: result.into(), variable: variable.into() };
        let Some(entry) = fields.get("save") else {
            return defaults.iter().copied().map(save).collect();
        };
        match &entry.value.value {
            Value::Scalar(scalar) if scalar.text == "false" => Vec::new(),
            Value::Map(entries) => {
                entries.iter().filter_map(|entry| self.save_entry(entry, results)).collect()
            }
            _ => {
                let message = format!("`save` is a map of results and variables, not {}", entry.value.noun());
                self.wrong_type(entry.value.span, &message);
                Vec::new()
            }
        }
    }

    fn save_entry(&mut self, entry: &Entry, results: &[&str]) -> Option<Save> {
        let name = entry.key.trim();
        if !results.contains(&name) {
            let hint = did_you_mean(name, results.iter().copied())
                .unwrap_or_else(|| format!("the results are {}", listed(results)));
            let noun = if results == CALL_RESULTS { "a call" } else { "a text" };
            let message = format!("{noun} has no result `{name}`");
            self.report_at(Code::UnknownField, entry.key_span, message, Some(hint));
        }
        let text = self.scalar(entry)?.text.trim();
        // The mapping is also written with braces around the variable, as it will be used.
        let variable = text.strip_prefix("{{").and_then(|t| t.strip_suffix("}}")).unwrap_or(text).trim();
        if !is_variable_name(variable) {
            self.bad_variable_name(variable, entry.value.span);
        }
        self.remember(&format!("save.{name}"), entry.value.span, None);
        Some(Save { result: name.to_owned(), variable: variable.to_owned() })
    }

    fn retry(&mut self, fields: &Fields<'_>) -> Retry {
        let once = Retry { attempts_max: 1, delay_ms: RETRY_DELAY_MS, codes: None };
        let Some(entry) = fields.get("retry") else { return once };
        match &entry.value.value {
            Value::Scalar(scalar) if scalar.text == "false" => once,
            Value::Map(_) => {
                let Some(retry) = self.fields(&entry.value, &[&RETRY], "retry.") else { return once };
                let attempts_max = match retry.get("attempts") {
                    Some(attempts) => self.attempts(attempts),
                    None => RETRY_ATTEMPTS,
                };
                let delay_ms = self.duration_ms(&retry, "delay").unwrap_or(RETRY_DELAY_MS);
                let codes = retry.get("codes").map(|codes| self.codes(codes));
                Retry { attempts_max, delay_ms, codes }
            }
            _ => Retry { attempts_max: self.attempts(entry), ..once },
        }
    }

    pub(super) fn attempts(&mut self, entry: &Entry) -> u32 {
        let Some(scalar) = self.scalar(entry) else { return 1 };
        match scalar.text.parse() {
            Ok(attempts @ 1..=RETRY_ATTEMPTS_MAX) => attempts,
            _ => {
                let message = format!("`{}` is a whole number from 1 to {RETRY_ATTEMPTS_MAX}", entry.key);
                let hint = "it counts all of them, the first one included; `false` for no other".to_owned();
                self.report_at(Code::BadValue, entry.value.span, message, Some(hint));
                1
            }
        }
    }

    fn codes(&mut self, entry: &Entry) -> Vec<u32> {
        let items = match &entry.value.value {
            Value::List(items) => items.as_slice(),
            _ => std::slice::from_ref(&entry.value),
        };
        let mut codes = Vec::new();
        for item in items {
            let code = item.scalar().and_then(|scalar| scalar.text.parse::<u32>().ok());
            match code.filter(|code| (10_000..100_000).contains(code)) {
                Some(code) if !outcome::of_code(code).may_be_redelivered() => {
                    let message = format!("after {code} no other text is ever tried");
                    self.report_at(Code::BadValue, item.span, message, Some("remove it".into()));
                }
                Some(code) => codes.push(code),
                None => {
                    let message = "`codes` are error codes of five digits".to_owned();
                    self.report_at(Code::BadValue, item.span, message, None);
                }
            }
        }
        codes
    }
}
