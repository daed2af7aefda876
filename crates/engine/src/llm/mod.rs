//! Rules of agents that talk by a language model. Nothing here asks a model: whoever owns the stream hands its
//! text in and does what comes out.
//!
//! * [`dialogue`] is the conversation as a value, [`persona`] who holds it;
//! * [`history`] fits what was said into a model's window;
//! * [`sentence`] cuts a model's text where a speaker would pause, as it comes;
//! * [`claims`] tells a sentence that says something was done from one that only sounds so;
//! * [`heard`] finds how much of an answer was heard before somebody broke in;
//! * [`goodbye`] and [`tongue`] listen for the end and for another language;
//! * [`models`] is what is known of models, as data;
//! * [`spoken`] makes text one that can be said;
//! * [`question`] is what a model is asked and what comes back;
//! * [`after`] gathers what came of a call that is over;
//! * [`errand`] fills in what a tool asks of somebody outside;
//! * [`instant`] answers without a model, and names answers that may be kept.

pub mod after;
pub mod claims;
pub mod dialogue;
pub mod errand;
pub mod goodbye;
pub mod heard;
pub mod history;
pub mod instant;
pub mod models;
pub mod persona;
pub mod phrases;
mod purse;
pub mod question;
pub mod sentence;
pub mod spoken;
pub mod tongue;

/// The languages that have rules of their own here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tongue {
    English,
    Spanish,
    French,
    German,
}

impl Tongue {
    pub const ALL: [Tongue; 4] = [Tongue::English, Tongue::Spanish, Tongue::French, Tongue::German];

    /// By the tag's language; nothing for one without rules of its own.
    pub fn of(tag: &str) -> Option<Tongue> {
        let language = tag.split(['-', '_']).next().unwrap_or_default();
        Some(match language.to_ascii_lowercase().as_str() {
            "en" => Tongue::English,
            "es" => Tongue::Spanish,
            "fr" => Tongue::French,
            "de" => Tongue::German,
            _ => return None,
        })
    }
}
