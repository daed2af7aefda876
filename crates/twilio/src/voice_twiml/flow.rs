//! Verbs that go elsewhere or end, and those that hold nothing: `<Redirect>`, `<Reject>`, `<Hangup>`,
//! `<Refer>`, `<Leave>`, `<Echo>`, `<Sms>`.

use super::dial::Sip;
use super::part::{one_of, part};
use super::reading::Reading;
use crate::words::{HttpMethod, words};
use crate::xml;

part! {
    /// Go on with another document; what follows is not reached.
    pub struct Redirect = "Redirect" {
        /// How it is asked for.
        pub method: Option<HttpMethod> = "method" or 13710,
    }
    text
    /// The document, relative to this one's address.
    url
}

part! {
    /// Turn an incoming call away without answering it.
    pub struct Reject = "Reject" {
        /// What the caller hears.
        pub reason: Option<RejectReason> = "reason",
    }
    holds
    /// Settings by name.
    parameters: ParameterOnly
}

words! {
    /// What a caller hears who is turned away.
    pub enum RejectReason {
        /// That the number is not in service.
        Rejected = "rejected",
        /// A busy tone.
        Busy = "busy",
    }
}

part! {
    /// End the call.
    pub struct Hangup = "Hangup" {}
    holds
    /// Settings by name.
    parameters: ParameterOnly
}

part! {
    /// Leave the queue in which the call waits.
    pub struct Leave = "Leave" {}
}

part! {
    /// Play the caller's own voice back.
    pub struct Echo = "Echo" {}
}

part! {
    /// Hand a SIP call over to another server.
    pub struct Refer = "Refer" {
        /// Where the result is told.
        pub action: Option<String> = "action",
        /// How it is told.
        pub method: Option<HttpMethod> = "method",
    }
    holds
    /// To whom.
    targets: ReferTarget
}

one_of! {
    /// To whom a call can be handed over.
    pub enum ReferTarget {
        /// A SIP address.
        Sip(Sip),
    }
}

part! {
    /// Send a text during a call; an old way.
    pub struct Sms = "Sms" {
        /// The recipient; the caller unless given.
        pub to: Option<String> = "to" or 14101,
        /// The sender; the number called unless given.
        pub from: Option<String> = "from" or 14102,
        /// Where the result is told, and the next document is.
        pub action: Option<String> = "action",
        /// How it is told.
        pub method: Option<HttpMethod> = "method" or 14104,
        /// Where changes of status are told.
        pub status_callback: Option<String> = "statusCallback" or 14105,
    }
    text
    /// The text.
    body
    check check_sms
}

part! {
    /// A setting by name.
    pub struct Parameter = "Parameter" {
        /// The name.
        pub name: Option<String> = "name",
        /// The value.
        pub value: Option<String> = "value",
    }
}

one_of! {
    /// What may stand where only settings may.
    pub enum ParameterOnly {
        /// A setting by name.
        Parameter(Parameter),
    }
}

impl Redirect {
    /// Goes on with this document.
    pub fn to(url: impl Into<String>) -> Redirect {
        Redirect { method: None, url: url.into() }
    }
}

impl Parameter {
    /// A setting with a name and a value.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Parameter {
        Parameter { name: Some(name.into()), value: Some(value.into()) }
    }
}

fn check_sms(sms: Sms, _: &xml::Element, reading: &mut Reading) -> Option<Sms> {
    let length = crate::message::body_length(&sms.body);
    if length == 0 || length > crate::message::BODY_LENGTH_MAX {
        reading.warn(14103, format!("<Sms> was passed over: its text has {length} characters"));
        return None;
    }
    Some(sms)
}
