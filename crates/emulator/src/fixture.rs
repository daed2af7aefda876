//! What the pretend world consists of when the emulator starts, read from JSON or YAML.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::accounts::AccountStatus;
use crate::call_scripts::CallScript;
use crate::faults::FaultSettings;
use crate::openai::OpenAiFixture;
use crate::phones::PhoneState;
use crate::scripts::ScriptRule;
use crate::yaml::{self, YamlError};

/// The world at the start. Every key has a default; `{}` is the world of [`Fixture::default`] without its
/// account.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fixture {
    #[serde(default)]
    pub accounts: Vec<AccountFixture>,
    /// Phones that exist from the start. Any number that no account owns becomes a phone when it is first
    /// used.
    #[serde(default)]
    pub phones: Vec<PhoneFixture>,
    #[serde(default)]
    pub timings: Timings,
    /// What carriers do to texts for ranges of numbers; the first range that fits decides.
    #[serde(default)]
    pub carriers: Vec<CarrierRule>,
    /// Statuses that are called back. Without it, every change is, except to `accepted` and `scheduled`.
    #[serde(default)]
    pub callback_statuses: Option<Vec<String>>,
    #[serde(default)]
    pub media_fetch: MediaFetch,
    #[serde(default)]
    pub faults: FaultSettings,
    /// The OpenAI endpoint and its scripted models.
    #[serde(default)]
    pub openai: OpenAiFixture,
    /// What looking numbers up finds, where it is to find something else than it would make up.
    #[serde(default)]
    pub lookups: Vec<LookupFixture>,
}

/// Why a fixture cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FixtureError {
    #[error("the fixture is not valid JSON of the documented shape")]
    Json(#[from] serde_json::Error),
    #[error("the fixture is not valid YAML of the documented shape")]
    Yaml(#[from] YamlError),
    /// A value has the right type and cannot be; the text names the key and the reason.
    #[error("fixture, {place}: {reason}")]
    Value { place: String, reason: String },
}

impl FixtureError {
    pub(crate) fn value(place: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Value { place: place.into(), reason: reason.into() }
    }
}

/// One account with everything that it owns.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccountFixture {
    /// `AC` and 32 hexadecimal digits.
    pub sid: String,
    pub token: String,
    #[serde(default)]
    pub friendly_name: Option<String>,
    #[serde(default, rename = "type")]
    pub kind: AccountKind,
    #[serde(default)]
    pub status: AccountStatus,
    /// Nothing can be sent.
    #[serde(default)]
    pub out_of_funds: bool,
    /// Decimal text, such as `100.00`.
    #[serde(default = "default_balance")]
    pub balance: String,
    #[serde(default = "default_currency")]
    pub currency: String,
    /// Where the account is told of every notice of the debugger.
    #[serde(default)]
    pub debugger_url: Option<String>,
    #[serde(default)]
    pub keys: Vec<KeyFixture>,
    /// Test credentials of this account, with which nothing is really sent.
    #[serde(default)]
    pub test: Option<TestCredentials>,
    /// Numbers of other carriers that were verified: the account may show them as its own, and a trial account
    /// may reach them and no others.
    #[serde(default)]
    pub verified: Vec<String>,
    /// How many REST requests may be in progress at once; above it the answer is 429. No limit without it.
    #[serde(default)]
    pub concurrent_requests_max: Option<u32>,
    /// How many calls are begun in a second; the others wait as `queued`. No limit without it.
    #[serde(default)]
    pub calls_per_second: Option<f64>,
    #[serde(default)]
    pub numbers: Vec<NumberFixture>,
    #[serde(default)]
    pub short_codes: Vec<NumberFixture>,
    #[serde(default)]
    pub services: Vec<ServiceFixture>,
    #[serde(default)]
    pub contents: Vec<ContentFixture>,
    #[serde(default)]
    pub applications: Vec<ApplicationFixture>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum AccountKind {
    #[default]
    Full,
    /// Only verified recipients, and a prefix before every text.
    Trial,
}

/// An API key: its SID and secret serve instead of the account's SID and token.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeyFixture {
    /// `SK` and 32 hexadecimal digits.
    pub sid: String,
    pub secret: String,
    #[serde(default)]
    pub friendly_name: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TestCredentials {
    pub sid: String,
    pub token: String,
}

/// A number, or a short code, that an account owns.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NumberFixture {
    /// `PN…` (`SC…` for a short code); made from the seed where it is missing.
    #[serde(default)]
    pub sid: Option<String>,
    /// E.164, or the five or six digits of a short code.
    pub phone_number: String,
    #[serde(default)]
    pub friendly_name: Option<String>,
    #[serde(default)]
    pub sms_url: Option<String>,
    /// `POST`, unless it says `GET`.
    #[serde(default)]
    pub sms_method: Option<String>,
    #[serde(default)]
    pub sms_fallback_url: Option<String>,
    #[serde(default)]
    pub sms_fallback_method: Option<String>,
    #[serde(default)]
    pub voice_url: Option<String>,
    #[serde(default)]
    pub voice_method: Option<String>,
    #[serde(default)]
    pub voice_fallback_url: Option<String>,
    #[serde(default)]
    pub voice_fallback_method: Option<String>,
    /// Told of the end of calls to the number.
    #[serde(default)]
    pub status_callback: Option<String>,
    #[serde(default)]
    pub status_callback_method: Option<String>,
    #[serde(default)]
    pub capabilities: Capabilities,
    /// Whether it is a WhatsApp sender too.
    #[serde(default)]
    pub whatsapp: bool,
    /// Segments a second that leave its queue; without it texts leave at once and nothing overflows.
    #[serde(default)]
    pub rate: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Capabilities {
    #[serde(default = "yes")]
    pub sms: bool,
    #[serde(default = "yes")]
    pub mms: bool,
    #[serde(default = "yes")]
    pub voice: bool,
}

impl Default for Capabilities {
    fn default() -> Self {
        Self { sms: true, mms: true, voice: true }
    }
}

/// A messaging service and its pool of senders.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ServiceFixture {
    /// `MG…`; made from the seed where it is missing.
    pub sid: Option<String>,
    pub friendly_name: String,
    pub inbound_request_url: Option<String>,
    pub inbound_method: Option<String>,
    pub fallback_url: Option<String>,
    pub fallback_method: Option<String>,
    pub status_callback: Option<String>,
    pub sticky_sender: Option<bool>,
    pub smart_encoding: Option<bool>,
    pub use_inbound_webhook_on_number: Option<bool>,
    pub validity_period: Option<u32>,
    /// Whether customisable opt-out handling is on: then webhooks carry `OptOutType`, also for WhatsApp.
    pub advanced_opt_out: bool,
    /// Numbers and short codes of the account that are in the pool.
    pub numbers: Vec<String>,
    pub alpha_senders: Vec<String>,
}

/// A content template.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ContentFixture {
    /// `HX…`; made from the seed where it is missing.
    #[serde(default)]
    pub sid: Option<String>,
    pub friendly_name: String,
    #[serde(default = "default_language")]
    pub language: String,
    /// The text with `{{1}}`, `{{2}}`… or `{{name}}` where variables go. Not needed where `types` has it.
    #[serde(default)]
    pub body: String,
    /// Its forms by type, such as `twilio/media`, as a request gives them; made from `body` and `buttons`
    /// where it is empty.
    #[serde(default)]
    pub types: Map<String, Value>,
    /// Values for variables that a send leaves out.
    #[serde(default)]
    pub variables: BTreeMap<String, String>,
    /// Quick-reply buttons, which a phone may press.
    #[serde(default)]
    pub buttons: Vec<ButtonFixture>,
    #[serde(default)]
    pub approval: Approval,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ButtonFixture {
    pub text: String,
    pub payload: String,
}

/// What WhatsApp thinks of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Approval {
    #[default]
    Approved,
    /// Not asked for: it counts as a free-form text.
    Unsubmitted,
    /// Asked for and not decided: it counts as a free-form text.
    Pending,
    Rejected,
    Paused,
    Disabled,
}

/// A TwiML application: webhooks that numbers, calls and texts name.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApplicationFixture {
    /// `AP` and 32 hexadecimal digits.
    pub sid: String,
    #[serde(default)]
    pub friendly_name: Option<String>,
    #[serde(default)]
    pub voice_url: Option<String>,
    #[serde(default)]
    pub voice_method: Option<String>,
    #[serde(default)]
    pub voice_fallback_url: Option<String>,
    #[serde(default)]
    pub voice_fallback_method: Option<String>,
    /// Told of the end of calls.
    #[serde(default)]
    pub status_callback: Option<String>,
    #[serde(default)]
    pub status_callback_method: Option<String>,
    #[serde(default)]
    pub message_status_callback: Option<String>,
    #[serde(default)]
    pub sms_url: Option<String>,
    #[serde(default)]
    pub sms_method: Option<String>,
    #[serde(default)]
    pub sms_fallback_url: Option<String>,
    #[serde(default)]
    pub sms_fallback_method: Option<String>,
}

/// What looking a number up finds.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LookupFixture {
    /// E.164.
    pub number: String,
    /// Whether it can be a number at all; by its digits where it is missing.
    #[serde(default)]
    pub valid: Option<bool>,
    /// The answers of packages by their name, such as `caller_name` or `line_type_intelligence`. Keys that a
    /// package has and that are missing here are made up.
    #[serde(default)]
    pub packages: Map<String, Value>,
}

/// A phone that exists from the start.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PhoneFixture {
    /// E.164.
    pub number: String,
    /// The name that WhatsApp shows.
    #[serde(default)]
    pub profile_name: Option<String>,
    #[serde(default)]
    pub state: PhoneState,
    #[serde(default)]
    pub scripts: Vec<ScriptRule>,
    /// What its owner does in calls; without one that fits, calls are answered and nothing is said.
    #[serde(default)]
    pub call_scripts: Vec<CallScript>,
}

/// How long a message stays in each status, in milliseconds of domain time after the status before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Timings {
    /// From `accepted` to `queued`, in a service that picks the sender.
    pub queued_ms: u32,
    /// From the sender's turn to `sending`.
    pub sending_ms: u32,
    pub sent_ms: u32,
    pub delivered_ms: u32,
    /// From `delivered` to `read`, on channels with read receipts. Without it nothing is reported as read.
    pub read_ms: Option<u32>,
    /// From the request that WhatsApp approve a template to its decision.
    pub approval_ms: u32,
    pub calls: CallTimings,
}

/// How long what happens in calls takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct CallTimings {
    /// From `initiated` to `ringing`.
    pub dialing_ms: u64,
    /// How long a phone rings that is answered, where its script does not say.
    pub answer_ms: u64,
    /// How fast TwiML and people speak.
    pub words_per_minute: u32,
}

impl Default for CallTimings {
    fn default() -> Self {
        Self { dialing_ms: 500, answer_ms: 3_000, words_per_minute: 160 }
    }
}

impl Default for Timings {
    fn default() -> Self {
        Self {
            queued_ms: 10,
            sending_ms: 50,
            sent_ms: 100,
            delivered_ms: 250,
            read_ms: None,
            calls: CallTimings::default(),
            approval_ms: 1_000,
        }
    }
}

/// What happens to texts for a range of numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CarrierRule {
    /// The first number of the range, E.164.
    pub from: String,
    /// The last number of the range, included; must have as many digits as `from`.
    pub to: String,
    pub outcome: CarrierOutcome,
}

/// How a carrier deals with a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum CarrierOutcome {
    /// The create request is refused with this error code.
    Refused {
        code: u32,
    },
    /// It ends `failed`, before it is sent.
    Failed {
        code: u32,
    },
    /// It is sent, and ends `undelivered`.
    Undelivered {
        code: u32,
    },
    /// It is sent, and no receipt ever comes.
    NoReceipt,
    Delivered,
}

/// Whose media are fetched when a message with `MediaUrl` is sent. What is not fetched is kept as its URL,
/// with a content type guessed from the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum MediaFetch {
    Never,
    /// Only from loopback addresses, so that nothing depends on a network.
    #[default]
    Loopback,
    Always,
}

/// The account of the default fixture.
pub const DEFAULT_ACCOUNT: &str = "AC00000000000000000000000000000001";
/// Its token.
pub const DEFAULT_TOKEN: &str = "00000000000000000000000000000001";
/// The account SID of its test credentials.
pub const DEFAULT_TEST_ACCOUNT: &str = "AC00000000000000000000000000000002";
/// The token of its test credentials.
pub const DEFAULT_TEST_TOKEN: &str = "00000000000000000000000000000002";
/// The number that it owns.
pub const DEFAULT_NUMBER: &str = "+15551234567";

impl Fixture {
    /// Reads a fixture. Its values are checked when an emulator starts with it.
    pub fn from_json(text: &str) -> Result<Self, FixtureError> {
        Ok(serde_json::from_str(text)?)
    }

    /// As [`Fixture::from_json`], from YAML.
    pub fn from_yaml(text: &str) -> Result<Self, FixtureError> {
        Ok(yaml::from_str(text)?)
    }

    /// A world without accounts and phones.
    pub fn empty() -> Self {
        Self {
            accounts: Vec::new(),
            phones: Vec::new(),
            timings: Timings::default(),
            carriers: Vec::new(),
            callback_statuses: None,
            media_fetch: MediaFetch::default(),
            faults: FaultSettings::default(),
            openai: OpenAiFixture::default(),
            lookups: Vec::new(),
        }
    }
}

impl Default for Fixture {
    fn default() -> Self {
        Self { accounts: vec![AccountFixture::default()], ..Self::empty() }
    }
}

impl Default for AccountFixture {
    fn default() -> Self {
        Self {
            sid: DEFAULT_ACCOUNT.to_owned(),
            token: DEFAULT_TOKEN.to_owned(),
            friendly_name: None,
            kind: AccountKind::Full,
            status: AccountStatus::Active,
            out_of_funds: false,
            balance: default_balance(),
            currency: default_currency(),
            debugger_url: None,
            keys: Vec::new(),
            test: Some(TestCredentials {
                sid: DEFAULT_TEST_ACCOUNT.to_owned(),
                token: DEFAULT_TEST_TOKEN.to_owned(),
            }),
            verified: Vec::new(),
            concurrent_requests_max: None,
            calls_per_second: None,
            numbers: vec![NumberFixture {
                sid: Some("PN00000000000000000000000000000001".to_owned()),
                phone_number: DEFAULT_NUMBER.to_owned(),
                whatsapp: true,
                ..NumberFixture::default()
            }],
            short_codes: Vec::new(),
            services: Vec::new(),
            contents: Vec::new(),
            applications: Vec::new(),
        }
    }
}

fn default_balance() -> String {
    "100.00".to_owned()
}

fn default_currency() -> String {
    "USD".to_owned()
}

fn default_language() -> String {
    "en".to_owned()
}

fn yes() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_key_is_refused_and_named() {
        let error = Fixture::from_json(r#"{"account": []}"#).unwrap_err();
        let FixtureError::Json(cause) = error else { panic!("{error}") };
        assert!(cause.to_string().contains("account"), "{cause}");
    }

    #[test]
    fn the_default_reads_back_as_it_was_written() {
        let text = serde_json::to_string(&Fixture::default()).unwrap();
        let again = Fixture::from_json(&text).unwrap();
        assert_eq!(serde_json::to_string(&again).unwrap(), text);
    }
}
