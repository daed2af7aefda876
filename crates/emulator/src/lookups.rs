//! What looking a number up finds.

use std::collections::HashMap;

use rlibphonenumber::{NumberLengthType, PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberFormat, Region};
use serde_json::{Map, Value, json};
use twilio::lookup::{LineType, ValidationError};

use crate::address;
use crate::world::World;

/// What the fixture says about a number.
#[derive(Debug, Clone)]
pub(crate) struct Finding {
    pub(crate) valid: Option<bool>,
    /// Answers of packages, laid over those that are made up.
    pub(crate) packages: Map<String, Value>,
}

/// By number, E.164.
pub(crate) type Lookups = HashMap<String, Finding>;

/// A number that was read, or why it could not be.
pub(crate) struct Reading {
    /// E.164 where it could be read, what was given otherwise.
    pub(crate) phone_number: String,
    pub(crate) calling_code: Option<String>,
    pub(crate) country: Option<String>,
    pub(crate) national: Option<String>,
    pub(crate) error: Option<ValidationError>,
}

/// Reads a number by the digits that its country gives out. Numbers that are possible count as valid though
/// nobody was given them, because every number that is made up for a test is such a one.
pub(crate) fn read(text: &str, country: &str) -> Reading {
    let refused = |error| Reading {
        phone_number: text.to_owned(),
        calling_code: None,
        country: None,
        national: None,
        error: Some(error),
    };
    let region = country.parse::<Region>().ok();
    let number = match PhoneNumber::parse(text, region) {
        Ok(number) => number,
        Err(error) => return refused(of_parsing(&error)),
    };
    let written = number.format_as(PhoneNumberFormat::E164).into_owned();
    match number.is_possible_with_reason() {
        Ok(NumberLengthType::IsPossible) => {}
        Ok(NumberLengthType::IsPossibleLocalOnly) => return refused(ValidationError::TooShort),
        Err(error) => return Reading { phone_number: written, ..refused(of_length(&error)) },
    }
    let region = number
        .get_region_code()
        .or_else(|| PHONE_NUMBER_UTIL.get_region_for_country_code(number.country_code))
        .map(|region| region.to_string());
    Reading {
        calling_code: Some(number.country_code.to_string()),
        country: region,
        national: Some(number.format_as(PhoneNumberFormat::National).into_owned()),
        phone_number: written,
        error: None,
    }
}

impl World {
    /// A package's answer about a number: made up, under what the fixture says.
    pub(crate) fn lookup_package(&self, number: &str, package: &str) -> Value {
        let mut answer = made_up(package, &self.line_type(number));
        let given = self.lookups.get(number).and_then(|finding| finding.packages.get(package));
        match (given, answer.as_object_mut()) {
            (Some(Value::Object(given)), Some(answer)) => answer.extend(given.clone()),
            (Some(given), _) => return given.clone(),
            (None, _) => {}
        }
        answer
    }

    /// The provider's own numbers are voice over IP, all others are mobile phones.
    fn line_type(&self, number: &str) -> LineType {
        match self.numbers.find(number) {
            _ if address::is_toll_free(number) => LineType::TollFree,
            Some(_) => LineType::NonFixedVoip,
            None => LineType::Mobile,
        }
    }
}

/// What a package answers about a number of which nothing is known but its line. The keys are those of
/// Twilio's description.
fn made_up(package: &str, line: &LineType) -> Value {
    let is_mobile = *line == LineType::Mobile;
    let mobile_codes = |code: &str| if is_mobile { json!(code) } else { Value::Null };
    let carrier = if is_mobile { "Example Mobile" } else { "Example Voice" };
    match package {
        "caller_name" => json!({"caller_name": null, "caller_type": "UNDETERMINED", "error_code": null}),
        "line_type_intelligence" => json!({
            "mobile_country_code": mobile_codes("310"),
            "mobile_network_code": mobile_codes("999"),
            "carrier_name": carrier,
            "type": line.as_str(),
            "error_code": null,
        }),
        "sim_swap" => json!({
            "last_sim_swap": {"last_sim_swap_date": null, "swapped_period": null, "swapped_in_period": false},
            "carrier_name": carrier,
            "mobile_country_code": mobile_codes("310"),
            "mobile_network_code": mobile_codes("999"),
            "error_code": null,
        }),
        "call_forwarding" => json!({"call_forwarding_enabled": false, "error_code": null}),
        "line_status" => json!({"status": "active", "error_code": null}),
        "identity_match" => json!({
            "first_name_match": null, "last_name_match": null, "address_lines_match": null, "city_match": null,
            "state_match": null, "postal_code_match": null, "address_country_match": null,
            "national_id_match": null, "date_of_birth_match": null, "summary_score": null,
            "error_code": null, "error_message": null,
        }),
        "reassigned_number" => {
            json!({"last_verified_date": null, "is_number_reassigned": "no_data_available", "error_code": null})
        }
        "sms_pumping_risk" => json!({
            "carrier_risk_category": "low",
            "number_blocked": false,
            "number_blocked_date": null,
            "number_blocked_last_3_months": false,
            "sms_pumping_risk_score": 0,
            "error_code": null,
        }),
        _ => json!({}),
    }
}

fn of_parsing(error: &rlibphonenumber::ParseError) -> ValidationError {
    use rlibphonenumber::ParseError;
    match error {
        ParseError::InvalidCountryCode => ValidationError::InvalidCountryCode,
        ParseError::TooShortAfterIdd | ParseError::TooShortNsn => ValidationError::TooShort,
        ParseError::TooLongNsn => ValidationError::TooLong,
        _ => ValidationError::NotANumber,
    }
}

fn of_length(error: &rlibphonenumber::ValidationError) -> ValidationError {
    use rlibphonenumber::ValidationError as Length;
    match error {
        Length::InvalidCountryCode => ValidationError::InvalidCountryCode,
        Length::TooShort => ValidationError::TooShort,
        Length::InvalidLength => ValidationError::InvalidLength,
        Length::TooLong => ValidationError::TooLong,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_judged_by_their_digits() {
        for (text, error) in [
            ("+15551234567", None),
            ("(555) 123-4567", None),
            ("+4915112345678", None),
            ("+1555123", Some(ValidationError::TooShort)),
            ("+141599299600", Some(ValidationError::TooLong)),
            ("+9991234567", Some(ValidationError::InvalidCountryCode)),
            ("hello", Some(ValidationError::NotANumber)),
        ] {
            assert_eq!(read(text, "US").error, error, "{text}");
        }
        let reading = read("(555) 123-4567", "US");
        assert_eq!((reading.phone_number.as_str(), reading.country.as_deref()), ("+15551234567", Some("US")));
        assert_eq!(reading.national.as_deref(), Some("(555) 123-4567"));
    }
}
