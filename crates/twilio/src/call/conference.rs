//! What is told of conferences.

use crate::callback::carried::webhook;
use crate::date::Rfc2822;
use crate::sid::Sid;
use crate::words::words;

webhook! {
    /// A change of a conference, as Twilio posts it to the `statusCallback` of a `<Conference>`.
    pub struct ConferenceCallback {
        /// The account that owns it.
        pub account_sid: Sid = "AccountSid",
        /// The conference.
        pub conference_sid: Sid = "ConferenceSid",
        /// Its name.
        pub friendly_name: Option<String> = "FriendlyName",
        /// What happened.
        pub event: ConferenceChange = "StatusCallbackEvent",
        /// Which of those that are told this is.
        pub sequence_number: Option<u32> = "SequenceNumber",
        /// When it happened.
        pub timestamp: Option<Rfc2822> = "Timestamp",
        /// The call of the participant, where it is about one.
        pub call_sid: Option<Sid> = "CallSid",
        /// Whether the participant is not heard.
        pub muted: Option<bool> = "Muted",
        /// Whether the participant is on hold.
        pub hold: Option<bool> = "Hold",
        /// Whether the participant speaks to one other alone.
        pub coaching: Option<bool> = "Coaching",
        /// Whether the conference ends when the participant leaves.
        pub end_conference_on_exit: Option<bool> = "EndConferenceOnExit",
        /// Whether the conference may begin with the participant.
        pub start_conference_on_enter: Option<bool> = "StartConferenceOnEnter",
        /// The participant's name.
        pub participant_label: Option<String> = "ParticipantLabel",
        /// Why the participant left.
        pub reason_participant_left: Option<String> = "ReasonParticipantLeft",
        /// Why the conference ended.
        pub reason_conference_ended: Option<String> = "ReasonConferenceEnded",
    }
}

words! {
    open
    /// A change of a conference.
    pub enum ConferenceChange {
        /// It began.
        Start = "conference-start",
        /// It ended.
        End = "conference-end",
        /// Somebody entered.
        Join = "participant-join",
        /// Somebody left.
        Leave = "participant-leave",
        /// Somebody is heard no more.
        Mute = "participant-mute",
        /// Somebody is heard again.
        Unmute = "participant-unmute",
        /// Somebody was put on hold.
        Hold = "participant-hold",
        /// Somebody was taken back.
        Unhold = "participant-unhold",
        /// Somebody began to speak.
        SpeechStart = "participant-speech-start",
        /// Somebody stopped to speak.
        SpeechStop = "participant-speech-stop",
        /// Something else about a participant changed.
        Modify = "participant-modify",
        /// An announcement ended.
        AnnouncementEnd = "announcement-end",
        /// An announcement could not be made.
        AnnouncementFail = "announcement-fail",
    }
}
