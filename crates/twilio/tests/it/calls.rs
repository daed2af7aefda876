//! Requests about calls, and the webhooks about them.

use proptest::prelude::*;
use twilio::HttpMethod;
use twilio::call::{
    CallEvent, CallStatus, CreateCall, Instructions, ListCalls, MachineDetection, SendDigits, UpdateCall,
    UpdateCallStatus,
};
use twilio::form;
use twilio::recording::{
    ListRecordings, PauseBehavior, RecordingCommand, StartRecording, StartTranscription, UpdateRecording,
};

use crate::pairs;

mod webhooks;

fn create(list: &[(&str, &str)]) -> CreateCall {
    let mut form = pairs(&[("To", "+15559876543"), ("From", "+15551234567")]);
    form.extend(pairs(list));
    CreateCall::from_pairs(&form).unwrap()
}

#[test]
fn a_call_with_everything_survives_the_wire() {
    let call = CreateCall {
        to: "+15559876543".to_owned(),
        from: "+15551234567".to_owned(),
        url: Some("https://example.com/voice?call=1".to_owned()),
        status_callback: Some("https://example.com/status".to_owned()),
        status_callback_event: vec![CallEvent::Initiated, CallEvent::Answered, CallEvent::Completed],
        send_digits: SendDigits::parse("1ww#"),
        timeout_s: Some(20),
        record: Some(true),
        machine_detection: Some(MachineDetection::DetectMessageEnd),
        machine_detection_speech_threshold_ms: Some(2500),
        async_amd: Some(true),
        method: Some(HttpMethod::Get),
        ..CreateCall::default()
    };
    assert_eq!(
        form::encode(&call.to_pairs()),
        "To=%2B15559876543&From=%2B15551234567&Url=https%3A%2F%2Fexample.com%2Fvoice%3Fcall%3D1&Method=GET\
         &StatusCallback=https%3A%2F%2Fexample.com%2Fstatus&StatusCallbackEvent=initiated\
         &StatusCallbackEvent=answered&StatusCallbackEvent=completed&SendDigits=1ww%23&Timeout=20&Record=true\
         &MachineDetection=DetectMessageEnd&MachineDetectionSpeechThreshold=2500&AsyncAmd=true"
    );
    assert_eq!(CreateCall::from_pairs(&call.to_pairs()), Ok(call));
}

#[test]
fn bad_values_name_their_parameter_and_code() {
    let long = "x".repeat(256);
    let digits = "1".repeat(33);
    for (name, value, code) in [
        ("To", "", 21201),
        ("From", "", 21213),
        ("ApplicationSid", "AP1", 21218),
        ("StatusCallbackEvent", "answred", 21626),
        ("StatusCallbackEvent", "initiated ringing", 21626),
        ("SendDigits", "1-2", 21206),
        ("SendDigits", &digits, 21206),
        ("Timeout", "601", 20422),
        ("Timeout", "soon", 20422),
        ("TimeLimit", "0", 20422),
        ("Method", "PUT", 20422),
        ("MachineDetection", "enable", 20422),
        ("MachineDetectionTimeout", "2", 20422),
        ("MachineDetectionSpeechThreshold", "999", 20422),
        ("MachineDetectionSpeechEndThreshold", "5001", 20422),
        ("MachineDetectionSilenceTimeout", "1999", 20422),
        ("AsyncAmd", "yes", 20422),
        ("Url", "example.com/voice", 21205),
        ("Url", "https://", 21205),
        ("SipAuthUsername", &long, 21221),
        ("SipAuthPassword", &long, 21223),
        ("CallReason", &long, 20422),
    ] {
        let mut form =
            pairs(&[("To", "+15559876543"), ("From", "+15551234567"), ("Url", "https://example.com/")]);
        form.retain(|(key, _)| key != name);
        form.push((name.to_owned(), value.to_owned()));
        let call = CreateCall::from_pairs(&form);
        let error = call.and_then(|call| call.instructions().map(|_| ())).unwrap_err();
        assert_eq!((error.name(), error.code()), (name, code), "{name}={value}");
    }
}

#[test]
fn a_call_needs_one_document() {
    let url = "https://example.com/voice";
    assert_eq!(create(&[]).instructions().unwrap_err().code(), 21205);
    assert_eq!(create(&[("Url", url)]).instructions(), Ok(Instructions::Url(url)));
    assert_eq!(create(&[("Twiml", "<Response/>")]).instructions(), Ok(Instructions::Twiml("<Response/>")));
    let both = create(&[("Url", url), ("Twiml", "<Response/>")]);
    assert_eq!((both.instructions(), both.warnings()), (Ok(Instructions::Url(url)), vec![32019]));
    let application = "AP00000000000000000000000000000001";
    let call = create(&[("Url", "nonsense"), ("ApplicationSid", application)]);
    assert_eq!(call.instructions(), Ok(Instructions::Application(&application.parse().unwrap())));
    let long = "x".repeat(4001);
    assert_eq!(create(&[("Twiml", &long)]).instructions().unwrap_err().code(), 32018);
    assert!(create(&[("Twiml", &long[1..])]).instructions().is_ok());
}

#[test]
fn what_follows_from_parameters_together() {
    let asynchronous = create(&[("MachineDetection", "Enable"), ("AsyncAmd", "true")]);
    assert_eq!(asynchronous.warnings(), [21262]);
    assert_eq!(asynchronous.detects_machines(), Some(MachineDetection::Enable));
    assert_eq!(create(&[("MachineDetection", "Enable"), ("SendDigits", "1")]).detects_machines(), None);
    assert_eq!(create(&[]).events(), [CallEvent::Completed]);
}

#[test]
fn updates_and_lists() {
    let update = UpdateCall::from_pairs(&pairs(&[("Status", "completed")])).unwrap();
    assert_eq!((update.status, update.instructions()), (Some(UpdateCallStatus::Completed), Ok(None)));
    let update = UpdateCall::from_pairs(&pairs(&[("Url", "/relative")])).unwrap();
    assert_eq!(update.instructions().unwrap_err().code(), 21205);
    assert!(UpdateCall::from_pairs(&pairs(&[("Status", "ringing")])).is_err());
    let list =
        pairs(&[("Status", "no-answer"), ("StartTime>", "2026-11-23"), ("EndTime<", "2026-11-24T07:30:00Z")]);
    let list = ListCalls::from_pairs(&list).unwrap();
    assert_eq!(list.status, Some(CallStatus::NoAnswer));
    assert!(list.start_time_since.is_some() && list.end_time_until.is_some());
    let update =
        UpdateRecording { status: RecordingCommand::Paused, pause_behavior: Some(PauseBehavior::Skip) };
    assert_eq!(form::encode(&update.to_pairs()), "Status=paused&PauseBehavior=skip");
    assert_eq!(UpdateRecording::from_pairs(&pairs(&[])).unwrap_err().name(), "Status");
    assert!(UpdateRecording::from_pairs(&pairs(&[("Status", "absent")])).is_err());
}

#[test]
fn every_documented_parameter_is_known() {
    let sorted = |names: &[&str]| {
        let mut names = names.to_vec();
        names.sort_unstable();
        names.join(" ")
    };
    assert_eq!(
        sorted(CreateCall::NAMES),
        "ApplicationSid AsyncAmd AsyncAmdStatusCallback AsyncAmdStatusCallbackMethod Byoc CallReason CallToken \
         CallerId ClientNotificationUrl FallbackMethod FallbackUrl From MachineDetection \
         MachineDetectionSilenceTimeout MachineDetectionSpeechEndThreshold MachineDetectionSpeechThreshold \
         MachineDetectionTimeout Method Record RecordingChannels RecordingStatusCallback \
         RecordingStatusCallbackEvent RecordingStatusCallbackMethod RecordingTrack SendDigits SipAuthPassword \
         SipAuthUsername StatusCallback StatusCallbackEvent StatusCallbackMethod TimeLimit Timeout To Trim Twiml Url"
    );
    assert_eq!(
        sorted(UpdateCall::NAMES),
        "FallbackMethod FallbackUrl Method Status StatusCallback StatusCallbackMethod TimeLimit Twiml Url"
    );
    assert_eq!(
        sorted(ListCalls::NAMES),
        "EndTime EndTime< EndTime> From Page PageSize PageToken ParentCallSid StartTime StartTime< StartTime> \
         Status To"
    );
    assert_eq!(
        sorted(ListRecordings::NAMES),
        "CallSid ConferenceSid DateCreated DateCreated< DateCreated> IncludeSoftDeleted Page PageSize PageToken"
    );
    assert_eq!(
        sorted(StartRecording::NAMES),
        "RecordingChannels RecordingStatusCallback RecordingStatusCallbackEvent RecordingStatusCallbackMethod \
         RecordingTrack Trim"
    );
    assert_eq!(
        sorted(StartTranscription::NAMES),
        "ConfigurationId ConversationConfiguration ConversationId EnableAutomaticPunctuation EnableProviderData \
         Hints InboundTrackLabel IntelligenceService LanguageCode Name OutboundTrackLabel PartialResults \
         ProfanityFilter SpeechModel StatusCallbackMethod StatusCallbackUrl Track TranscriptionEngine"
    );
}

#[test]
fn statuses_that_change_no_more() {
    let open: Vec<&str> =
        CallStatus::ALL.iter().filter(|status| !status.is_final()).map(CallStatus::as_str).collect();
    assert_eq!(open, ["queued", "initiated", "ringing", "in-progress"]);
}

proptest! {
    #[test]
    fn any_form_is_read_or_refused(
        form in prop::collection::vec((prop::sample::select(CreateCall::NAMES), "\\PC{0,12}"), 0..12),
    ) {
        let form: Vec<(String, String)> = form.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        if let Ok(call) = CreateCall::from_pairs(&form) {
            let _ = (call.instructions().is_ok(), call.warnings());
            prop_assert_eq!(CreateCall::from_pairs(&call.to_pairs()), Ok(call));
        }
    }
}
