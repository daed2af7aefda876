//! One connection at work.

use super::error::{Failure, failed, is_duplicate};
use super::value;
use crate::statement::{Answer, Expect, Statement};
use deadpool_postgres::{Hook, HookError, Object};
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use tokio_postgres::Error;
use tokio_postgres::types::ToSql;

/// What every new connection is told. Limits of time keep a statement from holding locks after its
/// caller gave up; a commit that waits for no disk is not what our callers were promised.
const SET_UP: &str = "SET statement_timeout = '10s';
    SET lock_timeout = '2s';
    SET idle_in_transaction_session_timeout = '15s';
    SET default_transaction_isolation = 'read committed';
    SELECT set_config('synchronous_commit', 'on', false)
        WHERE current_setting('synchronous_commit') = 'off'";

pub(super) fn set_up() -> Hook {
    Hook::async_fn(|client, _| {
        Box::pin(async move { client.batch_execute(SET_UP).await.map_err(HookError::Backend) })
    })
}

/// A connection that goes back to the pool only when it is between transactions: whoever is
/// cancelled while a transaction is open closes its connection, and the server takes it back.
pub(super) struct Session {
    client: Option<Object>,
    between: AtomicBool,
}

impl Drop for Session {
    fn drop(&mut self) {
        if !self.between.load(Ordering::Relaxed)
            && let Some(client) = self.client.take()
        {
            drop(Object::take(client));
        }
    }
}

/// A statement under way.
type Pending<'a> = Pin<Box<dyn Future<Output = Result<Answer, Error>> + Send + 'a>>;

impl Session {
    pub(super) fn new(client: Object) -> Session {
        Session { client: Some(client), between: AtomicBool::new(false) }
    }

    pub(super) fn client(&self) -> &Object {
        self.client.as_ref().expect("it is taken by drop alone")
    }

    /// The work came to its end; after trouble with the connection itself it is closed anyway.
    pub(super) fn give_back<T>(self, done: &Result<T, Failure>) {
        let trouble = matches!(done, Err(Failure::Store(_)));
        self.between.store(!trouble, Ordering::Relaxed);
    }

    /// One statement, a transaction of its own.
    pub(super) async fn run(&self, statement: &Statement) -> Result<Answer, Failure> {
        let prepared = self.prepare(statement).await?;
        check(statement, self.send(statement, prepared).await)
    }

    /// All statements in one transaction, sent without waiting for answers in between.
    pub(super) async fn write(&self, statements: &[Statement]) -> Result<Vec<Answer>, Failure> {
        if let [statement] = statements {
            return Ok(vec![self.run(statement).await?]);
        }
        let mut prepared = Vec::with_capacity(statements.len());
        for statement in statements {
            prepared.push(self.prepare(statement).await?);
        }
        let mut pending: Vec<Pending<'_>> = Vec::with_capacity(statements.len() + 1);
        pending
            .push(Box::pin(async { self.client().batch_execute("BEGIN").await.map(|()| Answer::default()) }));
        for (statement, prepared) in statements.iter().zip(prepared) {
            pending.push(Box::pin(self.send(statement, prepared)));
        }
        let mut answers = in_order(pending).await.into_iter();
        let begun = answers.next().expect("the first one began");
        begun.map_err(|error| failed(error, "transaction"))?;
        // What follows a failure only says that the transaction failed: the first one tells.
        let checked: Result<Vec<Answer>, Failure> =
            statements.iter().zip(answers).map(|(statement, answer)| check(statement, answer)).collect();
        let end = if checked.is_ok() { "COMMIT" } else { "ROLLBACK" };
        self.client().batch_execute(end).await.map_err(|error| failed(error, "transaction"))?;
        checked
    }

    async fn prepare(&self, statement: &Statement) -> Result<tokio_postgres::Statement, Failure> {
        self.client().prepare_cached(statement.sql).await.map_err(|error| failed(error, "statement"))
    }

    async fn send(
        &self,
        statement: &Statement,
        prepared: tokio_postgres::Statement,
    ) -> Result<Answer, Error> {
        let params: Vec<&(dyn ToSql + Sync)> =
            statement.params.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
        if statement.expect != Expect::Rows {
            let touched = self.client().execute(&prepared, &params).await?;
            return Ok(Answer { touched, rows: Vec::new() });
        }
        let rows = self.client().query(&prepared, &params).await?;
        let rows: Vec<_> = rows.iter().map(value::row).collect::<Result<_, _>>()?;
        Ok(Answer { touched: rows.len() as u64, rows })
    }
}

/// Whether a statement did what it must.
fn check(statement: &Statement, answer: Result<Answer, Error>) -> Result<Answer, Failure> {
    match (answer, statement.expect, statement.duplicate) {
        (Ok(answer), Expect::AtLeastOne(conflict), _) if answer.touched == 0 => {
            Err(Failure::Conflict(conflict))
        }
        (Ok(answer), _, _) => Ok(answer),
        (Err(error), _, Some(conflict)) if is_duplicate(&error) => Err(Failure::Conflict(conflict)),
        (Err(error), _, _) => Err(failed(error, "data")),
    }
}

/// Waits for all; begins them strictly in this order, which is the order on the wire.
async fn in_order<'a>(mut pending: Vec<Pending<'a>>) -> Vec<Result<Answer, Error>> {
    let mut done: Vec<Option<Result<Answer, Error>>> = pending.iter().map(|_| None).collect();
    poll_fn(|context| {
        for (work, slot) in pending.iter_mut().zip(&mut done) {
            if slot.is_none()
                && let Poll::Ready(answer) = work.as_mut().poll(context)
            {
                *slot = Some(answer);
            }
        }
        if done.iter().all(Option::is_some) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    done.into_iter().flatten().collect()
}
