//! Takes in calls from people: kept when they come, and followed to their end.

use crate::advance::{Attempt, until_stored};
use crate::error::HostError;
use crate::ids::new_id;
use crate::live::LiveEvent;
use crate::status::StatusReport;
use crate::work::Host;
use engine::call::{self, Call, CallEvent, Course};
use engine::id::CallId;
use engine::sending::{
    Direction, EventKind, HistoryEvent, Outbound, Progress, ReportedVia, SidSource, State,
};
use store::record::WebhookRecord;
use store::{Birth, Commit, Insert};

/// What is said of a call from a person, at one time.
#[derive(Clone, Debug, PartialEq)]
pub struct InboundCall {
    pub credential: String,
    /// Who calls.
    pub from: String,
    /// The number of ours.
    pub to: String,
    pub report: call::Report,
    pub via: ReportedVia,
}

impl Host {
    /// Stores a call that is new, or what is new of a known one. A webhook that is given is stored in the same
    /// transaction.
    ///
    /// # Errors
    /// Where the database refuses; the provider is then to ask again.
    pub async fn receive_call(
        &self,
        call: InboundCall,
        webhook: Option<WebhookRecord>,
    ) -> Result<String, HostError> {
        let _busy = self.activity().begin();
        until_stored!("call", self.try_receive_call(&call, webhook.clone()).await)
    }

    async fn try_receive_call(
        &self,
        inbound: &InboundCall,
        webhook: Option<WebhookRecord>,
    ) -> Attempt<String> {
        let known = self.store().find_by_sid::<Call>(&inbound.credential, &inbound.report.sid).await?;
        if known.is_some() {
            let status = StatusReport::<Call> {
                credential: inbound.credential.clone(),
                of: None,
                report: inbound.report.clone(),
                via: inbound.via,
            };
            return Ok(self.report(status, webhook).await?);
        }
        let now = self.now();
        let mut call = Call {
            id: CallId::from_trusted(new_id(CallId::PREFIX)),
            direction: Direction::Inbound,
            credential: inbound.credential.clone(),
            from: Some(inbound.from.clone()).filter(|from| !from.is_empty()),
            to: inbound.to.clone(),
            plan: None,
            origin: None,
            progress: Progress::new(State::Received),
            course: Course::default(),
            receipt: call::Receipt::default(),
            created_at: now,
            updated_at: now,
        };
        call.absorb(&inbound.report, SidSource::Callback, now);
        let words = format!("{} came in", call.id);
        let event = CallEvent { of: call.id.clone(), at: now, kind: EventKind::Received.into() };
        let webhook = webhook.map(|webhook| WebhookRecord { event: words.clone(), ..webhook });
        let mut commit = Commit { webhook, ..Commit::default() };
        commit.calls.events.push(event);
        if let Some(status) = inbound.report.status {
            let kind = EventKind::StatusReported { status, error_code: None, via: inbound.via };
            commit.calls.events.push(HistoryEvent { of: call.id.clone(), at: now, kind: kind.into() });
        }
        commit.calls.new.push(Insert { value: call.clone(), birth: Birth::Settled });
        self.store().commit(commit).await?;
        self.live().tell(|| LiveEvent::call(&call));
        Ok(words)
    }
}
