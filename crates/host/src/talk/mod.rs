//! Conversations that a language model holds.
//!
//! A *session* is the one task in this process that holds such a conversation: it alone has the stored value with its
//! guard, the open stream of the model, and the tools at work. Lines, be it a socket or webhooks, tell it what happens
//! through its handle, a [`Session`], and watch how it [stands](Standing). Whatever they see is on disk, but for the
//! words of a sentence that is not whole yet, where those go out as they come.
//!
//! 1. [`open`]: a session takes a conversation over from whoever held it before, and goes on where it broke off;
//! 2. [`session`]: its loop, from what happened to what is to be done;
//! 3. [`sheaf`]: what the next commit holds; one is under way at a time, and what comes meanwhile joins the next;
//! 4. [`write`]: that commit, with the end of the call where the conversation ends;
//! 5. [`thinking`] and [`tools`]: the model's stream, and what the model may do outside;
//! 6. [`offer`]: the document that hands a call to a line, at first and after the line broke off;
//! 7. [`after`]: what a model is asked once it is over, before its run goes on.

mod after;
mod answers;
mod handle;
mod offer;
mod open;
mod pace;
mod session;
mod sessions;
mod sheaf;
mod thinking;
mod times;
mod tools;
mod write;

pub(crate) use after::{add_findings, is_wanted, task as gather_task};
pub use handle::{Came, Keep, NotHeard, NotKept, Session};
pub use offer::{LINE_RETURNS_MAX, LineBack, Offer, Offered};
pub use open::{Take, TalkError, TalkOf};
pub(crate) use sessions::Sessions;
pub use tools::{Job, NoTools, Tools, Tries};

use engine::conversation::{Ask, EndedBy};
use std::sync::Arc;
use store::record::{Saying, Transfer};

/// How a conversation stands, as far as it is on disk.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Of the session.
    pub epoch: u32,
    /// Of the caller; 0 before the first.
    pub turn: u32,
    /// Tag of the language that is spoken and heard.
    pub language: String,
    /// Sayings that the line has not taken, oldest first.
    pub outbox: Arc<Vec<Saying>>,
    /// Words of the saying that follows, where they go out as they come; they alone are not on disk yet. They only grow
    /// until it is there, of which they are the beginning.
    pub draft: String,
    /// The model is done, though not on disk yet: a line that waits a moment longer gets the rest.
    pub done: bool,
    /// Interruptions that this session took in. A line that told one passes over the outbox until it sees it counted.
    pub interruptions: u32,
    /// Something was said in confidence: no record may show what is answered.
    pub confidential: bool,
    pub stage: Stage,
}

/// Whose turn it is.
#[derive(Clone, Debug, PartialEq)]
pub enum Stage {
    /// Nobody has answered yet.
    Waiting,
    /// The model is asked; more will be said.
    Writing,
    /// A tool is at work for the answer.
    AtWork,
    /// The caller has the word, once everything is said.
    Listening,
    /// The caller has the word likewise, and what is said answers a question that is understood by rules.
    Asking(Box<Ask>),
    /// The caller is to be connected with somebody else, once everything is said.
    Transferring(Transfer),
    /// Once everything is said, the call is over.
    Ended { by: EndedBy },
    /// Another session holds the conversation now: nothing more comes from this one.
    Lost,
    /// Nothing could be stored for too long.
    Broken,
}

impl Stage {
    /// Whether the caller is waited for, once everything is said.
    pub fn is_listening(&self) -> bool {
        matches!(self, Stage::Listening | Stage::Asking(_))
    }

    /// Whether nothing more will be said.
    pub fn is_over(&self) -> bool {
        matches!(self, Stage::Transferring(_) | Stage::Ended { .. } | Stage::Lost | Stage::Broken)
    }
}
