//! What the line tells: words, keys, silence, the end.

use super::{Advance, Dialogue, Ending, Heard, Note, Out, Phase, Refused, Reply, SILENCES_MAX, Step};
use crate::llm::history::Line;
use crate::llm::persona::Persona;
use crate::llm::phrases::Phrase;
use crate::llm::sentence::Sentences;
use crate::llm::{goodbye, instant, tongue};
use jiff::Timestamp;

impl Dialogue {
    /// Takes in what the line tells, as of a turn: words that belong to an earlier one are stale. While the agent
    /// talks, words of the present turn interrupt it.
    ///
    /// # Errors
    /// [`Refused`]: the event changes nothing.
    pub fn hear(self, persona: &Persona, turn: u32, heard: Heard, now: Timestamp) -> Result<Step, Refused> {
        let is_current = turn == self.turn;
        let is_waiting = self.phase == Phase::Waiting;
        let mut advance = self.advance(persona, now)?;
        match heard {
            Heard::HungUp => advance.end(Ending::Hangup),
            Heard::TimedOut => advance.time_up(),
            Heard::Connected if is_waiting => advance.open(),
            Heard::Machine if is_waiting => advance.voicemail(),
            Heard::Connected | Heard::Machine => return Err(Refused::Stale),
            _ if is_waiting || !is_current => return Err(Refused::Stale),
            _ if advance.is_over_time() => advance.time_up(),
            heard if advance.answered(&heard)? => {}
            Heard::Silence => advance.nothing(Phrase::Silence)?,
            Heard::Unclear => advance.nothing(Phrase::Unclear)?,
            Heard::Keys { keys } => advance.words(&format!("(The caller pressed the keys {keys}.)"), None),
            // They are being answered: told twice, or said twice because the answer takes its time.
            Heard::Words { words, .. } if advance.is_asked_already(words.trim()) => {}
            Heard::Words { words, language, .. } => advance.words(words.trim(), language.as_deref()),
        }
        Ok(advance.into_step())
    }
}

impl Advance<'_> {
    /// Greets. A greeting that says that calls are recorded, or that a machine talks, cannot be skipped.
    fn open(&mut self) {
        self.dialogue.connected_at = Some(self.now);
        let persona = self.persona;
        let language = &self.dialogue.language;
        let owed = [&persona.disclosure, &persona.recording_notice];
        if owed.iter().any(|texts| texts.in_language(language).is_some()) {
            self.tell(&persona.greeting);
            owed.into_iter().for_each(|texts| self.tell(texts));
        } else {
            self.say(&persona.greeting, None);
        }
        self.listen();
    }

    /// A machine took the call: it is told what there is to tell, and that is all.
    fn voicemail(&mut self) {
        let persona = self.persona;
        self.tell(&persona.voicemail);
        self.end(Ending::Hangup);
    }

    fn time_up(&mut self) {
        self.stop();
        self.say_phrase(Phrase::TimeUp);
        self.close(Ending::Timeout);
    }

    /// Silence, or a result without words.
    fn nothing(&mut self, what: Phrase) -> Result<(), Refused> {
        if self.dialogue.phase != Phase::Listening {
            return Err(Refused::Stale);
        }
        let persona = self.persona;
        let prompts = &persona.silence_prompts;
        let time = self.dialogue.silences;
        let times = u32::try_from(prompts.len()).unwrap_or(SILENCES_MAX);
        let max = if prompts.is_empty() { SILENCES_MAX } else { times };
        self.dialogue.silences += 1;
        if time >= max {
            self.close(Ending::MaxRetries);
            return Ok(());
        }
        match (what, prompts.get(usize::try_from(time).unwrap_or(usize::MAX))) {
            (Phrase::Unclear, _) => self.say_phrase(Phrase::Unclear),
            (_, Some(prompt)) => self.say(prompt, Some(Phrase::Silence)),
            (_, None) => self.say_phrase(if time == 0 { Phrase::Silence } else { Phrase::StillThere }),
        }
        self.listen();
        Ok(())
    }

    fn words(&mut self, words: &str, language: Option<&str>) {
        // Whoever speaks while the agent does has broken in, whether the line said so before or not.
        self.stop();
        self.dialogue.turn += 1;
        self.dialogue.silences = 0;
        self.dialogue.succeeded.clear();
        self.dialogue.lines_mut().push(Line::Caller { text: words.to_owned() });
        self.choose_language(words, language);
        let persona = self.persona;
        let languages = persona.languages.iter().map(String::as_str);
        if persona.ends_on_goodbye && goodbye::is_goodbye(words, languages, &persona.end_phrases) {
            return self.close(Ending::Completed);
        }
        let instant = instant::find(words, &persona.instant_answers);
        if let Some(answer) = instant.and_then(|texts| texts.in_language(&self.dialogue.language)) {
            let answer = answer.to_owned();
            self.notes.push(Note::InstantAnswer);
            self.speak(&answer, persona.interruptible);
            return self.turn_over();
        }
        if self.is_over_budget() {
            return self.over_budget();
        }
        self.think(Reply::new(&self.dialogue.language, String::new()));
    }

    /// Whether the model thinks about just these words, and has said nothing to them.
    fn is_asked_already(&self, words: &str) -> bool {
        let Phase::Replying { reply } = &self.dialogue.phase else { return false };
        let callers = self.dialogue.lines.iter().rev().find_map(|line| match line {
            Line::Caller { text } => Some(text.as_str()),
            _ => None,
        });
        reply.said.is_empty() && reply.drafted.is_empty() && callers == Some(words)
    }

    /// By wish, by the recogniser's judgement, or by the words.
    fn choose_language(&mut self, words: &str, recognised: Option<&str>) {
        let persona = self.persona;
        let current = self.dialogue.language.clone();
        let of = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        let offered =
            |wanted: &str| persona.languages.iter().find(|tag| of(tag) == of(wanted)).map(String::as_str);
        let chosen = tongue::wished(words, &persona.languages, &current)
            .or_else(|| recognised.and_then(offered))
            .or_else(|| tongue::detected(words, &persona.languages, &current));
        if let Some(chosen) = chosen.filter(|chosen| of(chosen) != of(&current)) {
            self.dialogue.language = chosen.to_owned();
            self.notes.push(Note::Switched { language: chosen.to_owned() });
            self.out.push(Out::Switch { language: chosen.to_owned() });
        }
    }

    /// Stops the model, and the tools that are to be stopped.
    pub(super) fn stop(&mut self) {
        self.own_up();
        if let Phase::Replying { reply } = &self.dialogue.phase {
            self.out.push(Out::StopThinking { asked: self.dialogue.asked });
            // Calls that came and were not begun are forgotten with the answer.
            let unbegun: Vec<String> = reply.calls.iter().map(|call| call.id.clone()).collect();
            self.dialogue
                .lines_mut()
                .retain(|line| !matches!(line, Line::Called { call } if unbegun.contains(&call.id)));
        }
        self.stop_tools();
    }
}

impl Reply {
    pub(super) fn new(language: &str, said: String) -> Reply {
        Reply {
            sentences: Sentences::new(language),
            given: 0,
            said,
            rounds: 0,
            warned: false,
            muted: false,
            calls: Vec::new(),
            before: Vec::new(),
            drafted: String::new(),
            said_before: 0,
            is_paid: false,
        }
    }
}
