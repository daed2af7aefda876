//! What programs are told of the progress of a call, and the parameters that every request about it carries.

use twilio::HttpMethod;
use twilio::call::{AnsweredBy, CallRequest, CallStatus, CallStatusCallback, Direction};
use twilio::date::Rfc2822;
use twilio::form::Pairs;

use super::{Call, CallDirection, CallId};
use crate::address;
use crate::journal::Purpose;
use crate::recordings::Recording;
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
        let Some(mut request) = self.call_request(id) else { return };
        if progress == Progress::Initiated {
            request.status = CallStatus::Initiated;
        }
        let Some(call) = self.calls.get(id) else { return };
        let is_over = progress == Progress::Completed;
        let recording = if is_over { self.recording_from_answer(call) } else { None };
        let seconds = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
        let callback = CallStatusCallback {
            call: request,
            timestamp: Some(Rfc2822(self.now)),
            callback_source: Some("call-progress-events".to_owned()),
            sequence_number: Some(number),
            call_duration_s: is_over.then(|| seconds(call.duration_s().unwrap_or(0))),
            duration_min: is_over.then(|| seconds(call.minutes().unwrap_or(0))),
            sip_response_code: call.sip_code.filter(|_| is_over).map(u32::from),
            recording_sid: recording.map(|recording| recording.sid.clone()),
            recording_url: recording.map(|recording| self.recording_url(recording)),
            recording_duration_s: recording.map(|recording| seconds(recording.duration_s())),
        };
        self.tell(id, Purpose::CallStatus, &url, method, callback.to_pairs());
    }

    /// The recording that a call was made with, for the callback about its end.
    fn recording_from_answer(&self, call: &Call) -> Option<&Recording> {
        call.settings.record.as_ref()?;
        self.recordings.of_call(&call.sid).find(|recording| recording.source == "OutboundAPI")
    }

    /// What every request about a call tells.
    pub(crate) fn call_request(&self, id: CallId) -> Option<CallRequest> {
        let call = self.calls.get(id)?;
        let mut request = CallRequest::new(
            call.sid.clone(),
            call.account.clone(),
            call.from.clone(),
            call.to.clone(),
            CallStatus::from(call.status.as_str()),
            Direction::from(call.direction.as_str()),
        );
        request.from_place = address::place(&call.from);
        request.to_place = address::place(&call.to);
        request.parent_call_sid = call.parent.as_ref().map(|(_, sid)| sid.clone());
        request.forwarded_from.clone_from(&call.forwarded_from);
        request.caller_name.clone_from(&call.caller_name);
        request.application_sid.clone_from(&call.settings.application);
        if call.direction == CallDirection::Inbound && call.from.starts_with('+') {
            request.stir_verstat = Some("TN-Validation-Passed-A".to_owned());
            let token = serde_json::json!({
                "parentCallInfoToken": call.sid.as_str(),
                "identityHeaderTokens": [],
            });
            request.call_token = Some(token.to_string());
        }
        // Detection that runs beside the call tells its result by itself.
        let is_awaited = call.settings.machine.as_ref().is_some_and(|wish| wish.beside.is_none());
        if let Some(answered_by) = call.answered_by.filter(|_| is_awaited) {
            request.answered_by = Some(AnsweredBy::from(answered_by));
            let ms = u32::try_from(call.detection_ms.unwrap_or(0)).unwrap_or(u32::MAX);
            request.machine_detection_duration_ms = Some(ms);
        }
        Some(request)
    }

    pub(crate) fn call_parameters(&self, id: CallId) -> Pairs {
        self.parameters_with(id, |call| call.to_pairs())
    }

    /// The parameters of a request about a call that tells more than every one does; none where there is no such
    /// call any more.
    pub(crate) fn parameters_with(&self, id: CallId, tell: impl FnOnce(CallRequest) -> Pairs) -> Pairs {
        self.call_request(id).map(tell).unwrap_or_default()
    }
}
