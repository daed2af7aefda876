//! One message of the pretend world.

use jiff::Timestamp;
use twilio::message::{Direction, MessageResource, MessageStatus};
use twilio::sid::{Sid, SidKind};

use crate::address;
use crate::medium::Medium;
use crate::scripts::PhoneText;

/// Where a message has its place in the order of creation. Never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct MessageId(pub(crate) u64);

/// The longest a message waits in a queue, in seconds, unless it says otherwise.
pub(crate) const VALIDITY_S_MAX: u32 = 36_000;

#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) sid: Sid,
    pub(crate) account: Sid,
    pub(crate) direction: Direction,
    pub(crate) origin: Origin,
    /// None until a service has picked the sender.
    pub(crate) from: Option<String>,
    /// REST answers show no sender until the message is sent, although one was picked.
    pub(crate) from_is_hidden: bool,
    pub(crate) to: String,
    pub(crate) service: Option<Sid>,
    /// As it is sent.
    pub(crate) body: String,
    pub(crate) retention: Retention,
    /// As it was asked for, before anything rewrote it.
    pub(crate) body_asked: Option<String>,
    /// Counted when the sender is known; before that 0.
    pub(crate) segments: u32,
    pub(crate) media: Vec<Medium>,
    pub(crate) status: MessageStatus,
    pub(crate) error_code: Option<u32>,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
    pub(crate) sent: Option<Timestamp>,
    /// Lists pass over it before this instant.
    pub(crate) listed_from: Timestamp,
    /// In millionths of the account's currency; negative is charged.
    pub(crate) price_micros: Option<i64>,
    pub(crate) status_callback: Option<String>,
    pub(crate) validity_s: u32,
    pub(crate) send_at: Option<Timestamp>,
    pub(crate) template: Option<Template>,
    pub(crate) feedback: Option<Feedback>,
    pub(crate) history: Vec<Change>,
    /// Media that are still being fetched.
    pub(crate) media_pending: u32,
    /// Its turn to be sent has come, and only its media are missing.
    pub(crate) waits_for_media: bool,
    /// When the phone that it went to got it.
    pub(crate) arrived: Option<Timestamp>,
    /// What came with an inbound message besides its text.
    pub(crate) extras: Option<Box<PhoneText>>,
    /// Why it will fail, found before its turn to be sent has come.
    pub(crate) doom: Option<u32>,
}

/// What the account keeps of a message, as it asked for. The phone that got it keeps everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Retention {
    /// The text is shown as empty; at once, because it was redacted.
    pub(crate) is_redacted: bool,
    /// The text is shown as empty once the message is finished.
    pub(crate) discards_content: bool,
    /// The recipient is shown without its last digits.
    pub(crate) obfuscates_address: bool,
}

/// What brought a message about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Origin {
    /// A REST request.
    Api,
    /// TwiML that answered a webhook.
    Reply,
    /// The answer that is sent by itself to STOP, START or HELP.
    Keyword,
    /// Such an answer of a toll-free network, which no list of the account shows.
    Network,
    /// A phone.
    Phone,
}

/// The content template that a message was made from.
#[derive(Debug, Clone)]
pub(crate) struct Template {
    pub(crate) sid: Sid,
    /// Whether WhatsApp takes it outside the 24-hour window, or the code with which it fails.
    pub(crate) verdict: Result<(), u32>,
}

#[derive(Debug, Clone)]
pub(crate) struct Feedback {
    pub(crate) outcome: &'static str,
    pub(crate) created: Timestamp,
}

/// A status and when it was reached.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) at: Timestamp,
    pub(crate) status: MessageStatus,
}

impl Message {
    pub(crate) fn is_listed(&self) -> bool {
        self.origin != Origin::Network
    }

    /// Whether nothing more will happen to it by itself. A message that is `sent` may wait for its receipt.
    pub(crate) fn is_finished(&self) -> bool {
        self.status.is_final()
    }

    pub(crate) fn is_outbound(&self) -> bool {
        self.direction != Direction::Inbound
    }

    /// Whether it was sent with media, or as if it had some.
    pub(crate) fn is_mms(&self) -> bool {
        self.sid.kind() == Some(SidKind::Mms)
    }

    pub(crate) fn is_whatsapp(&self) -> bool {
        address::is_whatsapp(&self.to)
    }

    fn hides_content(&self) -> bool {
        self.retention.is_redacted || (self.retention.discards_content && self.is_finished())
    }

    /// The sender as REST answers show it.
    fn shown_sender(&self) -> Option<String> {
        let hidden = self.from_is_hidden && self.sent.is_none();
        if hidden { None } else { self.from.clone() }
    }

    pub(crate) fn to_resource(&self, currency: &str) -> MessageResource {
        let uri = format!("/2010-04-01/Accounts/{}/Messages/{}", self.account.as_str(), self.sid.as_str());
        MessageResource {
            account_sid: self.account.clone(),
            api_version: Some("2010-04-01".to_owned()),
            body: Some(if self.hides_content() { String::new() } else { self.body.clone() }),
            date_created: Some(self.created),
            date_sent: self.sent,
            date_updated: Some(self.updated),
            direction: self.direction.clone(),
            error_code: self.error_code,
            error_message: self
                .error_code
                .and_then(twilio::error::lookup)
                .map(|info| info.meaning.to_owned()),
            from: self.shown_sender(),
            messaging_service_sid: self.service.clone(),
            num_media: u32::try_from(self.media.len()).unwrap_or(u32::MAX),
            num_segments: self.segments,
            price: self.price_micros.map(price_text),
            price_unit: Some(currency.to_owned()),
            sid: self.sid.clone(),
            status: self.status.clone(),
            subresource_uris: [("media".to_owned(), format!("{uri}/Media.json"))].into(),
            to: Some(match self.retention.obfuscates_address {
                true => address::masked(&self.to),
                false => self.to.clone(),
            }),
            uri: Some(format!("{uri}.json")),
        }
    }
}

/// Five decimals, as prices of messages have them.
fn price_text(micros: i64) -> String {
    let sign = if micros < 0 { "-" } else { "" };
    let parts = micros.unsigned_abs() / 10;
    format!("{sign}{}.{:05}", parts / 100_000, parts % 100_000)
}

/// A text to +15550001111 that is queued.
#[cfg(test)]
pub(crate) fn example(number: u8) -> Message {
    Message {
        sid: Sid::from_parts(SidKind::Sms, [number; 16]),
        account: Sid::from_parts(SidKind::Account, [1; 16]),
        direction: Direction::OutboundApi,
        origin: Origin::Api,
        from: Some("+15551234567".to_owned()),
        from_is_hidden: false,
        to: "+15550001111".to_owned(),
        service: None,
        body: number.to_string(),
        retention: Retention::default(),
        body_asked: None,
        segments: 1,
        media: Vec::new(),
        status: MessageStatus::Queued,
        error_code: None,
        created: Timestamp::UNIX_EPOCH,
        updated: Timestamp::UNIX_EPOCH,
        sent: None,
        listed_from: Timestamp::UNIX_EPOCH,
        price_micros: None,
        status_callback: None,
        validity_s: VALIDITY_S_MAX,
        send_at: None,
        template: None,
        feedback: None,
        history: Vec::new(),
        media_pending: 0,
        waits_for_media: false,
        arrived: None,
        extras: None,
        doom: None,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn prices_have_five_decimals_and_a_sign() {
        assert_eq!(super::price_text(-8_300), "-0.00830");
        assert_eq!(super::price_text(-1_016_600), "-1.01660");
        assert_eq!(super::price_text(0), "0.00000");
    }
}
