//! Phone numbers in the 2010 API: those that an account owns, and those that it could buy.

use serde::{Deserialize, Serialize};

pub use self::available::{AvailableCountry, AvailableNumber, ListAvailableNumbers, NumberType};
pub use self::incoming::{
    AddressRequirement, CreateIncomingNumber, IncomingNumber, ListIncomingNumbers, UpdateIncomingNumber,
    VoiceReceiveMode,
};

mod available;
mod incoming;

/// What a number can do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Capabilities {
    /// Messages with media.
    #[serde(default, alias = "MMS")]
    pub mms: bool,
    /// Text messages.
    #[serde(default, alias = "SMS")]
    pub sms: bool,
    /// Calls.
    #[serde(default)]
    pub voice: bool,
    /// Faxes; only told of numbers that are owned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fax: Option<bool>,
}
