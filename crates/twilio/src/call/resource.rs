//! The call as Twilio returns it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::json;
use crate::sid::Sid;
use crate::words::words;

/// A call in an answer of the 2010 API.
///
/// Durations and prices are texts in the JSON, dates are RFC 2822, and what is not known yet is null; both
/// ways are exact. Fields that an answer leaves out are read as null.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallResource {
    /// The account that owns it.
    pub account_sid: Sid,
    /// Who answered, where that was found out.
    #[serde(default, deserialize_with = "json::empty_as_none")]
    pub answered_by: Option<AnsweredBy>,
    /// `2010-04-01`
    #[serde(default)]
    pub api_version: Option<String>,
    /// The caller's name, where it was looked up.
    #[serde(default)]
    pub caller_name: Option<String>,
    /// When the request came in.
    #[serde(default, with = "json::rfc2822")]
    pub date_created: Option<Timestamp>,
    /// When it last changed.
    #[serde(default, with = "json::rfc2822")]
    pub date_updated: Option<Timestamp>,
    /// Who called whom, and by what means.
    pub direction: Direction,
    /// How many seconds it lasted, null until it ended.
    #[serde(default, with = "json::optional_count")]
    pub duration: Option<u32>,
    /// When it ended, null before.
    #[serde(default, with = "json::rfc2822")]
    pub end_time: Option<Timestamp>,
    /// The number that forwarded it.
    #[serde(default)]
    pub forwarded_from: Option<String>,
    /// The caller.
    #[serde(default)]
    pub from: Option<String>,
    /// The caller, as people write numbers.
    #[serde(default)]
    pub from_formatted: Option<String>,
    /// The group that it belongs to.
    #[serde(default, deserialize_with = "json::empty_as_none")]
    pub group_sid: Option<Sid>,
    /// The call that made it.
    #[serde(default, deserialize_with = "json::empty_as_none")]
    pub parent_call_sid: Option<Sid>,
    /// The number of the account.
    #[serde(default, deserialize_with = "json::empty_as_none")]
    pub phone_number_sid: Option<Sid>,
    /// Decimal text, negative for what is charged; null until billed.
    #[serde(default)]
    pub price: Option<String>,
    /// ISO 4217, such as `USD`.
    #[serde(default)]
    pub price_unit: Option<String>,
    /// How many milliseconds it waited before it was dialed.
    #[serde(default, rename = "queue_time", with = "json::optional_count")]
    pub queue_time_ms: Option<u32>,
    /// `CA…`
    pub sid: Sid,
    /// When it was answered, null before.
    #[serde(default, with = "json::rfc2822")]
    pub start_time: Option<Timestamp>,
    /// How far it has come.
    pub status: CallStatus,
    /// Paths of what belongs to it, by name: `recordings`, `notifications`, …
    #[serde(default, deserialize_with = "json::null_as_default")]
    pub subresource_uris: BTreeMap<String, String>,
    /// Who was called.
    #[serde(default)]
    pub to: Option<String>,
    /// Who was called, as people write numbers.
    #[serde(default)]
    pub to_formatted: Option<String>,
    /// The trunk that it went through.
    #[serde(default, deserialize_with = "json::empty_as_none")]
    pub trunk_sid: Option<Sid>,
    /// The path of this resource.
    #[serde(default)]
    pub uri: Option<String>,
}

impl CallResource {
    /// What belongs to every call, by the names in `subresource_uris`.
    pub const SUBRESOURCES: &'static [(&'static str, &'static str)] = &[
        ("events", "Events"),
        ("notifications", "Notifications"),
        ("payments", "Payments"),
        ("recordings", "Recordings"),
        ("siprec", "Siprec"),
        ("streams", "Streams"),
        ("transcriptions", "Transcriptions"),
        ("user_defined_message_subscriptions", "UserDefinedMessageSubscriptions"),
        ("user_defined_messages", "UserDefinedMessages"),
    ];
}

words! {
    open
    /// How far a call has come.
    pub enum CallStatus {
        /// Waiting to be dialed.
        Queued = "queued",
        /// Dialing began; only webhooks say so.
        Initiated = "initiated",
        /// It rings.
        Ringing = "ringing",
        /// It was answered.
        InProgress = "in-progress",
        /// It was answered, and has ended.
        Completed = "completed",
        /// The line was busy.
        Busy = "busy",
        /// It could not be connected.
        Failed = "failed",
        /// Nobody answered.
        NoAnswer = "no-answer",
        /// It was ended before it was answered.
        Canceled = "canceled",
    }
}

impl CallStatus {
    /// Whether it changes no more.
    pub fn is_final(&self) -> bool {
        use CallStatus::{Busy, Canceled, Completed, Failed, NoAnswer};
        matches!(self, Completed | Busy | Failed | NoAnswer | Canceled)
    }
}

words! {
    open
    /// Who called whom, and by what means.
    pub enum Direction {
        /// Somebody, us.
        Inbound = "inbound",
        /// We, somebody, by the REST API.
        OutboundApi = "outbound-api",
        /// A call of ours, somebody.
        OutboundDial = "outbound-dial",
        /// Our SIP trunk, somebody.
        TrunkingOriginating = "trunking-originating",
        /// Somebody, our SIP trunk.
        TrunkingTerminating = "trunking-terminating",
    }
}

words! {
    open
    /// Who answered a call.
    pub enum AnsweredBy {
        /// A person.
        Human = "human",
        /// A machine, whose greeting may still go on.
        MachineStart = "machine_start",
        /// A machine, after its beep.
        MachineEndBeep = "machine_end_beep",
        /// A machine, after a silence.
        MachineEndSilence = "machine_end_silence",
        /// A machine, at the end of its greeting.
        MachineEndOther = "machine_end_other",
        /// A fax.
        Fax = "fax",
        /// It could not be found out.
        Unknown = "unknown",
    }
}

impl AnsweredBy {
    /// Whether it is a machine that answers calls.
    pub fn is_machine(&self) -> bool {
        use AnsweredBy::{MachineEndBeep, MachineEndOther, MachineEndSilence, MachineStart};
        matches!(self, MachineStart | MachineEndBeep | MachineEndSilence | MachineEndOther)
    }
}
