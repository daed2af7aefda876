//! From the definition to who talks: every text filled in for one conversation.

use super::{Disclosure, Does, Handover, LlmAgent, Mode, ToolDef, UserHangup};
use crate::agent::{Agent, ByLanguage, QuestionAgent, Speech};
use crate::conversation::Conversation;
use crate::llm::instant::InstantAnswer;
use crate::llm::persona::{Action, Delivery, Inquiry, Persona, Texts, Tool};
use crate::llm::phrases::{Phrase, wording};
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use template::{Context, Scope, Template};

/// A text that cannot be filled in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{key}` cannot be filled in: {message}")]
pub struct Unfilled {
    /// Where the text stands, such as `systemPrompt`.
    pub key: String,
    pub message: String,
}

impl LlmAgent {
    /// Who talks in this conversation. The same conversation always gives the same persona, so that the beginning
    /// of its prompts stays as the provider knows it. Secret variables are taken for missing.
    ///
    /// # Errors
    /// The first text that needs something that is not there.
    pub fn persona(&self, conversation: &Conversation) -> Result<Persona, Unfilled> {
        let filler = Filler::of(self, conversation);
        let one = |key: &str, speech: &Option<Speech>| match speech {
            Some(speech) => filler.texts(key, speech),
            None => Ok(Texts::none()),
        };
        let many = |key: &str, list: &[Speech]| -> Result<Vec<Texts>, Unfilled> {
            let numbered = list.iter().enumerate();
            numbered.map(|(index, speech)| filler.texts(&format!("{key}.{index}"), speech)).collect()
        };
        let instant_answers = self.instant_answers.iter().enumerate().map(|(index, instant)| {
            let answer = filler.texts(&format!("instantAnswers.{index}.answer"), &instant.answer)?;
            Ok(InstantAnswer { phrases: instant.phrases.clone(), answer })
        });
        let fallback_transfer = self.fallback_transfer.as_ref();
        Ok(Persona {
            languages: self.languages.clone(),
            endpoints: self.asked_at(),
            stated_prices: self.endpoints.iter().map(|endpoint| endpoint.prices).collect(),
            instructions: filler.text("systemPrompt", &self.system_prompt)?,
            temperature: self.temperature,
            answer_tokens_max: self.answer_tokens_max,
            turns_max: self.turns_max,
            timeout_ms: Some(self.conversation_timeout_ms),
            ends_on_goodbye: self.user_hangup == UserHangup::Allowed,
            end_phrases: self.end_phrases.clone(),
            interruptible: self.interruptible,
            greeting: one("greeting", &self.greeting)?,
            disclosure: self.disclosed(&filler)?,
            recording_notice: one("recordingNotice", &self.recording_notice)?,
            voicemail: one("voicemailMessage", &self.voicemail_message)?,
            fallback: one("fallback", &self.fallback)?,
            fallback_transfer: fallback_transfer
                .map(|to| filler.number("fallback.transferTo", to))
                .transpose()?,
            silence_prompts: many("silencePrompts", &self.silence_prompts)?,
            hold_phrases: many("holdPhrases", &self.hold_phrases)?,
            closing: one("closing", &self.closing)?,
            reply_sentences_max: self.reply_sentences_max,
            delivery: self.delivery(),
            tools: self.tools.iter().map(|tool| tool.filled(&filler)).collect::<Result<_, _>>()?,
            instant_answers: instant_answers.collect::<Result<_, _>>()?,
            budget: self.budget,
        })
    }

    /// Words can only go out before their sentence is judged where there is nothing to judge, and where the line takes
    /// them.
    fn delivery(&self) -> Delivery {
        let is_judged = self.tools.iter().any(|tool| !tool.claims.is_empty());
        if self.mode == Mode::Relay && !is_judged { Delivery::Words } else { Delivery::Sentences }
    }

    fn disclosed(&self, filler: &Filler<'_>) -> Result<Texts, Unfilled> {
        match &self.disclosure {
            Disclosure::None => Ok(Texts::none()),
            Disclosure::Ours => {
                let said = |tag: &String| (tag.clone(), wording(Phrase::Disclosure, tag).to_owned());
                Ok(Texts::of(self.languages.iter().map(said).collect()))
            }
            Disclosure::Own(speech) => filler.texts("disclosure", speech),
        }
    }
}

impl ToolDef {
    fn filled(&self, filler: &Filler<'_>) -> Result<Tool, Unfilled> {
        let key = |name: &str| format!("tools.{}.{name}", self.index);
        let action = match &self.does {
            Does::Http(_) | Does::SendText(_) => Action::Outside,
            Does::Ask { agent, variable } => {
                Action::Ask { inquiry: Arc::new(inquiry(agent, variable.clone(), filler)) }
            }
            Does::EndCall => Action::EndCall,
            Does::SetVariable { variable } => Action::SetVariable { variable: variable.clone() },
            Does::Transfer { to, summary, .. } => {
                Action::Transfer { to: filler.number(&key("to"), to)?, summary: *summary }
            }
        };
        Ok(Tool {
            name: self.name.clone(),
            description: self.description.clone(),
            parameters: self.offered(),
            shape: self.shape.clone(),
            action,
            claims: self.claims.clone(),
            on_interrupt: self.on_interrupt,
            say_while: match &self.say_while {
                Some(speech) => filler.texts(&key("sayWhile"), speech)?,
                None => Texts::none(),
            },
        })
    }

    /// The schema that the model is shown: what the author wrote, and what we need besides.
    fn offered(&self) -> Value {
        let mut schema = self.schema.clone();
        let needed = match &self.does {
            Does::Transfer { summary: Handover::Spoken | Handover::Sent, .. } => {
                let about = "What whoever takes over has to know, in one or two sentences.";
                Some(("summary", about))
            }
            Does::SendText(text) if text.message.is_none() => Some(("text", "What the text says.")),
            _ => None,
        };
        if let Some((name, description)) = needed {
            schema["properties"][name] = json!({"type": "string", "description": description});
            let mut required: Vec<Value> = schema["required"].as_array().cloned().unwrap_or_default();
            if !required.iter().any(|known| known == name) {
                required.push(name.into());
            }
            schema["required"] = required.into();
        }
        schema
    }
}

/// A question without the goodbye that an agent of its own would say behind it.
fn inquiry(agent: &QuestionAgent, variable: Option<String>, filler: &Filler<'_>) -> Inquiry {
    let silence = Template::parse("").ok().map(ByLanguage::alike);
    let agent = QuestionAgent { closing: silence, ..agent.clone() };
    let known = &filler.known;
    let names = known.variables.keys().filter(|name| known.get(name).is_some());
    Inquiry {
        agent: Agent::Questions(Box::new(agent)),
        variables: names.map(|name| (name.clone(), known.variables[name].clone())).collect(),
        region: filler.context.region.clone(),
        time_zone: filler.context.time_zone.iana_name().map(str::to_owned),
        variable,
    }
}

/// Fills texts in, for one conversation.
struct Filler<'a> {
    languages: &'a [String],
    known: Known<'a>,
    context: Context,
}

/// The run's variables, less the secret ones.
struct Known<'a> {
    variables: &'a Map<String, Value>,
    secrets: [&'a [String]; 2],
}

impl Scope for Known<'_> {
    fn get(&self, name: &str) -> Option<&Value> {
        let is_secret = self.secrets.iter().any(|names| names.iter().any(|secret| secret == name));
        self.variables.get(name).filter(|_| !is_secret)
    }
}

impl<'a> Filler<'a> {
    fn of(agent: &'a LlmAgent, conversation: &'a Conversation) -> Filler<'a> {
        let zone = conversation.time_zone.as_deref().or(agent.time_zone.as_deref());
        let zone = zone.map(TimeZone::get).and_then(Result::ok);
        Filler {
            languages: &agent.languages,
            known: Known {
                variables: &conversation.variables,
                secrets: [&agent.secrets, &conversation.secrets],
            },
            context: Context {
                now: conversation.started_at,
                time_zone: zone.unwrap_or(TimeZone::UTC),
                language: agent.languages[0].clone(),
                region: conversation.region.clone().or_else(|| agent.region.clone()),
                ..Context::default()
            },
        }
    }

    fn text(&self, key: &str, template: &Template) -> Result<String, Unfilled> {
        self.text_in(key, template, &self.context)
    }

    /// A number that is rung up, and told to nobody: it may be secret.
    fn number(&self, key: &str, template: &Template) -> Result<String, Unfilled> {
        let filled = template.render(self.known.variables, &self.context);
        let filled = filled.map_err(|error| Unfilled { key: key.to_owned(), message: error.message() })?;
        Ok(filled.trim().to_owned())
    }

    fn text_in(&self, key: &str, template: &Template, context: &Context) -> Result<String, Unfilled> {
        let filled = template.render(&self.known, context);
        filled.map_err(|error| Unfilled { key: key.to_owned(), message: error.message() })
    }

    /// A speech in each language of the agent, with dates and numbers as that language writes them.
    fn texts(&self, key: &str, speech: &Speech) -> Result<Texts, Unfilled> {
        let mut texts = Vec::new();
        for tag in self.languages {
            let context = Context { language: tag.clone(), ..self.context.clone() };
            texts.push((tag.clone(), self.text_in(key, speech.in_language(tag), &context)?));
        }
        Ok(Texts::of(texts))
    }
}
