//! Whole conversations as data: every file under `conversations/` is an agent, what a person says to it, and
//! what comes of that.
//!
//! A line that begins with `+` lets that much time pass and then makes something happen; the indented lines
//! below it are what came of it. `UPDATE_EXPECT=1` rewrites them. Between every two events the conversation
//! is saved and read back.

use crate::build::saved_and_read;
use engine::agent::{self, Agent};
use engine::conversation::*;
use engine::id::ConversationId;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

#[test]
fn conversations_go_as_their_files_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/conversations");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be listed").path())
        .filter(|path| path.extension().is_some_and(|end| end == "case"))
        .collect();
    paths.sort();
    assert!(paths.len() > 3, "cases went missing");
    let wrong: Vec<String> = paths.iter().filter_map(|path| play(path).err()).collect();
    assert!(wrong.is_empty(), "{}\n\nUPDATE_EXPECT=1 rewrites these files.", wrong.join("\n"));
}

fn play(path: &Path) -> Result<(), String> {
    let written = std::fs::read_to_string(path).expect("it can be read");
    let name = path.file_stem().and_then(|stem| stem.to_str()).expect("a plain name");
    let played = Case::read(name, &written).play();
    if played == written {
        return Ok(());
    }
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(path, played).expect("it can be written");
        return Ok(());
    }
    let differs = |(n, (now, then)): (usize, (&str, &str))| {
        (now != then).then(|| format!("line {}:\n  expected {then}\n  got      {now}", n + 1))
    };
    let first = played.lines().zip(written.lines()).enumerate().find_map(differs);
    Err(format!("{name}: {}", first.unwrap_or_else(|| "one is longer".into())))
}

const AGENT: &str = "== agent";
const BEGIN: &str = "== begin";
const STORY: &str = "== story";

struct Case<'f> {
    head: &'f str,
    agent: Agent,
    opening: Opening,
    begins: Timestamp,
    lines: Vec<&'f str>,
}

impl<'f> Case<'f> {
    fn read(name: &'f str, file: &'f str) -> Case<'f> {
        let (head, story) = file.split_once(STORY).expect("a story");
        let (_, rest) = head.split_once(AGENT).expect("an agent");
        let (definition, begin) = rest.split_once(BEGIN).expect("a begin");
        let loaded = agent::load(definition, Some(name));
        let agent = loaded.agent.unwrap_or_else(|| panic!("{name}: {:#?}", loaded.diagnostics));
        let mut words = begin.trim().splitn(3, char::is_whitespace);
        let begins: Timestamp = words.next().expect("a time").parse().expect("a time stamp");
        let medium = match words.next() {
            Some("voice") => Medium::Voice,
            Some("text") => Medium::Text,
            other => panic!("{name}: `{other:?}` is no medium"),
        };
        let facts: Map<String, Value> = serde_json::from_str(words.next().unwrap_or("{}")).expect("JSON");
        let fact = |key: &str| facts.get(key).and_then(Value::as_str).map(str::to_owned);
        let opening = Opening {
            id: ConversationId::from_trusted("cnv_1"),
            medium,
            variables: facts.get("variables").and_then(Value::as_object).cloned().unwrap_or_default(),
            secrets: Vec::new(),
            time_zone: fact("time_zone"),
            language: fact("language"),
            region: fact("region"),
            resume: facts
                .get("resume")
                .map(|resume| serde_json::from_value(resume.clone()).expect("a resumption")),
        };
        let lines = story.lines().filter(|line| line.starts_with('+')).collect();
        Case { head, agent, opening, begins, lines }
    }

    fn play(self) -> String {
        let Case { head, agent, opening, begins, lines } = self;
        let first = begin(&agent, opening, begins);
        let told = format!("{head}{STORY}\n");
        let mut play = Play { agent: &agent, conversation: first.conversation.clone(), now: begins, told };
        play.keep(first);
        for line in lines {
            let _ = writeln!(play.told, "{line}");
            play.happen(line.trim_start_matches('+'));
        }
        play.conclude()
    }
}

struct Play<'a> {
    agent: &'a Agent,
    conversation: Conversation,
    now: Timestamp,
    told: String,
}

impl Play<'_> {
    fn happen(&mut self, line: &str) {
        let (after, what) = line.split_once(' ').expect("a time and what happens");
        let seconds: i64 = after.trim_end_matches('s').parse().expect("seconds");
        self.now += SignedDuration::from_secs(seconds);
        let (turn, what) = match what.strip_prefix('@').and_then(|rest| rest.split_once(' ')) {
            Some((turn, what)) => (turn.parse().expect("a turn"), what),
            None => (self.conversation.turn, what),
        };
        let heard = saved_and_read(&Heard { turn, what: event(what) });
        match self.conversation.clone().hear(self.agent, heard, self.now) {
            Ok(advance) => self.keep(advance),
            Err(refused) => {
                let _ = writeln!(self.told, "    refused: {refused}");
            }
        }
    }

    fn keep(&mut self, advance: Advance) {
        for entry in &advance.log {
            let _ = writeln!(self.told, "    {}", without_reasons(&entry.kind).sentence());
        }
        for out in &advance.out {
            if let Some(told) = done(&saved_and_read(out)) {
                let _ = writeln!(self.told, "    do    {told}");
            }
        }
        assert_eq!(saved_and_read(&advance.log), advance.log, "a saved log is the same log");
        self.conversation = saved_and_read(&advance.conversation);
        assert_eq!(self.conversation, advance.conversation, "a saved conversation is the same conversation");
    }

    fn conclude(mut self) -> String {
        let results = self.conversation.results();
        let _ = match self.conversation.ended_by() {
            Some(by) => writeln!(self.told, "== ended by {}", by.as_str()),
            None => writeln!(self.told, "== goes on"),
        };
        for (id, details) in &results.details {
            let _ = writeln!(self.told, "    {id} {details}");
        }
        if let Some(resumption) = self.conversation.resumption(self.agent) {
            let _ =
                writeln!(self.told, "    resumption {}", serde_json::to_string(&resumption).expect("plain"));
        }
        self.told
    }
}

/// What was made of an answer is told here; why it was, is the business of understanding and its own tests.
fn without_reasons(kind: &TurnKind) -> TurnKind {
    let mut kind = kind.clone();
    if let TurnKind::Understood { why, .. } | TurnKind::NotUnderstood { why, .. } = &mut kind {
        why.clear();
    }
    kind
}

/// `connected human`, `said@0.8 WORDS`, `keys 1`, `silence`, `text WORDS`, `timer reminder`, `hangup`, `timeout`, `failed WHY`.
fn event(what: &str) -> What {
    let (word, rest) = what.split_once(' ').unwrap_or((what, ""));
    let (word, confidence) = match word.split_once('@') {
        Some((word, confidence)) => (word, Some(confidence.parse().expect("a confidence"))),
        None => (word, None),
    };
    let answered_by = || match rest {
        "human" => AnsweredBy::Human,
        "machine" => AnsweredBy::Machine,
        _ => AnsweredBy::Unknown,
    };
    match word {
        "connected" => What::Connected { answered_by: answered_by() },
        "detected" => What::Detected { answered_by: answered_by() },
        "said" => What::Speech { words: rest.into(), confidence },
        "keys" => What::Keys { keys: rest.into() },
        "silence" => What::Nothing,
        "text" => What::Text { text: rest.into() },
        "timer" if rest == "reminder" => What::TimerFired { timer: Timer::Reminder },
        "timer" => What::TimerFired { timer: Timer::Expiry },
        "hangup" => What::HungUp,
        "timeout" => What::TimedOut,
        "failed" => What::LineFailed { reason: rest.into() },
        other => panic!("`{other}` cannot happen"),
    }
}

/// What the log does not tell of an out.
fn done(out: &Out) -> Option<String> {
    Some(match out {
        Out::Speak(_) | Out::End { .. } => return None,
        Out::Ask(ask) => {
            let keys = match ask.input.keys {
                Keys::One => "one key".to_owned(),
                Keys::Several { max: None } => "several keys".into(),
                Keys::Several { max: Some(max) } => format!("up to {max} keys"),
            };
            let hints = ask.input.hints.join(", ");
            let seconds = ask.input.timeout_ms / 1_000;
            let audio: Vec<&str> = ask.prompt.iter().filter_map(|said| said.audio.as_deref()).collect();
            let audio = if audio.is_empty() { String::new() } else { format!(", plays {}", audio.join(" ")) };
            let alone = if ask.input.interruptible { "" } else { ", not interruptible" };
            format!(
                "ask {} in turn {} ({}): {keys}, {seconds} s, hints [{hints}]{audio}{alone}",
                ask.question, ask.turn, ask.input.language
            )
        }
        other => serde_json::to_string(other).expect("plain"),
    })
}
