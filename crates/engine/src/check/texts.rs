//! What is said, and to whom: addresses, lengths, segments and gaps.

use super::{Report, Surroundings};
use crate::address::{AddressError, PhoneNumber, Sender};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::limits::{BODY_CHARACTERS_MAX, SEGMENTS_WARNED};
use crate::message::Channel;
use crate::workflow::{BlockKind, Draft, Input, Line, Trigger, TwilioBlock};
use regex::Regex;
use std::sync::LazyLock;
use template::Template;

pub(super) fn check(draft: &Draft, surroundings: &Surroundings, report: &mut Report) {
    let region = draft.workflow.defaults.region.as_deref();
    if let Trigger::IncomingMessage(trigger) = &draft.workflow.trigger {
        for (index, to) in trigger.to.iter().enumerate() {
            let path = format!("trigger.to.{index}");
            sender(draft, None, &path, to, (region, surroundings), report);
        }
    }
    if let Trigger::IncomingCall(trigger) = &draft.workflow.trigger {
        for (index, to) in trigger.to.iter().enumerate() {
            sender(draft, None, &format!("trigger.to.{index}"), to, (region, surroundings), report);
        }
    }
    if let Some(from) = draft.workflow.defaults.from.as_ref().and_then(Template::literal) {
        sender(draft, None, "from", from, (region, surroundings), report);
    }
    for (index, block) in draft.workflow.blocks.iter().enumerate() {
        let mut text_check = TextCheck { draft, block: index, report };
        match &block.kind {
            BlockKind::Twilio(text) if !draft.is_broken[index] => {
                text_check.addresses((&text.to, &text.from), region, surroundings);
                text_check.body(text);
                text_check.outcomes(text);
            }
            BlockKind::Call(call) if !draft.is_broken[index] && call.line == Line::Places => {
                text_check.addresses((&call.to, &call.from), region, surroundings);
            }
            BlockKind::TextAgent(talk) if !draft.is_broken[index] => {
                text_check.addresses((&talk.to, &talk.from), region, surroundings);
            }
            _ => {}
        }
    }
}

struct TextCheck<'a> {
    draft: &'a Draft,
    block: usize,
    report: &'a mut Report,
}

impl TextCheck<'_> {
    fn add(&mut self, diagnostic: Diagnostic) {
        self.report.add(self.draft, Some(self.block), diagnostic);
    }

    fn place(&self, path: &str) -> Place {
        self.draft.spots.place(Some(self.block), path)
    }

    fn addresses(
        &mut self,
        (to, from): (&Template, &Template),
        region: Option<&str>,
        surroundings: &Surroundings,
    ) {
        if let Some(to) = to.literal() {
            match PhoneNumber::parse(to, region) {
                Ok(number) if number.is_unusual() => self.add(unusual(self.place("to"), &number)),
                Ok(_) => {}
                Err(error) => self.add(impossible(self.place("to"), to, error)),
            }
        }
        let is_own = self.draft.spots.has(Some(self.block), "from");
        if let Some(from) = from.literal().filter(|_| is_own) {
            sender(self.draft, Some(self.block), "from", from, (region, surroundings), self.report);
        }
    }

    fn body(&mut self, text: &TwilioBlock) {
        let Some(message) = &text.message else { return };
        let is_alone = text.media.is_empty() && text.content_sid.is_none() && text.location.is_none();
        if message.source().trim().is_empty() && is_alone {
            let hint = "write what to say, or add `media`";
            self.add(
                Diagnostic::new(Code::MissingValue, self.place("message"), "the text says nothing")
                    .hint(hint),
            );
        }
        self.gaps(message);
        let Some((known, is_whole)) = known_text(message) else { return };
        let characters = known.chars().count();
        if characters > BODY_CHARACTERS_MAX {
            let message =
                format!("the text has {characters} characters; a text has at most {BODY_CHARACTERS_MAX}");
            self.add(Diagnostic::new(Code::BodyTooLong, self.place("message"), message).hint("shorten it"));
        } else if text.channel == Channel::Sms {
            self.segments(message, &known, is_whole);
        }
    }

    /// Many segments, or more than would be needed without some character.
    fn segments(&mut self, template: &Template, known: &str, is_whole: bool) {
        let measure = segments::measure(known);
        let culprit = measure.culprits.first();
        let spared = segments::count(&segments::smart_encode(known)).segments;
        let is_many = measure.segments > SEGMENTS_WARNED;
        if !is_many && (culprit.is_none() || spared == measure.segments) {
            return;
        }
        let at_least = if is_whole { "" } else { "at least " };
        let mut message = format!("the text takes {at_least}{} segments", measure.segments);
        let mut hint = String::from("each segment is charged; shorten the text");
        let mut at = self.place("message");
        if let Some(culprit) = culprit {
            message.push_str(&format!(
                ": `{}` (U+{:04X}) makes each of them hold 67 characters instead of 153",
                culprit.char, culprit.char as u32
            ));
            if let Some(replacement) = segments::suggest(culprit.char) {
                let instead = if replacement.trim().is_empty() { "a blank" } else { replacement };
                hint = format!("write `{instead}` instead");
                if spared < measure.segments {
                    hint.push_str(&format!("; with all such characters replaced it takes {spared}"));
                }
            }
            if let Some(offset) = template.source().find(culprit.char) {
                let length = culprit.char.len_utf8();
                at = self.draft.spots.place_within(Some(self.block), "message", offset, length);
            }
        }
        let diagnostic = Diagnostic::new(Code::ManySegments, at, message).hint(hint);
        self.add(if is_many { diagnostic } else { diagnostic.severity(crate::diagnostic::Severity::Hint) });
    }

    /// Tags that print nothing where their variable is lacking, in the middle of a sentence.
    fn gaps(&mut self, message: &Template) {
        static GAP: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r#"\{\{[^{}]*(\?\?\s*(""|'')|default\([^{}]*,\s*(""|'')\s*\))\s*\}\}"#)
                .expect("a fixed pattern")
        });
        static BARE: LazyLock<Regex> =
            LazyLock::new(|| Regex::new(r"\{\{\s*([^{}#/()?&|!=<>+]+?)\s*\}\}").expect("a fixed pattern"));
        let source = message.source();
        let bare = BARE.captures_iter(source).filter(|found| self.may_be_empty(source, &found[1]));
        let bare: Vec<_> = bare.filter_map(|found| found.get(0)).collect();
        for found in GAP.find_iter(source).chain(bare) {
            let (before, after) = (&source[..found.start()], &source[found.end()..]);
            let is_gap = before.ends_with(' ')
                && (after.is_empty() || after.starts_with([' ', ',', '.', '!', '?', ';', ':']));
            if is_gap {
                let shown = format!("{}{}", tail(before), head(after));
                let message = format!("where the variable is empty, the text reads `{shown}`");
                let at =
                    self.draft.spots.place_within(Some(self.block), "message", found.start(), found.len());
                let hint = "put the words around it into the same `{{#if}}`, or give a word to print instead";
                self.add(Diagnostic::new(Code::MayRenderEmpty, at, message).hint(hint));
            }
        }
    }

    /// Whether a name is that of an input that is empty where nothing is given, and the text never asks whether it is.
    fn may_be_empty(&self, source: &str, name: &str) -> bool {
        let is_empty = |input: &Input| input.default.as_ref().and_then(|value| value.as_str()) == Some("");
        let inputs = &self.draft.workflow.input;
        inputs.iter().any(|input| input.name == name && is_empty(input))
            && !source.contains(&format!("{{{{#if {name}"))
    }

    /// Causes that only a receipt tells, named where none is waited for.
    fn outcomes(&mut self, text: &TwilioBlock) {
        if text.until > crate::workflow::Until::Accepted {
            return;
        }
        let block = &self.draft.workflow.blocks[self.block];
        for outcome in ["unreachable", "carrier_filtered"] {
            if block.on.contains_key(outcome) {
                let message = format!("`{outcome}` becomes known only after the block is done");
                let at = self.place(&format!("on.{outcome}"));
                let hint = "add `until: delivered`, so that the block waits for the receipt";
                self.add(Diagnostic::new(Code::OutcomeTooLate, at, message).hint(hint));
            }
        }
    }
}

/// The text as far as it is certain, and whether that is all of it. Nothing where parts of it
/// depend on conditions.
fn known_text(template: &Template) -> Option<(String, bool)> {
    if let Some(literal) = template.literal() {
        return Some((literal.to_owned(), true));
    }
    static TAG: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?s)\{\{.*?\}\}").expect("a fixed pattern"));
    let source = template.source();
    let is_plain = !source.contains("{{#") && !source.contains("{{{{");
    is_plain.then(|| (TAG.replace_all(source, "").into_owned(), false))
}

/// The last words before a gap.
fn tail(text: &str) -> &str {
    let line = text.rsplit('\n').next().unwrap_or(text);
    let start = line.char_indices().rev().nth(19).map_or(0, |(at, _)| at);
    &line[start..]
}

fn head(text: &str) -> &str {
    let line = text.split('\n').next().unwrap_or(text);
    let end = line.char_indices().nth(10).map_or(line.len(), |(at, _)| at);
    &line[..end]
}

fn sender(
    draft: &Draft,
    block: Option<usize>,
    path: &str,
    text: &str,
    (region, surroundings): (Option<&str>, &Surroundings),
    report: &mut Report,
) {
    let at = draft.spots.place(block, path);
    let known = surroundings.senders.as_deref().unwrap_or_default();
    let is_ours = |address: &str| known.iter().any(|sender| sender.address == address);
    match Sender::parse(text, region) {
        Ok(Sender::Number(number)) if number.is_unusual() && !is_ours(number.as_str()) => {
            report.add(draft, block, unusual(at, &number));
        }
        Ok(_) => {}
        Err(error) => report.add(draft, block, impossible(at, text, error)),
    }
}

fn unusual(at: Place, number: &PhoneNumber) -> Diagnostic {
    let message = format!("the number {number} is in no range that is given out");
    Diagnostic::new(Code::UnusualAddress, at, message)
        .hint("mind the digits; example numbers with 555 are fine for trying things out")
}

fn impossible(at: Place, text: &str, error: AddressError) -> Diagnostic {
    Diagnostic::new(Code::BadAddress, at, format!("`{text}` is no address: {error}")).hint(error.hint())
}
