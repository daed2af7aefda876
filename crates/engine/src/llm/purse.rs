//! What is left of a budget, and what an exchange takes of it.

use super::models::{Prices, Usage};
use super::persona::Budget;

/// Billionths in a dollar.
pub(super) const NANO: f64 = 1e9;

/// What an exchange costs, in billionths of a dollar.
pub(super) fn nanodollars(prices: Prices, usage: Usage) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a small sum, and never negative"
    )]
    let cost = (prices.cost(usage) * NANO).round() as u64;
    cost
}

/// The longest prompt that a budget leaves room for once so much was spent, with an answer of so many tokens behind it,
/// whichever of the models answers.
pub(super) fn affordable_tokens(
    budget: Budget,
    spent: Usage,
    cost_nanodollars: u64,
    answer: u64,
    prices: impl Iterator<Item = Prices>,
) -> usize {
    let by_tokens = budget.tokens_max.map_or(usize::MAX, |max| {
        let spent = spent.prompt + spent.answer + answer;
        in_memory(max.saturating_sub(spent))
    });
    let by_dollars = budget.dollars_max.map_or(usize::MAX, |max| {
        let left = max - cost_nanodollars as f64 / NANO;
        let at = |prices: Prices| {
            let left = left - prices.cost(Usage { answer, ..Usage::default() });
            whole(left * 1_000_000.0 / prices.input_per_million)
        };
        prices.map(at).min().unwrap_or(0)
    });
    by_tokens.min(by_dollars)
}

pub(super) fn in_memory(tokens: u64) -> usize {
    usize::try_from(tokens).unwrap_or(usize::MAX)
}

/// As a whole number of tokens; a price of nothing buys any number of them.
fn whole(tokens: f64) -> usize {
    if tokens.is_nan() {
        return 0;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "casts saturate, and what is below nothing is nothing"
    )]
    let tokens = tokens.max(0.0) as usize;
    tokens
}
