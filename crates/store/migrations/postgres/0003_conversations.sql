-- Conversations with agents, and the agents themselves. Times are milliseconds since 1970, `data` is JSON.
-- Keys sort by their bytes.

-- Published agents; none ever changes. Those written into a block have a name made of their content.
CREATE TABLE agent_versions (
    name TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    source TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    PRIMARY KEY (name, version)
);

CREATE TABLE conversations (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    guard BIGINT NOT NULL,
    agent TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    channel TEXT COLLATE "C" NOT NULL,
    contact TEXT COLLATE "C" NOT NULL,
    run TEXT COLLATE "C",
    started_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    data TEXT NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX conversations_by_contact ON conversations (contact, id);
CREATE INDEX conversations_by_run ON conversations (run, id) WHERE run IS NOT NULL;
CREATE INDEX conversations_by_agent ON conversations (agent, id);
-- Nearly every conversation has ended: those are found by walking the ids.
CREATE INDEX conversations_open ON conversations (status, id) WHERE status <> 'ended';

-- One row for each commit of a conversation. What came in is named by the turn that it answers and by its part;
-- `document` is what was answered, which never changes, and `entries` a JSON array of the transcript's lines.
CREATE TABLE turns (
    conversation TEXT COLLATE "C" NOT NULL,
    turn BIGINT NOT NULL,
    part TEXT COLLATE "C" NOT NULL,
    guard BIGINT NOT NULL,
    document TEXT,
    entries TEXT NOT NULL,
    PRIMARY KEY (conversation, turn, part)
);

-- Recordings of calls, by the provider's own id of them.
CREATE TABLE recordings (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    credential TEXT COLLATE "C" NOT NULL,
    sid TEXT COLLATE "C" NOT NULL,
    call TEXT COLLATE "C",
    data TEXT NOT NULL
);
CREATE UNIQUE INDEX recordings_by_sid ON recordings (credential, sid);
CREATE INDEX recordings_by_call ON recordings (call, id) WHERE call IS NOT NULL;

-- Uploaded audio. `key` stands in its address and cannot be guessed.
CREATE TABLE audio (
    key TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL UNIQUE,
    content_type TEXT NOT NULL,
    length BIGINT NOT NULL,
    uploaded_at BIGINT NOT NULL,
    bytes BYTEA NOT NULL
);
