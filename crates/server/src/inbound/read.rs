//! Twilio's callbacks in our words.

use crate::outbound::unaddressed;
use engine::keyword::Keyword;
use engine::message::{Button, Channel, Content, Location, Media, Receipt, Report, Status};
use host::InboundText;
use twilio::callback::{InboundMessage, MessageStatusCallback, OptOutType};

/// Parameters that hold what the person wrote, pressed or chose.
const SAID_IN: &[&str] =
    &["Body", "ButtonText", "ButtonPayload", "ListTitle", "ListId", "ListDescription", "MediaUrl0"];

pub(super) fn text(credential: &str, message: InboundMessage) -> InboundText {
    let (from_channel, from) = unaddressed(&message.from);
    let (to_channel, to) = unaddressed(&message.to);
    let whatsapp = from_channel == Channel::WhatsApp || to_channel == Channel::WhatsApp;
    let (from, to) = (from.to_owned(), to.to_owned());
    let keyword = message.opt_out_type.as_ref().and_then(keyword);
    let receipt = Receipt {
        account_sid: Some(message.account_sid.as_str().to_owned()),
        num_segments: Some(message.num_segments.to_string()),
        num_media: Some(message.media.len().to_string()),
        ..Receipt::default()
    };
    InboundText {
        credential: credential.to_owned(),
        sid: message.message_sid.as_str().to_owned(),
        channel: if whatsapp { Channel::WhatsApp } else { Channel::Sms },
        from,
        to,
        service: message.messaging_service_sid.as_ref().map(|sid| sid.as_str().to_owned()),
        profile_name: message.profile_name.clone(),
        content: content(message),
        keyword,
        receipt,
        said_at: None,
        said_in: SAID_IN,
    }
}

fn content(message: InboundMessage) -> Content {
    let medium = |medium: twilio::callback::InboundMedium| Media {
        url: medium.url,
        content_type: Some(medium.content_type).filter(|content_type| !content_type.is_empty()),
    };
    let location = message.location.and_then(|place| {
        // A place that is not on Earth is none; the text itself still counts.
        let (latitude, longitude) = (place.latitude.parse().ok()?, place.longitude.parse().ok()?);
        Some(Location { latitude, longitude, label: place.label, address: place.address })
    });
    let pressed = message.button_text.map(|text| Button { text, payload: message.button_payload });
    let chosen = message.list_title.map(|text| Button { text, payload: message.list_id });
    Content {
        body: Some(message.body),
        media: message.media.into_iter().map(medium).collect(),
        template: None,
        location,
        button: pressed.or(chosen),
        sensitive: false,
    }
}

fn keyword(opt_out: &OptOutType) -> Option<Keyword> {
    match opt_out {
        OptOutType::Stop => Some(Keyword::Stop),
        OptOutType::Start => Some(Keyword::Start),
        OptOutType::Help => Some(Keyword::Help),
        OptOutType::Other(_) => None,
    }
}

pub(super) fn status(callback: MessageStatusCallback) -> Report {
    let error_message = callback.error_message.or(callback.channel_status_message);
    Report {
        sid: callback.message_sid.as_str().to_owned(),
        status: Status::parse(callback.status.as_str()),
        error_code: callback.error_code,
        error_message: error_message.filter(|message| !message.is_empty()),
        from: callback.from.map(|from| unaddressed(&from).1.to_owned()).filter(|from| !from.is_empty()),
        service: callback.messaging_service_sid.map(|sid| sid.as_str().to_owned()),
        receipt: Receipt {
            account_sid: Some(callback.account_sid.as_str().to_owned()),
            ..Receipt::default()
        },
    }
}

/// What a webhook says of a call; nothing where it names none.
pub(super) fn call(params: &[(String, String)]) -> Option<engine::call::Report> {
    use engine::call::{AnsweredBy, Receipt, Report, Status};
    let get = |name| twilio::form::get(params, name).filter(|value| !value.is_empty());
    let sid = twilio::sid::Sid::parse(get("CallSid")?).ok()?;
    let status = get("CallStatus").and_then(Status::parse);
    let is_final = status.is_some_and(engine::sending::Lattice::is_final);
    let at = get("Timestamp").and_then(|text| twilio::date::parse_rfc2822(text).ok());
    Some(Report {
        sid: sid.as_str().to_owned(),
        status,
        error_code: get("ErrorCode").and_then(|code| code.parse().ok()),
        error_message: get("ErrorMessage").map(str::to_owned),
        answered_by: get("AnsweredBy").and_then(AnsweredBy::parse),
        receipt: Receipt {
            account_sid: get("AccountSid").map(str::to_owned),
            start_time: at.filter(|_| status == Some(Status::InProgress)),
            end_time: at.filter(|_| is_final),
            duration: get("CallDuration").map(str::to_owned),
            sip_code: get("SipResponseCode").map(str::to_owned),
            ..Receipt::default()
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT: &str = "AC00000000000000000000000000000001";
    const SID: &str = "SM00000000000000000000000000000001";

    fn read(fields: &[(&str, &str)]) -> InboundText {
        let base =
            [("MessageSid", SID), ("AccountSid", ACCOUNT), ("To", "+15551234567"), ("NumSegments", "1")];
        let pairs: Vec<_> =
            base.iter().chain(fields).map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        text("main", InboundMessage::from_pairs(&pairs).unwrap())
    }

    #[test]
    fn texts_are_read_with_all_they_say() {
        let plain = read(&[("From", "+15557654321"), ("Body", " yes "), ("OptOutType", "START")]);
        assert_eq!(
            (plain.channel, plain.from.as_str(), plain.to.as_str()),
            (Channel::Sms, "+15557654321", "+15551234567")
        );
        assert_eq!((plain.content.body.as_deref(), plain.keyword), (Some(" yes "), Some(Keyword::Start)));

        let rich = read(&[
            ("From", "whatsapp:+15557654321"),
            ("Body", ""),
            ("ProfileName", "Ann"),
            ("ButtonText", "Yes"),
            ("ButtonPayload", "yes-1"),
            ("Latitude", "52.5"),
            ("Longitude", "-13.25"),
            ("Label", "Office"),
            ("NumMedia", "1"),
            ("MediaUrl0", "https://example.com/a"),
            ("MediaContentType0", "image/png"),
        ]);
        assert_eq!((rich.channel, rich.from.as_str()), (Channel::WhatsApp, "+15557654321"));
        assert_eq!(rich.profile_name.as_deref(), Some("Ann"));
        assert_eq!(rich.content.button, Some(Button { text: "Yes".into(), payload: Some("yes-1".into()) }));
        let place = rich.content.location.unwrap();
        assert_eq!((place.latitude, place.longitude, place.label.as_deref()), (52.5, -13.25, Some("Office")));
        assert_eq!(rich.content.media[0].content_type.as_deref(), Some("image/png"));
    }

    #[test]
    fn statuses_are_read_with_their_error_and_unknown_ones_without_a_rank() {
        let read = |status_word: &str| {
            let pairs = [
                ("MessageSid", SID),
                ("MessageStatus", status_word),
                ("AccountSid", ACCOUNT),
                ("From", "whatsapp:+15551234567"),
                ("ErrorCode", "30003"),
            ];
            let pairs: Vec<_> = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
            status(MessageStatusCallback::from_pairs(&pairs).unwrap())
        };
        let report = read("undelivered");
        assert_eq!((report.status, report.error_code), (Some(Status::Undelivered), Some(30003)));
        assert_eq!(report.from.as_deref(), Some("+15551234567"));
        assert_eq!(read("teleported").status, None);
    }
}
