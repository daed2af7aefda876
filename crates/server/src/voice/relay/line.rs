//! One line: what the session has on disk, as messages, and what is due when.

use super::keys::Keys;
use super::speech::Speech;
use engine::llm::dialogue::Heard;
use host::{Came, NotHeard, Session, Stage, Standing};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use std::time::Instant;
use tokio::sync::watch;
use twilio::relay::{Info, Interrupt, Prompt, Text, ToTwilio};

/// Characters of one prompt that count. A minute of speech has far fewer.
const WORDS_MAX: usize = 4_000;
/// How long somebody is taken to be speaking of whom nothing more is told.
const SPEAKS_MAX: SignedDuration = SignedDuration::from_secs(60);

/// A conversation on a websocket.
pub(super) struct Line {
    session: Session,
    standing: watch::Receiver<Standing>,
    speech: Speech,
    keys: Keys,
    silence: SignedDuration,
    /// The language that is spoken and heard, as the provider was told last.
    language: String,
    /// Interruptions that were told to the session.
    interruptions: u32,
    /// Words that were sent before the saying that they begin.
    ahead: String,
    /// Something was sent since the last message that closed a turn.
    is_open: bool,
    /// Since when the caller speaks.
    caller_speaks_since: Option<Timestamp>,
    /// When the caller fell silent, in real time.
    speech_ended: Option<Instant>,
    /// Since when nothing was said by anybody.
    quiet_since: Timestamp,
    has_ended: bool,
}

/// What a line does next by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    /// The keys are complete.
    Keys,
    /// The caller has been silent for long.
    Silence,
    /// Everything was spoken, and there is nothing more to come.
    End,
}

impl Line {
    pub(super) fn new(session: Session, silence_ms: i64, now: Timestamp) -> Line {
        let standing = session.watch();
        let language = standing.borrow().language.clone();
        Line {
            session,
            standing,
            speech: Speech::new(now),
            keys: Keys::default(),
            silence: SignedDuration::from_millis(silence_ms),
            language,
            interruptions: 0,
            ahead: String::new(),
            is_open: false,
            caller_speaks_since: None,
            speech_ended: None,
            quiet_since: now,
            has_ended: false,
        }
    }

    pub(super) fn session(&self) -> &Session {
        &self.session
    }

    /// Comes back when there is something new; nothing where the session is over.
    pub(super) async fn changed(&mut self) -> Option<()> {
        self.standing.changed().await.ok()
    }

    pub(super) fn stage(&self) -> Stage {
        self.standing.borrow().stage.clone()
    }

    pub(super) fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// What is to be sent now: sentences that are on disk and were not sent, each in its language, and the words of one
    /// that is being written.
    pub(super) async fn messages(&mut self, now: Timestamp) -> Vec<ToTwilio> {
        let standing = self.standing.borrow_and_update().clone();
        let mut messages = Vec::new();
        if standing.interruptions < self.interruptions || self.has_ended {
            return messages;
        }
        let sent_to = self.speech.sent_to();
        let mut took = None;
        for saying in standing.outbox.iter().filter(|saying| saying.n > sent_to) {
            self.switch(&saying.language, &mut messages);
            let rest = self.behind_what_went_ahead(&saying.text);
            self.say(&rest, saying.interruptible, now, &mut messages);
            took = self.speech.send(saying.n, &saying.text).or(took);
        }
        self.took(took).await;
        if let Some(more) = standing.draft.strip_prefix(self.ahead.as_str()).filter(|more| !more.is_empty()) {
            let more = more.to_owned();
            self.ahead.push_str(&more);
            self.switch(&standing.language, &mut messages);
            self.say(&more, self.session.persona().interruptible, now, &mut messages);
        }
        if self.is_open && (standing.stage.is_listening() || standing.stage.is_over()) {
            self.is_open = false;
            match messages.last_mut() {
                Some(ToTwilio::Text(text)) => text.last = true,
                _ => messages.push(ToTwilio::last_text("")),
            }
        }
        if standing.stage.is_listening() {
            self.switch(&standing.language, &mut messages);
        }
        messages
    }

    /// What of a saying was not sent before it was whole.
    fn behind_what_went_ahead(&mut self, text: &str) -> String {
        let ahead = std::mem::take(&mut self.ahead);
        match (text.strip_prefix(ahead.as_str()), ahead.strip_prefix(text)) {
            // A sentence that was too long was cut before the last words that were sent.
            (_, Some(next)) if !text.is_empty() => {
                next.trim_start().clone_into(&mut self.ahead);
                String::new()
            }
            (Some(rest), _) => rest.to_owned(),
            (None, _) => text.to_owned(),
        }
    }

    fn say(&mut self, text: &str, interruptible: bool, now: Timestamp, messages: &mut Vec<ToTwilio>) {
        let text = text.trim_start();
        if text.is_empty() {
            return;
        }
        // The blank parts it from what follows.
        let token = format!("{text} ");
        let interruptible = (!interruptible).then_some(false);
        messages.push(ToTwilio::Text(Text { token, interruptible, ..Text::default() }));
        self.speech.speaks(text, now);
        self.quiet_since = now;
        self.is_open = true;
    }

    fn switch(&mut self, language: &str, messages: &mut Vec<ToTwilio>) {
        if self.language != language {
            language.clone_into(&mut self.language);
            let (tts_language, transcription_language) =
                (Some(language.to_owned()), Some(language.to_owned()));
            messages.push(ToTwilio::Language { tts_language, transcription_language });
        }
    }

    /// The caller said something.
    pub(super) async fn prompted(&mut self, prompt: Prompt, now: Timestamp) -> Result<(), NotHeard> {
        self.quiet_since = now;
        if !prompt.last {
            return Ok(());
        }
        self.caller_speaks_since = None;
        let words = plain(&prompt.voice_prompt);
        let speech_ended = self.speech_ended.take();
        if words.is_empty() {
            return Ok(());
        }
        let took = self.speech.heard_out(now);
        self.took(took).await;
        let language = Some(prompt.lang).filter(|lang| !lang.is_empty() && lang != "multi");
        let came = Came { at: Instant::now(), speech_ended };
        self.session.hear(None, Heard::Words { words, language, confidence: None }, came).await.map(drop)
    }

    /// The caller broke in.
    pub(super) async fn interrupted(&mut self, interrupt: Interrupt, now: Timestamp) -> Result<(), NotHeard> {
        self.speech.stop(now);
        self.quiet_since = now;
        self.interruptions += 1;
        self.ahead.clear();
        // The provider has closed the turn itself.
        self.is_open = false;
        self.session.interrupted(interrupt.utterance_until_interrupt).await
    }

    pub(super) async fn pressed(&mut self, key: &str, now: Timestamp) -> Result<(), NotHeard> {
        self.quiet_since = now;
        match self.keys.press(key, now) {
            Some(keys) => self.typed(keys).await,
            None => Ok(()),
        }
    }

    async fn typed(&self, keys: String) -> Result<(), NotHeard> {
        self.session.hear(None, Heard::Keys { keys }, Came::now()).await.map(drop)
    }

    /// Who speaks, and what was spoken.
    pub(super) async fn informed(&mut self, info: Info, now: Timestamp) {
        let value = info.value.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default();
        let took = match (info.name.as_str(), value) {
            ("tokensPlayed", words) => self.speech.spoke(words),
            ("agentSpeaking", "off") => {
                self.speech.fell_silent(now);
                None
            }
            ("clientSpeaking", "on") => {
                self.caller_speaks_since = Some(now);
                None
            }
            ("clientSpeaking", "off") => {
                self.caller_speaks_since = None;
                self.speech_ended = Some(Instant::now());
                None
            }
            _ => return,
        };
        self.quiet_since = now;
        self.took(took).await;
    }

    async fn took(&self, n: Option<u32>) {
        if let Some(n) = n {
            self.session.took(n).await;
        }
    }

    /// What comes next by itself, and when.
    pub(super) fn due(&self) -> Option<(Due, Timestamp)> {
        if let Some(at) = self.keys.until() {
            return Some((Due::Keys, at));
        }
        let spoken_by = self.speech.over_by();
        match self.stage() {
            _ if self.has_ended => None,
            stage if stage.is_over() => Some((Due::End, spoken_by)),
            stage if stage.is_listening() => {
                let quiet_since = match self.caller_speaks_since {
                    Some(since) => since.checked_add(SPEAKS_MAX).unwrap_or(Timestamp::MAX),
                    None => self.quiet_since,
                };
                let silent = quiet_since.max(spoken_by).checked_add(self.silence).unwrap_or(Timestamp::MAX);
                Some((Due::Silence, silent))
            }
            _ => None,
        }
    }

    /// Does what is due.
    pub(super) async fn does(&mut self, due: Due, now: Timestamp) -> Result<Option<ToTwilio>, NotHeard> {
        match due {
            Due::Keys => {
                let keys = self.keys.take().unwrap_or_default();
                self.typed(keys).await.map(|()| None)
            }
            Due::Silence => {
                self.quiet_since = now;
                self.caller_speaks_since = None;
                let took = self.speech.finish(now);
                self.took(took).await;
                let turn = self.standing.borrow().turn;
                self.session.hear(Some(turn), Heard::Silence, Came::now()).await.map(|_| None)
            }
            Due::End => {
                self.has_ended = true;
                let took = self.speech.finish(now);
                self.took(took).await;
                // What follows on the end looks at what is on disk.
                self.session.leave().await;
                Ok(Some(ToTwilio::End { handoff_data: Some(handoff(&self.stage())) }))
            }
        }
    }
}

/// What the end of the session is told, for the document that follows on it.
fn handoff(stage: &Stage) -> String {
    match stage {
        Stage::Transferring(transfer) => {
            json!({ "reason": "transfer", "to": transfer.to, "about": transfer.about })
        }
        Stage::Ended { by } => json!({ "reason": "ended", "by": by.as_str() }),
        _ => json!({ "reason": "broken" }),
    }
    .to_string()
}

/// Words without control characters and surplus blanks, and no more than count.
fn plain(words: &str) -> String {
    let words = words.chars().take(WORDS_MAX).map(|char| if char.is_control() { ' ' } else { char });
    words.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}
