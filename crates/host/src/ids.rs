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

/// The identifier of something that is made once for its key: the same key and time always give the same. It sorts by
/// that time.
pub(crate) fn id_of_key(prefix: &str, since: jiff::Timestamp, key: &str) -> String {
    use sha2::Digest as _;
    let hash = sha2::Sha256::digest(key);
    let chance = hash.iter().take(10).fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
    let ms = u128::try_from(since.as_millisecond()).unwrap_or_default();
    let mut id = String::with_capacity(prefix.len() + 26);
    id.push_str(prefix);
    push_sortable(&mut id, ms << 80 | chance);
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

/// The id of the task that asks what came of a conversation.
pub(crate) fn gather_task_id(conversation: &engine::id::ConversationId) -> engine::id::TaskId {
    let rest = &conversation.as_str()[engine::id::ConversationId::PREFIX.len()..];
    engine::id::TaskId::from_trusted(format!("{}{rest}g", engine::id::TaskId::PREFIX))
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

    #[test]
    fn a_key_has_one_id_and_it_sorts_by_its_time() {
        let at = |ms| jiff::Timestamp::from_millisecond(ms).unwrap();
        let id = id_of_key("msg_", at(1_800_000_000_000), "conv_1.3.call_1");
        assert_eq!(id, id_of_key("msg_", at(1_800_000_000_000), "conv_1.3.call_1"));
        assert_ne!(id, id_of_key("msg_", at(1_800_000_000_000), "conv_1.4.call_1"));
        assert!(id < id_of_key("msg_", at(1_800_000_000_001), "a"));
        assert!(id < new_id("msg_") || jiff::Timestamp::now() < at(1_800_000_000_000));
        assert_eq!((id.len(), engine::id::MessageId::parse(&id).is_some()), (30, true));
    }
}
