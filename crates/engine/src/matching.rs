//! Settles sends whose end is unknown against what the provider lists.
//!
//! Sends of one lane that say the same cannot be told apart, and need not be: rows and listed items
//! are assigned to each other as multisets. What matters is that as many rows count as sent as
//! texts were created, and that a row whose text was not created is found out.

use jiff::{SignedDuration, Timestamp};

/// Clocks and list fields are trusted to this much.
pub const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_secs(60);

/// What a trial account's provider puts before every text.
const TRIAL_PREFIX: &str = "Sent from your Twilio trial account - ";

/// A row of a lane that was handed over, and nobody knows what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct UnknownSend<I> {
    /// The row: a text's or a call's.
    pub of: I,
    /// In the provider's time.
    pub intent_at: Timestamp,
    /// What the provider's list would show of it.
    pub body: String,
    pub text: TextFidelity,
    pub window: Window,
}

/// Whether a trace of a text may still appear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    Open,
    Over,
}

/// Whether the provider keeps a text as it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextFidelity {
    Kept,
    /// Smart encoding, short links, templates, and calls, of which a list does not say what was spoken: the text
    /// says nothing.
    MayBeRewritten,
}

/// An outbound text of the lane as the provider lists it, that belongs to no row of ours.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    pub sid: String,
    pub created_at: Timestamp,
    pub body: String,
}

/// Which unknown sends exist after all.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment<I> {
    /// Row and SID, each at most once.
    pub found: Vec<(I, String)>,
    /// Rows that nothing listed stands for.
    pub missing: Vec<I>,
    /// Listed items that fit no row: another program's, or texts that nobody asked for.
    pub strangers: Vec<String>,
}

/// Assigns listed items to unknown rows of one lane.
///
/// Call it only while no row of the lane is being handed over, with items that no row has claimed.
/// Same text first, then order of creation; where the text may have been rewritten, order alone.
pub fn assign<I: Ord>(mut unknown: Vec<UnknownSend<I>>, mut listed: Vec<Listed>) -> Assignment<I> {
    unknown.sort_by(|a, b| (a.intent_at, &a.of).cmp(&(b.intent_at, &b.of)));
    listed.sort_by(|a, b| (a.created_at, &a.sid).cmp(&(b.created_at, &b.sid)));
    let mut open: Vec<Option<Listed>> = listed.into_iter().map(Some).collect();
    let mut taken: Vec<Option<String>> = vec![None; unknown.len()];
    assign_where(&unknown, &mut open, &mut taken, same_text);
    if !is_ambiguous(&unknown, &open, &taken) {
        assign_where(&unknown, &mut open, &mut taken, may_be_rewritten);
    }
    let mut assignment = Assignment { found: Vec::new(), missing: Vec::new(), strangers: Vec::new() };
    for (row, slot) in unknown.into_iter().zip(taken) {
        match slot {
            Some(sid) => assignment.found.push((row.of, sid)),
            None => assignment.missing.push(row.of),
        }
    }
    assignment.strangers = open.into_iter().flatten().map(|item| item.sid).collect();
    assignment
}

fn assign_where<I>(
    unknown: &[UnknownSend<I>],
    open: &mut [Option<Listed>],
    taken: &mut [Option<String>],
    fits: impl Fn(&UnknownSend<I>, &Listed) -> bool,
) {
    for (row, slot) in unknown.iter().zip(taken) {
        if slot.is_none() {
            *slot = take_first(open, |item| in_time(row, item) && fits(row, item));
        }
    }
}

/// Different texts that may all have been rewritten, and fewer items than rows: which row an item belongs to
/// cannot be told yet, and the missing ones may still appear.
fn is_ambiguous<I>(unknown: &[UnknownSend<I>], open: &[Option<Listed>], taken: &[Option<String>]) -> bool {
    let rows = unknown.iter().zip(taken).filter(|(_, slot)| slot.is_none());
    let rows: Vec<&UnknownSend<I>> =
        rows.map(|(row, _)| row).filter(|row| row.text == TextFidelity::MayBeRewritten).collect();
    let differ = rows.iter().any(|row| row.body != rows[0].body);
    let waiting = rows.iter().all(|row| row.window == Window::Open);
    differ && waiting && open.iter().flatten().count() < rows.len()
}

fn take_first(open: &mut [Option<Listed>], fits: impl Fn(&Listed) -> bool) -> Option<String> {
    let slot = open.iter_mut().find(|slot| slot.as_ref().is_some_and(&fits))?;
    slot.take().map(|item| item.sid)
}

fn in_time<I>(row: &UnknownSend<I>, item: &Listed) -> bool {
    item.created_at >= row.intent_at - CLOCK_TOLERANCE
}

fn same_text<I>(row: &UnknownSend<I>, item: &Listed) -> bool {
    let listed = item.body.strip_prefix(TRIAL_PREFIX).unwrap_or(&item.body);
    listed == row.body
}

fn may_be_rewritten<I>(row: &UnknownSend<I>, item: &Listed) -> bool {
    // An empty text in the list was redacted.
    row.text == TextFidelity::MayBeRewritten || item.body.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::MessageId;
    use proptest::prelude::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).expect("in range")
    }

    fn row(n: u32, second: i64, body: &str, text: TextFidelity) -> UnknownSend<MessageId> {
        let of = MessageId::from_trusted(format!("msg_{n}"));
        UnknownSend { of, intent_at: at(second), body: body.into(), text, window: Window::Open }
    }

    fn item(n: u32, second: i64, body: &str) -> Listed {
        Listed { sid: format!("SM{n}"), created_at: at(second), body: body.into() }
    }

    #[test]
    fn alike_rows_take_items_in_order_of_creation() {
        let rows = vec![row(2, 5, "hi", TextFidelity::Kept), row(1, 0, "hi", TextFidelity::Kept)];
        let got = assign(rows, vec![item(9, 6, "hi")]);
        assert_eq!(got.found, [(MessageId::from_trusted("msg_1"), "SM9".into())]);
        assert_eq!(got.missing, [MessageId::from_trusted("msg_2")]);
    }

    #[test]
    fn another_text_is_another_programs() {
        let got = assign(vec![row(1, 0, "hi", TextFidelity::Kept)], vec![item(1, 1, "ho")]);
        assert!(got.found.is_empty());
        assert_eq!(got.strangers, ["SM1"]);
    }

    #[test]
    fn a_rewritten_text_matches_after_the_exact_ones() {
        let rows = vec![
            row(1, 0, "it\u{2019}s", TextFidelity::MayBeRewritten),
            row(2, 1, "ok", TextFidelity::MayBeRewritten),
        ];
        let got = assign(rows, vec![item(1, 1, "ok"), item(2, 2, "it's")]);
        let id = MessageId::from_trusted;
        assert_eq!(got.found, [(id("msg_1"), "SM2".into()), (id("msg_2"), "SM1".into())]);
    }

    #[test]
    fn different_rewritten_texts_wait_for_each_other() {
        let rows = || {
            vec![
                row(1, 0, "one", TextFidelity::MayBeRewritten),
                row(2, 1, "two", TextFidelity::MayBeRewritten),
            ]
        };
        assert_eq!(assign(rows(), vec![item(1, 2, "2")]).found.len(), 0, "whose it is cannot be told yet");
        assert_eq!(assign(rows(), vec![item(1, 2, "1"), item(2, 2, "2")]).found.len(), 2);
        let over = rows().into_iter().map(|row| UnknownSend { window: Window::Over, ..row });
        assert_eq!(assign(over.collect(), vec![item(1, 2, "2")]).found.len(), 1);
    }

    #[test]
    fn trial_prefix_redaction_and_old_items() {
        let rows = |n| vec![row(n, 100, "hi", TextFidelity::Kept)];
        let prefixed = item(1, 100, "Sent from your Twilio trial account - hi");
        assert_eq!(assign(rows(1), vec![prefixed]).found.len(), 1);
        assert_eq!(assign(rows(1), vec![item(1, 100, "")]).found.len(), 1);
        assert_eq!(assign(rows(1), vec![item(1, 39, "hi")]).found.len(), 0);
        assert_eq!(assign(rows(1), vec![item(1, 40, "hi")]).found.len(), 1);
    }

    proptest! {
        /// Every row and every item ends in exactly one place, and alike rows are found as often as
        /// the smaller side allows.
        #[test]
        fn assignment_is_a_matching(
            rows in prop::collection::vec((0..50i64, 0..3u8, any::<bool>()), 0..12),
            items in prop::collection::vec((0..50i64, 0..3u8), 0..12),
        ) {
            let texts = ["a", "b", "c"];
            let unknown: Vec<_> = rows.iter().enumerate().map(|(n, (s, t, kept))| {
                let text = if *kept { TextFidelity::Kept } else { TextFidelity::MayBeRewritten };
                row(n as u32, *s, texts[*t as usize], text)
            }).collect();
            let listed: Vec<_> =
                items.iter().enumerate().map(|(n, (s, t))| item(n as u32, *s, texts[*t as usize])).collect();
            let got = assign(unknown, listed);
            prop_assert_eq!(got.found.len() + got.missing.len(), rows.len());
            prop_assert_eq!(got.found.len() + got.strangers.len(), items.len());
            let mut sids: Vec<_> = got.found.iter().map(|(_, sid)| sid).chain(&got.strangers).collect();
            sids.sort();
            sids.dedup();
            prop_assert_eq!(sids.len(), items.len());
            for (t, _) in texts.iter().enumerate() {
                let count = |rows: &[(i64, u8, bool)]| rows.iter().filter(|r| usize::from(r.1) == t).count();
                if rows.iter().all(|r| r.2) {
                    let same = items.iter().filter(|i| usize::from(i.1) == t).count();
                    let found = got.found.iter().filter(|(id, _)| {
                        let n: usize = id.as_str()[4..].parse().expect("made here");
                        usize::from(rows[n].1) == t
                    }).count();
                    prop_assert_eq!(found, count(&rows).min(same));
                }
            }
        }
    }
}
