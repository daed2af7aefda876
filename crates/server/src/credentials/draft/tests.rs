use super::*;

const SID: &str = "AC00000000000000000000000000000001";
const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const KEY: &str = "SK00000000000000000000000000000001";

fn problems(fields: Value) -> Vec<String> {
    let mut draft = json!({ "kind": "twilio", "name": "main" });
    for (name, value) in fields.as_object().unwrap() {
        draft[name] = value.clone();
    }
    let draft: Draft = serde_json::from_value(draft).unwrap();
    draft.problems().iter().map(ToString::to_string).collect()
}

#[test]
fn usable_credentials_have_no_problems() {
    for fields in [
        json!({ "accountSid": SID, "authToken": TOKEN }),
        json!({ "accountSid": format!(" {SID} "), "authToken": TOKEN, "authTokenNext": TOKEN, "test": true }),
        json!({ "accountSid": SID, "authToken": TOKEN, "apiKeySid": KEY, "apiKeySecret": "s3cretS3cret", "apiBase": "http://127.0.0.1:8081" }),
    ] {
        assert_eq!(problems(fields.clone()), Vec::<String>::new(), "{fields}");
    }
}

#[test]
fn each_mistake_is_told_with_what_to_do() {
    for (fields, expected) in [
        (
            json!({ "accountSid": TOKEN, "authToken": SID }),
            "accountSid: this is the auth token, and the account SID stands in authToken: swap the two",
        ),
        (
            json!({ "accountSid": KEY, "authToken": TOKEN }),
            "accountSid: this is an API key's SID: it goes to apiKeySid, and the account SID (AC…) here",
        ),
        (json!({ "accountSid": "", "authToken": TOKEN }), "accountSid: is missing"),
        (
            json!({ "accountSid": "ACxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "authToken": TOKEN }),
            "accountSid: is a placeholder: put the real value from Twilio's console here",
        ),
        (
            json!({ "accountSid": "AC123", "authToken": TOKEN }),
            "accountSid: must be AC and 32 hexadecimal digits (34 characters), and has 5 characters",
        ),
        (
            json!({ "accountSid": "AC 0000000000000000000000000000001", "authToken": TOKEN }),
            "accountSid: contains blanks",
        ),
        (
            json!({ "accountSid": SID, "authToken": "your_auth_token" }),
            "authToken: is a placeholder: put the real value from Twilio's console here",
        ),
        (
            json!({ "accountSid": SID, "authToken": &TOKEN[1..] }),
            "authToken: must be 32 hexadecimal digits, and has 31 characters",
        ),
        (
            json!({ "accountSid": SID, "authToken": TOKEN, "authTokenNext": SID }),
            "authTokenNext: this is a SID: the auth token is 32 hexadecimal digits without letters in front",
        ),
        (
            json!({ "accountSid": SID, "authToken": TOKEN, "apiKeySid": KEY }),
            "apiKeySecret: is missing: Twilio shows it once, when the key is made",
        ),
        (
            json!({ "accountSid": SID, "authToken": TOKEN, "apiKeySid": SID, "apiKeySecret": "x" }),
            "apiKeySid: must be SK and 32 hexadecimal digits",
        ),
        (
            json!({ "accountSid": SID, "authToken": TOKEN, "apiBase": "api.twilio.com" }),
            "apiBase: must begin with https:// (or http:// on this machine) and name a host, without query or password",
        ),
        (
            json!({ "accountSid": SID, "authToken": TOKEN, "apiBase": "http://api.example.com" }),
            "apiBase: must begin with https://: the secrets would travel in the clear",
        ),
        (
            json!({ "name": "a/b", "accountSid": SID, "authToken": TOKEN }),
            "name: must have 1 to 64 letters, digits, hyphens, dots or underscores, because it is part of an address",
        ),
    ] {
        assert_eq!(problems(fields.clone()), [expected], "{fields}");
    }
}

#[test]
fn openai_keys_are_checked_too() {
    let problems = |fields: Value| -> Vec<String> {
        let mut draft = json!({ "kind": "openai", "name": "openai" });
        draft.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        let draft: Draft = serde_json::from_value(draft).unwrap();
        draft.problems().iter().map(ToString::to_string).collect()
    };
    assert_eq!(problems(json!({ "apiKey": "sk-0123456789" })), Vec::<String>::new());
    assert_eq!(problems(json!({ "baseUrl": "http://127.0.0.1:9/v1" })), Vec::<String>::new());
    assert_eq!(problems(json!({})), ["apiKey: is missing"]);
    assert_eq!(problems(json!({ "apiKey": "sk-…" })), ["apiKey: is a placeholder: put the real key here"]);
    assert_eq!(
        problems(json!({ "apiKey": "0123456789" })),
        ["apiKey: must begin with sk-; for another provider's key, give its baseUrl too"]
    );
}

#[test]
fn secrets_are_apart_from_what_may_be_shown_and_masked_in_print() {
    let draft: Draft = serde_json::from_value(json!({
        "kind": "twilio", "name": "main", "accountSid": SID, "authToken": TOKEN,
        "apiKeySid": KEY, "apiKeySecret": "hidden-secret",
    }))
    .unwrap();
    let shown = format!("{draft:?} {}", draft.public());
    assert!(!shown.contains(TOKEN) && !shown.contains("hidden-secret"), "{shown}");
    assert!(shown.contains(SID));
    let kept = draft.secrets();
    assert!(kept.expose_secret().contains(TOKEN) && kept.expose_secret().contains("hidden-secret"));
}

#[test]
fn unknown_fields_are_refused() {
    let draft =
        serde_json::from_value::<Draft>(json!({ "kind": "twilio", "name": "main", "acountSid": SID }));
    assert!(draft.unwrap_err().to_string().contains("acountSid"));
}

#[test]
fn a_secret_for_a_server_says_where_it_may_go_and_in_which_way() {
    let problems = |fields: Value| {
        let mut draft = json!({ "kind": "http", "name": "shop" });
        for (name, value) in fields.as_object().unwrap() {
            draft[name] = value.clone();
        }
        let draft: Draft = serde_json::from_value(draft).unwrap();
        draft.problems().iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let hosts = ["api.example.org"];
    for fields in [
        json!({ "hosts": hosts, "token": "t0ken" }),
        json!({ "hosts": ["127.0.0.1", "localhost"], "header": "X-Api-Key", "value": "t0 ken" }),
        json!({ "hosts": hosts, "user": "ann", "password": "p4ss word" }),
    ] {
        assert_eq!(problems(fields.clone()), Vec::<String>::new(), "{fields}");
    }
    for (fields, expected) in [
        (json!({ "token": "t0ken" }), "hosts: is missing"),
        (json!({ "hosts": ["https://api.example.org"], "token": "t0ken" }), "hosts: must be hosts alone"),
        (json!({ "hosts": ["api.example.org/v1"], "token": "t0ken" }), "hosts: must be hosts alone"),
        (json!({ "hosts": hosts }), "token: is missing; or give"),
        (json!({ "hosts": hosts, "token": "t", "user": "ann", "password": "p" }), "token: is one of three"),
        (json!({ "hosts": hosts, "header": "X-Api-Key" }), "value: is missing"),
        (json!({ "hosts": hosts, "header": "Host", "value": "v" }), "header: is one that requests set"),
        (json!({ "hosts": hosts, "header": "a b", "value": "v" }), "header: must be the name of a header"),
        (json!({ "hosts": hosts, "user": "ann" }), "password: user and password go together"),
        (json!({ "hosts": hosts, "token": "Bearer t0ken" }), "token: must not contain blanks"),
        (json!({ "hosts": hosts, "token": "your-token" }), "token: is a placeholder"),
        (json!({ "hosts": hosts, "header": "X-Api-Key", "value": "a\nb" }), "value: must be one line"),
    ] {
        let told = problems(fields.clone());
        assert!(told.len() == 1 && told[0].starts_with(expected), "{fields}: {told:?}");
    }
    let draft = json!({ "kind": "http", "name": "shop", "hosts": hosts, "token": "t0ken" });
    let draft: Draft = serde_json::from_value(draft).unwrap();
    assert_eq!(draft.public(), json!({ "hosts": hosts }));
    assert!(!format!("{draft:?}").contains("t0ken"));
}
