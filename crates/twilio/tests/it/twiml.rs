//! Messaging TwiML, written and read.

use proptest::prelude::*;
use twilio::HttpMethod;
use twilio::messaging_twiml::{DOCUMENT_BYTES_MAX, MessagingResponse, Verb, parse};

const XML: Option<&str> = Some("text/xml");

fn read(document: &str) -> (Vec<Verb>, Vec<u32>) {
    let (response, warnings) = parse(document.as_bytes(), XML).unwrap();
    (response.verbs, warnings.iter().map(|warning| warning.code).collect())
}

fn in_response(verbs: &str) -> (Vec<Verb>, Vec<u32>) {
    read(&format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response>\n{verbs}\n</Response>\n"))
}

#[test]
fn written_documents() {
    assert_eq!(MessagingResponse::nothing().to_xml(), r#"<?xml version="1.0" encoding="UTF-8"?><Response/>"#);
    assert_eq!(
        MessagingResponse::reply("Fish & chips <3 \"now\"\u{0}").to_xml(),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response><Message><Body>\
         Fish &amp; chips &lt;3 &quot;now&quot;\u{fffd}</Body></Message></Response>"
    );
    let response = MessagingResponse {
        verbs: vec![
            Verb::Message {
                to: Some("+15559876543".to_owned()),
                from: Some("+15551234567".to_owned()),
                action: Some("/status?a=1&b=2".to_owned()),
                method: Some(HttpMethod::Get),
                body: None,
                media: vec!["https://example.com/1.png".to_owned(), "/2.png".to_owned()],
            },
            Verb::Redirect { url: "/next?a=1&b=2".to_owned(), method: Some(HttpMethod::Post) },
        ],
    };
    assert_eq!(
        response.to_xml(),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>\
         <Message to=\"+15559876543\" from=\"+15551234567\" action=\"/status?a=1&amp;b=2\" method=\"GET\">\
         <Media>https://example.com/1.png</Media><Media>/2.png</Media></Message>\
         <Redirect method=\"POST\">/next?a=1&amp;b=2</Redirect></Response>"
    );
}

#[test]
fn documents_as_people_write_them() {
    let plain = Verb::message("Hello there");
    for verbs in [
        "<Message>Hello there</Message>",
        "<Message>\n  Hello there\n</Message>",
        "<Message><Body>Hello there</Body></Message>",
        "<Sms>Hello there</Sms>",
        "<!-- a word --><Message><![CDATA[Hello]]> there</Message>",
        "<Message>Hello&#32;the&#x72;e</Message>",
    ] {
        assert_eq!(in_response(verbs), (vec![plain.clone()], vec![]), "{verbs}");
    }
    let (verbs, warnings) = in_response(
        "<Message to=\"+15559876543\" statusCallback=\"/status\" method=\"get\">Look: \
         <Media> https://example.com/1.png </Media></Message><Redirect>/next</Redirect>",
    );
    assert_eq!(warnings, Vec::<u32>::new());
    let expected = Verb::Message {
        to: Some("+15559876543".to_owned()),
        from: None,
        action: Some("/status".to_owned()),
        method: Some(HttpMethod::Get),
        body: Some("Look:".to_owned()),
        media: vec!["https://example.com/1.png".to_owned()],
    };
    assert_eq!(verbs, [expected, Verb::Redirect { url: "/next".to_owned(), method: None }]);
}

#[test]
fn what_is_wrong_in_a_part_is_passed_over_with_a_warning() {
    let long = "x".repeat(1601);
    let many = "<Media>https://example.com/1.png</Media>".repeat(11);
    for (verb, code, kept) in [
        ("<Say>Hello</Say>".to_owned(), 14110, 0),
        ("<Dial><Number>+15559876543</Number></Dial>".to_owned(), 14110, 0),
        ("<message>Hello</message>".to_owned(), 12200, 0),
        ("<Unknown><Message>not reached</Message></Unknown>".to_owned(), 12200, 0),
        ("stray words".to_owned(), 12200, 0),
        ("<Message colour=\"red\">Hello</Message>".to_owned(), 12200, 1),
        ("<Message>Hello<Emoji/></Message>".to_owned(), 12200, 1),
        ("<Message><Body>Hel<b>lo</b></Body></Message>".to_owned(), 12200, 1),
        ("<Message method=\"PATCH\">Hello</Message>".to_owned(), 14104, 1),
        ("<Redirect method=\"PUT\">/next</Redirect>".to_owned(), 13710, 1),
        ("<Message/>".to_owned(), 14103, 0),
        ("<Message> </Message>".to_owned(), 14103, 0),
        ("<Message><Media/></Message>".to_owned(), 14103, 0),
        (format!("<Message>{long}</Message>"), 14103, 0),
        (format!("<Message>{many}</Message>"), 14103, 0),
    ] {
        let (verbs, warnings) = in_response(&format!("{verb}<Message>after</Message>"));
        assert_eq!(warnings, [code], "{verb}");
        assert_eq!(verbs.len(), kept + 1, "{verb}");
        assert_eq!(verbs.last(), Some(&Verb::message("after")), "what follows still holds: {verb}");
    }
}

#[test]
fn a_text_of_the_greatest_length_is_taken() {
    for body in ["x".repeat(1600), "😀".repeat(800)] {
        let (verbs, warnings) = in_response(&format!("<Message>{body}</Message>"));
        assert_eq!((verbs, warnings), (vec![Verb::message(body)], vec![]));
    }
    assert_eq!(in_response(&format!("<Message>{}</Message>", "😀".repeat(801))).1, [14103]);
}

#[test]
fn documents_that_are_not_taken() {
    let deep = format!("<Response>{}{}</Response>", "<a>".repeat(100), "</a>".repeat(100));
    for (document, code) in [
        (" <?xml version=\"1.0\"?><Response/>", 12100),
        ("\u{feff}<Response/>", 12100),
        ("<Response><Message>Fish & chips</Message></Response>", 12100),
        ("<Response><Message>Hello</Response>", 12100),
        ("<Response><Message>Hello", 12100),
        ("<Response/><Response/>", 12100),
        ("<Response/>words", 12100),
        ("words", 12100),
        ("<Response><Message to='1' to='2'>x</Message></Response>", 12100),
        ("<Response><Message to=1>x</Message></Response>", 12100),
        ("<Response><1/></Response>", 12100),
        ("<Response><Message>\u{1}</Message></Response>", 12100),
        ("<Response><Message>&#1;</Message></Response>", 12100),
        ("<Response><Message>&nbsp;</Message></Response>", 12100),
        ("<!DOCTYPE a [<!ENTITY b \"boom\">]><Response><Message>&b;</Message></Response>", 12100),
        ("<!DOCTYPE a [<!ENTITY b \"boom\">]><Response><Message to=\"&b;\">x</Message></Response>", 12100),
        (deep.as_str(), 12100),
        ("<html><body>Bad gateway</body></html>", 12102),
        ("<response/>", 12102),
        ("<Response version=\"2\"/>", 12101),
    ] {
        let error = parse(document.as_bytes(), XML).unwrap_err();
        assert_eq!(error.code(), code, "{document}: {error}");
    }
    assert_eq!(parse(b"<Response>\xff</Response>", XML).unwrap_err().code(), 12100);
}

#[test]
fn the_content_type_decides() {
    let document = b"<Response><Message>Hello</Message></Response>";
    for content_type in
        ["text/xml", "application/xml; charset=utf-8", "TEXT/HTML", "text/plain", "text/plain;charset=UTF-8"]
    {
        let (response, _) = parse(document, Some(content_type)).unwrap();
        assert_eq!(response, MessagingResponse::reply("Hello"), "{content_type}");
    }
    for content_type in [None, Some(""), Some("application/json"), Some("audio/mpeg")] {
        assert_eq!(parse(document, content_type).unwrap_err().code(), 12300, "{content_type:?}");
    }
}

#[test]
fn plain_text_is_the_reply() {
    let (response, warnings) = parse("Thanks & bye <3".as_bytes(), Some("text/plain")).unwrap();
    assert_eq!((response, warnings), (MessagingResponse::reply("Thanks & bye <3"), vec![]));
    let (response, warnings) = parse("x".repeat(1601).as_bytes(), Some("text/plain")).unwrap();
    assert_eq!(response, MessagingResponse::nothing());
    assert_eq!(warnings.len(), 1);
    assert_eq!(warnings[0].code, 14103);
}

#[test]
fn an_empty_answer_does_nothing() {
    for content_type in [None, XML, Some("application/json")] {
        let (response, warnings) = parse(b"", content_type).unwrap();
        assert_eq!((response, warnings), (MessagingResponse::nothing(), vec![]));
    }
    assert_eq!(read("<Response></Response>"), (vec![], vec![]));
    assert_eq!(read("<Response xmlns=\"https://example.com/\" version=\"1.0\"/>"), (vec![], vec![]));
}

#[test]
fn size_is_limited() {
    let document = |bytes: usize| {
        let frame = "<Response></Response>";
        format!("<Response>{}</Response>", " ".repeat(bytes - frame.len()))
    };
    assert!(parse(document(DOCUMENT_BYTES_MAX).as_bytes(), XML).is_ok());
    let error = parse(document(DOCUMENT_BYTES_MAX + 1).as_bytes(), XML).unwrap_err();
    assert_eq!(error.code(), 11750);
}

fn any_verb() -> impl Strategy<Value = Verb> {
    // Text that XML can carry; a carriage return only survives as a reference.
    let text = || "[ -~\t\n\ré😀]{0,20}";
    let url = || "[!-~é]{1,20}";
    let method = || prop::option::of(prop::sample::select(HttpMethod::ALL));
    let message = (
        (prop::option::of(text()), prop::option::of(text()), prop::option::of(text()), method()),
        "[ -~\t\n\ré😀]{1,40}",
        prop::collection::vec(url(), 0..=10),
    );
    prop_oneof![
        message.prop_map(|((to, from, action, method), body, media)| Verb::Message {
            to,
            from,
            action,
            method,
            body: Some(body),
            media
        }),
        (url(), method()).prop_map(|(url, method)| Verb::Redirect { url, method }),
    ]
}

proptest! {
    #[test]
    fn what_is_written_reads_back(verbs in prop::collection::vec(any_verb(), 0..6)) {
        let response = MessagingResponse { verbs };
        let (read, warnings) = parse(response.to_xml().as_bytes(), XML).unwrap();
        prop_assert_eq!(read, response);
        prop_assert_eq!(warnings, vec![]);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "(<|</|/>|>|&|;|Response|Message|Body|[ -~]|é|\\PC){0,60}") {
        let _ = parse(text.as_bytes(), XML);
        prop_assert!(parse(text.as_bytes(), Some("text/plain")).is_ok());
    }
}
