//! Which sender of a service's pool writes to a recipient.

use crate::address;
use crate::numbers::NumberKind;
use crate::services::{MemberKind, PoolMember, Service};
use crate::world::World;

/// Why a pool has no sender for a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unfit {
    Empty,
    /// None of its senders can reach the recipient.
    None,
}

/// Picks the sender that last wrote to the recipient, where the service sticks to it; else one of the same
/// area, where it looks for that; else the one whose turn comes first.
pub(crate) fn pick(world: &World, service: &Service, to: &str, media: usize) -> Result<String, Unfit> {
    if service.pool.is_empty() {
        return Err(Unfit::Empty);
    }
    let mut fitting: Vec<String> = service
        .pool
        .iter()
        .filter(|member| fits(world, member, to, media))
        .map(|member| address::on_channel_of(to, &member.address))
        .collect();
    if service.settings.sticky_sender
        && let Some(last) = world.services.last_sender(&service.sid, to)
        && fitting.iter().any(|from| from == last)
    {
        return Ok(last.to_owned());
    }
    if service.settings.area_code_geomatch {
        let same_area = |from: &String| area(from).is_some() && area(from) == area(to);
        if fitting.iter().any(same_area) {
            fitting.retain(same_area);
        }
    }
    // The first of equals, so that the same requests pick the same senders.
    fitting.into_iter().min_by_key(|from| world.queues.next_turn(from, world.now)).ok_or(Unfit::None)
}

fn fits(world: &World, member: &PoolMember, to: &str, media: usize) -> bool {
    if member.kind == MemberKind::AlphaSender {
        return media == 0 && !address::is_whatsapp(to) && !address::is_north_american(to);
    }
    let Some(number) = world.numbers.get(&member.sid) else { return false };
    if address::is_whatsapp(to) {
        return number.whatsapp;
    }
    let reaches = number.kind != NumberKind::ShortCode || address::is_north_american(to);
    number.capabilities.sms && (media == 0 || number.capabilities.mms) && reaches
}

/// The area code of a number of the North American plan.
fn area(number: &str) -> Option<&str> {
    address::bare(number).strip_prefix("+1")?.get(..3)
}
