//! Twilio's wire: request and callback forms, SIDs, signatures, TwiML for messages and for calls, error codes.
//!
//! Everything here is a value or a pure function: no network, no clock, no randomness. Both sides of the
//! wire are covered, so that a client, a webhook receiver and a stand-in for Twilio can be built on the
//! same types. What Twilio adds without notice (statuses, error codes, parameters, kinds of SIDs) is read
//! and kept, not refused.

pub mod account;
pub mod application;
pub mod call;
pub mod callback;
pub mod caller_id;
pub mod content;
pub mod date;
pub mod debugger;
pub mod error;
pub mod form;
mod json;
pub mod key;
pub mod keywords;
pub mod lookup;
pub mod media;
pub mod message;
pub mod messaging_twiml;
pub mod number;
pub mod overrides;
pub mod page;
pub mod parameter;
pub mod participant;
pub mod recording;
pub mod relay;
pub mod service;
pub mod sid;
pub mod signature;
pub mod stream;
mod twiml_document;
pub mod usage;
pub mod voice;
pub mod voice_twiml;
mod words;
mod xml;

pub use words::HttpMethod;
