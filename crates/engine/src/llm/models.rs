//! What is known of models: limits, prices and shutdown dates, as data. A name that is not there is no error:
//! compatible servers have models of their own.

use jiff::civil::Date;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What is known of one model, or of a family of them.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Model {
    /// Of the model; dated and tuned variants have it before a hyphen.
    pub name: String,
    /// Tokens of prompt and answer together.
    pub context: u32,
    /// Tokens of the longest answer.
    pub output: u32,
    pub limit: Limit,
    #[serde(default)]
    pub temperature: Temperature,
    /// US dollars.
    input_per_million: Option<f64>,
    cached_per_million: Option<f64>,
    output_per_million: Option<f64>,
    /// When it was, or will be, shut down.
    pub shutdown: Option<Date>,
    pub successor: Option<String>,
    pub from: From,
}

/// Where the facts about a model are from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct From {
    /// `context` and `output`.
    pub window: Source,
    /// `limit` and `temperature`.
    pub limit: Source,
    pub prices: Option<Source>,
    pub shutdown: Option<Source>,
    pub successor: Option<Source>,
}

/// Where a fact is from; the table says what each stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    Deprecations,
    Specification,
    /// Nobody has looked it up.
    Unconfirmed,
}

/// What tokens cost, in US dollars.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Prices {
    pub input_per_million: f64,
    /// Of a prompt's tokens that the provider has seen; those of the others where it is not known.
    #[serde(default)]
    pub cached_per_million: Option<f64>,
    pub output_per_million: f64,
}

/// How far prices can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// The author says so.
    Stated,
    Known,
    /// The table has them, and nobody has looked them up.
    Unconfirmed,
    /// Nothing is known: those of the dearest model stand in, so that a budget is rather kept than broken.
    Assumed,
}

impl Prices {
    /// US dollars of an exchange.
    pub fn cost(&self, usage: Usage) -> f64 {
        let cached = self.cached_per_million.unwrap_or(self.input_per_million);
        let fresh = usage.prompt.saturating_sub(usage.cached) as f64;
        let input = fresh * self.input_per_million + usage.cached as f64 * cached;
        (input + usage.answer as f64 * self.output_per_million) / 1_000_000.0
    }
}

/// Under which name a model takes the limit of its answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    MaxTokens,
    MaxCompletionTokens,
}

/// Whether a model lets its temperature be set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Temperature {
    #[default]
    Free,
    /// It takes none but its own.
    Fixed,
}

/// Tokens that one exchange with a model took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Usage {
    pub prompt: u64,
    /// Those of the prompt that cost less, because the model had seen them.
    pub cached: u64,
    pub answer: u64,
}

impl std::ops::AddAssign for Usage {
    fn add_assign(&mut self, other: Usage) {
        self.prompt += other.prompt;
        self.cached += other.cached;
        self.answer += other.answer;
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Table {
    /// When the dates and prices were looked up.
    as_of: Date,
    recommended: String,
    /// What each source stands for.
    sources: HashMap<Source, String>,
    /// Of models whose prices nobody knows: those of the dearest here.
    assumed: Prices,
    models: Vec<Model>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    serde_json::from_str(include_str!("models.json")).expect("the table of models is valid")
});

/// What is known of a model: that of its own name, else of the longest name that it is a variant of.
pub fn find(name: &str) -> Option<&'static Model> {
    let name = name.trim().to_ascii_lowercase();
    let is_variant =
        |known: &str| name.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
    TABLE.models.iter().filter(|model| is_variant(&model.name)).max_by_key(|model| model.name.len())
}

/// The small model that is taken where an agent names none.
pub fn recommended() -> &'static str {
    &TABLE.recommended
}

/// When the table was last looked over.
pub fn as_of() -> Date {
    TABLE.as_of
}

/// What a source stands for, as half a sentence.
pub fn source(source: Source) -> &'static str {
    TABLE.sources.get(&source).map_or("", String::as_str)
}

/// What tokens of a model cost, and how far that can be trusted. `stated` is what the author says of it.
pub fn prices(name: &str, stated: Option<Prices>) -> (Prices, Certainty) {
    if let Some(prices) = stated {
        return (prices, Certainty::Stated);
    }
    let known = find(name).and_then(|model| Some((model.prices()?, model.from.prices)));
    match known {
        Some((prices, Some(Source::Unconfirmed) | None)) => (prices, Certainty::Unconfirmed),
        Some((prices, Some(_))) => (prices, Certainty::Known),
        None => (TABLE.assumed, Certainty::Assumed),
    }
}

impl Model {
    /// What its tokens cost, where the table has it.
    pub fn prices(&self) -> Option<Prices> {
        Some(Prices {
            input_per_million: self.input_per_million?,
            cached_per_million: self.cached_per_million,
            output_per_million: self.output_per_million?,
        })
    }
}

/// About how many tokens a text takes: four characters each, or one each where a script has no letters to share.
pub fn estimate_tokens(text: &str) -> usize {
    let (mut letters, mut wide) = (0, 0);
    for c in text.chars() {
        if (c as u32) < 0x2e80 { letters += 1 } else { wide += 1 }
    }
    usize::div_ceil(letters, 4) + wide
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variant_is_known_by_its_family() {
        let name = |model: &str| find(model).map(|known| known.name.as_str());
        assert_eq!(name("gpt-4o-mini"), Some("gpt-4o-mini"));
        assert_eq!(name("GPT-3.5-turbo"), Some("gpt-3.5-turbo"));
        assert_eq!(name("gpt-4o-mini-2024-07-18"), Some("gpt-4o-mini"));
        assert_eq!(name("gpt-4.1-2025-04-14"), Some("gpt-4.1"));
        assert_eq!(name("gpt-4"), Some("gpt-4"));
        assert_eq!(name("gpt-40"), None);
        assert_eq!(name("llama-3"), None);
    }

    #[test]
    fn the_table_holds_together() {
        assert!(find(recommended()).is_some());
        for model in &TABLE.models {
            assert!(model.output <= model.context, "{}", model.name);
            let successor = model.successor.as_deref().map(find);
            assert!(
                successor.is_none_or(|known| known.is_some_and(|next| next.shutdown.is_none())),
                "{}",
                model.name
            );
            assert_eq!(
                model.input_per_million.is_some(),
                model.output_per_million.is_some(),
                "{}",
                model.name
            );
            // Every fact says where it is from, and nothing else does.
            assert_eq!(model.from.prices.is_some(), model.input_per_million.is_some(), "{}", model.name);
            assert_eq!(model.from.shutdown.is_some(), model.shutdown.is_some(), "{}", model.name);
            assert_eq!(model.from.successor.is_some(), model.successor.is_some(), "{}", model.name);
            let dearer = model.prices().is_some_and(|prices| {
                prices.input_per_million > TABLE.assumed.input_per_million
                    || prices.output_per_million > TABLE.assumed.output_per_million
            });
            assert!(!dearer, "{} costs more than what is assumed of models that nobody knows", model.name);
        }
        for known in [Source::Deprecations, Source::Specification, Source::Unconfirmed] {
            assert!(!source(known).is_empty(), "{known:?}");
        }
    }

    #[test]
    fn cached_tokens_cost_less() {
        let usage = Usage { prompt: 1_000_000, cached: 500_000, answer: 1_000_000 };
        let (mini, certainty) = prices("gpt-4o-mini", None);
        let cost = mini.cost(usage);
        assert!((cost - (0.075 + 0.0375 + 0.6)).abs() < 1e-9, "{cost}");
        assert_eq!(certainty, Certainty::Unconfirmed);
        let (unknown, certainty) = prices("gpt-6-luna", None);
        assert_eq!((unknown.cost(usage), certainty), (90.0, Certainty::Assumed));
        let own = Prices { input_per_million: 1.0, cached_per_million: None, output_per_million: 2.0 };
        assert_eq!(prices("gpt-6-luna", Some(own)), (own, Certainty::Stated));
        assert_eq!(
            (estimate_tokens("Hello there."), estimate_tokens("こんにちは"), estimate_tokens("")),
            (3, 5, 0)
        );
    }
}
