//! What the courier does for a call, and what comes back.

use twilio::HttpMethod;
use twilio::form::Pairs;
use twilio::sid::Sid;

use super::CallId;
use crate::cookies::Jar;
use crate::courier::{Answer, Failure};
use crate::journal::Purpose;
use crate::world::World;

/// A webhook of a call, or a file that it plays.
#[derive(Debug, Clone)]
pub(crate) struct Errand {
    pub(crate) call: CallId,
    pub(crate) call_sid: Sid,
    pub(crate) account: Sid,
    pub(crate) purpose: Purpose,
    /// As configured, with a fragment of connection overrides where it has one.
    pub(crate) url: String,
    pub(crate) method: HttpMethod,
    pub(crate) parameters: Pairs,
    pub(crate) cookies: Jar,
    pub(crate) wanted: Wanted,
    /// Whatever is answered, it counts as not answered in time.
    pub(crate) answer_ignored: bool,
}

/// What an errand is to bring back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Nothing: whatever is answered is passed over.
    Nothing,
    /// A document; `serial` tells whether the call still waits for it.
    Document { serial: u64 },
    /// A file, as above.
    Media { serial: u64 },
}

impl World {
    /// A webhook of a call that nothing waits for.
    pub(crate) fn tell(
        &mut self,
        id: CallId,
        purpose: Purpose,
        url: &str,
        method: HttpMethod,
        parameters: Pairs,
    ) {
        let Some(call) = self.calls.get(id) else { return };
        let errand = Errand {
            call: id,
            call_sid: call.sid.clone(),
            account: call.account.clone(),
            purpose,
            url: url.to_owned(),
            method,
            parameters,
            cookies: call.live.as_ref().map(|live| live.cookies.clone()).unwrap_or_default(),
            wanted: Wanted::Nothing,
            answer_ignored: false,
        };
        self.send_errand(errand);
    }

    /// Sends an errand on its way.
    pub(crate) fn send_errand(&mut self, errand: Errand) {
        let Some(account) = self.accounts.get(&errand.account) else { return };
        let token = account.token.clone();
        let idempotency = self.random.token();
        self.run_errand(errand, token, idempotency);
    }

    /// An errand has ended, well or not.
    pub(crate) fn errand_done(&mut self, errand: Errand, outcome: Result<Answer, Failure>, cookies: Jar) {
        match errand.wanted {
            Wanted::Document { serial } => {
                if let Some(live) = self.calls.live_mut(errand.call) {
                    live.cookies = cookies;
                }
                self.document_came(errand, serial, outcome);
            }
            Wanted::Nothing | Wanted::Media { .. } => {
                if let Err(failure) = outcome {
                    self.told_in_vain(&errand, failure);
                }
            }
        }
    }

    fn told_in_vain(&mut self, errand: &Errand, failure: Failure) {
        // A progress callback that was answered badly is only warned of; one that was not answered at all is
        // what any other request is.
        let answered_badly = failure.code == 11200 && failure.detail.starts_with("answered");
        let code = if errand.purpose == Purpose::CallStatus && answered_badly { 15003 } else { failure.code };
        self.debug(code, Some(&errand.call_sid), failure.detail);
    }
}
