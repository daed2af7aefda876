//! Documents that play a part in the call of another document, and may not do everything.

use super::part::UNKNOWN;
use super::{Document, Verb};
use crate::twiml_document::Warning;

/// The part that a document plays in a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// It is the call's own document, and may do everything.
    Main,
    /// It is heard by who is called, before they are connected: the `url` of a `<Number>` or alike.
    Whisper,
    /// It is heard before a conference begins, or on hold: the `waitUrl` of a `<Conference>`.
    ConferenceWait,
    /// It is heard in a queue: the `waitUrl` of an `<Enqueue>`.
    QueueWait,
}

impl Role {
    /// Whether a document in this role may have the verb.
    pub fn allows(self, verb: &Verb) -> bool {
        use Verb::{Gather, Hangup, Leave, Pause, Play, Redirect, Say};
        match self {
            Role::Main => true,
            Role::Whisper => {
                matches!(verb, Play(_) | Say(_) | Gather(_) | Hangup(_) | Pause(_) | Redirect(_))
            }
            Role::ConferenceWait => matches!(verb, Play(_) | Say(_) | Pause(_) | Redirect(_)),
            Role::QueueWait => {
                matches!(verb, Play(_) | Say(_) | Pause(_) | Hangup(_) | Redirect(_) | Leave(_) | Gather(_))
            }
        }
    }
}

impl Document {
    /// Takes out what a document in this role may not do. A `<Dial>` in a whisper is an error that ends the
    /// document, 13201; the code of everything else is that of what is not known.
    pub fn keep_to(&mut self, role: Role) -> Vec<Warning> {
        let (kept, out): (Vec<Verb>, Vec<Verb>) =
            std::mem::take(&mut self.verbs).into_iter().partition(|verb| role.allows(verb));
        self.verbs = kept;
        out.iter()
            .map(|verb| {
                let code = match (role, verb) {
                    (Role::Whisper, Verb::Dial(_)) => 13201,
                    _ => UNKNOWN,
                };
                Warning { code, detail: format!("<{}> is not for a document in this place", verb.tag()) }
            })
            .collect()
    }
}
