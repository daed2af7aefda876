//! Characters that look like one of GSM-7, or can stand in for one.

use std::borrow::Cow;
use std::sync::LazyLock;

/// Replaces typographic characters by those of GSM-7, as the provider's Smart Encoding does: curly quotes,
/// dashes, the ellipsis, blanks of any width, fractions, full-width letters.
///
/// The table is the one that Twilio publishes with its segment calculator, with three differences: a blank of
/// any width and a tab become one blank, and `‹` and `›` keep their direction. Letters with accents are left
/// as they are, so a text with one is still sent as UCS-2, but with everything else replaced.
pub fn smart_encode(text: &str) -> Cow<'_, str> {
    let Some(first) = text.find(|char| smart(char).is_some()) else { return Cow::Borrowed(text) };
    let mut out = String::with_capacity(text.len());
    out.push_str(&text[..first]);
    for char in text[first..].chars() {
        match smart(char) {
            Some(replacement) => out.push_str(replacement),
            None => out.push(char),
        }
    }
    Cow::Owned(out)
}

/// A text of GSM-7 that could stand in for a character which GSM-7 does not have: what [`smart_encode`] would
/// put there, else the letter without its accent, else words such as `(c)` for a sign. `None` where there is
/// nothing close, as for emoji, and for characters that GSM-7 has. Empty where the character is invisible.
pub fn suggest(char: char) -> Option<&'static str> {
    if crate::gsm7_septets(char).is_some() {
        return None;
    }
    smart(char).or_else(|| look_up(&PLAIN, char))
}

fn smart(char: char) -> Option<&'static str> {
    // No ASCII letter, digit or blank is ever replaced; this keeps the common case off the table.
    if char.is_ascii() && char != '`' && !char.is_ascii_control() {
        return None;
    }
    look_up(&SMART, char)
}

type Table = LazyLock<Vec<(char, &'static str)>>;

fn look_up(table: &Table, char: char) -> Option<&'static str> {
    table.binary_search_by_key(&char, |(known, _)| *known).ok().map(|at| table[at].1)
}

fn sorted(groups: &[(&'static str, &'static str)]) -> Vec<(char, &'static str)> {
    let mut table: Vec<_> = groups
        .iter()
        .flat_map(|(replacement, chars)| chars.chars().map(move |char| (char, *replacement)))
        .collect();
    table.sort_unstable();
    table
}

static SMART: Table = LazyLock::new(|| {
    let mut table = sorted(SMART_GROUPS);
    // The full-width forms stand in the order of ASCII.
    let forms = '\u{ff01}'..='\u{ff3f}';
    table.extend(forms.enumerate().map(|(at, form)| (form, &FULL_WIDTH[at..=at])));
    table.sort_unstable();
    table
});

/// What the full-width forms from U+FF01 to U+FF3F look like.
const FULL_WIDTH: &str = "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_";

const SMART_GROUPS: &[(&str, &str)] = &[
    ("\"", "«»“”ʺˮ‟„❝❞〝〞"),
    ("'", "‘’ʻˈʼʽʹ‛´ˊ`ˋ❛❜\u{313}\u{314}︐︑"),
    ("/", "÷⧸\u{337}\u{338}⁄∕"),
    ("1/4", "¼"),
    ("1/2", "½"),
    ("3/4", "¾"),
    ("\\", "⧹⧵\u{20e5}﹨"),
    ("_", "\u{332}‗"),
    ("|", "\u{20d2}\u{20d3}∣⎸⎹⏐⎜⎟"),
    ("-", "⎼⎽―﹣‐⁃—–•"),
    ("@", "﹫"),
    ("$", "﹩"),
    ("!", "ǃ︕﹗"),
    ("!!", "‼"),
    ("#", "﹟"),
    ("%", "﹪"),
    ("&", "﹠"),
    (",", "‚\u{326}﹐﹑､、"),
    ("(", "❨❪﹙⟮⦅"),
    (")", "❩❫﹚⟯⦆"),
    ("*", "⁎∗⊛✢✣✤✥✱✲✳✺✻✼✽❃❉❊❋⧆﹡"),
    ("+", "˖﹢"),
    (".", "。﹒｡"),
    ("...", "…"),
    (":", "ː˸⦂꞉︓"),
    (";", "⁏︔﹔"),
    ("<", "﹤‹"),
    ("=", "\u{347}꞊﹦"),
    (">", "﹥›"),
    ("?", "︖﹖"),
    ("A", "ᴀ"),
    ("B", "ʙ"),
    ("C", "ᴄ"),
    ("D", "ᴅ"),
    ("E", "ᴇ"),
    ("F", "ꜰ"),
    ("G", "ɢ"),
    ("H", "ʜ"),
    ("I", "ɪ"),
    ("J", "ᴊ"),
    ("K", "ᴋ"),
    ("L", "ʟ"),
    ("M", "ᴍ"),
    ("N", "ɴ"),
    ("O", "ᴏ"),
    ("P", "ᴘ"),
    ("R", "ʀ"),
    ("S", "ꜱ"),
    ("T", "ᴛ"),
    ("U", "ᴜ"),
    ("V", "ᴠ"),
    ("W", "ᴡ"),
    ("Y", "ʏ"),
    ("Z", "ᴢ"),
    ("^", "ˆ\u{302}\u{1dcd}"),
    ("{", "❴﹛｛"),
    ("}", "❵﹜｝"),
    ("|", "｜"),
    ("~", "˜˷\u{303}\u{330}\u{334}∼～"),
    (
        " ",
        "\t\u{80}\u{8d}\u{90}\u{9b}\u{9f}\u{a0}\u{2000}\u{2001}\u{2002}\u{2003}\u{2004}\u{2005}\u{2006}\
         \u{2007}\u{2008}\u{2009}\u{200a}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}",
    ),
    ("", "\0\u{3}\u{4}\u{10}\u{11}\u{12}\u{13}\u{14}\u{17}\u{19}\u{200b}\u{2060}\u{feff}"),
];

static PLAIN: Table = LazyLock::new(|| sorted(PLAIN_GROUPS));

/// Stand-ins that no provider puts in by itself, because they change how a word is written.
const PLAIN_GROUPS: &[(&str, &str)] = &[
    ("A", "ÀÁÂÃĀĂĄǍΑА"),
    ("a", "áâãāăąǎªа"),
    ("AE", "Ǽ"),
    ("ae", "ǽ"),
    ("B", "ΒВ"),
    ("C", "ĆĈĊČС"),
    ("c", "çćĉċčс"),
    ("D", "ÐĎĐ"),
    ("d", "ðďđ"),
    ("E", "ÈÊËĒĔĖĘĚΕЕ"),
    ("e", "êëēĕėęěе"),
    ("G", "ĜĞĠĢ"),
    ("g", "ĝğġģ"),
    ("H", "ĤĦΗН"),
    ("h", "ĥħ"),
    ("I", "ÌÍÎÏĨĪĬĮİΙІ"),
    ("i", "íîïĩīĭįıі"),
    ("IJ", "Ĳ"),
    ("ij", "ĳ"),
    ("J", "Ĵ"),
    ("j", "ĵ"),
    ("K", "ĶΚК"),
    ("k", "ķ"),
    ("L", "ĹĻĽĿŁ"),
    ("l", "ĺļľŀł"),
    ("M", "ΜМ"),
    ("N", "ŃŅŇΝ"),
    ("n", "ńņňŉ"),
    ("O", "ÒÓÔÕŌŎŐǑΟО"),
    ("o", "óôõōŏőǒºо"),
    ("OE", "Œ"),
    ("oe", "œ"),
    ("P", "ΡР"),
    ("p", "р"),
    ("R", "ŔŖŘ"),
    ("r", "ŕŗř"),
    ("S", "ŚŜŞŠȘ"),
    ("s", "śŝşšș"),
    ("ss", "ẞ"),
    ("T", "ŢŤŦȚΤТ"),
    ("t", "ţťŧț"),
    ("Th", "Þ"),
    ("th", "þ"),
    ("U", "ÙÚÛŨŪŬŮŰŲǓ"),
    ("u", "úûũūŭůűųǔµμ"),
    ("W", "ŴẀẂẄ"),
    ("w", "ŵẁẃẅ"),
    ("X", "ΧХ"),
    ("x", "×х"),
    ("Y", "ÝŶŸΥ"),
    ("y", "ýÿŷу"),
    ("Z", "ŹŻŽΖ"),
    ("z", "źżž"),
    ("Δ", "∆"),
    ("Ω", "\u{2126}"),
    ("Σ", "∑"),
    ("Π", "∏"),
    ("Å", "\u{212b}"),
    ("-", "‑‒−·"),
    ("(c)", "©"),
    ("(R)", "®"),
    ("(TM)", "™"),
    ("No.", "№"),
    ("+/-", "±"),
    ("<=", "≤"),
    (">=", "≥"),
    ("!=", "≠"),
    ("->", "→"),
    ("<-", "←"),
    ("1/3", "⅓"),
    ("2/3", "⅔"),
    ("1", "¹"),
    ("2", "²"),
    ("3", "³"),
    ("deg", "°"),
    ("fi", "ﬁ"),
    ("fl", "ﬂ"),
    ("", "\u{ad}\u{200c}\u{200d}\u{200e}\u{200f}\u{fe0e}\u{fe0f}"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Encoding, encoding};

    #[test]
    fn every_stand_in_is_gsm7_and_stands_for_what_is_not() {
        for (char, replacement) in SMART.iter().chain(PLAIN.iter()) {
            assert_eq!(crate::gsm7_septets(*char), None, "{char:?}");
            assert_eq!(encoding(replacement), Encoding::Gsm7, "{char:?}");
        }
    }

    #[test]
    fn no_character_has_two_stand_ins() {
        let mut chars: Vec<char> = SMART.iter().chain(PLAIN.iter()).map(|(char, _)| *char).collect();
        chars.sort_unstable();
        let doubles: Vec<_> = chars.windows(2).filter(|pair| pair[0] == pair[1]).collect();
        assert!(doubles.is_empty(), "{doubles:?}");
    }

    #[test]
    fn typography_is_replaced() {
        for (text, expected) in [
            ("“It’s” – or ‘was’ — here…", "\"It's\" - or 'was' - here..."),
            ("a\u{a0}b\u{2009}c\u{200b}d", "a b cd"),
            ("ＡＢＣ　１２３！", "ABC 123!"),
            ("½ ‹x› ‼", "1/2 <x> !!"),
        ] {
            assert_eq!(smart_encode(text), expected);
        }
    }

    #[test]
    fn everything_else_is_kept_without_a_copy() {
        for text in ["", "plain", "é {€}\r\n", "Olá 😀 я"] {
            assert!(matches!(smart_encode(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }

    #[test]
    fn suggestions() {
        for (char, expected) in [
            ('’', Some("'")),
            ('á', Some("a")),
            ('ç', Some("c")),
            ('œ', Some("oe")),
            ('\u{200d}', Some("")),
            ('™', Some("(TM)")),
            ('Μ', Some("M")),
            ('😀', None),
            ('я', None),
            ('é', None),
            ('x', None),
        ] {
            assert_eq!(suggest(char), expected, "{char:?}");
        }
    }
}
