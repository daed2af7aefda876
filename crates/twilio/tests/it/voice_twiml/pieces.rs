//! Long texts, cut into several `<Say>`.

use proptest::prelude::*;
use twilio::voice::{Kind, SayLanguage, Voice};
use twilio::voice_twiml::Say;

fn pieces(text: &str, voice: Option<&str>) -> Vec<String> {
    let voice = voice.map(|name| Voice::parse(name).unwrap());
    let says = Say::in_pieces(text, voice.as_ref(), SayLanguage::parse("en-US"));
    assert!(says.iter().all(|say| say.voice == voice && say.language.is_some()));
    says.iter().map(Say::plain_text).collect()
}

#[test]
fn short_texts_stay_whole() {
    assert_eq!(pieces("One. Two!\nThree? ", None), ["One. Two!\nThree?"]);
    assert_eq!(pieces(" \n ", None), [""; 0]);
}

#[test]
fn long_texts_are_cut_where_sentences_end() {
    let sentence = "This sentence costs 3.50 dollars and has sixty-six characters in it. ";
    let text = sentence.repeat(100);
    let pieces = pieces(&text, Some("Polly.Joanna-Neural"));
    assert_eq!(pieces.len(), 3);
    assert!(pieces.iter().all(|piece| piece.ends_with("in it.") && piece.starts_with("This")));
    assert_eq!(pieces.join(" "), text.trim());
}

#[test]
fn a_sentence_that_is_too_long_is_cut_between_words() {
    let text = "word ".repeat(2000);
    for piece in pieces(&text, Some("man")) {
        assert!(piece.split(' ').all(|word| word == "word"), "{piece}");
    }
    let clauses = "so many words, ".repeat(300);
    assert!(pieces(&clauses, None).iter().all(|piece| piece.ends_with("words,")));
    let chinese = "你好世界，".repeat(300);
    assert!(pieces(&chinese, Some("Polly.Zhiyu")).iter().all(|piece| piece.ends_with('，')));
}

#[test]
fn what_has_no_blank_at_all_is_cut_within() {
    assert_eq!(pieces(&"x".repeat(3001), None).iter().map(String::len).collect::<Vec<_>>(), [3000, 1]);
}

#[test]
fn every_voice_is_known_with_its_languages() {
    assert_eq!(Voice::named().count(), 143);
    for voice in Voice::named() {
        assert_eq!(Voice::parse(voice.as_str()), Some(voice.clone()));
        assert!(!voice.languages().is_empty(), "{voice}");
        assert_eq!(voice.takes_ssml(), voice.kind() != Kind::Basic, "{voice}");
    }
    let speaks = |voice: &str, language: &str| {
        Voice::parse(voice).unwrap().speaks(SayLanguage::parse(language).unwrap())
    };
    for voice in ["alice", "man", "woman"] {
        for language in ["en-US", "es-ES", "fr-FR"] {
            assert!(speaks(voice, language), "{voice} {language}");
        }
    }
    assert!(speaks("Google.fil-ph-Wavenet-A", "fil-PH"));
    assert!(!speaks("Polly.Hans", "en-US"));
    for name in
        ["Google.xx-XX-Standard-A", "Google.en-US-Standard-", "Google.en-US-Chirp3-HD-", "polly.Amy", ""]
    {
        assert_eq!(Voice::parse(name), None, "{name}");
    }
}

proptest! {
    #[test]
    fn nothing_is_lost_and_every_piece_can_be_spoken(
        words in prop::collection::vec("[a-zé]{1,40}[.,!?]?", 0..1500),
    ) {
        let text = words.join(" ");
        let voice = Voice::parse("Polly.Lea").unwrap();
        let pieces: Vec<String> =
            Say::in_pieces(&text, Some(&voice), None).iter().map(Say::plain_text).collect();
        prop_assert!(pieces.iter().all(|piece| voice.can_speak(piece)));
        prop_assert_eq!(pieces.join(" "), text);
    }
}
