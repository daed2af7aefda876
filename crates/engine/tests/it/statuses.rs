//! The lattice of statuses: whatever comes twice, late or out of order, the same stands at the end.

use crate::build::message_of;
use engine::effect::{EffectKey, SendMessage};
use engine::message::{
    Channel, Content, Lattice, Message, MessageClass, Outbound, Receipt, Report, SidSource, State, Status,
};
use jiff::Timestamp;
use proptest::prelude::*;

const ALL: [Status; 11] = [
    Status::Accepted,
    Status::Scheduled,
    Status::Queued,
    Status::Sending,
    Status::Sent,
    Status::Failed,
    Status::Canceled,
    Status::Undelivered,
    Status::PartiallyDelivered,
    Status::Delivered,
    Status::Read,
];

fn fresh() -> Message {
    let send = SendMessage {
        channel: Channel::Sms,
        credential: None,
        from: "+15551234567".into(),
        to: "+15559876543".into(),
        content: Content { body: Some("hello".into()), ..Content::default() },
        class: MessageClass::default(),
        retry_of: None,
    };
    let mut message = message_of(EffectKey { step: 1, n: 0 }, &send, Timestamp::UNIX_EPOCH);
    (message.progress.state, message.progress.status, message.progress.sid, message.progress.sid_source) =
        (State::Dispatching, None, None, None);
    message
}

/// A report as one message's provider would make it: a failure always has the same code.
fn report() -> impl Strategy<Value = Report> {
    (prop::option::of(prop::sample::select(&ALL[..])), any::<bool>(), any::<bool>()).prop_map(
        |(status, priced, dated)| Report {
            sid: "SM1".into(),
            status,
            error_code: status.filter(|status| status.is_failure()).map(|_| 30003),
            error_message: None,
            from: None,
            service: None,
            receipt: Receipt {
                price: priced.then(|| "-0.0075".into()),
                date_sent: dated.then_some(Timestamp::UNIX_EPOCH),
                ..Receipt::default()
            },
        },
    )
}

fn absorbed<'r>(reports: impl IntoIterator<Item = &'r Report>) -> Message {
    let mut message = fresh();
    for report in reports {
        message.absorb(report, SidSource::Callback, Timestamp::UNIX_EPOCH);
    }
    message
}

proptest! {
    #[test]
    fn any_order_ends_alike(
        (reports, shuffled) in prop::collection::vec(report(), 0..8)
            .prop_flat_map(|reports| (Just(reports.clone()), Just(reports).prop_shuffle())),
    ) {
        prop_assert_eq!(absorbed(&reports), absorbed(&shuffled));
    }

    #[test]
    fn twice_is_once(reports in prop::collection::vec(report(), 0..8)) {
        prop_assert_eq!(absorbed(&reports), absorbed(reports.iter().flat_map(|report| [report, report])));
        let mut message = absorbed(&reports);
        for report in &reports {
            prop_assert!(!message.absorb(report, SidSource::Callback, Timestamp::UNIX_EPOCH), "nothing is new");
        }
    }
}

#[test]
fn the_greater_status_is_a_join() {
    let join = |a: Status, b: Status| if b.beats(Some(a)) { b } else { a };
    for a in ALL {
        assert_eq!(join(a, a), a);
        for b in ALL {
            assert_eq!(join(a, b), join(b, a), "{a:?} {b:?}");
            for c in ALL {
                assert_eq!(join(join(a, b), c), join(a, join(b, c)), "{a:?} {b:?} {c:?}");
            }
        }
    }
}
