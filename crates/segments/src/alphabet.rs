//! The GSM 7-bit default alphabet and its extension table (3GPP TS 23.038, section 6.2.1).

/// How many septets a character takes in GSM-7: one, or two where it stands in the extension table behind an
/// escape; `None` where GSM-7 does not have it.
pub fn gsm7_septets(char: char) -> Option<usize> {
    match char {
        '\n' | '\r' | ' '..='Z' | '_' | 'a'..='z' => Some(1),
        '\u{c}' | '[' | '\\' | ']' | '^' | '{' | '|' | '}' | '~' | '€' => Some(2),
        '£' | '¥' | 'è' | 'é' | 'ù' | 'ì' | 'ò' | 'Ç' | 'Ø' | 'ø' | 'Å' | 'å' => Some(1),
        'Æ' | 'æ' | 'ß' | 'É' | '¤' | '¡' | 'Ä' | 'Ö' | 'Ñ' | 'Ü' | '§' => Some(1),
        '¿' | 'ä' | 'ö' | 'ñ' | 'ü' | 'à' => Some(1),
        'Δ' | 'Φ' | 'Γ' | 'Λ' | 'Ω' | 'Π' | 'Ψ' | 'Σ' | 'Θ' | 'Ξ' => Some(1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of the standard in the order of its codes; the escape (0x1B) is no character.
    const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?\
                         ¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
    const EXTENDED: &str = "\u{c}^{}\\[~]|€";

    #[test]
    fn the_alphabet_is_the_standards_and_nothing_else() {
        assert_eq!(BASIC.chars().count(), 127);
        for char in '\0'..=char::MAX {
            let expected = match () {
                () if BASIC.contains(char) => Some(1),
                () if EXTENDED.contains(char) => Some(2),
                () => None,
            };
            assert_eq!(gsm7_septets(char), expected, "{char:?}");
        }
    }
}
