//! What is said where nobody wrote anything for it.

use super::render::said;
use twilio::voice_twiml::{Document, Hangup, Verb};

/// Something that ends a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phrase {
    /// Something broke.
    Sorry,
    /// The call is none of ours.
    UnknownCall,
    /// Nobody took the call over.
    NobodyThere,
}

impl Phrase {
    /// Its name among those of agents, whose authors may have other words for it.
    pub(super) fn of_agents(self) -> Option<engine::conversation::Phrase> {
        match self {
            Phrase::Sorry => Some(engine::conversation::Phrase::Apology),
            Phrase::NobodyThere => Some(engine::conversation::Phrase::NobodyThere),
            Phrase::UnknownCall => None,
        }
    }

    /// In the language, else in English.
    fn words(self, language: &str) -> (&'static str, &'static str) {
        let language = language.split('-').next().unwrap_or_default().to_ascii_lowercase();
        match (language.as_str(), self) {
            ("es", Phrase::Sorry) => {
                ("es-ES", "Lo sentimos, algo ha fallado. Por favor, inténtelo más tarde. Adiós.")
            }
            ("es", Phrase::UnknownCall) => {
                ("es-ES", "Lo sentimos, no podemos atender esta llamada. Gracias y adiós.")
            }
            ("es", Phrase::NobodyThere) => (
                "es-ES",
                "Lo sentimos, ahora no hay nadie disponible. Por favor, inténtelo más tarde. Adiós.",
            ),
            ("fr", Phrase::Sorry) => (
                "fr-FR",
                "Nous sommes désolés, une erreur est survenue. Veuillez réessayer plus tard. Au revoir.",
            ),
            ("fr", Phrase::UnknownCall) => {
                ("fr-FR", "Nous sommes désolés, nous ne pouvons pas traiter cet appel. Merci et au revoir.")
            }
            ("fr", Phrase::NobodyThere) => (
                "fr-FR",
                "Nous sommes désolés, personne n'est disponible. Veuillez réessayer plus tard. Au revoir.",
            ),
            ("de", Phrase::Sorry) => (
                "de-DE",
                "Es tut uns leid, etwas ist schiefgegangen. Bitte versuchen Sie es später noch einmal. Auf Wiederhören.",
            ),
            ("de", Phrase::UnknownCall) => (
                "de-DE",
                "Es tut uns leid, wir können diesen Anruf nicht annehmen. Vielen Dank und auf Wiederhören.",
            ),
            ("de", Phrase::NobodyThere) => (
                "de-DE",
                "Es tut uns leid, gerade ist niemand zu erreichen. Bitte versuchen Sie es später noch einmal. Auf Wiederhören.",
            ),
            (_, Phrase::Sorry) => {
                ("en-US", "We are sorry, something went wrong. Please try again later. Goodbye.")
            }
            (_, Phrase::UnknownCall) => {
                ("en-US", "We are sorry, we cannot take this call. Thank you, and goodbye.")
            }
            (_, Phrase::NobodyThere) => {
                ("en-US", "We are sorry, nobody is available right now. Please try again later. Goodbye.")
            }
        }
    }
}

/// Says it, and hangs up.
pub(super) fn goodbye(phrase: Phrase, language: Option<&str>) -> Document {
    let (language, words) = phrase.words(language.unwrap_or("en"));
    let verbs = said(words, None, Some(language)).into_iter().map(Verb::from);
    Document::of(verbs).then(Hangup::default())
}

/// Hangs up without a word.
pub(super) fn silence() -> Document {
    Document::default().then(Hangup::default())
}
