//! What a model may do, and what may only be said once it was done.

use super::top;
use crate::agent::keys::llm::{CLAIM, HTTP_METHODS, TOOL, TOOL_TYPES, tool_table};
use crate::agent::llm::{
    Does, Handover, HttpBody, HttpMethod, HttpTool, LlmAgent, SendTextTool, TextChannel, ToolDef,
};
use crate::agent::{Question, QuestionAgent};
use crate::diagnostic::{Code, did_you_mean};
use crate::document::{Node, Value, fold_key};
use crate::limits::{TOOL_ANSWER_CHARACTERS_MAX, TOOL_NAME_CHARACTERS_MAX, TOOL_TIMEOUT_MS_MAX, TOOLS_MAX};
use crate::llm::claims::ClaimSet;
use crate::llm::persona::{Claim, OnInterrupt};
use crate::workflow::input::{Shape, Type};
use crate::workflow::load::Loader;
use crate::workflow::load::answers::{PATTERN_BYTES_MAX, pattern_problem};
use crate::workflow::load::fields::{Fields, listed};
use crate::workflow::load::inputs::json;
use crate::workflow::load::top::is_language_tag;
use crate::workflow::load::values::is_variable_name;
use serde_json::json;

const TIMEOUT_MS: i64 = 10_000;
const ANSWER_CHARACTERS: usize = 2_000;

impl Loader<'_> {
    /// The tools; each takes the place that a block has in a workflow.
    pub(super) fn tools(&mut self, fields: &Fields<'_>, agent: &LlmAgent) -> Vec<ToolDef> {
        let Some(entry) = fields.get("tools") else { return Vec::new() };
        self.remember("tools", entry.value.span, None);
        let items = self.items_of(entry, TOOLS_MAX);
        for (index, item) in items.iter().enumerate() {
            let name = Loader::peek(item, "name").and_then(Node::scalar).map(|scalar| scalar.text.trim());
            self.block_ids.push(name.map_or_else(|| format!("tool {}", index + 1), str::to_owned));
        }
        let mut tools: Vec<ToolDef> = Vec::new();
        for (index, item) in items.iter().enumerate() {
            self.at_block = Some(index);
            self.remember("id", item.span, None);
            if let Some(tool) = self.tool(item, agent) {
                if tools.iter().any(|known| known.name == tool.name) {
                    let message = format!("there are two tools `{}`", tool.name);
                    self.report_at(Code::DuplicateId, item.span, message, None);
                }
                tools.push(tool);
            }
        }
        self.at_block = None;
        tools
    }

    fn tool(&mut self, node: &Node, agent: &LlmAgent) -> Option<ToolDef> {
        let kind = Loader::peek(node, "type").and_then(Node::scalar).map(|scalar| fold_key(&scalar.text));
        let kind = TOOL_TYPES.iter().copied().find(|known| Some(fold_key(known)) == kind);
        let Some((kind, table)) = kind.and_then(|kind| Some((kind, tool_table(kind)?))) else {
            // Without its type nothing is known of its other keys.
            self.unknown_tool(node);
            return None;
        };
        let fields = self.fields(node, &[&TOOL, table], "")?;
        self.plain(&fields, "type");
        let name = self.tool_name(&fields)?;
        let does = self.does(kind, &fields, agent);
        let (schema, shape) = self.parameters(kind, &fields);
        Some(ToolDef {
            index: self.at_block.unwrap_or_default(),
            name,
            description: self.plain(&fields, "description").unwrap_or_default(),
            schema,
            shape,
            does: does?,
            claims: self.claims(&fields),
            on_interrupt: match self.one_of(&fields, "onInterrupt") {
                Some("cancel") => OnInterrupt::Cancel,
                _ => OnInterrupt::Keep,
            },
            timeout_ms: self.tool_timeout(&fields),
            say_while: self.speech(&fields, "sayWhile"),
        })
    }

    fn unknown_tool(&mut self, node: &Node) {
        let Value::Map(entries) = &node.value else {
            return self.wrong_type(node.span, &format!("a tool is a map, not {}", node.noun()));
        };
        let entry = entries.iter().find(|entry| fold_key(&entry.key) == "type");
        match entry.and_then(|entry| Some((entry, entry.value.scalar()?))) {
            Some((entry, scalar)) => self.bad_word("type", &scalar.text, entry.value.span, TOOL_TYPES),
            None => self.missing_type(node, "a tool", TOOL_TYPES),
        }
    }

    fn tool_name(&mut self, fields: &Fields<'_>) -> Option<String> {
        let name = self.plain(fields, "name")?;
        let is_fit = !name.is_empty()
            && name.len() <= TOOL_NAME_CHARACTERS_MAX
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
        if !is_fit {
            let span = fields.get("name").map_or(fields.span, |entry| entry.value.span);
            let hint = format!("take letters, digits, `_` and `-`, at most {TOOL_NAME_CHARACTERS_MAX}");
            self.report_at(Code::BadName, span, format!("`{name}` cannot name a tool"), Some(hint));
        }
        Some(name)
    }

    fn tool_timeout(&mut self, fields: &Fields<'_>) -> i64 {
        let Some(ms) = self.positive_duration_ms(fields, "timeout") else { return TIMEOUT_MS };
        if ms > TOOL_TIMEOUT_MS_MAX
            && let Some(entry) = fields.get("timeout")
        {
            let message = format!("`timeout` is at most {} s", TOOL_TIMEOUT_MS_MAX / 1_000);
            let hint =
                "nobody stays on the line that long; let the tool answer at once and work on".to_owned();
            self.report_at(Code::BadDuration, entry.value.span, message, Some(hint));
        }
        ms
    }

    fn does(&mut self, kind: &str, fields: &Fields<'_>, agent: &LlmAgent) -> Option<Does> {
        Some(match kind {
            "http" => Does::Http(self.http_tool(fields)?),
            "sendText" => Does::SendText(SendTextTool {
                channel: match self.one_of(fields, "channel") {
                    Some("whatsapp") => TextChannel::WhatsApp,
                    _ => TextChannel::Sms,
                },
                from: self.template(fields, "from"),
                message: self.template(fields, "message"),
            }),
            "askQuestion" => self.ask_tool(fields, agent)?,
            "transfer" => self.transfer_tool(fields)?,
            "endCall" => Does::EndCall,
            _ => Does::SetVariable { variable: self.variable(fields)? },
        })
    }

    fn variable(&mut self, fields: &Fields<'_>) -> Option<String> {
        let variable = self.plain(fields, "variable")?;
        if !is_variable_name(&variable) {
            let span = fields.get("variable").map_or(fields.span, |entry| entry.value.span);
            self.report_at(Code::BadName, span, format!("`{variable}` cannot name a variable"), None);
        }
        Some(variable)
    }

    fn transfer_tool(&mut self, fields: &Fields<'_>) -> Option<Does> {
        let summary = match self.one_of(fields, "summary") {
            Some("spoken") => Handover::Spoken,
            Some("sent") => Handover::Sent,
            _ => Handover::None,
        };
        if let Some(entry) = fields.get("summaryTo")
            && summary != Handover::Sent
        {
            let message = "`summaryTo` means nothing without `summary: sent`".to_owned();
            self.report_at(Code::BadValue, entry.key_span, message, None);
        }
        let summary_to = self.template(fields, "summaryTo");
        Some(Does::Transfer { to: self.template(fields, "to")?, summary, summary_to })
    }

    fn http_tool(&mut self, fields: &Fields<'_>) -> Option<HttpTool> {
        let word = self.one_of(fields, "method").unwrap_or("GET");
        let at = HTTP_METHODS.iter().position(|known| *known == word).unwrap_or_default();
        let method = HttpMethod::ALL[at];
        let headers = self.template_map(fields, "headers").into_iter().collect();
        let answer_max = self.count_from_one(fields, "answerMax", TOOL_ANSWER_CHARACTERS_MAX);
        let answer_max = answer_max.and_then(|max| usize::try_from(max).ok());
        let body = fields.get("body").and_then(|entry| {
            if matches!(method, HttpMethod::Get) {
                let message = "`body` means nothing with the method GET".to_owned();
                let hint = "write `method: POST`, or put the values into `url`".to_owned();
                self.report_at(Code::BadValue, entry.key_span, message, Some(hint));
            }
            match &entry.value.value {
                Value::Scalar(_) => self.template(fields, "body").map(HttpBody::Text),
                _ => self.value(&entry.value, "body").map(HttpBody::Json),
            }
        });
        let url = self.template(fields, "url")?;
        self.http_url(fields, &url);
        Some(HttpTool {
            method,
            url,
            headers,
            body,
            credential: self.plain(fields, "credential"),
            answer_characters_max: answer_max.unwrap_or(ANSWER_CHARACTERS),
        })
    }

    fn http_url(&mut self, fields: &Fields<'_>, url: &template::Template) {
        let text = url.source().trim();
        let is_fit = text.starts_with("{{") || text.starts_with("https://") || text.starts_with("http://");
        if let (false, Some(entry)) = (is_fit, fields.get("url")) {
            let message = format!("`{text}` is no address of the web");
            let hint = "write it whole, beginning with `https://`".to_owned();
            self.report_at(Code::BadValue, entry.value.span, message, Some(hint));
        }
    }

    /// A question agent of that one question, at home where the agent is.
    fn ask_tool(&mut self, fields: &Fields<'_>, agent: &LlmAgent) -> Option<Does> {
        let entry = fields.get("question")?;
        for name in ["next", "conditionalActions"] {
            if Loader::peek(&entry.value, name).is_some() {
                let message = format!("`{name}` means nothing here: what follows is up to the model");
                self.report_at(Code::BadValue, entry.value.span, message, Some("remove it".into()));
                return None;
            }
        }
        let variable = if fields.get("variable").is_some() { self.variable(fields) } else { None };
        let id = Loader::peek(&entry.value, "id").and_then(Node::scalar).map(|scalar| scalar.text.clone());
        let (mut question, _): (Question, _) = self.question(&entry.value);
        if let Some(id) = id {
            question.id = id.trim().to_owned();
        }
        let asked = QuestionAgent {
            languages: agent.languages.clone(),
            region: agent.region.clone(),
            time_zone: agent.time_zone.clone(),
            voice: agent.voice.clone(),
            questions: vec![question],
            ..top::nothing(&agent.name)
        };
        Some(Does::Ask { agent: Box::new(asked), variable })
    }

    /// What the model calls it with. Some tools know that by themselves.
    fn parameters(&mut self, kind: &str, fields: &Fields<'_>) -> (serde_json::Value, Shape) {
        let object = || Shape { types: vec![Type::Object], ..Shape::default() };
        if kind == "setVariable" {
            if let Some(entry) = fields.get("parameters") {
                let message = "a tool that sets a variable takes `value` and nothing else".to_owned();
                let hint = "describe it under `value`".to_owned();
                self.report_at(Code::BadValue, entry.key_span, message, Some(hint));
            }
            let (value, of_value) = match fields.get("value") {
                Some(entry) => (json(&entry.value, false), self.shape(&entry.value, 1)),
                None => (json!({"type": "string"}), Shape::default()),
            };
            let shape = Shape {
                properties: vec![("value".to_owned(), of_value)],
                required: vec!["value".to_owned()],
                ..object()
            };
            let schema = json!({"type": "object", "properties": {"value": value}, "required": ["value"]});
            return (schema, shape);
        }
        match fields.get("parameters") {
            Some(entry) => self.object_schema(&entry.value, "parameters"),
            None => (json!({"type": "object", "properties": {}}), object()),
        }
    }

    /// JSON Schema of an object: as it stands, or made of names with the schema of each, which are then required
    /// unless they have a default.
    pub(super) fn object_schema(&mut self, node: &Node, path: &str) -> (serde_json::Value, Shape) {
        self.remember(path, node.span, None);
        let is_whole = Loader::peek(node, "type").is_some_and(|kind| matches!(kind.value, Value::Scalar(_)));
        if is_whole {
            let (schema, shape) = (json(node, false), self.shape(node, 1));
            if schema["type"] != "object" {
                let message = format!("`{path}` describes an object, not {}", schema["type"]);
                self.report_at(Code::BadSchema, node.span, message, None);
            }
            return (schema, shape);
        }
        let Value::Map(entries) = &node.value else {
            let message = format!("`{path}` is a map of names and schemas, not {}", node.noun());
            self.wrong_type(node.span, &message);
            return (json!({"type": "object"}), Shape::default());
        };
        let mut shape = Shape { types: vec![Type::Object], ..Shape::default() };
        let mut properties = serde_json::Map::new();
        for entry in entries {
            let described = self.shape(&entry.value, 1);
            if Loader::peek(&entry.value, "default").is_none() {
                shape.required.push(entry.key.clone());
            }
            shape.properties.push((entry.key.clone(), described));
            properties.insert(entry.key.clone(), json(&entry.value, false));
        }
        let schema = json!({"type": "object", "properties": properties, "required": shape.required});
        (schema, shape)
    }

    /// Names of ready sets, and patterns with their language.
    fn claims(&mut self, fields: &Fields<'_>) -> Vec<Claim> {
        let Some(entry) = fields.get("claims") else { return Vec::new() };
        self.remember("claims", entry.value.span, None);
        let items = match &entry.value.value {
            Value::List(items) => items.as_slice(),
            _ => std::slice::from_ref(&entry.value),
        };
        let mut claims = Vec::new();
        for item in items {
            match &item.value {
                Value::Map(_) => claims.extend(self.own_claims(item)),
                _ => {
                    let Some(scalar) = self.scalar_of(item, &entry.key, entry.key_span) else { continue };
                    let known = ClaimSet::ALL.into_iter();
                    match known.clone().find(|set| fold_key(set.as_str()) == fold_key(&scalar.text)) {
                        Some(set) => claims.push(Claim::Set(set)),
                        None => {
                            let names: Vec<&str> = known.map(ClaimSet::as_str).collect();
                            let hint = did_you_mean(&scalar.text, names.iter().copied())
                                .unwrap_or_else(|| format!("there are {}", listed(&names)));
                            let message = format!("there is no set of claims `{}`", scalar.text.trim());
                            self.report_at(Code::BadValue, item.span, message, Some(hint));
                        }
                    }
                }
            }
        }
        claims
    }

    /// `{language: en, patterns: […]}`
    fn own_claims(&mut self, node: &Node) -> Option<Claim> {
        let fields = self.fields(node, &[&CLAIM], "claims.")?;
        let language = self.plain(&fields, "language")?;
        if let (false, Some(entry)) = (is_language_tag(&language), fields.get("language")) {
            let message = format!("`{language}` is no language tag");
            self.report_at(Code::BadValue, entry.value.span, message, None);
        }
        let mut patterns = Vec::new();
        for text in self.plains(&fields, "patterns") {
            let built =
                regex::RegexBuilder::new(&text).case_insensitive(true).size_limit(PATTERN_BYTES_MAX).build();
            match built {
                Ok(pattern) => patterns.push(pattern),
                Err(error) => {
                    let span = fields.get("patterns").map_or(node.span, |entry| entry.value.span);
                    self.report_at(Code::BadPattern, span, pattern_problem(&error), None);
                }
            }
        }
        Some(Claim::Patterns { language, patterns })
    }
}
