//! What a conversation may cost, and prompts that grow too long.

use super::{Talk, listens, persona, said};
use engine::llm::dialogue::Note;
use engine::llm::models::{Prices, Usage};
use engine::llm::persona::{Budget, Persona};
use engine::llm::question::{Endpoint, Failure, Finish, ModelEvent};

#[test]
fn nothing_is_asked_that_the_budget_does_not_allow() {
    // A prompt of about 20 tokens with tools, and an answer of 150.
    for (budget, turns) in [
        (Budget { tokens_max: Some(150), ..Budget::default() }, 0),
        (Budget { tokens_max: Some(400), ..Budget::default() }, 2),
        (Budget { dollars_max: Some(0.000_09), ..Budget::default() }, 0),
        (Budget { dollars_max: Some(0.01), ..Budget::default() }, 9),
    ] {
        let mut talk = Talk::with(Persona { budget, ..persona() });
        let mut answered = 0;
        for _ in 0..9 {
            talk.say("When are you open?");
            if talk.dialogue.ended_by().is_some() {
                assert_eq!(said(&talk.out), ["I am afraid our time is up.", "Goodbye."]);
                assert_eq!(talk.notes, [Note::OverBudget]);
                break;
            }
            talk.model("At nine.", Finish::Stop);
            answered += 1;
        }
        assert_eq!(answered, turns, "{budget:?}");
        let used = talk.dialogue.usage.prompt + talk.dialogue.usage.answer;
        assert!(budget.tokens_max.is_none_or(|max| used <= max), "{used} of {budget:?}");
    }
}

#[test]
fn an_unknown_price_counts_as_the_dearest() {
    let endpoint = Endpoint { credential: "own".to_owned(), model: "our-model".to_owned() };
    let dear = Persona {
        endpoints: vec![endpoint],
        budget: Budget { dollars_max: Some(0.02), ..Budget::default() },
        ..persona()
    };
    let mut talk = Talk::with(dear.clone());
    talk.say("When are you open?");
    talk.model("At nine.", Finish::Stop);
    // 100 tokens at 30 dollars and 10 at 60 dollars a million.
    assert_eq!((talk.dialogue.cost_nanodollars, talk.dialogue.cost_is_assumed), (3_600_000, true));
    let own = Prices { input_per_million: 1.0, cached_per_million: None, output_per_million: 2.0 };
    let mut talk = Talk::with(Persona { stated_prices: vec![Some(own)], ..dear });
    talk.say("When are you open?");
    talk.model("At nine.", Finish::Stop);
    assert_eq!((talk.dialogue.cost_nanodollars, talk.dialogue.cost_is_assumed), (120_000, false));
}

#[test]
fn a_prompt_that_was_too_long_is_asked_again_with_less() {
    let mut talk = Talk::with(persona());
    for turn in 0..8 {
        talk.say(&format!("Question {turn}"));
        talk.model("At nine.", Finish::Stop);
    }
    talk.say("And now?");
    let mut asked = vec![talk.question().messages.len()];
    loop {
        talk.event(ModelEvent::Failed { failure: Failure::TooLong, usage: Usage::default() });
        if listens(&talk.out) {
            break;
        }
        assert!(talk.notes.iter().any(|note| matches!(note, Note::Forgot { .. })), "{:?}", talk.notes);
        asked.push(talk.question().messages.len());
    }
    assert!(asked.windows(2).all(|pair| pair[1] < pair[0]), "{asked:?}");
    assert_eq!(said(&talk.out), ["Sorry, could you repeat that?"]);
}

#[test]
fn an_answer_that_is_lost_with_its_process_counts_as_about_what_it_took() {
    let mut talk = Talk::with(persona());
    talk.say("When are you open?");
    let prompt = talk.question().tokens() as u64;
    talk.event(ModelEvent::Text { text: "We open at nine. On Saturdays we op".to_owned() });
    let taken = |talk: &Talk| (talk.dialogue.usage.prompt, talk.dialogue.usage.answer);
    assert_eq!(taken(&talk), (0, 0), "its end would have told");
    resume(&mut talk);
    let (asked, answered) = taken(&talk);
    assert!(asked >= prompt && asked < prompt + 20, "{asked} of {prompt}");
    // 35 characters.
    assert!((8..=10).contains(&answered), "{answered}");
    assert!(talk.dialogue.cost_nanodollars > 0);
    // The next one is lost before its first word: what was said before is not counted again.
    resume(&mut talk);
    let (twice, answered_twice) = taken(&talk);
    assert!(twice >= 2 * asked && answered_twice == answered, "{twice} {answered_twice}");
    // One that was stopped was counted when it was.
    let usage = Usage { prompt: 1, cached: 0, answer: 1 };
    let step = talk.dialogue.clone().spent(&talk.persona, talk.dialogue.asked, usage, talk.now);
    talk.take(step);
    resume(&mut talk);
    assert_eq!(taken(&talk), (twice + 1, answered + 1));
}

#[test]
fn processes_that_die_again_and_again_do_not_overrun_the_budget() {
    let budget = Budget { tokens_max: Some(1_000), ..Budget::default() };
    let mut talk = Talk::with(Persona { budget, ..persona() });
    talk.say("When are you open?");
    let mut asked = 0;
    while talk.dialogue.ended_by().is_none() {
        asked += talk.question().tokens();
        assert!(asked < 1_000, "{asked}");
        resume(&mut talk);
    }
    assert_eq!(said(&talk.out), ["I am afraid our time is up.", "Goodbye."]);
    assert_eq!(talk.notes, [Note::OverBudget]);
}

/// Whoever held the conversation is gone.
fn resume(talk: &mut Talk) {
    let step = talk.dialogue.clone().resumed(&talk.persona, talk.now);
    talk.take(step);
}
