-- What people said in confidence is sealed: then `data` and `document` hold base64, and `key_id` names the key.
ALTER TABLE runs ADD COLUMN key_id TEXT;
ALTER TABLE conversations ADD COLUMN key_id TEXT;
ALTER TABLE turns ADD COLUMN key_id TEXT;
-- Few rows are sealed, and all of them are looked for when a key is replaced.
CREATE INDEX runs_sealed ON runs (key_id) WHERE key_id IS NOT NULL;
CREATE INDEX conversations_sealed ON conversations (key_id) WHERE key_id IS NOT NULL;
CREATE INDEX turns_sealed ON turns (key_id) WHERE key_id IS NOT NULL;
