//! What programs are told of the progress of a call, and the parameters that every request about it carries.

use twilio::HttpMethod;
use twilio::date;
use twilio::form::Pairs;

use super::{Call, CallDirection, CallId};
use crate::address;
use crate::journal::Purpose;
use crate::world::World;

/// Who is told of a call's progress, and of what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Callbacks {
    pub(crate) url: Option<String>,
    pub(crate) method: HttpMethod,
    pub(crate) events: Vec<Progress>,
    /// How many were told.
    pub(crate) told: u32,
}

/// A step of a call that can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    Initiated,
    Ringing,
    Answered,
    Completed,
}

impl Progress {
    pub(crate) fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "initiated" => Progress::Initiated,
            "ringing" => Progress::Ringing,
            "answered" => Progress::Answered,
            "completed" => Progress::Completed,
            _ => return None,
        })
    }
}

impl Callbacks {
    /// Only of the end.
    pub(crate) fn at_the_end(url: Option<String>, method: HttpMethod) -> Self {
        let url = url.filter(|url| !url.is_empty());
        Self { url, method, events: vec![Progress::Completed], told: 0 }
    }
}

impl World {
    pub(crate) fn report_progress(&mut self, id: CallId, progress: Progress) {
        let Some(call) = self.calls.get_mut(id) else { return };
        if !call.callbacks.events.contains(&progress) {
            return;
        }
        let Some(url) = call.callbacks.url.clone() else { return };
        let number = call.callbacks.told;
        call.callbacks.told += 1;
        let method = call.callbacks.method;
        let mut parameters = self.call_parameters(id);
        let Some(call) = self.calls.get(id) else { return };
        if progress == Progress::Initiated {
            set(&mut parameters, "CallStatus", "initiated");
        }
        let mut add = |name: &str, value: String| parameters.push((name.to_owned(), value));
        add("Timestamp", date::rfc2822(self.now));
        add("CallbackSource", "call-progress-events".to_owned());
        add("SequenceNumber", number.to_string());
        if progress == Progress::Completed {
            add("CallDuration", call.duration_s().unwrap_or(0).to_string());
            add("Duration", call.minutes().unwrap_or(0).to_string());
            if let Some(code) = call.sip_code {
                add("SipResponseCode", code.to_string());
            }
            for (name, value) in self.recording_parameters(call) {
                add(name, value);
            }
        }
        self.tell(id, Purpose::CallStatus, &url, method, parameters);
    }

    /// The recording that a call was made with, for the callback about its end.
    fn recording_parameters(&self, call: &Call) -> Vec<(&'static str, String)> {
        if call.settings.record.is_none() {
            return Vec::new();
        }
        let recording =
            self.recordings.of_call(&call.sid).find(|recording| recording.source == "OutboundAPI");
        let Some(recording) = recording else { return Vec::new() };
        vec![
            ("RecordingUrl", self.recording_url(recording)),
            ("RecordingSid", recording.sid.as_str().to_owned()),
            ("RecordingDuration", recording.duration_s().to_string()),
        ]
    }

    /// What every request about a call tells.
    pub(crate) fn call_parameters(&self, id: CallId) -> Pairs {
        let Some(call) = self.calls.get(id) else { return Pairs::new() };
        let mut pairs = Pairs::new();
        let mut add = |name: &str, value: &str| pairs.push((name.to_owned(), value.to_owned()));
        add("CallSid", call.sid.as_str());
        add("AccountSid", call.account.as_str());
        add("From", &call.from);
        add("To", &call.to);
        add("Caller", &call.from);
        add("Called", &call.to);
        add("CallStatus", call.status.as_str());
        add("ApiVersion", "2010-04-01");
        add("Direction", call.direction.as_str());
        for (names, number) in [(["From", "Caller"], &call.from), (["To", "Called"], &call.to)] {
            if !number.starts_with('+') {
                continue;
            }
            for name in names {
                for (part, value) in
                    [("City", ""), ("State", ""), ("Zip", ""), ("Country", address::country(number))]
                {
                    add(&format!("{name}{part}"), value);
                }
            }
        }
        if let Some((_, parent)) = &call.parent {
            add("ParentCallSid", parent.as_str());
        }
        if let Some(number) = &call.forwarded_from {
            add("ForwardedFrom", number);
        }
        if let Some(name) = &call.caller_name {
            add("CallerName", name);
        }
        if let Some(application) = &call.settings.application {
            add("ApplicationSid", application.as_str());
        }
        if call.direction == CallDirection::Inbound && call.from.starts_with('+') {
            add("StirVerstat", "TN-Validation-Passed-A");
            let token = serde_json::json!({
                "parentCallInfoToken": call.sid.as_str(),
                "identityHeaderTokens": [],
            });
            add("CallToken", &token.to_string());
        }
        // Detection that runs beside the call tells its result by itself.
        let is_awaited = call.settings.machine.as_ref().is_some_and(|wish| wish.beside.is_none());
        if let Some(answered_by) = call.answered_by.filter(|_| is_awaited) {
            add("AnsweredBy", answered_by);
            add("MachineDetectionDuration", &call.detection_ms.unwrap_or(0).to_string());
        }
        pairs
    }
}

/// Replaces a parameter.
fn set(pairs: &mut Pairs, name: &str, value: &str) {
    for (key, present) in pairs {
        if key == name {
            value.clone_into(present);
        }
    }
}
