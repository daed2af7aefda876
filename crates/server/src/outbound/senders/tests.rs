use super::*;
use engine::pacing::Rate;
use serde_json::json;

const PUBLIC: &str = "https://example.com";

fn number(sms_url: &str) -> IncomingNumber {
    serde_json::from_value(json!({
        "sid": format!("PN{}1", "0".repeat(31)), "account_sid": format!("AC{}1", "0".repeat(31)),
        "phone_number": "+15551234567", "sms_url": sms_url, "capabilities": { "sms": true, "voice": true },
        "sms_application_sid": format!("AP{}1", "0".repeat(31)),
    }))
    .unwrap()
}

fn described(changes: &[SenderChange]) -> Vec<String> {
    let describe = |change: &SenderChange| match change {
        SenderChange::New { sender } => format!("new {}", sender.name),
        SenderChange::Changed { before, sender } => {
            format!("changed {} to {:?}", before.name, sender.members)
        }
        SenderChange::Gone { sender } => format!("gone {}", sender.name),
        SenderChange::Same { sender } => format!("same {}", sender.name),
    };
    changes.iter().map(describe).collect()
}

#[test]
fn what_people_set_stays_and_what_the_provider_has_follows() {
    let now = Timestamp::UNIX_EPOCH;
    let capabilities = Capabilities::default();
    let sender = |name: &str, address: &str, kind, sid: Option<&str>| {
        found("main", name, address, kind, capabilities, sid.map(str::to_owned))
    };
    let named = Sender {
        rate: Some(Rate { segments_per_second: 2.0 }),
        ..sender("reception", "+15551230001", SenderKind::Number, Some("PN1"))
    };
    let service = sender("pool", "MG1", SenderKind::Service, Some("MG1"));
    let stored = vec![
        named.clone(),
        service,
        sender("old", "+15551230002", SenderKind::Number, Some("PN2")),
        sender("ACME", "ACME", SenderKind::Alphanumeric, None),
        Sender {
            credential: "other".into(),
            ..sender("+15551230003", "+15551230003", SenderKind::Number, Some("PN3"))
        },
    ];
    let listed = vec![
        sender("+15551230001", "+15551230001", SenderKind::Number, Some("PN1")),
        Sender {
            members: vec!["+15551230001".into()],
            ..sender("Pool", "MG1", SenderKind::Service, Some("MG1"))
        },
        sender("+15551230003", "+15551230003", SenderKind::Number, Some("PN3")),
    ];
    let changes = compare("main", stored, listed, now);
    assert_eq!(
        described(&changes),
        ["same reception", "changed pool to [\"+15551230001\"]", "new main +15551230003", "gone old"]
    );
    assert!(changes.contains(&SenderChange::Same { sender: named }));
}

#[test]
fn webhooks_that_lead_elsewhere_are_shown_and_set_in_one_request() {
    let changes = webhooks::changes(&[number("https://example.org/old")], &[], "main", PUBLIC);
    let shown: Vec<_> = changes.iter().map(|c| (c.setting, c.before.as_deref(), c.after.as_str())).collect();
    let ours = |rest: &str| format!("{PUBLIC}/twilio/main/{rest}#rc=5&rp=ct,rt,5xx&tt=15000");
    let application = format!("AP{}1", "0".repeat(31));
    assert_eq!(
        shown,
        [
            ("SmsApplicationSid", Some(application.as_str()), ""),
            ("SmsUrl", Some("https://example.org/old"), ours("message").as_str()),
            ("SmsFallbackUrl", None, ours("fallback").as_str()),
            ("VoiceUrl", None, ours("voice").as_str()),
            ("VoiceFallbackUrl", None, ours("voice").as_str()),
            ("StatusCallback", None, ours("status").as_str()),
        ]
    );
    let credential = crate::credentials::opened_for_tests();
    let requests = webhooks::requests(&credential, &changes);
    assert_eq!(requests.len(), 1);
    let (url, form) = &requests[0];
    assert!(url.path().ends_with("/IncomingPhoneNumbers/PN00000000000000000000000000000001.json"), "{url}");
    assert!(
        form.starts_with(
            "SmsApplicationSid=&SmsUrl=https%3A%2F%2Fexample.com%2Ftwilio%2Fmain%2Fmessage%23rc"
        ),
        "{form}"
    );
}

#[test]
fn webhooks_that_lead_here_need_no_change() {
    let mut right = number("");
    let ours = |rest: &str| Some(format!("{PUBLIC}/twilio/main/{rest}#rc=5&rp=ct,rt,5xx&tt=15000"));
    right.sms_application_sid = None;
    right.sms_url = ours("message");
    right.sms_fallback_url = ours("fallback");
    right.voice_url = ours("voice");
    right.voice_fallback_url = ours("voice");
    right.status_callback = ours("status");
    assert_eq!(webhooks::changes(&[right], &[], "main", PUBLIC), []);
}
