//! Paths of the product APIs, each of which has a host of its own.

use twilio::sid::SidKind;

use super::{Resource, sid};

/// Reads a path of a product. Two products may use the same path, so that the host decides where the caller
/// said which it meant.
pub(super) fn parse(path: &str, host: Option<&str>) -> Option<Resource> {
    let mut segments = path.strip_prefix('/')?.split('/');
    let (version, name) = (segments.next()?, segments.next()?);
    let rest: Vec<&str> = segments.collect();
    let (product, resource) = match (version, name) {
        ("v1", "Services") => ("messaging", services(&rest)?),
        ("v1", "Content") => ("content", content(&rest)?),
        ("v1", "ContentAndApprovals") if rest.is_empty() => ("content", Resource::ContentsAndApprovals),
        ("v1", "Alerts") => ("monitor", alerts(&rest)?),
        ("v2", "PhoneNumbers") => ("lookups", lookups(&rest)?),
        _ => return None,
    };
    fits(host, product).then_some(resource)
}

/// Whether a host is one of a product, in any region: `api.twilio.com`, `api.dublin.ie1.twilio.com`.
pub(super) fn fits(host: Option<&str>, product: &str) -> bool {
    host.is_none_or(|host| host.split(['.', ':']).next() == Some(product))
}

fn services(segments: &[&str]) -> Option<Resource> {
    let service = |text| sid(text, SidKind::MessagingService);
    Some(match *segments {
        [] => Resource::Services,
        [mg] => Resource::Service(service(mg)?),
        [mg, "PhoneNumbers"] => Resource::PoolNumbers(service(mg)?),
        [mg, "PhoneNumbers", member] => {
            Resource::PoolNumber(service(mg)?, sid(member, SidKind::IncomingNumber)?)
        }
        [mg, "AlphaSenders"] => Resource::AlphaSenders(service(mg)?),
        [mg, "AlphaSenders", member] => {
            Resource::AlphaSender(service(mg)?, sid(member, SidKind::AlphaSender)?)
        }
        [mg, "ShortCodes"] => Resource::ShortCodes(service(mg)?),
        [mg, "ShortCodes", member] => Resource::ShortCode(service(mg)?, sid(member, SidKind::ShortCode)?),
        _ => return None,
    })
}

fn content(segments: &[&str]) -> Option<Resource> {
    let content = |text| sid(text, SidKind::Content);
    Some(match *segments {
        [] => Resource::Contents,
        [hx] => Resource::Content(content(hx)?),
        [hx, "ApprovalRequests"] => Resource::Approval(content(hx)?),
        [hx, "ApprovalRequests", "whatsapp"] => Resource::ApprovalRequest(content(hx)?),
        _ => return None,
    })
}

fn alerts(segments: &[&str]) -> Option<Resource> {
    Some(match *segments {
        [] => Resource::Alerts,
        [no] => Resource::Alert(sid(no, SidKind::Notification)?),
        _ => return None,
    })
}

/// A number may be written in any way, so that its path is escaped.
fn lookups(segments: &[&str]) -> Option<Resource> {
    let [number] = segments else { return None };
    let number = percent_encoding::percent_decode_str(number).decode_utf8().ok()?;
    (!number.is_empty()).then(|| Resource::Lookup(number.into_owned()))
}
