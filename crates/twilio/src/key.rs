//! API keys in the 2010 API: credentials that stand for an account and can be taken away one by one.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::json;
use crate::parameter::parameters;
use crate::sid::Sid;

/// An API key. Its secret is shown once, when it is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyResource {
    /// `SK…`, the user name that goes with the secret.
    pub sid: Sid,
    /// A name for people.
    #[serde(default)]
    pub friendly_name: Option<String>,
    /// When it was made.
    #[serde(default, with = "json::rfc2822")]
    pub date_created: Option<Timestamp>,
    /// When it last changed.
    #[serde(default, with = "json::rfc2822")]
    pub date_updated: Option<Timestamp>,
    /// The password; only in the answer of the request that made the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<KeySecret>,
}

/// The secret of an API key. It is written to JSON as it is and masked wherever it is printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeySecret(pub String);

impl fmt::Debug for KeySecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeySecret(masked)")
    }
}

parameters! {
    /// `POST …/Keys.json` and `POST …/Keys/{Sid}.json`: make a key, or rename one.
    #[derive(Default)]
    pub struct SetKey {
        /// A name for people.
        pub friendly_name: Option<String> = "FriendlyName",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_never_printed() {
        let secret = KeySecret("00000000000000000000000000000001".to_owned());
        assert_eq!(format!("{secret:?}"), "KeySecret(masked)");
    }
}
