//! Changes of a call's status, and who answered it, as they are told.

use super::resource::AnsweredBy;
use crate::callback::carried::webhook;
use crate::date::Rfc2822;
use crate::sid::Sid;

webhook! {
    /// A change of status, as Twilio posts it to the `StatusCallback` of a call, a number or a `<Number>`. The
    /// new status stands in `call`.
    ///
    /// They come in any order, and may come twice: the call and the sequence number tell them apart.
    pub struct CallStatusCallback of a call {
        /// When it happened.
        pub timestamp: Option<Rfc2822> = "Timestamp",
        /// `call-progress-events`
        pub callback_source: Option<String> = "CallbackSource",
        /// Which of those that are told this is, from 0.
        pub sequence_number: Option<u32> = "SequenceNumber",
        /// How long the call lasted; only at its end.
        pub call_duration_s: Option<u32> = "CallDuration",
        /// How many minutes are billed; only at its end.
        pub duration_min: Option<u32> = "Duration",
        /// How SIP says that it ended, such as 200 or 486; only at its end.
        pub sip_response_code: Option<u32> = "SipResponseCode",
        /// The recording, where the whole call was recorded.
        pub recording_sid: Option<Sid> = "RecordingSid",
        /// Where it can be fetched.
        pub recording_url: Option<String> = "RecordingUrl",
        /// How long it is.
        pub recording_duration_s: Option<u32> = "RecordingDuration",
    }
}

webhook! {
    /// Who answered, where the call went on meanwhile.
    pub struct AmdCallback {
        /// The call.
        pub call_sid: Sid = "CallSid",
        /// The account that owns it.
        pub account_sid: Sid = "AccountSid",
        /// Who answered.
        pub answered_by: AnsweredBy = "AnsweredBy",
        /// How long it took to find out.
        pub machine_detection_duration_ms: Option<u32> = "MachineDetectionDuration",
    }
}
