//! Every code with its title and remedy: the table that the pages of the documentation come from.

use super::Severity;
use Severity::{Error, Hint, Warning};

/// What the documentation says of a code.
#[derive(Clone, Copy, Debug)]
pub struct CodeInfo {
    pub code: Code,
    pub name: &'static str,
    /// The usual severity; a single case may be milder.
    pub severity: Severity,
    pub title: &'static str,
    pub remedy: &'static str,
}

impl Code {
    pub fn as_str(self) -> &'static str {
        self.info().name
    }

    pub fn info(self) -> &'static CodeInfo {
        &CODES[self as usize]
    }
}

macro_rules! codes {
    ($($code:ident $name:literal $severity:ident $title:literal $remedy:literal)*) => {
        /// What kind of thing is wrong.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code { $(#[doc = $title] $code,)* }

        /// All codes, in the order of [`Code`].
        pub const CODES: &[CodeInfo] = &[$(CodeInfo {
            code: Code::$code, name: $name, severity: $severity, title: $title, remedy: $remedy,
        },)*];
    };
}

codes! {
    // Reading
    Syntax "syntax" Error
        "The file is not well-formed YAML or JSON"
        "Mend the file at the place that is shown. Text with `: `, ` #` or one of `@ ` * & ! % | >` at its start needs quotes."
    Tab "tab" Error
        "A tab indents a line"
        "YAML indents with blanks only. Replace the tab by blanks, as many as the neighbouring lines have."
    SeveralDocuments "several_documents" Error
        "One file holds several documents"
        "Put each into a file of its own and remove the line `---` between them."
    Empty "empty" Error
        "The file is empty"
        "Write a workflow: a list of `blocks`, of which the first starts."
    LimitReached "limit_reached" Error
        "A limit of files is exceeded"
        "Split the file; the message names the limit."
    DuplicateKey "duplicate_key" Error
        "A key stands twice in the same place"
        "Remove one of the two. Keys are the same whatever their case, blanks, `_` and `-`."
    Tag "tag" Error
        "A YAML tag is used"
        "Remove it. Values are read by what their key means, so no tag is needed."
    MergeKey "merge_key" Error
        "A merge key is used"
        "YAML 1.2 has no `<<`. Write the keys out, or use a plain alias as a value."
    CutByComment "cut_by_comment" Error
        "A ` #` cuts a text short"
        "In YAML a `#` after a blank begins a comment. Put the whole text into quotes."
    NotAWorkflow "not_a_workflow" Error
        "The file is something else than a workflow"
        "A workflow has the key `blocks`. Agents and texts to send are handed to other commands."
    NotAnAgent "not_an_agent" Error
        "The file is something else than an agent"
        "An agent has the key `questions`, or is a list of questions. Workflows and texts to send are handed to other commands."
    NotAvailableYet "not_available_yet" Error
        "Something that is documented but not built yet"
        "Leave it out until a later version has it."
    // Keys and values
    UnknownKey "unknown_key" Error
        "A key is not known here"
        "Mind the spelling and the indentation: the key may belong one level up or down."
    MissingKey "missing_key" Error
        "A key is missing"
        "Add it; the message says where."
    MissingValue "missing_value" Error
        "A key has nothing after it"
        "Give it a value, or remove the key. For an empty text write `\"\"`."
    WrongType "wrong_type" Error
        "A value is of the wrong shape"
        "Write what the message asks for: a text, a list or a map."
    BadValue "bad_value" Error
        "A value is not one of those that are possible"
        "Take one of those that the message names."
    BadDuration "bad_duration" Error
        "A duration cannot be read"
        "Write a number and a unit: `500ms`, `10s`, `5m`, `24h`, `7d`."
    BadName "bad_name" Error
        "A name has characters that it cannot have"
        "Names of blocks, outcomes and variables are made of letters, digits, `_` and `-`; variables may contain blanks."
    BadPattern "bad_pattern" Error
        "A pattern is no regular expression"
        "Mend the pattern at the place that the message names."
    BadSchema "bad_schema" Error
        "The description of an input is no JSON Schema that is understood here"
        "Use the supported keywords; the message names what is not."
    // The graph
    DuplicateId "duplicate_id" Error
        "Two things have the same id"
        "Give each block, question or choice an id of its own."
    MissingBlock "missing_block" Error
        "A block is pointed to that does not exist"
        "Mend the id, or add the block. `end` ends the run."
    MissingQuestion "missing_question" Error
        "A question is named that does not exist"
        "Mend the id, or add the question. `end` ends the conversation."
    UnreachableBlock "unreachable_block" Warning
        "No way leads to a block"
        "Point to it by `next` or `on`, or remove it."
    UnreachableQuestion "unreachable_question" Warning
        "No way leads to a question"
        "Point to it by `nextQuestionId` or `next`, or remove it."
    NoWayOut "no_way_out" Error
        "Questions go round for ever"
        "Let some answer lead to `end` or to `end_call`."
    AskedTooLate "asked_too_late" Warning
        "An answer is looked at before anybody asked for it"
        "Ask that question before, or look at another one."
    SiblingFallThrough "sibling_fall_through" Warning
        "A branch runs into the branch beside it"
        "Give the branch a `next`, or leave `sequence: literal` out."
    // Agents that talk by a language model
    SecretInPrompt "secret_in_prompt" Error
        "A secret variable stands in a text that is said or told to a model"
        "Leave it out of the text. Tools may use it: what they send goes to nobody else."
    RetiredModel "retired_model" Warning
        "A model is shut down, or soon will be"
        "Take the successor that the message names, unless a server of your own has the model."
    NoEffect "no_effect" Warning
        "A setting does nothing"
        "Remove it, or change what keeps it from having an effect; the message names it."
    CallerCannotEnd "caller_cannot_end" Warning
        "A caller cannot bring the call to an end but by hanging up"
        "Add a tool of type `endCall`, or leave `allowUserHangup` out."
    UncachedPrompt "uncached_prompt" Warning
        "A prompt changes from call to call near its beginning"
        "Put what is the same for all calls first, and the variables at the end."
    BudgetTooSmall "budget_too_small" Error
        "The budget is too small for a single turn"
        "Allow more, or say less in the prompt."
    UnknownPrice "unknown_price" Warning
        "Nobody knows what a model costs that has a budget in dollars"
        "Write what it costs under `prices`, or set the budget in tokens."
    UnknownArgument "unknown_argument" Error
        "A tool asks for an argument that the model is not told of"
        "Describe it under the tool's `parameters`, or mend its name."
    UnclaimedTool "unclaimed_tool" Hint
        "The model may claim a tool's deed without calling it"
        "Name under `claims` what may only be said once the tool succeeded."
    TurnCost "turn_cost" Hint
        "What a turn takes and costs"
        "Nothing has to be done. A shorter prompt, fewer turns or shorter answers cost less."
    // Conditions
    NeverHolds "never_holds" Warning
        "A condition can never hold"
        "Mend its value, or remove the action."
    ShadowedAction "shadowed_action" Warning
        "An action before it takes all its answers"
        "Put the more special condition first, or remove the action."
    OverlappingConditions "overlapping_conditions" Warning
        "Two conditions hold for the same answer"
        "Make them exclude each other, or mind that the first one decides."
    UncoveredAnswers "uncovered_answers" Warning
        "Some answers are covered by no action"
        "Add an action for them, or one with the operator `any_other`."
    WordsOnValue "words_on_value" Warning
        "Words are tested on an answer of another type"
        "Compare with a value of the answer's type, unless the very words are meant."
    UnknownOutcome "unknown_outcome" Error
        "The block cannot have that outcome"
        "Take one of the outcomes that the message names."
    OutcomeTooLate "outcome_too_late" Warning
        "The outcome becomes known only after the block is done"
        "Set `until: delivered`, so that the block waits for the receipt."
    LoopWithoutWait "loop_without_wait" Error
        "A loop goes round without waiting"
        "Put a `wait` or `waitForReply` into the loop, or lead one way out of it."
    // Templates and variables
    TemplateSyntax "template_syntax" Error
        "A template is not well formed"
        "Mend it at the place that is shown."
    UnknownFunction "unknown_function" Error
        "A template calls a function that does not exist"
        "Mind the spelling; the functions are listed in the documentation of templates."
    UnknownVariable "unknown_variable" Error
        "Nothing ever sets that variable"
        "Mend its name, declare it under `input`, or set it before it is used."
    MissingVariable "missing_variable" Warning
        "A variable is missing on some way to its use"
        "Give it a value on every way, print it inside `{{#if}}`, or say what to print instead: `{{name ?? \"…\"}}`."
    ResultTooEarly "result_too_early" Warning
        "A result is used before it can exist"
        "Price and date are known only some time after the text was accepted: wait, or use `??`."
    UnknownField "unknown_field" Error
        "The variable has no such field"
        "Take one of the fields that the message names."
    MayRenderEmpty "may_render_empty" Hint
        "A text has a gap where a variable is empty"
        "Put the words around it inside the same `{{#if}}`, or give a word to print instead."
    SensitiveInText "sensitive_in_text" Warning
        "A text says what was told in confidence"
        "Leave it out, or say only whether there is an answer: `{{#if name}}…{{/if}}`."
    // Texts
    BadAddress "bad_address" Error
        "An address is impossible"
        "Write numbers in E.164: `+`, country code, number."
    UnusualAddress "unusual_address" Warning
        "A number is possible but in no range that is given out"
        "Mind the digits. Example numbers with 555 are fine for trying things out."
    ManySegments "many_segments" Warning
        "A text takes many segments, each of which is charged"
        "Shorten it, or replace the characters that make segments smaller; the message names them."
    BodyTooLong "body_too_long" Error
        "A text is longer than any text can be"
        "Shorten it to 1,600 characters."
    ReservedWord "reserved_word" Warning
        "A word is offered as an answer that carriers keep for themselves"
        "Choose another word: STOP, END, CANCEL and the like opt the person out, HELP and INFO are answered by the carrier."
    // Speech
    LongPrompt "long_prompt" Warning
        "A text is too long to be listened to"
        "Say less at once, or make several questions of it."
    SoundAlikeChoices "sound_alike_choices" Warning
        "Two choices sound alike"
        "Choose names that cannot be mistaken for each other, or let keys decide."
    MissingTranslation "missing_translation" Warning
        "A text is missing in one of the agent's languages"
        "Add it, or take the language out of `languages`."
    MissingPhrases "missing_phrases" Warning
        "Nobody wrote the agent's own phrases in that language"
        "Write them under `phrases`."
    // Calls
    HardToSay "hard_to_say" Warning
        "A spoken text has something in it that sounds wrong"
        "Write it as it should be heard; `spokenDigits`, `spokenPhone`, `spokenMoney`, `spokenDate` and `spell` help."
    BadVoice "bad_voice" Error
        "A voice cannot speak"
        "Take a voice that `switchboard voices` lists, or leave `voice` out."
    // The world around the file
    UnknownAgent "unknown_agent" Error
        "No agent of that name is published"
        "Mend the name, or publish the agent."
    UnknownCredential "unknown_credential" Error
        "No credential has that name"
        "Mend the name, or add the credential."
    AmbiguousCredential "ambiguous_credential" Error
        "Several credentials exist and none is named"
        "Name one by `credential`, for the block or for the workflow."
    UnknownSender "unknown_sender" Warning
        "The sender is none of ours"
        "Import the account's senders, or mend the address."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_follows_the_enum_and_names_are_unique() {
        for (index, info) in CODES.iter().enumerate() {
            assert_eq!(info.code as usize, index);
            assert!(CODES.iter().filter(|other| other.name == info.name).count() == 1, "{}", info.name);
            assert!(info.remedy.ends_with('.') && !info.title.ends_with('.'), "{}", info.name);
        }
    }
}
