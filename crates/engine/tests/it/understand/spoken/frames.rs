//! Sentences in which people answer, by language and type.

/// The sentences for values of one type in one language. `{}` is the value, and `[]` another one of its kind.
pub(super) struct Frames {
    /// The value is meant.
    pub(super) plain: Vec<&'static str>,
    /// The other value is taken back, and the first one meant.
    pub(super) corrected: Vec<&'static str>,
    /// Nobody can tell a value.
    pub(super) open: Vec<&'static str>,
}

/// The sentences of a language for a type, by the name that its sections begin with.
pub(super) fn of(language: &str, name: &str) -> Frames {
    let list = match &language[..2] {
        "en" => include_str!("en.txt"),
        "es" => include_str!("es.txt"),
        "fr" => include_str!("fr.txt"),
        _ => include_str!("de.txt"),
    };
    let section = |part: &str| {
        let head = format!("[{name} {part}]");
        let lines = list.lines().skip_while(|line| *line != head).skip(1);
        lines.take_while(|line| !line.starts_with('[')).filter(|line| !line.is_empty()).collect::<Vec<_>>()
    };
    let frames = Frames { plain: section("plain"), corrected: section("corrected"), open: section("open") };
    assert!(!frames.plain.is_empty(), "{language} has sentences for {name}");
    frames
}
