//! Which senders and credentials there are, and what a workflow's `from` means.

use engine::message::Channel;
use engine::pacing::Rate;
use std::collections::HashMap;
use store::record::{Sender, SenderKind};

/// A snapshot of the senders and of the names of the credentials that can send.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    senders: Vec<Sender>,
    credentials: Vec<String>,
    by_name: HashMap<String, usize>,
    by_address: HashMap<String, Vec<usize>>,
}

/// What a `from` came to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Resolved {
    pub credential: String,
    /// E.164, short code, alphanumeric, or `MG…`.
    pub address: String,
    pub service: bool,
    pub rate: Option<Rate>,
    pub rewrites_text: bool,
}

/// Why a `from` means nothing, in words for the author.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub(crate) enum NotResolved {
    #[error("no credential is called {0:?}")]
    UnknownCredential(String),
    #[error("there is no credential to send with")]
    NoCredential,
    #[error("several credentials could send from {0:?}: name one")]
    AmbiguousCredential(String),
    #[error("no sender is called {0:?}")]
    UnknownSender(String),
}

impl Directory {
    /// `credentials`: names of those that can send texts.
    pub fn new(senders: Vec<Sender>, credentials: Vec<String>) -> Self {
        let mut directory = Directory { senders, credentials, ..Directory::default() };
        for (index, sender) in directory.senders.iter().enumerate() {
            directory.by_name.insert(sender.name.to_lowercase(), index);
            directory.by_address.entry(sender.address.clone()).or_default().push(index);
        }
        directory
    }

    pub fn senders(&self) -> &[Sender] {
        &self.senders
    }

    pub fn credentials(&self) -> &[String] {
        &self.credentials
    }

    pub(crate) fn resolve(
        &self,
        credential: Option<&str>,
        from: &str,
        channel: Channel,
    ) -> Result<Resolved, NotResolved> {
        let from = from.trim();
        let from = from.strip_prefix("whatsapp:").unwrap_or(from);
        if let Some(name) = credential
            && !self.credentials.iter().any(|known| known == name)
        {
            return Err(NotResolved::UnknownCredential(name.to_owned()));
        }
        if let Some(sender) = self.find(credential, from, channel)? {
            return Ok(Resolved {
                credential: sender.credential.clone(),
                address: sender.address.clone(),
                service: sender.kind == SenderKind::Service,
                rate: rate_of(sender, channel),
                rewrites_text: sender.rewrites_text,
            });
        }
        let is_address = if channel == Channel::Voice { is_number(from) } else { looks_like_address(from) };
        if !is_address {
            return Err(NotResolved::UnknownSender(from.to_owned()));
        }
        let credential = match (credential, self.credentials.as_slice()) {
            (Some(name), _) => name.to_owned(),
            (None, [only]) => only.clone(),
            (None, []) => return Err(NotResolved::NoCredential),
            (None, _) => return Err(NotResolved::AmbiguousCredential(from.to_owned())),
        };
        let service = is_service(from);
        // What a service that nobody described does to texts is not known.
        Ok(Resolved { credential, address: from.to_owned(), service, rate: None, rewrites_text: service })
    }

    fn find(
        &self,
        credential: Option<&str>,
        from: &str,
        channel: Channel,
    ) -> Result<Option<&Sender>, NotResolved> {
        let fits = |sender: &&Sender| {
            let can = match channel {
                Channel::Sms => sender.kind != SenderKind::WhatsApp,
                Channel::WhatsApp => matches!(sender.kind, SenderKind::WhatsApp | SenderKind::Service),
                Channel::Voice => sender.kind == SenderKind::Number,
            };
            can && credential.is_none_or(|name| sender.credential == name)
        };
        let named = self.by_name.get(&from.to_lowercase()).map(|index| &self.senders[*index]);
        if let Some(sender) = named.filter(fits) {
            return Ok(Some(sender));
        }
        let all = self.by_address.get(from).into_iter().flatten().map(|index| &self.senders[*index]);
        let mut fitting = all.filter(fits);
        let first = fitting.next();
        match (first, fitting.find(|other| first.is_some_and(|f| f.credential != other.credential))) {
            (Some(_), Some(_)) => Err(NotResolved::AmbiguousCredential(from.to_owned())),
            (first, _) => Ok(first),
        }
    }

    /// How fast this sender of this credential may send.
    pub(crate) fn rate(&self, credential: &str, address: &str, channel: Channel) -> Option<Rate> {
        self.of(credential, address).find_map(|sender| rate_of(sender, channel))
    }

    /// Whether the provider may change texts that go out by this sender.
    pub(crate) fn rewrites_text(&self, credential: &str, address: &str) -> bool {
        let mut known = self.of(credential, address).peekable();
        if known.peek().is_none() { is_service(address) } else { known.any(|sender| sender.rewrites_text) }
    }

    fn of<'a>(&'a self, credential: &'a str, address: &str) -> impl Iterator<Item = &'a Sender> {
        let all = self.by_address.get(address).into_iter().flatten().map(|index| &self.senders[*index]);
        all.filter(move |sender| sender.credential == credential)
    }

    /// The senders that a text to `number` may answer: the number itself and the services that it is in.
    pub(crate) fn answering(&self, credential: &str, number: &str, service: Option<&str>) -> Vec<String> {
        let mut all = vec![number.to_owned()];
        all.extend(service.map(str::to_owned));
        for sender in &self.senders {
            if sender.credential == credential && sender.members.iter().any(|member| member == number) {
                all.push(sender.address.clone());
            }
        }
        all
    }

    /// Names that stand for this address in a trigger's `to`.
    pub(crate) fn names<'a>(&'a self, credential: &'a str, address: &str) -> Vec<&'a str> {
        self.of(credential, address).map(|sender| sender.name.as_str()).collect()
    }
}

/// Texts and calls of a sender are paced apart.
fn rate_of(sender: &Sender, channel: Channel) -> Option<Rate> {
    match channel {
        Channel::Sms | Channel::WhatsApp => sender.rate,
        Channel::Voice => sender.call_rate.map(Rate::from),
    }
}

fn is_number(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
}

fn is_service(text: &str) -> bool {
    text.len() == 34 && text.starts_with("MG") && text[2..].bytes().all(|b| b.is_ascii_hexdigit())
}

fn looks_like_address(text: &str) -> bool {
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    let short_code = (3..=8).contains(&text.len()) && digits(text);
    let alphanumeric = (1..=11).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b' ')
        && text.bytes().any(|b| b.is_ascii_alphabetic());
    is_number(text) || short_code || alphanumeric || is_service(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::record::Capabilities;

    fn sender(credential: &str, name: &str, address: &str, kind: SenderKind, members: &[&str]) -> Sender {
        Sender {
            id: engine::id::SenderId::from_trusted(format!("snd_{name}")),
            credential: credential.into(),
            name: name.into(),
            address: address.into(),
            kind,
            capabilities: Capabilities::default(),
            sid: None,
            members: members.iter().map(|m| (*m).to_owned()).collect(),
            rate: None,
            call_rate: None,
            rewrites_text: false,
            updated_at: jiff::Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_from_is_a_name_or_an_address_of_one_credential() {
        let directory = Directory::new(
            vec![
                sender("main", "reception", "+15551234567", SenderKind::Number, &[]),
                sender("main", "chat", "+15551234567", SenderKind::WhatsApp, &[]),
            ],
            vec!["main".into()],
        );
        let resolve =
            |from, channel| directory.resolve(None, from, channel).map(|r| (r.credential, r.address));
        let expected = Ok(("main".to_owned(), "+15551234567".to_owned()));
        assert_eq!(resolve("Reception", Channel::Sms), expected);
        assert_eq!(resolve("+15551234567", Channel::Sms), expected);
        assert_eq!(resolve("whatsapp:+15551234567", Channel::WhatsApp), expected);
        assert_eq!(resolve("ACME", Channel::Sms), Ok(("main".into(), "ACME".into())));
        assert_eq!(
            resolve("front desk number", Channel::Sms),
            Err(NotResolved::UnknownSender("front desk number".into()))
        );
    }

    #[test]
    fn several_credentials_must_be_told_apart() {
        let both = vec!["one".to_owned(), "two".to_owned()];
        let directory = Directory::new(Vec::new(), both);
        assert!(matches!(
            directory.resolve(None, "+15551234567", Channel::Sms),
            Err(NotResolved::AmbiguousCredential(_))
        ));
        let named = directory.resolve(Some("two"), "+15551234567", Channel::Sms);
        assert_eq!(named.map(|r| r.credential), Ok("two".into()));
        let unknown = directory.resolve(Some("three"), "+15551234567", Channel::Sms);
        assert!(matches!(unknown, Err(NotResolved::UnknownCredential(_))));
    }

    /// A number is called by itself after a sync, and the credential that is named still decides.
    #[test]
    fn a_named_credential_is_never_passed_over() {
        let number = sender("live", "+15551234567", "+15551234567", SenderKind::Number, &[]);
        let service = format!("MG{}", "1".repeat(32));
        let pool = sender("live", "pool", &service, SenderKind::Service, &[]);
        let directory = Directory::new(vec![number, pool], vec!["live".into(), "test".into()]);
        for from in ["+15551234567", service.as_str()] {
            let resolved = directory.resolve(Some("test"), from, Channel::Sms);
            assert_eq!(resolved.map(|r| r.credential), Ok("test".into()), "{from}");
            let resolved = directory.resolve(None, from, Channel::Sms);
            assert_eq!(resolved.map(|r| r.credential), Ok("live".into()), "{from}");
        }
    }

    #[test]
    fn numbers_answer_for_their_service() {
        let service = format!("MG{}", "0".repeat(32));
        let pool = sender("main", "pool", &service, SenderKind::Service, &["+15551234567"]);
        let directory = Directory::new(vec![pool], vec!["main".into()]);
        assert_eq!(directory.answering("main", "+15551234567", None), ["+15551234567".to_owned(), service]);
    }
}
