//! Voice TwiML, written and read.

use proptest::prelude::*;
use twilio::voice::{GatherLanguage, SayLanguage, SpeechModel, Voice};
use twilio::voice_twiml::{
    Answer, Connect, ConversationRelay, DOCUMENT_BYTES_MAX, Dial, DialTarget, Document, ELEMENTS,
    FinishOnKey, Gather, Hangup, Input, Key, KeySet, NESTING, Number, Parameter, Pause, Play, Prompting,
    ReadError, Record, Redirect, RelayDetail, Role, Say, SpeechTimeout, Spoken, Verb, read, read_answer,
};

use self::vocabulary::{attributes, document_with, nesting, path_to, text_of};

mod pieces;
mod vocabulary;

fn verbs(document: &str) -> Vec<Verb> {
    let read = read(document).unwrap();
    assert_eq!(read.warnings, [], "{document}");
    read.document.verbs
}

/// The codes of the warnings about a document with these verbs, and how many of them are left.
fn codes(verbs: &str) -> (Vec<u32>, usize) {
    let read = read(&format!("<Response>{verbs}</Response>")).unwrap();
    (read.warnings.iter().map(|warning| warning.code).collect(), read.document.verbs.len())
}

#[test]
fn written_documents() {
    const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>"#;
    assert_eq!(Document::default().to_xml(), format!("{HEAD}<Response/>"));
    let gather = Gather {
        input: vec![Input::Dtmf, Input::Speech],
        action: Some("/next?a=1&b=2".to_owned()),
        finish_on_key: Some(FinishOnKey::Never),
        speech_timeout: Some(SpeechTimeout::Auto),
        language: GatherLanguage::parse("en-GB"),
        hints: Some("yes, \"no\"".to_owned()),
        prompts: vec![
            Prompting::Say(Say {
                voice: Voice::parse("Polly.Amy-Neural"),
                language: SayLanguage::parse("en-GB"),
                loop_count: Some(2),
                content: vec![Spoken::Text("Fish & chips <3\u{0}".to_owned())],
            }),
            Pause::seconds(1).into(),
        ],
        ..Gather::default()
    };
    assert_eq!(
        Document::default().then(gather).then(Redirect::to("/again")).then(Hangup::default()).to_xml(),
        format!(
            "{HEAD}<Response><Gather input=\"dtmf speech\" action=\"/next?a=1&amp;b=2\" speechTimeout=\"auto\" \
             finishOnKey=\"\" language=\"en-GB\" hints=\"yes, &quot;no&quot;\">\
             <Say voice=\"Polly.Amy-Neural\" language=\"en-GB\" loop=\"2\">Fish &amp; chips &lt;3\u{fffd}</Say>\
             <Pause length=\"1\"/></Gather><Redirect>/again</Redirect><Hangup/></Response>"
        )
    );
    let mut relay = ConversationRelay::at("wss://example.com/relay");
    relay.eot_threshold = Some(0.7);
    relay.details.push(RelayDetail::Parameter(Parameter::new("run", "run_1")));
    assert_eq!(
        Document::of([Connect::to(relay).into()]).to_xml(),
        format!(
            "{HEAD}<Response><Connect><ConversationRelay url=\"wss://example.com/relay\" eotThreshold=\"0.7\">\
             <Parameter name=\"run\" value=\"run_1\"/></ConversationRelay></Connect></Response>"
        )
    );
}

#[test]
fn documents_as_people_write_them() {
    let document = "<?xml version='1.0'?>\n<Response>\n  <!-- a word -->\n  <Say voice=\"alice\">\n    Hello\n    \
                    there</Say>\n  <Play digits='1ww#'/>\n  <Record finishOnKey=\"#1\" maxLength=\"30\"/>\n  \
                    <Dial>+1 (555) 987-6543</Dial>\n  <Dial record=\"true\" method=\"get\">\n    <Number>5559876543</Number>\n  \
                    </Dial>\n</Response>\n";
    let verbs = verbs(document);
    let Verb::Say(say) = &verbs[0] else { panic!("{verbs:?}") };
    assert_eq!(say.heard_text(), "Hello there");
    assert_eq!(say.voice.as_ref().map(Voice::as_str), Some("alice"));
    let Verb::Record(Record { finish_on_key, max_length_s, .. }) = &verbs[2] else { panic!("{verbs:?}") };
    assert_eq!(*finish_on_key, Some(KeySet::of([Key::POUND, Key::ALL[0]])));
    assert_eq!(*max_length_s, Some(30));
    let Verb::Dial(Dial { number, targets, .. }) = &verbs[3] else { panic!("{verbs:?}") };
    assert_eq!((number.as_str(), targets.len()), ("+1 (555) 987-6543", 0));
    let Verb::Dial(Dial { record, targets, .. }) = &verbs[4] else { panic!("{verbs:?}") };
    assert_eq!(record.map(|record| record.as_str()), Some("record-from-answer"));
    assert_eq!(*targets, [DialTarget::Number(Number::of("5559876543"))]);
}

#[test]
fn speech_is_kept_as_a_tree_and_told_as_text() {
    let document = "<Response><Say voice=\"Polly.Joanna\">Meet <sub alias=\"Doctor\">Dr.</sub> Ray\
                    <break time=\"1s\"/><p>at <say-as interpret-as=\"time\">5pm</say-as>, \
                    <prosody rate=\"slow\"><emphasis level=\"strong\">please</emphasis></prosody></p></Say></Response>";
    let verbs = verbs(document);
    let [Verb::Say(say)] = verbs.as_slice() else { panic!("{verbs:?}") };
    assert_eq!(say.plain_text(), "Meet Dr. Rayat 5pm, please");
    assert_eq!(say.heard_text(), "Meet Doctor Ray at 5pm, please");
    assert!(say.has_ssml());
    let written = Document::of(verbs).to_xml();
    assert!(written.ends_with(document), "{written}");
}

#[test]
fn names_of_relay_attributes_are_read_in_any_case() {
    let document = "<Response><Connect><ConversationRelay url=\"wss://example.com/r\" deepgramsmartformat=\"false\" \
                    SPEECHTIMEOUT=\"900\" ttsProvider=\"google\"/></Connect></Response>";
    let written = Document::of(verbs(document)).to_xml();
    for attribute in ["deepgramSmartFormat=\"false\"", "speechTimeout=\"900\"", "ttsProvider=\"Google\""] {
        assert!(written.contains(attribute), "{written}");
    }
    // No other element does so.
    assert_eq!(codes("<Pause LENGTH=\"2\"/>"), (vec![12200], 1));
}

#[test]
fn what_is_wrong_in_speech_and_input_is_passed_over_with_its_code() {
    let hints = "x,".repeat(501);
    let long = "x".repeat(4097);
    for (verb, code, kept) in [
        ("<say>Hello</say>", 12200, 0),
        ("<Message>Hello</Message>", 12200, 0),
        ("stray words", 12200, 0),
        ("<Say colour=\"red\">Hello</Say>", 12200, 1),
        ("<Say><b>Hello</b>there</Say>", 12200, 1),
        ("<Say voice=\"bob\">Hello</Say>", 13511, 1),
        ("<Say voice=\"Polly.joanna\">Hello</Say>", 13511, 1),
        ("<Say voice=\"Google.en-US-Standard-AB\">Hello</Say>", 13511, 1),
        ("<Say language=\"xx\">Hello</Say>", 13512, 1),
        ("<Say voice=\"woman\" language=\"ja-JP\">Hello</Say>", 13512, 1),
        ("<Say loop=\"1001\">Hello</Say>", 13510, 1),
        ("<Say> </Say>", 13520, 0),
        (&format!("<Say>{long}</Say>"), 13521, 0),
        (&format!("<Say voice=\"Polly.Amy\">{}</Say>", "x".repeat(3001)), 13521, 0),
        (&format!("<Say voice=\"Polly.Tatyana\">{}</Say>", "ж".repeat(751)), 13521, 0),
        ("<Play loop=\"often\">/a.mp3</Play>", 13410, 1),
        ("<Play/>", 12200, 0),
        ("<Pause length=\"-1\"/>", 13910, 1),
        ("<Pause><Say>Hello</Say></Pause>", 12200, 1),
        ("<Gather><Dial>+15559876543</Dial></Gather>", 13320, 1),
        ("<Gather><Say voice=\"bob\">Hello</Say></Gather>", 13321, 1),
        ("<Gather><Say loop=\"x\">Hello</Say></Gather>", 13322, 1),
        ("<Gather finishOnKey=\"x\"/>", 13310, 1),
        ("<Gather finishOnKey=\"12\"/>", 13311, 1),
        ("<Gather method=\"PUT\"/>", 13312, 1),
        ("<Gather timeout=\"auto\"/>", 13313, 1),
        ("<Gather numDigits=\"0\"/>", 13314, 1),
        ("<Gather input=\"voice\"/>", 13326, 1),
        ("<Gather speechTimeout=\"0\"/>", 13327, 1),
        ("<Gather maxSpeechTime=\"61\"/>", 13328, 1),
        ("<Gather partialResultCallbackMethod=\"PUT\"/>", 13329, 1),
        (&format!("<Gather hints=\"{hints}\"/>"), 13330, 1),
        (&format!("<Gather hints=\"{}\"/>", "x".repeat(101)), 13330, 1),
        ("<Gather language=\"xx\"/>", 13331, 1),
        ("<Gather language=\"multi\"/>", 13331, 1),
        ("<Gather bargeIn=\"maybe\"/>", 13332, 1),
        ("<Gather profanityFilter=\"maybe\"/>", 13333, 1),
        ("<Gather speechModel=\"ears\"/>", 13334, 1),
        ("<Gather speechModel=\"phone_call\" speechTimeout=\"auto\"/>", 13335, 1),
        ("<Record method=\"PUT\"/>", 13610, 1),
        ("<Record timeout=\"x\"/>", 13611, 1),
        ("<Record maxLength=\"86401\"/>", 13612, 1),
        ("<Record finishOnKey=\"x\"/>", 13613, 1),
        ("<Record transcribe=\"x\"/>", 13614, 1),
        ("<Record playBeep=\"x\"/>", 13616, 1),
    ] {
        assert_eq!(codes(&format!("{verb}<Hangup/>")), (vec![code], kept + 1), "{verb}");
    }
}

#[test]
fn what_is_wrong_in_other_verbs_is_passed_over_with_its_code() {
    for (verb, code, kept) in [
        ("<Dial method=\"PUT\">+15559876543</Dial>", 13210, 1),
        ("<Dial timeout=\"x\">+15559876543</Dial>", 13212, 1),
        ("<Dial hangupOnStar=\"x\">+15559876543</Dial>", 13213, 1),
        ("<Dial><Say>Hello</Say></Dial>", 13215, 1),
        ("<Dial>+15559876543<Number>+15559876544</Number></Dial>", 13215, 1),
        ("<Dial timeLimit=\"0\">+15559876543</Dial>", 13216, 1),
        ("<Dial record=\"x\">+15559876543</Dial>", 13217, 1),
        ("<Dial><Number method=\"PUT\">+15559876543</Number></Dial>", 13221, 1),
        ("<Dial><Number sendDigits=\"x\">+15559876543</Number></Dial>", 13222, 1),
        ("<Dial>nobody</Dial>", 13223, 1),
        ("<Dial><Number/></Dial>", 13223, 1),
        ("<Dial><Conference/></Dial>", 12200, 1),
        ("<Dial><Conference maxParticipants=\"251\">a</Conference></Dial>", 12200, 1),
        ("<Enqueue/>", 12200, 0),
        ("<Redirect method=\"PUT\">/next</Redirect>", 13710, 1),
        ("<Sms/>", 14103, 0),
        ("<Sms method=\"PUT\">Hi</Sms>", 14104, 1),
        ("<Connect><ConversationRelay interruptible=\"x\"/></Connect>", 64101, 1),
    ] {
        assert_eq!(codes(&format!("{verb}<Hangup/>")), (vec![code], kept + 1), "{verb}");
    }
}

#[test]
fn texts_of_the_greatest_length_are_said() {
    for say in [
        format!("<Say>{}</Say>", "x".repeat(4096)),
        format!("<Say voice=\"Polly.Amy\"><emphasis>{}</emphasis></Say>", "x".repeat(3000)),
        format!("<Say voice=\"Polly.Tatyana\">{}</Say>", "ж".repeat(750)),
    ] {
        assert_eq!(codes(&say), (vec![], 1));
    }
    let many = "<Number>+15559876543</Number>".repeat(11);
    let document = read(&format!("<Response><Dial>{many}</Dial></Response>")).unwrap();
    assert_eq!(document.warnings[0].code, 13215);
    let [Verb::Dial(dial)] = document.document.verbs.as_slice() else { panic!("{document:?}") };
    assert_eq!(dial.targets.len(), 10);
}

#[test]
fn documents_that_are_not_taken() {
    let deep = format!("<Response>{}{}</Response>", "<a>".repeat(100), "</a>".repeat(100));
    let large = format!("<Response>{}</Response>", " ".repeat(DOCUMENT_BYTES_MAX));
    for (document, code) in [
        ("", 12100),
        (" <?xml version=\"1.0\"?><Response/>", 12100),
        ("\u{feff}<Response/>", 12100),
        ("<Response><Say>Fish & chips</Say></Response>", 12100),
        ("<Response><Say>Hello</Response>", 12100),
        ("<Response><Say loop='1' loop='2'>x</Say></Response>", 12100),
        ("<!DOCTYPE a [<!ENTITY b \"boom\">]><Response><Say>&b;</Say></Response>", 12100),
        (deep.as_str(), 12100),
        ("<html><body>Bad gateway</body></html>", 12102),
        ("<response/>", 12102),
        ("<Response version=\"2\"/>", 12101),
        ("<Response><Record recordingStatusCallbackEvent=\"never\"/></Response>", 13621),
        ("<Response><Enqueue workflowSid=\"QU1\"/></Response>", 14220),
        ("<Response><Enqueue workflowSid=\"WW1\"><Task>words</Task></Enqueue></Response>", 14221),
        (large.as_str(), 11750),
    ] {
        let error = read(document).unwrap_err();
        assert_eq!(error.code(), code, "{error}");
    }
}

#[test]
fn the_content_type_decides() {
    let hello = Answer::Twiml(read("<Response><Say>Hello</Say></Response>").unwrap());
    let document = b"<Response><Say>Hello</Say></Response>";
    for content_type in ["text/xml", "application/xml; charset=utf-8", "TEXT/HTML", "text/plain"] {
        assert_eq!(read_answer(document, Some(content_type)).unwrap(), hello, "{content_type}");
    }
    assert_eq!(read_answer(b"Hello", Some("text/plain")).unwrap(), hello);
    assert_eq!(read_answer(b"", None).unwrap(), Answer::Twiml(twilio::voice_twiml::Read::default()));
    assert_eq!(read_answer(b"RIFF", Some("audio/wav")).unwrap(), Answer::Audio("audio/wav".to_owned()));
    for content_type in [None, Some("application/json")] {
        assert_eq!(read_answer(document, content_type).unwrap_err().code(), 12300);
    }
    assert!(matches!(read_answer(b"<a>", Some("text/xml")), Err(ReadError::Xml(_))));
    assert_eq!(read_answer(b"\xff", Some("text/xml")).unwrap_err().code(), 12100);
    let long = "x".repeat(5000);
    let Answer::Twiml(aloud) = read_answer(long.as_bytes(), Some("text/plain")).unwrap() else { panic!() };
    assert_eq!((aloud.document.verbs.len(), aloud.warnings[0].code), (0, 13521));
}

#[test]
fn the_vocabulary_is_whole() {
    let sorted = |mut list: Vec<String>| {
        list.sort();
        list
    };
    let row = |element: &str, names: &mut dyn Iterator<Item = &str>| {
        let mut names: Vec<&str> = names.collect();
        names.sort_unstable();
        format!("{element}: {}", names.join(" "))
    };
    let expected =
        nesting().iter().map(|(element, inside)| row(element, &mut inside.iter().copied())).collect();
    // What stands in <Headers> is known, though no table has it.
    let ours = NESTING.iter().map(|(element, inside)| row(element, &mut inside.iter().copied())).collect();
    assert_eq!(sorted(ours), sorted(expected));
    let table = attributes();
    for (element, names) in ELEMENTS {
        let expected = table.iter().filter(|attribute| attribute.element == *element);
        assert_eq!(
            row(element, &mut names.iter().copied()),
            row(element, &mut expected.map(|attribute| attribute.name))
        );
    }
    for attribute in table {
        let known = ELEMENTS.iter().any(|(element, _)| *element == attribute.element);
        assert!(known, "<{}>", attribute.element);
    }
}

#[test]
fn every_element_is_read_where_it_may_stand() {
    for (parent, inside) in nesting() {
        for child in inside {
            let mut document = document_with(parent, "");
            let end = document.find(&format!("</{parent}>")).unwrap();
            let text = text_of(child);
            document.insert_str(end, &format!("<{child}>{text}</{child}>"));
            if parent == "Enqueue" {
                document = document.replace("<Enqueue>", "<Enqueue workflowSid=\"WW1\">");
            }
            let written = Document::of(verbs(&document)).to_xml();
            assert!(written.contains(&format!("<{child}")), "<{child}> in <{parent}>: {written}");
        }
    }
}

#[test]
fn every_attribute_is_read_and_written() {
    for attribute in attributes() {
        let name = attribute.name;
        for value in attribute.good() {
            let document = document_with(attribute.element, &format!(" {name}=\"{value}\""));
            let read = verbs(&document);
            let written = Document::of(read.clone()).to_xml();
            assert_eq!(verbs(&written), read, "{document}");
            if attribute.is_free() {
                assert!(written.contains(&format!("{name}=\"{value}\"")), "{document}: {written}");
            } else {
                assert!(written.contains(&format!(" {name}=\"")), "{document}: {written}");
            }
        }
        if !attribute.is_free() {
            let document = document_with(attribute.element, &format!(" {name}=\"{}\"", attribute.bad()));
            match read(&document) {
                Ok(read) => assert_eq!(read.warnings.len(), 1, "{document}"),
                Err(error) => assert_eq!(error.code(), 13621, "{document}"),
            }
        }
    }
}

#[test]
fn hints_are_as_many_and_as_long_as_are_taken() {
    let long = "x".repeat(101);
    assert_eq!(Gather::hints_of(["yes", " no,  thanks ", ",", &long]).as_deref(), Some("yes,no thanks"));
    assert_eq!(Gather::hints_of([]), None);
    let many = Gather { hints: Gather::hints_of(["word"; 600]), ..Gather::default() };
    assert_eq!(many.hint_list().count(), 500);
    assert_eq!(verbs(&Document::of([many.clone().into()]).to_xml()), [Verb::Gather(many)]);
}

#[test]
fn documents_with_a_part_in_another_call_may_do_less() {
    let all = "<Response><Say>Hi</Say><Gather/><Leave/><Dial>+15559876543</Dial><Record/></Response>";
    for (role, kept, codes) in [
        (Role::Main, vec!["Say", "Gather", "Leave", "Dial", "Record"], vec![]),
        (Role::Whisper, vec!["Say", "Gather"], vec![12200, 13201, 12200]),
        (Role::ConferenceWait, vec!["Say"], vec![12200, 12200, 12200, 12200]),
        (Role::QueueWait, vec!["Say", "Gather", "Leave"], vec![12200, 12200]),
    ] {
        let mut document = read(all).unwrap().document;
        let warnings = document.keep_to(role);
        assert_eq!(warnings.iter().map(|warning| warning.code).collect::<Vec<_>>(), codes, "{role:?}");
        assert_eq!(document.verbs.iter().map(Verb::tag).collect::<Vec<_>>(), kept, "{role:?}");
    }
}

#[test]
fn models_that_hear() {
    for (name, known) in [
        ("default", true),
        ("deepgram_nova-2", true),
        ("deepgram_nova-2-phonecall", true),
        ("deepgram_nova-2-", false),
        ("Default", false),
    ] {
        assert_eq!(SpeechModel::parse(name).is_some(), known, "{name}");
    }
    assert_eq!(path_to("break"), ["Response", "Say", "break"]);
    assert_eq!(Play::url("/a.mp3").times(), 1);
}

/// An element with attributes and content at random, as the vocabulary has it.
fn any_element(element: &'static str, depth: u32) -> BoxedStrategy<String> {
    let mine: Vec<(&str, Vec<String>)> = attributes()
        .into_iter()
        // A voice and a language that do not go together are warned of, and kept.
        .filter(|attribute| attribute.element == element && (element, attribute.name) != ("Say", "language"))
        .map(|attribute| (attribute.name, attribute.good()))
        .collect();
    let chosen = mine.into_iter().map(|(name, values)| {
        (Just(name), prop::option::weighted(0.4, prop::sample::select(values))).boxed()
    });
    let inside = nesting().into_iter().find(|(parent, _)| *parent == element).map(|(_, inside)| inside);
    let children = match inside {
        Some(inside) if depth > 0 => {
            let child =
                prop::sample::select(inside).prop_flat_map(move |child| any_element(child, depth - 1));
            prop::collection::vec(child, 0..3).boxed()
        }
        _ => Just(Vec::new()).boxed(),
    };
    let text = prop_oneof![Just(text_of(element).to_owned()), "[ -%'-;=?-~\t\n\ré😀]{0,20}".boxed()];
    (chosen.collect::<Vec<_>>(), text, children)
        .prop_map(move |(attributes, text, children)| {
            let attributes: String = attributes
                .into_iter()
                .filter_map(|(name, value)| value.map(|value| format!(" {name}=\"{value}\"")))
                .collect();
            format!("<{element}{attributes}>{text}{}</{element}>", children.concat())
        })
        .boxed()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn what_is_written_reads_back(verbs in prop::collection::vec(
        prop::sample::select(nesting()[0].1.clone()).prop_flat_map(|verb| any_element(verb, 3)), 0..4,
    )) {
        let Ok(first) = read(&format!("<Response>{}</Response>", verbs.concat())) else { return Ok(()) };
        let again = read(&first.document.to_xml()).unwrap();
        prop_assert_eq!(again.document, first.document);
        prop_assert_eq!(again.warnings, vec![]);
    }

    #[test]
    fn any_text_is_said_as_it_is(text in "\\PC{1,40}") {
        prop_assume!(!text.trim().is_empty());
        let document = Document::of([Say::text(text).into()]);
        let read = read(&document.to_xml()).unwrap();
        prop_assert_eq!(read.document, document);
        prop_assert_eq!(read.warnings, vec![]);
    }

    #[test]
    fn any_answer_is_read_or_refused(text in "(<|</|/>|>|&|;|=\"|\"|Response|Say|Gather|loop|[ -~]|é|\\PC){0,60}") {
        let _ = read(&text);
        let _ = read_answer(text.as_bytes(), Some("text/plain"));
    }
}
