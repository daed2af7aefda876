//! The commit: a run's next value and everything that goes with it, as statements.

use super::{messages, runs, senders, suppressions, tasks, webhooks};
use crate::commit::{Birth, Commit, Condition};
use crate::error::{CommitError, Conflict};
use crate::statement::{Statement, json, values};
use engine::id::MessageId;
use engine::message::MessageEvent;

impl crate::Store {
    /// Stores all of it, durably, or nothing.
    ///
    /// # Errors
    /// [`CommitError::Conflict`] where somebody else was faster or a condition does not hold;
    /// [`CommitError::Store`] where the database cannot be used.
    pub async fn commit(&self, commit: Commit) -> Result<(), CommitError> {
        let statements = statements(&commit);
        if statements.is_empty() {
            return Ok(());
        }
        self.write(statements).await.map(drop)
    }
}

/// Conditions come first: what fails on them has changed nothing yet.
fn statements(commit: &Commit) -> Vec<Statement> {
    let mut all: Vec<Statement> = commit.conditions.iter().map(condition).collect();
    debug_assert!(commit.run.is_some() || commit.log.is_empty(), "a log without its run");
    if let Some(write) = &commit.run {
        runs::write(write, &commit.log, &mut all);
    }
    let mut events = Histories::new(&commit.message_events);
    for insert in &commit.new_messages {
        all.push(messages::insert(&insert.message, &events.take(&insert.message.id)));
        all.extend(birth(&insert.birth, &insert.message));
    }
    for write in &commit.messages {
        all.push(messages::update(&write.message, write.loaded_guard, &events.take(&write.message.id)));
    }
    all.extend(events.rest().map(|(id, lines)| messages::append_events(&id, &lines)));
    all.extend(commit.new_tasks.iter().map(tasks::put));
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
    all
}

fn birth(birth: &Birth, message: &engine::message::Message) -> Option<Statement> {
    match birth {
        Birth::Queued { task, due_at } => Some(tasks::born_queued(task, *due_at, message)),
        Birth::Dispatching { task, due_at, lease_ms } => {
            Some(tasks::born_leased(task, *due_at, *lease_ms, message))
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
        Condition::LaneKnown { lane } => Statement::must(
            Conflict::Condition,
            "SELECT 1 WHERE NOT EXISTS (
                 SELECT 1 FROM messages
                 WHERE lane = $1 AND state = 'unknown' AND state IN ('dispatching', 'unknown'))",
            values![lane.as_str()],
        ),
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

/// New lines of messages' histories, by message, in their order.
struct Histories(Vec<(MessageId, String)>);

impl Histories {
    fn new(events: &[MessageEvent]) -> Histories {
        let mut histories: Vec<(MessageId, String)> = Vec::new();
        for event in events {
            let line = json(event) + "\n";
            match histories.iter_mut().find(|(id, _)| *id == event.message) {
                Some((_, lines)) => lines.push_str(&line),
                None => histories.push((event.message.clone(), line)),
            }
        }
        Histories(histories)
    }

    /// The lines of a message that is written anyway.
    fn take(&mut self, id: &MessageId) -> String {
        let found = self.0.iter().position(|(of, _)| of == id);
        found.map(|index| self.0.swap_remove(index).1).unwrap_or_default()
    }

    fn rest(self) -> impl Iterator<Item = (MessageId, String)> {
        self.0.into_iter()
    }
}
