//! Tokens of the REST API: how they are made, and what is kept of them.

use engine::id::TokenId;
use jiff::Timestamp;
use rand::RngExt as _;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use store::record::Token;

/// What every token begins with, so that one that leaked is recognized.
pub const PREFIX: &str = "sbt_";

/// What a token may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, clap::ValueEnum)]
pub enum Scope {
    /// Everything, tokens and credentials included.
    Admin,
    /// Reading everything but secrets.
    Read,
    /// Starting runs and sending texts.
    Run,
}

impl Scope {
    pub const ALL: [Scope; 3] = [Scope::Admin, Scope::Read, Scope::Run];

    pub fn as_str(self) -> &'static str {
        match self {
            Scope::Admin => "admin",
            Scope::Read => "read",
            Scope::Run => "run",
        }
    }

    /// Reads a scope's name.
    pub fn parse(text: &str) -> Option<Scope> {
        Scope::ALL.into_iter().find(|scope| scope.as_str() == text)
    }
}

/// A new token with 256 random bits. It is shown once; only its hash is kept.
pub fn generate() -> SecretString {
    let bytes: [u8; 32] = rand::rng().random();
    SecretString::from(format!("{PREFIX}{}", hex(&bytes)))
}

/// What is kept of a token: enough to recognize it.
pub fn record(token: &SecretString, name: &str, scopes: &[Scope], now: Timestamp) -> Token {
    Token {
        id: TokenId::from_trusted(host::new_id(TokenId::PREFIX)),
        name: name.to_owned(),
        hash: hash(token.expose_secret()),
        scopes: scopes.iter().map(|scope| scope.as_str().to_owned()).collect(),
        created_at: now,
        revoked_at: None,
    }
}

/// Lower-case hexadecimal SHA-256. A token has too many random bits for guessing, so no slow hash is needed.
pub fn hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string cannot fail");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_and_only_their_hash_is_kept() {
        let (one, other) = (generate(), generate());
        assert_ne!(one.expose_secret(), other.expose_secret());
        let kept = record(&one, "first", &[Scope::Admin], Timestamp::UNIX_EPOCH);
        assert_eq!(kept.hash, hash(one.expose_secret()));
        assert!(!format!("{kept:?}").contains(one.expose_secret()));
        assert_eq!(hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
