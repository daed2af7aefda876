use super::*;
use engine::call::{Connect, Course, Key, Receipt};
use engine::id::CallId;
use engine::sending::{Direction, Progress, State};
use twilio::voice_twiml::read;

const BASE: &str = "https://example.com/twilio/main/voice/call_1";

fn call_of(plan: Plan) -> Call {
    Call {
        id: CallId::from_trusted("call_1"),
        direction: Direction::Outbound,
        credential: "main".into(),
        from: Some("+15551234567".into()),
        to: "+15557654321".into(),
        plan: Some(plan),
        class: engine::sending::MessageClass::default(),
        origin: None,
        progress: Progress::new(State::Dispatching),
        course: Course::default(),
        receipt: Receipt::default(),
        created_at: jiff::Timestamp::UNIX_EPOCH,
        updated_at: jiff::Timestamp::UNIX_EPOCH,
    }
}

fn saying(said: Announcement) -> Plan {
    Plan {
        script: Script::Announcement(said),
        voice: None,
        language: None,
        record: false,
        ring_timeout_s: None,
        duration_max_s: None,
        detection: Detection::Off,
    }
}

fn text(text: &str) -> Announcement {
    Announcement { text: Some(text.into()), ..Announcement::default() }
}

fn form_of(plan: Plan) -> Vec<(String, String)> {
    let credential = crate::credentials::opened_for_tests();
    twilio::form::decode(create_form(&call_of(plan), &credential, "https://example.com").as_bytes()).unwrap()
}

fn get<'a>(form: &'a [(String, String)], name: &str) -> Option<&'a str> {
    twilio::form::get(form, name)
}

fn document(plan: &Plan) -> String {
    let (_, said) = said_of(plan);
    announcement(plan, said, &addresses()).to_xml()
}

fn said_of(plan: &Plan) -> (&Plan, &Announcement) {
    match &plan.script {
        Script::Announcement(said) => (plan, said),
        Script::Conversation { .. } => panic!("it announces"),
    }
}

fn addresses() -> Addresses {
    Addresses::of("https://example.com", "main", &CallId::from_trusted("call_1"))
}

fn key(text: &str) -> Option<Key> {
    Key::parse(text)
}

#[test]
fn an_announcement_travels_in_the_request_and_needs_no_webhook() {
    let plan = Plan {
        voice: Some("alice".into()),
        language: Some("en-GB".into()),
        record: true,
        ring_timeout_s: Some(25),
        duration_max_s: Some(90),
        detection: Detection::Background,
        ..saying(text("Fish & chips < 5 are \"ready\"."))
    };
    let form = form_of(plan);
    let twiml = get(&form, "Twiml").unwrap();
    assert!(twiml.contains("Fish &amp; chips &lt; 5"), "{twiml}");
    assert!(twiml.contains("voice=\"alice\"") && twiml.contains("language=\"en-GB\""), "{twiml}");
    assert!(read(twiml).unwrap().warnings.is_empty());
    let expected = [
        ("To", "+15557654321"),
        ("From", "+15551234567"),
        ("Timeout", "25"),
        ("TimeLimit", "90"),
        ("Record", "true"),
        ("MachineDetection", "Enable"),
        ("AsyncAmd", "true"),
    ];
    for (name, value) in expected {
        assert_eq!(get(&form, name), Some(value), "{name}");
    }
    let callback = get(&form, "AsyncAmdStatusCallback").unwrap();
    assert_eq!(callback, format!("{BASE}/answered#rc=5&rp=ct,rt,5xx&tt=15000"));
    let events: Vec<&str> = form
        .iter()
        .filter(|(name, _)| name == "StatusCallbackEvent")
        .map(|(_, event)| event.as_str())
        .collect();
    assert_eq!(events, ["initiated", "ringing", "answered", "completed"]);
    assert_eq!(get(&form, "Url"), None);
}

#[test]
fn what_is_long_or_waits_for_keys_is_asked_for() {
    let long = "All is well. ".repeat(400);
    let keys = Announcement { confirm_key: key("1"), ..text("Press 1.") };
    let voicemail = Announcement { voicemail: Some("Bye.".into()), ..text("Hello.") };
    for said in [text(&long), keys, voicemail] {
        let form = form_of(saying(said));
        assert_eq!(get(&form, "Twiml"), None);
        let url = get(&form, "Url").unwrap();
        assert_eq!(url, format!("{BASE}#rc=5&rp=ct,rt,5xx&tt=15000"));
        assert_eq!(get(&form, "FallbackUrl"), Some(url));
    }
    let long = document(&saying(text(&long)));
    let said = read(&long).unwrap();
    assert!(said.warnings.is_empty() && said.document.verbs.len() > 1, "it is split at sentences");
}

#[test]
fn keys_and_what_follows_them() {
    let said = Announcement {
        confirm_key: key("1"),
        confirm_message: Some("Thank you.".into()),
        repeat_key: key("*"),
        connect: Some(Connect { to: "+15550001111".into(), key: key("0") }),
        tells_end: true,
        ..text("Press 1 to confirm.")
    };
    let plan = saying(said.clone());
    let whole = document(&plan);
    assert!(read(&whole).unwrap().warnings.is_empty(), "{whole}");
    assert!(whole.contains("numDigits=\"1\"") && whole.contains("finishOnKey=\"\""), "{whole}");
    assert!(whole.contains(&format!("{BASE}/key")) && whole.contains(&format!("{BASE}/heard")), "{whole}");
    let after = |digits: &str| after_key(&plan, &said, digits, &addresses());
    let AfterKey::Confirmed(thanks) = after("1") else { panic!("1 confirms") };
    assert!(thanks.to_xml().contains("Thank you."));
    let AfterKey::Connected(dial) = after("0") else { panic!("0 connects") };
    assert!(dial.to_xml().contains("<Dial>+15550001111</Dial>"), "{}", dial.to_xml());
    assert!(matches!(after("*"), AfterKey::Repeated(again) if again.to_xml() == whole));
    for digits in ["7", "", "#", "12"] {
        assert!(matches!(after(digits), AfterKey::Nothing(again) if again.to_xml() == whole), "{digits}");
    }
}

#[test]
fn a_machine_hears_what_is_meant_for_it() {
    let said = Announcement { voicemail: Some("Please call back.".into()), ..text("Press 1.") };
    let plan = saying(said.clone());
    let left = voicemail(&plan, &said).to_xml();
    assert!(left.contains("Please call back.") && !left.contains("Press 1."), "{left}");
    assert!(read(&goodbye().to_xml()).unwrap().warnings.is_empty());
}

#[test]
fn a_call_is_read_from_what_the_provider_says() {
    let body = serde_json::json!({
        "sid": "CA00000000000000000000000000000001", "status": "no-answer", "direction": "outbound-api",
        "account_sid": "AC00000000000000000000000000000001", "from": "+15551234567", "to": "+15557654321", "price": null, "duration": "0",
        "date_created": "Mon, 23 Nov 2026 08:00:00 +0000", "answered_by": null,
    });
    let report = created(body.to_string().as_bytes()).unwrap();
    assert_eq!(report.status, Some(engine::call::Status::NoAnswer));
    assert_eq!(report.receipt.date_created, Some("2026-11-23T08:00:00Z".parse().unwrap()));
    assert_eq!(created(b"{\"sid\": \"nonsense\"}"), None);
}

/// The block, the agent, or nobody asks for a recording, and it is begun once.
#[test]
fn a_call_is_recorded_by_its_request_or_by_the_document_that_answers_it() {
    let agent = |keys: &str| {
        let source = format!("agentType: LLM Agent\nsystemPrompt: Be brief.\n{keys}");
        match engine::agent::load(&source, Some("desk")).agent {
            Some(engine::agent::Agent::Llm(agent)) => agent,
            other => panic!("{other:?}"),
        }
    };
    let (silent, recording) = (agent("mode: gather"), agent("mode: gather\nrecordCall: true"));
    let (relayed, relayed_recording) = (agent("mode: relay"), agent("mode: relay\nrecordCall: true"));
    let (placed, came_in) = (Direction::Outbound, Direction::Inbound);
    for (direction, by_block, agent, begins) in [
        (placed, false, None, false),
        (placed, true, None, false),
        (came_in, false, None, false),
        (came_in, true, None, true),
        (placed, true, Some(&silent), false),
        (came_in, true, Some(&silent), true),
        (placed, false, Some(&silent), false),
        (placed, false, Some(&recording), true),
        (placed, true, Some(&recording), false),
        (came_in, false, Some(&recording), true),
        (placed, false, Some(&relayed), false),
        (placed, true, Some(&relayed), true),
        (placed, false, Some(&relayed_recording), true),
        (came_in, true, Some(&relayed_recording), true),
    ] {
        let call = Call { direction, ..call_of(Plan { record: by_block, ..saying(text("Hi.")) }) };
        let agent = agent.map(|agent| &**agent);
        let written = with_recording(&call, agent, Document::default(), &addresses()).to_xml();
        let begun = written.matches("<Start><Recording ").count();
        assert_eq!(begun, usize::from(begins), "{direction:?} {by_block} {agent:?}: {written}");
        assert!(!begins || written.contains("/recording#"), "{written}");
    }
}
