//! Makes identifiers: 26 characters that sort by the time they were made at.

use std::fmt::Write;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A new identifier with this prefix.
pub fn new_id(prefix: &str) -> String {
    let mut id = String::with_capacity(prefix.len() + 26);
    id.push_str(prefix);
    push_sortable(&mut id, uuid::Uuid::now_v7().as_u128());
    id
}

fn push_sortable(text: &mut String, number: u128) {
    for position in (0..26).rev() {
        let digit = (number >> (position * 5)) & 31;
        text.push(char::from(ALPHABET[digit as usize]));
    }
}

/// The id of a run's timer: the same key always gives the same id, so that it can be cancelled.
pub(crate) fn timer_task_id(run: &engine::id::RunId, key: engine::effect::TimerKey) -> engine::id::TaskId {
    let mut id = String::from(engine::id::TaskId::PREFIX);
    id.push_str(&run.as_str()[engine::id::RunId::PREFIX.len()..]);
    let purpose = match key.purpose {
        engine::effect::TimerPurpose::Wait => 'w',
        engine::effect::TimerPurpose::ReplyTimeout => 'r',
        engine::effect::TimerPurpose::DeliveryTimeout => 'd',
        engine::effect::TimerPurpose::Retry => 't',
        engine::effect::TimerPurpose::RunAge => 'a',
    };
    write!(id, "{purpose}{}", key.step).expect("writing to a string cannot fail");
    engine::id::TaskId::from_trusted(id)
}

/// The id of a conversation's timer, likewise.
pub(crate) fn conversation_timer_id(
    conversation: &engine::id::ConversationId,
    timer: engine::conversation::Timer,
) -> engine::id::TaskId {
    let rest = &conversation.as_str()[engine::id::ConversationId::PREFIX.len()..];
    let purpose = match timer {
        engine::conversation::Timer::Reminder => "m",
        engine::conversation::Timer::Expiry => "x",
    };
    engine::id::TaskId::from_trusted(format!("{}{rest}{purpose}", engine::id::TaskId::PREFIX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_time_and_parse() {
        let ids: Vec<String> = (0..1000).map(|_| new_id("run_")).collect();
        assert!(ids.is_sorted());
        assert!(engine::id::RunId::parse(&ids[0]).is_some());
        assert_eq!(ids[0].len(), 30);
    }
}
