//! How an agent sounds: lengths, languages, and choices that are hard to tell apart or to keep in mind.

use super::Report;
use crate::agent::load::Draft;
use crate::agent::{SayOptions, Speech, same_language};
use crate::check::speech::stumbles;
use crate::conversation::{phrase_names, speaks};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::limits::{SPOKEN_CHARACTERS_MAX, SPOKEN_CHARACTERS_PATIENT, SPOKEN_CHOICES_PATIENT};
use crate::understand::sound_alike;
use crate::workflow::load::Spots;
use template::Template;

pub(super) fn check(draft: &Draft, report: &mut Report) {
    let agent = &draft.agent;
    wordings(draft, report);
    let own = [
        ("greeting", &agent.greeting),
        ("recordingNotice", &agent.recording_notice),
        ("closing", &agent.closing),
        ("voicemailMessage", &agent.voicemail_message),
    ];
    for (path, speech) in own {
        if let Some(speech) = speech {
            checked(draft, None, path, speech, report);
        }
    }
    for (name, speech) in &agent.phrases {
        checked(draft, None, &format!("phrases.{name}"), speech, report);
    }
    for (index, question) in agent.questions.iter().enumerate() {
        if report.is_full() {
            return;
        }
        checked(draft, Some(index), "question", &question.text, report);
        let is_list = draft.spots.has(Some(index), "retryPrompt.0");
        for (number, prompt) in question.retry_prompts.iter().enumerate() {
            let path = if is_list { format!("retryPrompt.{number}") } else { "retryPrompt".into() };
            checked(draft, Some(index), &path, prompt, report);
        }
        for (number, action) in question.actions.iter().enumerate() {
            if let Some(message) = &action.message {
                let path = format!("conditionalActions.{number}.customMessage");
                checked(draft, Some(index), &path, message, report);
            }
        }
        choices(draft, index, report);
    }
}

/// One text of a question agent.
fn checked(draft: &Draft, question: Option<usize>, path: &str, speech: &Speech, report: &mut Report) {
    for diagnostic in findings(&draft.spots, &draft.agent.languages, question, path, speech) {
        report.add(draft, question, diagnostic);
    }
}

/// One text: not too long, and there in every language. `block` is the question or tool that it stands in.
pub(super) fn findings(
    spots: &Spots,
    languages: &[String],
    block: Option<usize>,
    path: &str,
    speech: &Speech,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (tag, template) in speech.iter() {
        let path = if tag.is_empty() { path.to_owned() } else { format!("{path}.{tag}") };
        found.extend(length(spots.place(block, &path), template));
        found.extend(stumbles(spots, block, &path, template));
    }
    for language in languages.iter().filter(|language| speech.exactly(language).is_none()) {
        let message = format!("there is no text in the language `{language}`");
        let hint = format!("add one, or take `{language}` out of the agent's languages");
        let at = spots.place(block, path);
        found.push(Diagnostic::new(Code::MissingTranslation, at, message).hint(hint));
    }
    for (tag, _) in speech.iter() {
        if !tag.is_empty() && !languages.iter().any(|language| same_language(language, tag)) {
            let message = format!("nobody hears the text in `{tag}`: the agent does not have that language");
            let at = spots.place(block, &format!("{path}.{tag}"));
            let hint = "name it under the agent's `languages`";
            found.push(Diagnostic::new(Code::MissingTranslation, at, message).hint(hint));
        }
    }
    found
}

fn length(at: Place, template: &Template) -> Option<Diagnostic> {
    let text = template.literal().unwrap_or_else(|| template.source());
    let characters = text.chars().count();
    if characters > SPOKEN_CHARACTERS_MAX {
        let message = format!(
            "the text has {characters} characters; at most {SPOKEN_CHARACTERS_MAX} can be spoken at once"
        );
        return Some(Diagnostic::new(Code::LimitReached, at, message).hint("shorten it"));
    }
    if characters > SPOKEN_CHARACTERS_PATIENT {
        let seconds = characters / CHARACTERS_A_SECOND;
        let message = format!("the text takes about {seconds} s to say: few people listen that long");
        let hint = "say less at once, or make several questions of it";
        return Some(Diagnostic::new(Code::LongPrompt, at, message).hint(hint));
    }
    None
}

/// How fast speech is, about.
const CHARACTERS_A_SECOND: usize = 15;

fn choices(draft: &Draft, index: usize, report: &mut Report) {
    let question = &draft.agent.questions[index];
    for (number, choice) in question.choices.iter().enumerate() {
        for before in &question.choices[..number] {
            let alike =
                draft.agent.languages.iter().find(|tag| sound_alike(&before.value, &choice.value, tag));
            if let Some(language) = alike {
                let message = format!("`{}` sounds like `{}` in `{language}`", choice.value, before.value);
                let hint = "choose names that cannot be mistaken, or let keys decide";
                let at = draft.spots.place(Some(index), &format!("choices.{number}"));
                let example = format!("{}: \u{201c}{}\u{201d}", question.id, choice.value);
                let diagnostic = Diagnostic::new(Code::SoundAlikeChoices, at, message).hint(hint);
                report.add(draft, Some(index), diagnostic.counter_example(example));
            }
        }
    }
    if question.say_options == SayOptions::First && question.choices.len() > SPOKEN_CHOICES_PATIENT {
        let message = format!(
            "{} choices are read out each time: few people keep them in mind",
            question.choices.len()
        );
        let hint = format!("offer at most {SPOKEN_CHOICES_PATIENT}, or ask in two steps");
        let at = draft.spots.place(Some(index), "sayOptions");
        report.add(draft, Some(index), Diagnostic::new(Code::LongPrompt, at, message).hint(hint));
    }
}

/// In a language without wordings of ours the author has to say everything.
fn wordings(draft: &Draft, report: &mut Report) {
    for language in draft.agent.languages.iter().filter(|language| !speaks(language)) {
        let has = |name: &&str| {
            let own = draft.agent.phrases.iter().find(|(known, _)| known == name);
            own.is_some_and(|(_, speech)| speech.exactly(language).is_some())
        };
        let missing: Vec<&str> = phrase_names().into_iter().filter(|name| !has(name)).collect();
        if let Some(first) = missing.first() {
            let message = format!(
                "there are no phrases in `{language}`: {} of them are left out or said without words, `{first}` among them",
                missing.len()
            );
            let path = if draft.spots.has(None, "language") { "language" } else { "languages.0" };
            let at = draft.spots.place(None, path);
            let hint = "write them under `phrases`";
            report.add(draft, None, Diagnostic::new(Code::MissingPhrases, at, message).hint(hint));
        }
    }
}
