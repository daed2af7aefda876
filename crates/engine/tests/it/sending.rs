//! Texts to send, noted down as `From:`, `To:` and `Message:` lines.

use engine::workflow::parse_send;

#[test]
fn the_message_keeps_everything_after_its_label() {
    let send =
        parse_send("From: +15551234567\nTo: {{phone}}\nMessage: \nHi {{name}}!\n\nTotal: ${{total}} #1\n")
            .expect("well formed");
    assert_eq!(send.from.expect("a sender").source(), "+15551234567");
    assert_eq!(send.to.source(), "{{phone}}");
    assert_eq!(send.message.source(), "Hi {{name}}!\n\nTotal: ${{total}} #1");
}

#[test]
fn a_broken_tag_is_shown_where_it_stands() {
    let problems =
        parse_send("To: {{phone}}\nMessage:\nHi\n  {{uper(name)}}\n").expect_err("no such function");
    assert_eq!((problems[0].at.line, problems[0].at.column), (4, 5), "{problems:?}");
}
