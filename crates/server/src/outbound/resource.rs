//! Twilio's message resource in our words.

use super::send::unaddressed;
use engine::message::{Channel, Message, Receipt, Report, Status};
use host::Provided;
use jiff::Timestamp;
use serde::Deserialize;
use twilio::message::{Direction, MessageResource};
use twilio::sid::Sid;

/// The report in an answer that says that a text was created; nothing where it names none.
pub(super) fn created(body: &[u8], message: &Message) -> Option<Report> {
    /// What proves that it exists, whatever the rest looks like.
    #[derive(Deserialize)]
    struct Named {
        sid: Sid,
    }
    if let Ok(resource) = serde_json::from_slice::<MessageResource>(body) {
        return Some(report(resource, message.content.body.as_deref()));
    }
    let named: Named = serde_json::from_slice(body).ok()?;
    Some(Report {
        sid: named.sid.as_str().to_owned(),
        status: None,
        error_code: None,
        error_message: None,
        from: None,
        service: None,
        receipt: Receipt::default(),
    })
}

/// A listed or fetched text. `seen_at` stands in for a date that is missing.
pub(super) fn provided(resource: MessageResource, seen_at: Timestamp) -> Provided {
    let (channel, to) = unaddressed(resource.to.as_deref().unwrap_or_default());
    let (to, body) = (to.to_owned(), resource.body.clone().unwrap_or_default());
    let inbound = resource.direction == Direction::Inbound;
    let channel = match resource.from.as_deref().map(unaddressed) {
        Some((Channel::WhatsApp, _)) => Channel::WhatsApp,
        _ => channel,
    };
    let created_at = resource.date_created.unwrap_or(seen_at);
    let mut report = report(resource, None);
    report.receipt.body = Some(body.clone());
    Provided { report, inbound, channel, to, body, media: Vec::new(), created_at }
}

/// `ours` is the text as we gave it: only another one is kept, such as the words of a template.
fn report(resource: MessageResource, ours: Option<&str>) -> Report {
    let body = resource.body.filter(|body| !body.is_empty() && ours != Some(body.as_str()));
    Report {
        sid: resource.sid.as_str().to_owned(),
        status: Status::parse(resource.status.as_str()),
        error_code: resource.error_code,
        error_message: resource.error_message,
        from: resource.from.map(|from| unaddressed(&from).1.to_owned()).filter(|from| !from.is_empty()),
        service: resource.messaging_service_sid.map(|sid| sid.as_str().to_owned()),
        receipt: Receipt {
            account_sid: Some(resource.account_sid.as_str().to_owned()),
            date_created: resource.date_created,
            date_updated: resource.date_updated,
            date_sent: resource.date_sent,
            num_segments: Some(resource.num_segments.to_string()),
            num_media: Some(resource.num_media.to_string()),
            price: resource.price,
            price_unit: resource.price_unit,
            body,
        },
    }
}
