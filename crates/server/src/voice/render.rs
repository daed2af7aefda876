//! What a conversation says, as TwiML: pure, and the same for the same arguments.
//!
//! Everything that is written goes through the types of [`twilio::voice_twiml`], so nothing that an author or a
//! caller wrote can break out of its place. What a voice cannot say is cut into pieces that it can.

pub(super) mod talk;

use crate::outbound::call::Addresses;
use engine::conversation::{Ask, Input, Keys, Out, SpeechModel as Model, Utterance};
use twilio::voice::{GatherLanguage, SayLanguage, SpeechModel, Voice};
use twilio::voice_twiml::{
    Dial, DialTarget, Document, FinishOnKey, Gather, HINT_LENGTH_MAX, HINTS_MAX, Hangup, Key, Number, Play,
    Prompting, Redirect, Say, SpeechTimeout, Verb,
};

/// Hints beyond this do not help the recogniser, and make documents long.
const HINTS_TOTAL_MAX: usize = 4_000;

/// The document that says all this. `here` are the addresses of the call.
pub(super) fn document(out: &[Out], here: &Addresses) -> Document {
    let mut document = Document::default();
    let mut is_transferred = false;
    for out in out {
        match out {
            Out::Speak(utterance) => document.verbs.extend(spoken(utterance).map(alone)),
            Out::Ask(ask) => document.verbs.extend(asked(ask, here)),
            Out::Transfer { to } => {
                is_transferred = true;
                document.verbs.push(transfer(to, here).into());
            }
            // The address of the dialled call says how it ended.
            Out::End { .. } if is_transferred => {}
            Out::End { .. } => document.verbs.push(Hangup::default().into()),
            // Not done by a document.
            Out::PauseRecording | Out::ResumeRecording | Out::SetTimer { .. } | Out::CallBack { .. } => {}
        }
    }
    document
}

/// Says it, and hangs up.
pub(super) fn last(utterance: &Utterance) -> Document {
    Document::of(spoken(utterance).map(alone)).then(Hangup::default())
}

/// A question: its prompt, while keys and speech are listened for. The address of its turn is asked whatever
/// comes, silence included, and also where the provider could not listen at all.
fn asked(ask: &Ask, here: &Addresses) -> [Verb; 2] {
    let action = here.turn(ask.turn);
    let mut gather = listening(&ask.input);
    gather.action = Some(action.clone());
    gather.prompts = ask.prompt.iter().flat_map(spoken).collect();
    [gather.into(), Redirect::to(action).into()]
}

fn listening(input: &Input) -> Gather {
    let (num_digits, finish_on_key) = match input.keys {
        // One key is the answer, `*` and `#` included, so none may end it without being told.
        Keys::One => (Some(1), FinishOnKey::Never),
        Keys::Several { max } => (max.filter(|max| *max > 0), FinishOnKey::Key(Key::POUND)),
    };
    Gather {
        input: vec![twilio::voice_twiml::Input::Dtmf, twilio::voice_twiml::Input::Speech],
        timeout_s: Some(seconds(input.timeout_ms)),
        // Where a model is named, a number is wanted.
        speech_timeout: Some(SpeechTimeout::Seconds(seconds(input.speech_timeout_ms))),
        finish_on_key: Some(finish_on_key),
        num_digits,
        language: gather_language(&input.language),
        hints: hints(&input.hints),
        barge_in: (!input.interruptible).then_some(false),
        profanity_filter: Some(false),
        speech_model: SpeechModel::parse(match input.model {
            Model::ShortAnswers => "numbers_and_commands",
            Model::Conversation => "phone_call",
        }),
        action_on_empty_result: Some(true),
        ..Gather::default()
    }
}

/// Whole seconds, at least one.
fn seconds(ms: i64) -> u32 {
    u32::try_from(ms.max(0).unsigned_abs().div_ceil(1000)).unwrap_or(u32::MAX).max(1)
}

/// What is said: a recording in its place where there is one, else the text, in as many pieces as its voice needs.
fn spoken(utterance: &Utterance) -> impl Iterator<Item = Prompting> {
    let audio = utterance.audio.as_deref().map(str::trim).filter(|audio| !audio.is_empty());
    let pieces = match audio {
        Some(_) => Vec::new(),
        None => said(&utterance.text, utterance.voice.as_deref(), Some(&utterance.language)),
    };
    let audio = audio.map(|audio| Prompting::Play(Play::url(audio)));
    audio.into_iter().chain(pieces.into_iter().map(Prompting::Say))
}

/// The same outside of a question.
fn alone(prompt: Prompting) -> Verb {
    match prompt {
        Prompting::Say(say) => say.into(),
        Prompting::Play(play) => play.into(),
        Prompting::Pause(pause) => pause.into(),
    }
}

/// A text in pieces that the voice can say. A voice that does not speak the language gives way to it: a foreign
/// voice is understood worse than another one.
pub(super) fn said(text: &str, voice: Option<&str>, language: Option<&str>) -> Vec<Say> {
    let language = language.and_then(say_language);
    let voice = voice.and_then(Voice::parse).filter(|voice| language.is_none_or(|it| voice.speaks(it)));
    Say::in_pieces(&speakable(text), voice.as_ref(), language)
}

/// Line breaks and other control characters are blanks to a voice.
fn speakable(text: &str) -> String {
    text.chars().map(|char| if char.is_control() { ' ' } else { char }).collect()
}

/// Calls somebody, and asks afterwards how it went.
pub(super) fn transfer(to: &str, here: &Addresses) -> Dial {
    let number = Number { number: to.to_owned(), ..Number::default() };
    Dial { action: Some(here.dialled()), targets: vec![DialTarget::Number(number)], ..Dial::default() }
}

/// The tag that Twilio has for a language, or for the same language elsewhere.
fn say_language(tag: &str) -> Option<SayLanguage> {
    SayLanguage::parse(nearest(tag, SayLanguage::TAGS)?)
}

fn gather_language(tag: &str) -> Option<GatherLanguage> {
    GatherLanguage::parse(nearest(tag, GatherLanguage::TAGS)?)
}

/// The very tag, else the language's home country's, else the first of the same language.
fn nearest(tag: &str, known: &'static [&'static str]) -> Option<&'static str> {
    let exact = known.iter().find(|known| known.eq_ignore_ascii_case(tag));
    let language = tag.split('-').next().unwrap_or_default();
    let is_same =
        |known: &str| known.split_once('-').is_some_and(|(same, _)| same.eq_ignore_ascii_case(language));
    let home = match language.to_ascii_lowercase().as_str() {
        "en" => Some("en-US"),
        "es" => Some("es-ES"),
        "fr" => Some("fr-FR"),
        "de" => Some("de-DE"),
        "pt" => Some("pt-BR"),
        _ => None,
    };
    let home = home.and_then(|home| known.iter().find(|known| **known == home));
    // A bare language is for the basic voices alone, and which voice speaks may be the account's choice.
    let exact = exact.filter(|exact| home.is_none() || exact.contains('-'));
    exact.or(home).or_else(|| known.iter().find(|known| is_same(known))).copied()
}

/// Hints, within what the provider takes.
pub(super) fn hints(hints: &[String]) -> Option<String> {
    let mut joined = String::new();
    for hint in hints.iter().take(HINTS_MAX) {
        let hint: String =
            hint.chars().map(|char| if char.is_control() || char == ',' { ' ' } else { char }).collect();
        let hint = hint.trim();
        let length = hint.chars().count();
        if length == 0 || length > HINT_LENGTH_MAX || joined.len() + hint.len() > HINTS_TOTAL_MAX {
            continue;
        }
        if !joined.is_empty() {
            joined.push(',');
        }
        joined.push_str(hint);
    }
    Some(joined).filter(|joined| !joined.is_empty())
}

#[cfg(test)]
mod tests;
