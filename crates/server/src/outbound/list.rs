//! Lists of texts, read page by page as far back as is asked for.

use super::client::Client;
use super::{ask, resource};
use crate::credentials::TwilioCredential;
use host::{Listing, Provided};
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;
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
    let mut listing = Listing::default();
    for number in 0..PAGES_MAX {
        let answer = ask(client.get(credential, url, limit).await)?;
        let asked_until = now();
        if number == 0 {
            listing.clock_offset = answer.date.map_or(SignedDuration::ZERO, |date| offset(date, asked_until));
        }
        let (items, next) = page(&answer.body, credential).ok_or("the list cannot be read")?;
        let provider_now = asked_until + listing.clock_offset;
        let mut done = false;
        for item in items {
            let direction = item.direction.clone();
            let item = resource::provided(item, provider_now);
            // A provider whose clock is behind ours dates its texts earlier.
            done |= item.created_at < since + listing.clock_offset.min(SignedDuration::ZERO);
            if !done && keep(&direction, &item) {
                listing.items.push(item);
            }
        }
        match next {
            Some(next) if !done => url = next,
            _ => return Ok(listing),
        }
    }
    Err(format!("the list is longer than {PAGES_MAX} pages"))
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
