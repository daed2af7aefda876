//! Identifiers: a prefix that names the kind, then 26 characters that sort by time.
//!
//! The engine only carries them; whoever hosts it makes them.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// What every identifier of this kind begins with, underscore included.
            pub const PREFIX: &'static str = $prefix;

            /// Takes the text as it is: for identifiers that were made or stored by us.
            pub fn from_trusted(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// Takes text from outside; nothing where it is not an identifier of this kind.
            pub fn parse(text: &str) -> Option<Self> {
                let rest = text.strip_prefix($prefix)?;
                let plain = rest.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
                (plain && (1..=40).contains(&rest.len())).then(|| Self(text.to_owned()))
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

ids! {
    /// One execution of one workflow version.
    RunId = "run_";
    /// One text, in or out.
    MessageId = "msg_";
    /// One phone call, in or out.
    CallId = "call_";
    /// A stored effect that is due at a time.
    TaskId = "tsk_";
    /// One request that a provider made to us.
    WebhookId = "whk_";
    /// An agent talking with one person.
    ConversationId = "cnv_";
    /// A recording of a call.
    RecordingId = "rec_";
    /// Encrypted secrets of one provider account.
    CredentialId = "crd_";
    /// A number, short code, WhatsApp sender or messaging service.
    SenderId = "snd_";
    /// A token of the REST API.
    TokenId = "tok_";
}

impl ConversationId {
    /// Over a call one conversation is held at most, and it is named like the call.
    pub fn of_call(call: &CallId) -> ConversationId {
        let rest = call.as_str().strip_prefix(CallId::PREFIX).unwrap_or(call.as_str());
        ConversationId(format!("{}{rest}", ConversationId::PREFIX))
    }

    /// By text it is named like the task that begins it, so that it begins once.
    pub fn of_task(task: &TaskId) -> ConversationId {
        let rest = task.as_str().strip_prefix(TaskId::PREFIX).unwrap_or(task.as_str());
        ConversationId(format!("{}{rest}", ConversationId::PREFIX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_text_of_its_own_kind_is_an_id() {
        assert!(RunId::parse("run_01j9zq").is_some());
        for bad in ["run_", "msg_01j9zq", "run_01J9", "run_1 2", "", "run_../x"] {
            assert_eq!(RunId::parse(bad), None, "{bad}");
        }
    }
}
