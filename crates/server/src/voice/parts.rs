//! What one part of a turn is made of, from what is on disk and not said yet: pure, and the same for the same arguments.
//!
//! While the model writes, a part says what there is and asks for the next; nobody can break into it. Once the model is
//! done, all the rest is said inside the listening, where a caller may break in. Where there is nothing yet, a phrase
//! holds the caller, and from the third time on a short pause does.

use engine::conversation::{Ask, EndedBy, Utterance};
use host::{Stage, Standing};
use store::record::{Saying, Transfer};

/// Phrases that are said in a row while the model is silent; after them, it is only waited for.
pub(super) const HOLDS_MAX: u32 = 2;

/// What a part says, and what follows.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Part {
    /// Said before anything can be answered.
    pub(super) said: Vec<Utterance>,
    pub(super) then: Then,
    /// Sayings up to this one are in it.
    pub(super) took: Option<u32>,
    /// Sayings from this one on can be broken into.
    pub(super) open_from: Option<u32>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Then {
    /// The next part follows at once.
    More,
    /// Nothing is there: a phrase, the how-manieth, and the next part.
    Hold {
        phrase: usize,
    },
    /// Nothing is there, and enough was said about that: a pause, and the next part.
    Pause,
    /// The caller has the word while these are said, and after them.
    Listen {
        prompt: Vec<Utterance>,
    },
    /// The same, for a question whose answer is understood by rules.
    Ask {
        prompt: Vec<Utterance>,
        ask: Box<Ask>,
    },
    Transfer(Transfer),
    HangUp {
        by: EndedBy,
    },
}

/// The part for how a conversation stands. `holds` phrases were said in a row, `voice` speaks a language.
pub(super) fn part(standing: &Standing, holds: u32, voice: &dyn Fn(&str) -> Option<String>) -> Part {
    let utterance = |saying: &Saying| Utterance {
        text: saying.text.clone(),
        audio: None,
        language: saying.language.clone(),
        voice: voice(&saying.language),
        interruptible: saying.interruptible,
        sensitive: !saying.secrecy.is_open(),
    };
    let outbox = &standing.outbox;
    let took = outbox.last().map(|saying| saying.n);
    // Whatever must be heard is said first, with all that stands before it.
    let closed = outbox.iter().rposition(|saying| !saying.interruptible).map_or(0, |last| last + 1);
    let all = || outbox.iter().map(utterance).collect::<Vec<_>>();
    let alone = |then| Part { said: all(), then, took, open_from: None };
    let open = |then: &dyn Fn(Vec<Utterance>) -> Then| Part {
        said: outbox[..closed].iter().map(utterance).collect(),
        then: then(outbox[closed..].iter().map(utterance).collect()),
        took,
        open_from: outbox.get(closed).map(|saying| saying.n),
    };
    match &standing.stage {
        Stage::Listening => open(&|prompt| Then::Listen { prompt }),
        Stage::Asking(ask) => open(&|prompt| Then::Ask { prompt, ask: ask.clone() }),
        Stage::Transferring(transfer) => alone(Then::Transfer(transfer.clone())),
        Stage::Ended { by } => alone(Then::HangUp { by: *by }),
        Stage::Lost | Stage::Broken => alone(Then::HangUp { by: EndedBy::Hangup }),
        Stage::Waiting | Stage::Writing | Stage::AtWork if !outbox.is_empty() => alone(Then::More),
        Stage::Waiting | Stage::Writing | Stage::AtWork if holds < HOLDS_MAX => {
            alone(Then::Hold { phrase: holds as usize })
        }
        Stage::Waiting | Stage::Writing | Stage::AtWork => alone(Then::Pause),
    }
}

/// Whether there is something for a part: a part that has to say something waits for it.
pub(super) fn is_ready(standing: &Standing, turn: u32, must_speak: Speaks) -> bool {
    let has_text = !standing.outbox.is_empty();
    match standing.stage {
        Stage::Waiting => false,
        Stage::Writing | Stage::AtWork => standing.turn >= turn && has_text,
        Stage::Listening | Stage::Asking(_) => {
            standing.turn >= turn && (has_text || must_speak == Speaks::Maybe)
        }
        Stage::Transferring(_) | Stage::Ended { .. } | Stage::Lost | Stage::Broken => true,
    }
}

/// Whether what was told is always answered with words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Speaks {
    Maybe,
    Surely,
}

#[cfg(test)]
pub(super) mod tests;
