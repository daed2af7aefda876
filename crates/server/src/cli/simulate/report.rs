//! How many conversations went: what they came to, how fast they were, what they cost, and which rules were broken.

use super::talk::{LlmTalk, Timing};
use crate::cli::script::Outcome;
use engine::conversation::EndedBy;
use engine::llm::models::Usage;
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Debug, Default)]
pub(super) struct Tally {
    conversations: u32,
    completed: u32,
    ended_by: BTreeMap<&'static str, u32>,
    turns: u64,
    timings: Vec<Timing>,
    usage: Usage,
    cost_nanodollars: u64,
    /// Of the questions behind the calls.
    after_dollars: f64,
    cost_is_assumed: bool,
    /// What the engine had to do about an answer, by its name.
    rules: BTreeMap<String, u32>,
    /// Conversations of which something else came than their line says.
    different: u32,
    /// Conversations of which not everything was found out that the agent asks for.
    missing: u32,
}

/// The report, as programs read it.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    pub(super) conversations: u32,
    /// Those that came to an end of their own: completed, ended or handed over by the agent.
    pub(super) completed: u32,
    pub(super) ended_by: BTreeMap<&'static str, u32>,
    pub(super) turns: u64,
    /// From the caller's last word on.
    pub(super) latency_ms: Stages,
    pub(super) tokens: Usage,
    pub(super) dollars: f64,
    /// Nobody knows the model's price: the dearest one was counted.
    pub(super) dollars_assumed: bool,
    pub(super) broken_rules: BTreeMap<String, u32>,
    pub(super) different: u32,
    pub(super) not_found_out: u32,
}

#[derive(Debug, Serialize)]
pub(super) struct Stages {
    pub(super) first_token: Option<Spread>,
    pub(super) first_sentence: Option<Spread>,
    pub(super) complete: Option<Spread>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(super) struct Spread {
    pub(super) p50: f64,
    pub(super) p95: f64,
    pub(super) max: f64,
}

impl Tally {
    pub(super) fn add(&mut self, talk: &LlmTalk, outcome: &Outcome, is_different: bool) {
        self.conversations += 1;
        *self.ended_by.entry(outcome.ended_by).or_default() += 1;
        let by = talk.conversation.ended_by();
        let is_whole = matches!(by, Some(EndedBy::Completed | EndedBy::EndCall | EndedBy::Transfer));
        self.completed += u32::from(is_whole);
        self.different += u32::from(is_different);
        self.turns += u64::from(talk.conversation.turn);
        self.timings.extend(&talk.timings);
        for note in &talk.notes {
            let name = serde_json::to_value(note).ok();
            let name = name.as_ref().and_then(|note| note["note"].as_str());
            if let Some(name) = name.filter(|name| BROKEN.contains(name)) {
                *self.rules.entry(name.to_owned()).or_default() += 1;
            }
        }
        self.usage += talk.after.usage;
        self.after_dollars += talk.after_dollars();
        self.missing += u32::from(!talk.problems.is_empty());
        if let Some(dialogue) = talk.conversation.dialogue() {
            self.usage += dialogue.usage;
            self.cost_nanodollars += dialogue.cost_nanodollars;
            self.cost_is_assumed |= dialogue.cost_is_assumed;
        }
    }

    pub(super) fn report(self) -> Report {
        let spread =
            |stage: fn(&Timing) -> Option<f64>| Spread::of(self.timings.iter().filter_map(stage).collect());
        Report {
            latency_ms: Stages {
                first_token: spread(|timing| timing.first_token_ms),
                first_sentence: spread(|timing| timing.first_sentence_ms),
                complete: spread(|timing| timing.complete_ms),
            },
            conversations: self.conversations,
            completed: self.completed,
            ended_by: self.ended_by,
            turns: self.turns,
            tokens: self.usage,
            dollars: self.cost_nanodollars as f64 / 1e9 + self.after_dollars,
            dollars_assumed: self.cost_is_assumed,
            broken_rules: self.rules,
            different: self.different,
            not_found_out: self.missing,
        }
    }
}

/// What should not have to happen, by the names of the notes.
const BROKEN: &[&str] = &["held", "shortened", "failed", "cut", "over_budget", "tool_failed"];

impl Spread {
    fn of(mut values: Vec<f64>) -> Option<Spread> {
        values.sort_by(f64::total_cmp);
        let at = |part: usize| values.get((values.len().saturating_sub(1) * part).div_ceil(100)).copied();
        let round = |ms: f64| (ms * 10.0).round() / 10.0;
        Some(Spread { p50: round(at(50)?), p95: round(at(95)?), max: round(at(100)?) })
    }
}

impl Report {
    /// For people.
    pub(super) fn told(&self) -> String {
        let listed = |counts: Vec<(String, u32)>| {
            let counts: Vec<String> = counts.iter().map(|(name, count)| format!("{count} {name}")).collect();
            if counts.is_empty() { "none".to_owned() } else { counts.join(", ") }
        };
        let ended = self.ended_by.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect();
        let broken = self.broken_rules.iter().map(|(name, count)| (name.clone(), *count)).collect();
        let stage = |name: &str, spread: Option<Spread>| match spread {
            Some(Spread { p50, p95, max }) => {
                format!("  {name:<16} {p50:>8.1} ms p50  {p95:>8.1} ms p95  {max:>8.1} ms max\n")
            }
            None => format!("  {name:<16} never\n"),
        };
        let assumed =
            if self.dollars_assumed { ", at the dearest price, for nobody knows the model's" } else { "" };
        format!(
            "{} conversations, {} of them completed\nended by         {}\nturns            {}\n{}{}{}\
             tokens           {} of prompts ({} seen before), {} of answers\ncost             ${:.6}{assumed}\n\
             broken rules     {}\nunlike the script {}\nnot found out    {}\n",
            self.conversations,
            self.completed,
            listed(ended),
            self.turns,
            stage("first token", self.latency_ms.first_token),
            stage("first sentence", self.latency_ms.first_sentence),
            stage("complete", self.latency_ms.complete),
            self.tokens.prompt,
            self.tokens.cached,
            self.tokens.answer,
            self.dollars,
            listed(broken),
            self.different,
            self.not_found_out,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_is_read_off_the_sorted_values() {
        let spread = Spread::of((1..=100).rev().map(f64::from).collect());
        assert_eq!(spread, Some(Spread { p50: 51.0, p95: 96.0, max: 100.0 }));
        assert_eq!(Spread::of(vec![7.0]), Some(Spread { p50: 7.0, p95: 7.0, max: 7.0 }));
        assert_eq!(Spread::of(Vec::new()), None);
    }
}
