//! Parameters of requests and callbacks: typed fields on one side, pairs of a form on the other.

use std::ops::RangeInclusive;

use jiff::Timestamp;

use crate::form::{self, Pairs};
use crate::sid::Sid;
use crate::{date, form::get};

/// A parameter that is missing or has a value of the wrong form.
///
/// The text names the parameter and never its value, which may be personal data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParameterError {
    /// A required parameter is missing or empty.
    #[error("parameter {name} is missing")]
    Missing {
        /// The name on the wire.
        name: &'static str,
        /// Twilio's error code for it.
        code: u32,
    },
    /// A parameter's value is not what its type takes.
    #[error("parameter {name} is invalid: expected {expected}")]
    Invalid {
        /// The name on the wire.
        name: &'static str,
        /// What was given.
        value: String,
        /// What would have been taken.
        expected: &'static str,
        /// Twilio's error code for it.
        code: u32,
    },
}

/// Twilio's code for an invalid parameter that has no code of its own.
pub const INVALID_PARAMETER: u32 = 20422;

impl ParameterError {
    /// Twilio's error code for it.
    pub fn code(&self) -> u32 {
        match self {
            ParameterError::Missing { code, .. } | ParameterError::Invalid { code, .. } => *code,
        }
    }

    /// The parameter's name on the wire.
    pub fn name(&self) -> &'static str {
        match self {
            ParameterError::Missing { name, .. } | ParameterError::Invalid { name, .. } => name,
        }
    }
}

/// A value that has one text on the wire.
pub(crate) trait WireText: Sized {
    /// What a text must be to be read, for errors.
    const EXPECTED: &'static str;

    fn to_wire(&self) -> String;

    fn from_wire(text: &str) -> Option<Self>;
}

/// A field that is written as no, one or several pairs.
pub(crate) trait Parameter: Sized {
    fn write(&self, name: &str, pairs: &mut Pairs);

    /// Reads the field; `code` is Twilio's error code for a value that is missing or wrong.
    fn read(pairs: &[(String, String)], name: &'static str, code: u32) -> Result<Self, ParameterError>;
}

/// Declares a set of parameters: a struct of typed fields, each with its name on the wire and, where it has
/// them, the range of its value and Twilio's error code for a bad one; with `to_pairs` and `from_pairs`.
macro_rules! parameters {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $(
                $(#[$field_meta:meta])*
                pub $field:ident: $type:ty = $wire:literal
                    $(in $low:literal ..= $high:literal)? $(or $code:literal)?,
            )+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            $( $(#[$field_meta])* pub $field: $type, )+
        }

        impl $name {
            /// The names on the wire, in the order in which they are written.
            pub const NAMES: &'static [&'static str] = &[$($wire),+];

            /// The pairs of the request; what is not set is left out.
            pub fn to_pairs(&self) -> $crate::form::Pairs {
                let mut pairs = $crate::form::Pairs::new();
                $( $crate::parameter::Parameter::write(&self.$field, $wire, &mut pairs); )+
                pairs
            }

            /// Reads the pairs of a request; unknown names are passed over, and of a single value that came
            /// more than once the first is taken.
            pub fn from_pairs(
                pairs: &[(String, String)],
            ) -> Result<$name, $crate::parameter::ParameterError> {
                Ok($name {
                    $( $field: {
                        let code = $crate::parameter::parameters!(@code $($code)?);
                        let value = $crate::parameter::Parameter::read(pairs, $wire, code)?;
                        $( $crate::parameter::within(&value, $low..=$high, $wire, code)?; )?
                        value
                    }, )+
                })
            }
        }
    };
    (@code) => { $crate::parameter::INVALID_PARAMETER };
    (@code $code:literal) => { $code };
}

pub(crate) use parameters;

/// Refuses a number that lies outside of its range.
pub(crate) fn within(
    value: &Option<u32>,
    range: RangeInclusive<u32>,
    name: &'static str,
    code: u32,
) -> Result<(), ParameterError> {
    match value {
        Some(number) if !range.contains(number) => {
            let expected = "a number within the range of the parameter";
            Err(ParameterError::Invalid { name, value: number.to_string(), expected, code })
        }
        _ => Ok(()),
    }
}

impl Parameter for String {
    fn write(&self, name: &str, pairs: &mut Pairs) {
        pairs.push((name.to_owned(), self.clone()));
    }

    fn read(pairs: &[(String, String)], name: &'static str, code: u32) -> Result<String, ParameterError> {
        match get(pairs, name) {
            Some(text) if !text.is_empty() => Ok(text.to_owned()),
            _ => Err(ParameterError::Missing { name, code }),
        }
    }
}

/// A value that must be there.
impl<T: WireText> Parameter for T {
    fn write(&self, name: &str, pairs: &mut Pairs) {
        pairs.push((name.to_owned(), self.to_wire()));
    }

    fn read(pairs: &[(String, String)], name: &'static str, code: u32) -> Result<T, ParameterError> {
        Option::<T>::read(pairs, name, code)?.ok_or(ParameterError::Missing { name, code })
    }
}

impl Parameter for Option<String> {
    fn write(&self, name: &str, pairs: &mut Pairs) {
        if let Some(text) = self {
            pairs.push((name.to_owned(), text.clone()));
        }
    }

    fn read(
        pairs: &[(String, String)],
        name: &'static str,
        _: u32,
    ) -> Result<Option<String>, ParameterError> {
        Ok(get(pairs, name).map(str::to_owned))
    }
}

impl Parameter for Vec<String> {
    fn write(&self, name: &str, pairs: &mut Pairs) {
        pairs.extend(self.iter().map(|text| (name.to_owned(), text.clone())));
    }

    fn read(pairs: &[(String, String)], name: &'static str, _: u32) -> Result<Vec<String>, ParameterError> {
        Ok(form::all(pairs, name).map(str::to_owned).collect())
    }
}

/// A list is written as several pairs with one name. Empty values are passed over, as in single parameters.
impl<T: WireText> Parameter for Vec<T> {
    fn write(&self, name: &str, pairs: &mut Pairs) {
        pairs.extend(self.iter().map(|value| (name.to_owned(), value.to_wire())));
    }

    fn read(pairs: &[(String, String)], name: &'static str, code: u32) -> Result<Vec<T>, ParameterError> {
        let texts = form::all(pairs, name).filter(|text| !text.is_empty());
        texts
            .map(|text| {
                let value = text.to_owned();
                T::from_wire(text).ok_or(ParameterError::Invalid { name, value, expected: T::EXPECTED, code })
            })
            .collect()
    }
}

impl<T: WireText> Parameter for Option<T> {
    fn write(&self, name: &str, pairs: &mut Pairs) {
        if let Some(value) = self {
            pairs.push((name.to_owned(), value.to_wire()));
        }
    }

    /// An empty value of a typed parameter counts as not given: SDKs and HTML forms send such pairs.
    fn read(pairs: &[(String, String)], name: &'static str, code: u32) -> Result<Option<T>, ParameterError> {
        let Some(text) = get(pairs, name).filter(|text| !text.is_empty()) else { return Ok(None) };
        match T::from_wire(text) {
            Some(value) => Ok(Some(value)),
            None => {
                let value = text.to_owned();
                Err(ParameterError::Invalid { name, value, expected: T::EXPECTED, code })
            }
        }
    }
}

impl WireText for bool {
    const EXPECTED: &'static str = "true or false";

    fn to_wire(&self) -> String {
        self.to_string()
    }

    fn from_wire(text: &str) -> Option<bool> {
        // Old SDKs for Python wrote `True` and `False`.
        match text {
            _ if text.eq_ignore_ascii_case("true") => Some(true),
            _ if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        }
    }
}

impl WireText for u32 {
    const EXPECTED: &'static str = "a whole number";

    fn to_wire(&self) -> String {
        self.to_string()
    }

    fn from_wire(text: &str) -> Option<u32> {
        // `parse` alone would take a plus sign.
        text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
    }
}

impl WireText for f64 {
    const EXPECTED: &'static str = "a number";

    fn to_wire(&self) -> String {
        self.to_string()
    }

    fn from_wire(text: &str) -> Option<f64> {
        text.parse().ok().filter(|number: &f64| number.is_finite())
    }
}

impl WireText for Timestamp {
    const EXPECTED: &'static str = "an ISO 8601 date and time such as 2026-11-23T07:30:00Z";

    fn to_wire(&self) -> String {
        date::iso8601(*self)
    }

    fn from_wire(text: &str) -> Option<Timestamp> {
        date::parse_iso8601(text).ok()
    }
}

impl WireText for Sid {
    const EXPECTED: &'static str = "a SID";

    fn to_wire(&self) -> String {
        self.as_str().to_owned()
    }

    fn from_wire(text: &str) -> Option<Sid> {
        Sid::parse(text).ok()
    }
}

/// The pairs of a callback, taken out one by one, so that what nobody asked for is left over.
pub(crate) struct Taking(Pairs);

impl Taking {
    pub(crate) fn from(pairs: &[(String, String)]) -> Taking {
        Taking(pairs.to_vec())
    }

    /// The first value with this name.
    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        let at = self.0.iter().position(|(key, _)| key == name)?;
        Some(self.0.remove(at).1)
    }

    /// A text that must be there and not be empty.
    pub(crate) fn required(&mut self, name: &'static str) -> Result<String, ParameterError> {
        let code = INVALID_PARAMETER;
        self.text(name).filter(|text| !text.is_empty()).ok_or(ParameterError::Missing { name, code })
    }

    /// The first of several names for one thing that has a value; the other names are taken out too.
    pub(crate) fn alias(&mut self, names: &[&'static str]) -> Option<String> {
        let values = names.iter().filter_map(|name| self.text(name)).collect::<Vec<_>>();
        values.into_iter().find(|text| !text.is_empty())
    }

    /// A value of a type. One that is not of the type is left over, because a callback must not be lost over
    /// a parameter that it could do without; an empty one counts as not given.
    pub(crate) fn value<T: WireText>(&mut self, name: &str) -> Option<T> {
        let at = self.0.iter().position(|(key, _)| key == name)?;
        if self.0[at].1.is_empty() {
            self.0.remove(at);
            return None;
        }
        let value = T::from_wire(&self.0[at].1)?;
        self.0.remove(at);
        Some(value)
    }

    /// Whether there is a value with this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        get(&self.0, name).is_some()
    }

    /// What nobody took, in order.
    pub(crate) fn rest(self) -> Pairs {
        self.0
    }
}

/// Reads one text as a value of a type.
pub(crate) fn typed<T: WireText>(name: &'static str, text: String) -> Result<T, ParameterError> {
    let code = INVALID_PARAMETER;
    T::from_wire(&text).ok_or(ParameterError::Invalid { name, value: text, expected: T::EXPECTED, code })
}

/// The pairs of a callback while they are written.
pub(crate) struct Writing(pub(crate) Pairs);

impl Writing {
    pub(crate) fn text(&mut self, name: &str, value: impl Into<String>) {
        self.0.push((name.to_owned(), value.into()));
    }

    pub(crate) fn option(&mut self, name: &str, value: Option<&str>) {
        if let Some(text) = value {
            self.text(name, text);
        }
    }

    pub(crate) fn value<T: WireText>(&mut self, name: &str, value: Option<&T>) {
        if let Some(value) = value {
            self.text(name, value.to_wire());
        }
    }
}
