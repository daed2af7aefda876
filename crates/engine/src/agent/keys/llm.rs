//! The keys of agents that talk by a language model.

use crate::document::Unit;
use crate::workflow::keys::AgentShape::{
    Body, Cache, Claims, Fallback, InstantAnswers, JsonSchema, LlmKeys, Outcomes, PlainByLanguage, Question,
    Speech, SpeechOrFlag, Speeches, Summary, Tools,
};
use crate::workflow::keys::Need::{Optional, Required};
use crate::workflow::keys::Shape::{
    Agent, Count, Duration, Flag, OneOf, Plain, Plains, Real, Sub, Template, TemplateMap,
};
use crate::workflow::keys::{Table, key};

/// Under these the same keys may stand as beside them.
pub(crate) const GROUPS: &[&str] = &["openaiConfiguration", "advancedSettings"];

pub(crate) static LLM: Table = Table {
    noun: "an LLM agent",
    keys: &[
        key("$schema", Plain, Optional, "Where editors find this schema; of no meaning to the agent."),
        key("agentType", Plain, Required, "`LLM Agent`."),
        key("name", Plain, Optional, "Name of the agent; without it, the file's name without its ending."),
        key(
            "openaiConfiguration",
            Agent(LlmKeys),
            Optional,
            "A place for any of these keys, as for example `model` and `systemPrompt`.",
        ),
        key(
            "advancedSettings",
            Agent(LlmKeys),
            Optional,
            "Another place for any of these keys, as for example `maxConversationTurns`.",
        ),
        key(
            "credential",
            Plain,
            Optional,
            "Name of the credential of kind `openai` that the model is asked with; it may be left out where there is only one.",
        )
        .aliases(&["apiCredentials", "apiCredential", "openaiCredential", "credentialName"]),
        key(
            "model",
            Plain,
            Optional,
            "Name of the model; the small one that is recommended where nothing is said.",
        )
        .aliases(&["modelSelection", "modelName"]),
        key("systemPrompt", Template, Required, "Who the agent is, what it may do, and how it talks.")
            .aliases(&["prompt", "instructions"]),
        key(
            "temperature",
            Real,
            Optional,
            "How freely the model words its answers, from 0 to 2; the model's own where nothing is said.",
        ),
        key(
            "maxTokens",
            Count,
            Optional,
            "The longest answer, in tokens; 150 where nothing is said. An answer that is cut ends with its last whole sentence.",
        )
        .aliases(&["maxCompletionTokens"]),
        key(
            "replySentencesMax",
            Count,
            Optional,
            "The most sentences of one answer that are spoken; without it there is no such limit.",
        )
        .aliases(&["maxReplySentences"]),
        key(
            "maxConversationTurns",
            Count,
            Optional,
            "How often the caller may speak before the agent brings the call to an end; 20 where nothing is said.",
        )
        .aliases(&["maxTurns"]),
        key(
            "conversationTimeout",
            Duration(Unit::Minutes),
            Optional,
            "How long a call may last before it is brought to an end; a bare number is minutes; 10 where nothing is said.",
        ),
        key(
            "allowUserHangup",
            Flag,
            Optional,
            "Whether a goodbye of the caller ends the call; `true` where nothing is said. With `false` only limits, tools or the line do.",
        ),
        key(
            "endPhrases",
            Plains,
            Optional,
            "What else a caller may say to end the call, beside the goodbyes of its languages. Only with `allowUserHangup`.",
        ),
        key(
            "mode",
            OneOf(&["gather", "relay"]),
            Optional,
            "How words get to the caller and back: by webhooks (`gather`, which every account has and is usual), or by a socket over which text goes as it comes (`relay`, Twilio's ConversationRelay).",
        ),
        key(
            "language",
            Plain,
            Optional,
            "Language that is spoken and understood, as a tag such as `es-MX`; `en-US` where nothing is said.",
        )
        .aliases(&["speechRecognition", "speechRecognitionLanguage"]),
        key(
            "languages",
            Plains,
            Optional,
            "Instead of `language`: all languages that the agent may switch to, by the caller's wish or because they speak it. The first is the usual one.",
        ),
        key(
            "region",
            Plain,
            Optional,
            "Country of phone numbers that are said without their country code, as two letters of ISO 3166.",
        ),
        key("timeZone", Plain, Optional, "Time zone of dates in texts, such as `Europe/Berlin`."),
        key(
            "voice",
            Agent(PlainByLanguage),
            Optional,
            "Voice that speaks: a name, or one for each language.",
        ),
        key(
            "speechModel",
            Plain,
            Optional,
            "The recogniser's model, by Twilio's name for it; one for conversations where nothing is said.",
        ),
        key("hints", Plains, Optional, "Words that the recogniser should expect."),
        key("greeting", Agent(Speech), Optional, "What is said first; without it the caller has the word."),
        key(
            "disclosure",
            Agent(SpeechOrFlag),
            Optional,
            "Whether callers are told that a machine talks: `true` for a sentence of ours, or your own. Nobody can break in on it.",
        ),
        key(
            "recordCall",
            Flag,
            Optional,
            "Whether the call is recorded; `false` where nothing is said. The block that calls may say so too.",
        ),
        key(
            "recordingNotice",
            Agent(Speech),
            Optional,
            "What is said behind the greeting, to tell that the call is recorded. Nobody can break in on it.",
        ),
        key(
            "closing",
            Agent(Speech),
            Optional,
            "The last words; a short goodbye where nothing is said.",
        ),
        key(
            "voicemailMessage",
            Agent(Speech),
            Optional,
            "What is said to an answering machine; without it, the call ends there in silence.",
        ),
        key(
            "fallback",
            Agent(Fallback),
            Optional,
            "What is done where the model has no answer: a text that is said, or `say`, another `model` with its `credential`, and `transferTo`.",
        ),
        key(
            "silencePrompts",
            Agent(Speeches),
            Optional,
            "What is said when the caller is silent, one after the other; behind the last one the call is ended. Three of ours where nothing is said.",
        ),
        key(
            "silenceTimeout",
            Duration(Unit::Seconds),
            Optional,
            "How long a caller may be silent; 5 s where nothing is said.",
        ),
        key(
            "holdPhrases",
            Agent(Speeches),
            Optional,
            "What is said while the model is slow, one after the other. With `mode: gather` alone.",
        ),
        key(
            "interruptible",
            Flag,
            Optional,
            "Whether callers may break in on what the agent says; `true` where nothing is said.",
        ),
        key("timeLimits", Sub(&TIME_LIMITS), Optional, "How long the model's answer is waited for."),
        key("tools", Agent(Tools), Optional, "What the model may do."),
        key(
            "instantAnswers",
            Agent(InstantAnswers),
            Optional,
            "Answers that are given without a model, to callers who say nothing but one of their phrases.",
        ),
        key(
            "prices",
            Sub(&PRICES),
            Optional,
            "What the model costs, in US dollars a million tokens; what is commonly known where nothing is said.",
        ),
        key("budget", Sub(&BUDGET), Optional, "What one conversation may cost."),
        key(
            "cache",
            Agent(Cache),
            Optional,
            "Whether an answer is kept and given again to the same words after the same conversation: `true`, or for how long (`12h`). Never where a tool ran, or a secret or personal variable was in play.",
        ),
        key(
            "secretVariables",
            Plains,
            Optional,
            "Names of variables that reach neither the model nor a log; tools may use them. Answers that a question agent marked `sensitive` are secret in any case.",
        ),
        key(
            "personalVariables",
            Plains,
            Optional,
            "Names of variables that are about one person: no answer is kept by `cache` while one of them is in the prompt.",
        ),
        key(
            "extract",
            Agent(JsonSchema),
            Optional,
            "Fields that are gathered from the conversation once it is over, as JSON Schema of an object, or names with the schema of each. Each goes to the variable of its name.",
        ),
        key(
            "summary",
            Agent(Summary),
            Optional,
            "Whether the conversation is told in a few sentences once it is over, in the variable `summary`.",
        ),
        key(
            "outcomes",
            Agent(Outcomes),
            Optional,
            "What may have come of the conversation: names, or names with what they mean. The one that did is in the variable `outcome`.",
        ),
    ],
};

pub(crate) static FALLBACK: Table = Table {
    noun: "`fallback`",
    keys: &[
        key("say", Agent(Speech), Optional, "What is said where the model has no answer."),
        key("model", Plain, Optional, "Model that is asked where the first one fails."),
        key("credential", Plain, Optional, "Name of its credential; the agent's where nothing is said."),
        key("prices", Sub(&PRICES), Optional, "What that model costs."),
        key(
            "transferTo",
            Template,
            Optional,
            "Phone number that the call goes to when there is no answer twice in a row; without it, the call is ended.",
        ),
    ],
};

pub(crate) static TIME_LIMITS: Table = Table {
    noun: "`timeLimits`",
    keys: &[
        key(
            "firstToken",
            Duration(Unit::Seconds),
            Optional,
            "Until the model begins to answer, other attempts and models included; 8 s where nothing is said.",
        ),
        key(
            "answer",
            Duration(Unit::Seconds),
            Optional,
            "Until its answer is whole; 60 s where nothing is said.",
        ),
    ],
};

pub(crate) static PRICES: Table = Table {
    noun: "`prices`",
    keys: &[
        key("input", Real, Required, "A million tokens of prompts."),
        key(
            "cached",
            Real,
            Optional,
            "A million of those that the provider has seen before; as `input` where nothing is said.",
        ),
        key("output", Real, Required, "A million tokens of answers."),
    ],
};

pub(crate) static BUDGET: Table = Table {
    noun: "`budget`",
    keys: &[
        key("tokens", Count, Optional, "Tokens of all prompts and answers of one conversation."),
        key("dollars", Real, Optional, "US dollars of one conversation.").aliases(&["cost", "usd"]),
        key(
            "promptTokens",
            Count,
            Optional,
            "Tokens of one prompt; where a conversation grows beyond, its oldest turns are left out. The model's window where nothing is said.",
        ),
    ],
};

pub(crate) static INSTANT_ANSWER: Table = Table {
    noun: "an instant answer",
    keys: &[
        key("phrases", Plains, Required, "What a caller says, and nothing else, to get the answer."),
        key("answer", Agent(Speech), Required, "What is said."),
    ],
};

pub(crate) static SUMMARY: Table = Table {
    noun: "`summary`",
    keys: &[
        key("instructions", Plain, Optional, "What it should be about."),
        key("language", Plain, Optional, "Its language, as a tag; the conversation's where nothing is said."),
        key("sentences", Count, Optional, "How many sentences it has at most; 3 where nothing is said."),
    ],
};

pub(crate) static OUTCOME: Table = Table {
    noun: "an outcome",
    keys: &[
        key("name", Plain, Required, "What the variable `outcome` then says."),
        key("description", Plain, Optional, "When it holds, for the model to judge by."),
    ],
};

pub(crate) static CLAIM: Table = Table {
    noun: "a claim",
    keys: &[
        key("language", Plain, Required, "Language that the patterns are of, as a tag."),
        key(
            "patterns",
            Plains,
            Required,
            "Regular expressions, whatever the case: a sentence that one of them is found in claims the deed.",
        ),
    ],
};

/// What `type` of a tool may say.
pub(crate) const TOOL_TYPES: &[&str] =
    &["http", "sendText", "askQuestion", "transfer", "endCall", "setVariable"];

/// The keys of every tool.
pub(crate) static TOOL: Table = Table {
    noun: "a tool",
    keys: &[
        key("name", Plain, Required, "What the model calls it by: letters, digits, `_` and `-`, at most 64."),
        key("type", OneOf(TOOL_TYPES), Required, "What it does."),
        key("description", Plain, Required, "What it does and when to call it, for the model to judge by."),
        key(
            "parameters",
            Agent(JsonSchema),
            Optional,
            "What the model calls it with, as JSON Schema of an object, or names with the schema of each. Calls that do not fit are sent back to the model.",
        ),
        key(
            "claims",
            Agent(Claims),
            Optional,
            "What may only be said once the tool succeeded: names of ready sets (`booking`, `sending`, `cancelling`, `paying`, `transferring`), or patterns with their `language`.",
        ),
        key(
            "onInterrupt",
            OneOf(&["keep", "cancel"]),
            Optional,
            "What becomes of a call under way when the caller breaks in: it goes on (`keep`, which is usual), or is cancelled.",
        ),
        key(
            "timeout",
            Duration(Unit::Seconds),
            Optional,
            "How long it may take; 10 s where nothing is said, at most 25 s.",
        )
        .aliases(&["timeLimit"]),
        key("sayWhile", Agent(Speech), Optional, "What is said when it begins."),
    ],
};

pub(crate) const HTTP_METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE"];

pub(crate) static HTTP_TOOL: Table = Table {
    noun: "a tool of type http",
    keys: &[
        key("method", OneOf(HTTP_METHODS), Optional, "`GET` where nothing is said."),
        key(
            "url",
            Template,
            Required,
            "Address. What tags put into it is percent-encoded, but for a tag that begins it.",
        ),
        key("headers", TemplateMap, Optional, "Header fields with their texts."),
        key(
            "body",
            Agent(Body),
            Optional,
            "What goes along: a text, or a tree that is sent as JSON. Without it, `POST`, `PUT` and `PATCH` send the model's arguments as JSON.",
        ),
        key(
            "credential",
            Plain,
            Optional,
            "Name of a credential of kind `http`, whose secret header goes along.",
        ),
        key(
            "answerMax",
            Count,
            Optional,
            "Characters of the answer that the model is told; 2,000 where nothing is said.",
        ),
    ],
};

pub(crate) static SEND_TEXT_TOOL: Table = Table {
    noun: "a tool of type sendText",
    keys: &[
        key(
            "message",
            Template,
            Optional,
            "What the text says; without it the model writes it, as the argument `text`.",
        ),
        key("from", Template, Optional, "Who sends; the call's own number where nothing is said."),
        key("channel", OneOf(&["sms", "whatsapp"]), Optional, "`sms` where nothing is said.")
            .aliases(&["messageType"]),
    ],
};

pub(crate) static ASK_QUESTION_TOOL: Table = Table {
    noun: "a tool of type askQuestion",
    keys: &[
        key("question", Agent(Question), Required, "The question, as in a question agent."),
        key("variable", Plain, Optional, "Variable of the run that the answer goes to, beside the model."),
    ],
};

pub(crate) static TRANSFER_TOOL: Table = Table {
    noun: "a tool of type transfer",
    keys: &[
        key("to", Template, Required, "Phone number that the caller is connected with.")
            .aliases(&["transferTo"]),
        key(
            "summary",
            OneOf(&["none", "spoken", "sent"]),
            Optional,
            "Whether whoever takes over is told what it is about: not (`none`, which is usual), before they are connected (`spoken`), or by a text (`sent`).",
        ),
        key(
            "summaryTo",
            Template,
            Optional,
            "With `summary: sent`, the number that it goes to; `to` where nothing is said.",
        ),
    ],
};

pub(crate) static END_CALL_TOOL: Table = Table { noun: "a tool of type endCall", keys: &[] };

pub(crate) static SET_VARIABLE_TOOL: Table = Table {
    noun: "a tool of type setVariable",
    keys: &[
        key("variable", Plain, Required, "Variable of the run that the argument `value` goes to."),
        key("value", Agent(JsonSchema), Optional, "JSON Schema of the value; a text where nothing is said."),
    ],
};

/// The keys of one type of tool.
pub(crate) fn tool_table(name: &str) -> Option<&'static Table> {
    Some(match name {
        "http" => &HTTP_TOOL,
        "sendText" => &SEND_TEXT_TOOL,
        "askQuestion" => &ASK_QUESTION_TOOL,
        "transfer" => &TRANSFER_TOOL,
        "endCall" => &END_CALL_TOOL,
        "setVariable" => &SET_VARIABLE_TOOL,
        _ => return None,
    })
}
