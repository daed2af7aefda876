//! Lists of texts and calls, read page by page as far back as is asked for.

use super::client::Client;
use super::{ask, call, resource};
use crate::credentials::TwilioCredential;
use host::{Listing, Provided, ProvidedCall};
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;
use twilio::call::CallResource;
use twilio::message::{Direction, MessageResource};
use url::Url;

/// Items on a page: the most that Twilio gives.
const PAGE_SIZE: &str = "1000";
/// Pages read for one question. A list that is longer is an error, because half of it proves nothing.
const PAGES_MAX: usize = 200;

/// Texts to `to`, newest first, that `keep` wants, back to `since` by the provider's clock.
pub(super) async fn messages(
    client: &Client,
    credential: &TwilioCredential,
    to: &str,
    since: Timestamp,
    now: impl Fn() -> Timestamp,
    limit: Duration,
    keep: impl Fn(&Direction, &Provided) -> bool,
) -> Result<Listing, String> {
    let mut url = credential.messages_url.clone();
    // Without a filter by date: the date of sending is empty at first.
    url.query_pairs_mut().append_pair("To", to).append_pair("PageSize", PAGE_SIZE);
    let mut walk = Walk { listing: Listing::default(), since };
    for number in 0..PAGES_MAX {
        let answer = ask(client.get(credential, url, limit).await)?;
        let provider_now = walk.begin(number, answer.date, now());
        let (items, next) = page(&answer.body, credential).ok_or("the list cannot be read")?;
        let mut done = false;
        for item in items {
            let direction = item.direction.clone();
            let item = resource::provided(item, provider_now);
            done |= walk.is_before(item.created_at);
            if !done && keep(&direction, &item) {
                walk.listing.items.push(item);
            }
        }
        match next {
            Some(next) if !done => url = next,
            _ => return Ok(walk.listing),
        }
    }
    Err(format!("the list is longer than {PAGES_MAX} pages"))
}

/// Calls that the query and `keep` want, likewise.
pub(super) async fn calls(
    client: &Client,
    credential: &TwilioCredential,
    query: &[(&str, &str)],
    since: Timestamp,
    now: impl Fn() -> Timestamp,
    limit: Duration,
    keep: impl Fn(&CallResource) -> bool,
) -> Result<Listing<ProvidedCall>, String> {
    let mut url = credential.account_url("Calls.json");
    // Without a filter by date: the time of the start is empty at first.
    url.query_pairs_mut().extend_pairs(query).append_pair("PageSize", PAGE_SIZE);
    let mut walk = Walk { listing: Listing::default(), since };
    for number in 0..PAGES_MAX {
        let answer = ask(client.get(credential, url, limit).await)?;
        let provider_now = walk.begin(number, answer.date, now());
        let (items, next) = call::page(&answer.body, credential).ok_or("the list cannot be read")?;
        let mut done = false;
        for item in items {
            let is_kept = keep(&item);
            let item = call::provided(item, provider_now);
            done |= walk.is_before(item.created_at);
            if !done && is_kept {
                walk.listing.items.push(item);
            }
        }
        match next {
            Some(next) if !done => url = next,
            _ => return Ok(walk.listing),
        }
    }
    Err(format!("the list is longer than {PAGES_MAX} pages"))
}

/// A list on its way back in time.
struct Walk<P> {
    listing: Listing<P>,
    since: Timestamp,
}

impl<P> Walk<P> {
    /// The provider's time of a page; the first one tells how its clock differs from ours.
    fn begin(&mut self, page: usize, date: Option<Timestamp>, now: Timestamp) -> Timestamp {
        if page == 0 {
            self.listing.clock_offset = date.map_or(SignedDuration::ZERO, |date| offset(date, now));
        }
        now + self.listing.clock_offset
    }

    /// A provider whose clock is behind ours dates what it has earlier.
    fn is_before(&self, created_at: Timestamp) -> bool {
        created_at < self.since + self.listing.clock_offset.min(SignedDuration::ZERO)
    }
}

/// The header counts whole seconds, so a difference below one is none.
fn offset(date: Timestamp, now: Timestamp) -> SignedDuration {
    let offset = date.duration_since(now);
    if offset.abs() <= SignedDuration::from_secs(1) { SignedDuration::ZERO } else { offset }
}

fn page(body: &[u8], credential: &TwilioCredential) -> Option<(Vec<MessageResource>, Option<Url>)> {
    let page = twilio::page::read_2010(body, "messages").ok()?;
    let next = match page.next {
        // An address of another host would be given our secrets.
        Some(uri) => Some(credential.api_url(&uri)?),
        None => None,
    };
    Some((page.items, next))
}
