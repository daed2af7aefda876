//! Putting a question, for the first time or once more.

use super::{Asking, Talk};
use crate::agent::Question;
use crate::conversation::event::{Medium, Timer};
use crate::conversation::log::TurnKind;
use crate::conversation::out::{Ask, EndedBy, Out, Stage, Utterance};
use crate::conversation::phrases::Phrase;
use crate::conversation::prompt::{Manner, Why, input};
use crate::limits::CONVERSATION_TURNS_MAX;
use jiff::SignedDuration;

/// How a person asks to hear a question again. Only after the key does the same key go back.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    ByKey,
    InWords,
}

impl Talk<'_> {
    pub(super) fn ask_first(&mut self, index: usize) {
        let question = &self.agent.questions[index];
        self.interview.asking = Some(Asking::first(&question.id));
        self.put(question, Manner::First);
    }

    /// Puts the open question once more, for that reason. What it costs was counted before.
    pub(super) fn ask_again(&mut self, question: &Question, why: Why) {
        let retry = self.interview.asking.as_ref().map_or(0, |asking| match why {
            // The first time costs no attempt.
            Why::Noise => asking.attempt.saturating_sub(1),
            _ => asking.attempt.saturating_sub(2),
        });
        self.put(question, Manner::Again { why, retry });
    }

    /// Puts the open question as it was, at no cost.
    pub(super) fn repeat(&mut self, question: &Question, wish: Wish) {
        if let Some(asking) = &mut self.interview.asking {
            asking.repeated = wish == Wish::ByKey;
            asking.confirming = None;
        }
        self.put(question, Manner::Repeated);
    }

    fn put(&mut self, question: &Question, manner: Manner) {
        if !matches!(manner, Manner::Repeated)
            && let Some(asking) = &mut self.interview.asking
        {
            asking.repeated = false;
            asking.confirming = None;
        }
        let prompt = self.prompt(question, manner);
        let attempt = self.interview.asking.as_ref().map_or(1, |asking| asking.attempt);
        let text = shown(&prompt);
        let asked = TurnKind::Asked { question: question.id.clone(), attempt, text };
        self.await_answer(question, Stage::Answer, prompt, asked);
    }

    /// Reads an answer back.
    pub(super) fn ask_to_confirm(&mut self, question: &Question) {
        let prompt = self.confirmation(question);
        let asked = TurnKind::AskedToConfirm { question: question.id.clone(), text: shown(&prompt) };
        self.await_answer(question, Stage::Confirmation, prompt, asked);
    }

    fn await_answer(&mut self, question: &Question, stage: Stage, prompt: Vec<Utterance>, asked: TurnKind) {
        if self.conversation.turn >= CONVERSATION_TURNS_MAX {
            self.speak_phrase(Phrase::Sorry);
            self.say_goodbye();
            let reason = format!("{CONVERSATION_TURNS_MAX} turns are the limit");
            return self.end(EndedBy::MaxRetries, Some(&reason));
        }
        if self.is_over_time() {
            return self.time_up();
        }
        self.conversation.turn += 1;
        self.record(question.sensitive || prompt.iter().any(|said| said.sensitive));
        self.note(asked);
        let turn = self.conversation.turn;
        let input = input(question, stage, &self.conversation);
        self.push(Out::Ask(Ask { turn, question: question.id.clone(), stage, prompt, input }));
        self.set_timers();
    }

    /// Pauses or resumes the recording, as what is said or asked next wants it.
    pub(crate) fn record(&mut self, is_sensitive: bool) {
        if self.conversation.medium == Medium::Voice && self.interview.recording_paused != is_sensitive {
            self.interview.recording_paused = is_sensitive;
            self.push(if is_sensitive { Out::PauseRecording } else { Out::ResumeRecording });
        }
    }

    /// By text nobody has to answer at once.
    fn set_timers(&mut self) {
        if self.conversation.medium == Medium::Voice {
            return;
        }
        let texting = self.agent.texting;
        if texting.reminders_max > 0 {
            self.set_timer(Timer::Reminder, texting.remind_after_ms);
        }
        self.set_timer(Timer::Expiry, texting.expire_after_ms);
    }

    fn set_timer(&mut self, timer: Timer, after_ms: i64) {
        if let Ok(at) = self.now.checked_add(SignedDuration::from_millis(after_ms)) {
            self.push(Out::SetTimer { timer, turn: self.conversation.turn, at });
        }
    }

    /// Puts the open question once more to somebody who has not answered; the turn stays open.
    pub(super) fn remind(&mut self) {
        let Some((_, question)) = self.open_question() else { return };
        let texting = self.agent.texting;
        let Some(asking) = &mut self.interview.asking else { return };
        if asking.reminders >= texting.reminders_max {
            return;
        }
        asking.reminders += 1;
        let is_last = asking.reminders >= texting.reminders_max;
        self.note(TurnKind::Reminded { question: question.id.clone() });
        self.speak_phrase(Phrase::Reminder);
        for utterance in self.prompt(question, Manner::Repeated) {
            self.push(Out::Speak(utterance));
        }
        if !is_last {
            self.set_timer(Timer::Reminder, texting.remind_after_ms);
        }
    }
}

/// A prompt for the log.
fn shown(prompt: &[Utterance]) -> String {
    prompt.iter().map(Utterance::shown).collect::<Vec<_>>().join(" ")
}
