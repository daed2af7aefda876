//! Tokens of the REST API; only their hashes are stored.

use crate::Store;
use crate::error::StoreError;
use crate::record::Token;
use crate::statement::{Row, Statement, json, values};
use engine::id::TokenId;
use jiff::Timestamp;

const WHAT: &str = "token";

impl Store {
    /// Inserts, or replaces one of the same id.
    pub async fn put_token(&self, token: Token) -> Result<(), StoreError> {
        let sql = "INSERT INTO tokens (id, name, hash, scopes, created_at, revoked_at)
                   VALUES ($1, $2, $3, $4, $5, $6)
                   ON CONFLICT (id) DO UPDATE SET name = excluded.name, hash = excluded.hash,
                       scopes = excluded.scopes, created_at = excluded.created_at,
                       revoked_at = excluded.revoked_at";
        let params = values![
            token.id.as_str(),
            token.name,
            token.hash,
            json(&token.scopes),
            token.created_at,
            token.revoked_at
        ];
        self.write_one(Statement::any(sql, params)).await.map(drop)
    }

    /// Also one that was revoked.
    pub async fn token_by_hash(&self, hash: &str) -> Result<Option<Token>, StoreError> {
        let sql = "SELECT id, name, hash, scopes, created_at, revoked_at FROM tokens WHERE hash = $1";
        self.read_one(Statement::rows(sql, values![hash]), token).await
    }

    /// All of them, oldest first.
    pub async fn tokens(&self) -> Result<Vec<Token>, StoreError> {
        let sql = "SELECT id, name, hash, scopes, created_at, revoked_at FROM tokens ORDER BY id";
        self.read_all(Statement::rows(sql, Vec::new()), token).await
    }

    /// Whether it was valid until now.
    pub async fn revoke_token(&self, id: &TokenId, now: Timestamp) -> Result<bool, StoreError> {
        let sql = "UPDATE tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
        Ok(self.write_one(Statement::any(sql, values![id.as_str(), now])).await?.touched > 0)
    }
}

fn token(mut row: Row) -> Result<Token, StoreError> {
    Ok(Token {
        id: TokenId::from_trusted(row.text(0, WHAT)?),
        name: row.text(1, WHAT)?,
        hash: row.text(2, WHAT)?,
        scopes: row.json(3, WHAT)?,
        created_at: row.time(4, WHAT)?,
        revoked_at: row.time_or_null(5, WHAT)?,
    })
}
