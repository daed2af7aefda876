//! Everything that happened.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::emulation::Emulation;
use crate::journal::Entry;

const SHOWN: usize = 1_000;

#[derive(Deserialize, IntoParams)]
pub(crate) struct Wish {
    /// Only entries after this number.
    after: Option<u64>,
    /// Only one kind: `request`, `messageCreated`, `statusChanged`, `callCreated`, `callStatusChanged`,
    /// `webhook`, `debugger`, `fault`, `modelAnswered`, `control`.
    kind: Option<String>,
    /// Only entries about this message.
    message: Option<String>,
    /// Only entries about this call.
    call: Option<String>,
    /// 1,000 unless it says otherwise.
    limit: Option<usize>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct LogPage {
    entries: Vec<Entry>,
    /// Where to go on: the number of the last entry that was looked at.
    last: u64,
}

/// Entries of the log, oldest first.
#[utoipa::path(
    get,
    path = "/emulator/v1/log",
    tag = "assertions",
    params(Wish),
    responses((status = OK, body = LogPage))
)]
pub(crate) async fn list(State(emulation): State<Arc<Emulation>>, Query(wish): Query<Wish>) -> Json<LogPage> {
    let world = emulation.world();
    let limit = wish.limit.unwrap_or(SHOWN);
    let after = wish.after.unwrap_or(0);
    let entries: Vec<Entry> =
        world.journal.after(after).filter(|entry| wish.fits(entry)).take(limit).cloned().collect();
    let last = match entries.last() {
        Some(entry) if entries.len() == limit => entry.number,
        _ => world.journal.written().max(after),
    };
    Json(LogPage { entries, last })
}

impl Wish {
    fn fits(&self, entry: &Entry) -> bool {
        self.kind.as_deref().is_none_or(|kind| entry.event.kind() == kind)
            && self.message.as_deref().is_none_or(|sid| entry.event.message_sid() == Some(sid))
            && self.call.as_deref().is_none_or(|sid| entry.event.call_sid() == Some(sid))
    }
}
