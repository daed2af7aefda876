//! Closed and open sets of words on the wire, such as statuses and directions.

/// Declares an enum whose variants are words on the wire. With `open` the enum gets a last variant `Other`
/// that keeps a word which is not known here, because Twilio adds words without notice; without it an
/// unknown word is refused. Words after a bar are read as well, and never written.
macro_rules! words {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $( $(#[$variant_meta:meta])* $variant:ident = $word:literal $(| $alias:literal)*, )+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $( $(#[$variant_meta])* #[serde(rename = $word)] $variant, )+
        }

        impl $name {
            /// Every word of the set.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The word on the wire.
            pub fn as_str(&self) -> &'static str {
                match self { $( $name::$variant => $word, )+ }
            }
        }

        impl $crate::parameter::WireText for $name {
            const EXPECTED: &'static str = concat!("one of", $( " ", $word ),+);

            fn to_wire(&self) -> String {
                self.as_str().to_owned()
            }

            fn from_wire(text: &str) -> Option<$name> {
                match text { $( $word $(| $alias)* => Some($name::$variant), )+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
    (
        open
        $(#[$meta:meta])*
        pub enum $name:ident {
            $( $(#[$variant_meta:meta])* $variant:ident = $word:literal, )+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(from = "String", into = "String")]
        pub enum $name {
            $( $(#[$variant_meta])* $variant, )+
            /// A word that is not known here, as it came.
            Other(String),
        }

        impl $name {
            /// Every known word of the set.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The word on the wire.
            pub fn as_str(&self) -> &str {
                match self { $( $name::$variant => $word, )+ $name::Other(word) => word }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> $name {
                match text { $( $word => $name::$variant, )+ _ => $name::Other(text.to_owned()) }
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> $name {
                match text.as_str() { $( $word => $name::$variant, )+ _ => $name::Other(text) }
            }
        }

        impl From<$name> for String {
            fn from(word: $name) -> String {
                match word { $name::Other(word) => word, known => known.as_str().to_owned() }
            }
        }

        impl $crate::parameter::WireText for $name {
            const EXPECTED: &'static str = "a word";

            fn to_wire(&self) -> String {
                self.as_str().to_owned()
            }

            fn from_wire(text: &str) -> Option<$name> {
                Some($name::from(text))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words! {
    /// The HTTP method of a webhook.
    #[derive(Default)]
    pub enum HttpMethod {
        /// Parameters travel in the query.
        Get = "GET" | "get" | "Get",
        /// Parameters travel in a form body; the default everywhere.
        #[default]
        Post = "POST" | "post" | "Post",
    }
}

pub(crate) use words;
