//! The provider's debugger: notices about calls.

use super::{TwilioCarrier, ask};
use engine::call::{Notice, NoticeLevel};
use host::ProvidedNotice;
use jiff::Timestamp;
use twilio::debugger::NotificationResource;

/// Pages read for one question: what lies behind them was told long ago.
const PAGES_MAX: usize = 10;
const PAGE_SIZE: &str = "1000";

impl TwilioCarrier {
    /// Notices about calls since then, newest first.
    pub(super) async fn notices(
        &self,
        credential: &str,
        since: Timestamp,
    ) -> Result<Vec<ProvidedNotice>, String> {
        let credential = self.open(credential).await?;
        let mut url = credential.account_url("Notifications.json");
        // The filter knows days alone.
        let day = since.to_zoned(jiff::tz::TimeZone::UTC).date().to_string();
        url.query_pairs_mut().append_pair("MessageDate>", &day).append_pair("PageSize", PAGE_SIZE);
        let mut notices = Vec::new();
        for _ in 0..PAGES_MAX {
            let answer = ask(self.client.get(&credential, url, self.request_limit).await)?;
            let page = twilio::page::read_2010::<NotificationResource>(&answer.body, "notifications");
            let page = page.map_err(|_| "the list cannot be read".to_owned())?;
            notices.extend(page.items.into_iter().filter_map(|item| notice(item, since)));
            match page.next.and_then(|uri| credential.api_url(&uri)) {
                Some(next) => url = next,
                None => break,
            }
        }
        Ok(notices)
    }
}

/// A notice about a call that is new enough.
fn notice(item: NotificationResource, since: Timestamp) -> Option<ProvidedNotice> {
    let at = item.message_date.or(item.date_created)?;
    let call_sid = item.call_sid.filter(|_| at >= since)?.as_str().to_owned();
    let level = if item.log.as_deref() == Some("0") { NoticeLevel::Error } else { NoticeLevel::Warning };
    let code = item.error_code.as_deref().and_then(|code| code.parse().ok());
    let url = item.request_url.filter(|url| !url.is_empty());
    let notice = Notice { sid: item.sid.as_str().to_owned(), at, level, code, url };
    Some(ProvidedNotice { call_sid, notice })
}
