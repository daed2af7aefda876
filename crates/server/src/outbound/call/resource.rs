//! Twilio's call resource in our words.

use crate::credentials::TwilioCredential;
use engine::call::{AnsweredBy, Receipt, Report, Status};
use host::ProvidedCall;
use jiff::Timestamp;
use serde::Deserialize;
use twilio::call::{CallResource, Direction};
use twilio::sid::Sid;
use url::Url;

/// The report in an answer that says that a call was created; nothing where it names none.
pub(in crate::outbound) fn created(body: &[u8]) -> Option<Report> {
    /// What proves that it exists, whatever the rest looks like.
    #[derive(Deserialize)]
    struct Named {
        sid: Sid,
    }
    if let Some(resource) = read(body) {
        return Some(report(resource));
    }
    let named: Named = serde_json::from_slice(body).ok()?;
    Some(Report {
        sid: named.sid.as_str().to_owned(),
        status: None,
        error_code: None,
        error_message: None,
        answered_by: None,
        receipt: Receipt::default(),
    })
}

pub(in crate::outbound) fn read(body: &[u8]) -> Option<CallResource> {
    serde_json::from_slice(body).ok()
}

/// One page of a list, and where the next one is.
pub(in crate::outbound) fn page(
    body: &[u8],
    credential: &TwilioCredential,
) -> Option<(Vec<CallResource>, Option<Url>)> {
    let page = twilio::page::read_2010(body, "calls").ok()?;
    let next = match page.next {
        // An address of another host would be given our secrets.
        Some(uri) => Some(credential.api_url(&uri)?),
        None => None,
    };
    Some((page.items, next))
}

/// A listed or fetched call. `seen_at` stands in for a date that is missing.
pub(in crate::outbound) fn provided(resource: CallResource, seen_at: Timestamp) -> ProvidedCall {
    let created_at = resource.date_created.unwrap_or(seen_at);
    let inbound = resource.direction == Direction::Inbound;
    let (from, to) = (resource.from.clone().unwrap_or_default(), resource.to.clone().unwrap_or_default());
    ProvidedCall { report: report(resource), inbound, from, to, created_at }
}

fn report(resource: CallResource) -> Report {
    Report {
        sid: resource.sid.as_str().to_owned(),
        status: Status::parse(resource.status.as_str()),
        error_code: None,
        error_message: None,
        answered_by: resource.answered_by.and_then(|answered| AnsweredBy::parse(answered.as_str())),
        receipt: Receipt {
            account_sid: Some(resource.account_sid.as_str().to_owned()),
            date_created: resource.date_created,
            date_updated: resource.date_updated,
            start_time: resource.start_time,
            end_time: resource.end_time,
            duration: resource.duration.map(|seconds| seconds.to_string()),
            price: resource.price,
            price_unit: resource.price_unit,
            sip_code: None,
        },
    }
}
