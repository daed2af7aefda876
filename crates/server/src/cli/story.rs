//! A run's story: its log, the histories of its texts and calls, and what was said in its conversations, in one order
//! of time.

mod talk;

use super::messages::template;
use super::terminal::{COLUMNS, Paint, harmless, wrapped};
use crate::api::calls::CallDetail;
use crate::api::conversations::ConversationDetail;
use crate::api::messages::{HistoryLine, MessageDetail};
use crate::api::runs::{LogLine, RunView};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;
use std::collections::HashMap;

/// One moment of the story.
#[derive(Clone, Debug)]
pub(super) struct Moment {
    /// The same whenever the story is put together, while its words may be known better later.
    pub(super) key: Key,
    pub(super) at: Timestamp,
    pub(super) text: String,
    kind: Kind,
}

/// What a moment is: the how-manieth of its kind that happened to something at a time.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    /// An id; of the run's own log nothing.
    of: String,
    at: Timestamp,
    kind: String,
    n: usize,
}

/// The keys that were given out.
#[derive(Default)]
struct Keys(HashMap<(String, Timestamp, String), usize>);

impl Keys {
    fn next(&mut self, of: &str, at: Timestamp, kind: &str) -> Key {
        let count = self.0.entry((of.to_owned(), at, kind.to_owned())).or_default();
        let n = *count;
        *count += 1;
        Key { of: of.to_owned(), at, kind: kind.to_owned(), n }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Run,
    /// What happened to a text or a call, and what was said, indented below the run's own lines.
    Text,
    Bad,
}

/// All that is stored of a run.
pub(super) struct Parts {
    pub(super) run: RunView,
    pub(super) log: Vec<LogLine>,
    /// Oldest first, as the calls and the conversations.
    pub(super) messages: Vec<MessageDetail>,
    pub(super) calls: Vec<CallDetail>,
    pub(super) conversations: Vec<ConversationDetail>,
}

/// Puts together what happened. Where the run's log and a text's history tell the same, the history is told,
/// because it knows more.
pub(super) fn moments(of: &Parts) -> Vec<Moment> {
    let Parts { log, messages, calls, conversations, .. } = of;
    let mut all: Vec<(Timestamp, u8, Moment)> = Vec::new();
    let mut keys = Keys::default();
    for line in log {
        let text = messages.iter().find(|message| is_about(&line.entry, message));
        let call = calls.iter().find(|call| is_about_step(&line.entry, call.call.step, call.call.n));
        let kind = word(&line.entry, "kind");
        let key = keys.next("", line.at, kind);
        match (kind, text) {
            ("message_changed", Some(_)) => {}
            // How the call ended only the run knows.
            ("call_changed", _) if call.is_some() && word(&line.entry, "outcome").is_empty() => {}
            ("call_requested", _) => {
                all.push((line.at, RUN, of_run(line, key)));
                all.extend(call.map(|call| {
                    (line.at, RUN, spoken(line.at, call, keys.next(&call.call.id, line.at, SAID)))
                }));
            }
            ("message_requested", Some(message)) => {
                all.push((line.at, RUN, of_run(line, key)));
                let key = keys.next(&message.message.id, line.at, SAID);
                all.push((line.at, RUN, said(line.at, message, key)));
            }
            _ => all.push((line.at, RUN, of_run(line, key))),
        }
    }
    for message in messages {
        let handed_over = message.history.iter().rposition(|line| word(&line.event, "kind") == "dispatching");
        for (index, line) in message.history.iter().enumerate() {
            let sent_as = message.message.sent_as.as_deref().filter(|_| handed_over == Some(index));
            all.extend(of_history("text", &message.message.id, line, sent_as, &mut keys));
        }
    }
    for call in calls {
        for line in &call.history {
            all.extend(of_history("call", &call.call.id, line, None, &mut keys));
        }
    }
    for conversation in conversations {
        let told = talk::moments(conversation, &mut keys);
        all.extend(told.into_iter().map(|moment| (moment.at, BEFORE_RUN, moment)));
    }
    // What a text reports comes before what the run makes of it; what is handed over, after it was asked for.
    all.sort_by_key(|(at, order, _)| (*at, *order));
    all.into_iter().map(|(_, _, moment)| moment).collect()
}

/// A line of a history, below the run's own; `sent_as` is what was handed over by it, where that could be two things.
fn of_history(
    noun: &str,
    of: &str,
    line: &HistoryLine,
    sent_as: Option<&str>,
    keys: &mut Keys,
) -> Option<(Timestamp, u8, Moment)> {
    let kind = word(&line.event, "kind");
    let key = keys.next(of, line.at, kind);
    if kind == "queued" {
        return None;
    }
    let order = if kind == "dispatching" { AFTER_RUN } else { BEFORE_RUN };
    let bad = matches!(kind, "failed" | "held" | "refused" | "not_connected" | "unknown");
    let kind = if bad { Kind::Bad } else { Kind::Text };
    let sent_as = match sent_as {
        Some("template") => ", as a template",
        Some(_) => ", as a text",
        None => "",
    };
    let text = harmless(&format!("  {noun} {}{sent_as}", line.sentence));
    Some((line.at, order, Moment { key, at: line.at, text, kind }))
}

/// The words of a text or a call, behind the run's line that asks for it.
const SAID: &str = "said";

const BEFORE_RUN: u8 = 0;
const RUN: u8 = 1;
const AFTER_RUN: u8 = 2;

fn word<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// Whether a line of the log is about this text.
fn is_about(entry: &Value, message: &MessageDetail) -> bool {
    is_about_step(entry, message.message.step, message.message.n)
}

fn is_about_step(entry: &Value, step: Option<u32>, n: Option<u32>) -> bool {
    let number = |name: &str| entry.get("key").and_then(|key| key.get(name)).and_then(Value::as_u64);
    let own = (step.map(u64::from), n.map(u64::from));
    own.0.is_some() && own == (number("step"), number("n"))
}

/// What a call says.
fn spoken(at: Timestamp, call: &CallDetail, key: Key) -> Moment {
    let text = match (&call.call.message, &call.call.audio) {
        (Some(message), _) => format!("  \u{201c}{message}\u{201d}"),
        (None, Some(_)) => "  a recording".to_owned(),
        (None, None) => "  a conversation".to_owned(),
    };
    Moment { key, at, text: harmless(&text), kind: Kind::Text }
}

fn of_run(line: &LogLine, key: Key) -> Moment {
    let bad = matches!(word(&line.entry, "kind"), "block_failed" | "problem")
        || word(&line.entry, "status") == "failed";
    let kind = if bad { Kind::Bad } else { Kind::Run };
    Moment { key, at: line.at, text: harmless(&line.sentence), kind }
}

fn said(at: Timestamp, message: &MessageDetail, key: Key) -> Moment {
    let message = &message.message;
    let mut text = match (&message.body, template(message)) {
        (Some(body), None) => format!("  \u{201c}{body}\u{201d}"),
        (Some(body), Some(template)) => format!("  \u{201c}{body}\u{201d}, {template}"),
        (None, Some(template)) => format!("  {template}"),
        (None, None) => "  without words".to_owned(),
    };
    match message.media.len() {
        0 => {}
        1 => text.push_str(" with 1 medium"),
        n => text.push_str(&format!(" with {n} media")),
    }
    Moment { key, at, text: harmless(&text), kind: Kind::Text }
}

/// The lines for one moment: its time, and what happened, broken to fit.
pub(super) fn lines(moment: &Moment, paint: Paint) -> String {
    let at = moment.at.to_zoned(TimeZone::UTC);
    let time = at.strftime("%H:%M:%S%.3f").to_string();
    let gap = " ".repeat(time.len());
    let indent: String = moment.text.chars().take_while(|c| *c == ' ').collect();
    let columns = COLUMNS - time.len() - 2 - indent.len();
    let mut out = String::new();
    for (number, line) in wrapped(moment.text.trim_start(), columns).iter().enumerate() {
        let start = if number == 0 { paint.faint(&time) } else { gap.clone() };
        let line = match moment.kind {
            Kind::Run => line.clone(),
            Kind::Text => paint.faint(line),
            Kind::Bad => paint.red(line),
        };
        out.push_str(format!("{start}  {indent}{line}").trim_end());
        out.push('\n');
    }
    out
}

/// A heading for each day, so that the lines need only say the time.
pub(super) fn day(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d (UTC)").to_string()
}

/// The whole story.
pub(super) fn told(run: &RunView, moments: &[Moment], paint: Paint) -> String {
    let mut out = heading(run, paint);
    let mut today = String::new();
    for moment in moments {
        let day = day(moment.at);
        if day != today {
            out.push_str(&format!("\n{}\n", paint.bold(&day)));
            today = day;
        }
        out.push_str(&lines(moment, paint));
    }
    out
}

/// What its texts and calls wait for that are queued still.
pub(super) fn waiting(of: &Parts) -> String {
    let texts = of.messages.iter().map(|text| ("text", &text.message.to, &text.waiting));
    let calls = of.calls.iter().map(|call| ("call", &call.call.to, &call.waiting));
    let waits = texts.chain(calls).filter_map(|(noun, to, waiting)| Some((noun, to, waiting.as_ref()?)));
    let lines = waits
        .map(|(noun, to, waiting)| format!("the {noun} to {to} {}", super::messages::waiting(Some(waiting))));
    lines.collect()
}

/// What the run is, and what became of it.
pub(super) fn heading(run: &RunView, paint: Paint) -> String {
    let status = paint.status(&run.status);
    let mut out = format!("{} {} version {}: {status}", paint.bold(&run.id), run.workflow, run.version);
    if let Some(ended_at) = run.ended_at {
        out.push_str(&format!(" after {}", span(run.started_at, ended_at)));
    }
    if let Some(by) = &run.canceled_by {
        out.push_str(&format!(" by {}", harmless(by)));
    }
    out.push('\n');
    if let Some(position) = &run.position {
        let until = position.until.map(|until| format!(" until {}", moment_of(until))).unwrap_or_default();
        out.push_str(&format!("stands at {} since {}{until}\n", position.block, moment_of(position.since)));
    }
    if let Some(cause) = &run.cause {
        let block = cause.block.as_ref().map(|block| format!("{block}: ")).unwrap_or_default();
        let text = harmless(&format!("because {block}{} [{}]", cause.message, cause.code));
        wrapped(&text, COLUMNS).iter().for_each(|line| out.push_str(&(paint.red(line) + "\n")));
        if let Some(hint) = &cause.hint {
            wrapped(&harmless(&format!("hint: {hint}")), COLUMNS)
                .iter()
                .for_each(|line| out.push_str(&(line.clone() + "\n")));
        }
    }
    if let Some(result) = &run.result {
        out.push_str(&format!("result {}\n", harmless(&result.to_string())));
    }
    out
}

/// To the second, in UTC.
pub(super) fn moment_of(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// How long something took, in the two greatest units that say something.
fn span(from: Timestamp, to: Timestamp) -> String {
    let ms = to.duration_since(from).as_millis().max(0);
    let (seconds, ms_left) = (ms / 1000, ms % 1000);
    match seconds {
        0..60 => format!("{seconds}.{ms_left:03} s"),
        60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        3_600..86_400 => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
        _ => format!("{} d {} h", seconds / 86_400, seconds % 86_400 / 3_600),
    }
}

#[cfg(test)]
mod tests;
