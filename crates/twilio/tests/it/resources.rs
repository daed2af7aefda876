//! Resources against samples of their JSON, and pages of them.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use twilio::account::{AccountResource, BalanceResource};
use twilio::application::ApplicationResource;
use twilio::call::CallResource;
use twilio::caller_id::{CallerIdResource, ValidationRequestResource};
use twilio::content::{ContentApproval, ContentResource};
use twilio::debugger::{AlertResource, NotificationResource};
use twilio::key::KeyResource;
use twilio::lookup::LookupResource;
use twilio::media::MediaResource;
use twilio::message::{FeedbackResource, MessageResource};
use twilio::number::{AvailableCountry, AvailableNumber, IncomingNumber, UpdateIncomingNumber};
use twilio::page::{Page, PageError, read_2010, read_meta};
use twilio::recording::{LiveTranscriptionResource, RecordingResource, TranscriptionResource};
use twilio::service::{
    CreateService, ServiceAlphaSender, ServicePhoneNumber, ServiceResource, ServiceShortCode,
};
use twilio::stream::StreamResource;
use twilio::usage::UsageRecord;
use twilio::{HttpMethod, form};

use crate::pairs;

/// Reads a sample as a resource and writes it again: every key, type and null must come back.
fn keeps<T: Serialize + DeserializeOwned>(sample: &str) -> T {
    let json: Value = serde_json::from_str(sample).unwrap();
    let resource: T = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(serde_json::to_value(&resource).unwrap(), json);
    resource
}

#[test]
fn every_resource_keeps_its_sample() {
    keeps::<MessageResource>(include_str!("samples/message.json"));
    keeps::<MessageResource>(include_str!("samples/message_accepted.json"));
    keeps::<MessageResource>(include_str!("samples/message_undelivered.json"));
    keeps::<MediaResource>(include_str!("samples/media.json"));
    keeps::<CallResource>(include_str!("samples/call.json"));
    keeps::<CallResource>(include_str!("samples/call_queued.json"));
    keeps::<RecordingResource>(include_str!("samples/recording.json"));
    keeps::<RecordingResource>(include_str!("samples/call_recording.json"));
    keeps::<TranscriptionResource>(include_str!("samples/transcription.json"));
    keeps::<LiveTranscriptionResource>(include_str!("samples/live_transcription.json"));
    keeps::<StreamResource>(include_str!("samples/stream.json"));
    keeps::<FeedbackResource>(include_str!("samples/feedback.json"));
    keeps::<IncomingNumber>(include_str!("samples/incoming_number.json"));
    keeps::<AvailableNumber>(include_str!("samples/available_number.json"));
    keeps::<AvailableCountry>(include_str!("samples/available_country.json"));
    keeps::<AccountResource>(include_str!("samples/account.json"));
    keeps::<BalanceResource>(include_str!("samples/balance.json"));
    keeps::<ServiceResource>(include_str!("samples/service.json"));
    keeps::<ServicePhoneNumber>(include_str!("samples/service_phone_number.json"));
    keeps::<ServiceAlphaSender>(include_str!("samples/service_alpha_sender.json"));
    keeps::<ServiceShortCode>(include_str!("samples/service_short_code.json"));
}

#[test]
fn every_smaller_resource_keeps_its_sample() {
    keeps::<ApplicationResource>(include_str!("samples/application.json"));
    keeps::<KeyResource>(include_str!("samples/key.json"));
    keeps::<CallerIdResource>(include_str!("samples/caller_id.json"));
    keeps::<ValidationRequestResource>(include_str!("samples/validation_request.json"));
    keeps::<UsageRecord>(include_str!("samples/usage_record.json"));
    keeps::<NotificationResource>(include_str!("samples/notification.json"));
    keeps::<AlertResource>(include_str!("samples/alert.json"));
    keeps::<LookupResource>(include_str!("samples/lookup.json"));
    keeps::<ContentResource>(include_str!("samples/content.json"));
    keeps::<ContentApproval>(include_str!("samples/content_approval.json"));
}

#[test]
fn older_ways_of_writing_a_number_are_read() {
    let mut json: Value = serde_json::from_str(include_str!("samples/incoming_number.json")).unwrap();
    json["sms_application_sid"] = json!("");
    json["sms_fallback_method"] = json!("");
    json["capabilities"] = json!({"voice": true, "SMS": true, "MMS": true});
    json["status"] = json!("odd");
    let number: IncomingNumber = serde_json::from_value(json).unwrap();
    assert_eq!((number.sms_application_sid, number.sms_fallback_method), (None, None));
    assert!(number.capabilities.sms && number.capabilities.mms);
    assert_eq!(number.capabilities.fax, None);

    let mut json: Value = serde_json::from_str(include_str!("samples/available_number.json")).unwrap();
    json["latitude"] = json!("37.7749");
    json["longitude"] = json!(null);
    let number: AvailableNumber = serde_json::from_value(json).unwrap();
    assert_eq!((number.latitude, number.longitude), (Some(37.7749), None));
}

#[test]
fn an_empty_url_clears_and_a_missing_one_stays() {
    let update = UpdateIncomingNumber {
        sms_url: Some("https://example.com/sms".to_owned()),
        sms_method: Some(HttpMethod::Post),
        sms_application_sid: Some(String::new()),
        ..UpdateIncomingNumber::default()
    };
    let body = form::encode(&update.to_pairs());
    assert_eq!(body, "SmsApplicationSid=&SmsUrl=https%3A%2F%2Fexample.com%2Fsms&SmsMethod=POST");
    assert_eq!(UpdateIncomingNumber::from_pairs(&form::decode(body.as_bytes()).unwrap()), Ok(update));
}

#[test]
fn a_service_needs_a_name() {
    let missing = CreateService::from_pairs(&pairs(&[("UseInboundWebhookOnNumber", "true")])).unwrap_err();
    assert_eq!(missing.name(), "FriendlyName");
}

const MESSAGES: &str = "/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json";

#[test]
fn a_page_of_the_2010_api() {
    let page = Page {
        key: "messages",
        address: MESSAGES,
        filters: &pairs(&[("To", "+15559876543"), ("DateSent>", "2026-11-01")]),
        number: 1,
        size: 2,
        token: Some("PASM00000000000000000000000000000002"),
        previous_token: None,
        next_token: Some("PASM00000000000000000000000000000004"),
        items: &["third", "fourth"],
    };
    let filters = "To=%2B15559876543&DateSent%3E=2026-11-01";
    let json = page.to_2010().unwrap();
    assert_eq!(
        json,
        json!({
            "messages": ["third", "fourth"],
            "end": 3,
            "first_page_uri": format!("{MESSAGES}?{filters}&PageSize=2&Page=0"),
            "next_page_uri":
                format!("{MESSAGES}?{filters}&PageSize=2&Page=2&PageToken=PASM00000000000000000000000000000004"),
            "page": 1,
            "page_size": 2,
            "previous_page_uri": format!("{MESSAGES}?{filters}&PageSize=2&Page=0"),
            "start": 2,
            "uri": format!("{MESSAGES}?{filters}&PageSize=2&Page=1&PageToken=PASM00000000000000000000000000000002"),
        })
    );
    let read = read_2010::<String>(json.to_string().as_bytes(), "messages").unwrap();
    assert_eq!(read.items, ["third", "fourth"]);
    assert_eq!(read.next.as_deref(), json["next_page_uri"].as_str());
}

#[test]
fn an_empty_page_is_the_first_and_the_last() {
    let page = Page::<String> {
        key: "media_list",
        address: "/x.json",
        filters: &[],
        number: 0,
        size: 50,
        token: None,
        previous_token: None,
        next_token: None,
        items: &[],
    };
    let json = page.to_2010().unwrap();
    assert_eq!((&json["start"], &json["end"]), (&json!(0), &json!(0)));
    assert_eq!((&json["previous_page_uri"], &json["next_page_uri"]), (&json!(null), &json!(null)));
    let read = read_2010::<String>(json.to_string().as_bytes(), "media_list").unwrap();
    assert_eq!((read.items, read.next), (vec![], None));
}

#[test]
fn a_page_of_a_product_api() {
    let services = "https://messaging.twilio.com/v1/Services";
    let page = Page {
        key: "services",
        address: services,
        filters: &[],
        number: 0,
        size: 1,
        token: None,
        previous_token: None,
        next_token: Some("PAMG00000000000000000000000000000001"),
        items: &["first"],
    };
    let json = page.to_meta().unwrap();
    let next = format!("{services}?PageSize=1&Page=1&PageToken=PAMG00000000000000000000000000000001");
    assert_eq!(
        json,
        json!({
            "meta": {
                "page": 0,
                "page_size": 1,
                "first_page_url": format!("{services}?PageSize=1&Page=0"),
                "previous_page_url": null,
                "url": format!("{services}?PageSize=1&Page=0"),
                "next_page_url": next,
                "key": "services",
            },
            "services": ["first"],
        })
    );
    let read = read_meta::<String>(json.to_string().as_bytes()).unwrap();
    assert_eq!((read.items, read.next), (vec!["first".to_owned()], Some(next)));
}

#[test]
fn what_is_no_page_is_refused() {
    assert!(matches!(read_2010::<String>(b"[]", "messages"), Err(PageError::Json(_))));
    assert!(
        matches!(read_2010::<String>(b"{\"calls\":[]}", "messages"), Err(PageError::NoList(key)) if key == "messages")
    );
    assert!(matches!(read_2010::<String>(b"{\"messages\":[1]}", "messages"), Err(PageError::Json(_))));
    assert!(matches!(read_meta::<String>(b"{\"services\":[]}"), Err(PageError::NoList(_))));
}
