//! An agent that talks by a language model: its texts, its limits, and its model.

use crate::agent::Speech;
use crate::agent::keys::llm::{
    BUDGET, FALLBACK, GROUPS, INSTANT_ANSWER, LLM, OUTCOME, PRICES, SUMMARY, TIME_LIMITS,
};
use crate::agent::llm::{
    AfterDef, CacheDef, Disclosure, EndpointDef, ExtractDef, LlmAgent, Mode, OutcomeDef, PatienceDef,
    SummaryDef, UserHangup,
};
use crate::diagnostic::Code;
use crate::document::{Entry, Node, Unit, Value, fold_key, parse_duration_ms};
use crate::limits::{
    ANSWER_TOKENS_MAX, CALL_SECONDS_MAX, INSTANT_ANSWERS_MAX, LLM_TURNS_MAX, OUTCOMES_MAX, SENTENCES_MAX,
};
use crate::llm::instant::InstantAnswer;
use crate::llm::models::{self, Prices};
use crate::llm::persona::Budget;
use crate::workflow::load::Loader;
use crate::workflow::load::fields::Fields;
use crate::workflow::load::top::{is_language_tag, is_workflow_name};
use crate::workflow::load::values::is_variable_name;
use std::collections::HashSet;

const ANSWER_TOKENS: u32 = 150;
const TURNS: u32 = 20;
const CONVERSATION_TIMEOUT_MS: i64 = 600_000;
const SILENCE_TIMEOUT_MS: i64 = 5_000;
const PATIENCE: PatienceDef = PatienceDef { first_ms: 8_000, whole_ms: 60_000 };
const CACHE_KEEP_MS: i64 = 24 * 3_600_000;
const SUMMARY_SENTENCES: u32 = 3;

impl Loader<'_> {
    pub(super) fn llm_agent(&mut self, root: &Node, file_stem: Option<&str>) -> Option<LlmAgent> {
        let merged = self.gathered(root)?;
        let fields = self.fields(&merged, &[&LLM], "")?;
        let mut agent = nothing(file_stem.filter(|stem| is_workflow_name(stem)).unwrap_or(super::top::NAME));
        self.plain(&fields, "$schema");
        self.plain(&fields, "agentType");
        if let Some(name) = self.agent_name(&fields) {
            agent.name = name;
        }
        let place = self.agent_place(&fields);
        agent.languages = place.languages;
        agent.region = place.region;
        agent.time_zone = place.time_zone;
        self.llm_model(&fields, &mut agent);
        self.llm_limits(&fields, &mut agent);
        self.llm_texts(&fields, &mut agent);
        self.llm_fallback(&fields, &mut agent);
        agent.tools = self.tools(&fields, &agent);
        agent.instant_answers = self.instant_answers(&fields);
        agent.secrets = self.names(&fields, "secretVariables");
        agent.personal = self.names(&fields, "personalVariables");
        agent.cache = self.cache(&fields);
        agent.after = self.after(&fields);
        Some(agent)
    }

    /// The entries of the map and of the groups in it, as one map.
    fn gathered(&mut self, root: &Node) -> Option<Node> {
        let Value::Map(entries) = &root.value else {
            self.wrong_type(root.span, &format!("an LLM agent is a map, not {}", root.noun()));
            return None;
        };
        let mut all: Vec<Entry> = Vec::new();
        let mut seen = HashSet::new();
        for entry in entries {
            let folded = fold_key(&entry.key);
            let Some(group) = GROUPS.iter().find(|group| fold_key(group) == folded) else {
                all.push(entry.clone());
                continue;
            };
            if !seen.insert(folded) {
                let message = format!("`{}` stands twice", entry.key);
                self.report_at(Code::DuplicateKey, entry.key_span, message, None);
            }
            self.remember(group, entry.value.span, None);
            match &entry.value.value {
                Value::Map(inner) => all.extend(inner.iter().cloned()),
                _ => {
                    let message =
                        format!("`{}` is a map of keys and values, not {}", entry.key, entry.value.noun());
                    self.wrong_type(entry.value.span, &message);
                }
            }
        }
        Some(Node { value: Value::Map(all), span: root.span })
    }

    fn llm_model(&mut self, fields: &Fields<'_>, agent: &mut LlmAgent) {
        agent.endpoints = vec![EndpointDef {
            credential: self.named(fields, "credential"),
            model: self.named(fields, "model").unwrap_or_else(|| models::recommended().to_owned()),
            prices: self.prices(fields, "prices"),
        }];
        if let Some(prompt) = self.template(fields, "systemPrompt") {
            if prompt.source().trim().is_empty()
                && let Some(entry) = fields.get("systemPrompt")
            {
                let message = "`systemPrompt` says nothing".to_owned();
                let hint = "tell the model who it is, what it may do and how it talks".to_owned();
                self.report_at(Code::MissingValue, entry.key_span, message, Some(hint));
            }
            agent.system_prompt = prompt;
        }
        agent.temperature = self.real(fields, "temperature");
        if let (Some(temperature), Some(entry)) = (agent.temperature, fields.get("temperature"))
            && !(0.0..=2.0).contains(&temperature)
        {
            self.report_at(Code::BadValue, entry.value.span, "`temperature` is from 0 to 2".into(), None);
        }
        agent.speech_model = self.named(fields, "speechModel");
        agent.hints = self.plains(fields, "hints");
        agent.mode = match self.one_of(fields, "mode") {
            Some("relay") => Mode::Relay,
            _ => Mode::Gather,
        };
        if let Some(entry) = fields.get("timeLimits")
            && let Some(limits) = self.fields(&entry.value, &[&TIME_LIMITS], "timeLimits.")
        {
            let first_ms = self.positive_duration_ms(&limits, "firstToken");
            let whole_ms = self.positive_duration_ms(&limits, "answer");
            agent.patience = PatienceDef {
                first_ms: first_ms.unwrap_or(PATIENCE.first_ms),
                whole_ms: whole_ms.unwrap_or(PATIENCE.whole_ms),
            };
            if agent.patience.first_ms > agent.patience.whole_ms {
                let message = "`firstToken` is longer than `answer`, which it is a part of".to_owned();
                self.report_at(Code::BadDuration, entry.value.span, message, None);
            }
        }
    }

    /// A name that says something.
    fn named(&mut self, fields: &Fields<'_>, name: &str) -> Option<String> {
        let text = self.plain(fields, name)?;
        if text.is_empty() {
            let span = fields.get(name).map_or(fields.span, |entry| entry.value.span);
            self.report_at(Code::MissingValue, span, format!("`{name}` says nothing"), None);
            return None;
        }
        Some(text)
    }

    fn llm_limits(&mut self, fields: &Fields<'_>, agent: &mut LlmAgent) {
        let from_one = |loader: &mut Self, name: &str, most: u32| loader.count_from_one(fields, name, most);
        agent.answer_tokens_max = from_one(self, "maxTokens", ANSWER_TOKENS_MAX).unwrap_or(ANSWER_TOKENS);
        agent.reply_sentences_max = from_one(self, "replySentencesMax", SENTENCES_MAX);
        agent.turns_max = from_one(self, "maxConversationTurns", LLM_TURNS_MAX).unwrap_or(TURNS);
        if let Some(ms) = self.positive_duration_ms(fields, "conversationTimeout") {
            agent.conversation_timeout_ms = ms;
            if ms > i64::from(CALL_SECONDS_MAX) * 1_000
                && let Some(entry) = fields.get("conversationTimeout")
            {
                let message = format!("`conversationTimeout` is at most {} h", CALL_SECONDS_MAX / 3_600);
                self.report_at(Code::BadDuration, entry.value.span, message, None);
            }
        }
        if let Some(ms) = self.positive_duration_ms(fields, "silenceTimeout") {
            agent.silence_timeout_ms = ms;
            if !(1_000..=60_000).contains(&ms)
                && let Some(entry) = fields.get("silenceTimeout")
            {
                let message = "`silenceTimeout` is from 1 to 60 s".to_owned();
                self.report_at(Code::BadDuration, entry.value.span, message, None);
            }
        }
        if self.flag(fields, "allowUserHangup") == Some(false) {
            agent.user_hangup = UserHangup::Refused;
            if let Some(entry) = fields.get("endPhrases") {
                let message = "`endPhrases` mean nothing with `allowUserHangup: false`".to_owned();
                self.report_at(Code::BadValue, entry.key_span, message, Some("remove one of the two".into()));
            }
        }
        agent.end_phrases = self.plains(fields, "endPhrases");
        agent.interruptible = self.flag(fields, "interruptible").unwrap_or(true);
        agent.record_call = self.flag(fields, "recordCall").unwrap_or(false);
        agent.budget = self.budget(fields);
    }

    /// A whole number from 1.
    pub(super) fn count_from_one(&mut self, fields: &Fields<'_>, name: &str, most: u32) -> Option<u32> {
        let count = self.small_count(fields, name, most)?;
        if count == 0 {
            let span = fields.get(name).map_or(fields.span, |entry| entry.value.span);
            self.report_at(Code::BadValue, span, format!("`{name}` is a whole number from 1"), None);
            return None;
        }
        Some(count)
    }

    /// What a model costs, as the author knows it.
    fn prices(&mut self, fields: &Fields<'_>, path: &str) -> Option<Prices> {
        let entry = fields.get("prices")?;
        self.remember(path, entry.value.span, None);
        let fields = self.fields(&entry.value, &[&PRICES], &format!("{path}."))?;
        let prices = Prices {
            input_per_million: self.real(&fields, "input")?,
            cached_per_million: self.real(&fields, "cached"),
            output_per_million: self.real(&fields, "output")?,
        };
        let least = prices
            .input_per_million
            .min(prices.output_per_million)
            .min(prices.cached_per_million.unwrap_or(0.0));
        if least < 0.0 {
            self.report_at(Code::BadValue, entry.value.span, "a price is not less than nothing".into(), None);
        }
        Some(prices)
    }

    fn budget(&mut self, fields: &Fields<'_>) -> Budget {
        let Some(entry) = fields.get("budget") else { return Budget::default() };
        let Some(fields) = self.fields(&entry.value, &[&BUDGET], "budget.") else { return Budget::default() };
        let dollars = self.real(&fields, "dollars");
        if let (Some(dollars), Some(entry)) = (dollars, fields.get("dollars"))
            && dollars <= 0.0
        {
            self.report_at(Code::BadValue, entry.value.span, "`dollars` is more than 0".into(), None);
        }
        Budget {
            tokens_max: self.count_from_one(&fields, "tokens", u32::MAX).map(u64::from),
            dollars_max: dollars.filter(|dollars| *dollars > 0.0),
            prompt_tokens_max: self.count_from_one(&fields, "promptTokens", u32::MAX),
        }
    }

    fn llm_texts(&mut self, fields: &Fields<'_>, agent: &mut LlmAgent) {
        agent.voice = self.plain_by_language(fields, "voice");
        agent.greeting = self.speech(fields, "greeting");
        agent.recording_notice = self.speech(fields, "recordingNotice");
        agent.closing = self.speech(fields, "closing");
        agent.voicemail_message = self.speech(fields, "voicemailMessage");
        agent.silence_prompts = self.speeches(fields, "silencePrompts");
        agent.hold_phrases = self.speeches(fields, "holdPhrases");
        agent.disclosure = match fields.get("disclosure") {
            None => Disclosure::None,
            Some(entry) => match entry.value.scalar().map(|scalar| truth(&scalar.text)) {
                Some(Some(true)) => {
                    self.remember("disclosure", entry.value.span, None);
                    Disclosure::Ours
                }
                Some(Some(false)) => Disclosure::None,
                _ => self.speech(fields, "disclosure").map_or(Disclosure::None, Disclosure::Own),
            },
        };
    }

    fn llm_fallback(&mut self, fields: &Fields<'_>, agent: &mut LlmAgent) {
        let Some(entry) = fields.get("fallback") else { return };
        let is_settings = matches!(&entry.value.value, Value::Map(entries) if entries.iter().any(|entry| {
            FALLBACK.keys.iter().any(|key| fold_key(key.name) == fold_key(&entry.key))
        }));
        if !is_settings {
            agent.fallback = self.speech(fields, "fallback");
            return;
        }
        self.remember("fallback", entry.value.span, None);
        let Some(fields) = self.fields(&entry.value, &[&FALLBACK], "fallback.") else { return };
        agent.fallback = match fields.get("say") {
            Some(say) => self.speech_of(&say.value, &say.key, say.key_span, "fallback"),
            None => None,
        };
        agent.fallback_transfer = self.template(&fields, "transferTo");
        let credential = self.named(&fields, "credential");
        let model = self.named(&fields, "model");
        let first = agent.endpoints[0].clone();
        if model.is_some() || credential.is_some() {
            let endpoint = EndpointDef {
                credential: credential.or_else(|| first.credential.clone()),
                model: model.unwrap_or_else(|| first.model.clone()),
                prices: self.prices(&fields, "fallback.prices"),
            };
            if (&endpoint.model, &endpoint.credential) == (&first.model, &first.credential) {
                let message = "the fallback is the very model that it stands in for".to_owned();
                let hint = "name another `model`, or another `credential`".to_owned();
                self.report_at(Code::BadValue, entry.value.span, message, Some(hint));
            }
            agent.endpoints.push(endpoint);
        }
    }

    fn instant_answers(&mut self, fields: &Fields<'_>) -> Vec<InstantAnswer<Speech>> {
        let Some(entry) = fields.get("instantAnswers") else { return Vec::new() };
        let items = self.items_of(entry, INSTANT_ANSWERS_MAX);
        let mut answers = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let prefix = format!("instantAnswers.{index}.");
            self.remember(prefix.trim_end_matches('.'), item.span, None);
            let Some(fields) = self.fields(item, &[&INSTANT_ANSWER], &prefix) else { continue };
            let phrases = self.plains(&fields, "phrases");
            let answer = self.speech(&fields, "answer");
            if let (false, Some(answer)) = (phrases.is_empty(), answer) {
                answers.push(InstantAnswer { phrases, answer });
            }
        }
        answers
    }

    /// The items of a list; a single map stands for a list of one.
    pub(super) fn items_of<'n>(&mut self, entry: &'n Entry, most: usize) -> &'n [Node] {
        let items = match &entry.value.value {
            Value::List(items) => items.as_slice(),
            Value::Map(_) => std::slice::from_ref(&entry.value),
            Value::Scalar(_) => {
                let message = format!("`{}` is a list, not {}", entry.key, entry.value.noun());
                self.wrong_type(entry.value.span, &message);
                &[]
            }
        };
        if items.len() > most {
            let message = format!("there are {} `{}`; an agent has at most {most}", items.len(), entry.key);
            self.report_at(Code::LimitReached, entry.key_span, message, None);
            return &[];
        }
        items
    }

    /// Names of variables.
    fn names(&mut self, fields: &Fields<'_>, name: &str) -> Vec<String> {
        let names = self.plains(fields, name);
        for found in names.iter().filter(|found| !is_variable_name(found)) {
            let span = fields.get(name).map_or(fields.span, |entry| entry.value.span);
            self.report_at(Code::BadName, span, format!("`{found}` cannot name a variable"), None);
        }
        names
    }

    fn cache(&mut self, fields: &Fields<'_>) -> Option<CacheDef> {
        let entry = fields.get("cache")?;
        let scalar = self.scalar(entry)?;
        self.remember("cache", entry.value.span, Some(scalar));
        match truth(&scalar.text) {
            Some(true) => return Some(CacheDef { keep_ms: CACHE_KEEP_MS }),
            Some(false) => return None,
            None => {}
        }
        match parse_duration_ms(&scalar.text, Unit::Minutes) {
            Ok(keep_ms) if keep_ms > 0 => Some(CacheDef { keep_ms }),
            _ => {
                let hint =
                    "write `true`, `false`, or for how long answers are kept, such as `12h`".to_owned();
                let message = format!("`cache` cannot be `{}`", scalar.text.trim());
                self.report_at(Code::BadValue, entry.value.span, message, Some(hint));
                None
            }
        }
    }

    fn after(&mut self, fields: &Fields<'_>) -> AfterDef {
        let extract = fields.get("extract").map(|entry| {
            let (schema, shape) = self.object_schema(&entry.value, "extract");
            for (name, _) in shape.properties.iter().filter(|(name, _)| !is_variable_name(name)) {
                let message = format!("`{name}` cannot name a variable, which a field goes to");
                self.report_at(Code::BadName, entry.value.span, message, None);
            }
            if shape.properties.is_empty() {
                let message = "`extract` describes no field".to_owned();
                self.report_at(Code::BadSchema, entry.value.span, message, None);
            }
            ExtractDef { schema, shape }
        });
        AfterDef { extract, summary: self.summary(fields), outcomes: self.llm_outcomes(fields) }
    }

    fn summary(&mut self, fields: &Fields<'_>) -> Option<SummaryDef> {
        let entry = fields.get("summary")?;
        let usual = SummaryDef { instructions: None, language: None, sentences_max: SUMMARY_SENTENCES };
        if let Value::Scalar(_) = &entry.value.value {
            return self.flag(fields, "summary")?.then_some(usual);
        }
        self.remember("summary", entry.value.span, None);
        let fields = self.fields(&entry.value, &[&SUMMARY], "summary.")?;
        let language = self.plain(&fields, "language");
        if let (Some(tag), Some(entry)) = (&language, fields.get("language"))
            && !is_language_tag(tag)
        {
            let hint = "give a tag such as `en` or `en-US`".to_owned();
            self.report_at(
                Code::BadValue,
                entry.value.span,
                format!("`{tag}` is no language tag"),
                Some(hint),
            );
        }
        Some(SummaryDef {
            instructions: self.plain(&fields, "instructions"),
            language,
            sentences_max: self
                .count_from_one(&fields, "sentences", SENTENCES_MAX)
                .unwrap_or(SUMMARY_SENTENCES),
        })
    }

    fn llm_outcomes(&mut self, fields: &Fields<'_>) -> Vec<OutcomeDef> {
        let Some(entry) = fields.get("outcomes") else { return Vec::new() };
        self.remember("outcomes", entry.value.span, None);
        let mut outcomes: Vec<OutcomeDef> = Vec::new();
        for (index, item) in self.items_of(entry, OUTCOMES_MAX).iter().enumerate() {
            let outcome = match &item.value {
                Value::Map(_) => {
                    let prefix = format!("outcomes.{index}.");
                    let Some(fields) = self.fields(item, &[&OUTCOME], &prefix) else { continue };
                    let Some(name) = self.plain(&fields, "name") else { continue };
                    OutcomeDef { name, description: self.plain(&fields, "description") }
                }
                _ => {
                    let Some(scalar) = self.scalar_of(item, &entry.key, entry.key_span) else { continue };
                    OutcomeDef { name: scalar.text.trim().to_owned(), description: None }
                }
            };
            if outcomes.iter().any(|known| known.name == outcome.name) {
                let message = format!("the outcome `{}` stands twice", outcome.name);
                self.report_at(Code::DuplicateId, item.span, message, None);
            }
            outcomes.push(outcome);
        }
        if outcomes.len() == 1 {
            let message = "one outcome alone says nothing".to_owned();
            self.report_at(Code::BadValue, entry.value.span, message, Some("name two at least".into()));
        }
        outcomes
    }
}

/// `true` or `false`, in their spellings.
fn truth(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" => Some(true),
        "false" | "no" | "off" => Some(false),
        _ => None,
    }
}

/// An agent that has nothing but a name yet.
fn nothing(name: &str) -> LlmAgent {
    LlmAgent {
        name: name.to_owned(),
        languages: Vec::new(),
        region: None,
        time_zone: None,
        voice: None,
        speech_model: None,
        hints: Vec::new(),
        mode: Mode::default(),
        endpoints: Vec::new(),
        system_prompt: Loader::nothing(),
        temperature: None,
        answer_tokens_max: ANSWER_TOKENS,
        reply_sentences_max: None,
        turns_max: TURNS,
        conversation_timeout_ms: CONVERSATION_TIMEOUT_MS,
        user_hangup: UserHangup::default(),
        end_phrases: Vec::new(),
        greeting: None,
        disclosure: Disclosure::default(),
        recording_notice: None,
        closing: None,
        voicemail_message: None,
        fallback: None,
        fallback_transfer: None,
        silence_prompts: Vec::new(),
        silence_timeout_ms: SILENCE_TIMEOUT_MS,
        hold_phrases: Vec::new(),
        interruptible: true,
        patience: PATIENCE,
        tools: Vec::new(),
        instant_answers: Vec::new(),
        budget: Budget::default(),
        cache: None,
        record_call: false,
        secrets: Vec::new(),
        personal: Vec::new(),
        after: AfterDef::default(),
    }
}
