//! What is spoken: what sounds wrong when a machine reads it, and voices that cannot speak.

use super::{Report, Surroundings};
use crate::diagnostic::{Code, Diagnostic};
use crate::workflow::load::Spots;
use crate::workflow::{BlockKind, CallBlock, Draft, Says};
use regex::Regex;
use std::sync::LazyLock;
use template::Template;

pub(super) fn check(draft: &Draft, surroundings: &Surroundings, report: &mut Report) {
    for (index, block) in draft.workflow.blocks.iter().enumerate() {
        let BlockKind::Call(call) = &block.kind else { continue };
        if draft.is_broken[index] || report.is_full() {
            continue;
        }
        if let Says::Announcement(said) = &call.says {
            let spoken = [
                ("message", &said.message),
                ("voicemailMessage", &said.voicemail),
                ("confirmMessage", &said.confirm_message),
            ];
            for (path, template) in spoken {
                if let Some(template) = template {
                    hard_to_say(draft, index, path, template, report);
                }
            }
        }
        voice(draft, index, call, surroundings, report);
    }
}

/// Something that a voice does not read as people would.
struct Stumble {
    pattern: &'static str,
    what: &'static str,
    hint: &'static str,
}

const STUMBLES: &[Stumble] = &[
    Stumble {
        pattern: r"(?i)\b(?:https?://|www\.)[^\s,]+",
        what: "is a link, which is read out letter by letter",
        hint: "say where to look, and send the link in a text",
    },
    Stumble {
        pattern: r"[\u{1F000}-\u{1FAFF}\u{2600}-\u{27BF}]",
        what: "is read out by its name, or not at all",
        hint: "leave it out",
    },
    Stumble {
        pattern: r"\d(?:[ -]?\d){5,}",
        what: "is a long number, which is read as one amount",
        hint: "have it read digit by digit: `{{spokenDigits(code)}}`, or `{{spokenPhone(number)}}`",
    },
    Stumble {
        pattern: r"\b\p{Lu}{4,}\b",
        what: "stands in capitals, which a voice may spell letter by letter",
        hint: "write it as other words are written; `{{spell(code)}}` spells what should be spelled",
    },
];

static PATTERNS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    STUMBLES.iter().map(|stumble| Regex::new(stumble.pattern).expect("a fixed pattern")).collect()
});

fn hard_to_say(draft: &Draft, block: usize, path: &str, template: &Template, report: &mut Report) {
    for diagnostic in stumbles(&draft.spots, Some(block), path, template) {
        report.add(draft, Some(block), diagnostic);
    }
}

/// What sounds wrong in one text; the first of each kind is told.
pub(crate) fn stumbles(
    spots: &Spots,
    block: Option<usize>,
    path: &str,
    template: &Template,
) -> Vec<Diagnostic> {
    let words = without_tags(template.source());
    let told = |(stumble, pattern): (&Stumble, &Regex)| {
        let found = pattern.find(&words)?;
        let at = spots.place_within(block, path, found.start(), found.len());
        let message = format!("`{}` {}", found.as_str(), stumble.what);
        Some(Diagnostic::new(Code::HardToSay, at, message).hint(stumble.hint))
    };
    STUMBLES.iter().zip(PATTERNS.iter()).filter_map(told).collect()
}

/// The text with blanks in the place of its tags, so that everything stands where it stood.
fn without_tags(source: &str) -> String {
    static TAG: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?s)\{\{.*?\}\}").expect("a fixed pattern"));
    TAG.replace_all(source, |tag: &regex::Captures<'_>| " ".repeat(tag[0].len())).into_owned()
}

fn voice(draft: &Draft, block: usize, call: &CallBlock, surroundings: &Surroundings, report: &mut Report) {
    let Some(voices) = surroundings.voices else { return };
    let Err(impossible) = (voices.0)(call.voice.as_deref(), call.language.as_deref()) else { return };
    let at = draft.spots.place(Some(block), impossible.key);
    let diagnostic = Diagnostic::new(Code::BadVoice, at, impossible.message);
    report.add(draft, Some(block), diagnostic.hint("`switchboard voices` lists voices and their languages"));
}
