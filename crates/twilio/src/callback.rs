//! Webhooks about messages: one that came in, and a change of status of one that went out.

pub use self::inbound::{InboundMedium, InboundMessage, Location, OptOutType, Place, Referral};
pub use self::status::MessageStatusCallback;

mod inbound;
mod status;
