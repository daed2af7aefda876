//! Participants of conferences in the 2010 API: the parameters of calling one in that are about the conference.
//! What is about the call is [`CreateCall`](crate::call::CreateCall)'s.

use crate::parameter::parameters;
use crate::sid::Sid;
pub use crate::voice_twiml::{Beep, ConferenceEvent, ConferenceRecord, JitterBuffer, Region};
use crate::voice_twiml::{Conference, RecordingEvent, Trim};
use crate::words::HttpMethod;

parameters! {
    /// `POST …/Conferences/{Sid}/Participants.json`: call somebody into a conference.
    #[derive(Default)]
    pub struct CreateParticipant {
        /// A name for the participant, unique in the conference.
        pub label: Option<String> = "Label",
        /// Whether the participant is not heard.
        pub muted: Option<bool> = "Muted",
        /// When a beep is heard.
        pub beep: Option<Beep> = "Beep",
        /// Whether the conference may begin with this participant, which it may unless this says otherwise.
        pub start_conference_on_enter: Option<bool> = "StartConferenceOnEnter",
        /// Whether the conference ends when this participant leaves.
        pub end_conference_on_exit: Option<bool> = "EndConferenceOnExit",
        /// What is heard before it begins; music unless given, nothing if empty.
        pub wait_url: Option<String> = "WaitUrl",
        /// How it is asked for.
        pub wait_method: Option<HttpMethod> = "WaitMethod",
        /// Whether ringing is heard in the conference.
        pub early_media: Option<bool> = "EarlyMedia",
        /// How many participants there may be, 250 unless given.
        pub max_participants: Option<u32> = "MaxParticipants" in 2..=250,
        /// Whether the conference is recorded.
        pub conference_record: Option<ConferenceRecord> = "ConferenceRecord",
        /// Whether silence at the ends of that recording is cut off.
        pub conference_trim: Option<Trim> = "ConferenceTrim",
        /// Where changes of that recording are told.
        pub conference_recording_status_callback: Option<String> = "ConferenceRecordingStatusCallback",
        /// How they are told.
        pub conference_recording_status_callback_method: Option<HttpMethod>
            = "ConferenceRecordingStatusCallbackMethod",
        /// Which of them.
        pub conference_recording_status_callback_event: Vec<RecordingEvent>
            = "ConferenceRecordingStatusCallbackEvent" or 13621,
        /// Where changes of the conference are told.
        pub conference_status_callback: Option<String> = "ConferenceStatusCallback",
        /// How they are told.
        pub conference_status_callback_method: Option<HttpMethod> = "ConferenceStatusCallbackMethod",
        /// Which of them.
        pub conference_status_callback_event: Vec<ConferenceEvent> = "ConferenceStatusCallbackEvent",
        /// Where the conference is held.
        pub region: Option<Region> = "Region",
        /// How much late audio is waited for.
        pub jitter_buffer_size: Option<JitterBuffer> = "JitterBufferSize",
        /// Whether the participant speaks to one other alone.
        pub coaching: Option<bool> = "Coaching",
        /// That other one.
        pub call_sid_to_coach: Option<Sid> = "CallSidToCoach",
        /// Where it is told who answered.
        pub amd_status_callback: Option<String> = "AmdStatusCallback",
        /// How it is told.
        pub amd_status_callback_method: Option<HttpMethod> = "AmdStatusCallbackMethod",
    }
}

impl CreateParticipant {
    /// The same as a `<Conference>` says it.
    pub fn noun(self, name: impl Into<String>) -> Conference {
        Conference {
            muted: self.muted,
            start_conference_on_enter: self.start_conference_on_enter,
            end_conference_on_exit: self.end_conference_on_exit,
            participant_label: self.label,
            max_participants: self.max_participants,
            beep: self.beep,
            wait_url: self.wait_url,
            wait_method: self.wait_method,
            coach: self.call_sid_to_coach.map(|sid| sid.as_str().to_owned()),
            jitter_buffer_size: self.jitter_buffer_size,
            region: self.region,
            record: self.conference_record,
            trim: self.conference_trim,
            recording_status_callback: self.conference_recording_status_callback,
            recording_status_callback_method: self.conference_recording_status_callback_method,
            recording_status_callback_event: self.conference_recording_status_callback_event,
            status_callback: self.conference_status_callback,
            status_callback_method: self.conference_status_callback_method,
            status_callback_event: self.conference_status_callback_event,
            ..Conference::named(name)
        }
    }
}
