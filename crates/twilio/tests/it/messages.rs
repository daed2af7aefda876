//! Requests about messages and the message resource.

use proptest::prelude::*;
use serde_json::{Value, json};
use twilio::form;
use twilio::message::{
    ContentRetention, CreateMessage, DateFilter, Direction, ListMessages, MessageResource, MessageStatus,
    ScheduleType, UpdateMessage, UpdateStatus,
};
use twilio::parameter::ParameterError;
use twilio::sid::{Sid, SidKind};

use crate::pairs;

const SERVICE: &str = "MG00000000000000000000000000000001";

fn message_json() -> Value {
    serde_json::from_str(include_str!("samples/message.json")).unwrap()
}

#[test]
fn what_twilio_may_leave_out_or_add_is_read() {
    let json = json!({
        "sid": "MM00000000000000000000000000000001",
        "account_sid": "AC00000000000000000000000000000001",
        "status": "teleported",
        "direction": "outbound-dream",
        "num_segments": null,
        "num_media": 2,
        "subresource_uris": null,
        "tags": {"a": "b"}
    });
    let message: MessageResource = serde_json::from_value(json).unwrap();
    assert_eq!(message.status, MessageStatus::Other("teleported".to_owned()));
    assert_eq!(message.direction, Direction::Other("outbound-dream".to_owned()));
    assert_eq!((message.num_segments, message.num_media), (0, 2));
    assert_eq!(message.date_created, None);
}

#[test]
fn nonsense_in_a_message_is_refused() {
    for (field, value) in [
        ("sid", json!("SM1")),
        ("num_segments", json!("many")),
        ("date_created", json!("2026-11-23T07:30:00Z")),
        ("error_code", json!("30003")),
    ] {
        let mut json = message_json();
        json[field] = value;
        assert!(serde_json::from_value::<MessageResource>(json).is_err(), "{field}");
    }
}

#[test]
fn statuses_that_twilio_changes_no_more() {
    let open: Vec<&str> =
        MessageStatus::ALL.iter().filter(|status| !status.is_final()).map(MessageStatus::as_str).collect();
    assert_eq!(open, ["accepted", "scheduled", "queued", "sending", "sent", "receiving"]);
}

#[test]
fn creating_by_a_service_on_a_schedule() {
    let create = CreateMessage {
        to: "+15559876543".to_owned(),
        messaging_service_sid: Some(SERVICE.parse().unwrap()),
        body: Some("See you at 5 p.m.".to_owned()),
        schedule_type: Some(ScheduleType::Fixed),
        send_at: Some("2026-11-24T16:00:00Z".parse().unwrap()),
        content_retention: Some(ContentRetention::Discard),
        validity_period_s: Some(600),
        media_url: vec!["https://example.com/1.png".to_owned(), "https://example.com/2.png".to_owned()],
        smart_encoded: Some(true),
        ..CreateMessage::default()
    };
    assert_eq!(
        form::encode(&create.to_pairs()),
        "To=%2B15559876543&MessagingServiceSid=MG00000000000000000000000000000001&Body=See+you+at+5+p.m.\
         &MediaUrl=https%3A%2F%2Fexample.com%2F1.png&MediaUrl=https%3A%2F%2Fexample.com%2F2.png\
         &ValidityPeriod=600&ContentRetention=discard&SmartEncoded=true&ScheduleType=fixed\
         &SendAt=2026-11-24T16%3A00%3A00Z"
    );
    assert_eq!(CreateMessage::from_pairs(&create.to_pairs()), Ok(create));
}

#[test]
fn every_documented_parameter_of_creating_is_known() {
    let mut names = CreateMessage::NAMES.to_vec();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "AddressRetention",
            "ApplicationSid",
            "Attempt",
            "Body",
            "ContentRetention",
            "ContentSid",
            "ContentVariables",
            "FallbackFrom",
            "ForceDelivery",
            "From",
            "MaxPrice",
            "MediaUrl",
            "MessagingServiceSid",
            "PersistentAction",
            "ProvideFeedback",
            "RiskCheck",
            "ScheduleType",
            "SendAsMms",
            "SendAt",
            "ShortenUrls",
            "SmartEncoded",
            "StatusCallback",
            "To",
            "TrafficType",
            "ValidityPeriod",
        ]
    );
}

#[test]
fn bad_values_name_their_parameter_and_code() {
    for (name, value, code) in [
        ("To", "", 21604),
        ("MessagingServiceSid", "MG1", 21705),
        ("ContentSid", "template", 21655),
        ("ValidityPeriod", "-1", 21624),
        ("ValidityPeriod", "+60", 21624),
        ("ValidityPeriod", "99999999999", 21624),
        ("MaxPrice", "cheap", 21627),
        ("MaxPrice", "NaN", 21627),
        ("SendAt", "tomorrow", 35114),
        ("ScheduleType", "loose", 35126),
        ("SmartEncoded", "yes", 20422),
        ("ContentRetention", "forget", 30029),
        ("AddressRetention", "forget", 30030),
    ] {
        let mut form = pairs(&[("To", "+15559876543"), ("Body", "x")]);
        form.retain(|(key, _)| key != name);
        form.push((name.to_owned(), value.to_owned()));
        let error = CreateMessage::from_pairs(&form).unwrap_err();
        assert_eq!((error.name(), error.code()), (name, code), "{value}");
        assert!(value.is_empty() || !error.to_string().contains(value), "values may be personal: {error}");
    }
    let missing = CreateMessage::from_pairs(&[]).unwrap_err();
    assert_eq!(missing, ParameterError::Missing { name: "To", code: 21604 });
}

#[test]
fn empty_typed_values_count_as_not_given_but_an_empty_text_is_kept() {
    let form = pairs(&[("To", "+15559876543"), ("Body", ""), ("SendAt", ""), ("Unknown", "1")]);
    let create = CreateMessage::from_pairs(&form).unwrap();
    assert_eq!(create.body.as_deref(), Some(""));
    assert_eq!(create.send_at, None);
}

#[test]
fn redacting_and_canceling() {
    let redact = UpdateMessage { body: Some(String::new()), ..UpdateMessage::default() };
    assert_eq!(form::encode(&redact.to_pairs()), "Body=");
    assert_eq!(UpdateMessage::from_pairs(&pairs(&[("Body", "")])), Ok(redact));
    let cancel = UpdateMessage { status: Some(UpdateStatus::Canceled), ..UpdateMessage::default() };
    assert_eq!(form::encode(&cancel.to_pairs()), "Status=canceled");
    let refused = UpdateMessage::from_pairs(&pairs(&[("Status", "delivered")])).unwrap_err();
    assert_eq!(refused.name(), "Status");
}

#[test]
fn date_filters_carry_their_operator_in_the_name() {
    let list = ListMessages {
        to: Some("+15559876543".to_owned()),
        date_sent_since: Some(DateFilter::Day("2026-11-01".parse().unwrap())),
        date_sent_until: Some(DateFilter::Moment("2026-11-23T07:30:00Z".parse().unwrap())),
        page_size: Some(20),
        ..ListMessages::default()
    };
    let query = form::encode(&list.to_pairs());
    assert_eq!(
        query,
        "To=%2B15559876543&DateSent%3C=2026-11-23T07%3A30%3A00Z&DateSent%3E=2026-11-01&PageSize=20"
    );
    for query in
        [query.as_str(), "To=%2B15559876543&DateSent<=2026-11-23T07:30:00Z&DateSent>=2026-11-01&PageSize=20"]
    {
        let read = ListMessages::from_pairs(&form::decode(query.as_bytes()).unwrap());
        assert_eq!(read.as_ref(), Ok(&list), "{query}");
    }
}

#[test]
fn date_filters_are_read_in_every_form_that_twilio_takes() {
    let read = |text| ListMessages::from_pairs(&pairs(&[("DateSent", text)])).map(|list| list.date_sent);
    let moment = DateFilter::Moment("2026-11-23T07:30:00Z".parse().unwrap());
    for text in [
        "2026-11-23T07:30:00Z",
        "2026-11-23T02:30:00-05:00",
        "2026-11-23T07:30:00",
        "2026-11-23 07:30:00.000",
        "Mon, 23 Nov 2026 07:30:00 +0000",
    ] {
        assert_eq!(read(text), Ok(Some(moment)), "{text}");
    }
    for text in ["2026-13-01", "20261123", "2026-11-23T07:30:00[Europe/Berlin]", "yesterday", "1"] {
        assert!(read(text).is_err(), "{text}");
    }
}

prop_compose! {
    fn any_create()(
        to in ".{1,20}",
        from in prop::option::of(".{0,20}"),
        service in prop::option::of(any::<[u8; 16]>()),
        body in prop::option::of(".{0,40}"),
        media_url in prop::collection::vec(".{0,20}", 0..4),
        persistent_action in prop::collection::vec(".{0,20}", 0..3),
        validity_period_s in prop::option::of(any::<u32>()),
        max_price in prop::option::of(0.0..10.0f64),
        smart_encoded in prop::option::of(any::<bool>()),
        send_at_s in prop::option::of(0..4_102_444_800i64),
        retention in prop::option::of(prop::sample::select(ContentRetention::ALL)),
    ) -> CreateMessage {
        CreateMessage {
            to,
            from,
            messaging_service_sid: service.map(|bytes| Sid::from_parts(SidKind::MessagingService, bytes)),
            body,
            media_url,
            persistent_action,
            validity_period_s,
            max_price,
            smart_encoded,
            send_at: send_at_s.map(|second| jiff::Timestamp::from_second(second).unwrap()),
            content_retention: retention,
            ..CreateMessage::default()
        }
    }
}

proptest! {
    #[test]
    fn a_request_survives_the_wire(create in any_create()) {
        let body = form::encode(&create.to_pairs());
        let read = CreateMessage::from_pairs(&form::decode(body.as_bytes()).unwrap());
        prop_assert_eq!(read, Ok(create));
    }

    #[test]
    fn forms_survive_the_wire(form in prop::collection::vec((".{0,10}", ".{0,20}"), 0..10)) {
        let form: form::Pairs = form;
        prop_assert_eq!(form::decode(form::encode(&form).as_bytes()).unwrap(), form);
    }

    #[test]
    fn any_bytes_are_decoded_or_refused(body in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(form) = form::decode(&body) {
            prop_assert_eq!(form::decode(form::encode(&form).as_bytes()).unwrap(), form);
        }
    }
}
