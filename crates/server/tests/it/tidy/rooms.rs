//! Knowledge that belongs to one room and may not turn up in another.

use super::source::{Finding, Repository, Source, Token};

/// Twilio's names for fields of requests and callbacks. The engine has words of its own for what they mean.
const WIRE_FIELDS: &[&str] = &[
    "AccountSid",
    "CallSid",
    "MediaUrl",
    "MediaUrl0",
    "MessageSid",
    "MessageStatus",
    "MessagingServiceSid",
    "NumMedia",
    "OptOutType",
    "SmsSid",
    "SmsStatus",
    "StatusCallback",
];

/// How SQL statements begin. Case counts: an English sentence does not shout.
const SQL_OPENINGS: &[&str] = &[
    "ALTER TABLE ",
    "BEGIN IMMEDIATE",
    "CREATE INDEX ",
    "CREATE TABLE ",
    "CREATE UNIQUE INDEX ",
    "DELETE FROM ",
    "DROP TABLE ",
    "INSERT INTO ",
    "INSERT OR ",
    "LISTEN ",
    "PRAGMA ",
    "SELECT ",
    "UPDATE ",
];

pub(super) fn engine_wire_words(repository: &Repository) -> Vec<Finding> {
    let is_wire = |content: &str| {
        let lower = content.to_ascii_lowercase();
        lower.contains("twiml")
            || lower.contains("x-twilio")
            || lower.contains("hmac")
            || content.contains("<Response")
            || content.contains("application/x-www-form-urlencoded")
            || content.split(|c: char| !c.is_alphanumeric()).any(|word| WIRE_FIELDS.contains(&word))
    };
    tokens_of(repository, "engine")
        .filter(|(_, token)| is_wire(token.content()) && !is_type_name(token))
        .map(|(file, token)| file.finding(token.line, format!("`{}` is a wire word", token.content())))
        .collect()
}

pub(super) fn host_twiml(repository: &Repository) -> Vec<Finding> {
    tokens_of(repository, "host")
        .filter(|(_, token)| token.content().to_ascii_lowercase().contains("twiml"))
        .map(|(file, token)| file.finding(token.line, format!("`{}` is a wire word", token.content())))
        .collect()
}

pub(super) fn sql(repository: &Repository) -> Vec<Finding> {
    let is_sql = |token: &Token| {
        let text = token.content().trim_start();
        token.word().is_none() && SQL_OPENINGS.iter().any(|opening| text.starts_with(opening))
    };
    let products = repository.rust().filter(|file| file.is_product() && file.room() != Some("store"));
    products
        .flat_map(|file| file.tokens().into_iter().map(move |token| (file, token)))
        .filter(|(_, token)| is_sql(token))
        .map(|(file, token)| file.finding(token.line, "SQL outside of store"))
        .collect()
}

pub(super) fn switches(repository: &Repository) -> Vec<Finding> {
    let is_switch = |word: &str| {
        let word = word.to_ascii_lowercase().replace('_', "");
        let evades = ["skip", "ignore", "disable", "bypass", "insecure", "no"];
        word.contains("testmode")
            || evades.iter().any(|verb| word.starts_with(&format!("{verb}signature")))
            || evades.iter().any(|verb| word.starts_with(&format!("{verb}verify")))
    };
    let products = repository.rust().filter(|file| file.is_product());
    products
        .flat_map(|file| file.tokens().into_iter().map(move |token| (file, token)))
        .filter(|(_, token)| is_switch(token.content()))
        .map(|(file, token)| file.finding(token.line, format!("`{}` is a switch for tests", token.content())))
        .collect()
}

/// `MessageStatus` is also a fine name for the engine's own type; only as a text is it Twilio's.
fn is_type_name(token: &Token) -> bool {
    token.word() == Some("MessageStatus")
}

fn tokens_of<'a>(
    repository: &'a Repository,
    room: &'static str,
) -> impl Iterator<Item = (&'a Source, Token)> {
    repository
        .rust()
        .filter(move |file| file.is_product() && file.room() == Some(room))
        .flat_map(|file| file.tokens().into_iter().map(move |token| (file, token)))
}

#[test]
fn wire_words_in_the_engine_are_found() {
    let broken = [
        "fn twiml() {}",
        "const A: &str = \"X-Twilio-Signature\";",
        "const A: &str = \"a=MessageSid\";",
        "struct Callback { MessageSid: String }",
        "const A: &str = \"MessageStatus\";",
        "const A: &str = \"<Response/>\";",
    ];
    for snippet in broken {
        let repository = Repository::made_up(&[("crates/engine/src/reply.rs", snippet)]);
        assert_eq!(engine_wire_words(&repository).len(), 1, "{snippet}");
        assert_eq!(engine_wire_words(&Repository::made_up(&[("crates/twilio/src/a.rs", snippet)])), []);
    }
    let fine = "enum MessageStatus { Sent } struct MessageStatusChanged;";
    assert_eq!(engine_wire_words(&Repository::made_up(&[("crates/engine/src/a.rs", fine)])), []);
}

#[test]
fn twiml_in_the_host_is_found() {
    let snippet = "fn answer() -> TwimlDocument {}";
    assert_eq!(host_twiml(&Repository::made_up(&[("crates/host/src/a.rs", snippet)])).len(), 1);
}

#[test]
fn sql_outside_of_store_is_found() {
    let snippet = "fn f() { run(\"\n  SELECT id FROM runs\"); log(\"Select one, then update it\"); }";
    assert_eq!(sql(&Repository::made_up(&[("crates/server/src/a.rs", snippet)])).len(), 1);
    assert_eq!(sql(&Repository::made_up(&[("crates/store/src/a.rs", snippet)])), []);
}

#[test]
fn switches_for_tests_are_found() {
    for word in ["test_mode", "skip_signature_check", "SWITCHBOARD_TEST_MODE", "disable_signatures"] {
        let snippet = format!("const NAME: &str = \"{word}\";");
        assert_eq!(
            switches(&Repository::made_up(&[("crates/server/src/a.rs", &snippet)])).len(),
            1,
            "{word}"
        );
    }
}
