//! What a pasted value looks like, so that a mix-up is named instead of merely refused.

use url::{Host, Url};

/// The shape of a value. The value itself is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    Empty,
    Blanks,
    Placeholder,
    /// Two letters of a kind that matters here, and 32 hexadecimal digits.
    Sid(&'static str),
    Hex32,
    Other {
        characters: usize,
    },
}

impl Look {
    /// Blanks around a value come from copying, and are let pass.
    pub(super) fn at(text: &str) -> Look {
        let text = text.trim();
        let hex = |text: &str| text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
        let known =
            ["AC", "SK", "MG", "PN"].into_iter().find(|kind| text.strip_prefix(kind).is_some_and(hex));
        if text.is_empty() {
            Look::Empty
        } else if let Some(kind) = known {
            Look::Sid(kind)
        } else if hex(text) {
            Look::Hex32
        } else if is_placeholder(text) {
            Look::Placeholder
        } else if text.contains(char::is_whitespace) {
            Look::Blanks
        } else {
            Look::Other { characters: text.chars().count() }
        }
    }
}

/// Whether this stands for a value that somebody forgot to put in.
pub(super) fn is_placeholder(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let body = lower.strip_prefix("ac").or_else(|| lower.strip_prefix("sk-")).unwrap_or(&lower);
    let filler =
        !body.is_empty() && body.chars().all(|c| matches!(c, 'x' | '*' | '.' | '…' | '#' | '?' | '_' | '-'));
    let words = ["your", "changeme", "change_me", "placeholder", "example", "todo", "<", "{{", "${"];
    filler || words.iter().any(|word| lower.contains(word))
}

const PLACEHOLDER: &str = "is a placeholder: put the real value from Twilio's console here";

pub(super) fn account_sid_problem(look: Look) -> Option<String> {
    Some(match look {
        Look::Sid("AC") => return None,
        Look::Empty => "is missing".to_owned(),
        Look::Blanks => "contains blanks".to_owned(),
        Look::Placeholder => PLACEHOLDER.to_owned(),
        Look::Sid("SK") => {
            "this is an API key's SID: it goes to apiKeySid, and the account SID (AC…) here".to_owned()
        }
        Look::Sid(kind) => format!("this is a SID of another kind ({kind}…): the account's begins with AC"),
        Look::Hex32 => "lacks the letters AC in front, or is the auth token".to_owned(),
        Look::Other { characters } => {
            format!("must be AC and 32 hexadecimal digits (34 characters), and has {characters} characters")
        }
    })
}

pub(super) fn auth_token_problem(look: Look) -> Option<String> {
    Some(match look {
        Look::Hex32 => return None,
        Look::Empty => {
            "is missing: webhooks are signed with it, also where an API key makes the requests".to_owned()
        }
        Look::Blanks => "contains blanks".to_owned(),
        Look::Placeholder => PLACEHOLDER.to_owned(),
        Look::Sid(_) => {
            "this is a SID: the auth token is 32 hexadecimal digits without letters in front".to_owned()
        }
        Look::Other { characters } => {
            format!("must be 32 hexadecimal digits, and has {characters} characters")
        }
    })
}

/// Whether an address may have a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Path {
    None,
    Any,
}

/// Secrets go there, so in the clear only to this machine.
pub(super) fn base_url_problem(text: &str, path: Path) -> Option<&'static str> {
    const FORM: &str = "must begin with https:// (or http:// on this machine) and name a host, \
                        without query or password";
    let Ok(url) = Url::parse(text.trim()) else { return Some(FORM) };
    let plain = url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    if path == Path::None && url.path() != "/" {
        return Some("must not have a path: what follows the host is added to it");
    }
    match (url.scheme(), url.host()) {
        _ if !plain => Some(FORM),
        ("https", Some(_)) => None,
        ("http", Some(host)) if is_loopback(&host) => None,
        ("http", Some(_)) => Some("must begin with https://: the secrets would travel in the clear"),
        _ => Some(FORM),
    }
}

pub(crate) fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}
