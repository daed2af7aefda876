-- The first schema. Times are milliseconds since 1970, truth values 0 or 1, `data` is JSON. Keys sort
-- by their bytes, so that ids sort by time whatever the database's language.

-- Real time: the database's clock, which all nodes share. It stands still within a transaction, so that a
-- lease never ends later than its holder believes.
CREATE FUNCTION real_ms() RETURNS BIGINT LANGUAGE sql STABLE
    AS $$ SELECT (EXTRACT(EPOCH FROM now()) * 1000)::BIGINT $$;

CREATE TABLE runs (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    guard BIGINT NOT NULL,
    workflow TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    dedupe_key TEXT COLLATE "C",
    started_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    data TEXT NOT NULL
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX runs_by_dedupe_key ON runs (dedupe_key) WHERE dedupe_key IS NOT NULL;
CREATE INDEX runs_by_workflow ON runs (workflow, id);
-- Nearly every run ends as completed: those are found by walking the ids.
CREATE INDEX runs_by_status ON runs (status, id) WHERE status <> 'completed';

-- One row for each commit of a run; `entries` is a JSON array.
CREATE TABLE run_log (
    run TEXT COLLATE "C" NOT NULL,
    guard BIGINT NOT NULL,
    entries TEXT NOT NULL,
    PRIMARY KEY (run, guard)
);

CREATE TABLE reply_routes (
    run TEXT COLLATE "C" NOT NULL,
    n BIGINT NOT NULL,
    channel TEXT COLLATE "C" NOT NULL,
    contact TEXT COLLATE "C" NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (run, n)
);
CREATE INDEX reply_routes_by_contact ON reply_routes (contact, channel);

-- `events` holds the history, one JSON object a line, so that it costs no row of its own.
-- `awaits_status` is 1 for accepted outbound messages whose status is not final.
CREATE TABLE messages (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    guard BIGINT NOT NULL,
    credential TEXT COLLATE "C" NOT NULL,
    direction TEXT NOT NULL,
    channel TEXT COLLATE "C" NOT NULL,
    contact TEXT COLLATE "C" NOT NULL,
    lane TEXT COLLATE "C",
    state TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C",
    awaits_status BIGINT NOT NULL,
    sid TEXT COLLATE "C",
    run TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    data TEXT NOT NULL,
    events TEXT NOT NULL
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX messages_by_sid ON messages (credential, sid) WHERE sid IS NOT NULL;
CREATE INDEX messages_open_by_lane ON messages (lane) WHERE state IN ('dispatching', 'unknown');
CREATE INDEX messages_unfinished ON messages (credential, updated_at) WHERE awaits_status = 1;
CREATE INDEX messages_by_contact ON messages (contact, id);
CREATE INDEX messages_by_run ON messages (run, id) WHERE run IS NOT NULL;
-- Nearly every message ends as accepted or received: those are found by walking the ids.
CREATE INDEX messages_by_state ON messages (state, id) WHERE state NOT IN ('accepted', 'received');

-- `lease_until` is in real time; 0 means that nobody ever held the task since it was last queued.
CREATE TABLE tasks (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    due_at BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    lane TEXT COLLATE "C",
    data TEXT NOT NULL
);
CREATE INDEX tasks_by_due ON tasks (due_at) WHERE lease_until = 0;
CREATE INDEX tasks_by_lease ON tasks (lease_until) WHERE lease_until > 0;
CREATE INDEX tasks_by_lane ON tasks (lane) WHERE lane IS NOT NULL AND lease_until = 0;

CREATE TABLE suppressions (
    channel TEXT COLLATE "C" NOT NULL,
    address TEXT COLLATE "C" NOT NULL,
    reason TEXT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (address, channel)
);

CREATE TABLE inbound_seen (
    channel TEXT COLLATE "C" NOT NULL,
    contact TEXT COLLATE "C" NOT NULL,
    sender TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (contact, channel, sender)
);

CREATE TABLE pacing (
    sender TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    free_at_ms BIGINT NOT NULL
);

CREATE TABLE senders (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL UNIQUE,
    data TEXT NOT NULL
);

CREATE TABLE workflow_versions (
    name TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    source TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    PRIMARY KEY (name, version)
);

CREATE TABLE credentials (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    public TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    key_id TEXT NOT NULL,
    sealed BYTEA NOT NULL
);

CREATE TABLE tokens (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);

CREATE TABLE webhooks (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    received_at BIGINT NOT NULL,
    data TEXT NOT NULL
);

CREATE TABLE idempotency (
    key TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    body_hash TEXT NOT NULL,
    status BIGINT,
    body TEXT,
    created_at BIGINT NOT NULL
);
CREATE INDEX idempotency_by_age ON idempotency (created_at);

CREATE TABLE cursors (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
