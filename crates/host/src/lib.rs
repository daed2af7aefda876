//! The loop: claim, advance, commit, perform.
//!
//! An event reaches a run through [`Host`]: the run is loaded, the engine is asked, and its next
//! value, its log and its tasks are committed in one transaction. Only then something is done. What
//! comes back is another event. A crash at any line loses nothing, because work goes on from the
//! last commit.
//!
//! * [`start`](Host::start_run), [`inbound`](Host::receive_text), [`status`](Host::report_status):
//!   what the outside tells us;
//! * `dispatch`, `perform`, `settle`: handing a text or a call over once; `outbound` says what each of the two
//!   kinds brings along;
//! * [`converse`](Host::converse) and `texting`: agents that talk, over calls and by text;
//! * `reconcile`: what the provider knows and never told us;
//! * `talk`: conversations that a language model holds;
//! * `work`: the loop over due tasks.
//!
//! The host sees the world through [`Carrier`], [`LanguageModel`] and [`Clock`]; it knows no HTTP.

mod advance;
mod agents;
mod answer;
mod carrier;
mod catalogue;
mod clock;
mod converse;
mod detected;
mod dispatch;
mod ending;
mod error;
mod ids;
mod inbound;
mod inbound_call;
mod language_model;
mod line;
mod live;
mod notices;
mod outbound;
mod perform;
mod plan;
mod reconcile;
mod send;
mod senders;
mod settings;
mod settle;
mod start;
mod status;
mod talk;
mod texting;
mod work;

pub use agents::{Agents, INLINE};
pub use carrier::{Account, Carrier, Listing, Lookup, Provided, ProvidedCall, Refusal, SendEnd, Steering};
pub use catalogue::Catalogue;
pub use clock::{Clock, SystemClock};
pub use converse::{Asked, Scribe, Told};
pub use dispatch::WaitsFor;
pub use error::{HostError, StartError};
pub use ids::new_id;
pub use inbound::{InboundText, Received};
pub use inbound_call::InboundCall;
pub use language_model::{LanguageModel, Patience};
pub use live::{Activity, Busy, LiveEvent};
pub use notices::ProvidedNotice;
pub use send::Once;
pub use senders::Directory;
pub use settings::{OnUnknown, Settings};
pub use start::{StartRequest, Started};
pub use status::StatusReport;
pub use talk::{
    Came, Job, Keep, LINE_RETURNS_MAX, LineBack, NoTools, NotHeard, NotKept, Offer, Offered, Session, Stage,
    Standing, Take, TalkError, TalkOf, Tools, Tries,
};
pub use work::{Host, Outside, WeakHost};
