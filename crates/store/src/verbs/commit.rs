//! The commit: a run's next value and everything that goes with it, as statements.

use super::outbound::Kept;
use super::{conversations, outbound, recordings, runs, senders, suppressions, tasks, webhooks};
use crate::commit::{Birth, Commit, Condition, Writes};
use crate::error::{CommitError, Conflict, StoreError};
use crate::seal::Keyring;
use crate::statement::{Statement, json, values};
use engine::sending::EventOf;

impl crate::Store {
    /// Stores all of it, durably, or nothing.
    ///
    /// # Errors
    /// [`CommitError::Conflict`] where somebody else was faster or a condition does not hold;
    /// [`CommitError::Store`] where the database cannot be used.
    pub fn commit(&self, commit: Commit) -> impl Future<Output = Result<(), CommitError>> + Send + use<'_> {
        // Made before it is waited for: many wait, and statements are smaller than what they were made of.
        let statements = statements(self.keys(), &commit);
        async move {
            let statements = statements?;
            if statements.is_empty() {
                return Ok(());
            }
            self.write(statements).await.map(drop)
        }
    }
}

/// Conditions come first: what fails on them has changed nothing yet.
fn statements(keys: &Keyring, commit: &Commit) -> Result<Vec<Statement>, StoreError> {
    let mut all: Vec<Statement> = commit.conditions.iter().map(condition).collect();
    debug_assert!(commit.run.is_some() || commit.log.is_empty(), "a log without its run");
    if let Some(write) = &commit.run {
        runs::write(keys, write, &commit.log, &mut all)?;
    }
    sendings(keys, &commit.messages, &mut all)?;
    sendings(keys, &commit.calls, &mut all)?;
    for write in &commit.conversations {
        conversations::write(keys, write, &mut all)?;
    }
    all.extend(commit.recordings.iter().map(recordings::put));
    for task in &commit.new_tasks {
        all.push(tasks::put(keys, task)?);
    }
    all.extend(commit.end_tasks.iter().map(tasks::end));
    all.extend(commit.end_held.iter().map(tasks::end_held));
    all.extend(commit.requeue_tasks.iter().map(|(held, due_at)| tasks::requeue(held, *due_at)));
    all.extend(commit.wake_lanes.iter().map(|(lane, due_at)| tasks::wake_lane(lane, *due_at)));
    all.extend(commit.suppress.iter().map(suppressions::put));
    let taken_back = commit.unsuppress.iter();
    all.extend(
        taken_back.map(|(channel, address, said_at)| suppressions::delete(*channel, address, *said_at)),
    );
    let seen = commit.inbound_seen.iter();
    all.extend(
        seen.map(|(channel, contact, sender, at)| suppressions::see_inbound(*channel, contact, sender, *at)),
    );
    all.extend(commit.webhook.as_ref().map(webhooks::insert));
    all.extend(commit.cursors.iter().map(|(name, value)| super::cursors::put(name, value)));
    all.extend(commit.senders.iter().map(senders::put));
    Ok(all)
}

/// Texts or calls, with their histories.
fn sendings<T: Kept>(keys: &Keyring, writes: &Writes<T>, all: &mut Vec<Statement>) -> Result<(), StoreError> {
    let mut events = Histories::<T>::new(&writes.events);
    for insert in &writes.new {
        all.push(outbound::insert(keys, &insert.value, &events.take(insert.value.id()))?);
        all.extend(birth(&insert.birth, &insert.value));
    }
    for write in &writes.changed {
        all.push(outbound::update(keys, &write.value, write.loaded_guard, &events.take(write.value.id()))?);
    }
    all.extend(events.0.iter().map(|(id, lines)| outbound::append_events(T::KIND, &id.to_string(), lines)));
    Ok(())
}

fn birth<T: Kept>(birth: &Birth, item: &T) -> Option<Statement> {
    match birth {
        Birth::Queued { task, due_at } => Some(tasks::born_queued(task, *due_at, item)),
        Birth::Dispatching { task, due_at, lease_ms } => {
            Some(tasks::born_leased(task, *due_at, *lease_ms, item))
        }
        Birth::Settled => None,
    }
}

fn condition(condition: &Condition) -> Statement {
    match condition {
        Condition::NotSuppressed { channel, address } => Statement::must(
            Conflict::Condition,
            "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM suppressions WHERE address = $1 AND channel = $2)",
            values![address.as_str(), channel.as_str()],
        ),
        Condition::LaneKnown { kind, lane } => outbound::lane_known(*kind, lane),
        Condition::PaceTaken { sender, seen_ms: 0, free_at_ms } => Statement::must(
            Conflict::Condition,
            "INSERT INTO pacing (sender, free_at_ms) VALUES ($1, $2)
             ON CONFLICT (sender) DO UPDATE SET free_at_ms = excluded.free_at_ms
             WHERE pacing.free_at_ms = 0",
            values![sender.as_str(), *free_at_ms],
        ),
        Condition::PaceTaken { sender, seen_ms, free_at_ms } => Statement::must(
            Conflict::Condition,
            "UPDATE pacing SET free_at_ms = $3 WHERE sender = $1 AND free_at_ms = $2",
            values![sender.as_str(), *seen_ms, *free_at_ms],
        ),
    }
}

/// New lines of histories, by what they are about, in their order.
struct Histories<T: Kept>(Vec<(T::Id, String)>);

impl<T: Kept> Histories<T> {
    fn new(events: &[EventOf<T>]) -> Self {
        let mut histories: Vec<(T::Id, String)> = Vec::new();
        for event in events {
            let line = json(event) + "\n";
            match histories.iter_mut().find(|(of, _)| *of == event.of) {
                Some((_, lines)) => lines.push_str(&line),
                None => histories.push((event.of.clone(), line)),
            }
        }
        Histories(histories)
    }

    /// The lines of something that is written anyway.
    fn take(&mut self, id: &T::Id) -> String {
        let found = self.0.iter().position(|(of, _)| of == id);
        found.map(|index| self.0.swap_remove(index).1).unwrap_or_default()
    }
}
