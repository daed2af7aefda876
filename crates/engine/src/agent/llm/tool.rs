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
        self.uses().into_iter().filter_map(|used| used.path.into_iter().next()).collect()
    }

    /// Those without which it could not be done at all.
    pub(super) fn required_variables(&self) -> Vec<String> {
        let required = self.uses().into_iter().filter(|used| used.guard.is_required());
        required.filter_map(|used| used.path.into_iter().next()).collect()
    }

    fn uses(&self) -> Vec<Use> {
        let mut uses: Vec<Use> = match &self.does {
            Does::Http(http) => {
                let templates = std::iter::once(&http.url).chain(http.headers.iter().map(|(_, text)| text));
                let mut uses: Vec<Use> = templates.flat_map(Template::variables).collect();
                match &http.body {
                    Some(HttpBody::Text(text)) => uses.extend(text.variables()),
                    Some(HttpBody::Json(value)) => uses_of(value, &mut uses),
                    None => {}
                }
                uses
            }
            Does::SendText(text) => {
                text.from.iter().chain(&text.message).flat_map(Template::variables).collect()
            }
            Does::Ask { agent, .. } => {
                let speeches = agent.speeches();
                let templates =
                    speeches.iter().flat_map(|(_, speech)| speech.iter().map(|(_, template)| template));
                templates.flat_map(Template::variables).collect()
            }
            Does::Transfer { to, summary_to, .. } => {
                std::iter::once(to).chain(summary_to).flat_map(Template::variables).collect()
            }
            Does::EndCall | Does::SetVariable { .. } => Vec::new(),
        };
        uses.retain(|used| used.path.first().is_none_or(|name| name != ARGUMENTS));
        uses
    }
}

fn uses_of(value: &SetValue, uses: &mut Vec<Use>) {
    match value {
        SetValue::Text(template) => uses.extend(template.variables()),
        SetValue::Value(expression) => uses.extend(expression.variables()),
        SetValue::Literal(_) => {}
        SetValue::List(items) => items.iter().for_each(|item| uses_of(item, uses)),
        SetValue::Object(fields) => fields.values().for_each(|field| uses_of(field, uses)),
    }
}
