//! `<Conference>`: a room for many.

use super::part::{UNKNOWN, part};
use super::reading::Reading;
use super::record::{RecordingEvent, Trim};
use crate::words::{HttpMethod, words};
use crate::xml;

/// The most characters of a participant's label.
pub const LABEL_LENGTH_MAX: usize = 128;

/// The most participants of a conference.
pub const PARTICIPANTS_MAX: u32 = 250;

part! {
    /// A room for many, by name.
    pub struct Conference = "Conference" {
        /// Whether the participant is heard.
        pub muted: Option<bool> = "muted",
        /// Whether the conference may begin with this participant, which it may unless this says otherwise.
        pub start_conference_on_enter: Option<bool> = "startConferenceOnEnter",
        /// Whether the conference ends when this participant leaves.
        pub end_conference_on_exit: Option<bool> = "endConferenceOnExit",
        /// A name for the participant, at most 128 characters; unique in the conference.
        pub participant_label: Option<String> = "participantLabel",
        /// How many there may be, 250 unless given.
        pub max_participants: Option<u32> = "maxParticipants" in 2..=250,
        /// When a beep is heard.
        pub beep: Option<Beep> = "beep",
        /// What is heard before it begins; music unless given, nothing if empty.
        pub wait_url: Option<String> = "waitUrl",
        /// How it is asked for.
        pub wait_method: Option<HttpMethod> = "waitMethod",
        /// The call that this participant alone speaks to.
        pub coach: Option<String> = "coach",
        /// How much late audio is waited for.
        pub jitter_buffer_size: Option<JitterBuffer> = "jitterBufferSize",
        /// Where it is held.
        pub region: Option<Region> = "region",
        /// Whether it is recorded.
        pub record: Option<ConferenceRecord> = "record",
        /// Whether silence at the ends of the recording is cut off, which it is unless this says otherwise.
        pub trim: Option<Trim> = "trim",
        /// Where changes of the recording are told.
        pub recording_status_callback: Option<String> = "recordingStatusCallback",
        /// How they are told.
        pub recording_status_callback_method: Option<HttpMethod> = "recordingStatusCallbackMethod",
        /// Which of them.
        pub recording_status_callback_event: Vec<RecordingEvent> = "recordingStatusCallbackEvent" or 13621,
        /// A set of settings for recordings.
        pub recording_configuration_id: Option<String> = "recordingConfigurationId",
        /// Where changes of the conference are told.
        pub status_callback: Option<String> = "statusCallback",
        /// How they are told.
        pub status_callback_method: Option<HttpMethod> = "statusCallbackMethod",
        /// Which of them.
        pub status_callback_event: Vec<ConferenceEvent> = "statusCallbackEvent",
        /// An old way to be told of the recording.
        pub event_callback_url: Option<String> = "eventCallbackUrl",
    }
    text
    /// Its name.
    name
    check check
}

words! {
    /// When a beep is heard in a conference.
    pub enum Beep {
        /// When somebody enters or leaves.
        Always = "true",
        /// Never.
        Never = "false",
        /// When somebody enters.
        OnEnter = "onEnter",
        /// When somebody leaves.
        OnExit = "onExit",
    }
}

words! {
    /// How much late audio a conference waits for.
    pub enum JitterBuffer {
        /// Much.
        Large = "large",
        /// Some.
        Medium = "medium",
        /// Little.
        Small = "small",
        /// None.
        Off = "off",
    }
}

words! {
    /// Where a conference is held.
    pub enum Region {
        /// Virginia.
        Us1 = "us1",
        /// Oregon.
        Us2 = "us2",
        /// Ireland.
        Ie1 = "ie1",
        /// Singapore.
        Sg1 = "sg1",
        /// Brazil.
        Br1 = "br1",
        /// Australia.
        Au1 = "au1",
        /// Japan.
        Jp1 = "jp1",
        /// Germany.
        De1 = "de1",
    }
}

words! {
    /// Whether a conference is recorded.
    pub enum ConferenceRecord {
        /// It is not.
        DoNot = "do-not-record" | "false",
        /// From its start.
        FromStart = "record-from-start" | "true",
    }
}

words! {
    /// A change of a conference that is told.
    pub enum ConferenceEvent {
        /// It began.
        Start = "start",
        /// It ended.
        End = "end",
        /// Somebody entered.
        Join = "join",
        /// Somebody left.
        Leave = "leave",
        /// Somebody is heard no more, or again.
        Mute = "mute",
        /// Somebody was put on hold, or taken back.
        Hold = "hold",
        /// Something else about a participant changed.
        Modify = "modify",
        /// Somebody began or stopped to speak.
        Speaker = "speaker",
        /// An announcement ended.
        Announcement = "announcement",
    }
}

impl Conference {
    /// The conference of this name.
    pub fn named(name: impl Into<String>) -> Conference {
        Conference { name: name.into(), ..Conference::default() }
    }
}

fn check(mut conference: Conference, _: &xml::Element, reading: &mut Reading) -> Option<Conference> {
    if conference.name.is_empty() {
        reading.warn(UNKNOWN, "<Conference> has no name".to_owned());
        return None;
    }
    if conference.participant_label.as_ref().is_some_and(|label| label.chars().count() > LABEL_LENGTH_MAX) {
        let detail =
            format!("<Conference> has a participantLabel of more than {LABEL_LENGTH_MAX} characters");
        reading.warn(UNKNOWN, detail);
        conference.participant_label = None;
    }
    Some(conference)
}
