//! The `twilio` block, for calls, and for agents that talk by text.

use super::Save;
use crate::call::{AgentRef, Detection, Key};
use crate::message::Channel;
use crate::outcome::Outcome;
use indexmap::IndexMap;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use template::Template;

/// Which call a block is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Line {
    /// One that it places.
    #[default]
    Places,
    /// The one that started the run.
    Answers,
}

/// A call to place, or to answer.
#[derive(Clone, Debug)]
pub struct CallBlock {
    pub line: Line,
    pub credential: Option<String>,
    /// The block's own or the workflow's.
    pub from: Template,
    pub to: Template,
    pub says: Says,
    pub voice: Option<String>,
    /// The block's own or the workflow's.
    pub language: Option<String>,
    pub record: bool,
    pub ring_timeout_s: Option<u32>,
    pub duration_max_s: Option<u32>,
    pub detection: Detection,
    pub until: CallUntil,
    /// How long the call's end is waited for once the provider took it.
    pub end_timeout_ms: i64,
    pub save: Vec<Save>,
    pub retry: CallRetry,
}

/// What happens once somebody answers.
#[derive(Clone, Debug)]
pub enum Says {
    Announcement(Box<AnnouncementTemplate>),
    Agent(AgentRef),
}

/// An agent that talks with somebody by text, one question a message.
#[derive(Clone, Debug)]
pub struct TextAgentBlock {
    pub channel: Channel,
    pub credential: Option<String>,
    /// The block's own or the workflow's.
    pub from: Template,
    pub to: Template,
    pub agent: AgentRef,
    /// The block's own or the workflow's.
    pub language: Option<String>,
    /// What goes out in the place of the first question outside of WhatsApp's 24-hour window.
    pub content_sid: Option<Template>,
    pub content_variables: IndexMap<String, Template>,
}

#[derive(Clone, Debug, Default)]
pub struct AnnouncementTemplate {
    pub audio: Option<Template>,
    pub message: Option<Template>,
    pub voicemail: Option<Template>,
    pub repeat_key: Option<Key>,
    pub confirm_key: Option<Key>,
    pub confirm_message: Option<Template>,
    pub connect_to: Option<Template>,
    pub connect_key: Option<Key>,
    /// Whether it matters that a person hangs up before the end.
    pub tells_end: bool,
}

/// When the block is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CallUntil {
    /// The provider took it.
    Accepted,
    /// It is over, whatever came of it.
    #[default]
    Ended,
}

/// When it is called again. `attempts_max` counts calls, the first one included.
#[derive(Clone, Debug, PartialEq)]
pub struct CallRetry {
    pub attempts_max: u32,
    pub delay_ms: i64,
    pub outcomes: Vec<Outcome>,
    pub within: Option<CallingHours>,
}

/// From a time of day to another, which may lie on the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallingHours {
    pub from: Time,
    pub until: Time,
}

impl CallingHours {
    /// Reads `09:00-20:00`; nothing where the text says no hours, or none at all.
    pub fn parse(text: &str) -> Option<CallingHours> {
        let time = |text: &str| {
            let (hour, minute) = text.trim().split_once(':').unwrap_or((text.trim(), "00"));
            let whole = |text: &str| text.parse::<i8>().ok().filter(|_| (1..=2).contains(&text.len()));
            Time::new(whole(hour)?, whole(minute)?, 0, 0).ok()
        };
        let (from, until) = text.split_once(['-', '\u{2013}'])?;
        let hours = CallingHours { from: time(from)?, until: time(until)? };
        (hours.from != hours.until).then_some(hours)
    }

    /// The moment itself where it lies within, else the next begin.
    pub fn at_or_after(self, moment: Timestamp, zone: &TimeZone) -> Timestamp {
        let local = moment.to_zoned(zone.clone());
        let time = local.time();
        let is_within = if self.from < self.until {
            (self.from..self.until).contains(&time)
        } else {
            time >= self.from || time < self.until
        };
        if is_within {
            return moment;
        }
        let today = local.date();
        let days = [Ok(today), today.tomorrow()];
        let begins = days.into_iter().flatten().filter_map(|day| {
            let begin = day.to_datetime(self.from).to_zoned(zone.clone()).ok()?.timestamp();
            (begin > moment).then_some(begin)
        });
        let tomorrow = || moment.checked_add(SignedDuration::from_hours(24)).unwrap_or(moment);
        begins.min().unwrap_or_else(tomorrow)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_outside_of_the_hours_waits_for_their_begin() {
        let zone = TimeZone::get("Europe/Berlin").expect("a zone");
        let cases = [
            ("09:00-20:00", "2026-11-23T12:00:00+01:00", "2026-11-23T12:00:00+01:00"),
            ("09:00-20:00", "2026-11-23T08:59:59+01:00", "2026-11-23T09:00:00+01:00"),
            ("9-20", "2026-11-23T20:00:00+01:00", "2026-11-24T09:00:00+01:00"),
            ("22:00-06:00", "2026-11-23T23:00:00+01:00", "2026-11-23T23:00:00+01:00"),
            ("22:00-06:00", "2026-11-23T06:00:00+01:00", "2026-11-23T22:00:00+01:00"),
            // The night in which the clock is set back.
            ("09:00-20:00", "2026-10-24T21:00:00+02:00", "2026-10-25T09:00:00+01:00"),
        ];
        for (hours, at, expected) in cases {
            let hours = CallingHours::parse(hours).expect("hours");
            let moment = hours.at_or_after(at.parse().expect("a moment"), &zone);
            assert_eq!(moment, expected.parse::<Timestamp>().expect("a moment"), "{hours:?} {at}");
        }
    }

    #[test]
    fn what_is_no_hours_is_refused() {
        for text in ["", "9", "09:00", "9-25", "9:60-10", "10-10", "nine-ten", "-5-3", "9:00-"] {
            assert_eq!(CallingHours::parse(text), None, "{text}");
        }
    }
}
