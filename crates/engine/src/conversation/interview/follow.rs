//! What follows on an answer: the first action that holds, or on in sequence.

use super::Talk;
use crate::agent::Operator;
use crate::agent::{ActionKind, OnMaxRetries, Question, Target};
use crate::conversation::Status;
use crate::conversation::condition::{Compared, holds};
use crate::conversation::log::TurnKind;
use crate::conversation::out::{EndedBy, Out};
use crate::conversation::phrases::Phrase;
use crate::conversation::prompt::Why;
use crate::conversation::results::How;
use template::Template;

impl Talk<'_> {
    /// Does what the answer just kept asks for.
    pub(super) fn follow(&mut self, question: &Question) {
        let own = self.compared(question);
        match self.first_action(question, &own) {
            Some(action) => self.act(question, action),
            None => self.go(question, question.next),
        }
    }

    /// All attempts are used up.
    pub(super) fn give_up(&mut self, question: &Question) {
        match question.on_max_retries {
            OnMaxRetries::Continue => {
                self.speak_phrase(Phrase::MoveOn);
                self.follow(question);
            }
            OnMaxRetries::EndCall => {
                self.speak_phrase(Phrase::Sorry);
                self.say_goodbye();
                self.end(EndedBy::MaxRetries, None);
            }
            OnMaxRetries::Transfer => self.transfer(None, Some(Phrase::Transferring)),
        }
    }

    /// The first action whose condition holds, by its index.
    pub(super) fn first_action(&self, question: &Question, own: &Compared<'_>) -> Option<usize> {
        question.actions.iter().position(|action| {
            let field = &self.agent.questions[action.condition.field];
            if own.is_of(field) {
                holds(&action.condition.operator, own)
            } else if own.is_by_words_alone() {
                // What another answer says does not make this one understood.
                false
            } else {
                matches!(action.condition.operator, Operator::AnyOther)
                    || holds(&action.condition.operator, &self.compared(field))
            }
        })
    }

    /// A question's answer, ready to be compared.
    fn compared<'q>(&'q self, question: &'q Question) -> Compared<'q> {
        Compared::of(question, self.answer(&question.id), self)
    }

    pub(super) fn act(&mut self, question: &Question, index: usize) {
        let action = &question.actions[index];
        self.note(TurnKind::ActionTaken {
            question: question.id.clone(),
            action: index + 1,
            does: action.does.name().to_owned(),
            why: format!("by `{}`", action.condition.operator.name()),
        });
        if let Some(message) = &action.message {
            self.speak(message);
        }
        match action.does {
            ActionKind::Continue(target) => self.go(question, target.unwrap_or(question.next)),
            ActionKind::EndCall => {
                if action.message.is_none() {
                    self.say_goodbye();
                }
                self.end(EndedBy::EndCall, None);
            }
            ActionKind::Repeat => self.demand_again(question),
            ActionKind::GoBack if self.interview.path.is_empty() => self.demand_again(question),
            ActionKind::GoBack => self.go_back(),
            ActionKind::Transfer => {
                let phrase = action.message.is_none().then_some(Phrase::Transferring);
                self.transfer(action.transfer_to.as_ref(), phrase);
            }
        }
    }

    /// The author does not take that answer. It costs an attempt like any other that is not taken.
    fn demand_again(&mut self, question: &Question) {
        let left = self.answer(&question.id).map(|answer| (answer.how, answer.heard.clone()));
        if let Some((How::GivenUp | How::Skipped, _)) = left {
            return self.go(question, question.next);
        }
        self.interview.answers.retain(|answer| answer.question != question.id);
        let spoken = super::Spoken { words: left.and_then(|(_, heard)| heard), ..Default::default() };
        self.failed(question, Why::Demanded, &spoken);
    }

    fn go(&mut self, from: &Question, target: Target) {
        self.interview.path.push(from.id.clone());
        match target {
            Target::Question(index) => self.ask_first(index),
            Target::End => {
                self.interview.asking = None;
                self.say_goodbye();
                self.end(EndedBy::Completed, None);
            }
        }
    }

    /// To the question before the open one, whose answer is forgotten.
    pub(super) fn go_back(&mut self) {
        let Some((index, question)) = self.interview.path.pop().and_then(|id| self.agent.question(&id))
        else {
            return;
        };
        self.note(TurnKind::WentBack { question: question.id.clone() });
        let open = self.interview.asking.as_ref().map(|asking| asking.question.clone());
        self.interview
            .answers
            .retain(|answer| answer.question != question.id && Some(&answer.question) != open.as_ref());
        self.ask_first(index);
    }

    /// Connects the person with somebody else, after these words where the author has none.
    fn transfer(&mut self, to: Option<&Template>, phrase: Option<Phrase>) {
        self.interview.asking = None;
        let to = to.or(self.agent.transfer_to.as_ref()).map(|template| self.rendered(template).text);
        match to.map(|to| to.trim().to_owned()).filter(|to| !to.is_empty()) {
            Some(to) => {
                if let Some(phrase) = phrase {
                    self.speak_phrase(phrase);
                }
                self.push(Out::Transfer { to });
                self.end(EndedBy::Transfer, None);
            }
            None => {
                let message = "there is no number to transfer to".to_owned();
                self.note(TurnKind::Problem { code: "no_transfer_number".into(), message });
                self.speak_phrase(Phrase::Sorry);
                self.say_goodbye();
                self.end(EndedBy::EndCall, None);
            }
        }
    }

    /// The author's closing, else a short goodbye by voice.
    pub(super) fn say_goodbye(&mut self) {
        match &self.agent.closing {
            Some(closing) => self.speak(closing),
            None if self.conversation.medium == crate::conversation::Medium::Voice => {
                self.speak_phrase(Phrase::Goodbye);
            }
            None => {}
        }
    }

    pub(super) fn end(&mut self, by: EndedBy, reason: Option<&str>) {
        if std::mem::take(&mut self.interview.recording_paused) {
            self.push(Out::ResumeRecording);
        }
        self.interview.asking = None;
        self.conversation.status = Status::Ended { by, at: self.now };
        self.note(TurnKind::Ended { by, reason: reason.map(str::to_owned) });
        self.push(Out::End { by });
    }
}
