//! A part of a turn that a language model speaks, as TwiML.

use super::{alone, gather_language, hints, listening, seconds, spoken};
use crate::outbound::call::Addresses;
use crate::voice::handover;
use crate::voice::parts::{Part, Then};
use engine::agent::LlmAgent;
use engine::conversation::Utterance;
use twilio::voice::SpeechModel;
use twilio::voice_twiml::{
    Document, FinishOnKey, Gather, Hangup, Input, Key, Pause, Prompting, Redirect, SpeechTimeout, Verb,
};

/// The pause between two looks at a model that is slow, in seconds.
const PAUSE_S: u32 = 1;

/// Where the call goes from a part.
pub(in crate::voice) struct Next {
    /// What was heard.
    pub(in crate::voice) heard: String,
    /// The next part.
    pub(in crate::voice) more: String,
}

/// How an agent listens.
pub(in crate::voice) struct Manner<'a> {
    pub(in crate::voice) agent: &'a LlmAgent,
    /// Tag of the language that is spoken and heard.
    pub(in crate::voice) language: &'a str,
    /// What holds the caller while the model is slow, where the part needs it.
    pub(in crate::voice) hold: Option<Utterance>,
}

/// The document of a part.
pub(in crate::voice) fn part(part: &Part, manner: &Manner<'_>, next: &Next, here: &Addresses) -> Document {
    let mut document = Document::default();
    document.verbs.extend(part.said.iter().flat_map(spoken).map(alone));
    match &part.then {
        Then::More => document.verbs.push(Redirect::to(next.more.clone()).into()),
        Then::Hold { .. } => {
            document.verbs.extend(manner.hold.iter().flat_map(spoken).map(alone));
            document.verbs.push(Redirect::to(next.more.clone()).into());
        }
        Then::Pause => {
            document.verbs.push(Pause { length_s: Some(PAUSE_S) }.into());
            document.verbs.push(Redirect::to(next.more.clone()).into());
        }
        Then::Listen { prompt } => document.verbs.extend(listen(free(manner), prompt, next)),
        Then::Ask { prompt, ask } => document.verbs.extend(listen(listening(&ask.input), prompt, next)),
        Then::Transfer(to) => document.verbs.push(handover::dial(to, here).into()),
        Then::HangUp { .. } => document.verbs.push(Hangup::default().into()),
    }
    document
}

/// The listening, and the same address where it cannot listen at all.
fn listen(gather: Gather, prompt: &[Utterance], next: &Next) -> [Verb; 2] {
    let prompts: Vec<Prompting> = prompt.iter().flat_map(spoken).collect();
    let gather = Gather { action: Some(next.heard.clone()), prompts, ..gather };
    [gather.into(), Redirect::to(next.heard.clone()).into()]
}

/// Listens for whatever is said or pressed.
fn free(manner: &Manner<'_>) -> Gather {
    let agent = manner.agent;
    let model = agent.speech_model.as_deref().and_then(SpeechModel::parse);
    Gather {
        input: vec![Input::Dtmf, Input::Speech],
        timeout_s: Some(seconds(agent.silence_timeout_ms)),
        // The first pause ends what is said; where a model is named, a number is wanted instead.
        speech_timeout: Some(match model {
            Some(_) => SpeechTimeout::Seconds(1),
            None => SpeechTimeout::Auto,
        }),
        finish_on_key: Some(FinishOnKey::Key(Key::POUND)),
        language: gather_language(manner.language),
        hints: hints(&agent.hints),
        barge_in: (!agent.interruptible).then_some(false),
        profanity_filter: Some(false),
        speech_model: model,
        action_on_empty_result: Some(true),
        ..Gather::default()
    }
}

#[cfg(test)]
mod tests;
