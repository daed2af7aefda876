//! Currencies: how many decimals they have, and how they are written.

use crate::decimal::Decimal;
use crate::language::{Language, Locale};

/// A currency of ISO 4217.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Currency {
    pub(crate) code: &'static str,
    /// Digits after the point.
    pub(crate) places: usize,
}

/// The codes in use, by their digits after the point.
const CODES: [(usize, &str); 3] = [
    (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"),
    (
        2,
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD \
         CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD \
         HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD \
         MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON \
         RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD \
         TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG",
    ),
    (3, "BHD IQD JOD KWD LYD OMR TND"),
];

/// Regions whose own currency is a dollar or peso, which they write as a mere `$`.
const DOLLAR_REGIONS: [(&str, &str); 11] = [
    ("US", "USD"),
    ("PR", "USD"),
    ("CA", "CAD"),
    ("AU", "AUD"),
    ("NZ", "NZD"),
    ("MX", "MXN"),
    ("SG", "SGD"),
    ("HK", "HKD"),
    ("AR", "ARS"),
    ("CL", "CLP"),
    ("CO", "COP"),
];

/// How other regions tell those apart.
const FOREIGN_DOLLARS: [(&str, &str); 6] =
    [("USD", "US$"), ("CAD", "CA$"), ("AUD", "A$"), ("NZD", "NZ$"), ("MXN", "MX$"), ("HKD", "HK$")];

impl Currency {
    /// The currency of that code, in any case.
    pub(crate) fn of(code: &str) -> Option<Currency> {
        CODES.into_iter().find_map(|(places, codes)| {
            let code = codes.split(' ').find(|known| known.eq_ignore_ascii_case(code))?;
            Some(Currency { code, places })
        })
    }

    /// The amount in figures. Only signs of GSM-7 are used, and the code where a currency has
    /// none: a single `₹` would double what a text message costs.
    pub(crate) fn write(self, amount: &Decimal, locale: Locale) -> String {
        let amount = amount.rounded(self.places);
        let figures = locale.number_signs().write(&amount);
        let sign = self.sign(locale);
        let swiss = locale.language == Language::German && locale.is_in(&["CH", "LI"]);
        let first = swiss || locale.language == Language::English || locale.is_american_spanish();
        match (first, sign) {
            (true, Some(sign)) if !swiss => match figures.strip_prefix('-') {
                Some(figures) => format!("-{sign}{figures}"),
                None => format!("{sign}{figures}"),
            },
            (true, sign) => format!("{} {figures}", sign.unwrap_or(self.code)),
            (false, sign) => format!("{figures} {}", sign.unwrap_or(self.code)),
        }
    }

    fn sign(self, locale: Locale) -> Option<&'static str> {
        let at_home =
            DOLLAR_REGIONS.iter().any(|(region, code)| *code == self.code && locale.is_in(&[*region]));
        let among_dollars = DOLLAR_REGIONS.iter().any(|(region, _)| locale.is_in(&[*region]));
        match self.code {
            _ if locale.language == Language::Other => None,
            "EUR" => Some("€"),
            "GBP" => Some("£"),
            "JPY" => Some("¥"),
            "USD" if !among_dollars => Some("$"),
            _ if at_home => Some("$"),
            code => FOREIGN_DOLLARS.iter().find(|(foreign, _)| *foreign == code).map(|(_, sign)| *sign),
        }
    }
}
