//! Which voices there are, and which languages each of them speaks.

use engine::check::ImpossibleVoice;
use twilio::voice::{SayLanguage, Voice};

/// Whether there is this voice and this language, and the one speaks the other. What is not said is left to the
/// provider.
///
/// # Errors
/// What cannot be.
pub fn possible(voice: Option<&str>, language: Option<&str>) -> Result<(), ImpossibleVoice> {
    let impossible = |key, message| Err(ImpossibleVoice { key, message });
    let spoken = language.map(SayLanguage::parse);
    if let (Some(None), Some(tag)) = (spoken, language) {
        return impossible("language", format!("nothing is spoken in a language `{tag}`"));
    }
    let Some(name) = voice else { return Ok(()) };
    let Some(voice) = Voice::parse(name) else {
        return impossible("voice", format!("there is no voice `{name}`"));
    };
    match spoken.flatten() {
        Some(language) if !voice.speaks(language) => {
            impossible("voice", format!("the voice `{name}` does not speak {}", language.as_str()))
        }
        _ => Ok(()),
    }
}
