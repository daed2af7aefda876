//! Webhooks about messages.

use proptest::prelude::*;
use twilio::callback::{
    InboundMedium, InboundMessage, Location, MessageStatusCallback, OptOutType, Place, Referral,
};
use twilio::form::{self, Pairs};
use twilio::message::MessageStatus;
use twilio::sid::{Sid, SidKind};

use crate::pairs;

const MESSAGE: &str = "SM00000000000000000000000000000001";
const ACCOUNT: &str = "AC00000000000000000000000000000001";

fn plain() -> Pairs {
    pairs(&[
        ("ToCountry", "US"),
        ("ToState", "CA"),
        ("SmsMessageSid", MESSAGE),
        ("NumMedia", "0"),
        ("ToCity", ""),
        ("FromZip", "94105"),
        ("SmsSid", MESSAGE),
        ("FromState", "CA"),
        ("SmsStatus", "received"),
        ("FromCity", "SAN FRANCISCO"),
        ("Body", " YES \n"),
        ("FromCountry", "US"),
        ("To", "+15551234567"),
        ("ToZip", ""),
        ("NumSegments", "1"),
        ("MessageSid", MESSAGE),
        ("AccountSid", ACCOUNT),
        ("From", "+15559876543"),
        ("ApiVersion", "2010-04-01"),
    ])
}

#[test]
fn a_plain_text_is_read_whole_and_untrimmed() {
    let message = InboundMessage::from_pairs(&plain()).unwrap();
    assert_eq!(message.body, " YES \n");
    assert_eq!(message.from, "+15559876543");
    assert_eq!(message.status, MessageStatus::Received);
    let place = |city: &str, zip: &str| Place {
        city: city.to_owned(),
        state: "CA".to_owned(),
        zip: zip.to_owned(),
        country: "US".to_owned(),
    };
    assert_eq!(message.from_place, Some(place("SAN FRANCISCO", "94105")));
    assert_eq!(message.to_place, Some(place("", "")));
    assert_eq!(message.rest, Pairs::new());
}

#[test]
fn what_is_read_is_written_with_the_same_pairs() {
    let mut whatsapp = pairs(&[
        ("MessageSid", MESSAGE),
        ("SmsSid", MESSAGE),
        ("SmsMessageSid", MESSAGE),
        ("AccountSid", ACCOUNT),
        ("MessagingServiceSid", "MG00000000000000000000000000000001"),
        ("From", "whatsapp:+15559876543"),
        ("To", "whatsapp:+15551234567"),
        ("Body", ""),
        ("NumSegments", "1"),
        ("NumMedia", "2"),
        ("MediaUrl0", "https://example.com/0"),
        ("MediaContentType0", "image/png"),
        ("MediaUrl1", "https://example.com/1"),
        ("MediaContentType1", "audio/ogg"),
        ("SmsStatus", "received"),
        ("ApiVersion", "2010-04-01"),
        ("OptOutType", "HELP"),
        ("AddOns", "{}"),
        ("ProfileName", "Ann"),
        ("WaId", "15559876543"),
        ("ButtonText", "Yes"),
        ("ButtonPayload", "yes-1"),
        ("ButtonType", "QUICK_REPLY"),
        ("ListId", "slot-2"),
        ("ListTitle", "Tuesday"),
        ("Latitude", "37.7749"),
        ("Longitude", "-122.4194"),
        ("Address", "1 Example St"),
        ("Label", "Office"),
        ("Forwarded", "true"),
        ("FrequentlyForwarded", "true"),
        ("OriginalRepliedMessageSid", "MM00000000000000000000000000000002"),
        ("OriginalRepliedMessageSender", "whatsapp:+15551234567"),
        ("ReferralBody", "b"),
        ("ReferralHeadline", "h"),
        ("ReferralSourceId", "1"),
        ("ReferralSourceType", "ad"),
        ("ReferralSourceUrl", "https://example.com/ad"),
        ("ReferralCtwaClid", "c"),
        ("ReferralNumMedia", "1"),
        ("ReferralMediaUrl", "https://example.com/ad.png"),
        ("ReferralMediaContentType", "image/png"),
        ("MessageType", "button"),
        ("ChannelMetadata", r#"{"type":"whatsapp"}"#),
        ("Newer", "1"),
        ("Newer", "2"),
    ]);
    for form in [&mut plain(), &mut whatsapp] {
        let mut written = InboundMessage::from_pairs(form).unwrap().to_pairs();
        written.sort_unstable();
        form.sort_unstable();
        assert_eq!(&written, form);
    }
}

#[test]
fn whatsapp_parts_stand_in_their_fields() {
    let mut message = InboundMessage::text(
        MESSAGE.parse().unwrap(),
        ACCOUNT.parse().unwrap(),
        "whatsapp:+15559876543",
        "whatsapp:+15551234567",
        "",
    );
    message.location = Some(Location {
        latitude: "37.7749".to_owned(),
        longitude: "-122.4194".to_owned(),
        address: None,
        label: Some("Office".to_owned()),
    });
    message.opt_out_type = Some(OptOutType::Other("PAUSE".to_owned()));
    message.referral = Referral { source_id: Some("1".to_owned()), ..Referral::default() };
    assert_eq!(InboundMessage::from_pairs(&message.to_pairs()), Ok(message));
}

#[test]
fn old_names_are_taken_where_the_new_one_is_missing() {
    let mut form = plain();
    form.retain(|(name, _)| name != "MessageSid" && name != "SmsMessageSid");
    assert_eq!(InboundMessage::from_pairs(&form).unwrap().message_sid.as_str(), MESSAGE);
}

#[test]
fn a_message_without_its_essentials_is_refused() {
    for name in ["AccountSid", "From", "To"] {
        let mut form = plain();
        form.retain(|(key, _)| key != name);
        assert_eq!(InboundMessage::from_pairs(&form).unwrap_err().name(), name);
    }
    let mut form = plain();
    form.retain(|(key, _)| !key.ends_with("Sid") || key == "AccountSid");
    assert_eq!(InboundMessage::from_pairs(&form).unwrap_err().name(), "MessageSid");
    for (name, value) in [("MessageSid", "x"), ("AccountSid", "AC1")] {
        let mut form = plain();
        form.retain(|(key, _)| key != name);
        form.push((name.to_owned(), value.to_owned()));
        assert_eq!(InboundMessage::from_pairs(&form).unwrap_err().name(), name);
    }
}

#[test]
fn odd_values_of_what_is_not_essential_are_kept_and_lose_no_message() {
    let odd = [
        ("Forwarded", "maybe"),
        ("OriginalRepliedMessageSid", "wamid.1"),
        ("Latitude", "37.7749"),
        ("Label", "Office"),
        ("NumSegments", "one"),
    ];
    let mut form = plain();
    form.retain(|(name, _)| name != "NumSegments");
    form.extend(pairs(&odd));
    let message = InboundMessage::from_pairs(&form).unwrap();
    assert_eq!((message.forwarded, message.num_segments), (false, 1));
    assert_eq!((message.replied_message_sid, message.location), (None, None));
    assert_eq!(message.rest, pairs(&odd));

    let sid = Sid::from_parts(SidKind::Sms, [1; 16]);
    let mut form =
        MessageStatusCallback::new(sid, ACCOUNT.parse().unwrap(), MessageStatus::Failed).to_pairs();
    form.extend(pairs(&[("ErrorCode", "unknown"), ("StructuredMessage", "")]));
    let callback = MessageStatusCallback::from_pairs(&form).unwrap();
    assert_eq!((callback.error_code, callback.structured_message), (None, None));
    assert_eq!(callback.rest, pairs(&[("ErrorCode", "unknown")]));
}

#[test]
fn a_status_callback_is_read_and_written_with_the_same_pairs() {
    let mut form = pairs(&[
        ("MessageSid", MESSAGE),
        ("SmsSid", MESSAGE),
        ("MessageStatus", "undelivered"),
        ("SmsStatus", "undelivered"),
        ("AccountSid", ACCOUNT),
        ("From", "whatsapp:+15551234567"),
        ("To", "whatsapp:+15559876543"),
        ("MessagingServiceSid", "MG00000000000000000000000000000001"),
        ("ApiVersion", "2010-04-01"),
        ("ErrorCode", "63016"),
        ("ErrorMessage", "Outside the window"),
        ("RawDlrDoneDate", "2611230730"),
        ("ChannelInstallSid", "XE00000000000000000000000000000001"),
        ("ChannelPrefix", "whatsapp"),
        ("ChannelToAddress", "+1555987XXXX"),
        ("ChannelStatusMessage", "Re-engagement message"),
        ("EventType", "UNDELIVERED"),
        ("StructuredMessage", "false"),
        ("Newer", "1"),
    ]);
    let callback = MessageStatusCallback::from_pairs(&form).unwrap();
    assert_eq!(callback.status, MessageStatus::Undelivered);
    assert_eq!(callback.error_code, Some(63016));
    assert_eq!(callback.rest, pairs(&[("Newer", "1")]));
    let mut written = callback.to_pairs();
    written.sort_unstable();
    form.sort_unstable();
    assert_eq!(written, form);
}

#[test]
fn a_status_callback_without_its_essentials_is_refused() {
    let sid = || Sid::from_parts(SidKind::Sms, [1; 16]);
    let callback = MessageStatusCallback::new(sid(), ACCOUNT.parse().unwrap(), MessageStatus::Sent);
    for (names, missing) in [
        (&["MessageSid", "SmsSid"][..], "MessageSid"),
        (&["MessageStatus", "SmsStatus"], "MessageStatus"),
        (&["AccountSid"], "AccountSid"),
    ] {
        let mut form = callback.to_pairs();
        form.retain(|(name, _)| !names.contains(&name.as_str()));
        assert_eq!(MessageStatusCallback::from_pairs(&form).unwrap_err().name(), missing);
    }
}

prop_compose! {
    fn any_message()(
        sid in any::<[u8; 16]>(),
        from in ".{1,16}",
        body in ".{0,40}",
        media in prop::collection::vec((".{0,12}", ".{0,12}"), 0..=10),
        place in prop::option::of((".{0,8}", ".{0,4}")),
        profile_name in prop::option::of(".{0,10}"),
        forwarded in any::<bool>(),
        rest in prop::collection::vec(("x-[a-z]{1,6}", ".{0,8}"), 0..3),
    ) -> InboundMessage {
        let mut message = InboundMessage::text(
            Sid::from_parts(SidKind::Sms, sid),
            ACCOUNT.parse().unwrap(),
            from,
            "+15551234567",
            body,
        );
        message.media = media.into_iter().map(|(url, content_type)| InboundMedium { url, content_type }).collect();
        message.from_place =
            place.map(|(city, zip)| Place { city, zip, ..Place::default() });
        message.profile_name = profile_name;
        message.forwarded = forwarded;
        message.rest = rest;
        message
    }
}

proptest! {
    #[test]
    fn an_inbound_message_survives_the_wire(message in any_message()) {
        let body = form::encode(&message.to_pairs());
        let read = InboundMessage::from_pairs(&form::decode(body.as_bytes()).unwrap());
        prop_assert_eq!(read, Ok(message));
    }
}
