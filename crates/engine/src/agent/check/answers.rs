//! What the conditions of one question make of the answers to it.

use super::Report;
use crate::agent::load::Draft;
use crate::agent::probe::{Probe, holds_for, probes};
use crate::agent::{ActionKind, Operator, QuestionAgent, Target};
use crate::diagnostic::{Code, Diagnostic};
use crate::understand::AnswerType;

/// Possible answers to a question, and what each of its actions says to them.
pub(super) struct Answers<'a> {
    agent: &'a QuestionAgent,
    index: usize,
    pub(super) probes: Vec<Probe>,
    /// By action and probe: whether the condition holds by itself. Nothing for conditions that look at
    /// another question, which may hold or not for any answer.
    pub(super) holds: Vec<Option<Vec<bool>>>,
}

impl<'a> Answers<'a> {
    pub(super) fn of(agent: &'a QuestionAgent, index: usize) -> Answers<'a> {
        let question = &agent.questions[index];
        let probes = probes(agent, index);
        let holds = question
            .actions
            .iter()
            .map(|action| {
                let operator = &action.condition.operator;
                let is_own = action.condition.field == index || matches!(operator, Operator::AnyOther);
                is_own
                    .then(|| probes.iter().map(|probe| holds_for(agent, question, operator, probe)).collect())
            })
            .collect();
        Answers { agent, index, probes, holds }
    }

    /// The probes that an action's condition holds for, by number.
    fn of_action(&self, action: usize) -> Vec<usize> {
        let holds = self.holds[action].as_deref().unwrap_or_default();
        holds.iter().enumerate().filter(|(_, holds)| **holds).map(|(probe, _)| probe).collect()
    }

    fn holds(&self, action: usize, probe: usize) -> bool {
        self.holds[action].as_ref().is_some_and(|holds| holds[probe])
    }

    /// The first action that looks at nothing but this answer and holds for it.
    fn taken(&self, probe: usize) -> Option<usize> {
        (0..self.holds.len()).find(|action| self.holds(*action, probe))
    }

    /// Whether some answer comes to an action, as far as this question alone can tell.
    pub(super) fn can_take(&self, action: usize) -> bool {
        self.holds[action].is_none()
            || self.of_action(action).into_iter().any(|probe| self.taken(probe) == Some(action))
            || self.is_untested(action)
            || !self.probes.iter().any(Probe::is_understood)
    }

    /// Whether some answer comes past all actions.
    pub(super) fn can_pass(&self) -> bool {
        (0..self.probes.len()).any(|probe| self.taken(probe).is_none())
    }

    /// Nobody can tell from samples whether a pattern never fits.
    fn is_untested(&self, action: usize) -> bool {
        let question = &self.agent.questions[self.index];
        let is_pattern = matches!(question.actions[action].condition.operator, Operator::Matches(_));
        is_pattern && self.of_action(action).is_empty()
    }
}

pub(super) fn check(draft: &Draft, index: usize, answers: &Answers<'_>, report: &mut Report) {
    let question = &draft.agent.questions[index];
    for action in 0..question.actions.len() {
        if report.is_full() {
            return;
        }
        let checked = Checked { draft, index, answers, action };
        if let Some(diagnostic) = checked.never().or_else(|| checked.shadowed()).or_else(|| checked.overlap())
        {
            report.add(draft, Some(index), diagnostic);
        }
        for diagnostic in checked.words() {
            report.add(draft, Some(index), diagnostic);
        }
    }
    uncovered(draft, index, answers, report);
}

/// One action of a question.
struct Checked<'a> {
    draft: &'a Draft,
    index: usize,
    answers: &'a Answers<'a>,
    action: usize,
}

impl Checked<'_> {
    fn operator(&self, action: usize) -> &Operator {
        &self.draft.agent.questions[self.index].actions[action].condition.operator
    }

    fn place(&self, path: &str) -> crate::diagnostic::Place {
        let path = format!("conditionalActions.{}{path}", self.action);
        self.draft.spots.place(Some(self.index), &path)
    }

    fn shown(&self, probe: usize) -> String {
        format!("{}: {}", self.draft.agent.questions[self.index].id, self.answers.probes[probe].given.shown())
    }

    /// No answer of the question's type fits.
    fn never(&self) -> Option<Diagnostic> {
        self.answers.holds[self.action].as_ref()?;
        let is_silent =
            self.answers.of_action(self.action).is_empty() && !self.answers.is_untested(self.action);
        let is_probed = self.answers.probes.iter().any(Probe::is_understood);
        if !is_silent || !is_probed {
            return None;
        }
        let question = &self.draft.agent.questions[self.index];
        let kind = noun(question.kind);
        let operator = self.operator(self.action).name();
        let message = format!("`{operator}` can never hold here: no answer that is {kind} fits it");
        let at = if self
            .draft
            .spots
            .has(Some(self.index), &format!("conditionalActions.{}.condition.value", self.action))
        {
            self.place(".condition.value")
        } else {
            self.place(".condition")
        };
        let diagnostic =
            Diagnostic::new(Code::NeverHolds, at, message).hint("mend the value, or remove the action");
        // What is answered instead shows the gap.
        let other = self.answers.probes.iter().position(Probe::is_understood);
        Some(other.map_or(diagnostic.clone(), |probe| diagnostic.counter_example(self.shown(probe))))
    }

    /// Whatever fits it fits an action before it.
    fn shadowed(&self) -> Option<Diagnostic> {
        let own = self.answers.of_action(self.action);
        if own.is_empty() || self.answers.can_take(self.action) {
            return None;
        }
        let before = self.answers.taken(own[0])?;
        let message = format!("action {} takes every answer that this one is meant for", before + 1);
        let hint = "put the more special condition first, or remove the action";
        let diagnostic = Diagnostic::new(Code::ShadowedAction, self.place(""), message).hint(hint);
        Some(diagnostic.counter_example(self.shown(own[0])))
    }

    /// An action before it takes some of its answers, and neither is a special case of the other.
    fn overlap(&self) -> Option<Diagnostic> {
        let own = self.answers.of_action(self.action);
        if matches!(self.operator(self.action), Operator::AnyOther) {
            return None;
        }
        let actions = &self.draft.agent.questions[self.index].actions;
        for before in 0..self.action {
            let other = self.answers.of_action(before);
            let shared = own.iter().copied().find(|probe| other.contains(probe));
            let is_special = other.iter().all(|probe| own.contains(probe));
            if let (Some(shared), false) = (shared, is_special)
                && (actions[before].does, &actions[before].message)
                    != (actions[self.action].does, &actions[self.action].message)
                && !matches!(self.operator(before), Operator::AnyOther)
            {
                let message =
                    format!("action {} holds for some of the same answers and is taken first", before + 1);
                let hint = "make the conditions exclude each other, or mind their order";
                let at = self.place(".condition");
                let diagnostic = Diagnostic::new(Code::OverlappingConditions, at, message).hint(hint);
                return Some(diagnostic.counter_example(self.shown(shared)));
            }
        }
        None
    }

    /// Words that are tested where the answer is of another type.
    fn words(&self) -> Vec<Diagnostic> {
        let agent = &self.draft.agent;
        let condition = &agent.questions[self.index].actions[self.action].condition;
        let field = &agent.questions[condition.field];
        let compares = matches!(
            condition.operator,
            Operator::Equals(_)
                | Operator::NotEquals(_)
                | Operator::Contains(_)
                | Operator::NotContains(_)
                | Operator::OneOf(_)
        );
        let is_typed = !matches!(
            field.kind,
            AnswerType::Text | AnswerType::Email | AnswerType::Phone | AnswerType::Date
        );
        if !compares || !is_typed {
            return Vec::new();
        }
        let operands = condition.operator.operands();
        let words = operands
            .into_iter()
            .filter(|operand| operand.value.is_none() && !names_part(field, &operand.text));
        words
            .map(|operand| {
                let message = format!(
                    "`{}` is not {}: it is compared with the words heard alone",
                    operand.text,
                    noun(field.kind)
                );
                let hint = match field.kind {
                    AnswerType::MultipleChoice => "name one of the choices, or add it as a synonym",
                    AnswerType::YesNo => "compare with `yes` or `no`",
                    _ => "compare with a value, unless the very words are meant",
                };
                let at = self.place(".condition.value");
                let example = format!("{}: \u{201c}{}\u{201d}", field.id, operand.text);
                Diagnostic::new(Code::WordsOnValue, at, message).hint(hint).counter_example(example)
            })
            .collect()
    }
}

/// A part of the name of a choice stands for it.
fn names_part(field: &crate::agent::Question, text: &str) -> bool {
    let text = crate::words::fold(text);
    !text.is_empty() && field.choices.iter().any(|choice| crate::words::fold(&choice.value).contains(&text))
}

/// Some answers branch off, and others are left to the sequence.
fn uncovered(draft: &Draft, index: usize, answers: &Answers<'_>, report: &mut Report) {
    let question = &draft.agent.questions[index];
    let by_value = |action: usize| {
        let holds = |probe: &usize| answers.probes[*probe].is_understood();
        answers.of_action(action).iter().any(holds)
    };
    let branches = question.actions.iter().enumerate().any(|(number, action)| {
        let does = matches!(action.does, ActionKind::Continue(Some(Target::Question(_))));
        does && by_value(number)
    });
    let is_closed = matches!(
        question.kind,
        AnswerType::Number
            | AnswerType::YesNo
            | AnswerType::MultipleChoice
            | AnswerType::Date
            | AnswerType::Time
    );
    if !branches || !is_closed || answers.holds.iter().any(Option::is_none) {
        return;
    }
    let passes = |number: &usize| answers.probes[*number].is_understood() && answers.taken(*number).is_none();
    let passing: Vec<usize> = (0..answers.probes.len()).filter(passes).collect();
    // The plainest example is one between answers that are covered.
    let measure = |number: usize| answers.probes[number].value.as_f64();
    let covered =
        (0..answers.probes.len()).filter(|number| answers.taken(*number).is_some()).filter_map(measure);
    let (low, high) =
        covered.fold((f64::MAX, f64::MIN), |(low, high), value| (low.min(value), high.max(value)));
    let is_between = |number: &&usize| measure(**number).is_some_and(|value| low < value && value < high);
    let Some(shown) = passing.iter().find(is_between).or(passing.first()) else { return };
    let probe = &answers.probes[*shown];
    let next = question
        .next
        .index()
        .map_or("the end".to_owned(), |next| format!("`{}`", draft.agent.questions[next].id));
    let message = format!("no action covers {}; such an answer goes on with {next}", probe.given.shown());
    let hint = "add an action for it, or one with the operator `any_other`";
    let at = draft.spots.place(Some(index), "id");
    let example = format!("{}: {}", question.id, probe.given.shown());
    let diagnostic = Diagnostic::new(Code::UncoveredAnswers, at, message).hint(hint).counter_example(example);
    report.add(draft, Some(index), diagnostic);
}

fn noun(kind: AnswerType) -> &'static str {
    match kind {
        AnswerType::Text => "a text",
        AnswerType::Number => "a number",
        AnswerType::YesNo => "a yes or a no",
        AnswerType::MultipleChoice => "one of the choices",
        AnswerType::Date => "a date",
        AnswerType::Time => "a time",
        AnswerType::Phone => "a phone number",
        AnswerType::Email => "an e-mail address",
        AnswerType::Digits => "a row of digits",
    }
}
