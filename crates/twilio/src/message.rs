//! Messages of the 2010 API: the parameters of creating, updating and listing them, and the resource.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

pub use self::feedback::{CreateFeedback, FeedbackResource, Outcome};
pub use self::resource::{Direction, MessageResource, MessageStatus};
use crate::date;
use crate::parameter::{WireText, parameters};
use crate::sid::Sid;
use crate::words::words;

mod feedback;
mod resource;

/// The longest text of a message, counted by [`body_length`]; a longer one is error 21617.
pub const BODY_LENGTH_MAX: usize = 1600;

/// The most media of a message; more are error 21623.
pub const MEDIA_MAX: usize = 10;

/// A text's length as the limit counts it: in 16-bit units, so that most emoji count as two or more.
pub fn body_length(body: &str) -> usize {
    body.encode_utf16().count()
}

parameters! {
    /// `POST …/Messages.json`: send a message.
    ///
    /// [`from_pairs`](CreateMessage::from_pairs) checks each value's form; which parameters may stand
    /// together, and whether this account may use them, is for whoever answers the request.
    #[derive(Default)]
    pub struct CreateMessage {
        /// E.164, or with a channel in front: `whatsapp:+15551234567`.
        pub to: String = "To" or 21604,
        /// E.164, short code, alphanumeric sender, an address with a channel, or the SID of a service.
        pub from: Option<String> = "From",
        /// The messaging service that picks the sender, or is used with the sender given.
        pub messaging_service_sid: Option<Sid> = "MessagingServiceSid" or 21705,
        /// The text, at most 1600 characters.
        pub body: Option<String> = "Body",
        /// Up to ten addresses of media.
        pub media_url: Vec<String> = "MediaUrl",
        /// The content template to send.
        pub content_sid: Option<Sid> = "ContentSid" or 21655,
        /// A JSON object of the template's variables.
        pub content_variables: Option<String> = "ContentVariables",
        /// Where changes of status are posted, at most 4000 characters.
        pub status_callback: Option<String> = "StatusCallback",
        /// The application whose status URL is used where none is given here.
        pub application_sid: Option<Sid> = "ApplicationSid" or 21218,
        /// Has no effect since June 2024.
        pub max_price: Option<f64> = "MaxPrice" or 21627,
        /// Whether feedback about delivery will be reported back.
        pub provide_feedback: Option<bool> = "ProvideFeedback",
        /// How many attempts were made to send this, this one included.
        pub attempt: Option<u32> = "Attempt",
        /// How many seconds the message may wait in the queue: 1 to 36000, which is also the default.
        pub validity_period_s: Option<u32> = "ValidityPeriod" or 21624,
        /// Reserved by the provider.
        pub force_delivery: Option<bool> = "ForceDelivery",
        /// Whether the text is kept.
        pub content_retention: Option<ContentRetention> = "ContentRetention" or 30029,
        /// Whether the recipient's address is kept.
        pub address_retention: Option<AddressRetention> = "AddressRetention" or 30030,
        /// Whether look-alike characters are replaced so that the text fits GSM-7.
        pub smart_encoded: Option<bool> = "SmartEncoded",
        /// Rich actions of a channel, such as `geo:` locations of WhatsApp.
        pub persistent_action: Vec<String> = "PersistentAction",
        /// Only `free`.
        pub traffic_type: Option<TrafficType> = "TrafficType",
        /// Whether links are shortened; needs a messaging service with a domain.
        pub shorten_urls: Option<bool> = "ShortenUrls",
        /// Set to schedule the message.
        pub schedule_type: Option<ScheduleType> = "ScheduleType" or 35126,
        /// When a scheduled message is sent: 15 minutes to 35 days ahead.
        pub send_at: Option<Timestamp> = "SendAt" or 35114,
        /// Whether to send a text as MMS.
        pub send_as_mms: Option<bool> = "SendAsMms",
        /// Whether this message passes the check for SMS pumping.
        pub risk_check: Option<RiskCheck> = "RiskCheck",
        /// The SMS sender to fall back to from RCS.
        pub fallback_from: Option<String> = "FallbackFrom",
    }
}

parameters! {
    /// `POST …/Messages/{Sid}.json`: redact or cancel a message.
    #[derive(Default)]
    pub struct UpdateMessage {
        /// The empty text redacts the body; nothing else is taken.
        pub body: Option<String> = "Body",
        /// Cancels a message that is scheduled.
        pub status: Option<UpdateStatus> = "Status",
    }
}

parameters! {
    /// `GET …/Messages.json`: list messages, newest first.
    #[derive(Default)]
    pub struct ListMessages {
        /// Only messages to this address.
        pub to: Option<String> = "To",
        /// Only messages from this address.
        pub from: Option<String> = "From",
        /// Only messages sent on this day, or at this moment.
        pub date_sent: Option<DateFilter> = "DateSent",
        /// Only messages sent at or before this; the operator is part of the name.
        pub date_sent_until: Option<DateFilter> = "DateSent<",
        /// Only messages sent at or after this; the operator is part of the name.
        pub date_sent_since: Option<DateFilter> = "DateSent>",
        /// How many to a page: 50 unless given, at most 1000.
        pub page_size: Option<u32> = "PageSize",
        /// Which page, from 0; only counts together with the token.
        pub page: Option<u32> = "Page",
        /// Where the page begins, as `next_page_uri` had it.
        pub page_token: Option<String> = "PageToken",
    }
}

words! {
    /// What becomes of a message's text after it was sent.
    pub enum ContentRetention {
        /// Kept.
        Retain = "retain",
        /// Deleted at once.
        Discard = "discard",
    }
}

words! {
    /// What becomes of the recipient's address after a message was sent.
    pub enum AddressRetention {
        /// Kept.
        Retain = "retain",
        /// Kept with its last digits hidden.
        Obfuscate = "obfuscate",
    }
}

words! {
    /// Who pays for the message.
    pub enum TrafficType {
        /// Free to the recipient's side.
        Free = "free",
    }
}

words! {
    /// How a message is scheduled.
    pub enum ScheduleType {
        /// At the moment given.
        Fixed = "fixed",
    }
}

words! {
    /// Whether a message passes the check for SMS pumping.
    pub enum RiskCheck {
        /// It is checked.
        Enable = "enable",
        /// It is not checked.
        Disable = "disable",
    }
}

words! {
    /// What a message can be set to from outside.
    pub enum UpdateStatus {
        /// Do not send what is scheduled.
        Canceled = "canceled",
    }
}

/// A day or a moment in a list's filter. RFC 2822 and moments without an offset, which are UTC, are read too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DateFilter {
    /// `2026-11-23`: the whole day in UTC.
    Day(Date),
    /// `2026-11-23T07:30:00Z`
    Moment(Timestamp),
}

impl WireText for DateFilter {
    const EXPECTED: &'static str =
        "a date such as 2026-11-23 or a date and time such as 2026-11-23T07:30:00Z";

    fn to_wire(&self) -> String {
        match self {
            DateFilter::Day(day) => day.to_string(),
            DateFilter::Moment(at) => date::iso8601(*at),
        }
    }

    fn from_wire(text: &str) -> Option<DateFilter> {
        // `Date` would also take a date and time, and drop the time without a word.
        if text.len() == "2026-11-23".len() {
            return text.parse().ok().map(DateFilter::Day);
        }
        let moment = date::parse_iso8601(text).or_else(|_| date::parse_rfc2822(text)).ok();
        moment.or_else(|| in_utc(text)).map(DateFilter::Moment)
    }
}

/// A moment without an offset, which Twilio takes as UTC.
fn in_utc(text: &str) -> Option<Timestamp> {
    // Jiff would also take a day for its first moment, and pass over a time zone in brackets.
    if !text.contains(':') || text.contains('[') {
        return None;
    }
    let civil: DateTime = text.parse().ok()?;
    TimeZone::UTC.to_timestamp(civil).ok()
}
