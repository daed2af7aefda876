//! Numbers that an account could buy.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Capabilities;
use super::incoming::AddressRequirement;
use crate::json;
use crate::parameter::parameters;
use crate::words::words;

/// A number that could be bought.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AvailableNumber {
    /// The number as people of its country write it.
    #[serde(default)]
    pub friendly_name: Option<String>,
    /// E.164.
    pub phone_number: String,
    /// The local access and transport area, US and Canada only.
    #[serde(default)]
    pub lata: Option<String>,
    /// The city.
    #[serde(default)]
    pub locality: Option<String>,
    /// The rate center, US and Canada only.
    #[serde(default)]
    pub rate_center: Option<String>,
    /// Decimal degrees. Twilio declares a number but sends text: both are read, a number is written.
    #[serde(default, deserialize_with = "json::number_or_text")]
    pub latitude: Option<f64>,
    /// Decimal degrees, as `latitude`.
    #[serde(default, deserialize_with = "json::number_or_text")]
    pub longitude: Option<f64>,
    /// The state or province, two letters.
    #[serde(default)]
    pub region: Option<String>,
    /// The postal code.
    #[serde(default)]
    pub postal_code: Option<String>,
    /// ISO 3166, two letters.
    #[serde(default)]
    pub iso_country: Option<String>,
    /// What kind of address its use requires.
    #[serde(default)]
    pub address_requirements: Option<AddressRequirement>,
    /// Whether it is new to the platform.
    #[serde(default)]
    pub beta: Option<bool>,
    /// What it can do.
    #[serde(default, deserialize_with = "json::null_as_default")]
    pub capabilities: Capabilities,
}

/// A country in which numbers can be bought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AvailableCountry {
    /// ISO 3166, two letters.
    pub country_code: String,
    /// Its English name.
    #[serde(default)]
    pub country: Option<String>,
    /// The path of this resource.
    #[serde(default)]
    pub uri: Option<String>,
    /// Whether its numbers are new to the platform.
    #[serde(default)]
    pub beta: Option<bool>,
    /// Paths of its types of numbers: `local`, `mobile`, `toll_free`.
    #[serde(default, deserialize_with = "json::null_as_default")]
    pub subresource_uris: BTreeMap<String, String>,
}

words! {
    /// A type of number, by its name in paths.
    pub enum NumberType {
        /// Of one area.
        Local = "Local",
        /// Of a mobile network.
        Mobile = "Mobile",
        /// Free to the caller.
        TollFree = "TollFree",
    }
}

parameters! {
    /// `GET …/AvailablePhoneNumbers/{CountryCode}/{Type}.json`: search numbers to buy.
    #[derive(Default)]
    pub struct ListAvailableNumbers {
        /// Only numbers of this area code, US and Canada only.
        pub area_code: Option<u32> = "AreaCode" or 21451,
        /// Only numbers with this pattern of digits, letters of the keys, and `*` for any one.
        pub contains: Option<String> = "Contains",
        /// Only numbers that can, or cannot, send texts.
        pub sms_enabled: Option<bool> = "SmsEnabled",
        /// Only numbers that can, or cannot, send media.
        pub mms_enabled: Option<bool> = "MmsEnabled",
        /// Only numbers that can, or cannot, make calls.
        pub voice_enabled: Option<bool> = "VoiceEnabled",
        /// Only numbers that can, or cannot, take faxes.
        pub fax_enabled: Option<bool> = "FaxEnabled",
        /// Whether to leave out numbers that require any address.
        pub exclude_all_address_required: Option<bool> = "ExcludeAllAddressRequired",
        /// Whether to leave out numbers that require a local address.
        pub exclude_local_address_required: Option<bool> = "ExcludeLocalAddressRequired",
        /// Whether to leave out numbers that require a foreign address.
        pub exclude_foreign_address_required: Option<bool> = "ExcludeForeignAddressRequired",
        /// Only numbers that are, or are not, new to the platform.
        pub beta: Option<bool> = "Beta",
        /// Only numbers near this one, within `Distance`.
        pub near_number: Option<String> = "NearNumber",
        /// Only numbers near this place, `latitude,longitude`, within `Distance`.
        pub near_lat_long: Option<String> = "NearLatLong",
        /// How near, in miles: up to 500, 25 unless given.
        pub distance_miles: Option<u32> = "Distance",
        /// Only numbers of this postal code.
        pub in_postal_code: Option<String> = "InPostalCode",
        /// Only numbers of this state or province.
        pub in_region: Option<String> = "InRegion",
        /// Only numbers of this rate center.
        pub in_rate_center: Option<String> = "InRateCenter",
        /// Only numbers of this local access and transport area.
        pub in_lata: Option<String> = "InLata",
        /// Only numbers of this city.
        pub in_locality: Option<String> = "InLocality",
        /// How many to a page: 50 unless given, at most 1000.
        pub page_size: Option<u32> = "PageSize",
        /// Which page, from 0.
        pub page: Option<u32> = "Page",
        /// Where the page begins.
        pub page_token: Option<String> = "PageToken",
    }
}
