//! What can be set about sending and looking after.

use std::time::Duration;

/// All durations of requests and leases are real time; windows and intervals are domain time.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Longest time that one request to the provider may take.
    pub request_limit: Duration,
    /// Requests to the provider under way at once, on this node.
    pub requests_at_once: usize,
    /// How long the fate of a text or a call is looked up before it counts as not created.
    pub settle_window: Duration,
    /// Between two look-ups of one.
    pub settle_every: Duration,
    /// What happens to a text without a trace.
    pub on_unknown: OnUnknown,
    /// What happens to a call without a trace: a phone that rings twice is worse than one that does not.
    pub on_unknown_calls: OnUnknown,
    /// How often one may be sent anew after a settling window without a trace of it.
    pub resends_max: u32,
    /// How long one is tried while the provider cannot be reached or asks us to wait.
    pub give_up_after: Duration,
    /// Between two reconciliation passes of one credential.
    pub reconcile_every: Duration,
    /// How far back a pass looks beyond what it saw already: lists lag.
    pub reconcile_overlap: Duration,
    /// Longest time that other nodes' work stays unseen (PostgreSQL).
    pub poll_every: Duration,
    /// Tasks handled at once, on this node.
    pub tasks_at_once: usize,
    /// How long a shutdown waits for what is under way.
    pub shutdown_grace: Duration,
    /// How long provider webhooks are kept.
    pub keep_webhooks: Duration,
}

/// What happens to a text or a call whose fate stays unknown after the settling window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnUnknown {
    Resend,
    Hold,
}

impl Default for Settings {
    fn default() -> Self {
        let minutes = |n: u64| Duration::from_secs(60 * n);
        Settings {
            request_limit: Duration::from_secs(15),
            requests_at_once: 256,
            settle_window: minutes(2),
            settle_every: Duration::from_secs(5),
            on_unknown: OnUnknown::Resend,
            on_unknown_calls: OnUnknown::Hold,
            resends_max: 3,
            give_up_after: minutes(24 * 60),
            reconcile_every: minutes(1),
            reconcile_overlap: minutes(5),
            poll_every: Duration::from_millis(500),
            tasks_at_once: 512,
            shutdown_grace: Duration::from_secs(20),
            keep_webhooks: minutes(30 * 24 * 60),
        }
    }
}

impl Settings {
    /// Spare time that a lease must have beyond the request's limit when the request begins.
    pub const LEASE_MARGIN: Duration = Duration::from_secs(5);

    /// How long a claimed task is ours.
    pub(crate) fn lease(&self) -> Duration {
        // Room for the work before the request, and for the commit after it.
        self.request_limit + Self::LEASE_MARGIN + Duration::from_secs(10)
    }

    pub(crate) fn lease_ms(&self) -> i64 {
        i64::try_from(self.lease().as_millis()).unwrap_or(i64::MAX)
    }
}
