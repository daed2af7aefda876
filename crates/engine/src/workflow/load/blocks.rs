//! One block: what all kinds have, and the kinds that are small.

use super::Loader;
use super::fields::Fields;
use super::top::NAME_CHARACTERS_MAX;
use crate::diagnostic::Code;
use crate::document::{Node, Value};
use crate::run::moment;
use crate::workflow::keys::{BLOCK, BLOCK_TYPES, BLOCK_TYPES_LATER, CASE, block_table};
use crate::workflow::{
    Block, BlockKind, Case, Condition, Defaults, End, IfPast, Set, Switch, Target, Wait, WaitUntil,
};
use indexmap::IndexMap;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use template::{Expression, Template};

impl Loader<'_> {
    /// The block and what its `next` says.
    pub(super) fn block(&mut self, node: &Node, defaults: &Defaults) -> (Block, Option<Target>) {
        let index = self.at_block.unwrap_or_default();
        let line = self.source.line(node.span.start);
        let mut block = Block {
            id: self.block_ids.get(index).cloned().unwrap_or_default(),
            kind: BlockKind::Set(Set { values: IndexMap::new() }),
            on: IndexMap::new(),
            next: Target::End,
            line,
        };
        self.remember("id", node.span, None);
        let Some(table) = self.block_type(node) else { return (block, None) };
        let Some(fields) = self.fields(node, &[&BLOCK, table.1], "") else { return (block, None) };
        self.check_id(&fields, &block.id);
        let next = self.target(&fields, "next");
        block.kind = self.kind(table.0, &fields, defaults);
        block.on = self.outcomes(&fields, &block.kind.outcomes());
        match &mut block.kind {
            BlockKind::Twilio(text) => text.until = text.until.max(super::twilio::until_implied(&block.on)),
            BlockKind::Call(call) => super::call::imply(call, &block.on),
            _ => {}
        }
        if let (BlockKind::End(_), Some(entry)) = (&block.kind, fields.get("next")) {
            let message = "nothing comes after an `end` block".to_owned();
            self.report_at(Code::UnknownKey, entry.key_span, message, Some("remove `next`".into()));
        }
        (block, next)
    }

    fn block_type(&mut self, node: &Node) -> Option<(&'static str, &'static crate::workflow::keys::Table)> {
        let Value::Map(entries) = &node.value else {
            self.wrong_type(node.span, &format!("a block is a map of keys and values, not {}", node.noun()));
            return None;
        };
        let entry = entries.iter().find(|entry| crate::document::fold_key(&entry.key) == "type");
        let Some(entry) = entry else {
            self.missing_type(node, "a block", BLOCK_TYPES);
            return None;
        };
        let word = self.scalar(entry)?.text.trim();
        let kind = self.word_of("type", word, entry.value.span, BLOCK_TYPES, BLOCK_TYPES_LATER)?;
        block_table(kind).map(|table| (kind, table))
    }

    fn check_id(&mut self, fields: &Fields<'_>, id: &str) {
        let Some(entry) = fields.get("id") else { return };
        let Some(scalar) = self.scalar(entry) else { return };
        self.remember("id", entry.value.span, Some(scalar));
        let span = entry.value.span;
        let is_plain = id.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
        if id.is_empty() || !is_plain || id.chars().count() > NAME_CHARACTERS_MAX {
            let hint = "take letters, digits, `_` and `-`".to_owned();
            self.report_at(Code::BadName, span, format!("`{id}` cannot name a block"), Some(hint));
        } else if id == super::graph::END {
            let message = "no block can be called `end`: that word ends the run".to_owned();
            self.report_at(Code::BadName, span, message, None);
        }
        if let Some(first) = self.ids.get(id).filter(|first| Some(**first) != self.at_block) {
            let message = format!("the id `{id}` is taken by block {} of the list", first + 1);
            self.report_at(Code::DuplicateId, span, message, None);
        }
    }

    fn kind(&mut self, kind: &str, fields: &Fields<'_>, defaults: &Defaults) -> BlockKind {
        match kind {
            "twilio" => self.twilio(fields, defaults),
            "waitForReply" => BlockKind::WaitForReply(self.wait_for_reply(fields)),
            "wait" => BlockKind::Wait(self.wait(fields)),
            "condition" => BlockKind::Condition(Condition {
                test: self
                    .expression(fields, "if")
                    .unwrap_or_else(|| Expression::parse("false").expect("a literal is an expression")),
            }),
            "switch" => BlockKind::Switch(self.switch(fields)),
            "end" => BlockKind::End(End {
                fail: self.template(fields, "fail"),
                result: self.values(fields, "result"),
            }),
            _ => BlockKind::Set(Set { values: self.values(fields, "values") }),
        }
    }

    fn wait(&mut self, fields: &Fields<'_>) -> Wait {
        let duration_ms = self.duration_ms(fields, "duration");
        let at = self.template(fields, "until");
        let offset_ms = self.duration_ms(fields, "offset").unwrap_or(0);
        let if_past = match self.one_of(fields, "ifPast") {
            Some("skip") => IfPast::Skip,
            Some("fail") => IfPast::Fail,
            _ => IfPast::Now,
        };
        let time_zone = self.time_zone(fields);
        match (fields.get("duration"), fields.get("until")) {
            (Some(_), Some(until)) => {
                let message = "a wait has either `duration` or `until`".to_owned();
                self.report_at(Code::BadValue, until.key_span, message, Some("remove one of the two".into()));
            }
            (None, None) if fields.means_one_of(&["duration", "until"]) => {}
            (None, None) => {
                let hint = "write `duration: 10m`, or `until:` with a moment".to_owned();
                let at = crate::document::Span { start: fields.span.start, end: fields.span.start };
                self.report_at(Code::MissingKey, at, "a wait needs `duration` or `until`".into(), Some(hint));
            }
            (Some(_), None) => {
                for name in ["offset", "ifPast", "timeZone"] {
                    if let Some(entry) = fields.get(name) {
                        let message = format!("`{name}` means nothing without `until`");
                        self.report_at(Code::BadValue, entry.key_span, message, Some("remove it".into()));
                    }
                }
            }
            (None, Some(entry)) => {
                // Which moment it is depends on the day; whether it is one does not.
                let text = at.as_ref().and_then(Template::literal);
                let read = |text| moment::resolve(text, Timestamp::UNIX_EPOCH, &TimeZone::UTC);
                if let Some((text, Err(problem))) = text.map(|text| (text, read(text))) {
                    let message = format!("`{text}` {problem}");
                    self.report_at(Code::BadValue, entry.value.span, message, Some(moment::HINT.into()));
                }
            }
        }
        let until = match (duration_ms, at) {
            (Some(ms), _) => WaitUntil::Duration { ms },
            (None, Some(at)) => WaitUntil::Moment { at, offset_ms },
            (None, None) => WaitUntil::Duration { ms: 0 },
        };
        Wait { until, if_past, time_zone }
    }

    fn switch(&mut self, fields: &Fields<'_>) -> Switch {
        let value = self.template(fields, "value").unwrap_or_else(Loader::nothing);
        let otherwise = self.target(fields, "else");
        let mut cases = Vec::new();
        match fields.get("cases").map(|entry| &entry.value) {
            None => {}
            Some(Node { value: Value::List(items), .. }) => {
                for (index, item) in items.iter().enumerate() {
                    let Some(case) = self.fields(item, &[&CASE], &format!("cases.{index}.")) else {
                        continue;
                    };
                    let equals = self.plains(&case, "equals");
                    if let Some(next) = self.target(&case, "next") {
                        cases.push(Case { equals, next });
                    }
                }
            }
            Some(node) => {
                let message = format!("`cases` is a list of `equals` and `next`, not {}", node.noun());
                self.wrong_type(node.span, &message);
            }
        }
        Switch { value, cases, otherwise }
    }
}
