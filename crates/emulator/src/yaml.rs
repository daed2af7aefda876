//! Fixtures and scripts as YAML 1.2. The grammar is the parser's. A plain value is what the place wants that it
//! stands in: `+15550001111`, `yes` and `12` are texts where a text is wanted.

mod read;

use std::fmt;

use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use read::{Node, Value};

/// Why YAML is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum YamlError {
    #[error("line {line}: {message}")]
    Syntax { line: usize, message: String },
    /// It can be read, and is not what is wanted; `place` are the keys that lead there.
    #[error("{place}: {message}")]
    Shape { place: String, message: String },
}

/// Reads a value.
///
/// # Errors
///
/// What is not YAML, has tags or several documents, or is not of the shape that is wanted.
pub(crate) fn from_str<T: DeserializeOwned>(text: &str) -> Result<T, YamlError> {
    let node = read::read(text)?;
    T::deserialize(&node).map_err(|wrong: Wrong| {
        let mut keys = wrong.keys;
        keys.reverse();
        let place = if keys.is_empty() { "the whole".to_owned() } else { keys.join(".") };
        YamlError::Shape { place, message: wrong.message }
    })
}

/// What is wrong with a shape, and the keys that lead there, the innermost first.
#[derive(Debug)]
struct Wrong {
    keys: Vec<String>,
    message: String,
}

impl std::error::Error for Wrong {}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl de::Error for Wrong {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self { keys: Vec::new(), message: message.to_string() }
    }
}

impl Wrong {
    fn under(mut self, key: &str) -> Self {
        self.keys.push(key.to_owned());
        self
    }
}

impl<'de> Deserializer<'de> for &Node {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match &self.value {
            Value::Text(text) => visitor.visit_str(text),
            Value::Plain(text) => match plain(text) {
                Plain::Null => visitor.visit_unit(),
                Plain::Bool(is) => visitor.visit_bool(is),
                Plain::Whole(number) => visitor.visit_i64(number),
                Plain::Broken(number) => visitor.visit_f64(number),
                Plain::Text => visitor.visit_str(text),
            },
            Value::List(items) => visitor.visit_seq(Items { items: items.iter().enumerate() }),
            Value::Map(entries) => visitor.visit_map(Entries { entries: entries.iter(), value: None }),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match &self.value {
            Value::Plain(text) | Value::Text(text) => visitor.visit_str(text),
            Value::List(_) | Value::Map(_) => self.deserialize_any(visitor),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match &self.value {
            Value::Plain(text) if matches!(plain(text), Plain::Null) => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        match &self.value {
            Value::Plain(text) | Value::Text(text) => {
                let word: StrDeserializer<'_, Wrong> = text.as_str().into_deserializer();
                word.deserialize_enum(name, variants, visitor)
            }
            Value::Map(entries) => {
                let entries = Entries { entries: entries.iter(), value: None };
                MapAccessDeserializer::new(entries).deserialize_enum(name, variants, visitor)
            }
            Value::List(_) => self.deserialize_any(visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

struct Items<'a> {
    items: std::iter::Enumerate<std::slice::Iter<'a, Node>>,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Wrong;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Wrong> {
        let Some((index, item)) = self.items.next() else { return Ok(None) };
        seed.deserialize(item).map(Some).map_err(|wrong| wrong.under(&index.to_string()))
    }
}

struct Entries<'a> {
    entries: std::slice::Iter<'a, (String, Node)>,
    value: Option<&'a (String, Node)>,
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = Wrong;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Wrong> {
        self.value = self.entries.next();
        let Some((key, _)) = self.value else { return Ok(None) };
        let key: StrDeserializer<'_, Wrong> = key.as_str().into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Wrong> {
        let (key, value) = self.value.take().ok_or_else(|| de::Error::custom("a key has no value"))?;
        seed.deserialize(value).map_err(|wrong| wrong.under(key))
    }
}

/// What a plain scalar is where nothing else is wanted, by the core schema of YAML 1.2.
enum Plain {
    Null,
    Bool(bool),
    Whole(i64),
    Broken(f64),
    Text,
}

fn plain(text: &str) -> Plain {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Plain::Null,
        "true" | "True" | "TRUE" => return Plain::Bool(true),
        "false" | "False" | "FALSE" => return Plain::Bool(false),
        _ => {}
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !digits.starts_with(|char: char| char.is_ascii_digit() || char == '.') {
        return Plain::Text;
    }
    if let Ok(number) = text.parse() {
        return Plain::Whole(number);
    }
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Plain::Broken(number),
        _ => Plain::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call_scripts::{CallScript, PickUp};

    #[test]
    fn a_plain_value_is_what_its_place_wants() {
        let script: CallScript = from_str(
            "with: +15551234567\nwordsPerMinute: 120\npickUp: {kind: voicemail, greeting: \"Hi: leave word\"}\n\
             opening:\n  - say: yes   # not true\n    confidence: 0.5\n  - press: 12\n    afterMs: 0\n  - hangUp: true\n",
        )
        .unwrap();
        assert_eq!(script.with.as_deref(), Some("+15551234567"));
        assert_eq!(script.words_per_minute, Some(120));
        assert!(
            matches!(&script.pick_up, PickUp::Voicemail { greeting, .. } if greeting == "Hi: leave word")
        );
        assert_eq!(script.opening[0].say.as_deref(), Some("yes"));
        assert_eq!(script.opening[0].confidence, Some(0.5));
        assert_eq!(script.opening[1].press.as_deref(), Some("12"));
        assert!(script.opening[2].hang_up);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let refused = |text: &str| from_str::<CallScript>(text).unwrap_err().to_string();
        assert_eq!(
            refused("rules:\n  - do:\n      - sey: hello\n"),
            "rules.0.do.0: unknown field `sey`, expected one of `afterMs`, `say`, `lastsMs`, `confidence`, \
             `noise`, `press`, `text`, `hangUp`"
        );
        assert!(refused("times: often").starts_with("times: invalid type: string \"often\""));
        assert!(refused("a: 1\na: 2").contains("line 2: the key `a` stands here twice"));
        assert!(refused("with: !secret x").contains("line 1: the value has a tag"));
        assert!(refused("{").starts_with("line "));
    }

    #[test]
    fn repeated_parts_are_written_once() {
        let script: CallScript =
            from_str("opening: &greet [{say: hello}]\nrules:\n  - do: *greet\n").unwrap();
        assert_eq!(script.rules[0].acts, script.opening);
        let bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n\
                    c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n\
                    e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]\n";
        assert!(from_str::<CallScript>(bomb).unwrap_err().to_string().contains("too much"));
    }
}
