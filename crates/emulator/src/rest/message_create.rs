//! `POST …/Messages`: a message is taken.

use std::sync::Arc;

use super::{Answer, Call, Outcome, message_checks, messages};
use crate::due::Due;
use crate::emulation::Emulation;
use crate::message::MessageId;
use crate::pool;
use crate::scripts::{Moment, Script};
use crate::world::World;
use crate::{address, rest::Content};

pub(super) fn create(world: &mut World, call: &Call<'_>) -> Outcome {
    let draft = message_checks::create(world, &call.account, call.pairs, call.strictness, call.plan)?;
    if let Some(ms) = call.plan.late_creation_ms {
        world.note_fault(format!("a message comes into being {ms} ms after its connection dropped"), None);
        world.enter_in(ms, Due::Create(Box::new(draft)));
        return Ok(Answer::new(201, Content::Empty));
    }
    if draft.from_is_hidden {
        world.note_fault("a message hides its sender until it is sent", None);
    }
    let id = world.create(draft);
    Ok(messages::answer(world, call, id, 201))
}

/// Who sends a message: where a service picks, whoever it would pick now and then sticks to.
fn sender(world: &mut World, id: MessageId) -> Option<String> {
    let message = world.messages.get(id)?;
    if message.from.is_some() {
        return message.from.clone();
    }
    let service = world.services.get(message.service.as_ref()?)?;
    let from = pool::pick(world, service, &message.to, message.media.len()).ok()?;
    let (service, to) = (service.sid.clone(), message.to.clone());
    world.services.remember_sender(&service, &to, &from);
    Some(from)
}

/// Lets a phone answer a message that was just created, before its creation is answered.
pub(super) async fn answer_early(emulation: &Arc<Emulation>, id: MessageId) {
    let told = {
        let mut world = emulation.world();
        let Some(from) = sender(&mut world, id) else { return };
        let World { messages, phones, .. } = &mut *world;
        let Some(message) = messages.get(id).filter(|message| message.is_outbound()) else { return };
        let Some(phone) = phones.get_mut(address::bare(&message.to)) else { return };
        let answer = Script::take(&mut phone.scripts, Moment::BeforeCreateIsAnswered, &from, &message.body);
        let Some(text) = answer.map(|rule| rule.answer.clone()) else { return };
        let to = message.to.clone();
        match world.take_in(&to, &from, &text) {
            Ok(received) => received.webhook.and_then(|webhook| world.post_and_tell(webhook)),
            Err(_) => None,
        }
    };
    if let Some(told) = told {
        // A dropped sender means that the emulator shuts down; the answer goes out all the same.
        let _ = told.await;
    }
}
