//! Words that go to speech before their sentence is whole.

use super::*;

const ANSWER: &str = "We open at nine, as a rule, on every weekday. Write to desk@example.com then. Is there anything \
                      else that you would like to know";

fn by_words() -> Persona {
    Persona { delivery: Delivery::Words, tools: Vec::new(), disclosure: Texts::none(), ..persona() }
}

/// A line that speaks whatever it gets at once, and tells words and sentences apart.
#[derive(Default)]
struct Spoken {
    text: String,
    /// Words that went out before their sentence.
    ahead: String,
}

impl Spoken {
    fn say(&mut self, text: &str) {
        for text in text.split_whitespace() {
            if !self.text.is_empty() {
                self.text.push(' ');
            }
            self.text.push_str(text);
        }
    }

    fn draft(&mut self, words: &str) {
        let more = words.strip_prefix(self.ahead.as_str()).expect("what went out stays").to_owned();
        self.say(&more);
        words.clone_into(&mut self.ahead);
    }

    fn take(&mut self, out: &[Out]) {
        for sentence in said(out) {
            if let Some(left) = self.ahead.strip_prefix(sentence) {
                self.ahead = left.trim_start().to_owned();
            } else {
                let more = sentence
                    .strip_prefix(self.ahead.as_str())
                    .expect("words begin their sentence")
                    .to_owned();
                self.say(&more);
                self.ahead.clear();
            }
        }
    }
}

/// The conversation after that many characters of the answer, one by one, and what was spoken of it. Every other
/// draft is not fetched: the line may be slower than the model.
fn after(characters: usize) -> (Talk, Spoken) {
    let mut talk = Talk::with(by_words());
    talk.say("When are you open?");
    let mut spoken = Spoken::default();
    for (at, character) in ANSWER.chars().take(characters).enumerate() {
        talk.event(ModelEvent::Text { text: character.to_string() });
        spoken.take(&talk.out);
        if at % 2 == 0
            && let Some(words) = talk.dialogue.draft(&talk.persona)
        {
            spoken.draft(words);
        }
    }
    (talk, spoken)
}

fn finished(how: Finish) -> ModelEvent {
    ModelEvent::Finished { how, usage: Usage::default(), endpoint: 0 }
}

#[test]
fn words_go_out_before_their_sentence_is_whole() {
    let (_, spoken) = after("We open at nine, as a".len());
    assert_eq!(spoken.text, "We open at nine, as");
    let (mut talk, mut spoken) = after(ANSWER.len());
    assert!(spoken.text.ends_with("dot com then. Is there anything else that you would like to"));
    talk.event(finished(Finish::Stop));
    spoken.take(&talk.out);
    assert_eq!(spoken.text, talk.remembered());
    assert!(spoken.text.ends_with("else that you would like to know"));
}

/// Wherever an answer breaks off, what the model is told that it said is what went to speech.
#[test]
fn what_went_out_is_said_wherever_it_breaks_off() {
    for characters in 1..=ANSWER.chars().count() {
        for end in [
            finished(Finish::Stop),
            finished(Finish::Length),
            finished(Finish::Filtered),
            ModelEvent::Failed { failure: Failure::Broken, usage: Usage::default() },
        ] {
            let (mut talk, mut spoken) = after(characters);
            talk.event(end.clone());
            spoken.take(&talk.out);
            assert_eq!(spoken.text, talk.remembered(), "{end:?} after {characters}");
            assert!(listens(&talk.out));
        }
        let (mut talk, mut spoken) = after(characters);
        talk.say("Sorry, one more thing");
        spoken.take(&talk.out);
        assert_eq!(spoken.text, before_the_last_words(&talk), "words after {characters}");
    }
}

/// Somebody breaks in at every word of what was spoken.
#[test]
fn an_interruption_keeps_what_was_heard_of_a_draft() {
    for characters in 1..=ANSWER.chars().count() {
        let (talk, spoken) = after(characters);
        let open = said_since(&talk, &spoken);
        for heard in spoken.text.match_indices(' ').map(|(at, _)| &spoken.text[..at]) {
            let step =
                talk.dialogue.clone().interrupted(&talk.persona, heard, open, talk.now).expect("it is taken");
            let kept = step.dialogue.lines.iter().rev().find_map(|line| match line {
                Line::Agent { text } => Some(text.as_str()),
                _ => None,
            });
            assert_eq!(kept, Some(heard), "{heard:?} after {characters} characters");
        }
    }
}

/// All sentences that were handed to the line are open: none is known to have been heard.
fn said_since(talk: &Talk, spoken: &Spoken) -> usize {
    let sentences = talk.remembered();
    if spoken.text.starts_with(sentences) { sentences.len() } else { 0 }
}

fn before_the_last_words(talk: &Talk) -> &str {
    let lines = &talk.dialogue.lines;
    match &lines[lines.len() - 2] {
        Line::Agent { text } => text,
        _ => "",
    }
}

#[test]
fn nothing_goes_out_that_may_be_left_out() {
    let judged = Persona { delivery: Delivery::Sentences, ..by_words() };
    let short = Persona { reply_sentences_max: Some(1), ..by_words() };
    for (persona, text) in [(judged, "It is open all"), (short, "It is open. And then there is")] {
        let mut talk = Talk::with(persona);
        talk.say("When are you open?");
        talk.event(ModelEvent::Text { text: text.to_owned() });
        assert_eq!(talk.dialogue.draft(&talk.persona), None, "{text}");
    }
}

#[test]
fn a_call_that_ends_keeps_what_went_out() {
    let (talk, spoken) = after(30);
    let step = talk.dialogue.hung_up(talk.now).expect("it is taken");
    assert!(step.out.contains(&Out::Said { text: spoken.text }), "{:?}", step.out);
}
