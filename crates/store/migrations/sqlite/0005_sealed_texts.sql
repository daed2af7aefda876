-- A text or a call that says what was told in confidence is sealed, and so is the task that begins a conversation with it:
-- then `data` holds base64, and `key_id` names the key.
ALTER TABLE messages ADD COLUMN key_id TEXT;
ALTER TABLE calls ADD COLUMN key_id TEXT;
ALTER TABLE tasks ADD COLUMN key_id TEXT;
-- Few rows are sealed, and all of them are looked for when a key is replaced.
CREATE INDEX messages_sealed ON messages (key_id) WHERE key_id IS NOT NULL;
CREATE INDEX calls_sealed ON calls (key_id) WHERE key_id IS NOT NULL;
CREATE INDEX tasks_sealed ON tasks (key_id) WHERE key_id IS NOT NULL;
