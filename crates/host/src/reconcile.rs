//! Asks the provider for what it never told us: statuses of texts and calls without a final one, and
//! texts and calls from people that came while nobody listened.

use crate::carrier::{Lookup, Provided, ProvidedCall};
use crate::error::HostError;
use crate::inbound::InboundText;
use crate::inbound_call::InboundCall;
use crate::outbound::Sendable;
use crate::status::StatusReport;
use crate::work::Host;
use engine::call::Call;
use engine::id::TaskId;
use engine::message::{Channel, Content, Media, Message};
use engine::sending::{Kind, ReportedVia};
use futures::StreamExt;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;
use store::Commit;
use store::record::{SenderKind, Task, TaskKind};

/// Texts or calls read at once.
const READ_AT_ONCE: u32 = 200;
/// Texts or calls asked for at once.
const ASKED_AT_ONCE: usize = 8;
/// Longest part of a pass that asks for statuses, in real time; well within a task's lease.
const PASS_MAX: Duration = Duration::from_secs(10);
/// What has no final status is asked for no longer than this.
const ASKED_FOR_MAX: SignedDuration = SignedDuration::from_hours(72);

impl Host {
    /// Keeps one recurring task a credential.
    pub(crate) async fn ensure_reconciliation(&self, credential: &str) -> Result<(), HostError> {
        let now = self.now();
        let id = TaskId::from_trusted(format!("{}reconcile{}", TaskId::PREFIX, hex(credential)));
        let kind = TaskKind::Reconcile { credential: credential.to_owned() };
        self.store().ensure_task(Task { id, kind, due_at: now, attempts: 0 }).await?;
        let prune = TaskId::from_trusted(format!("{}prune", TaskId::PREFIX));
        Ok(self
            .store()
            .ensure_task(Task { id: prune, kind: TaskKind::Prune, due_at: now, attempts: 0 })
            .await?)
    }

    /// One pass over one credential, then the next one is due.
    pub(crate) async fn reconcile(&self, task: &Task, credential: &str) -> Result<(), HostError> {
        if !self.directory().credentials().iter().any(|known| known == credential) {
            return self.end_task(task).await;
        }
        let every = span(self.settings().reconcile_every);
        let account = self.carrier().account(credential).await.unwrap_or_default();
        if !account.test {
            let passed = Box::pin(self.pass(credential, every)).await;
            if let Err(error) = passed {
                tracing::warn!(
                    credential,
                    error = &error as &dyn std::error::Error,
                    "reconciliation stopped early"
                );
            }
        }
        self.requeue(task, self.now() + every).await
    }

    /// What people wrote comes first: they wait for an answer.
    async fn pass(&self, credential: &str, every: SignedDuration) -> Result<(), HostError> {
        let directory = self.directory();
        for sender in directory.senders() {
            if sender.credential != credential || sender.kind == SenderKind::Service {
                continue;
            }
            let channel = if sender.kind == SenderKind::WhatsApp { Channel::WhatsApp } else { Channel::Sms };
            self.ask_for_texts(credential, channel, &sender.address).await?;
            if sender.capabilities.voice {
                self.ask_for_calls(credential, &sender.address).await?;
            }
        }
        self.ask_for_statuses::<Call>(credential, every).await?;
        self.ask_for_statuses::<Message>(credential, every).await?;
        self.ask_for_notices(credential).await
    }

    /// Goes through the texts, or the calls, whose turn it is, those that changed last first. What does not fit into the time
    /// of one pass has its next turn later.
    async fn ask_for_statuses<T: Sendable>(
        &self,
        credential: &str,
        every: SignedDuration,
    ) -> Result<(), HostError> {
        let now = self.now();
        let end = tokio::time::Instant::now() + self.settings().request_limit.min(PASS_MAX);
        let name = match T::KIND {
            Kind::Text => format!("statuses|{credential}"),
            Kind::Call => format!("call statuses|{credential}"),
        };
        let last = self.store().cursor(&name).await?.and_then(|at| at.parse::<Timestamp>().ok());
        for (mut since, before) in windows(now, last, every) {
            loop {
                let page = self.store().unfinished::<T>(credential, since, before, READ_AT_ONCE).await?;
                let last = page.last().map(|row| row.value.updated_at());
                let full = page.len() >= READ_AT_ONCE as usize;
                let asked = page.into_iter().map(|row| self.ask_for_status(credential, row.value));
                let mut asked = futures::stream::iter(asked).buffer_unordered(ASKED_AT_ONCE);
                while let Some(answered) = asked.next().await {
                    if !answered? || tokio::time::Instant::now() >= end {
                        let commit = Commit { cursors: vec![(name, now.to_string())], ..Commit::default() };
                        return self.store_cursor(commit).await;
                    }
                }
                match last {
                    // Those that changed in the same millisecond are asked for again rather than not at all.
                    Some(last) if full && last > since => since = last,
                    _ => break,
                }
            }
        }
        let commit = Commit { cursors: vec![(name, now.to_string())], ..Commit::default() };
        self.store_cursor(commit).await
    }

    /// Asks for one; whether the provider can be asked at all.
    async fn ask_for_status<T: Sendable>(&self, credential: &str, item: T) -> Result<bool, HostError> {
        let Some(sid) = item.progress().sid.clone() else { return Ok(true) };
        match T::fetch(self.carrier(), credential, &sid).await {
            Ok(Lookup::Found(provided)) => {
                let status = StatusReport::<T> {
                    credential: credential.to_owned(),
                    of: Some(item.id().clone()),
                    report: T::report_of(&provided).clone(),
                    via: ReportedVia::Reconciliation,
                };
                self.report(status, None).await?;
            }
            Ok(Lookup::Gone) => {
                tracing::info!(sid, "the provider does not know this {} any more", T::KIND.noun());
            }
            Err(error) => {
                tracing::warn!(credential, error, "the provider cannot be asked for statuses");
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn ask_for_calls(&self, credential: &str, number: &str) -> Result<(), HostError> {
        let now = self.now();
        let name = format!("calls|{credential}|{number}");
        let Some(seen_until) = self.seen_until(&name, now).await? else { return Ok(()) };
        let since = seen_until - span(self.settings().reconcile_overlap);
        let listing = match self.carrier().list_inbound_calls(credential, number, since).await {
            Ok(listing) => listing,
            Err(error) => {
                tracing::warn!(credential, number, error, "the provider cannot be asked for calls");
                return Ok(());
            }
        };
        let mut came: Vec<ProvidedCall> = listing.items.into_iter().filter(|item| item.inbound).collect();
        came.sort_by_key(|item| item.created_at);
        for item in came {
            Box::pin(self.receive_call(missed_call(credential, item), None)).await?;
        }
        self.store_cursor(Commit { cursors: vec![(name, now.to_string())], ..Commit::default() }).await
    }

    /// How far a list was read. The first pass begins now: a history that was there before us is not replayed.
    async fn seen_until(&self, name: &str, now: Timestamp) -> Result<Option<Timestamp>, HostError> {
        let seen = self.store().cursor(name).await?.and_then(|at| at.parse::<Timestamp>().ok());
        if seen.is_none() {
            let cursors = vec![(name.to_owned(), now.to_string())];
            self.store_cursor(Commit { cursors, ..Commit::default() }).await?;
        }
        Ok(seen)
    }

    async fn ask_for_texts(&self, credential: &str, channel: Channel, number: &str) -> Result<(), HostError> {
        let now = self.now();
        let name = format!("texts|{credential}|{}|{number}", channel.as_str());
        let overlap = span(self.settings().reconcile_overlap);
        let Some(seen_until) = self.seen_until(&name, now).await? else { return Ok(()) };
        let since = seen_until - overlap;
        let listing = match self.carrier().list_inbound(credential, channel, number, since).await {
            Ok(listing) => listing,
            Err(error) => {
                tracing::warn!(credential, number, error, "the provider cannot be asked for texts");
                return Ok(());
            }
        };
        let sids: Vec<String> = listing.items.iter().map(|item| item.report.sid.clone()).collect();
        let known = self.store().known_sids::<Message>(credential, &sids).await?;
        let mut missed: Vec<Provided> = listing.items.into_iter().filter(|item| item.inbound).collect();
        missed.retain(|item| !known.contains(&item.report.sid));
        // In the order in which people wrote them.
        missed.sort_by_key(|item| item.created_at);
        for item in missed {
            tracing::info!(sid = item.report.sid, "a text had not reached us");
            Box::pin(self.receive_text(missed_text(credential, item), None)).await?;
        }
        self.store_cursor(Commit { cursors: vec![(name, now.to_string())], ..Commit::default() }).await
    }

    async fn store_cursor(&self, commit: Commit) -> Result<(), HostError> {
        match self.store().commit(commit).await {
            Ok(()) => Ok(()),
            Err(store::CommitError::Store(error)) => Err(error.into()),
            Err(store::CommitError::Conflict(_)) => Err(HostError::Contended { what: "cursor" }),
        }
    }
}

/// When the last change of a text must have been for it to be asked for now: 1, 2, 4, … intervals ago, or as
/// much earlier as the last pass lies back. The latest first; the windows do not overlap.
fn windows(now: Timestamp, last: Option<Timestamp>, every: SignedDuration) -> Vec<(Timestamp, Timestamp)> {
    let earliest = now - ASKED_FOR_MAX;
    let Some(last) = last else { return vec![(earliest, now)] };
    let since_last = now.duration_since(last).max(SignedDuration::ZERO);
    let mut windows: Vec<(Timestamp, Timestamp)> = Vec::new();
    let mut step = every.max(SignedDuration::from_millis(1));
    while step <= ASKED_FOR_MAX {
        let before = now - step;
        let since = before.checked_sub(since_last).map_or(earliest, |since| since.max(earliest));
        match windows.last_mut() {
            Some((begin, _)) if *begin <= before => *begin = since.min(*begin),
            _ => windows.push((since, before)),
        }
        step = step.saturating_mul(2);
    }
    windows
}

fn missed_text(credential: &str, item: Provided) -> InboundText {
    let media = item.media.into_iter().map(|url| Media { url, content_type: None }).collect();
    InboundText {
        credential: credential.to_owned(),
        sid: item.report.sid.clone(),
        channel: item.channel,
        from: item.report.from.clone().unwrap_or_default(),
        to: item.to,
        service: item.report.service.clone(),
        content: Content { body: Some(item.body), media, ..Content::default() },
        profile_name: None,
        keyword: None,
        said_at: Some(item.created_at),
        said_in: &[],
        receipt: item.report.receipt,
    }
}

fn missed_call(credential: &str, item: ProvidedCall) -> InboundCall {
    InboundCall {
        credential: credential.to_owned(),
        from: item.from,
        to: item.to,
        report: item.report,
        via: ReportedVia::Reconciliation,
    }
}

fn span(duration: Duration) -> SignedDuration {
    SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX)
}

/// A credential's name in the letters that an id may have.
fn hex(text: &str) -> String {
    use std::fmt::Write;
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in text.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    let mut hex = String::with_capacity(16);
    write!(hex, "{hash:016x}").expect("writing to a string cannot fail");
    hex
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).expect("within range")
    }

    /// In seconds before now.
    fn ago(windows: &[(Timestamp, Timestamp)]) -> Vec<(i64, i64)> {
        let ago = |time: Timestamp| at(0).duration_since(time).as_secs();
        windows.iter().map(|(since, before)| (ago(*since), ago(*before))).collect()
    }

    #[test]
    fn a_text_is_asked_for_less_and_less_often() {
        let every = SignedDuration::from_secs(60);
        let all = ago(&windows(at(0), Some(at(-60)), every));
        assert_eq!(all[..3], [(180, 60), (300, 240), (540, 480)], "{all:?}");
    }

    #[test]
    fn a_long_pause_misses_nobody() {
        let every = SignedDuration::from_secs(60);
        let all = ago(&windows(at(0), Some(at(-1_000)), every));
        assert_eq!(all.first(), Some(&(2_920, 60)), "{all:?}");
        assert!(all.windows(2).all(|pair| pair[0].0 <= pair[1].1), "{all:?}");
        assert_eq!(ago(&windows(at(0), None, every)), [(ASKED_FOR_MAX.as_secs(), 0)]);
    }
}
