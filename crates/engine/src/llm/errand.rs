//! What a tool asks of somebody outside, with everything filled in. Nothing is done here.

use crate::agent::llm::{ARGUMENTS, HttpBody, HttpMethod, HttpTool, SendTextTool, TextChannel};
use crate::conversation::{Conversation, HIDDEN};
use crate::workflow::SetValue;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};
use template::{Context, RenderError, Scope, Template};

/// The shortest secret that is taken out of an answer: a shorter one stands in every text.
const MASKED_CHARACTERS_MIN: usize = 4;

/// What a tool's templates see: the run's variables, secret ones too, and what the model calls it with.
#[derive(Clone, Copy, Debug)]
pub struct Values<'a> {
    pub variables: &'a Map<String, Value>,
    pub arguments: &'a Value,
}

impl Scope for Values<'_> {
    fn get(&self, name: &str) -> Option<&Value> {
        if name == ARGUMENTS { Some(self.arguments) } else { self.variables.get(name) }
    }
}

/// A request, ready to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub method: HttpMethod,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: Option<Body>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    Text(String),
    /// Written.
    Json(String),
}

/// A text to the person on the line, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Texting {
    pub channel: TextChannel,
    /// Nothing: the call's own number.
    pub from: Option<String>,
    pub body: String,
}

/// Why nothing can be asked, in words for the model.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unready(pub String);

/// How texts of a conversation's tools are rendered.
pub fn context(conversation: &Conversation, now: Timestamp) -> Context {
    let zone = conversation.time_zone.as_deref().map(TimeZone::get).and_then(Result::ok);
    Context {
        now,
        time_zone: zone.unwrap_or(TimeZone::UTC),
        language: conversation.language.clone(),
        region: conversation.region.clone(),
        ..Context::default()
    }
}

/// The request of a tool. What is put into the address cannot change its host, its path or its query.
///
/// # Errors
/// What is missing, or what the address must not hold.
pub fn request(tool: &HttpTool, values: &Values<'_>, context: &Context) -> Result<Request, Unready> {
    let url = tool.url.render_url(values, context).map_err(|error| unready(&error))?;
    if has_dot_segment(&url) {
        return Err(Unready("an argument would lead the address somewhere else".to_owned()));
    }
    let mut headers = Vec::with_capacity(tool.headers.len());
    for (name, value) in &tool.headers {
        let value = value.render(values, context).map_err(|error| unready(&error))?;
        headers.push((name.clone(), value.trim().to_owned()));
    }
    Ok(Request { method: tool.method, url, headers, body: body(tool, values, context)? })
}

/// What goes along: as the author says, else the arguments as JSON where something may go along.
fn body(tool: &HttpTool, values: &Values<'_>, context: &Context) -> Result<Option<Body>, Unready> {
    match &tool.body {
        Some(HttpBody::Text(text)) => {
            let text = text.render(values, context).map_err(|error| unready(&error))?;
            Ok(Some(Body::Text(text)))
        }
        Some(HttpBody::Json(tree)) => {
            let value = filled(tree, values, context).map_err(|error| unready(&error))?;
            Ok(Some(Body::Json(value.unwrap_or(Value::Null).to_string())))
        }
        None if matches!(tool.method, HttpMethod::Get | HttpMethod::Delete) => Ok(None),
        None => Ok(Some(Body::Json(values.arguments.to_string()))),
    }
}

/// The tree with its tags filled in. A field that is nothing but an argument that the model left out is left out.
fn filled(tree: &SetValue, values: &Values<'_>, context: &Context) -> Result<Option<Value>, RenderError> {
    Ok(match tree {
        SetValue::Value(expression) => match expression.path() {
            Some(path) if is_left_out(&path, values) => None,
            _ => Some(expression.evaluate(values, context)?),
        },
        SetValue::List(items) => {
            let mut list = Vec::with_capacity(items.len());
            for item in items {
                list.extend(filled(item, values, context)?);
            }
            Some(list.into())
        }
        SetValue::Object(fields) => {
            let mut object = Map::new();
            for (key, field) in fields {
                if let Some(value) = filled(field, values, context)? {
                    object.insert(key.clone(), value);
                }
            }
            Some(object.into())
        }
        SetValue::Text(_) | SetValue::Literal(_) => Some(tree.evaluate(values, context)?),
    })
}

fn is_left_out(path: &[String], values: &Values<'_>) -> bool {
    let Some((ARGUMENTS, way)) = path.split_first().map(|(first, way)| (first.as_str(), way)) else {
        return false;
    };
    let found = way.iter().try_fold(values.arguments, |value, step| value.get(step));
    found.is_none_or(Value::is_null)
}

/// The text that a tool sends.
///
/// # Errors
/// What is missing.
pub fn texting(tool: &SendTextTool, values: &Values<'_>, context: &Context) -> Result<Texting, Unready> {
    let rendered = |template: &Template| template.render(values, context).map_err(|error| unready(&error));
    let body = match &tool.message {
        Some(message) => rendered(message)?,
        None => values.arguments["text"].as_str().unwrap_or_default().to_owned(),
    };
    let body = body.trim().to_owned();
    if body.is_empty() {
        return Err(Unready("the text is empty".to_owned()));
    }
    let from = tool.from.as_ref().map(rendered).transpose()?.map(|from| from.trim().to_owned());
    Ok(Texting { channel: tool.channel, from: from.filter(|from| !from.is_empty()), body })
}

/// An answer without the values of secret variables: a server may repeat what it was sent, and the model must not learn
/// it.
pub fn masked(answer: &str, variables: &Map<String, Value>, secrets: &[&str]) -> String {
    let values = secrets.iter().filter_map(|name| variables.get(*name)).filter_map(|value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    });
    let long = values.filter(|value| value.chars().count() >= MASKED_CHARACTERS_MIN);
    long.fold(answer.to_owned(), |answer, secret| answer.replace(&secret, HIDDEN))
}

/// Whether the path has a step that leads back.
fn has_dot_segment(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    path.split(['/', '\\']).any(|segment| matches!(segment, "." | ".."))
}

fn unready(error: &RenderError) -> Unready {
    let argument = error.variable().and_then(|name| name.strip_prefix(ARGUMENTS)?.strip_prefix('.'));
    match argument {
        Some(argument) => Unready(format!("the argument {argument} is missing")),
        None => Unready(format!("it cannot be filled in: {}", error.message())),
    }
}
