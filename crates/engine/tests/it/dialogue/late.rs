//! What comes late, or twice.

use super::{Talk, persona, said};
use engine::llm::dialogue::{Done, Refused};
use engine::llm::history::Line;
use engine::llm::question::{Finish, ModelEvent};

#[test]
fn an_interruption_that_comes_late_leaves_the_next_answer_alone() {
    let mut talk = Talk::with(persona());
    talk.say("When are you open?");
    talk.model("We open at nine.", Finish::Stop);
    talk.say("And where are you?");
    let late = talk.dialogue.clone().interrupted(&talk.persona, "We open", 0, talk.now);
    assert_eq!(late.err(), Some(Refused::Stale));
    let out = talk.model("On Main Street.", Finish::Stop);
    assert_eq!(said(&out), ["On Main Street."]);
}

#[test]
fn words_that_come_twice_are_answered_once() {
    let mut talk = Talk::with(persona());
    talk.say("Tuesday please");
    talk.say(" Tuesday please ");
    assert_eq!((talk.out.len(), talk.dialogue.turn), (0, 1));
    // While its tool is at work too.
    talk.call("book", "{}");
    talk.say("Tuesday please");
    assert_eq!((talk.out.len(), talk.dialogue.at_work.len()), (0, 1));
    let (id, done) = (talk.dialogue.at_work[0].id.clone(), Done::Well { text: "booked".to_owned() });
    let step = talk.dialogue.clone().tool_done(&talk.persona, &id, &done, talk.now);
    talk.take(step);
    talk.event(ModelEvent::Text { text: "You are booked. And".to_owned() });
    // Whoever says it again while it is being answered has broken in.
    talk.say("Tuesday please");
    assert_eq!(talk.dialogue.turn, 2);
    let callers = talk.dialogue.lines.iter().filter(|line| matches!(line, Line::Caller { .. })).count();
    assert_eq!(callers, 2);
}
