//! Webhooks about messages, one that came in and a change of status of one that went out, and the webhook of the
//! debugger. Those about calls stand in [`call`](crate::call).

pub use self::debugger::{DebuggerCallback, DebuggerLevel};
pub use self::inbound::{InboundMedium, InboundMessage, Location, OptOutType, Place, Referral};
pub use self::status::MessageStatusCallback;

pub(crate) mod carried;
mod debugger;
mod inbound;
mod status;
