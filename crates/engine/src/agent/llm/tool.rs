//! What a model may do, as its author defines it.

use crate::agent::{QuestionAgent, Speech};
use crate::llm::persona::{Claim, OnInterrupt};
use crate::workflow::SetValue;
use crate::workflow::input::Shape;
use serde_json::Value;
use template::{Template, Use};

/// The name under which templates of a tool find what the model calls it with.
pub const ARGUMENTS: &str = "arguments";

#[derive(Clone, Debug)]
pub struct ToolDef {
    /// Its place in the list of the file, from 0.
    pub index: usize,
    /// As the model calls it.
    pub name: String,
    pub description: String,
    /// JSON Schema of its arguments, as it is offered to the model. Always of an object.
    pub schema: Value,
    /// The same, ready to be checked against.
    pub shape: Shape,
    pub does: Does,
    /// What may only be said once it succeeded.
    pub claims: Vec<Claim>,
    pub on_interrupt: OnInterrupt,
    /// How long it may take.
    pub timeout_ms: i64,
    /// Said when it begins.
    pub say_while: Option<Speech>,
}

/// What is done when the model calls it.
#[derive(Clone, Debug)]
pub enum Does {
    Http(HttpTool),
    /// Sends a text to the person on the line.
    SendText(SendTextTool),
    /// Asks a question as a question agent does, so that its answer is understood and not guessed.
    Ask {
        /// An agent of that one question.
        agent: Box<QuestionAgent>,
        /// Variable of the run that the answer goes to, beside the model.
        variable: Option<String>,
    },
    Transfer {
        to: Template,
        summary: Handover,
        /// Number that a summary is sent to; that of the transfer where nothing is said.
        summary_to: Option<Template>,
    },
    EndCall,
    SetVariable {
        variable: String,
    },
}

impl Does {
    /// The name under `type`.
    pub fn name(&self) -> &'static str {
        match self {
            Does::Http(_) => "http",
            Does::SendText(_) => "sendText",
            Does::Ask { .. } => "askQuestion",
            Does::Transfer { .. } => "transfer",
            Does::EndCall => "endCall",
            Does::SetVariable { .. } => "setVariable",
        }
    }
}

/// A request to somewhere else. Its templates see the run's variables, secret ones too, and `arguments`.
#[derive(Clone, Debug)]
pub struct HttpTool {
    pub method: HttpMethod,
    pub url: Template,
    pub headers: Vec<(String, Template)>,
    pub body: Option<HttpBody>,
    /// Name of a credential whose secrets go along.
    pub credential: Option<String>,
    /// Characters of the answer that the model is told.
    pub answer_characters_max: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpMethod {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl HttpMethod {
    pub const ALL: [HttpMethod; 5] =
        [HttpMethod::Get, HttpMethod::Post, HttpMethod::Put, HttpMethod::Patch, HttpMethod::Delete];

    pub fn as_str(self) -> &'static str {
        match self {
            HttpMethod::Get => "GET",
            HttpMethod::Post => "POST",
            HttpMethod::Put => "PUT",
            HttpMethod::Patch => "PATCH",
            HttpMethod::Delete => "DELETE",
        }
    }
}

/// What goes along with a request. Without one, a request that may carry something carries the arguments as JSON.
#[derive(Clone, Debug)]
pub enum HttpBody {
    Text(Template),
    Json(SetValue),
}

#[derive(Clone, Debug)]
pub struct SendTextTool {
    pub channel: TextChannel,
    /// Who sends; the call's own number where nothing is said.
    pub from: Option<Template>,
    /// What is sent; without it the model writes it, as the argument `text`.
    pub message: Option<Template>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TextChannel {
    #[default]
    Sms,
    WhatsApp,
}

/// What whoever takes over is told of the conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Handover {
    #[default]
    None,
    /// Before they are connected.
    Spoken,
    /// By a text.
    Sent,
}

impl ToolDef {
    /// Names of the run's variables that its texts use.
    pub fn variables(&self) -> Vec<String> {
        let uses = self.uses().into_iter().flat_map(|(_, uses)| uses);
        uses.filter_map(|used| used.path.into_iter().next()).collect()
    }

    /// What its texts use of the run, by the paths where they stand.
    pub(in crate::agent) fn uses(&self) -> Vec<(String, Vec<Use>)> {
        let mut all = self.all_uses();
        for (_, uses) in &mut all {
            uses.retain(|used| used.path.first().is_none_or(|name| name != ARGUMENTS));
        }
        all
    }

    /// What its texts use of the run and of the arguments, by the paths where they stand.
    pub(in crate::agent) fn all_uses(&self) -> Vec<(String, Vec<Use>)> {
        let of = |path: &str, template: &Template| (path.to_owned(), template.variables());
        match &self.does {
            Does::Http(http) => {
                let mut all = vec![of("url", &http.url)];
                all.extend(http.headers.iter().map(|(name, text)| of(&format!("headers.{name}"), text)));
                match &http.body {
                    Some(HttpBody::Text(text)) => all.push(of("body", text)),
                    Some(HttpBody::Json(value)) => of_value("body", value, &mut all),
                    None => {}
                }
                all
            }
            Does::SendText(text) => {
                let from = text.from.iter().map(|from| of("from", from));
                from.chain(text.message.iter().map(|message| of("message", message))).collect()
            }
            Does::Ask { agent, .. } => {
                let speeches = agent.speeches();
                let templates =
                    speeches.iter().flat_map(|(_, speech)| speech.iter().map(|(_, template)| template));
                templates.map(|template| of("question", template)).collect()
            }
            Does::Transfer { to, summary_to, .. } => {
                let mut all = vec![of("to", to)];
                all.extend(summary_to.iter().map(|to| of("summaryTo", to)));
                all
            }
            Does::EndCall | Does::SetVariable { .. } => Vec::new(),
        }
    }
}

fn of_value(path: &str, value: &SetValue, all: &mut Vec<(String, Vec<Use>)>) {
    match value {
        SetValue::Text(template) => all.push((path.to_owned(), template.variables())),
        SetValue::Value(expression) => all.push((path.to_owned(), expression.variables())),
        SetValue::Literal(_) => {}
        SetValue::List(items) => {
            let numbered = items.iter().enumerate();
            numbered.for_each(|(index, item)| of_value(&format!("{path}.{index}"), item, all));
        }
        SetValue::Object(fields) => {
            fields.iter().for_each(|(name, field)| of_value(&format!("{path}.{name}"), field, all));
        }
    }
}
