//! Phone numbers.

use super::argument::{Arguments, Outcome, Refusal, made};
use super::{Function, Missing};
use rlibphonenumber::{NumberLengthType, PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberFormat, Region};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "formatPhoneNumber",
        signature: "formatPhoneNumber(number[, region])",
        about: "The number in E.164, or an error where it cannot be one; a number without `+` is of the region.",
        examples: &[
            ("formatPhoneNumber(phone)", "+15551234567"),
            ("formatPhoneNumber(\"07700 900123\", \"GB\")", "+447700900123"),
            ("formatPhoneNumber(\"+49 1512 3456789\")", "+4915123456789"),
        ],
        arguments: 1..=2,
        missing: Missing::Refused,
        run: format_phone_number,
    },
    Function {
        name: "spokenPhone",
        signature: "spokenPhone(number)",
        about: "The number digit by digit in the groups of its country, for speech; short numbers as they are grouped.",
        examples: &[
            ("spokenPhone(phone)", "five five five, one two three, four five six seven"),
            (
                "spokenPhone(\"+447700900123\")",
                "plus four four, seven seven zero zero, nine zero zero one two three",
            ),
            ("spokenPhone(\"911\")", "nine one one"),
        ],
        arguments: 1..=1,
        missing: Missing::Refused,
        run: spoken_phone,
    },
];

fn format_phone_number<'a>(arguments: &Arguments<'a>) -> Outcome<'a> {
    let text = arguments.text(0)?;
    let region = if arguments.given(1) {
        let code = arguments.text(1)?;
        let region = known_region(code.trim());
        Some(region.ok_or_else(|| {
            let problem = format!("does not know the region `{}`", arguments.written(1));
            Refusal::hinted(1, problem, "a region is named by its two letters, such as \"US\"")
        })?)
    } else {
        arguments.context.region.as_deref().and_then(known_region)
    };
    let number = parse(&text, region).ok_or_else(|| {
        let problem = format!("cannot make a phone number of `{}`", arguments.written(0));
        match region {
            Some(region) => Refusal::hinted(
                0,
                problem,
                format!("the region is {region}; other countries need `+` and their code"),
            ),
            None => {
                Refusal::hinted(0, problem, "no region is known, so a number needs `+` and its country code")
            }
        }
    })?;
    made(number.format_as(PhoneNumberFormat::E164))
}

fn known_region(code: &str) -> Option<Region> {
    let region = code.parse::<Region>().ok()?;
    PHONE_NUMBER_UTIL.get_country_code_for_region(region).map(|_| region)
}

/// A number that can be dialled from anywhere. It need not be assigned: the 555 numbers are not.
fn parse(text: &str, region: Option<Region>) -> Option<PhoneNumber> {
    let number = PhoneNumber::parse(text, region).ok()?;
    let dialable = matches!(number.is_possible_with_reason(), Ok(NumberLengthType::IsPossible));
    // E.164 has no room for an extension, and dropping it would reach somebody else.
    (dialable && number.extension.is_none()).then_some(number)
}

fn spoken_phone<'a>(arguments: &Arguments<'a>) -> Outcome<'a> {
    let text = arguments.text(0)?;
    let home = arguments.context.region.as_deref().and_then(known_region);
    let number = parse(&text, home);
    let grouped = number.as_ref().map(|number| {
        let at_home = home.and_then(|home| PHONE_NUMBER_UTIL.get_country_code_for_region(home));
        let format = if at_home == Some(number.country_code) {
            PhoneNumberFormat::National
        } else {
            PhoneNumberFormat::International
        };
        number.format_as(format)
    });
    let grouped = grouped.as_deref().unwrap_or(&text);
    let words = arguments.locale().language.words();
    let groups: Vec<String> = grouped
        .split(|character: char| !character.is_ascii_digit() && character != '+')
        .filter(|group| !group.is_empty())
        .map(|group| {
            let spoken = group.chars().map(|character| match (words, character.to_digit(10)) {
                (Some(words), Some(digit)) => String::from(words.digits[digit as usize]),
                (Some(words), None) => String::from(words.plus),
                (None, _) => String::from(character),
            });
            spoken.collect::<Vec<_>>().join(" ")
        })
        .collect();
    let anything_else = number.is_none()
        && !text.chars().all(|character| character.is_ascii_digit() || " +-.()/".contains(character));
    if groups.is_empty() || anything_else {
        return Err(Refusal::bad(0, format!("cannot read `{}` as a phone number", arguments.written(0))));
    }
    made(groups.join(", "))
}
