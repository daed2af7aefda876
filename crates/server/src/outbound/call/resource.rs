//! Twilio's call resource in our words.

use crate::credentials::TwilioCredential;
use engine::call::{AnsweredBy, Receipt, Report, Status};
use host::ProvidedCall;
use jiff::Timestamp;
use serde::Deserialize;
use url::Url;

/// What is read of a call in an answer of the API.
#[derive(Debug, Deserialize)]
pub(in crate::outbound) struct CallResource {
    sid: String,
    #[serde(default)]
    account_sid: Option<String>,
    #[serde(default)]
    from: Option<String>,
    #[serde(default)]
    to: Option<String>,
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    direction: Option<String>,
    #[serde(default)]
    date_created: Option<String>,
    #[serde(default)]
    date_updated: Option<String>,
    #[serde(default)]
    start_time: Option<String>,
    #[serde(default)]
    end_time: Option<String>,
    #[serde(default)]
    duration: Option<String>,
    #[serde(default)]
    price: Option<String>,
    #[serde(default)]
    price_unit: Option<String>,
    #[serde(default)]
    answered_by: Option<String>,
}

impl CallResource {
    /// Placed by a program, and not a leg of another call.
    pub(in crate::outbound) fn is_asked_for(&self) -> bool {
        self.direction.as_deref() == Some("outbound-api")
    }

    pub(in crate::outbound) fn is_inbound(&self) -> bool {
        self.direction.as_deref() == Some("inbound")
    }
}

/// The report in an answer that says that a call was created; nothing where it names none.
pub(in crate::outbound) fn created(body: &[u8]) -> Option<Report> {
    let resource: CallResource = serde_json::from_slice(body).ok()?;
    twilio::sid::Sid::parse(&resource.sid).ok()?;
    Some(report(resource))
}

pub(in crate::outbound) fn read(body: &[u8]) -> Option<CallResource> {
    serde_json::from_slice(body).ok()
}

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
    let created_at = date(resource.date_created.as_deref()).unwrap_or(seen_at);
    let inbound = resource.is_inbound();
    let (from, to) = (resource.from.clone().unwrap_or_default(), resource.to.clone().unwrap_or_default());
    ProvidedCall { report: report(resource), inbound, from, to, created_at }
}

fn report(resource: CallResource) -> Report {
    Report {
        status: resource.status.as_deref().and_then(Status::parse),
        error_code: None,
        error_message: None,
        answered_by: resource.answered_by.as_deref().and_then(AnsweredBy::parse),
        receipt: Receipt {
            account_sid: resource.account_sid,
            date_created: date(resource.date_created.as_deref()),
            date_updated: date(resource.date_updated.as_deref()),
            start_time: date(resource.start_time.as_deref()),
            end_time: date(resource.end_time.as_deref()),
            duration: resource.duration,
            price: resource.price,
            price_unit: resource.price_unit,
            sip_code: None,
        },
        sid: resource.sid,
    }
}

fn date(text: Option<&str>) -> Option<Timestamp> {
    twilio::date::parse_rfc2822(text?).ok()
}
