//! The blocks, one file a kind.

mod attempts;
pub(super) mod call;
pub(super) mod condition;
pub(super) mod end;
mod interviewed;
pub(super) mod set;
pub(super) mod switch;
pub(super) mod text_agent;
pub(super) mod twilio;
pub(super) mod wait;
pub(super) mod wait_for_reply;

use super::machine::{Machine, Turn};
use crate::message::Channel;
use crate::workflow::{BlockKind, Says};

pub(super) use attempts::{overdue, retry_due};

/// Executes the block at which the run has just arrived.
pub(super) fn run(machine: &mut Machine<'_>, index: usize) -> Turn {
    let block = &machine.workflow.blocks[index];
    match &block.kind {
        BlockKind::Twilio(text) => twilio::run(machine, index, text),
        BlockKind::Call(call) => call::run(machine, call),
        BlockKind::TextAgent(talk) => text_agent::run(machine, talk),
        BlockKind::WaitForReply(wait) => wait_for_reply::run(machine, block, wait),
        BlockKind::Wait(wait) => wait::run(machine, block, wait),
        BlockKind::Condition(condition) => condition::run(machine, block, condition),
        BlockKind::Switch(switch) => switch::run(machine, block, switch),
        BlockKind::Set(set) => set::run(machine, block, set),
        BlockKind::End(end) => end::run(machine, end),
    }
}

/// The type as files write it; for a text or a call, its message type.
pub(super) fn type_name(kind: &BlockKind) -> &'static str {
    match kind {
        BlockKind::Twilio(text) => channel_name(text.channel),
        BlockKind::Call(call) => match call.says {
            Says::Announcement(_) => "voice",
            Says::Agent(_) => "voiceAgent",
        },
        BlockKind::TextAgent(talk) => channel_name(talk.channel),
        BlockKind::WaitForReply(_) => "waitForReply",
        BlockKind::Wait(_) => "wait",
        BlockKind::Condition(_) => "condition",
        BlockKind::Switch(_) => "switch",
        BlockKind::Set(_) => "set",
        BlockKind::End(_) => "end",
    }
}

fn channel_name(channel: Channel) -> &'static str {
    match channel {
        Channel::Sms => "sms",
        Channel::WhatsApp => "whatsapp",
        Channel::Voice => "voice",
    }
}
