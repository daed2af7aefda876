//! Parts and their documents. Every document is read back as the provider reads it.

use super::*;
use engine::agent::llm::Handover;
use engine::conversation::{EndedBy, Utterance};
use engine::id::CallId;
use store::record::Transfer;
use twilio::voice_twiml::{Read, read};

const AGENT: &str = "
agentType: LLM Agent
name: desk
credential: models
model: gpt-4o-mini
systemPrompt: Be brief.
language: en-US
voice: Polly.Joanna-Neural
";

fn agent(more: &str) -> engine::agent::Agent {
    let loaded = engine::agent::load(&format!("{AGENT}{more}"), Some("desk.yaml"));
    loaded.agent.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics))
}

fn utterance(text: &str) -> Utterance {
    Utterance {
        text: text.to_owned(),
        audio: None,
        language: "en-US".to_owned(),
        voice: Some("Polly.Joanna-Neural".to_owned()),
        interruptible: true,
        sensitive: false,
    }
}

fn written(more: &str, said: &[&str], then: Then) -> String {
    let engine::agent::Agent::Llm(agent) = agent(more) else { panic!("it talks by a model") };
    let made =
        Part { said: said.iter().map(|text| utterance(text)).collect(), then, took: None, open_from: None };
    let here = Addresses::of("https://example.com", "main", &CallId::from_trusted("call_1"));
    let next = Next { heard: here.talk_heard(2, 0), more: here.talk_more(1, 3, 1) };
    let manner = Manner { agent: &agent, language: "en-US", hold: Some(utterance("One moment.")) };
    let xml = part(&made, &manner, &next, &here).to_xml();
    let Read { document, warnings } = read(&xml).unwrap_or_else(|error| panic!("{error}: {xml}"));
    assert!(warnings.is_empty(), "{warnings:?} of {xml}");
    assert_eq!(document.to_xml(), xml);
    xml
}

fn to(summary: Handover) -> Transfer {
    Transfer { to: "+15557654321".to_owned(), summary, about: Some("A bill.".to_owned()) }
}

const OPENED: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>";
const MORE: &str = "<Redirect>https://example.com/twilio/main/voice/call_1/more/1/3/1#rc=5&amp;rp=ct,rt,5xx&amp;tt=15000</Redirect>";
const HEARD: &str =
    "https://example.com/twilio/main/voice/call_1/heard/2/0#rc=5&amp;rp=ct,rt,5xx&amp;tt=15000";
const SAY: &str = "<Say voice=\"Polly.Joanna-Neural\" language=\"en-US\">";

#[test]
fn what_there_is_is_said_and_the_next_part_is_asked_for() {
    let xml = written("", &["Let me see.", "Yes."], Then::More);
    assert_eq!(xml, format!("{OPENED}{SAY}Let me see.</Say>{SAY}Yes.</Say>{MORE}</Response>"));
}

#[test]
fn a_silent_model_is_bridged_by_a_phrase_and_then_by_a_pause() {
    let xml = written("", &[], Then::Hold { phrase: 0 });
    assert_eq!(xml, format!("{OPENED}{SAY}One moment.</Say>{MORE}</Response>"));
    let xml = written("", &[], Then::Pause);
    assert_eq!(xml, format!("{OPENED}<Pause length=\"1\"/>{MORE}</Response>"));
}

#[test]
fn the_rest_is_said_while_the_caller_is_listened_to() {
    let xml = written("", &["This call is recorded."], Then::Listen { prompt: vec![utterance("Well?")] });
    let expected = format!(
        "{OPENED}{SAY}This call is recorded.</Say>\
         <Gather input=\"dtmf speech\" action=\"{HEARD}\" timeout=\"5\" speechTimeout=\"auto\" finishOnKey=\"#\" \
         language=\"en-US\" profanityFilter=\"false\" actionOnEmptyResult=\"true\">\
         {SAY}Well?</Say></Gather><Redirect>{HEARD}</Redirect></Response>"
    );
    assert_eq!(xml, expected);
}

#[test]
fn a_recogniser_is_told_what_it_is_to_expect() {
    let more = "hints: [Springfield, \"AB 12\"]\nspeechModel: deepgram_nova-3\ninterruptible: false\n";
    let xml = written(more, &[], Then::Listen { prompt: Vec::new() });
    for part in [
        "hints=\"Springfield,AB 12\"",
        "speechModel=\"deepgram_nova-3\"",
        "speechTimeout=\"1\"",
        "bargeIn=\"false\"",
    ] {
        assert!(xml.contains(part), "{part} is not in {xml}");
    }
}

#[test]
fn ends_and_transfers_say_everything_first() {
    let xml = written("", &["Goodbye."], Then::HangUp { by: EndedBy::Completed });
    assert_eq!(xml, format!("{OPENED}{SAY}Goodbye.</Say><Hangup/></Response>"));
    let xml = written("", &["One moment."], Then::Transfer(to(Handover::None)));
    assert!(xml.contains("One moment.</Say><Dial action="), "{xml}");
    assert!(xml.contains("<Number>+15557654321</Number></Dial></Response>"), "{xml}");
    let xml = written("", &[], Then::Transfer(to(Handover::Spoken)));
    assert!(
        xml.contains("<Number url=\"https://example.com/twilio/main/voice/call_1/handover#rc=5"),
        "{xml}"
    );
}

#[test]
fn what_a_model_wrote_stays_in_its_place() {
    let xml = written("", &["</Say><Hangup/> & \u{0}\u{7}"], Then::More);
    assert!(xml.contains("&lt;/Say&gt;&lt;Hangup/&gt; &amp;") && !xml.contains(char::is_control), "{xml}");
}
