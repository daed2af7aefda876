//! What results and outcomes of calls and of agents are called.

/// Results of a call that `save` may name.
pub(crate) const CALL_RESULTS: &[&str] = &[
    "sid",
    "date_created",
    "date_updated",
    "date_sent",
    "account_sid",
    "to",
    "from",
    "status",
    "price",
    "currency",
    "price_unit",
    "error_code",
    "error_message",
    "direction",
    "start_time",
    "end_time",
    "duration",
    "answered_by",
    "outcome",
    "cost",
];

/// Where results of a call go when `save` is not written. A call is sent when somebody answers.
pub(crate) const CALL_SAVE_DEFAULTS: &[(&str, &str)] = &[
    ("sid", "messageSid"),
    ("status", "messageStatus"),
    ("date_sent", "sentTimestamp"),
    ("price", "messageCost"),
    ("to", "recipientNumber"),
    ("error_code", "messageErrorCode"),
    ("duration", "callDuration"),
    ("answered_by", "answeredBy"),
];

/// Further ones where an agent talks.
pub(crate) const CALL_SAVE_DEFAULTS_OF_AGENTS: &[(&str, &str)] = &[("cost", "conversationCost")];

/// Outcomes of a call that says something of its own.
pub(crate) const CALL_OUTCOMES: &[&str] = &[
    "accepted",
    "completed",
    "confirmed",
    "transferred",
    "voicemail",
    "hung_up",
    "no_answer",
    "busy",
    "authentication_failed",
    "invalid_phone_number",
    "from_number_not_owned",
    "message_blocked",
    "opted_out",
    "insufficient_funds",
    "rate_limit_exceeded",
    "unreachable",
    "failed",
    "canceled",
];

/// Outcomes of a call that an agent holds.
pub(crate) const AGENT_OUTCOMES: &[&str] = &[
    "accepted",
    "completed",
    "ended",
    "transferred",
    "max_retries",
    "timeout",
    "voicemail",
    "hung_up",
    "no_answer",
    "busy",
    "authentication_failed",
    "invalid_phone_number",
    "from_number_not_owned",
    "message_blocked",
    "opted_out",
    "insufficient_funds",
    "rate_limit_exceeded",
    "unreachable",
    "failed",
    "canceled",
];

/// Outcomes of a conversation that an agent holds by text.
pub(crate) const TEXT_AGENT_OUTCOMES: &[&str] = &[
    "completed",
    "ended",
    "transferred",
    "max_retries",
    "timeout",
    "opted_out",
    "authentication_failed",
    "invalid_phone_number",
    "from_number_not_owned",
    "message_blocked",
    "insufficient_funds",
    "rate_limit_exceeded",
    "unreachable",
    "carrier_filtered",
    "window_closed",
    "undelivered",
    "failed",
    "canceled",
];
