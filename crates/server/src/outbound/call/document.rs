//! What a call says, as TwiML.

use super::Addresses;
use engine::call::{Announcement, Connect, Key, Plan};
use twilio::HttpMethod;
use twilio::voice::{SayLanguage, Voice};
use twilio::voice_twiml::{
    Dial, Document, FinishOnKey, Gather, Hangup, Input, Play, Prompting, Redirect, Say, Verb,
};

/// How long keys are waited for once everything was said, in seconds.
const KEY_TIMEOUT_S: u32 = 5;

/// The whole announcement: what is played and spoken, the keys that may be pressed meanwhile, and what follows.
pub(crate) fn announcement(plan: &Plan, said: &Announcement, addresses: &Addresses) -> Document {
    let audio = said.audio.iter().map(|url| Play { url: url.clone(), ..Play::default() });
    let text = said.text.as_deref().map(|text| speech(plan, text)).unwrap_or_default();
    let connect_key = said.connect.as_ref().and_then(|connect| connect.key);
    let mut document = Document::default();
    if said.repeat_key.or(said.confirm_key).or(connect_key).is_some() {
        let prompts = audio.map(Prompting::from).chain(text.into_iter().map(Prompting::from));
        document = document.then(keys(prompts.collect(), addresses));
    } else {
        document.verbs.extend(audio.map(Verb::from).chain(text.into_iter().map(Verb::from)));
    }
    match &said.connect {
        Some(connect) if connect.key.is_none() => document.then(dial(connect)),
        _ => end(document, said, addresses),
    }
}

/// Where it matters whether everything was heard, the end of the document tells.
fn end(document: Document, said: &Announcement, addresses: &Addresses) -> Document {
    if said.tells_end {
        document.then(Redirect { method: Some(HttpMethod::Post), url: addresses.heard() })
    } else {
        document
    }
}

fn keys(prompts: Vec<Prompting>, addresses: &Addresses) -> Gather {
    Gather {
        input: vec![Input::Dtmf],
        num_digits: Some(1),
        // Any key counts, `#` as well.
        finish_on_key: Some(FinishOnKey::Never),
        timeout_s: Some(KEY_TIMEOUT_S),
        action: Some(addresses.key()),
        method: Some(HttpMethod::Post),
        prompts,
        ..Gather::default()
    }
}

/// What is left on an answering machine.
pub(crate) fn voicemail(plan: &Plan, said: &Announcement) -> Document {
    let text = said.voicemail.as_deref().or(said.text.as_deref());
    let mut document = Document::default();
    if said.voicemail.is_none() {
        document
            .verbs
            .extend(said.audio.iter().map(|url| Play { url: url.clone(), ..Play::default() }.into()));
    }
    document
        .verbs
        .extend(text.map(|text| speech(plan, text)).unwrap_or_default().into_iter().map(Verb::from));
    document.then(Hangup::default())
}

/// What follows a key: what it did, and the document that goes on.
pub(crate) enum AfterKey {
    Confirmed(Document),
    Connected(Document),
    Repeated(Document),
    /// No key that means anything: what was said is said again.
    Nothing(Document),
}

pub(crate) fn after_key(plan: &Plan, said: &Announcement, key: &str, addresses: &Addresses) -> AfterKey {
    let key = Key::parse(key);
    let again = || announcement(plan, said, addresses);
    if key.is_none() {
        return AfterKey::Nothing(again());
    }
    if key == said.confirm_key {
        let thanks = said.confirm_message.as_deref().map(|text| speech(plan, text)).unwrap_or_default();
        let document = Document::of(thanks.into_iter().map(Verb::from));
        return AfterKey::Confirmed(match &said.connect {
            Some(connect) if connect.key.is_none() => document.then(dial(connect)),
            _ => end(document, said, addresses),
        });
    }
    match &said.connect {
        Some(connect) if key == connect.key => AfterKey::Connected(Document::default().then(dial(connect))),
        _ if key == said.repeat_key => AfterKey::Repeated(again()),
        _ => AfterKey::Nothing(again()),
    }
}

/// Said to whoever calls or is called and for whom nothing is known.
pub(crate) fn goodbye() -> Document {
    Document::default()
        .then(Say::text("We are sorry, there is nothing to tell you right now. Goodbye."))
        .then(Hangup::default())
}

/// A person to talk to; at the end of their talk the call is over.
fn dial(connect: &Connect) -> Dial {
    Dial { number: connect.to.clone(), ..Dial::default() }
}

fn speech(plan: &Plan, text: &str) -> Vec<Say> {
    let voice = plan.voice.as_deref().and_then(Voice::parse);
    let language = plan.language.as_deref().and_then(SayLanguage::parse);
    Say::in_pieces(text, voice.as_ref(), language)
}
