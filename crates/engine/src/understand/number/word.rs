//! What a word can mean in a number, and the grammar of a language's numbers.

/// The part that a word or phrase plays in a number, or in what is said about one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// 0 to 19.
    Small(u8),
    /// 20, 30, … 90.
    Tens(u8),
    /// A hundred that is one word: `doscientos`.
    Hundreds(u16),
    /// Multiplies what stands before it: `two hundred`.
    Hundred,
    /// A thousand, a million and so on.
    Scale(u64),
    /// A thousand after a number only: `fifty grand`, `10k`.
    Grand,
    And,
    /// Between whole and decimals.
    Point,
    /// Between whole and hundredths: `cinco con cincuenta`.
    With,
    Minus,
    /// After the number: `four below zero`.
    Below,
    /// `a`, `un`, `ein`: a one before hundred, dozen, half and units only.
    Article,
    Half,
    /// And a half, within one word: `zweieinhalb`.
    AndHalf,
    /// One part of so many, after how many: `quarters`, `thirds`.
    Part(u16),
    /// A dozen, a score, `une quinzaine`.
    Group(u16),
    /// A number that is a word of its own and nothing else: `once`, `anderthalb` (in tenths).
    Tenths(u16),
    /// The same in hundredths: `dreiviertel`.
    Hundredths(u16),
    /// How often the next digit stands: `double five`.
    Repeat(u8),
    Ordinal(u16),
    /// What makes an ordinal of digits: `3rd`, `1er`.
    OrdinalEnding,
    /// The letter that people say for zero among digits.
    Oh,
    Percent,
    Money,
    Cents,
    Unit(Unit),
    /// Takes the number off its point: `more than`, `at least`.
    Bound,
    /// The same directly before the number or after it at the end; elsewhere a word like others: `under my belt`.
    BoundBeside,
    /// The same, but where the question asks for a limit it says it: `up to`.
    Upper,
    /// The same, but of a grade it is said by somebody who is sure: `easily a nine`.
    Easily,
    /// How long until now, before a length of time; before anything else the number is that of a day: `seit`.
    Since,
    /// A quantity that is no number: `many`, `a few`.
    Vague,
    /// No quantity at all: `none`, `never`.
    Nothing,
    /// More or less, after the number: `ten, maybe more`.
    More,
    /// Says that the number is not the one: `not`.
    Not,
    /// No, before a noun (`no children`) or a correction (`no, sixteen`).
    No,
    /// Between two numbers, or a number and something else.
    Or,
    /// Between a grade and the best one: `seven out of ten`.
    OutOf,
    /// Belongs to an answer of another type: `o'clock`, the name of a month, `street`.
    Elsewhere,
    /// Goes on with the digits after it: `then`.
    Then,
    /// Says that the digits are not all: `it starts with`, `the rest`.
    Partly,
    /// A digit of which there are several: `three sevens`.
    Digits(u8),
    /// After a denial there is none: `I don't have any`.
    Any,
    /// Nobody but the person: one, where people are counted.
    Alone,
    /// `one` as a pronoun: `the second one`, `no one`.
    Pronoun,
}

/// What is counted, where a question may count in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
    /// Kilometres, miles.
    Length,
    /// Kilos.
    Mass,
    /// Grams, which are no kilos.
    Gram,
    /// Rooms of a home, which tell nothing of its size.
    Room,
    /// Square metres and feet, acres.
    Area,
    /// Hectares.
    Land,
    /// Years since a birth: `years old`.
    Age,
    /// Anything else: times, people, children.
    Thing,
}

impl Unit {
    /// Measures something, so that a question that counts something else cannot mean it.
    pub(super) fn measures(self) -> bool {
        !matches!(self, Unit::Thing | Unit::Age)
    }

    pub(super) fn is_time(self) -> bool {
        self.measures()
            && !matches!(self, Unit::Length | Unit::Mass | Unit::Gram | Unit::Room | Unit::Area | Unit::Land)
    }
}

/// Where the word for "and" may stand inside a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AndRule {
    /// `a hundred and five`.
    AfterHundreds,
    /// `treinta y cinco`, `vingt et un`.
    AfterTens,
    /// `fünf und zwanzig`, `hundertundfünf`.
    BeforeTens,
}

pub(super) struct Grammar {
    pub(super) words: &'static [(Word, &'static [&'static str])],
    /// The words around numbers, by what they do, and those that only look like one.
    pub(super) around: &'static str,
    pub(super) and: AndRule,
    /// Between tens and units the "and" has to be there, or they are two numbers.
    pub(super) tens_need_and: bool,
    /// Pairs that are one number: `dix sept`, `quatre vingt`.
    pub(super) pairs: &'static [(Word, Word, Word)],
    /// Tens that go on to nineteen: `soixante-quinze`.
    pub(super) tens_to_nineteen: &'static [u8],
    /// Words are written together: `dreiundzwanzig`.
    pub(super) compounds: bool,
    /// `nineteen eighty four` is a year.
    pub(super) years_in_pairs: bool,
    /// Sounds like a digit where a number is expected: `to`, `for`, `ate`.
    pub(super) homophones: &'static [(&'static str, u8)],
    /// Words of a question that asks how long something takes or how old it is, without a unit.
    pub(super) asks_duration: &'static [&'static str],
    /// Words of a question that asks for a percentage.
    pub(super) asks_percent: &'static [&'static str],
    /// Words of a question that counts people.
    pub(super) asks_people: &'static [&'static str],
    /// Words of a question for an amount of money.
    pub(super) asks_money: &'static [&'static str],
    /// Words of a question for the most there may be.
    pub(super) asks_limit: &'static [&'static str],
    /// Words of a question for a grade.
    pub(super) asks_grade: &'static [&'static str],
    /// Words of a question for an age in years.
    pub(super) asks_age: &'static [&'static str],
    /// Words of a question that may be answered by "nothing".
    pub(super) asks_amount: &'static [&'static str],
}
