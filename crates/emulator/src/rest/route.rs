//! Which resource a path names.

mod product;
mod voice;

use twilio::sid::{Sid, SidKind};

use super::usage::Period;
use crate::numbers::NumberKind;

/// A resource, with the account in whose name the 2010 API addresses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Route {
    /// Missing in product APIs, where the caller is meant.
    pub(crate) account: Option<Sid>,
    pub(crate) resource: Resource,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Resource {
    Accounts,
    Account,
    Balance,
    Messages,
    Message(Sid),
    MediaList(Sid),
    Medium(Sid, Sid),
    /// The medium itself, which needs no authentication.
    MediumBytes(Sid, Sid),
    Feedback(Sid),
    Calls,
    Call(Sid),
    Queues,
    Queue(Sid),
    QueueMembers(Sid),
    QueueMember(Sid, MemberName),
    Conferences,
    Conference(Sid),
    /// By the SID or the name of their conference.
    Participants(String),
    Participant(Sid, ParticipantName),
    ConferenceRecordings(Sid),
    ConferenceRecording(Sid, RecordingName),
    /// Of the account, or of one call.
    Recordings(Option<Sid>),
    Recording(Option<Sid>, RecordingName),
    /// The sound itself, which needs no authentication.
    RecordingSound(Sid, SoundFormat),
    /// Of a call while it goes on.
    LiveTranscriptions(Sid),
    LiveTranscription(Sid, Sid),
    /// Of the account, or of one recording.
    Transcriptions(Option<Sid>),
    Transcription(Option<Sid>, Sid),
    /// Of a call.
    Streams(Sid),
    /// By its SID or its name.
    Stream(Sid, String),
    /// The requests that were made for a call.
    CallEvents(Sid),
    Siprec(Sid),
    Numbers(Option<NumberKind>),
    Number(Sid),
    AvailableCountries,
    AvailableCountry(String),
    AvailableNumbers(String, AvailableKind),
    Services,
    Service(Sid),
    PoolNumbers(Sid),
    PoolNumber(Sid, Sid),
    AlphaSenders(Sid),
    AlphaSender(Sid, Sid),
    ShortCodes(Sid),
    ShortCode(Sid, Sid),
    Applications,
    Application(Sid),
    Keys,
    Key(Sid),
    CallerIds,
    CallerId(Sid),
    /// Notifications, of one call where it is named.
    Notifications(Option<Sid>),
    Notification(Option<Sid>, Sid),
    Usage(Period),
    Alerts,
    Alert(Sid),
    Contents,
    Content(Sid),
    ContentsAndApprovals,
    Approval(Sid),
    ApprovalRequest(Sid),
    /// The number as it was written.
    Lookup(String),
}

/// How one that waits in a queue is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum MemberName {
    /// Whoever waits longest.
    Front,
    Call(Sid),
}

/// How a participant of a conference is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ParticipantName {
    Call(Sid),
    Label(String),
}

/// How a recording is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RecordingName {
    Sid(Sid),
    /// The one that a call makes now.
    Current,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SoundFormat {
    Wav,
    Mp3,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AvailableKind {
    Local,
    TollFree,
    Mobile,
}

/// Reads a path. `host` is the host that the caller meant, where it said so: two products may use the same
/// path.
pub(crate) fn parse(path: &str, host: Option<&str>) -> Option<Route> {
    if let Some(rest) = path.strip_prefix("/2010-04-01/") {
        return product::fits(host, "api").then(|| parse_2010(rest))?;
    }
    product::parse(path, host).map(|resource| Route { account: None, resource })
}

fn parse_2010(rest: &str) -> Option<Route> {
    if rest == "Accounts.json" {
        return Some(Route { account: None, resource: Resource::Accounts });
    }
    let rest = rest.strip_prefix("Accounts/")?;
    let (stem, is_json) = match rest.strip_suffix(".json") {
        Some(stem) => (stem, true),
        None => (rest, false),
    };
    let segments: Vec<&str> = stem.split('/').collect();
    let (account, segments) = segments.split_first()?;
    let account = sid(account, SidKind::Account)?;
    let resource = if is_json { parse_account(segments)? } else { parse_bytes(segments)? };
    Some(Route { account: Some(account), resource })
}

fn parse_account(segments: &[&str]) -> Option<Resource> {
    Some(match *segments {
        [] => Resource::Account,
        ["Balance"] => Resource::Balance,
        ["Messages"] => Resource::Messages,
        ["Messages", message] => Resource::Message(message_sid(message)?),
        ["Messages", message, "Media"] => Resource::MediaList(message_sid(message)?),
        ["Messages", message, "Media", medium] => {
            Resource::Medium(message_sid(message)?, sid(medium, SidKind::Media)?)
        }
        ["Messages", message, "Feedback"] => Resource::Feedback(message_sid(message)?),
        ["Calls"] => Resource::Calls,
        ["Calls", call] => Resource::Call(sid(call, SidKind::Call)?),
        ["IncomingPhoneNumbers"] => Resource::Numbers(None),
        ["IncomingPhoneNumbers", "Local"] => Resource::Numbers(Some(NumberKind::Local)),
        ["IncomingPhoneNumbers", "TollFree"] => Resource::Numbers(Some(NumberKind::TollFree)),
        ["IncomingPhoneNumbers", "Mobile"] => Resource::Numbers(Some(NumberKind::Mobile)),
        ["IncomingPhoneNumbers", number] => Resource::Number(sid(number, SidKind::IncomingNumber)?),
        ["AvailablePhoneNumbers"] => Resource::AvailableCountries,
        ["AvailablePhoneNumbers", country] => Resource::AvailableCountry(country_code(country)?),
        ["AvailablePhoneNumbers", country, kind] => {
            let kind = match kind {
                "Local" => AvailableKind::Local,
                "TollFree" => AvailableKind::TollFree,
                "Mobile" => AvailableKind::Mobile,
                _ => return None,
            };
            Resource::AvailableNumbers(country_code(country)?, kind)
        }
        ["Applications"] => Resource::Applications,
        ["Applications", application] => Resource::Application(sid(application, SidKind::Application)?),
        ["Keys"] => Resource::Keys,
        ["Keys", key] => Resource::Key(sid(key, SidKind::ApiKey)?),
        ["OutgoingCallerIds"] => Resource::CallerIds,
        ["OutgoingCallerIds", number] => Resource::CallerId(sid(number, SidKind::IncomingNumber)?),
        ["Notifications"] => Resource::Notifications(None),
        ["Notifications", notice] => Resource::Notification(None, sid(notice, SidKind::Notification)?),
        ["Calls", call, "Notifications"] => Resource::Notifications(Some(sid(call, SidKind::Call)?)),
        ["Calls", call, "Notifications", notice] => {
            let (call, notice) = (sid(call, SidKind::Call)?, sid(notice, SidKind::Notification)?);
            Resource::Notification(Some(call), notice)
        }
        ["Usage", "Records"] => Resource::Usage(Period::Any),
        ["Usage", "Records", period] => Resource::Usage(Period::of_path(period)?),
        _ => return voice::parse(segments),
    })
}

fn parse_bytes(segments: &[&str]) -> Option<Resource> {
    match *segments {
        ["Messages", message, "Media", medium] => {
            Some(Resource::MediumBytes(message_sid(message)?, sid(medium, SidKind::Media)?))
        }
        ["Recordings", name] => {
            let (name, format) = match name.rsplit_once('.') {
                None => (name, SoundFormat::Wav),
                Some((name, "wav")) => (name, SoundFormat::Wav),
                Some((name, "mp3")) => (name, SoundFormat::Mp3),
                Some(_) => return None,
            };
            Some(Resource::RecordingSound(sid(name, SidKind::Recording)?, format))
        }
        _ => None,
    }
}

fn sid(text: &str, kind: SidKind) -> Option<Sid> {
    Sid::parse(text).ok().filter(|sid| sid.kind() == Some(kind))
}

fn message_sid(text: &str) -> Option<Sid> {
    Sid::parse(text).ok().filter(Sid::is_message)
}

fn country_code(text: &str) -> Option<String> {
    let is_code = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase());
    is_code.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const AC: &str = "AC00000000000000000000000000000001";
    const SM: &str = "SM00000000000000000000000000000001";
    const MG: &str = "MG00000000000000000000000000000001";

    #[test]
    fn paths_name_resources_or_nothing() {
        let message = Sid::parse(SM).unwrap();
        let service = Sid::parse(MG).unwrap();
        for (path, resource) in [
            ("/2010-04-01/Accounts.json".to_owned(), Some(Resource::Accounts)),
            (format!("/2010-04-01/Accounts/{AC}.json"), Some(Resource::Account)),
            (format!("/2010-04-01/Accounts/{AC}/Messages.json"), Some(Resource::Messages)),
            (format!("/2010-04-01/Accounts/{AC}/Messages/{SM}.json"), Some(Resource::Message(message))),
            (format!("/2010-04-01/Accounts/{AC}/Messages/{SM}"), None),
            (format!("/2010-04-01/Accounts/{AC}/Messages/SM1.json"), None),
            (format!("/2010-04-01/Accounts/{AC}/Messages/{MG}.json"), None),
            (format!("/2010-04-01/Accounts/{AC}/Unheard.json"), None),
            ("/v1/Services".to_owned(), Some(Resource::Services)),
            (format!("/v1/Services/{MG}"), Some(Resource::Service(service))),
            (format!("/v1/Services/{MG}/"), None),
            ("/v1/ServicesX".to_owned(), None),
            ("/".to_owned(), None),
        ] {
            assert_eq!(parse(&path, None).map(|route| route.resource), resource, "{path}");
        }
    }

    #[test]
    fn the_host_decides_where_products_share_a_path() {
        assert!(parse("/v1/Services", Some("messaging.twilio.com")).is_some());
        assert!(parse("/v1/Services", Some("messaging.dublin.ie1.twilio.com")).is_some());
        assert!(parse("/v1/Services", Some("chat.twilio.com")).is_none());
        assert!(parse("/2010-04-01/Accounts.json", Some("messaging.twilio.com")).is_none());
    }
}
