//! What happens on the line of a call, once somebody answers.

use super::{Call, Notice};
use crate::limits::CALL_NOTICES_MAX;
use crate::outcome::Outcome;
use crate::sending::fill;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What happened on the line, as far as we were told.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Course {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_by: Option<AnsweredBy>,
    /// When everything had been said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heard_at: Option<Timestamp>,
    /// When the person confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_at: Option<Timestamp>,
    /// When the person was connected to somebody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connected_at: Option<Timestamp>,
    /// How the conversation ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_by: Option<Outcome>,
    /// A model is being asked what came of the conversation; until then the run does not go on.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub gathers: bool,
    /// What models took for the conversation, in billionths of a US dollar; nothing where none was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_nanodollars: Option<u64>,
    /// How often the person had it all said once more.
    #[serde(default)]
    pub repeats: u32,
    /// What the provider's debugger noticed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<Notice>,
}

/// Who answered, by the provider's detection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnsweredBy {
    Human,
    MachineStart,
    MachineEndBeep,
    MachineEndSilence,
    MachineEndOther,
    Fax,
    Unknown,
}

impl AnsweredBy {
    const ALL: [AnsweredBy; 7] = [
        AnsweredBy::Human,
        AnsweredBy::MachineStart,
        AnsweredBy::MachineEndBeep,
        AnsweredBy::MachineEndSilence,
        AnsweredBy::MachineEndOther,
        AnsweredBy::Fax,
        AnsweredBy::Unknown,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            AnsweredBy::Human => "human",
            AnsweredBy::MachineStart => "machine_start",
            AnsweredBy::MachineEndBeep => "machine_end_beep",
            AnsweredBy::MachineEndSilence => "machine_end_silence",
            AnsweredBy::MachineEndOther => "machine_end_other",
            AnsweredBy::Fax => "fax",
            AnsweredBy::Unknown => "unknown",
        }
    }

    /// Reads the provider's word; nothing for a word that is not known yet.
    pub fn parse(word: &str) -> Option<AnsweredBy> {
        AnsweredBy::ALL.into_iter().find(|answered| answered.as_str() == word)
    }

    /// An answering machine, or a fax.
    pub fn is_machine(self) -> bool {
        !matches!(self, AnsweredBy::Human | AnsweredBy::Unknown)
    }
}

/// What happened on the line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LineEvent {
    /// What the detection came to.
    AnsweredBy { answered_by: AnsweredBy },
    /// Everything was said.
    Heard,
    /// What was said asks for a key, and it was pressed.
    Confirmed,
    /// It goes on with a person; the number is not told here.
    Connected,
    /// Said once more, because the person asked for it.
    Repeated,
    /// How the conversation ended, and what models took for it, in billionths of a US dollar.
    ConversationEnded {
        by: Outcome,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        model_nanodollars: Option<u64>,
    },
    /// A model begins to be asked what came of the conversation.
    Gathering,
    /// It is known what came of the conversation, or given up; with what models took until then.
    Gathered { model_nanodollars: u64 },
    /// The provider's debugger noticed something.
    Noticed { notice: Notice },
}

impl Call {
    /// Takes in what happened on the line; whether that is new.
    pub fn happened(&mut self, event: &LineEvent, now: Timestamp) -> bool {
        let before = self.course.clone();
        let course = &mut self.course;
        match event {
            LineEvent::AnsweredBy { answered_by } => self.answered_by(Some(*answered_by)),
            LineEvent::Heard => fill(&mut course.heard_at, &Some(now)),
            LineEvent::Confirmed => fill(&mut course.confirmed_at, &Some(now)),
            LineEvent::Connected => fill(&mut course.connected_at, &Some(now)),
            LineEvent::ConversationEnded { by, model_nanodollars } => {
                fill(&mut course.ended_by, &Some(*by));
                fill(&mut course.model_nanodollars, model_nanodollars);
            }
            LineEvent::Gathering => course.gathers = true,
            LineEvent::Gathered { model_nanodollars } => {
                course.gathers = false;
                course.model_nanodollars = Some(*model_nanodollars);
            }
            LineEvent::Repeated => course.repeats += 1,
            LineEvent::Noticed { notice } => {
                let is_known = course.notices.iter().any(|known| known.sid == notice.sid);
                if !is_known && course.notices.len() < CALL_NOTICES_MAX {
                    course.notices.push(notice.clone());
                }
            }
        }
        let is_new = self.course != before;
        if is_new {
            self.updated_at = now;
        }
        is_new
    }

    /// Takes in what a detection says: the alphabetically last word stands, so that any order of reports ends
    /// alike, and what says nothing never replaces what says something.
    pub(super) fn answered_by(&mut self, said: Option<AnsweredBy>) {
        let weight = |answered: AnsweredBy| (answered != AnsweredBy::Unknown, answered.as_str());
        let standing = self.course.answered_by;
        if let Some(said) = said
            && standing.is_none_or(|standing| weight(said) > weight(standing))
        {
            self.course.answered_by = Some(said);
        }
    }
}
