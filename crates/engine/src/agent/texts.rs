//! What may differ by language.

/// One value for all languages, or one for each. Never empty.
#[derive(Clone, Debug, PartialEq)]
pub struct ByLanguage<T> {
    /// Tags as written, with their values. A value without a language has an empty tag.
    entries: Vec<(String, T)>,
}

impl<T> ByLanguage<T> {
    /// The same in every language.
    pub fn alike(value: T) -> ByLanguage<T> {
        ByLanguage { entries: vec![(String::new(), value)] }
    }

    /// Nothing where there is no entry.
    pub fn of(entries: Vec<(String, T)>) -> Option<ByLanguage<T>> {
        (!entries.is_empty()).then_some(ByLanguage { entries })
    }

    /// The value for a language: of the very tag, else of the same language, else the first.
    pub fn in_language(&self, tag: &str) -> &T {
        self.exactly(tag).unwrap_or(&self.entries[0].1)
    }

    /// The value for a language, or that for all languages.
    pub fn exactly(&self, tag: &str) -> Option<&T> {
        let by = |fits: &dyn Fn(&str) -> bool| self.entries.iter().find(|(of, _)| fits(of));
        by(&|of| of.eq_ignore_ascii_case(tag))
            .or_else(|| by(&|of| same_language(of, tag)))
            .or_else(|| by(&str::is_empty))
            .map(|(_, value)| value)
    }

    /// Tags with their values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.entries.iter().map(|(tag, value)| (tag.as_str(), value))
    }
}

/// Whether two tags are of one language, whatever their regions.
pub fn same_language(a: &str, b: &str) -> bool {
    fn primary(tag: &str) -> &str {
        tag.split(['-', '_']).next().unwrap_or(tag)
    }
    primary(a).eq_ignore_ascii_case(primary(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_language_is_taken() {
        let entries = [("en-US", 1), ("es-MX", 2), ("es-ES", 3)].map(|(tag, n)| (tag.to_owned(), n));
        let values = ByLanguage::of(entries.to_vec()).expect("three");
        for (tag, expected) in [("es-es", 3), ("es-AR", 2), ("en", 1), ("fr-FR", 1)] {
            assert_eq!(*values.in_language(tag), expected, "{tag}");
        }
        assert_eq!(values.exactly("fr-FR"), None);
        assert_eq!(ByLanguage::alike(7).exactly("fr-FR"), Some(&7));
    }
}
