//! The statements for texts and those for calls, made by one text.

use engine::sending::Kind;

/// What is said of one table.
pub(super) struct Statements {
    pub(super) by_id: &'static str,
    pub(super) by_sid: &'static str,
    pub(super) history: &'static str,
    pub(super) lane_open: &'static str,
    pub(super) lane_known: &'static str,
    pub(super) unfinished: &'static str,
    pub(super) facts: &'static str,
    pub(super) insert: &'static str,
    pub(super) update: &'static str,
    pub(super) append_events: &'static str,
    pub(super) of_run: &'static str,
    pub(super) of_contact: &'static str,
    pub(super) of_rare_state: &'static str,
    pub(super) any: &'static str,
}

impl Statements {
    pub(super) fn of(kind: Kind) -> &'static Statements {
        match kind {
            Kind::Text => &TEXTS,
            Kind::Call => &CALLS,
        }
    }
}

/// Where several are asked for, those are passed over whose keys are gone.
macro_rules! statements {
    ($table:literal, more columns $columns:literal, more values $values:literal) => {
        Statements {
            by_id: concat!("SELECT data, key_id, id, guard FROM ", $table, " WHERE id = $1"),
            by_sid: concat!(
                "SELECT data, key_id, id, guard FROM ",
                $table,
                " WHERE credential = $1 AND sid = $2"
            ),
            history: concat!("SELECT events FROM ", $table, " WHERE id = $1"),
            lane_open: concat!(
                "SELECT data, key_id, id, guard FROM ",
                $table,
                " WHERE lane = $1 AND state IN ('dispatching', 'unknown') ORDER BY id"
            ),
            lane_known: concat!(
                "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM ",
                $table,
                " WHERE lane = $1 AND state = 'unknown' AND state IN ('dispatching', 'unknown'))"
            ),
            unfinished: concat!(
                "SELECT data, key_id, id, guard FROM ",
                $table,
                " WHERE credential = $1 AND updated_at >= $2 AND updated_at < $3 AND awaits_status = 1
                    AND ",
                super::readable!("key_id", "$5"),
                "
                  ORDER BY updated_at LIMIT $4"
            ),
            facts: concat!(
                "SELECT
                     (SELECT reason FROM suppressions WHERE address = $1 AND channel = $2),
                     (SELECT since FROM suppressions WHERE address = $1 AND channel = $2),
                     (SELECT COUNT(*) FROM ",
                $table,
                "     WHERE lane = $3 AND state = 'unknown' AND state IN ('dispatching', 'unknown')),
                     (SELECT free_at_ms FROM pacing WHERE sender = $4),
                     (SELECT MAX(at) FROM inbound_seen
                      WHERE contact = $1 AND channel = $2 AND sender IN ($5, $6))"
            ),
            insert: concat!(
                "INSERT INTO ",
                $table,
                " (id, guard, credential, direction, contact, lane, state, status, awaits_status, sid, run,
                   created_at, updated_at, data, key_id, events",
                $columns,
                ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16",
                $values,
                ") ON CONFLICT DO NOTHING"
            ),
            update: concat!(
                "UPDATE ",
                $table,
                " SET guard = guard + 1, lane = $3, state = $4, status = $5, awaits_status = $6,
                      sid = $7, updated_at = $8, data = $9, key_id = $10, events = events || $11
                  WHERE id = $1 AND guard = $2"
            ),
            append_events: concat!("UPDATE ", $table, " SET events = events || $2 WHERE id = $1"),
            of_run: concat!(
                "SELECT data, key_id, id FROM ",
                $table,
                " WHERE id < $1 AND run = $3 AND (CAST($4 AS TEXT) IS NULL OR direction = $4)
                    AND (CAST($5 AS TEXT) IS NULL OR state = $5)
                    AND (CAST($6 AS TEXT) IS NULL OR contact = $6)
                    AND ",
                super::readable!("key_id", "$7"),
                "
                  ORDER BY id DESC LIMIT $2"
            ),
            of_contact: concat!(
                "SELECT data, key_id, id FROM ",
                $table,
                " WHERE id < $1 AND contact = $3 AND (CAST($4 AS TEXT) IS NULL OR direction = $4)
                    AND (CAST($5 AS TEXT) IS NULL OR state = $5)
                    AND ",
                super::readable!("key_id", "$6"),
                "
                  ORDER BY id DESC LIMIT $2"
            ),
            of_rare_state: concat!(
                "SELECT data, key_id, id FROM ",
                $table,
                " WHERE id < $1 AND state = $3 AND state NOT IN ('accepted', 'received')
                    AND (CAST($4 AS TEXT) IS NULL OR direction = $4)
                    AND ",
                super::readable!("key_id", "$5"),
                "
                  ORDER BY id DESC LIMIT $2"
            ),
            any: concat!(
                "SELECT data, key_id, id FROM ",
                $table,
                " WHERE id < $1 AND (CAST($3 AS TEXT) IS NULL OR state = $3)
                    AND (CAST($4 AS TEXT) IS NULL OR direction = $4)
                    AND ",
                super::readable!("key_id", "$5"),
                "
                  ORDER BY id DESC LIMIT $2"
            ),
        }
    };
}

pub(super) static TEXTS: Statements = statements!("messages", more columns ", channel", more values ", $17");
pub(super) static CALLS: Statements = statements!("calls", more columns "", more values "");
