//! Segments through the public face.

use proptest::prelude::*;
use segments::{Culprit, Encoding, count, culprits, encoding, measure, smart_encode, split};

/// A text as pieces repeated, then what it measures.
type Vector = (&'static [(&'static str, usize)], Encoding, usize, usize);

const VECTORS: &[Vector] = &[
    (&[("Hello", 1)], Encoding::Gsm7, 5, 1),
    (&[("a", 160)], Encoding::Gsm7, 160, 1),
    (&[("a", 161)], Encoding::Gsm7, 161, 2),
    (&[("a", 306)], Encoding::Gsm7, 306, 2),
    (&[("a", 307)], Encoding::Gsm7, 307, 3),
    (&[("€", 80)], Encoding::Gsm7, 160, 1),
    (&[("€", 81)], Encoding::Gsm7, 162, 2),
    // 306 septets would fill two segments if an escape could be parted from its character.
    (&[("a", 152), ("€", 1), ("a", 152)], Encoding::Gsm7, 306, 3),
    (&[("я", 70)], Encoding::Ucs2, 70, 1),
    (&[("я", 71)], Encoding::Ucs2, 71, 2),
    (&[("я", 134)], Encoding::Ucs2, 134, 2),
    (&[("я", 135)], Encoding::Ucs2, 135, 3),
    (&[("😀", 35)], Encoding::Ucs2, 70, 1),
    (&[("😀", 36)], Encoding::Ucs2, 72, 2),
    // 134 units would fill two segments if a surrogate pair could be parted.
    (&[("я", 66), ("😀", 1), ("я", 66)], Encoding::Ucs2, 134, 3),
    (&[("a", 159), ("’", 1)], Encoding::Ucs2, 160, 3),
    (&[("Olá", 1)], Encoding::Ucs2, 3, 1),
    (&[("à é ñ ü ç", 1)], Encoding::Ucs2, 9, 1),
    (&[("Ç é à ü", 1)], Encoding::Gsm7, 7, 1),
    (&[("a", 1600)], Encoding::Gsm7, 1600, 11),
    (&[("", 0)], Encoding::Gsm7, 0, 1),
];

#[test]
fn vectors() {
    for (pieces, encoding, units, segments) in VECTORS {
        let text: String = pieces.iter().map(|(piece, times)| piece.repeat(*times)).collect();
        let measure = measure(&text);
        assert_eq!(
            (measure.encoding, measure.units, measure.segments),
            (*encoding, *units, *segments),
            "{text}"
        );
        assert_eq!(measure.culprits.is_empty(), *encoding == Encoding::Gsm7, "{text}");
        assert_eq!(split(&text).len(), *segments, "{text}");
    }
}

#[test]
fn culprits_are_named_with_both_positions() {
    let measure = measure("é’s 😀 `x` ç");
    let found: Vec<_> =
        measure.culprits.iter().map(|culprit| (culprit.char, culprit.index, culprit.offset)).collect();
    // Bytes: é is 2, ’ is 3, 😀 is 4.
    assert_eq!(found, [('’', 1, 2), ('😀', 4, 7), ('`', 6, 12), ('`', 8, 14), ('ç', 10, 16)]);
}

#[test]
fn a_pair_moves_on_whole_and_leaves_its_segment_one_short() {
    let text = format!("{}€{}", "a".repeat(152), "a".repeat(152));
    let lengths: Vec<usize> = split(&text).iter().map(|piece| count(piece).units).collect();
    assert_eq!(lengths, [152, 153, 1]);
}

#[test]
fn encodings_have_the_names_that_people_know() {
    assert_eq!(encoding("x").to_string(), "GSM-7");
    assert_eq!(encoding("я").to_string(), "UCS-2");
}

/// Texts in which every kind of character is likely to meet a border.
fn any_text() -> impl Strategy<Value = String> {
    let piece =
        prop::sample::select(vec!["a", "é", "€", "{", "я", "😀", "’", "\n", " ", "\u{0}", "ab ", "^^"]);
    prop::collection::vec((piece, 1..80usize), 0..12)
        .prop_map(|pieces| pieces.iter().map(|(piece, times)| piece.repeat(*times)).collect())
}

proptest! {
    #[test]
    fn segments_together_are_the_text_and_each_fits(text in any_text()) {
        let measure = measure(&text);
        let pieces = split(&text);
        prop_assert_eq!(pieces.concat(), text.as_str());
        prop_assert_eq!(pieces.len(), measure.segments);
        let unit = |piece: &str| match measure.encoding {
            Encoding::Gsm7 => piece.chars().filter_map(segments::gsm7_septets).sum::<usize>(),
            Encoding::Ucs2 => piece.encode_utf16().count(),
        };
        prop_assert_eq!(pieces.iter().map(|piece| unit(piece)).sum::<usize>(), measure.units);
        let room = if pieces.len() == 1 { measure.encoding.units_alone() } else { measure.encoding.units_joined() };
        for (at, piece) in pieces.iter().enumerate() {
            prop_assert!(unit(piece) <= room);
            // Only the last may stand open, but for the one unit that a pair leaves.
            prop_assert!(at + 1 == pieces.len() || unit(piece) + 1 >= room);
        }
    }

    #[test]
    fn more_text_never_takes_fewer_segments(text in any_text(), more in any_text()) {
        let longer = format!("{text}{more}");
        prop_assert!(count(&longer).segments >= count(&text).segments);
    }

    #[test]
    fn culprits_point_at_what_they_name(text in ".{0,60}") {
        for Culprit { char, index, offset } in culprits(&text) {
            prop_assert_eq!(text.chars().nth(index), Some(char));
            prop_assert!(text[offset..].starts_with(char));
        }
        prop_assert_eq!(encoding(&text) == Encoding::Ucs2, culprits(&text).next().is_some());
        prop_assert_eq!(encoding(&text), count(&text).encoding);
    }

    #[test]
    fn smart_encoding_replaces_once_and_for_all(text in any_text()) {
        let encoded = smart_encode(&text);
        prop_assert_eq!(smart_encode(&encoded), encoded.as_ref());
        prop_assert!(culprits(&encoded).count() <= culprits(&text).count());
    }
}
