-- Conversations with agents, and the agents themselves. Times are milliseconds since 1970, `data` is JSON.

-- Published agents; none ever changes. Those written into a block have a name made of their content.
CREATE TABLE agent_versions (
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    source TEXT NOT NULL,
    published_at INTEGER NOT NULL,
    PRIMARY KEY (name, version)
) STRICT;

CREATE TABLE conversations (
    id TEXT NOT NULL PRIMARY KEY,
    guard INTEGER NOT NULL,
    agent TEXT NOT NULL,
    status TEXT NOT NULL,
    channel TEXT NOT NULL,
    contact TEXT NOT NULL,
    run TEXT,
    started_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    data TEXT NOT NULL
) STRICT;
CREATE INDEX conversations_by_contact ON conversations (contact, id);
CREATE INDEX conversations_by_run ON conversations (run, id) WHERE run IS NOT NULL;
CREATE INDEX conversations_by_agent ON conversations (agent, id);
-- Nearly every conversation has ended: those are found by walking the ids.
CREATE INDEX conversations_open ON conversations (status, id) WHERE status <> 'ended';

-- One row for each commit of a conversation. What came in is named by the turn that it answers and by its part;
-- `document` is what was answered, which never changes, and `entries` a JSON array of the transcript's lines.
CREATE TABLE turns (
    conversation TEXT NOT NULL,
    turn INTEGER NOT NULL,
    part TEXT NOT NULL,
    guard INTEGER NOT NULL,
    document TEXT,
    entries TEXT NOT NULL,
    PRIMARY KEY (conversation, turn, part)
) STRICT;

-- Recordings of calls, by the provider's own id of them.
CREATE TABLE recordings (
    id TEXT NOT NULL PRIMARY KEY,
    credential TEXT NOT NULL,
    sid TEXT NOT NULL,
    call TEXT,
    data TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX recordings_by_sid ON recordings (credential, sid);
CREATE INDEX recordings_by_call ON recordings (call, id) WHERE call IS NOT NULL;

-- Uploaded audio. `key` stands in its address and cannot be guessed.
CREATE TABLE audio (
    key TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    content_type TEXT NOT NULL,
    length INTEGER NOT NULL,
    uploaded_at INTEGER NOT NULL,
    bytes BLOB NOT NULL
) STRICT;
