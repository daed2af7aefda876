//! What a message must be to be taken: the checks of a create request, in the order in which they strike.

use twilio::form;
use twilio::message::{AddressRetention, ContentRetention, CreateMessage, Direction};
use twilio::sid::{Sid, SidKind};

use super::Refusal;
use crate::address::{self, Reading};
use crate::contents::Content;
use crate::draft::Draft;
use crate::emulation::Strictness;
use crate::faults::RequestPlan;
use crate::fixture::{AccountKind, Approval, CarrierOutcome};
use crate::medium;
use crate::message::{Origin, Retention, Template, VALIDITY_S_MAX};
use crate::numbers::Number;
use crate::pool;
use crate::world::World;

/// The longest text, in UTF-16 units, so that an emoji counts as the two that it is sent as.
const BODY_UNITS_MAX: usize = 1_600;
const CALLBACK_CHARS_MAX: usize = 4_000;
/// How far ahead a message may be scheduled, in seconds.
const SCHEDULE_S_MIN: i64 = 15 * 60;
const SCHEDULE_S_MAX: i64 = 35 * 24 * 3_600;
const SCHEDULED_MAX: usize = 500_000;

/// Who sends: an address, or whichever the service picks.
struct Sender {
    from: Option<String>,
    service: Option<Sid>,
}

/// A request that passed the checks of its form.
struct Asked<'a> {
    account: &'a Sid,
    reading: Reading,
    parameters: &'a CreateMessage,
}

/// Checks a create request and makes the draft of its message.
///
/// `MaxPrice`, `ProvideFeedback`, `Attempt`, `ForceDelivery`, `TrafficType`, `RiskCheck`, `ShortenUrls` and
/// `PersistentAction` are checked for their form and change nothing that can be seen here.
pub(crate) fn create(
    world: &World,
    account: &Sid,
    pairs: &[(String, String)],
    strictness: Strictness,
    plan: &RequestPlan,
) -> Result<Draft, Refusal> {
    let parameters =
        CreateMessage::from_pairs(pairs).map_err(|error| Refusal::bad(error.code(), error.to_string()))?;
    let reading = match strictness {
        Strictness::Lenient => Reading::Loose,
        Strictness::Strict => Reading::Exact,
    };
    if strictness == Strictness::Strict
        && let Some((unknown, _)) =
            pairs.iter().find(|(name, _)| !CreateMessage::NAMES.contains(&name.as_str()))
    {
        return Err(Refusal::bad(20001, format!("Unknown parameter {unknown}")));
    }
    let asked = Asked { account, reading, parameters: &parameters };
    check_form(&asked)?;
    let Words { body, media, template } = words(world, &asked)?;
    let to = recipient(&asked)?;
    let sender = sender(world, &asked, &to)?;
    let service = sender.service.as_ref().and_then(|sid| world.services.get(sid));
    let send_at = schedule(world, &asked)?;
    check_recipient(world, &asked, &sender, &to)?;
    let application = application(world, &asked)?;
    if let Some(code) = plan.refuse_code {
        return Err(Refusal::of_code(400, code));
    }
    let picks = sender.from.is_none();
    Ok(Draft {
        account: account.clone(),
        direction: Direction::OutboundApi,
        origin: Origin::Api,
        validity_s: parameters
            .validity_period_s
            .or(service.map(|service| service.settings.validity_s))
            .unwrap_or(VALIDITY_S_MAX),
        from: sender.from,
        service: sender.service,
        to,
        body,
        media_urls: parameters.media_url.iter().cloned().chain(media).collect(),
        template,
        status_callback: parameters.status_callback.clone().filter(|url| !url.is_empty()).or(application),
        send_at,
        sends_as_mms: parameters.send_as_mms.unwrap_or(false),
        retention: Retention {
            is_redacted: false,
            discards_content: parameters.content_retention == Some(ContentRetention::Discard),
            obfuscates_address: parameters.address_retention == Some(AddressRetention::Obfuscate),
        },
        smart_encoded: parameters.smart_encoded.unwrap_or(false) || plan.rewrite,
        list_lag_ms: plan.list_lag_ms,
        from_is_hidden: plan.from_null && picks,
        doom: None,
    })
}

/// Checks a reply that TwiML asks for, and gives its recipient in the form in which messages keep it.
pub(crate) fn reply(
    world: &World,
    account: &Sid,
    from: &str,
    to: &str,
    body: &str,
    media: &[String],
) -> Result<String, Refusal> {
    if body.encode_utf16().count() > BODY_UNITS_MAX {
        return Err(Refusal::bad(14103, "a reply is longer than 1600 characters"));
    }
    if media.len() > medium::MEDIA_MAX {
        return Err(Refusal::bad(21623, "a reply has more than ten media"));
    }
    let to = address::normalize(to, Reading::Loose)
        .ok_or_else(|| Refusal::bad(14101, "a reply's `to` is no number"))?;
    let number =
        owned(world, account, from).ok_or_else(|| Refusal::bad(14102, "a reply's `from` is not owned"))?;
    if !number.capabilities.sms && !address::is_whatsapp(from) {
        return Err(Refusal::bad(14108, "a reply's `from` cannot send texts"));
    }
    let unverified = |_| Refusal::bad(14111, "a trial account's reply goes to a number that is not verified");
    check_trial(world, account, &to).map_err(unverified)?;
    let service = world.services.of_member(&number.sid).map(|service| service.sid.clone());
    check_opt_out(world, &Sender { from: Some(from.to_owned()), service }, &to)?;
    Ok(to)
}

/// What can be seen from the parameters alone.
fn check_form(asked: &Asked<'_>) -> Result<(), Refusal> {
    let parameters = asked.parameters;
    let given = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.is_empty());
    if !given(&parameters.from) && parameters.messaging_service_sid.is_none() {
        return Err(Refusal::bad(21603, "A 'From' address or a 'MessagingServiceSid' is required"));
    }
    if !given(&parameters.body) && parameters.media_url.is_empty() && parameters.content_sid.is_none() {
        return Err(match &parameters.body {
            Some(_) => Refusal::bad(21619, "A text or media must be given"),
            None => Refusal::bad(21602, "The message has no content"),
        });
    }
    if parameters.body.as_deref().is_some_and(|body| body.encode_utf16().count() > BODY_UNITS_MAX) {
        return Err(Refusal::bad(21617, "The text is longer than 1600 characters"));
    }
    check_media(&parameters.media_url)?;
    if let Some(url) = parameters.status_callback.as_deref().filter(|url| !url.is_empty())
        && !is_callback_url(url)
    {
        return Err(Refusal::bad(21609, "The 'StatusCallback' is not a valid URL"));
    }
    if parameters.validity_period_s.is_some_and(|seconds| !(1..=VALIDITY_S_MAX).contains(&seconds)) {
        return Err(Refusal::bad(21624, "The 'ValidityPeriod' must be 1 to 36000 seconds"));
    }
    if parameters.content_variables.is_some() && parameters.content_sid.is_none() {
        return Err(Refusal::bad(21654, "'ContentVariables' needs a 'ContentSid'"));
    }
    if given(&parameters.fallback_from) {
        return Err(match (given(&parameters.from), &parameters.messaging_service_sid) {
            (true, _) => Refusal::bad(21664, "'FallbackFrom' does not go with 'From'"),
            (false, None) => Refusal::bad(21666, "'FallbackFrom' needs a messaging service"),
            (false, Some(_)) => Refusal::bad(21667, "'FallbackFrom' needs an RCS sender in the service"),
        });
    }
    Ok(())
}

fn check_media(urls: &[String]) -> Result<(), Refusal> {
    if urls.len() > medium::MEDIA_MAX {
        return Err(Refusal::bad(21623, "A message has at most ten media"));
    }
    let is_web = |url: &String| {
        url::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
    };
    match urls.iter().find(|url| !is_web(url)) {
        Some(url) => Err(Refusal::bad(21620, format!("'{url}' is not a valid media URL"))),
        None => Ok(()),
    }
}

/// Whether webhooks can be sent to a URL: over the web, not too long, to a host without underscores.
pub(crate) fn is_callback_url(url: &str) -> bool {
    url.chars().count() <= CALLBACK_CHARS_MAX
        && url::Url::parse(url).is_ok_and(|url| {
            matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.contains('_'))
        })
}

/// What a message says.
#[derive(Default)]
struct Words {
    body: String,
    /// Addresses of media that come from the template.
    media: Vec<String>,
    template: Option<Template>,
}

/// The text of the message, and the template that it is made from.
fn words(world: &World, asked: &Asked<'_>) -> Result<Words, Refusal> {
    let parameters = asked.parameters;
    let Some(sid) = &parameters.content_sid else {
        return Ok(Words { body: parameters.body.clone().unwrap_or_default(), ..Words::default() });
    };
    let content = world.contents.get(sid).filter(|content| content.account == *asked.account);
    let content =
        content.ok_or_else(|| Refusal::bad(21655, "The 'ContentSid' names no content of this account"))?;
    let filled = content
        .fill(parameters.content_variables.as_deref())
        .map_err(|error| Refusal::bad(21656, error.to_string()))?;
    let template = Template { sid: content.sid.clone(), verdict: verdict(content, &filled.missing) };
    Ok(Words { body: filled.text, media: filled.media, template: Some(template) })
}

fn verdict(content: &Content, missing: &[String]) -> Result<(), u32> {
    match content.approval.verdict {
        _ if !missing.is_empty() => Err(63028),
        Approval::Approved => Ok(()),
        Approval::Unsubmitted | Approval::Pending => Err(63016),
        Approval::Rejected => Err(63040),
        Approval::Paused => Err(63041),
        Approval::Disabled => Err(63042),
    }
}

fn recipient(asked: &Asked<'_>) -> Result<String, Refusal> {
    let to = &asked.parameters.to;
    address::normalize(to, asked.reading)
        .ok_or_else(|| Refusal::bad(21211, format!("The 'To' number {to} is not a valid phone number")))
}

fn sender(world: &World, asked: &Asked<'_>, to: &str) -> Result<Sender, Refusal> {
    let from = asked.parameters.from.as_deref().filter(|from| !from.is_empty());
    // A service may also be named where a sender stands.
    let by_from = from
        .and_then(|from| Sid::parse(from).ok())
        .filter(|sid| sid.kind() == Some(SidKind::MessagingService));
    let from = from.filter(|_| by_from.is_none());
    let service = asked.parameters.messaging_service_sid.clone().or(by_from);
    if let Some(sid) = &service {
        let known = world.services.get(sid).filter(|service| service.account == *asked.account);
        let known = known.ok_or_else(|| {
            Refusal::new(404, 21701, format!("The messaging service {} does not exist", sid.as_str()))
        })?;
        if from.is_none() {
            let picked = pool::pick(world, known, to, asked.parameters.media_url.len());
            picked.map_err(|unfit| match unfit {
                pool::Unfit::Empty => Refusal::bad(21704, "The messaging service has no senders"),
                pool::Unfit::None => {
                    Refusal::bad(21703, "The messaging service has no sender that can reach the recipient")
                }
            })?;
        }
    }
    let Some(from) = from else { return Ok(Sender { from: None, service }) };
    let from = sender_address(world, asked, from, to)?;
    if let Some(sid) = &service
        && let Some(known) = world.services.get(sid)
        && !known.pool.iter().any(|member| member.address == address::bare(&from))
    {
        return Err(Refusal::bad(21606, "The 'From' address is not in the messaging service's pool"));
    }
    if service.is_none() && world.queues.is_full(&from, world.now) {
        return Err(Refusal::bad(21611, "The queue of this 'From' address is full"));
    }
    // A number of a pool sends on its own unless the request names the service.
    Ok(Sender { from: Some(from), service })
}

/// Checks an explicit sender and gives its address as messages keep it.
fn sender_address(world: &World, asked: &Asked<'_>, from: &str, to: &str) -> Result<String, Refusal> {
    if address::is_whatsapp(from) != address::is_whatsapp(to) {
        return Err(Refusal::bad(21910, "The 'From' and 'To' addresses are not on the same channel"));
    }
    if address::is_short_code(from) {
        let number = owned(world, asked.account, from).ok_or_else(|| not_owned(from))?;
        return check_route(asked, number, from.to_owned(), to);
    }
    if let Some(number) = address::normalize(from, asked.reading) {
        if number == *to {
            let code = if address::is_whatsapp(to) { 63031 } else { 21266 };
            return Err(Refusal::bad(code, "The 'From' and 'To' addresses are the same"));
        }
        let found = owned(world, asked.account, &number);
        if address::is_whatsapp(&number) {
            let is_sender = found.is_some_and(|found| found.whatsapp);
            let unknown = || Refusal::bad(63007, "No channel of this account has that 'From' address");
            return is_sender.then_some(number).ok_or_else(unknown);
        }
        let found = found.ok_or_else(|| not_owned(from))?;
        return check_route(asked, found, number, to);
    }
    if address::is_alphanumeric_sender(from) {
        if address::is_north_american(to) || !asked.parameters.media_url.is_empty() {
            return Err(Refusal::bad(21612, "The 'To' number cannot be reached from an alphanumeric sender"));
        }
        return Ok(from.to_owned());
    }
    Err(Refusal::bad(21212, format!("The 'From' address {from} is not valid")))
}

fn check_route(asked: &Asked<'_>, number: &Number, from: String, to: &str) -> Result<String, Refusal> {
    if !number.capabilities.sms {
        return Err(Refusal::bad(21606, format!("The 'From' number {from} cannot send texts")));
    }
    if !asked.parameters.media_url.is_empty() && !number.capabilities.mms {
        return Err(Refusal::bad(21621, format!("The 'From' number {from} cannot send media")));
    }
    if address::is_short_code(&from) && !address::is_north_american(to) {
        return Err(Refusal::bad(21612, "The 'To' number cannot be reached from a short code"));
    }
    Ok(from)
}

fn not_owned(from: &str) -> Refusal {
    Refusal::bad(
        21606,
        format!("The 'From' number {from} is not a number of this account that can send texts"),
    )
}

/// The account's number with this address, on whatever channel.
fn owned<'a>(world: &'a World, account: &Sid, from: &str) -> Option<&'a Number> {
    world.numbers.find(address::bare(from)).filter(|number| number.account == *account)
}

fn schedule(world: &World, asked: &Asked<'_>) -> Result<Option<jiff::Timestamp>, Refusal> {
    let parameters = asked.parameters;
    if parameters.schedule_type.is_none() && parameters.send_at.is_none() {
        return Ok(None);
    }
    if parameters.messaging_service_sid.is_none() {
        return Err(Refusal::bad(35118, "Scheduling needs a 'MessagingServiceSid'"));
    }
    let ahead = |at: jiff::Timestamp| at.duration_since(world.now).as_secs();
    let send_at = parameters
        .send_at
        .filter(|_| parameters.schedule_type.is_some())
        .filter(|at| (SCHEDULE_S_MIN..=SCHEDULE_S_MAX).contains(&ahead(*at)))
        .ok_or_else(|| {
            Refusal::bad(35114, "'SendAt' must be 15 minutes to 35 days ahead, with 'ScheduleType' fixed")
        })?;
    if world.scheduled >= SCHEDULED_MAX {
        return Err(Refusal::bad(35125, "Too many messages are scheduled"));
    }
    Ok(Some(send_at))
}

fn check_recipient(world: &World, asked: &Asked<'_>, sender: &Sender, to: &str) -> Result<(), Refusal> {
    let account = world.accounts.get(asked.account);
    if account.is_some_and(|account| account.out_of_funds) {
        return Err(Refusal::new(403, 20005, "The account is not active: its balance is used up"));
    }
    check_trial(world, asked.account, to)?;
    if let CarrierOutcome::Refused { code } = world.carrier_outcome(to) {
        return Err(Refusal::of_code(400, code));
    }
    check_opt_out(world, sender, to)
}

fn check_trial(world: &World, account: &Sid, to: &str) -> Result<(), Refusal> {
    let account = world.accounts.get(account);
    let verified = account.is_none_or(|account| {
        account.kind == AccountKind::Full || account.verified.contains(address::bare(to))
    });
    if verified {
        return Ok(());
    }
    Err(Refusal::bad(
        21608,
        format!("The number {to} is unverified. Trial accounts cannot send messages to unverified numbers"),
    ))
}

/// A recipient that opted out of the sender, or of the service that the sender is in.
fn check_opt_out(world: &World, sender: &Sender, to: &str) -> Result<(), Refusal> {
    let from = sender.from.as_deref();
    // A toll-free network takes the text and refuses it by itself.
    if from.is_some_and(address::is_toll_free) {
        return Ok(());
    }
    let pool = from
        .and_then(|from| world.numbers.find(address::bare(from)))
        .and_then(|number| world.services.of_member(&number.sid))
        .map(|service| service.sid.as_str());
    let named = sender.service.as_ref().map(Sid::as_str);
    let scopes = [from, pool, named];
    if scopes.into_iter().flatten().any(|scope| world.opt_outs.is_blocked(scope, to)) {
        return Err(Refusal::bad(21610, "The recipient has unsubscribed from this sender"));
    }
    Ok(())
}

/// The callback URL of the application that the request names.
fn application(world: &World, asked: &Asked<'_>) -> Result<Option<String>, Refusal> {
    let Some(sid) = &asked.parameters.application_sid else { return Ok(None) };
    let application = world.applications.get(sid).filter(|application| application.account == *asked.account);
    let application = application
        .ok_or_else(|| Refusal::bad(21218, "The 'ApplicationSid' names no application of this account"))?;
    Ok(application.settings.text_status_callback().map(str::to_owned))
}

/// The account's own words for what is asked, for test credentials.
pub(super) fn is_possible_number(text: &str) -> bool {
    address::normalize(text, Reading::Loose).is_some_and(|number| !address::is_whatsapp(&number))
}

/// A parameter, where it is given and not empty.
pub(super) fn given<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    form::get(pairs, name).filter(|text| !text.is_empty())
}
