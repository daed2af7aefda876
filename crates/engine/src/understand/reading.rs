//! What one attempt to read an answer comes to.

use serde_json::Value;

/// A value, or the reasons why there is none. Whoever reads further adds reasons.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Reading {
    Value { value: Value, why: Vec<String> },
    Unclear { why: Vec<String> },
}

impl Reading {
    pub(super) fn value(value: impl Into<Value>, why: impl Into<String>) -> Reading {
        Reading::Value { value: value.into(), why: vec![why.into()] }
    }

    pub(super) fn unclear(why: impl Into<String>) -> Reading {
        Reading::Unclear { why: vec![why.into()] }
    }

    pub(super) fn is_value(&self) -> bool {
        matches!(self, Reading::Value { .. })
    }

    /// The same with a reason before its own.
    pub(super) fn because(mut self, first: impl Into<String>) -> Reading {
        let (Reading::Value { why, .. } | Reading::Unclear { why }) = &mut self;
        why.insert(0, first.into());
        self
    }
}
