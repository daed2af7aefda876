-- The first schema. Times are milliseconds since 1970, truth values 0 or 1, `data` is JSON.

CREATE TABLE runs (
    id TEXT NOT NULL PRIMARY KEY,
    guard INTEGER NOT NULL,
    workflow TEXT NOT NULL,
    version INTEGER NOT NULL,
    status TEXT NOT NULL,
    dedupe_key TEXT,
    started_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    data TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX runs_by_dedupe_key ON runs (dedupe_key) WHERE dedupe_key IS NOT NULL;
CREATE INDEX runs_by_workflow ON runs (workflow, id);
-- Nearly every run ends as completed: those are found by walking the ids.
CREATE INDEX runs_by_status ON runs (status, id) WHERE status <> 'completed';

-- One row for each commit of a run; `entries` is a JSON array.
CREATE TABLE run_log (
    run TEXT NOT NULL,
    guard INTEGER NOT NULL,
    entries TEXT NOT NULL,
    PRIMARY KEY (run, guard)
) STRICT, WITHOUT ROWID;

CREATE TABLE reply_routes (
    run TEXT NOT NULL,
    n INTEGER NOT NULL,
    channel TEXT NOT NULL,
    contact TEXT NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (run, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX reply_routes_by_contact ON reply_routes (contact, channel);

-- `events` holds the history, one JSON object a line, so that it costs no row of its own.
-- `awaits_status` is 1 for accepted outbound messages whose status is not final.
CREATE TABLE messages (
    id TEXT NOT NULL PRIMARY KEY,
    guard INTEGER NOT NULL,
    credential TEXT NOT NULL,
    direction TEXT NOT NULL,
    channel TEXT NOT NULL,
    contact TEXT NOT NULL,
    lane TEXT,
    state TEXT NOT NULL,
    status TEXT,
    awaits_status INTEGER NOT NULL,
    sid TEXT,
    run TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    data TEXT NOT NULL,
    events TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX messages_by_sid ON messages (credential, sid) WHERE sid IS NOT NULL;
CREATE INDEX messages_open_by_lane ON messages (lane) WHERE state IN ('dispatching', 'unknown');
CREATE INDEX messages_unfinished ON messages (credential, updated_at) WHERE awaits_status = 1;
CREATE INDEX messages_by_contact ON messages (contact, id);
CREATE INDEX messages_by_run ON messages (run, id) WHERE run IS NOT NULL;
-- Nearly every message ends as accepted or received: those are found by walking the ids.
CREATE INDEX messages_by_state ON messages (state, id) WHERE state NOT IN ('accepted', 'received');

-- `lease_until` is in real time; 0 means that nobody ever held the task since it was last queued.
CREATE TABLE tasks (
    id TEXT NOT NULL PRIMARY KEY,
    due_at INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    lane TEXT,
    data TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX tasks_by_due ON tasks (due_at) WHERE lease_until = 0;
CREATE INDEX tasks_by_lease ON tasks (lease_until) WHERE lease_until > 0;
CREATE INDEX tasks_by_lane ON tasks (lane) WHERE lane IS NOT NULL AND lease_until = 0;

CREATE TABLE suppressions (
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    reason TEXT NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (address, channel)
) STRICT, WITHOUT ROWID;

CREATE TABLE inbound_seen (
    channel TEXT NOT NULL,
    contact TEXT NOT NULL,
    sender TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (contact, channel, sender)
) STRICT, WITHOUT ROWID;

CREATE TABLE pacing (
    sender TEXT NOT NULL PRIMARY KEY,
    free_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE senders (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    data TEXT NOT NULL
) STRICT;

CREATE TABLE workflow_versions (
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    source TEXT NOT NULL,
    published_at INTEGER NOT NULL,
    PRIMARY KEY (name, version)
) STRICT;

CREATE TABLE credentials (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    public TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    key_id TEXT NOT NULL,
    sealed BLOB NOT NULL
) STRICT;

CREATE TABLE tokens (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;

CREATE TABLE webhooks (
    id TEXT NOT NULL PRIMARY KEY,
    received_at INTEGER NOT NULL,
    data TEXT NOT NULL
) STRICT;

CREATE TABLE idempotency (
    key TEXT NOT NULL PRIMARY KEY,
    body_hash TEXT NOT NULL,
    status INTEGER,
    body TEXT,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX idempotency_by_age ON idempotency (created_at);

CREATE TABLE cursors (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
