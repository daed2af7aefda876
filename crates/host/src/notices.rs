//! What the provider's debugger noticed about calls: fetched with every pass of reconciliation, and kept in the
//! history of the call with what to do about it.

use crate::error::HostError;
use crate::work::Host;
use engine::call::{Call, LineEvent, Notice};
use jiff::{SignedDuration, Timestamp};
use store::Commit;

/// A notice about a call, as the provider lists it.
#[derive(Clone, Debug, PartialEq)]
pub struct ProvidedNotice {
    pub call_sid: String,
    pub notice: Notice,
}

/// Notices appear some time after what they are about.
const MAY_LAG: SignedDuration = SignedDuration::from_mins(15);
/// How far back the first pass looks.
const FIRST_LOOK: SignedDuration = SignedDuration::from_hours(24);

impl Host {
    /// Asks for notices since the last pass, and notes those about calls of ours. One that is known changes nothing.
    pub(crate) async fn ask_for_notices(&self, credential: &str) -> Result<(), HostError> {
        let name = format!("notices|{credential}");
        let now = self.now();
        let last = self.store().cursor(&name).await?.and_then(|text| text.parse::<Timestamp>().ok());
        let since = last.map_or(now - FIRST_LOOK, |last| last - MAY_LAG);
        let found = match self.carrier().list_notices(credential, since).await {
            Ok(found) => found,
            Err(error) => {
                tracing::warn!(credential, error, "the provider's debugger could not be asked");
                return Ok(());
            }
        };
        for ProvidedNotice { call_sid, notice } in found {
            let Some(call) = self.store().find_by_sid::<Call>(credential, &call_sid).await? else { continue };
            let event = LineEvent::Noticed { notice };
            self.report_line(credential, &call.value.id, &event, None).await?;
        }
        let commit = Commit { cursors: vec![(name, now.to_string())], ..Commit::default() };
        self.store().commit(commit).await.map_err(|_| HostError::Contended { what: "cursor" })
    }
}
