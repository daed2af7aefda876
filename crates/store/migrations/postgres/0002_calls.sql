-- Calls, kept as texts are: `events` holds the history, one JSON object a line, and `awaits_status` is 1 for
-- accepted outbound calls whose status is not final.
CREATE TABLE calls (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    guard BIGINT NOT NULL,
    credential TEXT COLLATE "C" NOT NULL,
    direction TEXT COLLATE "C" NOT NULL,
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
CREATE UNIQUE INDEX calls_by_sid ON calls (credential, sid) WHERE sid IS NOT NULL;
CREATE INDEX calls_open_by_lane ON calls (lane) WHERE state IN ('dispatching', 'unknown');
CREATE INDEX calls_unfinished ON calls (credential, updated_at) WHERE awaits_status = 1;
CREATE INDEX calls_by_contact ON calls (contact, id);
CREATE INDEX calls_by_run ON calls (run, id) WHERE run IS NOT NULL;
-- Nearly every call ends as accepted or received: those are found by walking the ids.
CREATE INDEX calls_by_state ON calls (state, id) WHERE state NOT IN ('accepted', 'received');
