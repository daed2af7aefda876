//! How a phone behaves in calls: scripts as data.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::scripts::PhoneText;
use crate::speech::folded;

/// The most words that a person says at once, and the most rules and acts of a script.
const WORDS_MAX: usize = 5_000;
const RULES_MAX: usize = 1_000;
const ACTS_MAX: usize = 1_000;

/// How a phone takes calls, and what its owner says in them. Of several scripts the first that fits a call is
/// used for it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct CallScript {
    /// Only calls with this number at the other end.
    pub with: Option<String>,
    /// For how many calls it is used; without it, for all.
    pub times: Option<u64>,
    /// What becomes of a call that comes in. It is passed over where the phone calls by itself.
    pub pick_up: PickUp,
    /// What answering-machine detection says, instead of what it would find by listening: `human`,
    /// `machine_start`, `machine_end_beep`, `machine_end_silence`, `machine_end_other`, `fax` or `unknown`.
    pub answered_by: Option<String>,
    /// What the person does once the call is answered, whatever is heard.
    pub opening: Vec<Act>,
    /// What the person does when the other end falls silent. The first rule that fits what was heard since the
    /// person last had a turn is used; where none fits, the person stays silent.
    pub rules: Vec<HearRule>,
    /// How fast the person speaks; the fixture's `timings.calls.wordsPerMinute` without it.
    pub words_per_minute: Option<u32>,
    /// The person hangs up this long after the call was answered.
    pub hang_up_after_ms: Option<u64>,
}

/// What becomes of a call that comes in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum PickUp {
    /// Somebody answers.
    Answer {
        /// After so much ringing; the fixture's `timings.calls.answerMs` without it.
        #[serde(default)]
        after_ms: Option<u64>,
    },
    /// The line is busy.
    Busy,
    /// It rings and nobody answers.
    NoAnswer,
    /// Somebody declines.
    Reject {
        #[serde(default)]
        after_ms: Option<u64>,
    },
    /// The number cannot be reached.
    Fail,
    /// A machine answers, says its greeting, beeps, and records.
    Voicemail {
        #[serde(default)]
        after_ms: Option<u64>,
        greeting: String,
        #[serde(default)]
        beep: Beep,
        /// How long it records before it hangs up.
        #[serde(default = "voicemail_ms")]
        record_ms: u64,
    },
    /// It rings until the control API answers or declines.
    Live,
}

/// Whether a voicemail beeps before it records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Beep {
    #[default]
    Beeps,
    Silent,
}

impl Default for PickUp {
    fn default() -> Self {
        PickUp::Answer { after_ms: None }
    }
}

/// When this is heard, do that.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct HearRule {
    pub hears: Hears,
    /// The person does not wait for silence, but begins as soon as the words were said.
    pub interrupts: bool,
    /// How often the rule is used in one call; without it, always.
    pub times: Option<u64>,
    /// What the person does, one after the other. Nothing of it: the person stays silent.
    #[serde(rename = "do")]
    pub acts: Vec<Act>,
}

/// What was heard. What is left out fits everything; texts are compared by their words alone, without regard
/// to case and punctuation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Hears {
    pub contains: Option<String>,
    /// At least one of these.
    pub contains_any: Vec<String>,
    pub equals: Option<String>,
    /// A beep, before a recording.
    pub beep: bool,
    /// A file whose URL contains this was played.
    pub audio: Option<String>,
    /// Nothing was heard for so long. The other keys fit what was heard before.
    pub silence_ms: Option<u64>,
}

/// One thing that a person does in a call: exactly one of `say`, `press`, `text` and `hangUp`, or, where none
/// is given, only a pause.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Act {
    /// How long the person waits before; half a second without it.
    pub after_ms: Option<u64>,
    /// Words, spoken at the person's pace.
    pub say: Option<String>,
    /// How long the words take, instead.
    pub lasts_ms: Option<u64>,
    /// How sure speech recognition is of them, from 0 to 1; 0.9 without it.
    pub confidence: Option<f64>,
    /// How much noise there is, from 0 to 1: it lowers the confidence and swallows words, by the seed.
    pub noise: Option<f64>,
    /// Keys: `0`–`9`, `*`, `#`, `A`–`D`, and `w` for half a second, `W` for a second.
    pub press: Option<String>,
    /// A message that the phone sends meanwhile.
    pub text: Option<TextAct>,
    pub hang_up: bool,
}

/// A message that is sent during a call.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct TextAct {
    /// An owned number, with `whatsapp:` before it for WhatsApp; the other end of the call without it.
    pub to: Option<String>,
    pub message: PhoneText,
}

/// Why a script cannot be played.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallScriptError {
    #[error("{name} must be between 0 and 1")]
    Share { name: &'static str },
    #[error("an act does one thing: say, press, text or hangUp")]
    Several,
    #[error("{0:?} has a character that is no key: 0-9, *, #, A-D, w and W are")]
    Keys(String),
    #[error("answeredBy is not a result of answering-machine detection")]
    AnsweredBy,
    #[error("wordsPerMinute must be between 10 and 1000")]
    Pace,
    #[error("a script has at most {RULES_MAX} rules of {ACTS_MAX} acts, and says {WORDS_MAX} words at once")]
    TooLong,
}

/// What answering-machine detection may say.
pub(crate) const ANSWERED_BY: [&str; 7] = [
    "human",
    "machine_start",
    "machine_end_beep",
    "machine_end_silence",
    "machine_end_other",
    "fax",
    "unknown",
];

impl CallScript {
    /// Checks what the types alone do not.
    ///
    /// # Errors
    ///
    /// Values that cannot be, and scripts beyond all measure.
    pub fn check(&self) -> Result<(), CallScriptError> {
        if self.answered_by.as_deref().is_some_and(|word| !ANSWERED_BY.contains(&word)) {
            return Err(CallScriptError::AnsweredBy);
        }
        if self.words_per_minute.is_some_and(|pace| !(10..=1_000).contains(&pace)) {
            return Err(CallScriptError::Pace);
        }
        if self.rules.len() > RULES_MAX {
            return Err(CallScriptError::TooLong);
        }
        check_acts(&self.opening)?;
        self.rules.iter().try_for_each(|rule| check_acts(&rule.acts))
    }

    pub(crate) fn fits(&self, other_end: &str) -> bool {
        self.with.as_deref().is_none_or(|with| with == other_end)
    }
}

fn check_acts(acts: &[Act]) -> Result<(), CallScriptError> {
    if acts.len() > ACTS_MAX {
        return Err(CallScriptError::TooLong);
    }
    acts.iter().try_for_each(Act::check)
}

impl Act {
    pub(crate) fn check(&self) -> Result<(), CallScriptError> {
        let things = [self.say.is_some(), self.press.is_some(), self.text.is_some(), self.hang_up];
        if things.into_iter().filter(|given| *given).count() > 1 {
            return Err(CallScriptError::Several);
        }
        for (name, share) in [("confidence", self.confidence), ("noise", self.noise)] {
            if share.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
                return Err(CallScriptError::Share { name });
            }
        }
        if self.say.as_deref().is_some_and(|words| words.split_whitespace().count() > WORDS_MAX) {
            return Err(CallScriptError::TooLong);
        }
        match &self.press {
            Some(keys) if !keys.chars().all(is_key_or_pause) => Err(CallScriptError::Keys(keys.clone())),
            _ => Ok(()),
        }
    }
}

/// A key of a phone.
pub(crate) fn is_key(char: char) -> bool {
    matches!(char, '0'..='9' | '*' | '#' | 'A'..='D')
}

fn is_key_or_pause(char: char) -> bool {
    is_key(char) || matches!(char, 'w' | 'W')
}

/// Something that a person heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Heard {
    Words(String),
    Audio(String),
    Beep,
}

impl Hears {
    /// Whether it fits what was heard, in order, after so much silence.
    pub(crate) fn fits(&self, heard: &[Heard], silence_ms: u64) -> bool {
        let words: Vec<&str> = heard
            .iter()
            .filter_map(|heard| match heard {
                Heard::Words(words) => Some(words.as_str()),
                Heard::Audio(_) | Heard::Beep => None,
            })
            .collect();
        let words = format!(" {} ", folded(&words.join(" ")));
        let has = |wanted: &str| words.contains(&format!(" {} ", folded(wanted)));
        let heard_audio = |wanted: &str| {
            heard.iter().any(|heard| matches!(heard, Heard::Audio(url) if url.contains(wanted)))
        };
        self.silence_ms.is_none_or(|wanted| silence_ms >= wanted)
            && self.contains.as_deref().is_none_or(has)
            && (self.contains_any.is_empty() || self.contains_any.iter().any(|wanted| has(wanted)))
            && self.equals.as_deref().is_none_or(|wanted| words.trim() == folded(wanted))
            && (!self.beep || heard.contains(&Heard::Beep))
            && self.audio.as_deref().is_none_or(heard_audio)
    }
}

/// A script that a phone has, and how often it was used.
#[derive(Debug, Clone)]
pub(crate) struct KeptScript {
    pub(crate) id: u64,
    pub(crate) script: std::sync::Arc<CallScript>,
    pub(crate) used: u64,
}

impl KeptScript {
    /// Takes the first script that fits, and counts its use.
    pub(crate) fn take(scripts: &mut [KeptScript], other_end: &str) -> Option<std::sync::Arc<CallScript>> {
        let kept = scripts.iter_mut().find(|kept| {
            kept.script.times.is_none_or(|times| kept.used < times) && kept.script.fits(other_end)
        })?;
        kept.used += 1;
        Some(std::sync::Arc::clone(&kept.script))
    }
}

fn voicemail_ms() -> u64 {
    120_000
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<Heard> {
        vec![Heard::Words(text.to_owned())]
    }

    #[test]
    fn rules_compare_whole_words_whatever_their_case_and_punctuation() {
        let contains = |wanted: &str| Hears { contains: Some(wanted.to_owned()), ..Hears::default() };
        assert!(contains("your NAME").fits(&words("What is your name?"), 0));
        assert!(!contains("am").fits(&words("What is your name?"), 0));
        assert!(Hears::default().fits(&[], 0));
        assert!(!Hears { beep: true, ..Hears::default() }.fits(&words("beep"), 0));
        assert!(
            Hears { audio: Some("hello".to_owned()), ..Hears::default() }
                .fits(&[Heard::Audio("https://example.com/hello.mp3".to_owned())], 0)
        );
        let silence = Hears { silence_ms: Some(3_000), ..Hears::default() };
        assert!(!silence.fits(&[], 300));
        assert!(silence.fits(&[], 3_000));
    }

    #[test]
    fn an_act_does_one_thing() {
        let act: Act = serde_json::from_str(r#"{"say": "yes", "press": "1"}"#).unwrap();
        assert_eq!(act.check(), Err(CallScriptError::Several));
        let act: Act = serde_json::from_str(r#"{"press": "12x"}"#).unwrap();
        assert_eq!(act.check(), Err(CallScriptError::Keys("12x".to_owned())));
        let act: Act = serde_json::from_str(r#"{"say": "yes", "noise": 2}"#).unwrap();
        assert_eq!(act.check(), Err(CallScriptError::Share { name: "noise" }));
        assert!(serde_json::from_str::<Act>(r#"{"sey": "yes"}"#).is_err());
    }
}
