//! Every key of an agent's file, with what it takes and what it is for. The loader, its hints and the published JSON
//! Schema all read these tables.

pub(crate) mod llm;

use crate::document::Unit;
use crate::workflow::keys::AgentShape::{
    Actions, Choices, Condition, Operand, Phrases, PlainByLanguage, Questions, Speech, Speeches,
};
use crate::workflow::keys::Need::{Optional, Required};
use crate::workflow::keys::Shape::{
    Agent, Count, Duration, Flag, OneOf, Plain, Plains, Real, Sub, Target, Template,
};
use crate::workflow::keys::{Table, key};

/// What `agentType` may say of a question agent, beside the first, which is the usual spelling.
pub(crate) const QUESTION_AGENT: &[&str] =
    &["JSON Questions", "JSON Questions Agent", "Questions", "Question Agent"];
/// What `agentType` may say of an agent that talks by a language model.
pub(crate) const LLM_AGENT: &[&str] = &["LLM Agent", "LLM"];

pub(crate) static AGENT: Table = Table {
    noun: "a question agent",
    keys: &[
        key("$schema", Plain, Optional, "Where editors find this schema; of no meaning to the agent."),
        key(
            "agentType",
            Plain,
            Optional,
            "`JSON Questions`; it may be left out where there are `questions`.",
        ),
        key("name", Plain, Optional, "Name of the agent; without it, the file's name without its ending."),
        key(
            "language",
            Plain,
            Optional,
            "Language that is spoken and understood, as a tag such as `es-MX`; `en-US` where nothing is said.",
        ),
        key(
            "languages",
            Plains,
            Optional,
            "Instead of `language`: all languages that the agent has texts in. The first is taken where the person's is unknown or not among them.",
        ),
        key(
            "region",
            Plain,
            Optional,
            "Country of phone numbers that are said without their country code, as two letters of ISO 3166.",
        ),
        key("timeZone", Plain, Optional, "Time zone that `today` is meant in, such as `Europe/Berlin`."),
        key(
            "voice",
            Agent(PlainByLanguage),
            Optional,
            "Voice that speaks: a name, or one for each language.",
        ),
        key("greeting", Agent(Speech), Optional, "What is said first."),
        key(
            "recordingNotice",
            Agent(Speech),
            Optional,
            "What is said behind the greeting of a call, to tell that it is recorded.",
        ),
        key(
            "closing",
            Agent(Speech),
            Optional,
            "The last words; a call has a short goodbye where nothing is said.",
        ),
        key(
            "voicemailMessage",
            Agent(Speech),
            Optional,
            "What is said to an answering machine; without it, the call ends there in silence.",
        ),
        key(
            "sequence",
            OneOf(&["branches", "literal"]),
            Optional,
            "Whether the plain sequence passes over a question that some `next` or `nextQuestionId` names (`branches`, which is usual), or takes the list as it stands (`literal`).",
        ),
        key(
            "announceKeys",
            Flag,
            Optional,
            "Whether callers are told which keys answer; they work in any case.",
        ),
        key(
            "conversationTimeout",
            Duration(Unit::Minutes),
            Optional,
            "How long a call may last before it is brought to an end; a bare number is minutes. Without it there is no such limit.",
        ),
        key(
            "transferTo",
            Template,
            Optional,
            "Phone number that a `transfer` goes to, where the action names none of its own.",
        ),
        key("resume", Sub(&RESUME), Optional, "Whether a call that broke off is gone on with."),
        key("texting", Sub(&TEXTING), Optional, "How long answers are waited for by SMS or WhatsApp."),
        key(
            "phrases",
            Agent(Phrases),
            Optional,
            "Words of your own for what the agent says by itself, such as `sorry` or `goodbye`.",
        ),
        key("questions", Agent(Questions), Required, "What is asked. The first question starts."),
    ],
};

pub(crate) static RESUME: Table = Table {
    noun: "`resume`",
    keys: &[
        key(
            "within",
            Duration(Unit::Minutes),
            Required,
            "How long after a call broke off the next call from or to that person goes on at the open question.",
        ),
        key(
            "callBack",
            Duration(Unit::Minutes),
            Optional,
            "How long after the break we call back, once. Without it we do not.",
        ),
    ],
};

pub(crate) static TEXTING: Table = Table {
    noun: "`texting`",
    keys: &[
        key(
            "remindAfter",
            Duration(Unit::Minutes),
            Optional,
            "How long after a question a reminder follows; 4 hours where nothing is said.",
        ),
        key("reminders", Count, Optional, "How many reminders a question gets; 1 where nothing is said."),
        key(
            "expireAfter",
            Duration(Unit::Minutes),
            Optional,
            "How long after a question the conversation is given up; 24 hours where nothing is said.",
        ),
    ],
};

pub(crate) const ANSWER_TYPES: &[&str] =
    &["text", "number", "yes_no", "multiple_choice", "date", "time", "phone", "email", "digits"];

pub(crate) static QUESTION: Table = Table {
    noun: "a question",
    keys: &[
        key("id", Plain, Required, "Name of the question and of the variable that its answer goes to."),
        key("question", Agent(Speech), Required, "What is asked: a text, or one for each language."),
        key(
            "expectedAnswerType",
            OneOf(ANSWER_TYPES),
            Optional,
            "What the answer is; `text` where nothing is said.",
        )
        .aliases(&["answerType"]),
        key(
            "choices",
            Agent(Choices),
            Optional,
            "What there is to choose from: texts, or `value`, `key` and `synonyms`.",
        ),
        key(
            "maxRetries",
            Count,
            Optional,
            "How often the question is asked again where no answer is understood; 2 where nothing is said.",
        ),
        key(
            "onMaxRetries",
            OneOf(&["continue", "end_call", "transfer"]),
            Optional,
            "What follows then: on without an answer (`continue`, which is usual), or the end, or a transfer.",
        ),
        key(
            "timeout",
            Duration(Unit::Seconds),
            Optional,
            "How long a caller may be silent before the question counts as unanswered; 5 s where nothing is said.",
        ),
        key(
            "required",
            Flag,
            Optional,
            "Whether the question cannot be skipped by key; `false` where nothing is said.",
        ),
        key(
            "retryPrompt",
            Agent(Speeches),
            Optional,
            "How the question is put when it is asked again: a text, or a list with one for each time, the last one repeated.",
        ),
        key(
            "examples",
            Agent(Speeches),
            Optional,
            "Answers that are given as examples when the question is asked again.",
        ),
        key(
            "sayOptions",
            OneOf(&["first", "retry", "never"]),
            Optional,
            "When the choices are read out: each time (`first`), when the question is asked again (`retry`, which is usual), or `never`.",
        ),
        key(
            "confirm",
            Flag,
            Optional,
            "Whether the answer is read back and has to be confirmed; `false` where nothing is said.",
        ),
        key(
            "minConfidence",
            Real,
            Optional,
            "How sure the recogniser must be, from 0 to 1. What is below is read back to be confirmed, and far below asked again; 0 (which is usual) checks nothing.",
        ),
        key(
            "interruptible",
            Flag,
            Optional,
            "Whether a caller may answer before the question is over; `true` where nothing is said.",
        ),
        key("hints", Plains, Optional, "Words that the recogniser should expect, beside the choices."),
        key(
            "sensitive",
            Flag,
            Optional,
            "Whether the answer is kept out of logs, screens and recordings; `false` where nothing is said.",
        ),
        key("audio", Template, Optional, "Address of a recording that is played instead of the question."),
        key(
            "min",
            Real,
            Optional,
            "For a number, the smallest that is taken; for digits, how many there are at least.",
        ),
        key(
            "max",
            Real,
            Optional,
            "For a number, the largest that is taken; for digits, how many there are at most.",
        ),
        key(
            "conditionalActions",
            Agent(Actions),
            Optional,
            "What follows on which answer. The first that holds decides.",
        ),
        key(
            "next",
            Target,
            Optional,
            "The question that follows where no action says otherwise: an id, or `end`. Without it, on in sequence, past all questions that some `next` or `nextQuestionId` names.",
        ),
    ],
};

pub(crate) static CHOICE: Table = Table {
    noun: "a choice",
    keys: &[
        key("value", Plain, Required, "The answer as it is kept, compared and read out."),
        key("key", Plain, Optional, "The key that chooses it; without one, its place in the list."),
        key("synonyms", Plains, Optional, "Other words for it."),
    ],
};

pub(crate) const ACTIONS: &[&str] = &["continue_flow", "end_call", "repeat", "go_back", "transfer"];

pub(crate) static ACTION: Table = Table {
    noun: "a conditional action",
    keys: &[
        key("condition", Agent(Condition), Required, "When the action is taken."),
        key(
            "action",
            OneOf(ACTIONS),
            Optional,
            "What is done; `continue_flow` where nothing is said.",
        ),
        key(
            "nextQuestionId",
            Target,
            Optional,
            "With `continue_flow`, the question that follows: an id, or `end`. Without it, as if no action had held.",
        )
        .aliases(&["next"]),
        key(
            "customMessage",
            Agent(Speech),
            Optional,
            "What is said before what follows; with `end_call`, the last words.",
        ),
        key(
            "transferTo",
            Template,
            Optional,
            "With `transfer`, the phone number; without it, the agent's.",
        ),
    ],
};

pub(crate) const OPERATORS: &[&str] = &[
    "equals",
    "not_equals",
    "contains",
    "not_contains",
    "greater_than",
    "less_than",
    "between",
    "one_of",
    "starts_with",
    "ends_with",
    "matches",
    "is_empty",
    "is_not_empty",
    "any_other",
];

pub(crate) static CONDITION: Table = Table {
    noun: "a condition",
    keys: &[
        key(
            "field",
            Plain,
            Optional,
            "Id of the question whose answer is looked at; without it, the question's own.",
        ),
        key("operator", OneOf(OPERATORS), Required, "How the answer is compared."),
        key(
            "value",
            Agent(Operand),
            Optional,
            "What it is compared with: a text or a number; with `contains`, `one_of` and `between`, several, as a list or with commas between them.",
        ),
    ],
};
