//! What a conversation may cost, and how much of it a model is told.

use super::{Advance, Ending, Note, Out, Phase, Reply};
use crate::llm::history::{self, Fitted, Line, tokens_of_all};
use crate::llm::models::{self, Certainty, Usage, estimate_tokens};
use crate::llm::phrases::Phrase;
use crate::llm::purse::{NANO, affordable_tokens, in_memory, nanodollars};
use crate::llm::question::{Question, offer_tokens};

/// Room for a prompt where nothing is known of the model, in tokens.
const PROMPT_TOKENS: usize = 16_000;

impl Advance<'_> {
    /// Asks the model, with as much of what was said as there is room and money for. Where there is not even enough
    /// for the latest turn, the conversation is over.
    pub(super) fn think(&mut self, reply: Reply) {
        let persona = self.persona;
        let affordable = self.affordable_tokens();
        let fitted = self.fitted(affordable);
        if tokens_of_all(&fitted.messages) > affordable {
            return self.over_budget();
        }
        self.forget(fitted.from);
        self.dialogue.asked += 1;
        let said_before = u32::try_from(reply.said.len()).unwrap_or(u32::MAX);
        let reply = Reply { said_before, is_paid: false, ..reply };
        self.dialogue.phase = Phase::Replying { reply };
        let question = Question {
            endpoints: persona.endpoints.clone(),
            messages: fitted.messages,
            tools: persona.tools.iter().map(|tool| tool.offer()).collect(),
            answer_tokens_max: persona.answer_tokens_max,
            temperature: persona.temperature,
            schema: None,
        };
        self.out.push(Out::Think { asked: self.dialogue.asked, question: Box::new(question) });
    }

    /// What a model is told, where a prompt of so many tokens can be paid for.
    fn fitted(&self, affordable: usize) -> Fitted {
        let mut instructions = self.persona.instructions.clone();
        if self.persona.languages.len() > 1 {
            instructions.push_str(&format!("\n\nAnswer in the language {}.", self.dialogue.language));
        }
        let room = self.room_tokens().min(affordable);
        history::fit(&instructions, &self.dialogue.lines, self.dialogue.from, room)
    }

    /// The process that read an answer is gone, and nobody was told what it took: about what was asked, and what had
    /// come of it. An answer that was stopped counted when it was.
    pub(super) fn spend_lost(&mut self, reply: &Reply) {
        if reply.is_paid {
            return;
        }
        let prompt = tokens_of_all(&self.fitted(self.affordable_tokens()).messages) + self.tools_tokens();
        let before = usize::try_from(reply.said_before).unwrap_or(usize::MAX);
        let said = reply.said.get(before..).unwrap_or_default();
        let answer = estimate_tokens(said) + estimate_tokens(reply.sentences.pending());
        let count = |tokens: usize| u64::try_from(tokens).unwrap_or(u64::MAX);
        self.spend(Usage { prompt: count(prompt), cached: 0, answer: count(answer) }, 0);
    }

    /// The model found the prompt too long: half of the old turns are left out. Whether there were any.
    pub(super) fn forget_half(&mut self) -> bool {
        let dialogue = &self.dialogue;
        let is_start = |at: &usize| matches!(dialogue.lines[*at], Line::Caller { .. });
        let starts: Vec<usize> =
            (dialogue.from + 1..dialogue.lines.len()).filter(|at| is_start(at)).collect();
        let Some(from) = starts.get(starts.len() / 2).copied() else { return false };
        self.forget(from);
        true
    }

    fn forget(&mut self, from: usize) {
        if from > self.dialogue.from {
            self.notes.push(Note::Forgot { lines: from - self.dialogue.from });
            self.dialogue.from = from;
        }
    }

    pub(super) fn over_budget(&mut self) {
        self.stop();
        self.dialogue.phase = Phase::Listening;
        self.notes.push(Note::OverBudget);
        self.say_phrase(Phrase::TimeUp);
        self.close(Ending::Timeout);
    }

    pub(super) fn is_over_budget(&self) -> bool {
        let budget = self.persona.budget;
        let tokens = self.dialogue.usage.prompt + self.dialogue.usage.answer;
        budget.tokens_max.is_some_and(|max| tokens >= max)
            || budget.dollars_max.is_some_and(|max| self.dialogue.cost_nanodollars as f64 >= max * NANO)
    }

    /// The longest prompt that the model and the author allow, tools left out.
    fn room_tokens(&self) -> usize {
        let persona = self.persona;
        let smallest = persona.endpoints.iter().map(|endpoint| {
            models::find(&endpoint.model).map_or(PROMPT_TOKENS, |model| in_memory(model.context.into()))
        });
        let window = smallest.min().unwrap_or(PROMPT_TOKENS);
        let window = window.saturating_sub(in_memory(persona.answer_tokens_max.into()));
        let allowed = persona.budget.prompt_tokens_max.map_or(usize::MAX, |max| in_memory(max.into()));
        window.min(allowed).saturating_sub(self.tools_tokens())
    }

    /// The longest prompt that there is money for, with the longest answer behind it and tools left out.
    fn affordable_tokens(&self) -> usize {
        let (persona, dialogue) = (self.persona, &self.dialogue);
        let answer = u64::from(persona.answer_tokens_max);
        let prices = (0..persona.endpoints.len()).map(|endpoint| persona.prices(endpoint).0);
        affordable_tokens(persona.budget, dialogue.usage, dialogue.cost_nanodollars, answer, prices)
            .saturating_sub(self.tools_tokens())
    }

    fn tools_tokens(&self) -> usize {
        let tools = self.persona.tools.iter();
        tools.map(|tool| offer_tokens(&tool.name, &tool.description, &tool.parameters)).sum()
    }

    pub(super) fn spend(&mut self, usage: Usage, endpoint: usize) {
        self.dialogue.usage += usage;
        let (prices, certainty) = self.persona.prices(endpoint);
        let is_something = usage != Usage::default();
        self.dialogue.cost_is_assumed |= is_something && certainty == Certainty::Assumed;
        self.dialogue.cost_nanodollars += nanodollars(prices, usage);
    }
}
