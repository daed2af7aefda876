//! The webhook for a message that came in.

use crate::form::Pairs;
use crate::message::{MEDIA_MAX, MessageStatus};
use crate::parameter::{ParameterError, Taking, Writing, typed};
use crate::sid::Sid;
use crate::words::words;

/// A message that came in, as Twilio posts it to a number's `SmsUrl` or a service's inbound URL.
///
/// Fields that are `Option` are left out of the request where they do not apply; an empty text is something
/// else than a missing one, and both are kept, because both are signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboundMessage {
    /// The message; written under its two old names as well.
    pub message_sid: Sid,
    /// The account that owns the receiving address.
    pub account_sid: Sid,
    /// The service that the receiving number belongs to.
    pub messaging_service_sid: Option<Sid>,
    /// E.164, short code, or with a channel in front.
    pub from: String,
    /// Our address.
    pub to: String,
    /// The text; may be empty.
    pub body: String,
    /// How many segments it took.
    pub num_segments: u32,
    /// What was attached, at most [`MEDIA_MAX`].
    pub media: Vec<InboundMedium>,
    /// `received`
    pub status: MessageStatus,
    /// `2010-04-01`
    pub api_version: Option<String>,
    /// Where the sender's number is from; not for WhatsApp.
    pub from_place: Option<Place>,
    /// Where our number is from; not for WhatsApp.
    pub to_place: Option<Place>,
    /// The keyword that Twilio acted on, only with Advanced Opt-Out.
    pub opt_out_type: Option<OptOutType>,
    /// JSON of marketplace add-ons.
    pub add_ons: Option<String>,
    /// The sender's name on WhatsApp.
    pub profile_name: Option<String>,
    /// The sender's number on WhatsApp, without `+`.
    pub wa_id: Option<String>,
    /// The label of the quick reply that was pressed.
    pub button_text: Option<String>,
    /// The id of the quick reply that was pressed.
    pub button_payload: Option<String>,
    /// The kind of button that was pressed.
    pub button_type: Option<String>,
    /// The id of the item picked from a list.
    pub list_id: Option<String>,
    /// The title of the item picked from a list.
    pub list_title: Option<String>,
    /// Where the sender is, or says to be.
    pub location: Option<Location>,
    /// Whether it was forwarded.
    pub forwarded: bool,
    /// Whether it was forwarded many times.
    pub frequently_forwarded: bool,
    /// The message that it answers.
    pub replied_message_sid: Option<Sid>,
    /// Who sent the message that it answers.
    pub replied_message_sender: Option<String>,
    /// The advertisement that led here.
    pub referral: Referral,
    /// `text`, `image`, `button`, …, where a channel tells.
    pub message_type: Option<String>,
    /// JSON about the channel.
    pub channel_metadata: Option<String>,
    /// Parameters that are not known here or not of their type, in order.
    pub rest: Pairs,
}

/// One attachment of a message that came in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InboundMedium {
    /// Where it can be fetched.
    pub url: String,
    /// Its MIME type.
    pub content_type: String,
}

/// What Twilio believes about where a number is from; any part may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// In capital letters.
    pub city: String,
    /// The state or province, two letters in the US.
    pub state: String,
    /// The postal code.
    pub zip: String,
    /// ISO 3166, two letters.
    pub country: String,
}

/// A place on a map that was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Location {
    /// Decimal degrees, as text.
    pub latitude: String,
    /// Decimal degrees, as text.
    pub longitude: String,
    /// The place's address.
    pub address: Option<String>,
    /// The place's name.
    pub label: Option<String>,
}

/// The WhatsApp advertisement that a message answers; all of it is missing otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Referral {
    /// Its text.
    pub body: Option<String>,
    /// Its headline.
    pub headline: Option<String>,
    /// Its id.
    pub source_id: Option<String>,
    /// `ad` or `post`.
    pub source_type: Option<String>,
    /// Its address.
    pub source_url: Option<String>,
    /// The id of the click.
    pub ctwa_clid: Option<String>,
    /// How many media it has, as text.
    pub num_media: Option<String>,
    /// Its medium.
    pub media_url: Option<String>,
    /// The MIME type of its medium.
    pub media_content_type: Option<String>,
}

words! {
    open
    /// The keyword that Advanced Opt-Out acted on.
    pub enum OptOutType {
        /// The sender is blocked from now on.
        Stop = "STOP",
        /// The sender is no longer blocked.
        Start = "START",
        /// The help text was sent.
        Help = "HELP",
    }
}

impl InboundMessage {
    /// A plain text message of one segment; set the rest by its fields.
    pub fn text(
        message_sid: Sid,
        account_sid: Sid,
        from: impl Into<String>,
        to: impl Into<String>,
        body: impl Into<String>,
    ) -> InboundMessage {
        InboundMessage {
            message_sid,
            account_sid,
            messaging_service_sid: None,
            from: from.into(),
            to: to.into(),
            body: body.into(),
            num_segments: 1,
            media: Vec::new(),
            status: MessageStatus::Received,
            api_version: Some("2010-04-01".to_owned()),
            from_place: None,
            to_place: None,
            opt_out_type: None,
            add_ons: None,
            profile_name: None,
            wa_id: None,
            button_text: None,
            button_payload: None,
            button_type: None,
            list_id: None,
            list_title: None,
            location: None,
            forwarded: false,
            frequently_forwarded: false,
            replied_message_sid: None,
            replied_message_sender: None,
            referral: Referral::default(),
            message_type: None,
            channel_metadata: None,
            rest: Pairs::new(),
        }
    }

    /// The pairs of the request.
    pub fn to_pairs(&self) -> Pairs {
        let mut out = Writing(Pairs::with_capacity(28));
        for name in MESSAGE_SID {
            out.text(name, self.message_sid.as_str());
        }
        out.text("AccountSid", self.account_sid.as_str());
        out.value("MessagingServiceSid", self.messaging_service_sid.as_ref());
        out.text("From", &self.from);
        out.text("To", &self.to);
        out.text("Body", &self.body);
        out.text("NumSegments", self.num_segments.to_string());
        out.text("NumMedia", self.media.len().to_string());
        for (index, medium) in self.media.iter().enumerate() {
            out.text(&format!("MediaUrl{index}"), &medium.url);
            out.text(&format!("MediaContentType{index}"), &medium.content_type);
        }
        out.text("SmsStatus", self.status.as_str());
        out.option("ApiVersion", self.api_version.as_deref());
        write_place(&mut out, FROM_PLACE, self.from_place.as_ref());
        write_place(&mut out, TO_PLACE, self.to_place.as_ref());
        out.value("OptOutType", self.opt_out_type.as_ref());
        out.option("AddOns", self.add_ons.as_deref());
        self.write_channel(&mut out);
        out.0.extend(self.rest.iter().cloned());
        out.0
    }

    fn write_channel(&self, out: &mut Writing) {
        out.option("ProfileName", self.profile_name.as_deref());
        out.option("WaId", self.wa_id.as_deref());
        out.option("ButtonText", self.button_text.as_deref());
        out.option("ButtonPayload", self.button_payload.as_deref());
        out.option("ButtonType", self.button_type.as_deref());
        out.option("ListId", self.list_id.as_deref());
        out.option("ListTitle", self.list_title.as_deref());
        if let Some(location) = &self.location {
            out.text("Latitude", &location.latitude);
            out.text("Longitude", &location.longitude);
            out.option("Address", location.address.as_deref());
            out.option("Label", location.label.as_deref());
        }
        out.value("Forwarded", self.forwarded.then_some(&true));
        out.value("FrequentlyForwarded", self.frequently_forwarded.then_some(&true));
        out.value("OriginalRepliedMessageSid", self.replied_message_sid.as_ref());
        out.option("OriginalRepliedMessageSender", self.replied_message_sender.as_deref());
        self.referral.write(out);
        out.option("MessageType", self.message_type.as_deref());
        out.option("ChannelMetadata", self.channel_metadata.as_deref());
    }

    /// Reads the pairs of a request. Its message, account, sender and recipient must be there; what is not
    /// known, or not of its type, is kept in `rest`.
    pub fn from_pairs(pairs: &[(String, String)]) -> Result<InboundMessage, ParameterError> {
        let mut from = Taking::from(pairs);
        let message_sid = from.alias(&MESSAGE_SID).map_or_else(|| from.required("MessageSid"), Ok)?;
        Ok(InboundMessage {
            message_sid: typed("MessageSid", message_sid)?,
            account_sid: typed("AccountSid", from.required("AccountSid")?)?,
            messaging_service_sid: from.value("MessagingServiceSid"),
            from: from.required("From")?,
            to: from.required("To")?,
            body: from.text("Body").unwrap_or_default(),
            num_segments: from.value("NumSegments").unwrap_or(1),
            media: read_media(&mut from),
            status: from.value("SmsStatus").unwrap_or(MessageStatus::Received),
            api_version: from.text("ApiVersion"),
            from_place: read_place(&mut from, FROM_PLACE),
            to_place: read_place(&mut from, TO_PLACE),
            opt_out_type: from.value("OptOutType"),
            add_ons: from.text("AddOns"),
            profile_name: from.text("ProfileName"),
            wa_id: from.text("WaId"),
            button_text: from.text("ButtonText"),
            button_payload: from.text("ButtonPayload"),
            button_type: from.text("ButtonType"),
            list_id: from.text("ListId"),
            list_title: from.text("ListTitle"),
            location: read_location(&mut from),
            forwarded: from.value("Forwarded").unwrap_or(false),
            frequently_forwarded: from.value("FrequentlyForwarded").unwrap_or(false),
            replied_message_sid: from.value("OriginalRepliedMessageSid"),
            replied_message_sender: from.text("OriginalRepliedMessageSender"),
            referral: Referral::read(&mut from),
            message_type: from.text("MessageType"),
            channel_metadata: from.text("ChannelMetadata"),
            rest: from.rest(),
        })
    }
}

/// The name of the message's SID and its two old names.
const MESSAGE_SID: [&str; 3] = ["MessageSid", "SmsSid", "SmsMessageSid"];

const FROM_PLACE: [&str; 4] = ["FromCity", "FromState", "FromZip", "FromCountry"];
const TO_PLACE: [&str; 4] = ["ToCity", "ToState", "ToZip", "ToCountry"];

pub(super) fn write_place(out: &mut Writing, names: [&str; 4], place: Option<&Place>) {
    let Some(Place { city, state, zip, country }) = place else { return };
    for (name, value) in names.into_iter().zip([city, state, zip, country]) {
        out.text(name, value);
    }
}

pub(super) fn read_place(from: &mut Taking, names: [&str; 4]) -> Option<Place> {
    let [city, state, zip, country] = names.map(|name| from.text(name));
    if [&city, &state, &zip, &country].iter().all(|part| part.is_none()) {
        return None;
    }
    let [city, state, zip, country] = [city, state, zip, country].map(Option::unwrap_or_default);
    Some(Place { city, state, zip, country })
}

/// The media are counted by their addresses: `NumMedia` only repeats how many there are.
fn read_media(from: &mut Taking) -> Vec<InboundMedium> {
    from.text("NumMedia");
    let mut media = Vec::new();
    while media.len() < MEDIA_MAX {
        let index = media.len();
        let Some(url) = from.text(&format!("MediaUrl{index}")) else { break };
        let content_type = from.text(&format!("MediaContentType{index}")).unwrap_or_default();
        media.push(InboundMedium { url, content_type });
    }
    media
}

fn read_location(from: &mut Taking) -> Option<Location> {
    // Without both numbers it is no place, and what there is of it is left over.
    if !from.has("Latitude") || !from.has("Longitude") {
        return None;
    }
    let (latitude, longitude) = (from.text("Latitude")?, from.text("Longitude")?);
    Some(Location { latitude, longitude, address: from.text("Address"), label: from.text("Label") })
}

impl Referral {
    fn write(&self, out: &mut Writing) {
        out.option("ReferralBody", self.body.as_deref());
        out.option("ReferralHeadline", self.headline.as_deref());
        out.option("ReferralSourceId", self.source_id.as_deref());
        out.option("ReferralSourceType", self.source_type.as_deref());
        out.option("ReferralSourceUrl", self.source_url.as_deref());
        out.option("ReferralCtwaClid", self.ctwa_clid.as_deref());
        out.option("ReferralNumMedia", self.num_media.as_deref());
        out.option("ReferralMediaUrl", self.media_url.as_deref());
        out.option("ReferralMediaContentType", self.media_content_type.as_deref());
    }

    fn read(from: &mut Taking) -> Referral {
        Referral {
            body: from.text("ReferralBody"),
            headline: from.text("ReferralHeadline"),
            source_id: from.text("ReferralSourceId"),
            source_type: from.text("ReferralSourceType"),
            source_url: from.text("ReferralSourceUrl"),
            ctwa_clid: from.text("ReferralCtwaClid"),
            num_media: from.text("ReferralNumMedia"),
            media_url: from.text("ReferralMediaUrl"),
            media_content_type: from.text("ReferralMediaContentType"),
        }
    }
}
