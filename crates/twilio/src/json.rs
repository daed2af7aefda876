//! How Twilio writes values in JSON where that is not how serde would.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serializer, de};

use crate::parameter::WireText;

/// Null reads as the type's default.
pub(crate) fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// A word or SID, or null. Twilio also writes the empty text where there is none.
pub(crate) fn empty_as_none<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: WireText,
{
    let text: Option<String> = Option::deserialize(deserializer)?;
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    match T::from_wire(&text) {
        Some(value) => Ok(Some(value)),
        None => Err(de::Error::invalid_value(de::Unexpected::Str(&text), &T::EXPECTED)),
    }
}

/// A decimal number, or null. Twilio declares a number and sends a text.
pub(crate) fn number_or_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Text(String),
        Number(f64),
    }
    match Option::deserialize(deserializer)? {
        None => Ok(None),
        Some(Written::Number(number)) => Ok(Some(number)),
        Some(Written::Text(text)) => text.parse().map(Some).map_err(de::Error::custom),
    }
}

/// A text; a number is read as its text, and null as the empty one.
pub(crate) fn text_of_any_form<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(text_or_number(deserializer)?.unwrap_or_default())
}

/// Texts by name; what is no text is read as its JSON, and null as none.
pub(crate) fn texts<'de, D>(deserializer: D) -> Result<BTreeMap<String, String>, D::Error>
where
    D: Deserializer<'de>,
{
    let values: Option<BTreeMap<String, serde_json::Value>> = Option::deserialize(deserializer)?;
    let text = |value| match value {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    };
    Ok(values.unwrap_or_default().into_iter().map(|(name, value)| (name, text(value))).collect())
}

/// A count that is a number or a text. Fractions are cut off, and null is 0.
pub(crate) fn count_of_any_form<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let text = text_of_any_form(deserializer)?;
    let whole = text.split('.').next().unwrap_or_default();
    match whole.trim() {
        "" => Ok(0),
        digits => digits
            .parse()
            .map_err(|_| de::Error::invalid_value(de::Unexpected::Str(&text), &"a count as number or text")),
    }
}

/// A count that is written as a text.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde's `serialize_with` calls")]
pub(crate) fn as_text<S: Serializer>(count: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(count)
}

/// Bytes as Base64.
pub(crate) mod base64 {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub(crate) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(bytes))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD.decode(text.trim()).map_err(de::Error::custom)
    }
}

/// A text, or null. A number, which Twilio declares in some places, is read as its text.
pub(crate) fn text_or_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Text(String),
        Number(serde_json::Number),
    }
    Ok(Option::deserialize(deserializer)?.map(|written| match written {
        Written::Text(text) => text,
        Written::Number(number) => number.to_string(),
    }))
}

/// A count that is text in JSON: `"1"`. A number or null is read too.
pub(crate) mod count {
    use serde::{Deserialize, Deserializer, Serializer, de};

    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Text(String),
        Number(u32),
    }

    pub(crate) fn serialize<S: Serializer>(count: &u32, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(count)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
        match Option::deserialize(deserializer)? {
            None => Ok(0),
            Some(Written::Number(count)) => Ok(count),
            Some(Written::Text(text)) => text
                .parse()
                .map_err(|_| de::Error::invalid_value(de::Unexpected::Str(&text), &"a count as text")),
        }
    }
}

/// A count that is text in JSON, or null. A number is read too.
pub(crate) mod optional_count {
    use serde::{Deserialize, Deserializer, Serializer, de};

    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Text(String),
        Number(u32),
    }

    #[expect(clippy::ref_option, reason = "the signature that serde's `with` calls")]
    pub(crate) fn serialize<S: Serializer>(count: &Option<u32>, serializer: S) -> Result<S::Ok, S::Error> {
        match count {
            Some(count) => serializer.collect_str(count),
            None => serializer.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
        match Option::deserialize(deserializer)? {
            None => Ok(None),
            Some(Written::Number(count)) => Ok(Some(count)),
            Some(Written::Text(text)) if text.is_empty() => Ok(None),
            Some(Written::Text(text)) => text
                .parse()
                .map(Some)
                .map_err(|_| de::Error::invalid_value(de::Unexpected::Str(&text), &"a count as text")),
        }
    }
}

/// A moment as RFC 2822, or null.
pub(crate) mod rfc2822 {
    use jiff::Timestamp;
    use serde::{Deserialize, Deserializer, Serializer, de};

    use crate::date;

    #[expect(clippy::ref_option, reason = "the signature that serde's `with` calls")]
    pub(crate) fn serialize<S: Serializer>(at: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
        match at {
            Some(at) => serializer.serialize_str(&date::rfc2822(*at)),
            None => serializer.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D>(deserializer: D) -> Result<Option<Timestamp>, D::Error>
    where
        D: Deserializer<'de>,
    {
        let text: Option<String> = Option::deserialize(deserializer)?;
        text.map(|text| date::parse_rfc2822(&text)).transpose().map_err(de::Error::custom)
    }
}

/// A moment as ISO 8601, or null.
pub(crate) mod iso8601 {
    use jiff::Timestamp;
    use serde::{Deserialize, Deserializer, Serializer, de};

    use crate::date;

    #[expect(clippy::ref_option, reason = "the signature that serde's `with` calls")]
    pub(crate) fn serialize<S: Serializer>(at: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
        match at {
            Some(at) => serializer.serialize_str(&date::iso8601(*at)),
            None => serializer.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D>(deserializer: D) -> Result<Option<Timestamp>, D::Error>
    where
        D: Deserializer<'de>,
    {
        let text: Option<String> = Option::deserialize(deserializer)?;
        text.map(|text| date::parse_iso8601(&text)).transpose().map_err(de::Error::custom)
    }
}
