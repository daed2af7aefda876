//! Who does not want to hear from whom.

use std::collections::HashSet;

use twilio::keywords::{self, Keyword};

use crate::address;

/// Blocked pairs of a scope and a recipient. A scope is a sender's address, or the SID of the service whose
/// pool the sender is in.
#[derive(Default)]
pub(crate) struct OptOuts(HashSet<(String, String)>);

impl OptOuts {
    pub(crate) fn block(&mut self, scope: &str, recipient: &str) {
        self.0.insert((scope.to_owned(), recipient.to_owned()));
    }

    /// Whether the pair was blocked.
    pub(crate) fn unblock(&mut self, scope: &str, recipient: &str) -> bool {
        self.0.remove(&(scope.to_owned(), recipient.to_owned()))
    }

    pub(crate) fn is_blocked(&self, scope: &str, recipient: &str) -> bool {
        !self.0.is_empty() && self.0.contains(&(scope.to_owned(), recipient.to_owned()))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(scope, recipient)| (scope.as_str(), recipient.as_str()))
    }
}

/// What a text from a phone means to the network or the provider, before anybody else sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    Stop,
    Start,
    Help,
}

/// Reads a whole text as a keyword. A toll-free network knows fewer words, and YES only counts from somebody
/// who is blocked.
pub(crate) fn read(number: &str, text: &str, is_blocked: bool) -> Option<Meaning> {
    let keyword = match address::is_toll_free(number) {
        true => keywords::classify_toll_free(text)?,
        false => keywords::classify(text)?,
    };
    match keyword {
        Keyword::Stop => Some(Meaning::Stop),
        Keyword::Start if text.trim().eq_ignore_ascii_case("YES") && !is_blocked => None,
        Keyword::Start => Some(Meaning::Start),
        Keyword::Help => Some(Meaning::Help),
    }
}

impl Meaning {
    /// What is answered to the phone.
    pub(crate) fn confirmation(self) -> &'static str {
        match self {
            Meaning::Stop => {
                "You are unsubscribed and will get no more messages from here. Reply START to get them again."
            }
            Meaning::Start => "You are subscribed again. Reply HELP for help, STOP to unsubscribe.",
            Meaning::Help => "Reply STOP to unsubscribe. Message and data rates may apply.",
        }
    }
}
