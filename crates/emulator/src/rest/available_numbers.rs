//! `…/AvailablePhoneNumbers`: numbers that could be bought. All of them are made up, in ranges that are kept
//! free for fiction where a country has such.

use http::Method;
use serde_json::{Map, Value, json};
use twilio::number::ListAvailableNumbers;

use super::route::AvailableKind;
use super::{Answer, Call, Outcome, Refusal, paging};
use crate::address::friendly;
use crate::world::World;

/// How many numbers a search shows where it does not say.
const SHOWN: usize = 30;

struct Country {
    code: &'static str,
    name: &'static str,
    /// What stands before four counted digits, by kind; an empty list where there are none.
    local: &'static [&'static str],
    mobile: &'static [&'static str],
    toll_free: &'static [&'static str],
    locality: &'static str,
    region: &'static str,
    postal_code: &'static str,
    at: (f64, f64),
}

const COUNTRIES: [Country; 5] = [
    Country {
        code: "US",
        name: "United States",
        local: &["+1415555", "+1212555", "+1312555"],
        mobile: &[],
        toll_free: &["+1800555", "+1888555"],
        locality: "Springfield",
        region: "CA",
        postal_code: "94000",
        at: (37.77, -122.42),
    },
    Country {
        code: "CA",
        name: "Canada",
        local: &["+1416555", "+1604555"],
        mobile: &[],
        toll_free: &["+1877555"],
        locality: "Toronto",
        region: "ON",
        postal_code: "M5A 0A1",
        at: (43.65, -79.38),
    },
    Country {
        code: "GB",
        name: "United Kingdom",
        local: &["+442079460"],
        mobile: &["+447700900"],
        toll_free: &["+448081570"],
        locality: "London",
        region: "England",
        postal_code: "",
        at: (51.51, -0.13),
    },
    Country {
        code: "AU",
        name: "Australia",
        local: &["+6125550"],
        mobile: &["+6149157"],
        toll_free: &["+611800160"],
        locality: "Sydney",
        region: "NSW",
        postal_code: "",
        at: (-33.87, 151.21),
    },
    Country {
        code: "DE",
        name: "Germany",
        local: &["+493023125"],
        mobile: &["+4917139200"],
        toll_free: &[],
        locality: "Berlin",
        region: "BE",
        postal_code: "",
        at: (52.52, 13.40),
    },
];

pub(super) fn countries(call: &Call<'_>) -> Outcome {
    expect_get(call)?;
    let countries: Vec<Value> = COUNTRIES.iter().map(|country| show_country(call, country)).collect();
    Ok(Answer::ok(&json!({"countries": countries, "uri": call.incoming.path})))
}

pub(super) fn country(call: &Call<'_>, code: &str) -> Outcome {
    expect_get(call)?;
    let country = find(code).ok_or_else(|| call.not_found())?;
    Ok(Answer::ok(&show_country(call, country)))
}

pub(super) fn list(world: &World, call: &Call<'_>, code: &str, kind: AvailableKind) -> Outcome {
    expect_get(call)?;
    let asked = ListAvailableNumbers::from_pairs(call.pairs)
        .map_err(|error| Refusal::bad(error.code(), error.to_string()))?;
    let shown = match paging::wanted(call)? {
        wanted if call.get("PageSize").is_some() => wanted.size,
        _ => SHOWN,
    };
    let country = find(code).ok_or_else(|| call.not_found())?;
    let prefixes = prefixes(country, kind);
    if prefixes.is_empty() {
        return Err(call.not_found());
    }
    let area = asked.area_code.map(|area| area.to_string());
    let own_prefix = match (&area, kind) {
        (Some(area), AvailableKind::Local) if matches!(code, "US" | "CA") => {
            Some(area_prefix(area).ok_or_else(|| Refusal::of_code(400, 21451))?)
        }
        _ => None,
    };
    let prefixes: Vec<&str> = match &own_prefix {
        Some(prefix) => vec![prefix.as_str()],
        None => prefixes.to_vec(),
    };
    // Everything offered can text, send media and be called; fax it cannot.
    let able = asked.fax_enabled != Some(true)
        && [asked.sms_enabled, asked.mms_enabled, asked.voice_enabled]
            .iter()
            .all(|wish| *wish != Some(false))
        && asked.beta != Some(true);
    let place_fits = [
        (&asked.in_region, country.region),
        (&asked.in_locality, country.locality),
        (&asked.in_postal_code, country.postal_code),
    ]
    .iter()
    .all(|(wish, is)| wish.as_deref().is_none_or(|wish| wish.eq_ignore_ascii_case(is)));
    let numbers: Vec<Value> = candidates(&prefixes)
        .filter(|_| able && place_fits)
        .filter(|number| asked.contains.as_deref().is_none_or(|pattern| matches(number, pattern)))
        .filter(|number| is_free(world, number))
        .take(shown)
        .map(|number| show(&number, country))
        .collect();
    Ok(Answer::ok(&json!({"available_phone_numbers": numbers, "uri": call.incoming.path})))
}

/// The first free number of a North American area.
pub(super) fn free_in_area(world: &World, area: &str) -> Result<String, Refusal> {
    let prefix = area_prefix(area).ok_or_else(|| Refusal::of_code(400, 21451))?;
    let prefixes = [prefix.as_str()];
    let mut free = candidates(&prefixes).filter(|number| is_free(world, number));
    free.next().ok_or_else(|| Refusal::of_code(400, 21452))
}

/// Whether a number has the digits of a pattern, in which `*` stands for any one and letters for the digits
/// that they share a key with.
pub(super) fn matches(number: &str, pattern: &str) -> bool {
    let digits: Vec<u8> = number.bytes().filter(u8::is_ascii_digit).collect();
    let pattern: Vec<u8> = pattern
        .bytes()
        .filter(|byte| byte.is_ascii_alphanumeric() || *byte == b'*')
        .map(key_of_letter)
        .collect();
    if pattern.is_empty() {
        return true;
    }
    digits
        .windows(pattern.len())
        .any(|window| window.iter().zip(&pattern).all(|(digit, wanted)| *wanted == b'*' || digit == wanted))
}

fn key_of_letter(byte: u8) -> u8 {
    match byte.to_ascii_lowercase() {
        b'a'..=b'c' => b'2',
        b'd'..=b'f' => b'3',
        b'g'..=b'i' => b'4',
        b'j'..=b'l' => b'5',
        b'm'..=b'o' => b'6',
        b'p'..=b's' => b'7',
        b't'..=b'v' => b'8',
        b'w'..=b'z' => b'9',
        other => other,
    }
}

fn expect_get(call: &Call<'_>) -> Result<(), Refusal> {
    if call.incoming.method == Method::GET { Ok(()) } else { Err(call.method_not_allowed()) }
}

fn find(code: &str) -> Option<&'static Country> {
    COUNTRIES.iter().find(|country| country.code == code)
}

fn prefixes(country: &Country, kind: AvailableKind) -> &'static [&'static str] {
    match kind {
        AvailableKind::Local => country.local,
        AvailableKind::TollFree => country.toll_free,
        AvailableKind::Mobile => country.mobile,
    }
}

/// `+1`, the area and the exchange of numbers that do not exist.
fn area_prefix(area: &str) -> Option<String> {
    let valid = area.len() == 3
        && area.bytes().all(|digit| digit.is_ascii_digit())
        && !matches!(area.as_bytes()[0], b'0' | b'1');
    valid.then(|| format!("+1{area}555"))
}

/// A hundred numbers for each prefix.
fn candidates(prefixes: &[&str]) -> impl Iterator<Item = String> {
    prefixes.iter().flat_map(|prefix| {
        let width = if prefix.len() >= 9 && !prefix.starts_with("+1") { 3 } else { 4 };
        (100..200).map(move |count| format!("{prefix}{count:0width$}"))
    })
}

fn is_free(world: &World, number: &str) -> bool {
    world.numbers.find(number).is_none() && world.phones.get(number).is_none()
}

fn show_country(call: &Call<'_>, country: &Country) -> Value {
    let path =
        format!("/2010-04-01/Accounts/{}/AvailablePhoneNumbers/{}", call.account.as_str(), country.code);
    let kinds = [
        ("local", "Local", country.local),
        ("mobile", "Mobile", country.mobile),
        ("toll_free", "TollFree", country.toll_free),
    ];
    let links: Map<String, Value> = kinds
        .into_iter()
        .filter(|(_, _, prefixes)| !prefixes.is_empty())
        .map(|(name, segment, _)| (name.to_owned(), json!(format!("{path}/{segment}.json"))))
        .collect();
    json!({
        "country_code": country.code,
        "country": country.name,
        "uri": format!("{path}.json"),
        "beta": false,
        "subresource_uris": links,
    })
}

fn show(number: &str, country: &Country) -> Value {
    json!({
        "friendly_name": friendly(number),
        "phone_number": number,
        "lata": null,
        "locality": country.locality,
        "rate_center": null,
        "latitude": country.at.0,
        "longitude": country.at.1,
        "region": country.region,
        "postal_code": country.postal_code,
        "iso_country": country.code,
        "address_requirements": "none",
        "beta": false,
        "capabilities": {"mms": true, "sms": true, "voice": true},
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_take_stars_letters_and_part_numbers() {
        assert!(matches("+14155550100", "415"));
        assert!(matches("+14155550100", "555****"));
        assert!(matches("+14155550100", "+14155550100"));
        assert!(matches("+18003569377", "FLOWERS"));
        assert!(!matches("+14155550100", "999"));
        assert!(!matches("+14155550100", "4155550100*"));
    }

    #[test]
    fn every_offered_number_can_be_dialled() {
        for country in &COUNTRIES {
            for prefixes in [country.local, country.mobile, country.toll_free] {
                for number in candidates(prefixes) {
                    let reading = crate::address::Reading::Exact;
                    assert_eq!(crate::address::normalize(&number, reading), Some(number.clone()));
                }
            }
        }
    }
}
