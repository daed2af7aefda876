//! What an agent's conversation brought to light, by voice or by text, becomes variables.

use crate::effect::EffectKey;
use crate::event::Interviewed;
use crate::run::ANSWERS_VARIABLE;
use crate::run::log::LogKind;
use crate::run::machine::Machine;
use serde_json::Value;

pub(super) fn take_answers(machine: &mut Machine<'_>, block: &str, key: EffectKey, interviewed: Interviewed) {
    let count = interviewed.answers.len();
    for (question, value) in interviewed.answers {
        machine.set(&question, value);
    }
    machine.set(ANSWERS_VARIABLE, Value::Object(interviewed.details));
    for name in interviewed.sensitive {
        if !machine.run.sensitive.contains(&name) {
            machine.run.sensitive.push(name);
        }
    }
    machine.note_of(key.step, block, LogKind::ConversationEnded { key, answers: count });
}
