//! Uploaded audio.

use crate::Store;
use crate::error::StoreError;
use crate::record::AudioFile;
use crate::statement::{Row, Statement, values};

const WHAT: &str = "audio file";

impl Store {
    /// Keeps a file; one of the same name is replaced, and its address ends with it.
    pub async fn put_audio(&self, file: &AudioFile, bytes: Vec<u8>) -> Result<(), StoreError> {
        let sql = "INSERT INTO audio (key, name, content_type, length, uploaded_at, bytes)
                   VALUES ($1, $2, $3, $4, $5, $6)
                   ON CONFLICT (name) DO UPDATE SET key = excluded.key, content_type = excluded.content_type,
                       length = excluded.length, uploaded_at = excluded.uploaded_at, bytes = excluded.bytes";
        let length = i64::try_from(file.length).unwrap_or(i64::MAX);
        let params = values![
            file.key.as_str(),
            file.name.as_str(),
            file.content_type.as_str(),
            length,
            file.uploaded_at,
            bytes
        ];
        self.write_one(Statement::any(sql, params)).await.map(drop)
    }

    /// The file with this key, and its bytes.
    pub async fn audio(&self, key: &str) -> Result<Option<(AudioFile, Vec<u8>)>, StoreError> {
        let sql = "SELECT key, name, content_type, length, uploaded_at, bytes FROM audio WHERE key = $1";
        self.read_one(Statement::rows(sql, values![key]), |mut row| {
            let bytes = row.blob(5, WHAT)?;
            Ok((file(row)?, bytes))
        })
        .await
    }

    /// All files, by name.
    pub async fn audio_files(&self) -> Result<Vec<AudioFile>, StoreError> {
        let sql = "SELECT key, name, content_type, length, uploaded_at FROM audio ORDER BY name";
        self.read_all(Statement::rows(sql, Vec::new()), file).await
    }

    /// Whether there was one.
    pub async fn delete_audio(&self, name: &str) -> Result<bool, StoreError> {
        let statement = Statement::any("DELETE FROM audio WHERE name = $1", values![name]);
        Ok(self.write_one(statement).await?.touched > 0)
    }
}

fn file(mut row: Row) -> Result<AudioFile, StoreError> {
    Ok(AudioFile {
        key: row.text(0, WHAT)?,
        name: row.text(1, WHAT)?,
        content_type: row.text(2, WHAT)?,
        length: row.int(3, WHAT)?.max(0).unsigned_abs(),
        uploaded_at: row.time(4, WHAT)?,
    })
}
