//! One call: the request that places it, the addresses that belong to it, and its resource in our words.

mod document;
mod resource;

pub(crate) use document::{AfterKey, after_key, announcement, goodbye, voicemail};
pub(super) use resource::{created, page, provided, read};

use super::send::OVERRIDES;
use crate::credentials::TwilioCredential;
use engine::agent::LlmAgent;
use engine::agent::llm::Mode;
use engine::call::{Announcement, Call, Detection, Plan, Script};
use engine::id::CallId;
use engine::sending::Direction;
use form_urlencoded::Serializer;
use twilio::HttpMethod;
use twilio::voice_twiml::{Document, Recording, Start};

/// The most characters of a document that a request can hold (Twilio: 32018).
const INLINE_CHARACTERS_MAX: usize = 4_000;

/// Where Twilio tells us of one call, and asks what to do.
pub(crate) struct Addresses {
    base: String,
}

impl Addresses {
    pub(crate) fn of(public_url: &str, credential: &str, call: &CallId) -> Addresses {
        Addresses { base: format!("{public_url}/twilio/{credential}/voice/{call}") }
    }

    /// The document of the call.
    pub(crate) fn document(&self) -> String {
        format!("{}{OVERRIDES}", self.base)
    }

    pub(crate) fn status(&self) -> String {
        self.at("status")
    }

    /// What a detection in the background came to.
    pub(crate) fn answered(&self) -> String {
        self.at("answered")
    }

    /// Everything was said.
    pub(crate) fn heard(&self) -> String {
        self.at("heard")
    }

    /// What follows on the answer to a turn of a conversation.
    pub(crate) fn turn(&self, turn: u32) -> String {
        self.at(&format!("turn/{turn}"))
    }

    /// What was heard, of a conversation whose turns come in parts.
    pub(crate) fn talk_heard(&self, turn: u32, part: u32) -> String {
        self.at(&format!("heard/{turn}/{part}"))
    }

    /// The next part of a turn, after so many phrases that held the caller.
    pub(crate) fn talk_more(&self, turn: u32, part: u32, holds: u32) -> String {
        self.at(&format!("more/{turn}/{part}/{holds}"))
    }

    /// What whoever takes a call over is told first.
    pub(crate) fn handover(&self) -> String {
        self.at("handover")
    }

    /// Somebody else was called, and their talk is over or never began.
    pub(crate) fn dialled(&self) -> String {
        self.at("dialled")
    }

    /// The websocket that the call was handed to is closed.
    pub(crate) fn relayed(&self) -> String {
        self.at("relayed")
    }

    /// What became of a recording.
    pub(crate) fn recording(&self) -> String {
        self.at("recording")
    }

    /// A key was pressed.
    pub(crate) fn key(&self) -> String {
        self.at("key")
    }

    fn at(&self, rest: &str) -> String {
        format!("{}/{rest}{OVERRIDES}", self.base)
    }
}

/// The form of a request that places `call`.
pub(super) fn create_form(call: &Call, credential: &TwilioCredential, public_url: &str) -> String {
    let addresses = Addresses::of(public_url, &credential.name, &call.id);
    let mut form = Serializer::new(String::with_capacity(1_024));
    form.append_pair("To", &call.to);
    form.append_pair("From", call.from.as_deref().unwrap_or_default());
    match call.plan.as_ref().and_then(|plan| inline(plan, &addresses)) {
        Some(document) => {
            form.append_pair("Twiml", &document);
        }
        None => {
            let document = addresses.document();
            form.append_pair("Url", &document).append_pair("Method", "POST");
            form.append_pair("FallbackUrl", &document).append_pair("FallbackMethod", "POST");
        }
    }
    if let Some(plan) = &call.plan {
        of_line(&mut form, plan, &addresses);
    }
    if !credential.test {
        form.append_pair("StatusCallback", &addresses.status()).append_pair("StatusCallbackMethod", "POST");
        for event in ["initiated", "ringing", "answered", "completed"] {
            form.append_pair("StatusCallbackEvent", event);
        }
        let detection = call.plan.as_ref().map_or(Detection::Off, |plan| plan.detection);
        detect(&mut form, detection, &addresses);
    }
    form.finish()
}

fn of_line(form: &mut Serializer<'_, String>, plan: &Plan, addresses: &Addresses) {
    if let Some(seconds) = plan.ring_timeout_s {
        form.append_pair("Timeout", &seconds.to_string());
    }
    if let Some(seconds) = plan.duration_max_s {
        form.append_pair("TimeLimit", &seconds.to_string());
    }
    if plan.record {
        form.append_pair("Record", "true");
        form.append_pair("RecordingStatusCallback", &addresses.recording());
        form.append_pair("RecordingStatusCallbackMethod", "POST");
    }
}

fn detect(form: &mut Serializer<'_, String>, detection: Detection, addresses: &Addresses) {
    match detection {
        Detection::Off => {}
        Detection::Background => {
            form.append_pair("MachineDetection", "Enable").append_pair("AsyncAmd", "true");
            form.append_pair("AsyncAmdStatusCallback", &addresses.answered());
            form.append_pair("AsyncAmdStatusCallbackMethod", "POST");
        }
        // The end of a machine's greeting is waited for, so that the message is left behind the beep.
        Detection::Wait => {
            form.append_pair("MachineDetection", "DetectMessageEnd");
        }
    }
}

/// The document itself, where it is short enough and nothing in it depends on what happens on the line.
fn inline(plan: &Plan, addresses: &Addresses) -> Option<String> {
    let Script::Announcement(said) = &plan.script else { return None };
    if said.is_interactive() {
        return None;
    }
    let document = announcement(plan, said, addresses).to_xml();
    (document.chars().count() <= INLINE_CHARACTERS_MAX).then_some(document)
}

/// What a call says, where it says something of its own.
pub(crate) fn said(call: &Call) -> Option<(&Plan, &Announcement)> {
    let plan = call.plan.as_ref()?;
    match &plan.script {
        Script::Announcement(said) => Some((plan, said)),
        Script::Conversation { .. } => None,
    }
}

/// A document that answers a call, with the beginning of its recording where that is its task.
pub(crate) fn with_recording(
    call: &Call,
    agent: Option<&LlmAgent>,
    mut document: Document,
    addresses: &Addresses,
) -> Document {
    if begins_recording(call, agent) {
        let recording = Recording {
            recording_status_callback: Some(addresses.recording()),
            recording_status_callback_method: Some(HttpMethod::Post),
            ..Recording::default()
        };
        document.verbs.insert(0, Start { beginning: vec![recording.into()], ..Start::default() }.into());
    }
    document
}

/// A call that was placed is recorded by its request where its block says so; but for a websocket, to which Twilio does
/// not apply that. Whatever else is recorded is so by the document that it is answered with.
fn begins_recording(call: &Call, agent: Option<&LlmAgent>) -> bool {
    let by_block = call.plan.as_ref().is_some_and(|plan| plan.record);
    let by_agent = agent.is_some_and(|agent| agent.record_call);
    let is_relayed = agent.is_some_and(|agent| agent.mode == Mode::Relay);
    let by_request = by_block && call.direction == Direction::Outbound && !is_relayed;
    (by_block || by_agent) && !by_request
}

/// Whether an agent holds a conversation over it.
pub(crate) fn talks(call: &Call) -> bool {
    matches!(call.plan.as_ref().map(|plan| &plan.script), Some(Script::Conversation { .. }))
}

#[cfg(test)]
mod tests;
