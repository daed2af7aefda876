//! The vocabulary of voice TwiML as data, and documents made from it.

use std::collections::VecDeque;

/// One attribute of the vocabulary, with values that are taken.
pub(super) struct Attribute {
    pub(super) element: &'static str,
    pub(super) name: &'static str,
    kind: &'static str,
    words: Vec<&'static str>,
}

const TABLE: &str = include_str!("../vocabulary.tsv");

fn rows(kind: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    TABLE.lines().map(|line| line.split('\t').collect::<Vec<_>>()).filter(move |cells| cells[0] == kind)
}

/// Each element that may hold others, with those.
pub(super) fn nesting() -> Vec<(&'static str, Vec<&'static str>)> {
    rows("nesting").map(|cells| (cells[1], cells[2].split(' ').collect())).collect()
}

pub(super) fn attributes() -> Vec<Attribute> {
    rows("attribute")
        .map(|cells| Attribute {
            element: cells[1],
            name: cells[2],
            kind: cells[3],
            words: cells.get(4).map_or_else(Vec::new, |words| words.split(' ').collect()),
        })
        .collect()
}

/// The elements from the root to this one, it included; the shortest way there is.
pub(super) fn path_to(element: &str) -> Vec<&'static str> {
    let nesting = nesting();
    let mut paths = VecDeque::from([vec!["Response"]]);
    while let Some(path) = paths.pop_front() {
        let last = path[path.len() - 1];
        if last == element {
            return path;
        }
        let inside = nesting.iter().find(|(parent, _)| *parent == last);
        for child in inside.into_iter().flat_map(|(_, children)| children) {
            if !path.contains(child) {
                paths.push_back([path.clone(), vec![*child]].concat());
            }
        }
    }
    panic!("<{element}> can stand nowhere")
}

/// The text that an element needs, or that it may have.
pub(super) fn text_of(element: &str) -> &'static str {
    match element {
        "Say" | "Sms" | "emphasis" | "lang" | "p" | "phoneme" | "prosody" | "s" | "sub" | "w" => "Hello",
        "say-as" => "12",
        "Play" | "Redirect" => "https://example.com/next?a=1",
        "Number" | "WhatsApp" => "+15559876543",
        "Enqueue" | "Conference" | "Queue" | "Room" | "Autopilot" | "Identity" => "support",
        "Task" => "{}",
        "Uri" => "sip:ann@example.com",
        "Sim" => "DE00000000000000000000000000000001",
        "ApplicationSid" => "AP00000000000000000000000000000001",
        _ => "",
    }
}

/// A document with one element of interest, what must stand around it and the text that it needs.
pub(super) fn document_with(element: &str, attributes: &str) -> String {
    let path = path_to(element);
    let mut document = String::new();
    for name in &path {
        let attributes = if name == &element { attributes } else { "" };
        document.push_str(&format!("<{name}{attributes}>{}", text_of(name)));
    }
    for name in path.iter().rev() {
        document.push_str(&format!("</{name}>"));
    }
    document
}

impl Attribute {
    /// Values that are taken.
    pub(super) fn good(&self) -> Vec<String> {
        let fixed: &[&str] = match self.kind {
            "one" => return self.words.iter().map(|word| (*word).to_owned()).collect(),
            "several" => {
                let mut values: Vec<String> = self.words.iter().map(|word| (*word).to_owned()).collect();
                values.push(self.words.join(" "));
                return values;
            }
            "boolean" => &["true", "false"],
            "integer" => match self.name {
                "machineDetectionTimeout" | "maxSpeechTime" => &["3", "30", "60"],
                "machineDetectionSpeechThreshold" => &["1000", "2400", "6000"],
                "machineDetectionSpeechEndThreshold" => &["500", "1200", "5000"],
                "machineDetectionSilenceTimeout" => &["2000", "5000", "10000"],
                _ => &["5", "100"],
            },
            "threshold" => &["0.5", "0.9"],
            "tones" => &["1w2W#*", "ABCD"],
            "key" => &["#", "*", "0", ""],
            "keys" => &["1234567890*#", "#", ""],
            "language" => &["en-US", "pt-BR", "cmn-CN"],
            "heard" => &["en-US", "es-MX", "pa-guru-IN"],
            "voice" => &["man", "alice", "Polly.Joanna-Neural", "Google.en-US-Chirp3-HD-Aoede"],
            "model" => &["phone_call", "googlev2_long", "deepgram_nova-3", "deepgram_nova-2-medical"],
            "speechTimeout" => &["auto", "1", "30"],
            "relayTimeout" => &["auto", "600", "5000"],
            "text" => match self.name {
                "workflowSid" => &["WW00000000000000000000000000000001"],
                _ => &["https://example.com/a?b=1", "words of any kind", ""],
            },
            kind => panic!("an unknown kind of value: {kind}"),
        };
        fixed.iter().map(|value| (*value).to_owned()).collect()
    }

    /// Whether it takes any text.
    pub(super) fn is_free(&self) -> bool {
        self.kind == "text"
    }

    /// A value that is not taken.
    pub(super) fn bad(&self) -> &'static str {
        "never-heard-of"
    }
}
