//! Looking numbers up, in the second version of that product.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::parameter::parameters;
use crate::words::words;

/// What is known about a number. The packages that were not asked for are null.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LookupResource {
    /// Without its plus sign.
    #[serde(default)]
    pub calling_country_code: Option<String>,
    /// ISO 3166, two letters.
    #[serde(default)]
    pub country_code: Option<String>,
    /// E.164, or what was asked for where it is none.
    pub phone_number: String,
    /// As people of its country write it.
    #[serde(default)]
    pub national_format: Option<String>,
    /// Whether it can be a number at all. An impossible one is no error.
    pub valid: bool,
    /// Why it cannot; null where it can.
    #[serde(default)]
    pub validation_errors: Option<Vec<ValidationError>>,
    /// The address of this resource.
    #[serde(default)]
    pub url: Option<String>,
    /// A package each, by the name that asks for it.
    #[serde(flatten)]
    pub packages: Map<String, Value>,
}

/// The packages that can be asked for, in the order of the answer. `validation` has no answer of its own.
pub const PACKAGES: [&str; 10] = [
    "caller_name",
    "sim_swap",
    "call_forwarding",
    "line_status",
    "line_type_intelligence",
    "identity_match",
    "reassigned_number",
    "sms_pumping_risk",
    "phone_number_quality_score",
    "pre_fill",
];

words! {
    open
    /// Why something is no number.
    pub enum ValidationError {
        /// Too few digits.
        TooShort = "TOO_SHORT",
        /// Too many digits.
        TooLong = "TOO_LONG",
        /// As many digits as numbers have, in an order that none has.
        InvalidButPossible = "INVALID_BUT_POSSIBLE",
        /// No country has this code.
        InvalidCountryCode = "INVALID_COUNTRY_CODE",
        /// Between the lengths that there are.
        InvalidLength = "INVALID_LENGTH",
        /// Not even digits.
        NotANumber = "NOT_A_NUMBER",
    }
}

words! {
    open
    /// What kind of line a number is.
    pub enum LineType {
        /// A fixed line.
        Landline = "landline",
        /// A mobile phone.
        Mobile = "mobile",
        /// Voice over IP at a fixed place.
        FixedVoip = "fixedVoip",
        /// Voice over IP anywhere.
        NonFixedVoip = "nonFixedVoip",
        /// A number that follows its owner.
        Personal = "personal",
        /// Free for the caller.
        TollFree = "tollFree",
        /// Dear for the caller.
        Premium = "premium",
        /// Caller and called share the cost.
        SharedCost = "sharedCost",
        /// One number for a whole firm.
        Uan = "uan",
        /// A voice mailbox.
        Voicemail = "voicemail",
        /// A pager.
        Pager = "pager",
        /// Not known.
        Unknown = "unknown",
    }
}

parameters! {
    /// `GET /v2/PhoneNumbers/{PhoneNumber}`.
    #[derive(Default)]
    pub struct FetchLookup {
        /// The packages that are wanted, separated by commas.
        pub fields: Option<String> = "Fields",
        /// The country of a number that is not in E.164 form: `US` unless given.
        pub country_code: Option<String> = "CountryCode",
        /// For `identity_match`.
        pub first_name: Option<String> = "FirstName",
        /// For `identity_match`.
        pub last_name: Option<String> = "LastName",
        /// For `identity_match`.
        pub address_line1: Option<String> = "AddressLine1",
        /// For `identity_match`.
        pub address_line2: Option<String> = "AddressLine2",
        /// For `identity_match`.
        pub city: Option<String> = "City",
        /// For `identity_match`.
        pub state: Option<String> = "State",
        /// For `identity_match`.
        pub postal_code: Option<String> = "PostalCode",
        /// For `identity_match`.
        pub address_country_code: Option<String> = "AddressCountryCode",
        /// For `identity_match`.
        pub national_id: Option<String> = "NationalId",
        /// For `identity_match`.
        pub date_of_birth: Option<String> = "DateOfBirth",
        /// For `reassigned_number`.
        pub last_verified_date: Option<String> = "LastVerifiedDate",
        /// For `pre_fill`.
        pub verification_sid: Option<String> = "VerificationSid",
        /// For `sms_pumping_risk`.
        pub partner_sub_id: Option<String> = "PartnerSubId",
    }
}
