//! Whole numbers from words: `a hundred and five`, `quatre-vingt-dix`, `dreiundzwanzig`.

use super::item::{Item, Part};
use super::word::{AndRule, Grammar, Word};

/// A whole number at a place of the answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Cardinal {
    pub(super) value: f64,
    pub(super) shape: Shape,
    /// The item after its last one.
    pub(super) to: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// One digit said alone.
    Digit,
    Whole,
    /// Ends on a thousand or more, so that "and a half" means half of that.
    Scaled(u64),
    Ordinal,
}

/// What was taken last.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Nothing,
    Unit,
    Teen,
    Tens(u8),
    Hundred,
    Scale,
}

struct Reader<'a> {
    items: &'a [Item],
    grammar: &'a Grammar,
    at: usize,
    /// What is complete: everything before the last thousand or million.
    total: f64,
    /// What is being read, under a thousand.
    group: f64,
    last: Last,
    last_scale: f64,
    is_ordinal: bool,
}

/// The longest whole number that begins at an item. `Article` counts as one only where a word after it makes
/// it so.
pub(super) fn read(items: &[Item], from: usize, grammar: &Grammar) -> Option<Cardinal> {
    let mut reader = Reader {
        items,
        grammar,
        at: from,
        total: 0.0,
        group: 0.0,
        last: Last::Nothing,
        last_scale: f64::INFINITY,
        is_ordinal: false,
    };
    while !reader.is_ordinal && reader.step() {}
    if reader.last == Last::Nothing {
        return None;
    }
    let shape = match reader.last {
        _ if reader.is_ordinal => Shape::Ordinal,
        Last::Unit if reader.at == from + 1 => Shape::Digit,
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a scale of the grammar")]
        Last::Scale => Shape::Scaled(reader.last_scale as u64),
        _ => Shape::Whole,
    };
    Some(Cardinal { value: reader.total + reader.group, shape, to: reader.at })
}

impl Reader<'_> {
    fn word(&self, ahead: usize) -> Option<Word> {
        self.items.get(self.at + ahead)?.word()
    }

    /// Takes the next item, if it goes on with the number.
    fn step(&mut self) -> bool {
        if self.last == Last::Scale && self.after_pause() {
            return true;
        }
        match self.items.get(self.at).map(|item| item.part) {
            Some(Part::Numeral { value, is_whole: true, digits, leads_with_zero }) => {
                let starts = self.last == Last::Nothing;
                // "1 million 200 thousand".
                if self.last == Last::Scale && !leads_with_zero && value < self.last_scale {
                    return self.take(value, Last::Teen, 1);
                }
                if starts && !leads_with_zero {
                    self.take(value, if digits == 1 { Last::Unit } else { Last::Teen }, 1);
                } else if starts && digits == 1 {
                    self.take(value, Last::Unit, 1);
                }
                if self.last != Last::Nothing && self.word_is_ordinal_ending() {
                    self.is_ordinal = true;
                    self.at += 1;
                }
                starts && self.last != Last::Nothing
            }
            Some(Part::Word(word)) => self.step_word(word),
            _ => false,
        }
    }

    /// `rd` in `3rd`.
    fn word_is_ordinal_ending(&self) -> bool {
        self.word(0) == Some(Word::OrdinalEnding) && self.items[self.at].joined
    }

    fn step_word(&mut self, word: Word) -> bool {
        match word {
            Word::Small(n) => self.small(n),
            Word::Article => self.article(),
            Word::Tens(n) => self.fits_tens() && self.take(n.into(), Last::Tens(n), 1),
            Word::Hundreds(n) => self.is_fresh() && self.take(n.into(), Last::Hundred, 1),
            Word::Hundred => self.hundred(),
            Word::Scale(n) => self.scale(n),
            Word::Grand => self.last != Last::Nothing && self.scale(1_000),
            Word::And => self.and(),
            Word::Ordinal(n) => self.ordinal(n),
            _ => false,
        }
    }

    fn take(&mut self, value: f64, last: Last, items: usize) -> bool {
        self.group += value;
        self.last = last;
        self.at += items;
        true
    }

    /// Nothing of this group was read yet.
    fn is_fresh(&self) -> bool {
        matches!(self.last, Last::Nothing | Last::Scale)
    }

    fn fits_tens(&self) -> bool {
        self.is_fresh() || self.last == Last::Hundred
    }

    fn small(&mut self, n: u8) -> bool {
        if n == 0 {
            return self.last == Last::Nothing && self.take(0.0, Last::Unit, 1);
        }
        if self.fits_small(n) {
            return self.take(n.into(), if n < 10 { Last::Unit } else { Last::Teen }, 1);
        }
        false
    }

    fn fits_small(&self, n: u8) -> bool {
        match self.last {
            Last::Tens(tens) if tens % 10 != 0 => false,
            Last::Tens(tens) if n >= 10 => self.grammar.tens_to_nineteen.contains(&tens),
            // Spanish says "treinta y cinco"; there, two words without "y" are two numbers.
            // German puts the unit first: "achtzig drei" are two.
            Last::Tens(_) => !self.grammar.tens_need_and && self.grammar.and != AndRule::BeforeTens,
            Last::Nothing | Last::Scale | Last::Hundred => true,
            Last::Unit | Last::Teen => false,
        }
    }

    /// `a hundred`, `un million`; and after a hundred or ten where the language says one with the article.
    fn article(&mut self) -> bool {
        match (self.last, self.word(1)) {
            (Last::Nothing | Last::Scale, Some(Word::Hundred | Word::Scale(_) | Word::Grand)) => {
                self.take(1.0, Last::Unit, 1)
            }
            (Last::Nothing, Some(Word::Point | Word::With | Word::Money | Word::Cents)) => {
                self.take(1.0, Last::Unit, 1)
            }
            // "Un et demi", but English has no "a and a half".
            (Last::Nothing, Some(Word::And))
                if self.word(2) == Some(Word::Half) && self.grammar.and != AndRule::AfterHundreds =>
            {
                self.take(1.0, Last::Unit, 1)
            }
            // "Ein und zwanzig", where the recogniser parts the words.
            (Last::Nothing, Some(Word::And))
                if self.grammar.and == AndRule::BeforeTens && matches!(self.word(2), Some(Word::Tens(_))) =>
            {
                self.take(1.0, Last::Unit, 1)
            }
            (Last::Hundred | Last::Scale, Some(Word::Half)) => false,
            (Last::Hundred | Last::Scale | Last::Tens(_), _)
                if self.grammar.and != AndRule::AfterHundreds =>
            {
                self.fits_small(1) && self.take(1.0, Last::Unit, 1)
            }
            _ => false,
        }
    }

    fn hundred(&mut self) -> bool {
        match self.last {
            Last::Nothing | Last::Scale => self.take(100.0, Last::Hundred, 1),
            Last::Unit | Last::Teen | Last::Tens(_) if self.group > 0.0 && self.group < 100.0 => {
                self.group *= 100.0;
                self.last = Last::Hundred;
                self.at += 1;
                true
            }
            _ => false,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "scales are powers of ten")]
    fn scale(&mut self, n: u64) -> bool {
        let scale = n as f64;
        if self.last == Last::Scale {
            // "mil millones": a thousand millions.
            if scale > self.last_scale && self.total > 0.0 && self.total < scale {
                self.total *= scale;
                self.last_scale = scale;
                self.at += 1;
                return true;
            }
            return false;
        }
        if scale >= self.last_scale || (self.last != Last::Nothing && self.group == 0.0) {
            return false;
        }
        let group = if self.last == Last::Nothing { 1.0 } else { self.group };
        self.total += group * scale;
        self.group = 0.0;
        self.last = Last::Scale;
        self.last_scale = scale;
        self.at += 1;
        true
    }

    /// The word "and" is taken together with what follows it, or not at all.
    fn and(&mut self) -> bool {
        let next = self.word(1);
        let takes = match (self.grammar.and, self.last, next) {
            (AndRule::BeforeTens, Last::Unit, Some(Word::Tens(n))) if self.group % 100.0 < 10.0 => {
                return self.take(n.into(), Last::Teen, 2);
            }
            (AndRule::BeforeTens, Last::Unit, Some(Word::Ordinal(n)))
                if n >= 20 && self.group % 100.0 < 10.0 =>
            {
                self.is_ordinal = true;
                return self.take(n.into(), Last::Teen, 2);
            }
            (AndRule::AfterHundreds, Last::Hundred | Last::Scale, Some(Word::Small(n))) => n > 0,
            (AndRule::AfterHundreds, Last::Hundred | Last::Scale, Some(Word::Tens(_) | Word::Ordinal(_))) => {
                true
            }
            (AndRule::BeforeTens, Last::Hundred | Last::Scale, Some(Word::Small(_) | Word::Tens(_))) => true,
            (AndRule::AfterTens, Last::Tens(tens), Some(Word::Small(n))) if tens % 10 == 0 => {
                let up_to = if self.grammar.tens_to_nineteen.contains(&tens) { 11 } else { 9 };
                return n <= up_to && self.take(n.into(), Last::Teen, 2);
            }
            (AndRule::AfterTens, Last::Tens(tens), Some(Word::Article)) if tens % 10 == 0 => {
                return self.take(1.0, Last::Teen, 2);
            }
            _ => false,
        };
        if takes {
            self.at += 1;
        }
        takes && self.step()
    }

    fn ordinal(&mut self, n: u16) -> bool {
        let fits = match self.last {
            Last::Nothing => true,
            Last::Tens(tens) => tens % 10 == 0 && n < 10,
            Last::Hundred | Last::Scale => n < 100,
            Last::Unit | Last::Teen => false,
        };
        if fits {
            self.is_ordinal = true;
            self.take(n.into(), Last::Teen, 1);
        }
        fits
    }

    /// `a thousand, two hundred`: after a thousand a pause does not end the number.
    fn after_pause(&mut self) -> bool {
        let is_pause = self.items.get(self.at).is_some_and(|item| item.part == Part::Pause);
        let goes_on = matches!(self.word(1), Some(Word::Small(1..) | Word::Tens(_) | Word::Hundreds(_)))
            && matches!(self.word(2), Some(Word::Hundred));
        if !is_pause || !goes_on {
            return false;
        }
        self.at += 1;
        self.step()
    }
}
