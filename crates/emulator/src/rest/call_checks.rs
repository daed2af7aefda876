//! What a call must be to be made: the checks of a create request, in the order in which they strike.

use twilio::HttpMethod;
use twilio::form;
use twilio::sid::{Sid, SidKind};

use super::Refusal;
use super::message_checks::{given, is_callback_url};
use crate::address::{self, Reading};
use crate::call::{
    CallDirection, CallDraft, Callbacks, DetectUntil, Instructions, LIMIT_S, MachineWish, Progress,
    RecordWish, Settings,
};
use crate::emulation::Strictness;
use crate::faults::RequestPlan;
use crate::fixture::AccountKind;
use crate::recordings::{RecordingCallback, Track};
use crate::world::World;

const TWIML_CHARS_MAX: usize = 4_000;
const DIGITS_MAX: usize = 32;
const REASON_CHARS_MAX: usize = 50;
const SIP_CHARS_MAX: usize = 255;
const RING_S: u32 = 60;
const RING_S_MAX: u32 = 600;
/// How many calls a trial account may make at once.
const TRIAL_CALLS_MAX: usize = 1;

/// Every parameter of a create request.
const NAMES: &[&str] = &[
    "To",
    "From",
    "Method",
    "FallbackUrl",
    "FallbackMethod",
    "StatusCallback",
    "StatusCallbackEvent",
    "StatusCallbackMethod",
    "SendDigits",
    "Timeout",
    "Record",
    "RecordingChannels",
    "RecordingStatusCallback",
    "RecordingStatusCallbackMethod",
    "SipAuthUsername",
    "SipAuthPassword",
    "MachineDetection",
    "MachineDetectionTimeout",
    "RecordingStatusCallbackEvent",
    "Trim",
    "CallerId",
    "MachineDetectionSpeechThreshold",
    "MachineDetectionSpeechEndThreshold",
    "MachineDetectionSilenceTimeout",
    "AsyncAmd",
    "AsyncAmdStatusCallback",
    "AsyncAmdStatusCallbackMethod",
    "Byoc",
    "CallReason",
    "CallToken",
    "RecordingTrack",
    "TimeLimit",
    "ClientNotificationUrl",
    "Url",
    "Twiml",
    "ApplicationSid",
];

/// A call that may be made, and what was odd about the request for it.
pub(super) struct Checked {
    pub(super) draft: CallDraft,
    pub(super) warnings: Vec<(u32, &'static str)>,
}

/// Checks a create request and makes the draft of its call.
///
/// `CallReason`, `CallToken`, `Byoc`, `ClientNotificationUrl` and the SIP credentials are checked for their
/// form and change nothing that can be seen here.
pub(super) fn create(
    world: &World,
    account: &Sid,
    pairs: &[(String, String)],
    strictness: Strictness,
    plan: &RequestPlan,
) -> Result<Checked, Refusal> {
    if strictness == Strictness::Strict
        && let Some((unknown, _)) = pairs.iter().find(|(name, _)| !NAMES.contains(&name.as_str()))
    {
        return Err(Refusal::bad(20001, format!("Unknown parameter {unknown}")));
    }
    let reading = match strictness {
        Strictness::Lenient => Reading::Loose,
        Strictness::Strict => Reading::Exact,
    };
    let to = given(pairs, "To").ok_or_else(|| Refusal::bad(21201, "No 'To' number is specified"))?;
    let from = given(pairs, "From").ok_or_else(|| Refusal::bad(21213, "No 'From' number is specified"))?;
    let to = address::callable(to, reading)
        .ok_or_else(|| Refusal::bad(21211, format!("The 'To' number {to} is not a valid phone number.")))?;
    let from = caller(world, account, given(pairs, "CallerId").unwrap_or(from), reading)?;
    check_trial(world, account, &to)?;
    check_form(pairs)?;
    let mut warnings = Vec::new();
    let what = instructions(world, account, pairs, &mut warnings)?;
    let callbacks = match what.callbacks {
        Some(callbacks) => callbacks,
        None => callbacks_of(pairs)?,
    };
    let settings = Settings {
        timeout_s: number(pairs, "Timeout", 0..=u32::MAX)?.unwrap_or(RING_S).min(RING_S_MAX),
        limit_s: number(pairs, "TimeLimit", 1..=86_400)?.unwrap_or(LIMIT_S),
        send_digits: send_digits(pairs)?,
        machine: machine(pairs, &mut warnings)?,
        record: record(pairs)?,
        fallback: what.fallback,
        application: what.application,
    };
    if let Some(code) = plan.refuse_code {
        return Err(Refusal::of_code(400, code));
    }
    let draft = CallDraft {
        account: account.clone(),
        direction: CallDirection::OutboundApi,
        from,
        to,
        parent: None,
        begin: what.begin,
        callbacks,
        settings,
        whisper: None,
        list_lag_ms: plan.list_lag_ms,
    };
    Ok(Checked { draft, warnings })
}

/// Who calls: an owned or verified number, or a client.
fn caller(world: &World, account: &Sid, from: &str, reading: Reading) -> Result<String, Refusal> {
    let from = address::callable(from, reading).ok_or_else(|| {
        Refusal::bad(21212, format!("The 'From' number {from} is not a valid phone number."))
    })?;
    let is_mute = world.numbers.find(&from).is_some_and(|number| !number.capabilities.voice);
    match world.may_call_from(account, &from) && !is_mute {
        true => Ok(from),
        false => Err(Refusal::bad(
            21210,
            format!("The source phone number provided, {from}, is not yet verified for your account."),
        )),
    }
}

fn check_trial(world: &World, account: &Sid, to: &str) -> Result<(), Refusal> {
    let Some(owner) = world.accounts.get(account) else { return Ok(()) };
    if owner.out_of_funds {
        return Err(Refusal::new(403, 20005, "The account is not active: its balance is used up"));
    }
    if owner.kind != AccountKind::Trial {
        return Ok(());
    }
    if world.calls.going_on(account) >= TRIAL_CALLS_MAX {
        return Err(Refusal::of_code(429, 10004));
    }
    match owner.verified.contains(to) {
        true => Ok(()),
        false => Err(Refusal::bad(
            21219,
            format!("The number {to} is unverified. Trial accounts may only make calls to verified numbers."),
        )),
    }
}

/// What is wrong whatever the rest says.
fn check_form(pairs: &[(String, String)]) -> Result<(), Refusal> {
    let longer = |name, most| given(pairs, name).is_some_and(|text| text.chars().count() > most);
    if longer("SipAuthUsername", SIP_CHARS_MAX) {
        return Err(Refusal::of_code(400, 21221));
    }
    if longer("SipAuthPassword", SIP_CHARS_MAX) {
        return Err(Refusal::of_code(400, 21223));
    }
    if longer("CallReason", REASON_CHARS_MAX) {
        return Err(Refusal::bad(20422, "CallReason must be at most 50 characters"));
    }
    for name in [
        "Method",
        "FallbackMethod",
        "StatusCallbackMethod",
        "RecordingStatusCallbackMethod",
        "AsyncAmdStatusCallbackMethod",
    ] {
        method(pairs, name)?;
    }
    for name in ["StatusCallback", "RecordingStatusCallback", "AsyncAmdStatusCallback"] {
        if given(pairs, name).is_some_and(|url| !is_callback_url(url)) {
            return Err(Refusal::bad(21609, format!("The '{name}' URL is not valid")));
        }
    }
    Ok(())
}

/// What a call does, and what comes with it.
struct What {
    begin: Instructions,
    fallback: Option<(String, HttpMethod)>,
    application: Option<Sid>,
    /// Of an application, which are used instead of the request's.
    callbacks: Option<Callbacks>,
}

fn instructions(
    world: &World,
    account: &Sid,
    pairs: &[(String, String)],
    warnings: &mut Vec<(u32, &'static str)>,
) -> Result<What, Refusal> {
    if let Some(text) = given(pairs, "ApplicationSid") {
        return by_application(world, account, text);
    }
    let fallback = match given(pairs, "FallbackUrl") {
        Some(url) if !is_callback_url(url) => {
            return Err(Refusal::bad(21205, "The 'FallbackUrl' is not a valid URL"));
        }
        Some(url) => Some((url.to_owned(), method(pairs, "FallbackMethod")?)),
        None => None,
    };
    let begin = match (given(pairs, "Url"), given(pairs, "Twiml")) {
        (Some(url), _) if !is_callback_url(url) => {
            return Err(Refusal::bad(21205, format!("Url is not a valid URL: {url}")));
        }
        (Some(url), twiml) => {
            if twiml.is_some() {
                warnings.push((32019, "both 'Twiml' and 'Url' are given, and 'Url' is used"));
            }
            Instructions::Url { url: url.to_owned(), method: method(pairs, "Method")? }
        }
        (None, Some(twiml)) if twiml.chars().count() > TWIML_CHARS_MAX => {
            return Err(Refusal::bad(32018, "The 'Twiml' parameter is longer than 4000 characters"));
        }
        (None, Some(twiml)) => Instructions::Twiml(twiml.to_owned()),
        (None, None) => return Err(Refusal::bad(21205, "Url parameter is required.")),
    };
    Ok(What { begin, fallback, application: None, callbacks: None })
}

fn by_application(world: &World, account: &Sid, text: &str) -> Result<What, Refusal> {
    let sid = Sid::parse(text).ok().filter(|sid| sid.kind() == Some(SidKind::Application));
    let found = sid.and_then(|sid| world.voice_of_application(&sid, account).map(|voice| (sid, voice)));
    let Some((sid, voice)) = found.filter(|(_, voice)| !voice.url.is_empty()) else {
        return Err(Refusal::of_code(400, 21218));
    };
    Ok(What {
        begin: Instructions::Url { url: voice.url, method: voice.method },
        fallback: (!voice.fallback_url.is_empty()).then_some((voice.fallback_url, voice.fallback_method)),
        application: Some(sid),
        callbacks: Some(Callbacks::at_the_end(Some(voice.status_callback), voice.status_callback_method)),
    })
}

fn callbacks_of(pairs: &[(String, String)]) -> Result<Callbacks, Refusal> {
    let words: Vec<&str> = form::all(pairs, "StatusCallbackEvent").flat_map(str::split_whitespace).collect();
    let events: Option<Vec<Progress>> = words.iter().map(|word| Progress::parse(word)).collect();
    let events = events.ok_or_else(|| Refusal::of_code(400, 21626))?;
    Ok(Callbacks {
        url: given(pairs, "StatusCallback").map(str::to_owned),
        method: method(pairs, "StatusCallbackMethod")?,
        events: if events.is_empty() { vec![Progress::Completed] } else { events },
        told: 0,
    })
}

fn send_digits(pairs: &[(String, String)]) -> Result<Option<String>, Refusal> {
    let Some(digits) = given(pairs, "SendDigits") else { return Ok(None) };
    let is_tone = |char: char| matches!(char, '0'..='9' | '#' | '*' | 'w' | 'W' | 'A'..='D');
    match digits.len() <= DIGITS_MAX && digits.chars().all(is_tone) {
        true => Ok(Some(digits.to_owned())),
        false => Err(Refusal::of_code(400, 21206)),
    }
}

fn machine(
    pairs: &[(String, String)],
    warnings: &mut Vec<(u32, &'static str)>,
) -> Result<Option<MachineWish>, Refusal> {
    let until = match given(pairs, "MachineDetection") {
        None => return Ok(None),
        Some("Enable") => DetectUntil::Known,
        Some("DetectMessageEnd") => DetectUntil::GreetingEnds,
        Some(_) => return Err(Refusal::bad(20422, "MachineDetection must be Enable or DetectMessageEnd")),
    };
    let is_beside = flag(pairs, "AsyncAmd")?;
    let url = given(pairs, "AsyncAmdStatusCallback");
    if is_beside && url.is_none() {
        warnings.push((21262, "'AsyncAmd' without an 'AsyncAmdStatusCallback' tells nobody"));
    }
    let ms =
        |name, range, default: u32| number(pairs, name, range).map(|ms| u64::from(ms.unwrap_or(default)));
    let beside = (url.unwrap_or_default().to_owned(), method(pairs, "AsyncAmdStatusCallbackMethod")?);
    Ok(Some(MachineWish {
        until,
        timeout_ms: ms("MachineDetectionTimeout", 3..=60, 30)? * 1_000,
        speech_threshold_ms: ms("MachineDetectionSpeechThreshold", 1_000..=6_000, 2_400)?,
        speech_end_ms: ms("MachineDetectionSpeechEndThreshold", 500..=5_000, 1_200)?,
        silence_ms: ms("MachineDetectionSilenceTimeout", 2_000..=10_000, 5_000)?,
        beside: is_beside.then_some(beside),
    }))
}

fn record(pairs: &[(String, String)]) -> Result<Option<RecordWish>, Refusal> {
    if !flag(pairs, "Record")? {
        return Ok(None);
    }
    let wish = recording(pairs)?;
    Ok(Some(wish))
}

/// The parameters of a recording, as they stand in several requests.
pub(super) fn recording(pairs: &[(String, String)]) -> Result<RecordWish, Refusal> {
    let wrong = |name: &str, words: &str| Refusal::bad(20422, format!("{name} must be one of {words}"));
    let channels = match given(pairs, "RecordingChannels") {
        None | Some("mono") => 1,
        Some("dual") => 2,
        Some(_) => return Err(wrong("RecordingChannels", "mono dual")),
    };
    let track = match given(pairs, "RecordingTrack") {
        None | Some("both") => Track::Both,
        Some("inbound") => Track::Inbound,
        Some("outbound") => Track::Outbound,
        Some(_) => return Err(wrong("RecordingTrack", "inbound outbound both")),
    };
    let trims = match given(pairs, "Trim") {
        None | Some("trim-silence") => true,
        Some("do-not-trim") => false,
        Some(_) => return Err(wrong("Trim", "trim-silence do-not-trim")),
    };
    let events: Vec<String> = form::all(pairs, "RecordingStatusCallbackEvent")
        .flat_map(str::split_whitespace)
        .map(str::to_owned)
        .collect();
    if events.iter().any(|event| !matches!(event.as_str(), "in-progress" | "completed" | "absent")) {
        return Err(Refusal::of_code(400, 13621));
    }
    let url = given(pairs, "RecordingStatusCallback").map(str::to_owned);
    let method = method(pairs, "RecordingStatusCallbackMethod")?;
    Ok(RecordWish { channels, track, trims, callback: RecordingCallback { url, method, events } })
}

/// `GET` or `POST`; `POST` where nothing is given.
pub(super) fn method(pairs: &[(String, String)], name: &str) -> Result<HttpMethod, Refusal> {
    match given(pairs, name).map(str::to_ascii_uppercase).as_deref() {
        None | Some("POST") => Ok(HttpMethod::Post),
        Some("GET") => Ok(HttpMethod::Get),
        Some(_) => Err(Refusal::bad(20422, format!("{name} must be GET or POST"))),
    }
}

pub(super) fn flag(pairs: &[(String, String)], name: &str) -> Result<bool, Refusal> {
    match given(pairs, name).map(str::to_ascii_lowercase).as_deref() {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(Refusal::bad(20422, format!("{name} must be true or false"))),
    }
}

pub(super) fn number(
    pairs: &[(String, String)],
    name: &str,
    range: std::ops::RangeInclusive<u32>,
) -> Result<Option<u32>, Refusal> {
    let Some(text) = given(pairs, name) else { return Ok(None) };
    let wrong = || {
        Refusal::bad(
            20422,
            format!("{name} must be a whole number from {} to {}", range.start(), range.end()),
        )
    };
    let number: u32 = text.parse().map_err(|_| wrong())?;
    if range.contains(&number) { Ok(Some(number)) } else { Err(wrong()) }
}
