//! The agent itself: its name, its languages, what it says by itself, and its list of questions.

use super::operands::resolve_operands;
use crate::address;
use crate::agent::keys::{AGENT, RESUME, TEXTING};
use crate::agent::{ByLanguage, Question, QuestionAgent, Resume, Sequence, Speech, Target, Texting};
use crate::conversation::phrase_names;
use crate::diagnostic::{Code, did_you_mean};
use crate::document::{Node, Value, fold_key};
use crate::limits::QUESTIONS_MAX;
use crate::workflow::load::Loader;
use crate::workflow::load::fields::{Fields, listed};
use crate::workflow::load::graph::{Stop, branches};
use crate::workflow::load::top::{is_language_tag, is_workflow_name};
use template::Template;

/// What is spoken where nobody says what.
const LANGUAGE: &str = "en-US";
/// What an agent is called that nobody named.
pub(super) const NAME: &str = "agent";

/// Where an agent is at home.
pub(super) struct AgentPlace {
    /// Never empty.
    pub(super) languages: Vec<String>,
    pub(super) region: Option<String>,
    pub(super) time_zone: Option<String>,
}

impl Loader<'_> {
    pub(super) fn question_agent(&mut self, root: &Node, file_stem: Option<&str>) -> Option<QuestionAgent> {
        let mut agent = nothing(file_stem.filter(|stem| is_workflow_name(stem)).unwrap_or(NAME));
        match &root.value {
            Value::List(items) => self.questions(items, root, &mut agent),
            Value::Map(_) if Loader::peek(root, "questions").is_none() && is_lone_question(root) => {
                self.questions(std::slice::from_ref(root), root, &mut agent);
            }
            _ => self.whole_agent(root, &mut agent)?,
        }
        (!agent.questions.is_empty()).then_some(agent)
    }

    fn whole_agent(&mut self, root: &Node, agent: &mut QuestionAgent) -> Option<()> {
        let fields = self.fields(root, &[&AGENT], "")?;
        self.plain(&fields, "$schema");
        self.plain(&fields, "agentType");
        if let Some(name) = self.agent_name(&fields) {
            agent.name = name;
        }
        let place = self.agent_place(&fields);
        agent.languages = place.languages;
        agent.region = place.region;
        agent.time_zone = place.time_zone;
        agent.voice = self.plain_by_language(&fields, "voice");
        agent.greeting = self.speech(&fields, "greeting");
        agent.recording_notice = self.speech(&fields, "recordingNotice");
        agent.closing = self.speech(&fields, "closing");
        agent.voicemail_message = self.speech(&fields, "voicemailMessage");
        agent.announce_keys = self.flag(&fields, "announceKeys").unwrap_or(false);
        agent.conversation_timeout_ms = self.positive_duration_ms(&fields, "conversationTimeout");
        agent.transfer_to = self.template(&fields, "transferTo");
        agent.resume = self.resume(&fields);
        agent.texting = self.texting(&fields);
        agent.phrases = self.phrases(&fields);
        agent.sequence = match self.one_of(&fields, "sequence") {
            Some("literal") => Sequence::Literal,
            _ => Sequence::Branches,
        };
        match fields.get("questions").map(|entry| &entry.value) {
            None => {}
            Some(node @ Node { value: Value::List(items), .. }) => self.questions(items, node, agent),
            Some(node @ Node { value: Value::Map(_), .. }) if is_lone_question(node) => {
                self.questions(std::slice::from_ref(node), node, agent);
            }
            Some(node) => self.wrong_type(node.span, &format!("`questions` is a list, not {}", node.noun())),
        }
        Some(())
    }

    pub(super) fn agent_name(&mut self, fields: &Fields<'_>) -> Option<String> {
        let entry = fields.get("name")?;
        let name = self.plain(fields, "name")?;
        if !is_workflow_name(&name) {
            let hint = "take letters, digits, blanks, `-`, `_` and `.`, beginning with a letter or digit";
            let message = format!("`{name}` cannot name an agent");
            self.report_at(Code::BadName, entry.value.span, message, Some(hint.into()));
        }
        Some(name)
    }

    pub(super) fn agent_place(&mut self, fields: &Fields<'_>) -> AgentPlace {
        let languages = match (fields.get("language"), fields.get("languages")) {
            (Some(_), Some(both)) => {
                let hint = "name them all under `languages`, the usual one first".to_owned();
                let message = "an agent has either `language` or `languages`".to_owned();
                self.report_at(Code::BadValue, both.key_span, message, Some(hint));
                self.plains(fields, "languages").into_iter().map(|tag| (tag, both.value.span)).collect()
            }
            (Some(entry), None) => {
                let span = entry.value.span;
                self.plain(fields, "language").map(|tag| (tag, span)).into_iter().collect()
            }
            (None, Some(entry)) => {
                let spans: Vec<_> = match &entry.value.value {
                    Value::List(items) => items.iter().map(|item| item.span).collect(),
                    _ => vec![entry.value.span],
                };
                self.plains(fields, "languages").into_iter().zip(spans).collect()
            }
            (None, None) => Vec::new(),
        };
        for (tag, span) in &languages {
            if !is_language_tag(tag) {
                let hint = "give a tag such as `en` or `en-US`".to_owned();
                self.report_at(Code::BadValue, *span, format!("`{tag}` is no language tag"), Some(hint));
            }
        }
        let region = self.plain(fields, "region").map(|region| region.to_ascii_uppercase());
        if let (Some(region), Some(entry)) = (&region, fields.get("region"))
            && !address::is_region(region)
        {
            let hint = "give two letters of ISO 3166, such as `US`".to_owned();
            let message = format!("`{region}` is no region that phone numbers are known for");
            self.report_at(Code::BadValue, entry.value.span, message, Some(hint));
        }
        let mut languages: Vec<String> = languages.into_iter().map(|(tag, _)| tag).collect();
        if languages.is_empty() {
            languages.push(LANGUAGE.to_owned());
        }
        AgentPlace { languages, region, time_zone: self.time_zone(fields) }
    }

    fn resume(&mut self, fields: &Fields<'_>) -> Option<Resume> {
        let entry = fields.get("resume")?;
        let fields = self.fields(&entry.value, &[&RESUME], "resume.")?;
        let within_ms = self.positive_duration_ms(&fields, "within")?;
        Some(Resume { within_ms, call_back_ms: self.positive_duration_ms(&fields, "callBack") })
    }

    fn texting(&mut self, fields: &Fields<'_>) -> Texting {
        let usual = Texting::default();
        let Some(entry) = fields.get("texting") else { return usual };
        let Some(fields) = self.fields(&entry.value, &[&TEXTING], "texting.") else { return usual };
        let texting = Texting {
            remind_after_ms: self
                .positive_duration_ms(&fields, "remindAfter")
                .unwrap_or(usual.remind_after_ms),
            reminders_max: self.small_count(&fields, "reminders", 10).unwrap_or(usual.reminders_max),
            expire_after_ms: self
                .positive_duration_ms(&fields, "expireAfter")
                .unwrap_or(usual.expire_after_ms),
        };
        if let Some(entry) = fields.get("remindAfter")
            && texting.reminders_max > 0
            && texting.remind_after_ms >= texting.expire_after_ms
        {
            let message = "the reminder would come after the conversation is given up".to_owned();
            let hint = "make `expireAfter` longer than `remindAfter`".to_owned();
            self.report_at(Code::BadDuration, entry.value.span, message, Some(hint));
        }
        texting
    }

    /// The author's own words for system phrases.
    fn phrases(&mut self, fields: &Fields<'_>) -> Vec<(String, Speech)> {
        let Some(entry) = fields.get("phrases") else { return Vec::new() };
        let Value::Map(entries) = &entry.value.value else {
            let message = format!("`phrases` is a map of names and texts, not {}", entry.value.noun());
            self.wrong_type(entry.value.span, &message);
            return Vec::new();
        };
        let mut phrases = Vec::new();
        for entry in entries {
            let known = phrase_names();
            match known.iter().find(|name| fold_key(name) == fold_key(&entry.key)) {
                Some(name) => {
                    let path = format!("phrases.{name}");
                    if let Some(speech) = self.speech_of(&entry.value, &entry.key, entry.key_span, &path) {
                        phrases.push(((*name).to_owned(), speech));
                    }
                }
                None => {
                    let hint = did_you_mean(&entry.key, known.iter().copied())
                        .unwrap_or_else(|| format!("the phrases are {}", listed(&known)));
                    let message = format!("there is no phrase `{}`", entry.key);
                    self.report_at(Code::UnknownKey, entry.key_span, message, Some(hint));
                }
            }
        }
        phrases
    }

    fn questions(&mut self, items: &[Node], list: &Node, agent: &mut QuestionAgent) {
        if items.is_empty() {
            self.report_at(
                Code::MissingValue,
                list.span,
                "`questions` is empty: there is nothing to ask".into(),
                None,
            );
        }
        if items.len() > QUESTIONS_MAX {
            let message =
                format!("there are {} questions; an agent has at most {QUESTIONS_MAX}", items.len());
            self.report_at(Code::LimitReached, list.span, message, None);
            return;
        }
        self.know_questions(items);
        let mut explicit = Vec::new();
        for (index, item) in items.iter().enumerate() {
            self.at_block = Some(index);
            let (question, next) = self.question(item);
            agent.questions.push(question);
            explicit.push(next);
        }
        resolve_operands(agent);
        self.at_block = None;
        resolve_sequence(&mut agent.questions, &explicit, agent.sequence);
    }

    /// Goes over the ids first, so that targets can be looked up while questions are read.
    fn know_questions(&mut self, items: &[Node]) {
        for (index, item) in items.iter().enumerate() {
            let id = Loader::peek(item, "id").and_then(Node::scalar).map(|scalar| scalar.text.trim());
            self.block_ids.push(id.map_or_else(|| format!("question {}", index + 1), str::to_owned));
            if let Some(id) = id {
                self.ids.entry(id.to_owned()).or_insert(index);
            }
        }
    }
}

fn resolve_sequence(questions: &mut [Question], explicit: &[Option<Target>], sequence: Sequence) {
    let stops: Vec<Stop> = questions
        .iter()
        .zip(explicit)
        .map(|(question, explicit)| Stop {
            named: question.branches().chain(*explicit).filter_map(Target::index).collect(),
            falls_through: explicit.is_none(),
        })
        .collect();
    let is_branch = match sequence {
        Sequence::Branches => branches(&stops),
        Sequence::Literal => vec![false; stops.len()],
    };
    for (index, question) in questions.iter_mut().enumerate() {
        let in_sequence = (index + 1..is_branch.len()).find(|next| !is_branch[*next]);
        question.next = explicit[index].unwrap_or(in_sequence.map_or(Target::End, Target::Question));
    }
}

/// An agent that has nothing but a name yet.
pub(super) fn nothing(name: &str) -> QuestionAgent {
    QuestionAgent {
        name: name.to_owned(),
        languages: vec![LANGUAGE.to_owned()],
        region: None,
        time_zone: None,
        voice: None,
        greeting: None,
        recording_notice: None,
        closing: None,
        voicemail_message: None,
        sequence: Sequence::default(),
        announce_keys: false,
        conversation_timeout_ms: None,
        transfer_to: None,
        resume: None,
        texting: Texting::default(),
        phrases: Vec::new(),
        questions: Vec::new(),
    }
}

/// A map that is one question by itself.
fn is_lone_question(node: &Node) -> bool {
    Loader::peek(node, "question").is_some() && Loader::peek(node, "agentType").is_none()
}

/// Stands in for a text that is missing or broken.
pub(super) fn silence() -> Speech {
    ByLanguage::alike(Template::parse("").expect("an empty text is a template"))
}
