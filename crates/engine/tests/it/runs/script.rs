//! What may happen to a run, as one line each.

use engine::effect::EffectKey;
use jiff::SignedDuration;

/// `+TIME WHAT…`
pub(super) struct Happening {
    pub(super) after: SignedDuration,
    pub(super) what: What,
}

pub(super) enum What {
    /// Time passes.
    Nothing,
    /// The provider says something of a text: `delivered 1.0 price=-0.0075`.
    Report { status: String, key: EffectKey, facts: Vec<(String, String)> },
    /// The provider says something of a call: `call completed 1.0 duration=12`, or what happened on its line:
    /// `call confirmed 1.0`.
    Call { status: String, key: EffectKey, facts: Vec<(String, String)> },
    /// An agent's conversation by text, or over a call, ended, with these answers: `talked completed 2.0 rating=9`; or with a failure,
    /// where the word is one's name.
    Talked { outcome: String, key: EffectKey, answers: Vec<(String, String)> },
    /// The report before once more.
    Again,
    /// `refused 1.0 code=21211`, or with an outcome's name instead of a code.
    Refused { key: EffectKey, why: String },
    /// What became of a text is not known, and a person must decide.
    Held(EffectKey),
    /// `reply YES`, `reply@+15550001111 YES`; `button:PAYLOAD LABEL`, `media URL`, `place LATITUDE LONGITUDE`.
    Reply { kind: String, from: Option<String>, said: String },
    /// `stop`, `stop@+15550001111`
    Stop { from: Option<String> },
    /// `cancel NAME`
    Cancel(String),
}

impl Happening {
    pub(super) fn parse(line: &str) -> Happening {
        let line = line.strip_prefix('+').unwrap_or_else(|| panic!("`{line}` does not begin with +"));
        let (after, what) = line.split_once(' ').unwrap_or((line, ""));
        Happening { after: duration(after), what: What::parse(what.trim()) }
    }
}

impl What {
    fn parse(text: &str) -> What {
        let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
        let (word, from) = match word.split_once('@') {
            Some((word, from)) => (word, Some(from.to_owned())),
            None => (word, None),
        };
        match word {
            "" => What::Nothing,
            "again" => What::Again,
            "stop" => What::Stop { from },
            "cancel" => What::Cancel(rest.into()),
            "held" => What::Held(key(rest)),
            "refused" => {
                let (of, why) = rest.split_once(' ').expect("a key and a reason");
                What::Refused { key: key(of), why: why.into() }
            }
            _ if word == "reply" || word == "media" || word == "place" || word.starts_with("button:") => {
                What::Reply { kind: word.into(), from, said: rest.into() }
            }
            "talked" => {
                let (outcome, rest) = rest.split_once(' ').expect("an outcome and a key");
                let (key, answers) = of_report(rest);
                What::Talked { outcome: outcome.into(), key, answers }
            }
            "call" => {
                let (status, rest) = rest.split_once(' ').expect("a status and a key");
                let (key, facts) = of_report(rest);
                What::Call { status: status.into(), key, facts }
            }
            status => {
                let (key, facts) = of_report(rest);
                What::Report { status: status.into(), key, facts }
            }
        }
    }
}

/// `1.0 price=-0.0075`
fn of_report(text: &str) -> (EffectKey, Vec<(String, String)>) {
    let mut words = text.split(' ');
    let key = key(words.next().expect("a key"));
    let fact = |word: &str| {
        let (name, value) = word.split_once('=').expect("name=value");
        (name.to_owned(), value.to_owned())
    };
    (key, words.map(fact).collect())
}

/// `3.0`: step and attempt.
fn key(text: &str) -> EffectKey {
    let (step, n) = text.split_once('.').unwrap_or_else(|| panic!("`{text}` is no step.attempt"));
    EffectKey { step: step.parse().expect("a step"), n: n.parse().expect("an attempt") }
}

/// `90s`, `5m`, `24h`, `2d`
fn duration(text: &str) -> SignedDuration {
    let (amount, unit) = text.split_at(text.len() - 1);
    let amount: i64 = amount.parse().unwrap_or_else(|_| panic!("`{text}` is no duration"));
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => panic!("`{text}` is no duration"),
    };
    SignedDuration::from_secs(amount * seconds)
}
