//! What an agent says by itself where its author says nothing, in four languages. In any other it speaks English:
//! a caller who hears a strange language is better served than one who hears nothing.

use super::Tongue;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phrase {
    /// The model has no answer.
    Fallback,
    /// It has none again, and the call is given up.
    Trouble,
    /// What was said could not be made out.
    Unclear,
    /// Silence.
    Silence,
    /// Silence again.
    StillThere,
    /// The call has lasted as long as it may.
    TimeUp,
    Transferring,
    Goodbye,
    /// A machine talks.
    Disclosure,
    /// The model is slow.
    Hold,
}

pub fn wording(phrase: Phrase, language: &str) -> &'static str {
    use Phrase::*;
    match Tongue::of(language).unwrap_or(Tongue::English) {
        Tongue::English => match phrase {
            Fallback => "I am sorry, I did not get that right. Could you say it again?",
            Trouble => "I am sorry, I have technical trouble and cannot help you at the moment.",
            Unclear => "I am sorry, I could not understand you. Could you say that again?",
            Silence => "Are you still there?",
            StillThere => "I cannot hear you.",
            TimeUp => "I am afraid our time is up.",
            Transferring => "One moment please, I am connecting you.",
            Goodbye => "Thank you for calling. Goodbye.",
            Disclosure => "This is an automated assistant.",
            Hold => "One moment please.",
        },
        Tongue::Spanish => match phrase {
            Fallback => "Lo siento, no lo he entendido bien. ¿Puede repetirlo?",
            Trouble => "Lo siento, tengo un problema técnico y ahora no puedo ayudarle.",
            Unclear => "Lo siento, no le he entendido. ¿Puede repetirlo?",
            Silence => "¿Sigue ahí?",
            StillThere => "No le oigo.",
            TimeUp => "Lo siento, se nos ha acabado el tiempo.",
            Transferring => "Un momento, por favor, le paso.",
            Goodbye => "Gracias por su llamada. Adiós.",
            Disclosure => "Le habla un asistente automático.",
            Hold => "Un momento, por favor.",
        },
        Tongue::French => match phrase {
            Fallback => "Je suis désolé, je n'ai pas bien compris. Pouvez-vous répéter ?",
            Trouble => {
                "Je suis désolé, j'ai un problème technique et je ne peux pas vous aider pour le moment."
            }
            Unclear => "Je suis désolé, je ne vous ai pas compris. Pouvez-vous répéter ?",
            Silence => "Êtes-vous toujours là ?",
            StillThere => "Je ne vous entends pas.",
            TimeUp => "Je suis désolé, notre temps est écoulé.",
            Transferring => "Un instant, s'il vous plaît, je vous mets en relation.",
            Goodbye => "Merci de votre appel. Au revoir.",
            Disclosure => "Vous parlez à un assistant automatique.",
            Hold => "Un instant, s'il vous plaît.",
        },
        Tongue::German => match phrase {
            Fallback => "Das habe ich leider nicht richtig verstanden. Können Sie es noch einmal sagen?",
            Trouble => "Ich habe leider ein technisches Problem und kann Ihnen gerade nicht helfen.",
            Unclear => "Ich habe Sie leider nicht verstanden. Können Sie das noch einmal sagen?",
            Silence => "Sind Sie noch da?",
            StillThere => "Ich höre Sie nicht.",
            TimeUp => "Unsere Zeit ist leider um.",
            Transferring => "Einen Moment bitte, ich verbinde Sie.",
            Goodbye => "Vielen Dank für Ihren Anruf. Auf Wiederhören.",
            Disclosure => "Sie sprechen mit einem automatischen Assistenten.",
            Hold => "Einen Moment bitte.",
        },
    }
}
