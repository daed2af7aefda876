//! SIDs: the ids that Twilio gives to everything, two letters for the kind and 32 hexadecimal digits.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The id of one Twilio thing, such as `SM` and 32 hexadecimal digits for a text message.
///
/// Two capital letters and 32 hexadecimal digits are checked when one is read; letters of a kind that this
/// crate does not know are accepted, since Twilio adds kinds without notice. Comparing is by exact text.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sid(String);

/// What a [`Sid`] names, by its two letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SidKind {
    /// `AC`, an account or subaccount.
    Account,
    /// `AD`, a postal address.
    Address,
    /// `AI`, an alphanumeric sender of a messaging service.
    AlphaSender,
    /// `SK`, an API key.
    ApiKey,
    /// `AP`, an application: a set of webhook URLs.
    Application,
    /// `BU`, a regulatory bundle.
    Bundle,
    /// `CA`, a call.
    Call,
    /// `XE`, an installed channel such as a WhatsApp sender.
    Channel,
    /// `CF`, a conference.
    Conference,
    /// `HX`, a content template.
    Content,
    /// `RI`, an identity document.
    Identity,
    /// `PN`, a number that an account owns, or a verified caller id.
    IncomingNumber,
    /// `ME`, one attachment of a message.
    Media,
    /// `MG`, a messaging service.
    MessagingService,
    /// `MM`, a message with media.
    Mms,
    /// `NO`, an entry of the debugger.
    Notification,
    /// `QU`, a queue of calls.
    Queue,
    /// `RE`, a recording.
    Recording,
    /// `VX`, a session of ConversationRelay.
    RelaySession,
    /// `RQ`, one request to the REST API.
    Request,
    /// `SC`, a short code.
    ShortCode,
    /// `SM`, a text message.
    Sms,
    /// `MZ`, a stream of a call's audio.
    Stream,
    /// `GT`, a live transcription.
    LiveTranscription,
    /// `TR`, the transcription of a recording.
    Transcription,
    /// `TK`, a SIP trunk.
    Trunk,
    /// `VE`, a verification.
    Verification,
    /// `VA`, a verify service.
    VerifyService,
}

/// The text is not two capital letters and 32 hexadecimal digits. The text is not repeated here, because
/// people paste secrets into fields for ids.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a SID: expected two capital letters and 32 hexadecimal digits")]
pub struct SidError;

impl Sid {
    /// Reads a SID. Hexadecimal digits may be of either case and are kept as they are.
    pub fn parse(text: &str) -> Result<Sid, SidError> {
        if is_sid(text) { Ok(Sid(text.to_owned())) } else { Err(SidError) }
    }

    /// Makes a SID from its kind and the 16 bytes behind its digits, which are written in lower case.
    pub fn from_parts(kind: SidKind, bytes: [u8; 16]) -> Sid {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = String::with_capacity(34);
        text.push_str(kind.prefix());
        for byte in bytes {
            text.push(DIGITS[usize::from(byte >> 4)] as char);
            text.push(DIGITS[usize::from(byte & 15)] as char);
        }
        Sid(text)
    }

    /// The whole text, 34 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What it names, or `None` where the two letters are not known here.
    pub fn kind(&self) -> Option<SidKind> {
        SidKind::from_prefix(&self.0[..2])
    }

    /// Whether it names a message, with media or without.
    pub fn is_message(&self) -> bool {
        matches!(self.kind(), Some(SidKind::Sms | SidKind::Mms))
    }
}

impl SidKind {
    /// Every kind, for tests and tables.
    pub const ALL: [SidKind; 28] = [
        SidKind::Account,
        SidKind::Address,
        SidKind::AlphaSender,
        SidKind::ApiKey,
        SidKind::Application,
        SidKind::Bundle,
        SidKind::Call,
        SidKind::Channel,
        SidKind::Conference,
        SidKind::Content,
        SidKind::Identity,
        SidKind::IncomingNumber,
        SidKind::Media,
        SidKind::MessagingService,
        SidKind::Mms,
        SidKind::Notification,
        SidKind::Queue,
        SidKind::Recording,
        SidKind::RelaySession,
        SidKind::Request,
        SidKind::ShortCode,
        SidKind::Sms,
        SidKind::Stream,
        SidKind::LiveTranscription,
        SidKind::Transcription,
        SidKind::Trunk,
        SidKind::Verification,
        SidKind::VerifyService,
    ];

    /// The two capital letters in front.
    pub fn prefix(self) -> &'static str {
        match self {
            SidKind::Account => "AC",
            SidKind::Address => "AD",
            SidKind::AlphaSender => "AI",
            SidKind::ApiKey => "SK",
            SidKind::Application => "AP",
            SidKind::Bundle => "BU",
            SidKind::Call => "CA",
            SidKind::Channel => "XE",
            SidKind::Conference => "CF",
            SidKind::Content => "HX",
            SidKind::Identity => "RI",
            SidKind::IncomingNumber => "PN",
            SidKind::Media => "ME",
            SidKind::MessagingService => "MG",
            SidKind::Mms => "MM",
            SidKind::Notification => "NO",
            SidKind::Queue => "QU",
            SidKind::Recording => "RE",
            SidKind::RelaySession => "VX",
            SidKind::Request => "RQ",
            SidKind::ShortCode => "SC",
            SidKind::Sms => "SM",
            SidKind::Stream => "MZ",
            SidKind::LiveTranscription => "GT",
            SidKind::Transcription => "TR",
            SidKind::Trunk => "TK",
            SidKind::Verification => "VE",
            SidKind::VerifyService => "VA",
        }
    }

    /// The kind with these two letters.
    pub fn from_prefix(prefix: &str) -> Option<SidKind> {
        SidKind::ALL.into_iter().find(|kind| kind.prefix() == prefix)
    }
}

fn is_sid(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 34
        && bytes[..2].iter().all(u8::is_ascii_uppercase)
        && bytes[2..].iter().all(u8::is_ascii_hexdigit)
}

impl fmt::Display for Sid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Sid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for Sid {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl FromStr for Sid {
    type Err = SidError;

    fn from_str(text: &str) -> Result<Sid, SidError> {
        Sid::parse(text)
    }
}

impl TryFrom<String> for Sid {
    type Error = SidError;

    fn try_from(text: String) -> Result<Sid, SidError> {
        if is_sid(&text) { Ok(Sid(text)) } else { Err(SidError) }
    }
}

impl From<Sid> for String {
    fn from(sid: Sid) -> String {
        sid.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_sids_read_back_with_their_kind() {
        for kind in SidKind::ALL {
            let sid = Sid::from_parts(kind, [0xa5; 16]);
            assert_eq!(sid.as_str(), format!("{}{}", kind.prefix(), "a5".repeat(16)));
            assert_eq!(Sid::parse(sid.as_str()).unwrap().kind(), Some(kind));
        }
    }

    #[test]
    fn unknown_letters_are_read_but_have_no_kind() {
        let sid = Sid::parse("ZZ00000000000000000000000000000001").unwrap();
        assert_eq!(sid.kind(), None);
        assert!(!sid.is_message());
    }

    #[test]
    fn either_case_of_digits_is_kept() {
        let text = "SMABCDEF00000000000000000000abcdef";
        assert_eq!(Sid::parse(text).unwrap().as_str(), text);
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "SM",
            "sm00000000000000000000000000000001",
            "SM0000000000000000000000000000000g",
            "SM000000000000000000000000000000001",
            "S100000000000000000000000000000001",
            "ÄM0000000000000000000000000000001",
            " SM00000000000000000000000000000001",
        ] {
            assert_eq!(Sid::parse(text), Err(SidError), "{text:?}");
        }
    }
}
