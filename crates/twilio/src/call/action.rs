//! The requests that verbs make when they end, or while they last.

use crate::callback::carried::webhook;
use crate::parameter::WireText;
use crate::sid::Sid;
use crate::words::words;

webhook! {
    /// The end of a `<Gather>`: the keys or the speech that came in. Both are empty texts where nothing did, and
    /// that is asked for.
    pub struct GatherAction of a call {
        /// The keys, without the one that ended them.
        pub digits: Option<String> = "Digits",
        /// The key that ended them.
        pub finished_on_key: Option<String> = "FinishedOnKey",
        /// What was heard.
        pub speech_result: Option<String> = "SpeechResult",
        /// How sure that is, from 0 to 1; not always told.
        pub confidence: Option<f64> = "Confidence",
        /// The language that was heard.
        pub language: Option<String> = "Language",
    }
}

webhook! {
    /// What a `<Gather>` has heard so far. The answer counts for nothing.
    pub struct GatherPartial of a call {
        /// What may still change.
        pub unstable_speech_result: Option<String> = "UnstableSpeechResult",
        /// What does not change any more.
        pub stable_speech_result: Option<String> = "StableSpeechResult",
        /// How sure it is that the rest stays, from 0 to 1.
        pub stability: Option<f64> = "Stability",
        /// Which of them this is, from 0.
        pub sequence_number: Option<u32> = "SequenceNumber",
        /// The language that was heard.
        pub language: Option<String> = "Language",
    }
}

webhook! {
    /// The end of a `<Record>`.
    pub struct RecordAction of a call {
        /// The recording.
        pub recording_sid: Option<Sid> = "RecordingSid",
        /// Where it can be fetched, once it is ready.
        pub recording_url: Option<String> = "RecordingUrl",
        /// How long it is.
        pub recording_duration_s: Option<u32> = "RecordingDuration",
        /// What ended it; nothing where a silence or its length did.
        pub ended_by: Option<RecordEnd> = "Digits",
    }
}

/// What ended a recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordEnd {
    /// The caller hung up.
    Hangup,
    /// The caller pressed this key.
    Key(String),
}

impl WireText for RecordEnd {
    const EXPECTED: &'static str = "a key, or hangup";

    fn to_wire(&self) -> String {
        match self {
            RecordEnd::Hangup => "hangup".to_owned(),
            RecordEnd::Key(key) => key.clone(),
        }
    }

    fn from_wire(text: &str) -> Option<RecordEnd> {
        Some(if text == "hangup" { RecordEnd::Hangup } else { RecordEnd::Key(text.to_owned()) })
    }
}

webhook! {
    /// The end of a `<Dial>`.
    pub struct DialAction of a call {
        /// How the call ended that was made.
        pub dial_call_status: DialCallStatus = "DialCallStatus",
        /// That call; not for conferences.
        pub dial_call_sid: Option<Sid> = "DialCallSid",
        /// How long they talked; not for conferences.
        pub dial_call_duration_s: Option<u32> = "DialCallDuration",
        /// Whether they were connected.
        pub dial_bridged: Option<bool> = "DialBridged",
        /// The recording, where there is one.
        pub recording_sid: Option<Sid> = "RecordingSid",
        /// Where it can be fetched.
        pub recording_url: Option<String> = "RecordingUrl",
        /// The queue that a call was taken from.
        pub queue_sid: Option<Sid> = "QueueSid",
    }
}

words! {
    open
    /// How a call ended that `<Dial>` made.
    pub enum DialCallStatus {
        /// They talked, and one of them hung up.
        Completed = "completed",
        /// The caller was in a conference.
        Answered = "answered",
        /// The line was busy.
        Busy = "busy",
        /// Nobody answered.
        NoAnswer = "no-answer",
        /// It could not be connected.
        Failed = "failed",
        /// It was ended before it was answered.
        Canceled = "canceled",
    }
}

webhook! {
    /// The end of an `<Enqueue>`.
    pub struct EnqueueAction of a call {
        /// The queue.
        pub queue_sid: Option<Sid> = "QueueSid",
        /// How the wait ended.
        pub queue_result: QueueResult = "QueueResult",
        /// How long it was, in seconds.
        pub queue_time_s: Option<u32> = "QueueTime",
    }
}

words! {
    open
    /// How a wait in a queue ended.
    pub enum QueueResult {
        /// Somebody took the call.
        Bridged = "bridged",
        /// Something broke.
        Error = "error",
        /// The caller hung up.
        Hangup = "hangup",
        /// The document that was heard meanwhile said so.
        Leave = "leave",
        /// The call was sent elsewhere.
        Redirected = "redirected",
        /// The call was sent elsewhere after somebody took it.
        RedirectedFromBridged = "redirected-from-bridged",
        /// There was no place.
        QueueFull = "queue-full",
        /// Something broke at Twilio.
        SystemError = "system-error",
    }
}

webhook! {
    /// What to play to a call that waits in a queue: the request to the `waitUrl` of an `<Enqueue>`.
    pub struct QueueWait of a call {
        /// The queue.
        pub queue_sid: Option<Sid> = "QueueSid",
        /// The place in it, from 1.
        pub queue_position: Option<u32> = "QueuePosition",
        /// How long the call has waited, in seconds.
        pub queue_time_s: Option<u32> = "QueueTime",
        /// How long those in it have waited on average, in seconds.
        pub avg_queue_time_s: Option<u32> = "AvgQueueTime",
        /// How many calls wait.
        pub current_queue_size: Option<u32> = "CurrentQueueSize",
    }
}

webhook! {
    /// The end of a `<Connect>` with a `<ConversationRelay>`.
    pub struct RelayAction of a call {
        /// The session.
        pub session_id: Option<Sid> = "SessionId",
        /// How it ended.
        pub session_status: Option<SessionStatus> = "SessionStatus",
        /// How long it was.
        pub session_duration_s: Option<u32> = "SessionDuration",
        /// What the program said at its end, usually JSON.
        pub handoff_data: Option<String> = "HandoffData",
        /// Why it failed, by Twilio's code.
        pub session_error_code: Option<u32> = "ErrorCode",
        /// Why it failed, in words that may change.
        pub session_error_message: Option<String> = "ErrorMessage",
    }
}

words! {
    open
    /// How a session of ConversationRelay ended.
    pub enum SessionStatus {
        /// The program ended it; the call goes on.
        Ended = "ended",
        /// The caller hung up.
        Completed = "completed",
        /// Something broke.
        Failed = "failed",
    }
}

webhook! {
    /// The end of an `<Sms>` in a call.
    pub struct SmsAction of a call {
        /// The text.
        pub sms_sid: Option<Sid> = "SmsSid" | "MessageSid",
        /// How far it has come.
        pub sms_status: Option<crate::message::MessageStatus> = "SmsStatus" | "MessageStatus",
    }
}
