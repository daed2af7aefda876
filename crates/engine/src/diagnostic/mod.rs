//! What is wrong with a file, and where.

mod code;
mod output;
mod render;

pub use code::{CODES, Code, CodeInfo};
pub use output::{json_object, sarif};
pub use render::render;

/// One thing that is wrong, odd or worth a thought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    pub code: Code,
    pub severity: Severity,
    /// What is wrong, as a sentence without its full stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    pub at: Place,
    /// The block that it is about.
    pub block: Option<String>,
    /// A way that shows it, `remind -accepted-> answer`, or an answer, `rating: “10”`.
    pub counter_example: Option<String>,
}

impl Diagnostic {
    /// With the code's usual severity.
    pub fn new(code: Code, at: Place, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            severity: code.info().severity,
            message: message.into(),
            hint: None,
            at,
            block: None,
            counter_example: None,
        }
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Diagnostic {
        self.hint = Some(hint.into());
        self
    }

    #[must_use]
    pub fn maybe_hint(mut self, hint: Option<String>) -> Diagnostic {
        self.hint = hint;
        self
    }

    #[must_use]
    pub fn in_block(mut self, block: &str) -> Diagnostic {
        self.block = Some(block.to_owned());
        self
    }

    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Diagnostic {
        self.severity = severity;
        self
    }

    /// What goes before the counter-example in a sentence.
    fn counter_label(&self) -> &'static str {
        let is_way = self.counter_example.as_ref().is_some_and(|way| way.contains("->"));
        if is_way { "on the way" } else { "for example" }
    }

    #[must_use]
    pub fn counter_example(mut self, way: impl Into<String>) -> Diagnostic {
        self.counter_example = Some(way.into());
        self
    }
}

/// How bad it is. The worst comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The file cannot be published.
    Error,
    /// It can, but will hardly do what is meant.
    Warning,
    /// It will do; there may be something better.
    Hint,
}

impl Severity {
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Hint => "hint",
        }
    }
}

/// A place in a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// In characters, never beyond the end of the line; 0 where something is lacking.
    pub length: usize,
}

/// Whether any of them keeps the file from being published.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|d| d.severity == Severity::Error)
}

/// By place, then by code: the order in which they are shown, without repetitions.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| {
        (a.at, a.severity, a.code.as_str(), &a.message).cmp(&(b.at, b.severity, b.code.as_str(), &b.message))
    });
    diagnostics.dedup();
}

/// The known word that a misspelt one probably means.
pub(crate) fn suggest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let fold = |text: &str| text.to_lowercase().replace([' ', '_', '-'], "");
    let folded = fold(word);
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&folded, &fold(candidate)), candidate))
        .filter(|(distance, candidate)| {
            let length = candidate.chars().count().min(folded.chars().count());
            *distance <= 1 + length / 4 && *distance < length
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// `did you mean …?`, where there is something to suggest.
pub(crate) fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    suggest(word, known).map(|candidate| format!("did you mean `{candidate}`?"))
}
