//! What is said, and the document for it. Every document is read back as the provider reads it.

use super::*;
use engine::conversation::{EndedBy, Profanity, Stage};
use engine::id::CallId;
use engine::understand::AnswerType;
use twilio::voice_twiml::{Read, read};

fn here() -> Addresses {
    Addresses::of("https://example.com", "main", &CallId::from_trusted("call_1"))
}

/// The document's text, which the provider would take as it is.
fn written(out: &[Out]) -> String {
    let xml = document(out, &here()).to_xml();
    let Read { document: again, warnings } = read(&xml).unwrap_or_else(|error| panic!("{error}: {xml}"));
    assert!(warnings.is_empty(), "{warnings:?} of {xml}");
    assert_eq!(again.to_xml(), xml);
    xml
}

fn utterance(text: &str) -> Utterance {
    Utterance {
        text: text.to_owned(),
        audio: None,
        language: "en-US".to_owned(),
        voice: None,
        interruptible: true,
        sensitive: false,
    }
}

fn input() -> Input {
    Input {
        kind: AnswerType::Text,
        keys: Keys::Several { max: None },
        hints: Vec::new(),
        model: Model::Conversation,
        timeout_ms: 5_000,
        speech_timeout_ms: 1_200,
        language: "en-US".to_owned(),
        interruptible: true,
        profanity: Profanity::Unmasked,
        sensitive: false,
    }
}

fn ask(turn: u32, prompt: &[Utterance], input: Input) -> Out {
    Out::Ask(Ask { turn, question: "one".to_owned(), stage: Stage::Answer, prompt: prompt.to_vec(), input })
}

const OPENED: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>";
const TURN: &str = "https://example.com/twilio/main/voice/call_1/turn/3#rc=5&amp;rp=ct,rt,5xx&amp;tt=15000";

#[test]
fn a_question_listens_while_it_speaks_and_is_asked_again_whatever_happens() {
    let xml = written(&[Out::Speak(utterance("Hello.")), ask(3, &[utterance("How old?")], input())]);
    let expected = format!(
        "{OPENED}<Say language=\"en-US\">Hello.</Say>\
         <Gather input=\"dtmf speech\" action=\"{TURN}\" timeout=\"5\" speechTimeout=\"2\" finishOnKey=\"#\" \
         language=\"en-US\" profanityFilter=\"false\" speechModel=\"phone_call\" actionOnEmptyResult=\"true\">\
         <Say language=\"en-US\">How old?</Say></Gather><Redirect>{TURN}</Redirect></Response>"
    );
    assert_eq!(xml, expected);
}

#[test]
fn one_key_answers_where_one_is_enough() {
    let few = Input {
        keys: Keys::One,
        model: Model::ShortAnswers,
        hints: vec!["yes".into(), "no, thanks".into(), String::new(), "x".repeat(101)],
        timeout_ms: 100,
        interruptible: false,
        language: "fr-FR".into(),
        ..input()
    };
    let xml = written(&[ask(3, &[utterance("Yes or no?")], few)]);
    for part in [
        "timeout=\"1\"",
        "finishOnKey=\"\"",
        "numDigits=\"1\"",
        "language=\"fr-FR\"",
        "hints=\"yes,no  thanks\"",
        "bargeIn=\"false\"",
        "speechModel=\"numbers_and_commands\"",
    ] {
        assert!(xml.contains(part), "{part} is not in {xml}");
    }
}

#[test]
fn what_people_wrote_stays_in_its_place() {
    let nasty = "</Say><Hangup/> & \"quotes\" 'n' \u{0}\u{7}\u{1b}[2J\nnew line";
    let hints = vec!["\"><Hangup/>".into(), "a\u{0}b".into()];
    let xml = written(&[ask(1, &[utterance(nasty)], Input { hints, ..input() })]);
    assert!(!xml.contains("<Hangup"), "{xml}");
    assert!(xml.contains("&lt;/Say&gt;&lt;Hangup/&gt; &amp; "), "{xml}");
    assert!(!xml.contains(char::is_control), "{xml}");
}

#[test]
fn ends_hang_up_and_transfers_ask_how_it_went() {
    let end = |by| Out::End { by };
    assert_eq!(written(&[end(EndedBy::Completed)]), format!("{OPENED}<Hangup/></Response>"));
    let transfer = Out::Transfer { to: "+15557654321".to_owned() };
    let xml = written(&[Out::Speak(utterance("One moment.")), transfer, end(EndedBy::Transfer)]);
    assert!(xml.contains("<Number>+15557654321</Number></Dial></Response>"), "{xml}");
    assert!(xml.contains("voice/call_1/dialled#rc=5"), "{xml}");
    assert!(!xml.contains("<Hangup"), "{xml}");
}

#[test]
fn a_recording_stands_for_its_text() {
    let audio = Some("https://example.com/audio/hello.mp3".to_owned());
    let played = Utterance { audio, ..utterance("Hello.") };
    let xml = written(&[ask(1, &[played], input())]);
    assert!(xml.contains("<Play>https://example.com/audio/hello.mp3</Play>"), "{xml}");
    assert!(!xml.contains("<Say"), "{xml}");
}

#[test]
fn a_voice_gives_way_to_a_language_that_it_does_not_speak() {
    let cases = [
        (Some("Polly.Joanna-Neural"), "en-US", "<Say voice=\"Polly.Joanna-Neural\" language=\"en-US\">"),
        (Some("Polly.Joanna-Neural"), "fr-FR", "<Say language=\"fr-FR\">"),
        (Some("nobody"), "de-DE", "<Say language=\"de-DE\">"),
        (None, "en", "<Say language=\"en-US\">"),
        (None, "de-CH", "<Say language=\"de-DE\">"),
        (None, "xx-YY", "<Say>"),
    ];
    for (voice, language, expected) in cases {
        let said =
            Utterance { voice: voice.map(str::to_owned), language: language.to_owned(), ..utterance("Hi") };
        let xml = written(&[Out::Speak(said)]);
        assert!(xml.contains(expected), "{voice:?} {language}: {xml}");
    }
}

#[test]
fn long_texts_are_said_in_pieces_and_none_is_lost() {
    let sentence = "This sentence is one of very many, and each of them is said. ";
    let xml = written(&[Out::Speak(utterance(&sentence.repeat(200)))]);
    assert!(xml.matches("<Say ").count() > 1);
    assert_eq!(xml.matches("is one of very many").count(), 200);
}

#[test]
fn nothing_is_said_of_nothing() {
    let xml = written(&[Out::Speak(utterance("  ")), Out::PauseRecording, Out::ResumeRecording]);
    assert_eq!(xml, "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>");
}
