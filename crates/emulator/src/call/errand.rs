//! What the courier does for a call, and what comes back.

use twilio::HttpMethod;
use twilio::form::{self, Pairs};
use twilio::sid::Sid;

use super::{CallId, CallStatus};
use crate::cookies::Jar;
use crate::courier::{Answer, Failure};
use crate::due::Due;
use crate::faults::{Facts, Operation, WebhookPlan};
use crate::journal::Purpose;
use crate::status::HELD_BACK_MS_MAX;
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

impl Errand {
    /// What a callback tells, in a word.
    fn tells(&self) -> Option<&str> {
        let names: &[&str] = match self.purpose {
            Purpose::CallStatus => &["CallStatus"],
            Purpose::RecordingStatus => &["RecordingStatus"],
            Purpose::Transcription => &["TranscriptionEvent", "TranscriptionStatus"],
            Purpose::StreamStatus => &["StreamEvent"],
            Purpose::ConferenceStatus => &["StatusCallbackEvent"],
            Purpose::AnsweringMachine => &["AnsweredBy"],
            _ => &[],
        };
        names.iter().find_map(|name| form::get(&self.parameters, name))
    }

    /// Whether it tells the end of its call, which no other callback need follow.
    fn is_last(&self) -> bool {
        let ends = |status: &str| matches!(CallStatus::parse(status), Some(status) if status.is_final());
        self.purpose == Purpose::CallStatus && self.tells().is_some_and(ends)
    }
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
        self.send_as_planned(errand);
    }

    /// Sends a webhook of a call, unless a fault has something else to say.
    pub(crate) fn send_as_planned(&mut self, mut errand: Errand) {
        let plan = self.plan_errand(&errand);
        let sid = errand.call_sid.clone();
        let is_callback = errand.wanted == Wanted::Nothing;
        let waiting = if is_callback { self.held_back_of_calls.remove(&errand.call) } else { None };
        errand.answer_ignored = plan.answer_ignored;
        if plan.lost {
            self.note_fault("a callback of a call was lost", Some(&sid));
        } else if plan.reordered && is_callback && waiting.is_none() && !errand.is_last() {
            self.note_fault("a callback of a call was held back behind the next one", Some(&sid));
            let call = errand.call;
            self.held_back_of_calls.insert(call, Box::new(errand));
            return self.enter_in(HELD_BACK_MS_MAX, Due::RunHeldBack(call));
        } else {
            if plan.copies > 0 {
                self.note_fault("a webhook of a call was repeated", Some(&sid));
            }
            for _ in 0..plan.copies {
                self.run_or_delay(errand.clone(), plan.delay_ms);
            }
            self.run_or_delay(errand, plan.delay_ms);
        }
        if let Some(waiting) = waiting {
            self.send_errand(*waiting);
        }
    }

    fn run_or_delay(&mut self, errand: Errand, delay_ms: u64) {
        if delay_ms == 0 {
            return self.send_errand(errand);
        }
        self.note_fault("a webhook of a call was delayed", Some(&errand.call_sid));
        self.enter_in(delay_ms, Due::RunErrand(Box::new(errand)));
    }

    fn plan_errand(&mut self, errand: &Errand) -> WebhookPlan {
        let Some(call) = self.calls.get(errand.call) else { return WebhookPlan::default() };
        let operation = match errand.wanted {
            Wanted::Nothing => Operation::CallCallback,
            Wanted::Document { .. } | Wanted::Media { .. } => Operation::CallDocument,
        };
        let facts = Facts {
            operation,
            account: errand.account.as_str(),
            to: Some(&call.to),
            from: Some(&call.from),
            body: None,
            status: errand.tells(),
        };
        self.faults.plan_webhook(&facts, &mut self.random)
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
