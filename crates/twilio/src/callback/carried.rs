//! How a webhook about a call is declared: its parameters with their names and types. Writing its pairs and
//! reading them follow from the declaration.

use super::inbound::{Place, read_place, write_place};
use crate::parameter::{ParameterError, Taking, WireText, Writing, typed};

/// A field that a webhook carries under one or several names.
pub(crate) trait Carried: Sized {
    /// Takes the field out of the pairs; the first of its names is the one that errors name.
    fn take(from: &mut Taking, names: &[&'static str]) -> Result<Self, ParameterError>;

    fn put(&self, name: &str, out: &mut Writing);
}

/// A text that must be there.
impl Carried for String {
    fn take(from: &mut Taking, names: &[&'static str]) -> Result<String, ParameterError> {
        from.alias(names).map_or_else(|| from.required(names[0]), Ok)
    }

    fn put(&self, name: &str, out: &mut Writing) {
        out.text(name, self);
    }
}

/// A value that must be there.
impl<T: WireText> Carried for T {
    fn take(from: &mut Taking, names: &[&'static str]) -> Result<T, ParameterError> {
        typed(names[0], String::take(from, names)?)
    }

    fn put(&self, name: &str, out: &mut Writing) {
        out.value(name, Some(self));
    }
}

/// A text that may be missing. An empty one is something else, and is kept.
impl Carried for Option<String> {
    fn take(from: &mut Taking, names: &[&'static str]) -> Result<Option<String>, ParameterError> {
        let values: Vec<String> = names.iter().filter_map(|name| from.text(name)).collect();
        Ok(values.into_iter().next())
    }

    fn put(&self, name: &str, out: &mut Writing) {
        out.option(name, self.as_deref());
    }
}

/// A value that may be missing. One that is not of its type is left among the rest.
impl<T: WireText> Carried for Option<T> {
    fn take(from: &mut Taking, names: &[&'static str]) -> Result<Option<T>, ParameterError> {
        let values: Vec<T> = names.iter().filter_map(|name| from.value(name)).collect();
        Ok(values.into_iter().next())
    }

    fn put(&self, name: &str, out: &mut Writing) {
        out.value(name, self.as_ref());
    }
}

/// A place, in four parameters whose names begin with the field's.
impl Carried for Option<Place> {
    fn take(from: &mut Taking, names: &[&'static str]) -> Result<Option<Place>, ParameterError> {
        let places: Vec<Place> = names
            .iter()
            .filter_map(|name| {
                let [city, state, zip, country] = place_names(name);
                read_place(from, [&city, &state, &zip, &country])
            })
            .collect();
        Ok(places.into_iter().next())
    }

    fn put(&self, name: &str, out: &mut Writing) {
        let [city, state, zip, country] = place_names(name);
        write_place(out, [&city, &state, &zip, &country], self.as_ref());
    }
}

fn place_names(name: &str) -> [String; 4] {
    ["City", "State", "Zip", "Country"].map(|part| format!("{name}{part}"))
}

/// Declares a webhook: a struct of typed fields, each with its names on the wire, all of which are written,
/// and any of which is read. With `of a call` there stands before them all that every request about a call
/// has; what nobody knows is kept in the field `rest` of the webhook, or of its call.
macro_rules! webhook {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $( $(#[$field_meta:meta])* pub $field:ident: $type:ty = $wire:literal $(| $alias:literal)*, )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            $( $(#[$field_meta])* pub $field: $type, )*
            /// Parameters that are not known here or not of their type, in order.
            pub rest: $crate::form::Pairs,
        }

        impl $name {
            /// The pairs of the request.
            pub fn to_pairs(&self) -> $crate::form::Pairs {
                let mut out = $crate::parameter::Writing($crate::form::Pairs::new());
                $( $crate::callback::carried::webhook!(@put self.$field, out, $wire $(, $alias)*); )*
                out.0.extend(self.rest.iter().cloned());
                out.0
            }

            /// Reads the pairs of a request. What is not `Option` must be there; what is not known, or not
            /// of its type, is kept in `rest`.
            pub fn from_pairs(
                pairs: &[(String, String)],
            ) -> Result<$name, $crate::parameter::ParameterError> {
                $name::take($crate::parameter::Taking::from(pairs))
            }

            pub(crate) fn take(
                mut from: $crate::parameter::Taking,
            ) -> Result<$name, $crate::parameter::ParameterError> {
                $( let $field = $crate::callback::carried::Carried::take(
                    &mut from, &[$wire $(, $alias)*],
                )?; )*
                Ok($name { $( $field, )* rest: from.rest() })
            }
        }
    };
    (
        $(#[$meta:meta])*
        pub struct $name:ident of a call {
            $( $(#[$field_meta:meta])* pub $field:ident: $type:ty = $wire:literal $(| $alias:literal)*, )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            /// What every request about a call has, and parameters that are not known here.
            pub call: $crate::call::CallRequest,
            $( $(#[$field_meta])* pub $field: $type, )*
        }

        impl $name {
            /// The pairs of the request.
            pub fn to_pairs(&self) -> $crate::form::Pairs {
                let mut out = $crate::parameter::Writing(self.call.to_pairs());
                $( $crate::callback::carried::webhook!(@put self.$field, out, $wire $(, $alias)*); )*
                out.0
            }

            /// Reads the pairs of a request. What is not `Option` must be there; what is not known, or not
            /// of its type, is kept in the `rest` of the call.
            pub fn from_pairs(
                pairs: &[(String, String)],
            ) -> Result<$name, $crate::parameter::ParameterError> {
                let mut from = $crate::parameter::Taking::from(pairs);
                $( let $field = $crate::callback::carried::Carried::take(
                    &mut from, &[$wire $(, $alias)*],
                )?; )*
                Ok($name { call: $crate::call::CallRequest::take(from)?, $( $field, )* })
            }
        }
    };
    (@put $value:expr, $out:ident, $($wire:literal),+) => {
        $( $crate::callback::carried::Carried::put(&$value, $wire, &mut $out); )+
    };
}

pub(crate) use webhook;
