//! Phones that answer by themselves.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// When a text fits, the phone answers. The first rule that fits is used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScriptRule {
    #[serde(default)]
    pub when: TextMatch,
    pub answer: PhoneText,
    /// How long after the text arrived, in domain time.
    #[serde(default)]
    pub after_ms: u64,
    /// How often the rule is used; without it, always.
    #[serde(default)]
    pub times: Option<u64>,
    /// Whether the phone answers on arrival, or even before the request that created the text is answered;
    /// then the request waits until the answer's webhook is done.
    #[serde(default)]
    pub moment: Moment,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Moment {
    #[default]
    OnArrival,
    BeforeCreateIsAnswered,
}

/// Which texts a rule is for; what is left out fits every text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct TextMatch {
    pub from: Option<String>,
    pub equals: Option<String>,
    pub contains: Option<String>,
}

/// What a phone sends. Where neither text nor anything else is given, it is an empty text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PhoneText {
    pub body: String,
    /// At most ten.
    pub media: Vec<PhoneMedium>,
    /// The name that WhatsApp shows; the phone's own without it.
    pub profile_name: Option<String>,
    /// A quick-reply button is pressed; WhatsApp only.
    pub button: Option<Button>,
    /// An entry of a list is chosen; WhatsApp only.
    pub list_choice: Option<ListChoice>,
    /// WhatsApp only.
    pub location: Option<Location>,
    /// The SID of the message that is replied to; WhatsApp only.
    pub replies_to: Option<String>,
    /// WhatsApp only.
    pub forwarded: bool,
}

/// A medium that a phone sends: its bytes in base64, or where it can be fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PhoneMedium {
    pub content_type: String,
    #[serde(default)]
    pub base64: Option<String>,
    #[serde(default)]
    pub url: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Button {
    pub text: String,
    pub payload: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListChoice {
    pub id: String,
    pub title: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Location {
    pub latitude: f64,
    pub longitude: f64,
    #[serde(default)]
    pub address: Option<String>,
    #[serde(default)]
    pub label: Option<String>,
}

/// A rule that a phone has, and how often it was used.
#[derive(Debug, Clone)]
pub(crate) struct Script {
    pub(crate) id: u64,
    pub(crate) rule: ScriptRule,
    pub(crate) used: u64,
}

impl Script {
    /// Takes the answer of the first script for this moment that fits, and counts its use.
    pub(crate) fn take<'a>(
        scripts: &'a mut [Script],
        moment: Moment,
        from: &str,
        body: &str,
    ) -> Option<&'a ScriptRule> {
        let script = scripts.iter_mut().find(|script| {
            script.rule.moment == moment
                && script.rule.times.is_none_or(|times| script.used < times)
                && script.rule.when.fits(from, body)
        })?;
        script.used += 1;
        Some(&script.rule)
    }
}

impl TextMatch {
    fn fits(&self, from: &str, body: &str) -> bool {
        self.from.as_deref().is_none_or(|wanted| wanted == from)
            && self.equals.as_deref().is_none_or(|wanted| wanted == body)
            && self.contains.as_deref().is_none_or(|wanted| body.contains(wanted))
    }
}
