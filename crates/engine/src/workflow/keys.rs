//! Every key of a workflow file, with what it takes and what it is for.
//!
//! The loader reads by these tables and the published JSON Schema is made from them, so the two
//! cannot differ.

mod calls;

pub(crate) use calls::{
    AGENT_OUTCOMES, CALL_OUTCOMES, CALL_RESULTS, CALL_SAVE_DEFAULTS, CALL_SAVE_DEFAULTS_OF_AGENTS,
    TEXT_AGENT_OUTCOMES,
};

use crate::document::Unit;
use crate::sending::MessageClass;

/// The keys that a map may have.
#[derive(Debug)]
pub(crate) struct Table {
    /// What the map is, in messages: `a block`, `the trigger`.
    pub(crate) noun: &'static str,
    pub(crate) keys: &'static [Key],
}

#[derive(Debug)]
pub(crate) struct Key {
    pub(crate) name: &'static str,
    /// Other labels under which the key is documented.
    pub(crate) aliases: &'static [&'static str],
    pub(crate) shape: Shape,
    pub(crate) need: Need,
    pub(crate) doc: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    Required,
    Optional,
    /// Optional, in blocks that send a text.
    Texts,
    /// Optional, in blocks that call.
    Calls,
    /// Optional, in blocks that call and say something of their own.
    Announcements,
    /// Required in blocks whose call an agent holds; in blocks that send a text, an agent writes it.
    Agents,
    /// Optional, in blocks that call or whose texts an agent writes.
    Spoken,
}

/// What stands under a key.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    /// A text with template tags that people will read: a comment behind it is suspicious.
    Prose,
    /// A text with template tags.
    Template,
    Expression,
    /// A text without tags.
    Plain,
    Target,
    /// Outcomes with their targets.
    Outcomes,
    Duration(Unit),
    /// A duration that may be negative.
    Offset(Unit),
    OneOf(&'static [&'static str]),
    Plains,
    /// One text with tags, or a list of them.
    Templates,
    TemplateMap,
    /// Names with values of any kind, texts in them with tags.
    Values,
    Whole,
    Wholes,
    /// A key of a phone.
    PhoneKey,
    /// An agent's name, or the agent.
    AgentRef,
    Sub(&'static Table),
    Trigger,
    Inputs,
    Blocks,
    Save,
    Retry,
    Answers,
    Cases,
    /// `true` or `false`.
    Flag,
    /// A number that may have a fraction.
    Real,
    /// A whole number from 0.
    Count,
    /// What only agents have.
    Agent(AgentShape),
}

/// Shapes of an agent's keys.
#[derive(Clone, Copy, Debug)]
pub(crate) enum AgentShape {
    /// A text with tags that is said, or one for each language.
    Speech,
    /// Such a text, or a list of them.
    Speeches,
    /// A name, or one for each language.
    PlainByLanguage,
    Questions,
    Choices,
    Actions,
    Condition,
    /// What a condition compares with: a text or a list of texts.
    Operand,
    Phrases,
    /// Any key of an LLM agent once more.
    LlmKeys,
    /// JSON Schema of an object, or names with the schema of each.
    JsonSchema,
    Fallback,
    /// `true`, `false`, or a text in its place.
    SpeechOrFlag,
    /// `true`, `false`, or for how long.
    Cache,
    InstantAnswers,
    Tools,
    Claims,
    /// What a request carries: a text or a tree.
    Body,
    /// One question.
    Question,
    Summary,
    Outcomes,
}

pub(crate) const fn key(name: &'static str, shape: Shape, need: Need, doc: &'static str) -> Key {
    Key { name, aliases: &[], shape, need, doc }
}

impl Key {
    pub(crate) const fn aliases(mut self, aliases: &'static [&'static str]) -> Key {
        self.aliases = aliases;
        self
    }
}

use Need::{Agents, Announcements, Calls, Optional, Required, Spoken, Texts};
use Shape::*;

pub(crate) static WORKFLOW: Table = Table {
    noun: "a workflow",
    keys: &[
        key("$schema", Plain, Optional, "Where editors find this schema; of no meaning to the workflow."),
        key("name", Plain, Optional, "Name of the workflow; without it, the file's name without its ending."),
        key("trigger", Trigger, Optional, "What starts a run; without it, `manual`."),
        key(
            "input",
            Inputs,
            Optional,
            "What a run is started with: each name with its JSON Schema. Required unless it has a `default`.",
        ),
        key("blocks", Blocks, Required, "What is done. The first block starts."),
        key(
            "onError",
            Target,
            Optional,
            "The block where a failure goes that no outcome catches; it finds `error.code`, `error.message` and `error.block`.",
        ),
        key("credential", Plain, Optional, "Name of the credential for all blocks.")
            .aliases(&["Credential Name"]),
        key("from", Template, Optional, "Sender for all blocks.").aliases(&["From Number"]),
        key(
            "region",
            Plain,
            Optional,
            "Country for phone numbers without a country code, as two letters of ISO 3166.",
        ),
        key(
            "language",
            Plain,
            Optional,
            "Language of formatted dates, numbers and money, as a tag such as `en-US`.",
        ),
        key(
            "timeZone",
            Plain,
            Optional,
            "Time zone of dates and times, as a name of the tz database such as `Europe/Berlin`.",
        ),
        key(
            "messageClass",
            OneOf(MessageClass::NAMES),
            Optional,
            "What the texts are, for the rules on when and to whom they may go; without it, `transactional`.",
        ),
    ],
};

pub(crate) const TRIGGERS: &[&str] = &["manual", "webhook", "incomingMessage", "incomingCall"];
pub(crate) const TRIGGERS_LATER: &[&str] = &["schedule", "event"];

pub(crate) static MANUAL: Table = Table { noun: "a manual trigger", keys: &[] };

pub(crate) static WEBHOOK: Table = Table {
    noun: "a webhook trigger",
    keys: &[
        key(
            "path",
            Plain,
            Required,
            "Last part of the address `/hooks/{path}`: letters, digits, `-`, `_`, `.` and `~`.",
        ),
        key(
            "respond",
            OneOf(&["stored", "result"]),
            Optional,
            "When the request is answered: as soon as the run is `stored` (which is usual), or with its `result`.",
        ),
        key(
            "respondTimeout",
            Duration(Unit::Seconds),
            Optional,
            "With `respond: result`, how long the answer may wait for the run's end: up to 120 s, 30 s where nothing is said.",
        ),
        key("dedupeBy", Plain, Optional, "Input whose value makes a second request the same as the first."),
    ],
};

pub(crate) static INCOMING_MESSAGE: Table = Table {
    noun: "an incomingMessage trigger",
    keys: &[
        key("channel", OneOf(&["sms", "whatsapp"]), Optional, "Only texts of this channel."),
        key("to", Plains, Optional, "Only texts to these senders of ours: addresses or names."),
        key("words", Plains, Optional, "Only texts that are one of these, whatever their case."),
    ],
};

pub(crate) static INCOMING_CALL: Table = Table {
    noun: "an incomingCall trigger",
    keys: &[key("to", Plains, Optional, "Only calls to these numbers of ours: addresses or names.")],
};

pub(crate) const BLOCK_TYPES: &[&str] =
    &["twilio", "waitForReply", "wait", "condition", "switch", "set", "end"];
pub(crate) const BLOCK_TYPES_LATER: &[&str] = &["code", "http", "forEach", "subflow", "waitForEvent"];

/// The keys that every block has.
pub(crate) static BLOCK: Table = Table {
    noun: "a block",
    keys: &[
        key("id", Plain, Required, "Name of the block, for `next` and `on`: letters, digits, `_` and `-`."),
        key("type", OneOf(BLOCK_TYPES), Required, "What the block does."),
        key("on", Outcomes, Optional, "Where to go by outcome: an id, or `end`."),
        key(
            "next",
            Target,
            Optional,
            "Where to go by every outcome that `on` does not name, but for failures: an id, or `end`. Without it, on in sequence, past all blocks that are only reached by a branch.",
        ),
    ],
};

pub(crate) const MESSAGE_TYPES: &[&str] = &["sms", "whatsapp", "voice", "voiceAgent"];

pub(crate) static TWILIO: Table = Table {
    noun: "a twilio block",
    keys: &[
        key("messageType", OneOf(MESSAGE_TYPES), Required, "How it goes out."),
        key("credential", Plain, Optional, "Name of the credential; needed where several exist and the workflow names none.").aliases(&["Credential Name"]),
        key("from", Template, Optional, "Sender: a number in E.164, a short code, an alphanumeric sender, `MG…`, or the name of a sender or pool. Needed where the workflow has none.").aliases(&["From Number"]),
        key("to", Template, Optional, "Recipient: a phone number; blanks, dots, hyphens and brackets are dropped. A call without it answers the call that started the run (`trigger: incomingCall`).").aliases(&["To Number"]),
        key("message", Prose, Optional, "The text, up to 1,600 characters; in a call, what is spoken.").aliases(&["SMS Message", "WhatsApp Message", "Voice Message"]),
        key("media", Templates, Texts, "Addresses of up to ten pictures or other media.").aliases(&["Media URL", "Media URLs"]),
        key("contentSid", Template, Texts, "Approved template, `HX…`. Beside `message`, it is sent outside of WhatsApp's 24-hour window."),
        key("contentVariables", TemplateMap, Texts, "Values of the approved template's variables."),
        key("location", Sub(&LOCATION), Texts, "A place to send, by WhatsApp."),
        key("until", OneOf(UNTIL), Optional, "When the block is done. A text: `accepted` where nothing is said; naming `delivered`, `undelivered` or `read` under `on` implies `delivered`, as `retry` does; naming `sent` implies `sent`. A call: `completed` where nothing is said, which is when it has ended, whatever came of it; or `accepted`."),
        key("deliveryTimeout", Duration(Unit::Seconds), Optional, "How long a receipt is waited for, 1 h where nothing is said; then the outcome is `sent`. For a call, how long its end is waited for, beyond the longest that it may take."),
        key("save", Save, Optional, "Which results go to which variables, or `false`. Where nothing is said: `sid` to `messageSid`, `status` to `messageStatus`, `date_sent` to `sentTimestamp`, `price` to `messageCost`, `to` to `recipientNumber`, `error_code` to `messageErrorCode`; of a call also `duration` to `callDuration` and `answered_by` to `answeredBy`, and where an agent talks `cost` to `conversationCost`."),
        key("retry", Retry, Optional, "After a final failure, a new text or call: how many are tried in all, or `attempts`, `delay` and, for texts, `codes`, for calls `outcomes` and `within`. Where nothing is said, no other is tried."),
        key("voice", Plain, Calls, "Voice that speaks: `man`, `woman`, `alice`, or any voice that `switchboard voices` lists."),
        key("language", Plain, Spoken, "Language that is spoken, as a tag such as `en-US`; without it, the workflow's. Of an agent's texts, the person's language."),
        key("recordCall", Flag, Calls, "Whether the call is recorded.").aliases(&["Record"]),
        key("callTimeout", Duration(Unit::Seconds), Calls, "Longest duration of the call, up to 24 h; 4 h where nothing is said.").aliases(&["Call Duration", "Maximum Call Duration"]),
        key("ringTimeout", Duration(Unit::Seconds), Calls, "How long the call rings, up to 10 minutes; 60 s where nothing is said."),
        key("machineDetection", OneOf(DETECTIONS), Calls, "Whether it is found out that a machine answers: `off`; in the `background`, while the message is spoken; or before anything is spoken (`wait`), where a machine's greeting and beep are waited for. Naming `voicemail` under `on` implies `background`, and `voicemailMessage` implies `wait`."),
        key("audio", Template, Announcements, "Address of a recording to play, before the message or instead of it."),
        key("voicemailMessage", Prose, Announcements, "What is left on an answering machine instead of the message."),
        key("repeatKey", PhoneKey, Announcements, "Key that has everything said once more."),
        key("confirmKey", PhoneKey, Announcements, "Key by which the person confirms; the outcome is `confirmed`."),
        key("confirmMessage", Prose, Announcements, "What is spoken once the person has confirmed."),
        key("connectTo", Template, Announcements, "Number of a person who takes the call over: after the message, or when `connectKey` is pressed."),
        key("connectKey", PhoneKey, Announcements, "Key that connects to `connectTo`."),
        key("agent", AgentRef, Agents, "Name of the agent that holds the conversation, or the agent itself. In a text, the agent asks one question a message, and the block is done when the conversation has ended."),
    ],
};

/// What a text has not that an agent writes: it says what it says, and is done when it has heard all.
pub(crate) const NOT_OF_INTERVIEWS: &[&str] =
    &["message", "media", "location", "until", "deliveryTimeout", "save", "retry"];

/// What a call has not that is answered: it was placed by somebody else.
pub(crate) const NOT_OF_ANSWERS: &[&str] = &[
    "from",
    "credential",
    "until",
    "deliveryTimeout",
    "retry",
    "callTimeout",
    "ringTimeout",
    "machineDetection",
    "voicemailMessage",
];

const UNTIL: &[&str] = &["accepted", "sent", "delivered", "completed"];

pub(crate) const DETECTIONS: &[&str] = &["off", "background", "wait"];

pub(crate) static LOCATION: Table = Table {
    noun: "a location",
    keys: &[
        key("latitude", Template, Required, "Degrees, north positive."),
        key("longitude", Template, Required, "Degrees, east positive."),
        key("label", Prose, Optional, "Name of the place."),
        key("address", Prose, Optional, "Address of the place."),
    ],
};

pub(crate) static RETRY: Table = Table {
    noun: "`retry`",
    keys: &[
        key(
            "attempts",
            Whole,
            Optional,
            "How many texts are tried in all, from 1 to 10; 2 where nothing is said.",
        ),
        key(
            "delay",
            Duration(Unit::Seconds),
            Optional,
            "How long after a failure the next one goes out; 5 minutes where nothing is said.",
        ),
        key(
            "codes",
            Wholes,
            Optional,
            "Error codes after which another is tried; 30001, 30003 and 30008 where nothing is said.",
        ),
    ],
};

pub(crate) static CALL_RETRY: Table = Table {
    noun: "`retry`",
    keys: &[
        key(
            "attempts",
            Whole,
            Optional,
            "How many calls are tried in all, from 1 to 10; 2 where nothing is said.",
        ),
        key(
            "delay",
            Duration(Unit::Seconds),
            Optional,
            "How long after a call the next one is placed; 5 minutes where nothing is said.",
        ),
        key(
            "outcomes",
            Plains,
            Optional,
            "Outcomes after which another is tried: `no_answer`, `busy`, `voicemail`, `hung_up` or `failed`; `no_answer` and `busy` where nothing is said.",
        ),
        key(
            "within",
            Plain,
            Optional,
            "Calling hours of further calls, such as `09:00-20:00`, in the workflow's time zone; one that would come outside waits for their begin.",
        ),
    ],
};

/// Outcomes after which a block may call again.
pub(crate) const RETRIED_OUTCOMES: &[&str] = &["no_answer", "busy", "voicemail", "hung_up", "failed"];

pub(crate) static WAIT_FOR_REPLY: Table = Table {
    noun: "a waitForReply block",
    keys: &[
        key(
            "timeout",
            Duration(Unit::Seconds),
            Optional,
            "How long an answer is waited for; then the outcome is `timeout`.",
        ),
        key(
            "answers",
            Answers,
            Optional,
            "Outcomes by what is answered: `yes_no`, `number`, or names of your own, each with the words it stands for or an object. The first that fits names the outcome; what fits none is `other` where `on` names that, else `reply`.",
        ),
    ],
};

pub(crate) const ANSWER_TYPES: &[&str] = &["words", "yes", "no", "number", "choice", "pattern"];

pub(crate) static ANSWER: Table = Table {
    noun: "an answer",
    keys: &[
        key(
            "type",
            OneOf(ANSWER_TYPES),
            Optional,
            "How it is told: by whole `words`, a `yes` or a `no` in their many forms, a `number`, a `choice` by its text or place in the list, or a `pattern`. Where nothing is said, by which key is there.",
        ),
        key(
            "words",
            Plains,
            Optional,
            "Texts that the whole answer equals; case, punctuation and blanks do not count.",
        ),
        key("choices", Plains, Optional, "Texts to choose from, by text or by number from 1."),
        key("pattern", Plain, Optional, "Regular expression that the answer has a match of."),
    ],
};

pub(crate) static WAIT: Table = Table {
    noun: "a wait block",
    keys: &[
        key("duration", Duration(Unit::Seconds), Optional, "How long to wait.").aliases(&["for"]),
        key(
            "until",
            Template,
            Optional,
            "The moment to wait for: a time stamp, a date, a date and time, or text such as `tomorrow 9:00`.",
        ),
        key("offset", Offset(Unit::Seconds), Optional, "Added to `until`: `-24h` is a day before it."),
        key(
            "ifPast",
            OneOf(&["now", "skip", "fail"]),
            Optional,
            "Where the moment has passed: go on by outcome `past` (`now`, which is usual), go on by outcome `skipped` (`skip`), or fail.",
        ),
        key(
            "timeZone",
            Plain,
            Optional,
            "Time zone of `until`, where it says none; without it, the workflow's.",
        ),
    ],
};

pub(crate) static CONDITION: Table = Table {
    noun: "a condition block",
    keys: &[key(
        "if",
        Expression,
        Required,
        "Expression such as `orderTotal > 100`; the outcomes are `true` and `false`.",
    )],
};

pub(crate) static SWITCH: Table = Table {
    noun: "a switch block",
    keys: &[
        key("value", Template, Required, "The text that is compared."),
        key(
            "cases",
            Cases,
            Required,
            "What it may be, each with where to go then. The first that fits decides.",
        ),
        key("else", Target, Optional, "Where to go when no case fits; without it, as `next` says."),
    ],
};

pub(crate) static CASE: Table = Table {
    noun: "a case",
    keys: &[
        key(
            "equals",
            Plains,
            Required,
            "A text, or several. Case, punctuation and blanks do not count; numbers compare by value.",
        ),
        key("next", Target, Required, "Where to go: an id, or `end`."),
    ],
};

pub(crate) static SET: Table = Table {
    noun: "a set block",
    keys: &[key(
        "values",
        Values,
        Required,
        "Variables with their new values, set in order. A text that is one tag keeps the type of its value.",
    )],
};

pub(crate) static END: Table = Table {
    noun: "an end block",
    keys: &[
        key("fail", Prose, Optional, "Fails the run with this reason."),
        key("result", Values, Optional, "What the run answers, where somebody waits for its result."),
    ],
};

/// The table of a block type, by its name.
pub(crate) fn block_table(block_type: &str) -> Option<&'static Table> {
    Some(match block_type {
        "twilio" => &TWILIO,
        "waitForReply" => &WAIT_FOR_REPLY,
        "wait" => &WAIT,
        "condition" => &CONDITION,
        "switch" => &SWITCH,
        "set" => &SET,
        "end" => &END,
        _ => return None,
    })
}

/// Results of a text that `save` may name.
pub(crate) const RESULTS: &[&str] = &[
    "sid",
    "date_created",
    "date_updated",
    "date_sent",
    "account_sid",
    "to",
    "from",
    "body",
    "status",
    "num_segments",
    "price",
    "currency",
    "price_unit",
    "error_code",
    "error_message",
    "direction",
    "num_media",
];

/// Where results go when `save` is not written.
pub(crate) const SAVE_DEFAULTS: &[(&str, &str)] = &[
    ("sid", "messageSid"),
    ("status", "messageStatus"),
    ("date_sent", "sentTimestamp"),
    ("price", "messageCost"),
    ("to", "recipientNumber"),
    ("error_code", "messageErrorCode"),
];

/// Outcomes of a text.
pub(crate) const TEXT_OUTCOMES: &[&str] = &[
    "accepted",
    "sent",
    "delivered",
    "read",
    "authentication_failed",
    "invalid_phone_number",
    "from_number_not_owned",
    "message_blocked",
    "opted_out",
    "insufficient_funds",
    "rate_limit_exceeded",
    "unreachable",
    "carrier_filtered",
    "window_closed",
    "undelivered",
    "failed",
    "canceled",
];
