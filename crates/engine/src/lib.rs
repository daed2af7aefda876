//! The domain of Switchboard as values.
//!
//! A run is a value. An event and the time turn it into the next value, a list of effects and
//! lines for the log: [`start`] and [`resume`]. Nothing here performs I/O, reads a clock or makes
//! an id; whoever calls saves the value first and performs the effects afterwards.
//!
//! * [`document`] reads what people write into one tree with positions, and [`diagnostic`] says what is
//!   wrong with it;
//! * [`workflow`] is the definition that is loaded from it, [`check`] tells what is wrong with it;
//! * [`run`] executes a definition;
//! * [`agent`] is the definition of a conversation, [`conversation`] holds one with a person;
//! * [`rehearsal`] plays a scripted call, without a line; [`journey`] finds and plays every path of a workflow;
//! * [`message`] and [`call`] hold the state of one text and one call, and the lattices of their statuses;
//!   [`sending`] is what both have in common;
//! * [`outcome`] says what every code of the provider means;
//! * [`llm`] holds the rules of agents that talk by a language model;
//! * [`understand`] says what a person meant by an answer;
//! * [`matching`] settles sends whose end is unknown against what the provider lists.

pub mod address;
pub mod agent;
pub mod call;
pub mod check;
pub mod conversation;
pub mod diagnostic;
pub mod document;
pub mod effect;
pub mod event;
pub mod id;
pub mod journey;
pub mod keyword;
pub mod limits;
pub mod llm;
pub mod matching;
pub mod message;
pub mod outcome;
pub mod pacing;
pub mod rehearsal;
pub mod run;
pub mod sending;
pub mod understand;
pub mod words;
pub mod workflow;

pub use run::{Advance, Refused, Run, resume, start};
