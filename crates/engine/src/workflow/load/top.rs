//! The workflow itself: its name, trigger, defaults and list of blocks.

use super::Loader;
use super::fields::{Fields, listed};
use super::graph::resolve_sequence;
use crate::address;
use crate::diagnostic::Code;
use crate::document::{Node, Value, fold_key};
use crate::limits::{BLOCKS_MAX, VARIABLES_MAX};
use crate::message::Channel;
use crate::sending::MessageClass;
use crate::workflow::keys::{
    self, INCOMING_CALL, INCOMING_MESSAGE, MANUAL, TRIGGERS, TRIGGERS_LATER, Table, WEBHOOK, WORKFLOW,
};
use crate::workflow::{
    BlockKind, Defaults, IncomingCallTrigger, IncomingMessageTrigger, Line, Respond, Trigger, WebhookTrigger,
    Workflow,
};
use std::collections::HashSet;

/// Longest time that a webhook's answer may wait for its run.
const RESPOND_TIMEOUT_MS_MAX: i64 = 120_000;
const RESPOND_TIMEOUT_MS_DEFAULT: i64 = 30_000;
/// Longest name of a workflow, block or variable, in characters.
pub(crate) const NAME_CHARACTERS_MAX: usize = 100;

impl Loader<'_> {
    pub(super) fn workflow(&mut self, root: &Node, file_stem: Option<&str>) -> Option<Workflow> {
        self.know_ids(Loader::peek(root, "blocks"));
        let fields = self.fields(root, &[&WORKFLOW], "")?;
        self.plain(&fields, "$schema");
        let name = self.name(&fields, file_stem);
        let defaults = self.defaults(&fields);
        let input = self.inputs(&fields, defaults.region.as_deref());
        let trigger = self.trigger(&fields, &input);
        let on_error = self.target(&fields, "onError");
        self.is_called = matches!(trigger, Trigger::IncomingCall(_));
        let blocks = self.blocks(&fields, &defaults);
        let mut workflow = Workflow { name, trigger, input, defaults, on_error, blocks: Vec::new() };
        let (blocks, explicit): (Vec<_>, Vec<_>) = blocks.into_iter().unzip();
        workflow.blocks = blocks;
        resolve_sequence(&mut workflow, &explicit);
        self.call_is_answered(&fields, &workflow);
        let variables = workflow.variables().collect::<HashSet<_>>().len();
        if variables > VARIABLES_MAX {
            let message =
                format!("there are {variables} variables; a workflow names at most {VARIABLES_MAX}");
            self.report_at(Code::LimitReached, fields.span, message, None);
            return None;
        }
        (!workflow.blocks.is_empty()).then_some(workflow)
    }

    /// Whoever calls is to hear something.
    fn call_is_answered(&mut self, fields: &Fields<'_>, workflow: &Workflow) {
        let answers = |kind: &BlockKind| matches!(kind, BlockKind::Call(call) if call.line == Line::Answers);
        if !self.is_called || workflow.blocks.iter().any(|block| answers(&block.kind)) {
            return;
        }
        let at = fields.get("trigger").map_or(fields.span, |entry| entry.key_span);
        let hint = "add a `twilio` block with `messageType: voice` or `voiceAgent`, without `to`".to_owned();
        self.report_at(Code::MissingBlock, at, "no block answers the call".to_owned(), Some(hint));
    }

    /// Goes over the blocks' ids first, so that targets can be looked up while blocks are read.
    fn know_ids(&mut self, blocks: Option<&Node>) {
        let Some(Node { value: Value::List(blocks), .. }) = blocks else { return };
        for (index, block) in blocks.iter().enumerate() {
            let id = Loader::peek(block, "id").and_then(Node::scalar).map(|scalar| scalar.text.trim());
            self.block_ids.push(id.map_or_else(|| format!("block {}", index + 1), str::to_owned));
            if let Some(id) = id {
                self.ids.entry(id.to_owned()).or_insert(index);
            }
        }
    }

    fn name(&mut self, fields: &Fields<'_>, file_stem: Option<&str>) -> String {
        let Some(entry) = fields.get("name") else {
            let name = file_stem.map(str::to_owned).filter(|stem| is_workflow_name(stem));
            return name.unwrap_or_else(|| {
                self.missing_key(fields, "name");
                String::new()
            });
        };
        let name = self.plain(fields, "name").unwrap_or_default();
        if !name.is_empty() && !is_workflow_name(&name) {
            let hint = "take letters, digits, blanks, `-`, `_` and `.`, beginning with a letter or digit";
            let message = format!("`{name}` cannot name a workflow");
            self.report_at(Code::BadName, entry.value.span, message, Some(hint.into()));
        }
        name
    }

    fn defaults(&mut self, fields: &Fields<'_>) -> Defaults {
        let from = self.template(fields, "from");
        let region = self.plain(fields, "region").map(|region| region.to_ascii_uppercase());
        if let (Some(region), Some(entry)) = (&region, fields.get("region"))
            && !address::is_region(region)
        {
            let hint = "give two letters of ISO 3166, such as `US`".to_owned();
            let message = format!("`{region}` is no region that phone numbers are known for");
            self.report_at(Code::BadValue, entry.value.span, message, Some(hint));
        }
        let language = self.plain(fields, "language");
        if let (Some(language), Some(entry)) = (&language, fields.get("language"))
            && !is_language_tag(language)
        {
            let hint = "give a tag such as `en` or `en-US`".to_owned();
            let message = format!("`{language}` is no language tag");
            self.report_at(Code::BadValue, entry.value.span, message, Some(hint));
        }
        Defaults {
            credential: self.plain(fields, "credential"),
            from,
            region,
            language,
            time_zone: self.time_zone(fields),
            message_class: self
                .one_of(fields, "messageClass")
                .and_then(MessageClass::parse)
                .unwrap_or_default(),
        }
    }

    pub(crate) fn time_zone(&mut self, fields: &Fields<'_>) -> Option<String> {
        let zone = self.plain(fields, "timeZone")?;
        if jiff::tz::TimeZone::get(&zone).is_err() {
            let span = fields.get("timeZone").map_or(fields.span, |entry| entry.value.span);
            let hint = "take a name of the tz database, such as `Europe/Berlin`".to_owned();
            self.report_at(Code::BadValue, span, format!("`{zone}` is no time zone"), Some(hint));
        }
        Some(zone)
    }

    fn trigger(&mut self, fields: &Fields<'_>, inputs: &[crate::workflow::Input]) -> Trigger {
        let Some(entry) = fields.get("trigger") else { return Trigger::Manual };
        let type_node = match &entry.value.value {
            Value::Map(_) => match Loader::peek(&entry.value, "type") {
                Some(node) => node,
                None => {
                    self.missing_type(&entry.value, "the trigger", TRIGGERS);
                    return Trigger::Manual;
                }
            },
            _ => &entry.value,
        };
        let Some(scalar) = self.scalar_of(type_node, "trigger", entry.key_span) else {
            return Trigger::Manual;
        };
        let Some(kind) = self.word_of("trigger", &scalar.text, type_node.span, TRIGGERS, TRIGGERS_LATER)
        else {
            return Trigger::Manual;
        };
        if kind != "webhook" && !matches!(entry.value.value, Value::Map(_)) {
            return match kind {
                "incomingMessage" => Trigger::IncomingMessage(IncomingMessageTrigger::default()),
                "incomingCall" => Trigger::IncomingCall(IncomingCallTrigger::default()),
                _ => Trigger::Manual,
            };
        }
        let table = match kind {
            "webhook" => &WEBHOOK,
            "incomingMessage" => &INCOMING_MESSAGE,
            "incomingCall" => &INCOMING_CALL,
            _ => &MANUAL,
        };
        match self.fields(&entry.value, &[&TRIGGER_TYPE, table], "trigger.") {
            Some(fields) if kind == "webhook" => self.webhook(&fields, inputs),
            Some(fields) if kind == "incomingMessage" => self.incoming_message(&fields),
            Some(fields) if kind == "incomingCall" => {
                Trigger::IncomingCall(IncomingCallTrigger { to: self.plains(&fields, "to") })
            }
            _ => Trigger::Manual,
        }
    }

    /// A word of a closed list, or one that is documented but not built yet.
    pub(crate) fn word_of(
        &mut self,
        name: &str,
        word: &str,
        span: crate::document::Span,
        built: &[&'static str],
        later: &[&'static str],
    ) -> Option<&'static str> {
        let folded = fold_key(word);
        if let Some(later) = later.iter().find(|later| fold_key(later) == folded) {
            let hint = format!("there are {}", listed(built));
            self.report_at(
                Code::NotAvailableYet,
                span,
                format!("{name} `{later}` is not built yet"),
                Some(hint),
            );
            return None;
        }
        let found = built.iter().copied().find(|built| fold_key(built) == folded);
        if found.is_none() {
            let all: Vec<&str> = built.iter().chain(later).copied().collect();
            self.bad_word(name, word, span, &all);
        }
        found
    }

    fn webhook(&mut self, fields: &Fields<'_>, inputs: &[crate::workflow::Input]) -> Trigger {
        let path = self.plain(fields, "path").unwrap_or_default();
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.~".contains(c);
        if let Some(entry) = fields.get("path")
            && (!path.chars().all(is_plain)
                || path.chars().all(|c| c == '.')
                || path.len() > NAME_CHARACTERS_MAX)
        {
            let hint = "take letters, digits, `-`, `_`, `.` and `~`, without a slash".to_owned();
            let message = format!("`{path}` cannot end an address");
            self.report_at(Code::BadValue, entry.value.span, message, Some(hint));
        }
        let timeout_ms = self.duration_ms(fields, "respondTimeout");
        let respond = match self.one_of(fields, "respond") {
            Some("result") => {
                Respond::Result { timeout_ms: timeout_ms.unwrap_or(RESPOND_TIMEOUT_MS_DEFAULT) }
            }
            _ => Respond::Stored,
        };
        if let (Some(ms), Some(entry)) = (timeout_ms, fields.get("respondTimeout")) {
            if respond == Respond::Stored {
                let hint = "add `respond: result`, or remove it".to_owned();
                let message = "`respondTimeout` means nothing without `respond: result`".to_owned();
                self.report_at(Code::BadValue, entry.key_span, message, Some(hint));
            } else if !(1..=RESPOND_TIMEOUT_MS_MAX).contains(&ms) {
                let message = format!(
                    "`respondTimeout` is more than 0 and at most {} s",
                    RESPOND_TIMEOUT_MS_MAX / 1_000
                );
                self.report_at(Code::BadDuration, entry.value.span, message, None);
            }
        }
        let dedupe_by = self.plain(fields, "dedupeBy");
        if let (Some(name), Some(entry)) = (&dedupe_by, fields.get("dedupeBy"))
            && !inputs.iter().any(|input| input.name == *name)
        {
            let hint = crate::diagnostic::did_you_mean(name, inputs.iter().map(|input| input.name.as_str()))
                .or_else(|| Some("declare it under `input`".to_owned()));
            self.report_at(
                Code::UnknownVariable,
                entry.value.span,
                format!("there is no input `{name}`"),
                hint,
            );
        }
        Trigger::Webhook(WebhookTrigger { path, respond, dedupe_by })
    }

    fn incoming_message(&mut self, fields: &Fields<'_>) -> Trigger {
        let channel = match self.one_of(fields, "channel") {
            Some("sms") => Some(Channel::Sms),
            Some("whatsapp") => Some(Channel::WhatsApp),
            _ => None,
        };
        let to = self.plains(fields, "to");
        let words = self.plains(fields, "words");
        Trigger::IncomingMessage(IncomingMessageTrigger { channel, to, words })
    }

    fn blocks(
        &mut self,
        fields: &Fields<'_>,
        defaults: &Defaults,
    ) -> Vec<(crate::workflow::Block, Option<crate::workflow::Target>)> {
        let Some(entry) = fields.get("blocks") else { return Vec::new() };
        let Value::List(blocks) = &entry.value.value else {
            self.wrong_type(entry.value.span, &format!("`blocks` is a list, not {}", entry.value.noun()));
            return Vec::new();
        };
        if blocks.is_empty() {
            let message = "`blocks` is empty: there is nothing to do".to_owned();
            self.report_at(Code::MissingValue, entry.key_span, message, None);
        }
        if blocks.len() > BLOCKS_MAX {
            let message = format!("there are {} blocks; a workflow has at most {BLOCKS_MAX}", blocks.len());
            self.report_at(Code::LimitReached, entry.key_span, message, None);
            return Vec::new();
        }
        let mut loaded = Vec::with_capacity(blocks.len());
        for (index, block) in blocks.iter().enumerate() {
            self.at_block = Some(index);
            loaded.push(self.block(block, defaults));
        }
        self.at_block = None;
        loaded
    }
}

/// The key that all triggers have.
static TRIGGER_TYPE: Table = Table {
    noun: "a trigger",
    keys: &[keys::Key {
        name: "type",
        aliases: &[],
        shape: keys::Shape::OneOf(TRIGGERS),
        need: keys::Need::Required,
        doc: "What starts a run.",
    }],
};

pub(crate) fn is_workflow_name(name: &str) -> bool {
    name.starts_with(char::is_alphanumeric)
        && name.chars().all(|c| c.is_alphanumeric() || " -_.".contains(c))
        && name.chars().count() <= NAME_CHARACTERS_MAX
}

pub(crate) fn is_language_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    parts
        .next()
        .is_some_and(|first| (2..=3).contains(&first.len()) && first.bytes().all(|b| b.is_ascii_alphabetic()))
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}
