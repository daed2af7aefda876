//! What every request about a call has.

use super::resource::{AnsweredBy, CallStatus, Direction};
use crate::callback::Place;
use crate::callback::carried::webhook;
use crate::sid::Sid;

webhook! {
    /// A request about a call: to a number's `VoiceUrl`, a call's `Url`, or the address of a `<Redirect>`. With
    /// more parameters it is the request of a verb's `action`, or tells a change of status.
    ///
    /// Fields that are `Option` are left out of the request where they do not apply. Headers of SIP stand in
    /// `rest`, under names that begin with `SipHeader_`.
    pub struct CallRequest {
        /// The call.
        pub call_sid: Sid = "CallSid",
        /// The account that owns it.
        pub account_sid: Sid = "AccountSid",
        /// The caller: E.164, `client:…`, `sip:…`, `anonymous` or `unknown`; written under its old name as well.
        pub from: String = "From" | "Caller",
        /// Who was called; written under its old name as well.
        pub to: String = "To" | "Called",
        /// How far it has come.
        pub status: CallStatus = "CallStatus",
        /// `2010-04-01`
        pub api_version: Option<String> = "ApiVersion",
        /// Who called whom.
        pub direction: Option<Direction> = "Direction",
        /// Where the caller's number is from.
        pub from_place: Option<Place> = "From" | "Caller",
        /// Where the number called is from.
        pub to_place: Option<Place> = "To" | "Called",
        /// The number that forwarded it.
        pub forwarded_from: Option<String> = "ForwardedFrom",
        /// The caller's name, where it is looked up.
        pub caller_name: Option<String> = "CallerName",
        /// The call that made it.
        pub parent_call_sid: Option<Sid> = "ParentCallSid",
        /// What lets the caller's number be shown in another call.
        pub call_token: Option<String> = "CallToken",
        /// Whether the caller's number was vouched for.
        pub stir_verstat: Option<String> = "StirVerstat",
        /// Who answered, where the call waited for that.
        pub answered_by: Option<AnsweredBy> = "AnsweredBy",
        /// How long it took to find out.
        pub machine_detection_duration_ms: Option<u32> = "MachineDetectionDuration",
        /// The application that answers.
        pub application_sid: Option<Sid> = "ApplicationSid",
        /// The call's id in SIP.
        pub sip_call_id: Option<String> = "SipCallId",
        /// The SIP domain that was called.
        pub sip_domain: Option<String> = "SipDomain",
        /// Why the first address failed, where this is the fallback.
        pub error_code: Option<u32> = "ErrorCode",
        /// The address that failed.
        pub error_url: Option<String> = "ErrorUrl",
    }
}

impl CallRequest {
    /// A request with what every request has; set the rest by its fields.
    pub fn new(
        call_sid: Sid,
        account_sid: Sid,
        from: impl Into<String>,
        to: impl Into<String>,
        status: CallStatus,
        direction: Direction,
    ) -> CallRequest {
        CallRequest {
            call_sid,
            account_sid,
            from: from.into(),
            to: to.into(),
            status,
            api_version: Some("2010-04-01".to_owned()),
            direction: Some(direction),
            from_place: None,
            to_place: None,
            forwarded_from: None,
            caller_name: None,
            parent_call_sid: None,
            call_token: None,
            stir_verstat: None,
            answered_by: None,
            machine_detection_duration_ms: None,
            application_sid: None,
            sip_call_id: None,
            sip_domain: None,
            error_code: None,
            error_url: None,
            rest: crate::form::Pairs::new(),
        }
    }
}
