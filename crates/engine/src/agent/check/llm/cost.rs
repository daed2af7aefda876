//! What a turn takes and costs, and whether the budget has room for it.

use crate::agent::llm::LlmAgent;
use crate::agent::load::LlmDraft;
use crate::diagnostic::{Code, Diagnostic, has_errors};
use crate::llm::models::{self, Certainty, Prices, Usage, estimate_tokens};

/// What a caller says in one turn, in tokens, marks of the message included.
const CALLER_TOKENS: u64 = 25;

/// Tokens of what the model is told before anybody has spoken: the prompt and the tools.
pub(super) fn prompt_tokens(agent: &LlmAgent) -> usize {
    let prompt = agent.system_prompt.literal().unwrap_or_else(|| agent.system_prompt.source());
    let tools = agent.tools.iter().map(|tool| {
        estimate_tokens(&tool.name)
            + estimate_tokens(&tool.description)
            + estimate_tokens(&tool.schema.to_string())
    });
    estimate_tokens(prompt) + tools.sum::<usize>()
}

/// What the turn of that number takes, with answers of half the longest.
fn turn(agent: &LlmAgent, number: u32) -> Usage {
    let told = u64::try_from(prompt_tokens(agent)).unwrap_or(u64::MAX);
    let answer = u64::from(agent.answer_tokens_max.div_ceil(2));
    let before = u64::from(number.saturating_sub(1)) * (CALLER_TOKENS + answer);
    let room = agent.budget.prompt_tokens_max.map_or(u64::MAX, u64::from);
    let prompt = told.saturating_add(before + CALLER_TOKENS).min(room.max(told + CALLER_TOKENS));
    Usage { prompt, cached: 0, answer }
}

pub(super) fn check(draft: &LlmDraft, found: &mut Vec<Diagnostic>) {
    let agent = &draft.agent;
    if agent.endpoints.is_empty() {
        return;
    }
    let (prices, certainty) = models::prices(&agent.endpoints[0].model, agent.endpoints[0].prices);
    unknown_prices(draft, found);
    let has_room = rooms(draft, found) && budgets(draft, prices, certainty, found);
    if has_room && !has_errors(found) {
        found.push(told(draft, prices, certainty));
    }
}

/// The prompt's tokens and the cost of a turn.
fn told(draft: &LlmDraft, prices: Prices, certainty: Certainty) -> Diagnostic {
    let agent = &draft.agent;
    let (first, last) = (turn(agent, 1), turn(agent, agent.turns_max));
    let model = &agent.endpoints[0].model;
    let tokens = prompt_tokens(agent);
    let message = match certainty {
        Certainty::Assumed => format!(
            "prompt and tools take about {tokens} tokens; the first turn takes about {} and the last of {} about {}; \
             nobody knows what `{model}` costs",
            first.prompt + first.answer,
            agent.turns_max,
            last.prompt + last.answer
        ),
        _ => format!(
            "prompt and tools take about {tokens} tokens; the first turn costs about {}, the last of {} about {}, and \
             all of them about {} with `{model}`",
            dollars(prices.cost(first)),
            agent.turns_max,
            dollars(prices.cost(last)),
            dollars((1..=agent.turns_max).map(|number| prices.cost(turn(agent, number))).sum())
        ),
    };
    let hint = match certainty {
        Certainty::Stated | Certainty::Known => None,
        Certainty::Unconfirmed => {
            Some("the prices were not looked up; write yours under `prices`".to_owned())
        }
        Certainty::Assumed => Some("write what it costs under `prices`".to_owned()),
    };
    let at = draft.spots.place(None, "systemPrompt");
    Diagnostic::new(Code::TurnCost, at, message).maybe_hint(hint)
}

/// A budget in dollars needs prices.
fn unknown_prices(draft: &LlmDraft, found: &mut Vec<Diagnostic>) {
    let agent = &draft.agent;
    if agent.budget.dollars_max.is_none() {
        return;
    }
    for (index, endpoint) in agent.endpoints.iter().enumerate() {
        let (prices, certainty) = models::prices(&endpoint.model, endpoint.prices);
        if certainty == Certainty::Assumed {
            let message = format!(
                "nobody knows what `{}` costs: the budget counts {} a million tokens of prompts and {} of answers",
                endpoint.model,
                dollars(prices.input_per_million),
                dollars(prices.output_per_million)
            );
            let path = if index == 0 { "budget.dollars" } else { "fallback.model" };
            let at = draft.spots.place(None, path);
            let hint = "write what it costs under `prices`, or set the budget in `tokens`";
            found.push(Diagnostic::new(Code::UnknownPrice, at, message).hint(hint));
        }
    }
}

/// Whether the prompt fits into the models' windows and into what the author allows.
fn rooms(draft: &LlmDraft, found: &mut Vec<Diagnostic>) -> bool {
    let agent = &draft.agent;
    let tokens = prompt_tokens(agent);
    let mut fits = true;
    for endpoint in &agent.endpoints {
        let Some(known) = models::find(&endpoint.model) else { continue };
        let window = usize::try_from(known.context.saturating_sub(agent.answer_tokens_max)).unwrap_or(0);
        if tokens > window {
            let message = format!(
                "prompt and tools take about {tokens} tokens; beside an answer `{}` has room for {window}",
                endpoint.model
            );
            let at = draft.spots.place(None, "systemPrompt");
            found.push(Diagnostic::new(Code::LimitReached, at, message).hint("shorten the prompt"));
            fits = false;
        }
    }
    let allowed = agent.budget.prompt_tokens_max.and_then(|max| usize::try_from(max).ok());
    if let Some(max) = allowed.filter(|max| tokens > *max) {
        let message =
            format!("prompt and tools take about {tokens} tokens alone, and `promptTokens` is {max}");
        found.push(too_small(draft, "budget.promptTokens", message));
        fits = false;
    }
    fits
}

/// Whether the budget is enough for one turn.
fn budgets(draft: &LlmDraft, prices: Prices, certainty: Certainty, found: &mut Vec<Diagnostic>) -> bool {
    let agent = &draft.agent;
    let longest = Usage { answer: agent.answer_tokens_max.into(), ..turn(agent, 1) };
    let mut fits = true;
    let tokens = longest.prompt + longest.answer;
    if agent.budget.tokens_max.is_some_and(|max| tokens > max) {
        let message = format!("one turn may take about {tokens} tokens, which is more than the budget");
        found.push(too_small(draft, "budget.tokens", message));
        fits = false;
    }
    let cost = prices.cost(longest);
    if agent.budget.dollars_max.is_some_and(|max| cost > max) {
        let guessed = if certainty == Certainty::Assumed { ", at the prices that are assumed," } else { "" };
        let message =
            format!("one turn may cost about {}{guessed} which is more than the budget", dollars(cost));
        found.push(too_small(draft, "budget.dollars", message));
        fits = false;
    }
    fits
}

fn too_small(draft: &LlmDraft, path: &str, message: String) -> Diagnostic {
    let hint = "no turn could ever be answered: allow more, or say less in the prompt";
    Diagnostic::new(Code::BudgetTooSmall, draft.spots.place(None, path), message).hint(hint)
}

/// `$0.00043`: two digits that say something.
fn dollars(amount: f64) -> String {
    let mut digits = 2;
    while digits < 9 && amount > 0.0 && amount * 10_f64.powi(digits) < 10.0 {
        digits += 1;
    }
    format!("${amount:.0$}", usize::try_from(digits).unwrap_or(2))
}
