//! Tools: called once for each turn and call, their results told to the model.

use super::{Advance, Dialogue, Ending, Note, Out, Phase, Refused, Step, TOOL_ROUNDS_MAX};
use crate::agent::llm::Handover;
use crate::llm::history::Line;
use crate::llm::persona::{Action, OnInterrupt, Persona, Tool};
use crate::llm::phrases::Phrase;
use crate::llm::question::Call;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// What a tool did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// What it answered.
    Well { text: String },
    /// Why it did not.
    Badly { reason: String },
}

impl Dialogue {
    /// Takes in the end of a tool's work.
    ///
    /// # Errors
    /// [`Refused`]: the call was cancelled, or is known to be over.
    pub fn tool_done(
        self,
        persona: &Persona,
        id: &str,
        done: &Done,
        now: Timestamp,
    ) -> Result<Step, Refused> {
        let mut advance = self.advance(persona, now)?;
        let at = advance.dialogue.at_work.iter().position(|call| call.id == id).ok_or(Refused::Stale)?;
        let call = advance.dialogue.at_work.remove(at);
        advance.result(&call, done);
        if advance.dialogue.at_work.is_empty() && matches!(advance.dialogue.phase, Phase::Replying { .. }) {
            advance.think_again();
        }
        Ok(advance.into_step())
    }
}

/// What a tool is called with, where it is what its author asks for.
fn fitting(tool: &Tool, arguments: Option<Value>) -> Result<Map<String, Value>, String> {
    let Some(Value::Object(arguments)) = arguments else {
        return Err("the arguments are no JSON object; call it again".to_owned());
    };
    let arguments = Value::Object(arguments);
    let mut problems = Vec::new();
    tool.shape.check(&arguments, "arguments", None, &mut problems);
    match arguments {
        Value::Object(arguments) if problems.is_empty() => Ok(arguments),
        _ => Err(format!("{}; call it again", problems.join("; "))),
    }
}

impl Advance<'_> {
    /// Begins what the model asked for. What needs nobody outside is done at once.
    pub(super) fn call_tools(&mut self, calls: Vec<Call>) {
        let Phase::Replying { reply } = &mut self.dialogue.phase else { return };
        reply.rounds += 1;
        if reply.rounds > TOOL_ROUNDS_MAX {
            return self.no_answer();
        }
        let persona = self.persona;
        for call in &calls {
            self.dialogue.lines_mut().push(Line::Called { call: call.clone() });
        }
        let mut asked = None;
        for call in calls {
            let arguments: Result<Value, _> = serde_json::from_str(&call.arguments);
            let Some(tool) = persona.tool(&call.name) else {
                let reason = format!("there is no tool {}", call.name);
                self.result(&call, &Done::Badly { reason });
                continue;
            };
            let arguments = match fitting(tool, arguments.ok()) {
                Ok(arguments) => arguments,
                Err(reason) => {
                    self.result(&call, &Done::Badly { reason });
                    continue;
                }
            };
            match &tool.action {
                Action::EndCall => {
                    self.dialogue.phase = Phase::Listening;
                    return self.close(Ending::EndCall);
                }
                Action::Transfer { to, summary } => {
                    self.dialogue.phase = Phase::Listening;
                    self.say(&tool.say_while, Some(Phrase::Transferring));
                    let about = arguments.get("summary").and_then(Value::as_str).map(str::to_owned);
                    return self.transfer(to, *summary, about.filter(|_| *summary != Handover::None));
                }
                Action::SetVariable { variable } => {
                    let value = arguments.get("value").cloned().unwrap_or(Value::Null);
                    self.dialogue.variables.insert(variable.clone(), value);
                    self.result(&call, &Done::Well { text: "done".to_owned() });
                }
                Action::Ask { .. } if asked.is_some() => {
                    let reason =
                        "one question at a time; call it again once the other is answered".to_owned();
                    self.result(&call, &Done::Badly { reason });
                }
                Action::Ask { inquiry } => {
                    self.say(&tool.say_while, None);
                    self.out.push(Out::Inquire { call: call.clone() });
                    asked = Some((call, inquiry.clone()));
                }
                Action::Outside => {
                    self.say(&tool.say_while, None);
                    let key = format!("{}.{}", self.dialogue.turn, call.id);
                    self.dialogue.at_work.push(call.clone());
                    self.out.push(Out::Call { call, key });
                }
            }
        }
        if let Some((call, inquiry)) = asked {
            self.ask(call, &inquiry);
        } else if self.dialogue.at_work.is_empty() {
            self.think_again();
        }
    }

    pub(super) fn result(&mut self, call: &Call, done: &Done) {
        let text = match done {
            Done::Well { text } => {
                self.dialogue.succeeded.push(call.name.clone());
                text.clone()
            }
            Done::Badly { reason } => {
                self.notes.push(Note::ToolFailed { tool: call.name.clone() });
                json!({ "error": reason }).to_string()
            }
        };
        self.dialogue.lines_mut().push(Line::Result { call: call.id.clone(), text });
    }

    pub(super) fn think_again(&mut self) {
        let Phase::Replying { reply } = &self.dialogue.phase else { return };
        let reply = reply.clone();
        self.think(reply);
    }

    /// Of a turn that is interrupted, the tools that its author wants stopped are stopped; the others go on, and the
    /// model learns at the next turn what they did.
    pub(super) fn stop_tools(&mut self) {
        let persona = self.persona;
        let cancelled = |call: &Call| {
            persona.tool(&call.name).is_none_or(|tool| tool.on_interrupt == OnInterrupt::Cancel)
        };
        let (gone, kept): (Vec<Call>, Vec<Call>) =
            std::mem::take(&mut self.dialogue.at_work).into_iter().partition(cancelled);
        self.dialogue.at_work = kept;
        for call in gone {
            self.out.push(Out::CancelCall { id: call.id.clone() });
            let reason = "the caller broke in, and it was cancelled".to_owned();
            self.result(&call, &Done::Badly { reason });
        }
    }
}
