//! `lookups.twilio.com/v2/PhoneNumbers/{PhoneNumber}`.

use http::Method;
use serde_json::{Map, Value};
use twilio::lookup::{FetchLookup, LookupResource, PACKAGES, ValidationError};

use super::{Answer, Call, Outcome, Refusal};
use crate::lookups;
use crate::world::World;

/// Looks a number up. What is no number is told as such, and is no error.
pub(super) fn fetch(world: &World, call: &Call<'_>, number: &str) -> Outcome {
    if call.incoming.method != Method::GET {
        return Err(call.method_not_allowed());
    }
    let asked = FetchLookup::from_pairs(call.pairs).map_err(Refusal::from)?;
    let fields: Vec<&str> = asked
        .fields
        .as_deref()
        .unwrap_or_default()
        .split(',')
        .map(str::trim)
        .filter(|f| !f.is_empty())
        .collect();
    let is_known = |field: &&&str| **field == "validation" || PACKAGES.contains(field);
    if let Some(unknown) = fields.iter().find(|field| !is_known(field)) {
        return Err(Refusal::bad(60600, format!("Invalid parameter: Fields has no {unknown}")));
    }
    let country = asked.country_code.as_deref().filter(|code| !code.is_empty()).unwrap_or("US");
    let mut reading = lookups::read(number, country);
    match world.lookups.get(&reading.phone_number).and_then(|finding| finding.valid) {
        Some(false) if reading.error.is_none() => reading.error = Some(ValidationError::InvalidButPossible),
        Some(true) => reading.error = None,
        _ => {}
    }
    let valid = reading.error.is_none();
    let packages: Map<String, Value> = PACKAGES
        .iter()
        .map(|package| {
            let is_wanted = valid && fields.contains(package);
            let answer =
                if is_wanted { world.lookup_package(&reading.phone_number, package) } else { Value::Null };
            ((*package).to_owned(), answer)
        })
        .collect();
    let shown = LookupResource {
        calling_country_code: reading.calling_code.filter(|_| valid),
        country_code: reading.country.filter(|_| valid),
        national_format: reading.national.filter(|_| valid),
        valid,
        validation_errors: reading.error.map(|error| vec![error]),
        url: Some(format!("{}/v2/PhoneNumbers/{}", call.product_base(), reading.phone_number)),
        phone_number: reading.phone_number,
        packages,
    };
    Ok(Answer::ok(&shown))
}
