//! Limits of the engine, in one place. Each is named in the message that is printed when it is hit.

/// Blocks executed in one run.
pub const RUN_STEPS_MAX: u32 = 10_000;
/// Visits of one block in one run without a wait between them.
pub const BLOCK_VISITS_WITHOUT_WAIT_MAX: u32 = 100;
/// Age of a run, in days.
pub const RUN_AGE_DAYS_MAX: i64 = 400;
/// Texts of one run whose later reports are still followed; the oldest settled ones are forgotten first.
pub const SENT_LIVE_MAX: usize = 100;
/// Replies kept for a run that has not come to its `waitForReply` yet.
pub const REPLIES_KEPT_MAX: usize = 100;
/// Size of a definition, in bytes.
pub const DOCUMENT_BYTES_MAX: usize = 1024 * 1024;
/// Depth of a definition's tree.
pub const DOCUMENT_DEPTH_MAX: usize = 64;
/// Nodes that a definition's tree may have, aliases expanded.
pub const DOCUMENT_NODES_MAX: usize = 200_000;
/// Problems of one file that are told; a file with more is told to have more.
pub const PROBLEMS_MAX: usize = 200;
/// Blocks of one workflow.
pub const BLOCKS_MAX: usize = 1_000;
/// Variables that one workflow may name: inputs, results that are saved, and those that are set.
pub const VARIABLES_MAX: usize = 1_000;
/// Characters of one text, in any encoding (Twilio: 21617).
pub const BODY_CHARACTERS_MAX: usize = 1_600;
/// Notices of the provider's debugger that are kept of one call.
pub const CALL_NOTICES_MAX: usize = 50;
/// Media of one text (Twilio: 21623).
pub const MEDIA_MAX: usize = 10;
/// Segments of a text above which `check` warns.
pub const SEGMENTS_WARNED: usize = 3;
/// Questions of one agent.
pub const QUESTIONS_MAX: usize = 500;
/// Choices of one question.
pub const CHOICES_MAX: usize = 100;
/// Conditional actions of one question.
pub const ACTIONS_MAX: usize = 100;
/// How often a question may be asked again.
pub const QUESTION_RETRIES_MAX: u32 = 20;
/// Longest silence that a question may wait for, in milliseconds.
pub const QUESTION_TIMEOUT_MS_MAX: i64 = 600_000;
/// Questions put in one conversation, repeats included.
pub const CONVERSATION_TURNS_MAX: u32 = 1_000;
/// Answers that a conversation takes over from one that broke off.
pub const RESUMED_ANSWERS_MAX: usize = QUESTIONS_MAX;
/// Words that a recogniser can be told to expect, and the characters of each (Twilio: `<Gather>` hints).
pub const HINTS_MAX: usize = 500;
pub const HINT_CHARACTERS_MAX: usize = 100;
/// Characters that can be spoken at once (Twilio: `<Say>`), and those that people listen to without losing patience.
pub const SPOKEN_CHARACTERS_MAX: usize = 4_096;
pub const SPOKEN_CHARACTERS_PATIENT: usize = 450;
/// Choices that people keep in mind when they are read out.
pub const SPOKEN_CHOICES_PATIENT: usize = 7;
/// States of an agent that `paths` looks at, and paths that it lists before it only shows every way once.
pub const PATH_STATES_MAX: usize = 5_000;
pub const PATHS_LISTED_MAX: usize = 200;
/// Tokens of one spoken answer: several minutes of it.
pub const ANSWER_TOKENS_MAX: u32 = 4_096;
/// Turns of a caller in one conversation with a language model.
pub const LLM_TURNS_MAX: u32 = 500;
/// Sentences of a reply, or of a summary.
pub const SENTENCES_MAX: u32 = 50;
/// Instant answers of one agent.
pub const INSTANT_ANSWERS_MAX: usize = 200;
/// Tools of one agent (OpenAI: 128).
pub const TOOLS_MAX: usize = 64;
/// Characters of a tool's name (OpenAI).
pub const TOOL_NAME_CHARACTERS_MAX: usize = 64;
/// Longest time that a tool may take, in milliseconds.
pub const TOOL_TIMEOUT_MS_MAX: i64 = 25_000;
/// Characters of a tool's answer that a model can be told.
pub const TOOL_ANSWER_CHARACTERS_MAX: u32 = 8_000;
/// What may come of one conversation.
pub const OUTCOMES_MAX: usize = 50;
/// Characters that a call speaks in one announcement: about a quarter of an hour.
pub const SPEECH_CHARACTERS_MAX: usize = 12_000;
/// Longest time that a call may ring, in seconds (Twilio: `Timeout`).
pub const RING_SECONDS_MAX: u32 = 600;
/// Longest duration of a call, in seconds.
pub const CALL_SECONDS_MAX: u32 = 86_400;
/// Longest duration of a call where nothing is said, in seconds.
pub const CALL_SECONDS: u32 = 14_400;
/// How long a call rings where nothing is said, in seconds.
pub const RING_SECONDS: u32 = 60;
