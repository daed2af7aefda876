//! Credentials: what may be shown in the open, the secrets sealed.

use super::unconditional;
use crate::Store;
use crate::error::StoreError;
use crate::record::CredentialSummary;
use crate::seal::{Place, Sealed};
use crate::statement::{Row, Statement, json, values};
use engine::id::CredentialId;
use secrecy::SecretString;

const WHAT: &str = "credential";

impl Store {
    /// Inserts or replaces by name; `secrets` is sealed under the newest key, bound to this row.
    ///
    /// # Errors
    /// [`StoreError::Key`] where no key is set.
    pub async fn put_credential(
        &self,
        credential: CredentialSummary,
        secrets: SecretString,
    ) -> Result<(), StoreError> {
        let sealed = self.keys().seal(place(&credential.id), &secrets)?;
        let sql = "INSERT INTO credentials
                (id, name, kind, public, created_at, updated_at, key_id, sealed)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (name) DO UPDATE SET id = excluded.id, kind = excluded.kind,
                public = excluded.public, created_at = excluded.created_at,
                updated_at = excluded.updated_at, key_id = excluded.key_id, sealed = excluded.sealed";
        let params = values![
            credential.id.as_str(),
            credential.name.as_str(),
            credential.kind.as_str(),
            json(&credential.public),
            credential.created_at,
            credential.updated_at,
            sealed.key_id,
            sealed.bytes
        ];
        self.write_one(Statement::any(sql, params)).await.map(drop)
    }

    /// A credential with its secrets.
    ///
    /// # Errors
    /// [`StoreError::Key`] where the key that sealed them is not among ours; it is named by its id.
    pub async fn credential(
        &self,
        name: &str,
    ) -> Result<Option<(CredentialSummary, SecretString)>, StoreError> {
        let sql = "SELECT id, name, kind, public, created_at, updated_at, key_id, sealed
                   FROM credentials WHERE name = $1";
        self.read_one(Statement::rows(sql, values![name]), |mut row| {
            let sealed = Sealed { key_id: row.text(6, WHAT)?, bytes: row.blob(7, WHAT)? };
            let summary = summary(row)?;
            let secrets = self.keys().open(place(&summary.id), &sealed)?;
            Ok((summary, secrets))
        })
        .await
    }

    /// All of them, by name.
    pub async fn credentials(&self) -> Result<Vec<CredentialSummary>, StoreError> {
        let sql = "SELECT id, name, kind, public, created_at, updated_at FROM credentials ORDER BY name";
        self.read_all(Statement::rows(sql, Vec::new()), summary).await
    }

    /// Credentials that none of our keys opens, by name, each with the id of the key that would.
    pub async fn locked_credentials(&self) -> Result<Vec<(String, String)>, StoreError> {
        let sql = "SELECT name, key_id FROM credentials ORDER BY name";
        let all = self
            .read_all(Statement::rows(sql, Vec::new()), |mut row| {
                Ok((row.text(0, WHAT)?, row.text(1, WHAT)?))
            })
            .await?;
        Ok(all.into_iter().filter(|(_, key)| !self.keys().has(key)).collect())
    }

    /// Whether there was one of this name.
    pub async fn delete_credential(&self, name: &str) -> Result<bool, StoreError> {
        let sql = "DELETE FROM credentials WHERE name = $1";
        Ok(self.write_one(Statement::any(sql, values![name])).await?.touched > 0)
    }

    /// Seals everything anew under the newest key, credentials first and then what people said in confidence; how many
    /// rows changed. Afterwards the older keys are needed no more.
    ///
    /// # Errors
    /// [`StoreError::Key`] where one of the keys in use is missing; then no credential changes.
    pub async fn rotate_keys(&self) -> Result<u64, StoreError> {
        let sql = "SELECT id, key_id, sealed FROM credentials ORDER BY id";
        let stored = self
            .read_all(Statement::rows(sql, Vec::new()), |mut row| {
                let id = CredentialId::from_trusted(row.text(0, WHAT)?);
                Ok((id, Sealed { key_id: row.text(1, WHAT)?, bytes: row.blob(2, WHAT)? }))
            })
            .await?;
        let mut updates = Vec::new();
        for (id, old) in stored {
            if Some(old.key_id.as_str()) == self.keys().newest() {
                continue;
            }
            let new = self.keys().seal(place(&id), &self.keys().open(place(&id), &old)?)?;
            // Secrets that were replaced in between are under the newest key already.
            updates.push(Statement::any(
                "UPDATE credentials SET key_id = $2, sealed = $3 WHERE id = $1 AND sealed = $4",
                values![id.as_str(), new.key_id, new.bytes, old.bytes],
            ));
        }
        let mut changed = 0;
        if !updates.is_empty() {
            let answers = unconditional(self.write(updates).await)?;
            changed = answers.iter().map(|answer| answer.touched).sum();
        }
        Ok(changed + self.rotate_answers().await?)
    }
}

fn place(id: &CredentialId) -> Place<'_> {
    Place { table: "credentials", column: "sealed", row: id.as_str() }
}

fn summary(mut row: Row) -> Result<CredentialSummary, StoreError> {
    Ok(CredentialSummary {
        id: CredentialId::from_trusted(row.text(0, WHAT)?),
        name: row.text(1, WHAT)?,
        kind: row.text(2, WHAT)?,
        public: row.json(3, WHAT)?,
        created_at: row.time(4, WHAT)?,
        updated_at: row.time(5, WHAT)?,
    })
}
