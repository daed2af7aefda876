//! Takes in calls from people: kept when they come, and followed to their end.

use crate::advance::{Attempt, until_stored};
use crate::converse::RESUMED_AFTER_MAX;
use crate::error::HostError;
use crate::ids::new_id;
use crate::live::LiveEvent;
use crate::status::StatusReport;
use crate::work::Host;
use engine::call::{self, AgentRef, Call, CallEvent, Course, Detection, Plan, Script};
use engine::id::CallId;
use engine::sending::{
    Direction, EventKind, HistoryEvent, MessageClass, Origin, Outbound, Progress, ReportedVia, SidSource,
    State,
};
use jiff::Timestamp;
use store::Commit;
use store::record::WebhookRecord;

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
    /// Stores a call that is new, with the run that it starts, or what is new of a known one. A webhook that is given is stored in the same
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
        let (plan, origin) = self.broken_off_with(&inbound.from).await?.unzip();
        let mut call = Call {
            id: CallId::from_trusted(new_id(CallId::PREFIX)),
            direction: Direction::Inbound,
            credential: inbound.credential.clone(),
            from: Some(inbound.from.clone()).filter(|from| !from.is_empty()),
            to: inbound.to.clone(),
            plan,
            class: MessageClass::default(),
            origin: origin.flatten(),
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
        let call = self.store_incoming(commit, call).await?;
        self.live().tell(|| LiveEvent::call(&call));
        Ok(words)
    }

    /// What is done where an agent's conversation with this person broke off and can be gone on with: the agent
    /// takes the call, and whoever waited for its answers gets them.
    async fn broken_off_with(&self, person: &str) -> Result<Option<(Plan, Option<Origin>)>, HostError> {
        if person.is_empty() {
            return Ok(None);
        }
        let now = self.now();
        let since = now.checked_sub(RESUMED_AFTER_MAX).unwrap_or(Timestamp::MIN);
        let Some(latest) = self.store().latest_conversation(None, person, since).await? else {
            return Ok(None);
        };
        let stored = latest.value;
        let agent = self.agents().version(&stored.agent).await?;
        let resumption = stored.conversation.resumption(&agent);
        if stored.call.is_none() || resumption.is_none_or(|resumption| resumption.until < now) {
            return Ok(None);
        }
        let plan = Plan {
            script: Script::Conversation { agent: AgentRef::Named(stored.agent.name) },
            voice: None,
            language: Some(stored.conversation.language),
            record: false,
            ring_timeout_s: None,
            duration_max_s: None,
            detection: Detection::Off,
        };
        Ok(Some((plan, stored.origin)))
    }
}
