//! How an element of voice TwiML is declared: its name, its attributes with their types and codes, and what
//! stands in it. Reading and writing follow from the declaration.

use std::ops::RangeInclusive;

use super::reading::Reading;
use super::writing::Writing;
use crate::parameter::WireText;
use crate::xml;

/// An element.
pub(super) trait Part: Sized {
    const TAG: &'static str;
    const ATTRIBUTES: &'static [&'static str];

    /// Reads the element. `None` where it cannot be run, of which a warning tells.
    fn read(element: &xml::Element, reading: &mut Reading) -> Option<Self>;

    fn write(&self, out: &mut Writing);
}

/// One of the elements that may stand in another one.
pub(super) trait OneOf: Sized {
    const TAGS: &'static [&'static str];

    /// Reads an element whose name is one of `TAGS`.
    fn read(element: &xml::Element, reading: &mut Reading) -> Option<Self>;

    fn write(&self, out: &mut Writing);
}

/// The value of an attribute, perhaps not given.
pub(super) trait Attribute: Default {
    /// What a text must be to be read, for warnings.
    const EXPECTED: &'static str;

    /// Reads a text. `Err` keeps what of it could be used.
    fn from_text(text: &str) -> Result<Self, Self>;

    /// The text, where there is a value.
    fn to_text(&self) -> Option<String>;
}

impl Attribute for Option<String> {
    const EXPECTED: &'static str = "a text";

    fn from_text(text: &str) -> Result<Self, Self> {
        Ok(Some(text.to_owned()))
    }

    fn to_text(&self) -> Option<String> {
        self.clone()
    }
}

impl<T: WireText> Attribute for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn from_text(text: &str) -> Result<Self, Self> {
        T::from_wire(text.trim()).map(Some).ok_or(None)
    }

    fn to_text(&self) -> Option<String> {
        self.as_ref().map(WireText::to_wire)
    }
}

/// Several words with blanks between them.
impl<T: WireText> Attribute for Vec<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn from_text(text: &str) -> Result<Self, Self> {
        let words: Vec<Option<T>> = text.split_whitespace().map(T::from_wire).collect();
        let all = words.iter().all(Option::is_some);
        let known = words.into_iter().flatten().collect();
        if all { Ok(known) } else { Err(known) }
    }

    fn to_text(&self) -> Option<String> {
        let words: Vec<String> = self.iter().map(WireText::to_wire).collect();
        (!words.is_empty()).then(|| words.join(" "))
    }
}

/// Whether a number that is given lies in a range.
pub(super) fn within<T: PartialOrd>(range: RangeInclusive<T>) -> impl Fn(&Option<T>) -> bool {
    move |value| value.as_ref().is_none_or(|value| range.contains(value))
}

/// Twilio's code for a bad value of an attribute: a number, or one that depends on the value and on the
/// element around the attribute's own.
pub(super) trait AttributeCode {
    fn of(self, value: &str, reading: &Reading) -> u32;
}

impl AttributeCode for u32 {
    fn of(self, _: &str, _: &Reading) -> u32 {
        self
    }
}

impl AttributeCode for fn(&str, &Reading) -> u32 {
    fn of(self, value: &str, reading: &Reading) -> u32 {
        self(value, reading)
    }
}

/// Twilio's code for what it does not know in a document.
pub(super) const UNKNOWN: u32 = 12200;

/// Declares an element.
///
/// Each attribute has a field of an optional type or a list of words; after its name on the wire may follow
/// the range of its value and the code for a bad one, 12200 unless given. After the braces follow what else
/// there is: `any case` where names of attributes are read in any case, `text` and `holds` with the fields
/// for the text and the elements inside, or `mixed` for both of them in order, and `check` with a function that sees the element once it is read.
macro_rules! part {
    (
        $(#[$meta:meta])*
        pub struct $name:ident = $tag:literal {
            $(
                $(#[$field_meta:meta])*
                pub $field:ident: $type:ty = $attribute:literal
                    $(in $low:literal ..= $high:literal)? $(or $code:literal)? $(or_by $coded:path)?,
            )*
        }
        $(any $case:ident)?
        $(text $(#[$text_meta:meta])* $text:ident)?
        $(holds $(#[$inner_meta:meta])* $inner:ident: $one_of:ident)?
        $(mixed $(#[$mixed_meta:meta])* $mixed:ident)?
        $(check $check:path)?
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name {
            $( $(#[$field_meta])* pub $field: $type, )*
            $( $(#[$text_meta])* pub $text: String, )?
            $( $(#[$inner_meta])* pub $inner: Vec<$one_of>, )?
            $( $(#[$mixed_meta])* pub $mixed: Vec<$crate::voice_twiml::Spoken>, )?
        }

        impl $crate::voice_twiml::part::Part for $name {
            const TAG: &'static str = $tag;
            const ATTRIBUTES: &'static [&'static str] = &[$($attribute),*];

            fn read(
                element: &$crate::xml::Element,
                reading: &mut $crate::voice_twiml::reading::Reading,
            ) -> Option<$name> {
                let case = $crate::voice_twiml::part::part!(@case $($case)?);
                reading.unknown_attributes(element, Self::ATTRIBUTES, case);
                $crate::voice_twiml::part::part!(@no_text element, reading, $($text)? $($mixed)?);
                $crate::voice_twiml::part::part!(@nothing_inside element, reading, $($inner)? $($mixed)?);
                let this = $name {
                    $( $field: reading.attribute(
                        element,
                        ($attribute, case),
                        $crate::voice_twiml::part::part!(@within $($low, $high)?),
                        $crate::voice_twiml::part::part!(@code $($code)? $($coded)?),
                    ), )*
                    $( $text: reading.text_of(element), )?
                    $( $inner: reading.inside::<$one_of>(element), )?
                    $( $mixed: reading.spoken(element), )?
                };
                $crate::voice_twiml::part::part!(@check this, element, reading, $($check)?)
            }

            fn write(&self, out: &mut $crate::voice_twiml::writing::Writing) {
                let attributes: &[(&str, Option<String>)] =
                    &[$( ($attribute, $crate::voice_twiml::part::Attribute::to_text(&self.$field)) ),*];
                out.element($tag, attributes, |_out| {
                    $( _out.text(&self.$text); )?
                    $( for part in &self.$inner {
                        $crate::voice_twiml::part::OneOf::write(part, _out);
                    } )?
                    $( $crate::voice_twiml::ssml::write(&self.$mixed, _out); )?
                });
            }
        }
    };
    (@case) => { $crate::voice_twiml::reading::Case::AsWritten };
    (@case case) => { $crate::voice_twiml::reading::Case::Any };
    (@no_text $element:ident, $reading:ident,) => { $reading.no_text($element); };
    (@no_text $element:ident, $reading:ident, $text:ident) => {};
    (@nothing_inside $element:ident, $reading:ident,) => { $reading.nothing_inside($element); };
    (@nothing_inside $element:ident, $reading:ident, $inner:ident) => {};
    (@within) => { |_| true };
    (@within $low:literal, $high:literal) => { $crate::voice_twiml::part::within($low..=$high) };
    (@code) => { $crate::voice_twiml::part::UNKNOWN };
    (@code $code:literal) => { $code };
    (@code $coded:path) => { $coded as fn(&str, &$crate::voice_twiml::reading::Reading) -> u32 };
    (@check $this:ident, $element:ident, $reading:ident,) => { Some($this) };
    (@check $this:ident, $element:ident, $reading:ident, $check:path) => { $check($this, $element, $reading) };
}

/// Declares which elements may stand in another one: a row of the table of nesting.
macro_rules! one_of {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $( $(#[$variant_meta:meta])* $variant:ident($part:ty), )+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        pub enum $name {
            $( $(#[$variant_meta])* $variant($part), )+
        }

        impl $name {
            /// The names of the elements, as they stand in a document.
            pub const TAGS: &'static [&'static str] =
                &[$( <$part as $crate::voice_twiml::part::Part>::TAG ),+];

            /// The name of this element.
            pub fn tag(&self) -> &'static str {
                match self { $( $name::$variant(_) => <$part as $crate::voice_twiml::part::Part>::TAG, )+ }
            }
        }

        impl $crate::voice_twiml::part::OneOf for $name {
            const TAGS: &'static [&'static str] = $name::TAGS;

            fn read(
                element: &$crate::xml::Element,
                reading: &mut $crate::voice_twiml::reading::Reading,
            ) -> Option<$name> {
                use $crate::voice_twiml::part::Part;
                $( if element.name == <$part>::TAG {
                    return <$part>::read(element, reading).map($name::$variant);
                } )+
                None
            }

            fn write(&self, out: &mut $crate::voice_twiml::writing::Writing) {
                match self { $( $name::$variant(part) => $crate::voice_twiml::part::Part::write(part, out), )+ }
            }
        }

        $( impl From<$part> for $name {
            fn from(part: $part) -> $name {
                $name::$variant(part)
            }
        } )+
    };
}

pub(super) use {one_of, part};
