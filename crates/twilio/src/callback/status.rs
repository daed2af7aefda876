//! The webhook for a change of status of a message that went out.

use crate::form::Pairs;
use crate::message::MessageStatus;
use crate::parameter::{ParameterError, Taking, Writing, typed};
use crate::sid::Sid;

/// A change of status, as Twilio posts it to a message's `StatusCallback`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageStatusCallback {
    /// The message; written under its old name as well.
    pub message_sid: Sid,
    /// The new status; written under its old name as well.
    pub status: MessageStatus,
    /// The account that owns the message.
    pub account_sid: Sid,
    /// The sender.
    pub from: Option<String>,
    /// The recipient.
    pub to: Option<String>,
    /// The service that it went through.
    pub messaging_service_sid: Option<Sid>,
    /// `2010-04-01`
    pub api_version: Option<String>,
    /// Why it was not delivered, by Twilio's code.
    pub error_code: Option<u32>,
    /// Why it was not delivered, in words that may change.
    pub error_message: Option<String>,
    /// The carrier's time of delivery, `YYMMDDhhmm`.
    pub raw_dlr_done_date: Option<String>,
    /// The installed channel, for WhatsApp and alike.
    pub channel_install_sid: Option<Sid>,
    /// `whatsapp`
    pub channel_prefix: Option<String>,
    /// The recipient with its last digits hidden.
    pub channel_to_address: Option<String>,
    /// The channel's own words about a failure.
    pub channel_status_message: Option<String>,
    /// `READ`, `DELIVERED`, …
    pub event_type: Option<String>,
    /// Whether the message was structured.
    pub structured_message: Option<bool>,
    /// Parameters that are not known here or not of their type, in order.
    pub rest: Pairs,
}

impl MessageStatusCallback {
    /// A callback with what every callback has; set the rest by its fields.
    pub fn new(message_sid: Sid, account_sid: Sid, status: MessageStatus) -> MessageStatusCallback {
        MessageStatusCallback {
            message_sid,
            status,
            account_sid,
            from: None,
            to: None,
            messaging_service_sid: None,
            api_version: Some("2010-04-01".to_owned()),
            error_code: None,
            error_message: None,
            raw_dlr_done_date: None,
            channel_install_sid: None,
            channel_prefix: None,
            channel_to_address: None,
            channel_status_message: None,
            event_type: None,
            structured_message: None,
            rest: Pairs::new(),
        }
    }

    /// The pairs of the request.
    pub fn to_pairs(&self) -> Pairs {
        let mut out = Writing(Pairs::with_capacity(16));
        for name in MESSAGE_SID {
            out.text(name, self.message_sid.as_str());
        }
        for name in STATUS {
            out.text(name, self.status.as_str());
        }
        out.text("AccountSid", self.account_sid.as_str());
        out.option("From", self.from.as_deref());
        out.option("To", self.to.as_deref());
        out.value("MessagingServiceSid", self.messaging_service_sid.as_ref());
        out.option("ApiVersion", self.api_version.as_deref());
        out.value("ErrorCode", self.error_code.as_ref());
        out.option("ErrorMessage", self.error_message.as_deref());
        out.option("RawDlrDoneDate", self.raw_dlr_done_date.as_deref());
        out.value("ChannelInstallSid", self.channel_install_sid.as_ref());
        out.option("ChannelPrefix", self.channel_prefix.as_deref());
        out.option("ChannelToAddress", self.channel_to_address.as_deref());
        out.option("ChannelStatusMessage", self.channel_status_message.as_deref());
        out.option("EventType", self.event_type.as_deref());
        out.value("StructuredMessage", self.structured_message.as_ref());
        out.0.extend(self.rest.iter().cloned());
        out.0
    }

    /// Reads the pairs of a request. Its message, status and account must be there; what is not known, or
    /// not of its type, is kept in `rest`.
    pub fn from_pairs(pairs: &[(String, String)]) -> Result<MessageStatusCallback, ParameterError> {
        let mut from = Taking::from(pairs);
        let message_sid = from.alias(&MESSAGE_SID).map_or_else(|| from.required("MessageSid"), Ok)?;
        let status = from.alias(&STATUS).map_or_else(|| from.required("MessageStatus"), Ok)?;
        Ok(MessageStatusCallback {
            message_sid: typed("MessageSid", message_sid)?,
            status: status.into(),
            account_sid: typed("AccountSid", from.required("AccountSid")?)?,
            from: from.text("From"),
            to: from.text("To"),
            messaging_service_sid: from.value("MessagingServiceSid"),
            api_version: from.text("ApiVersion"),
            error_code: from.value("ErrorCode"),
            error_message: from.text("ErrorMessage"),
            raw_dlr_done_date: from.text("RawDlrDoneDate"),
            channel_install_sid: from.value("ChannelInstallSid"),
            channel_prefix: from.text("ChannelPrefix"),
            channel_to_address: from.text("ChannelToAddress"),
            channel_status_message: from.text("ChannelStatusMessage"),
            event_type: from.text("EventType"),
            structured_message: from.value("StructuredMessage"),
            rest: from.rest(),
        })
    }
}

const MESSAGE_SID: [&str; 2] = ["MessageSid", "SmsSid"];
const STATUS: [&str; 2] = ["MessageStatus", "SmsStatus"];
