//! Makes the world that a fixture describes.

use std::sync::Arc;

use jiff::Timestamp;
use twilio::HttpMethod;
use twilio::lookup;
use twilio::message::MessageStatus;
use twilio::sid::{Sid, SidKind};

use crate::accounts::{Account, ApiKey, TestAccount, parse_micros};
use crate::address::{self, Reading};
use crate::agenda::Agenda;
use crate::applications::{Application, ApplicationSettings};
use crate::contents::{Approved, Content, Forms};
use crate::emulation::Strictness;
use crate::faults::Faults;
use crate::fixture::{
    AccountFixture, ApplicationFixture, CarrierRule, ContentFixture, Fixture, FixtureError, LookupFixture,
    NumberFixture, PhoneFixture, ServiceFixture,
};
use crate::inbound::Hooks;
use crate::lookups::Finding;
use crate::message::VALIDITY_S_MAX;
use crate::numbers::{Number, NumberKind, NumberSettings};
use crate::openai::Endpoint;
use crate::services::{MemberKind, PoolMember, Service, ServiceSettings};
use crate::verified::{CallerId, VerifiedNumbers};
use crate::webhook::Outbox;
use crate::world::{Rules, World};

/// Statuses that are called back where the fixture does not say.
const CALLED_BACK: [&str; 8] =
    ["queued", "sending", "sent", "delivered", "undelivered", "failed", "canceled", "read"];

pub(crate) fn build(
    fixture: &Fixture,
    seed: u64,
    now: Timestamp,
    base_url: &str,
    strictness: Strictness,
    agenda: Arc<Agenda>,
    outbox: Outbox,
) -> Result<World, FixtureError> {
    for (index, rule) in fixture.carriers.iter().enumerate() {
        check_range(rule).map_err(|reason| FixtureError::value(format!("carriers[{index}]"), reason))?;
    }
    let is_status = |word: &String| MessageStatus::ALL.iter().any(|status| status.as_str() == word);
    if let Some(unknown) = fixture.callback_statuses.iter().flatten().find(|word| !is_status(word)) {
        return Err(FixtureError::value("callbackStatuses", format!("{unknown} is no status of a message")));
    }
    let callback_statuses = match &fixture.callback_statuses {
        Some(statuses) => statuses.clone(),
        None => CALLED_BACK.map(str::to_owned).to_vec(),
    };
    let rules = Rules {
        timings: fixture.timings.clone(),
        carriers: fixture.carriers.clone(),
        callback_statuses,
        media_fetch: fixture.media_fetch,
        base_url: base_url.to_owned(),
        strictness,
    };
    let faults = Faults::new(fixture.faults.clone())
        .map_err(|error| FixtureError::value("faults", error.to_string()))?;
    let openai =
        Endpoint::new(&fixture.openai).map_err(|error| FixtureError::value("openai", error.to_string()))?;
    let mut world = World::empty(now, seed, rules, faults, openai, agenda, outbox);
    for (index, account) in fixture.accounts.iter().enumerate() {
        add_account(&mut world, account, &format!("accounts[{index}]"))?;
    }
    for (index, phone) in fixture.phones.iter().enumerate() {
        add_phone(&mut world, phone, &format!("phones[{index}]"))?;
    }
    for (index, lookup) in fixture.lookups.iter().enumerate() {
        add_lookup(&mut world, lookup, &format!("lookups[{index}]"))?;
    }
    Ok(world)
}

fn check_range(rule: &CarrierRule) -> Result<(), &'static str> {
    let exact = |number: &str| address::normalize(number, Reading::Exact).is_some();
    if !exact(&rule.from) || !exact(&rule.to) {
        return Err("`from` and `to` must be numbers in E.164 form");
    }
    if rule.from.len() != rule.to.len() || rule.from > rule.to {
        return Err("`to` must have as many digits as `from` and not come before it");
    }
    Ok(())
}

fn add_phone(world: &mut World, fixture: &PhoneFixture, place: &str) -> Result<(), FixtureError> {
    let number = e164(&fixture.number, place)?;
    if world.numbers.find(&number).is_some() {
        return Err(FixtureError::value(place, "an account owns this number, so it is no phone"));
    }
    let phone = world.phones.entry(&number);
    phone.profile_name.clone_from(&fixture.profile_name);
    phone.state = fixture.state;
    for script in &fixture.scripts {
        world.phones.add_script(&number, script.clone());
    }
    for script in &fixture.call_scripts {
        script.check().map_err(|error| FixtureError::value(place, error.to_string()))?;
        world.phones.add_call_script(&number, script.clone());
    }
    Ok(())
}

fn add_account(world: &mut World, fixture: &AccountFixture, place: &str) -> Result<(), FixtureError> {
    let sid = given_sid(&fixture.sid, SidKind::Account, place)?;
    if world.accounts.get(&sid).is_some() {
        return Err(FixtureError::value(place, "two accounts have the same SID"));
    }
    let balance_micros = parse_micros(&fixture.balance)
        .ok_or_else(|| FixtureError::value(place, "`balance` must be decimal text such as 100.00"))?;
    let test = match &fixture.test {
        Some(test) => Some(TestAccount {
            sid: given_sid(&test.sid, SidKind::Account, &format!("{place}.test"))?,
            token: test.token.clone(),
        }),
        None => None,
    };
    let mut verified = VerifiedNumbers::default();
    for number in &fixture.verified {
        let caller_id = CallerId::new(world, e164(number, place)?, None);
        verified.insert(caller_id);
    }
    let mut keys = Vec::new();
    for key in &fixture.keys {
        keys.push(ApiKey {
            sid: given_sid(&key.sid, SidKind::ApiKey, place)?,
            secret: key.secret.clone(),
            friendly_name: key.friendly_name.clone().unwrap_or_default(),
            created: world.now,
            updated: world.now,
        });
    }
    world.accounts.insert(Account {
        sid: sid.clone(),
        token: fixture.token.clone(),
        friendly_name: fixture.friendly_name.clone().unwrap_or_else(|| "Emulated account".to_owned()),
        kind: fixture.kind,
        status: fixture.status,
        owner: sid.clone(),
        balance_micros,
        currency: fixture.currency.clone(),
        out_of_funds: fixture.out_of_funds,
        debugger_url: fixture.debugger_url.clone(),
        keys,
        test,
        verified,
        concurrent_requests_max: fixture.concurrent_requests_max,
        created: world.now,
        updated: world.now,
    });
    if let Some(rate) = fixture.calls_per_second {
        if !(rate.is_finite() && rate > 0.0) {
            return Err(FixtureError::value(place, "`callsPerSecond` must be above 0"));
        }
        world.call_turns.set_rate(sid.as_str(), Some(rate), world.now);
    }
    add_possessions(world, fixture, &sid, place)
}

fn add_possessions(
    world: &mut World,
    fixture: &AccountFixture,
    account: &Sid,
    place: &str,
) -> Result<(), FixtureError> {
    for (index, number) in fixture.numbers.iter().enumerate() {
        add_number(world, number, account, Codes::Numbers, &format!("{place}.numbers[{index}]"))?;
    }
    for (index, code) in fixture.short_codes.iter().enumerate() {
        add_number(world, code, account, Codes::ShortCodes, &format!("{place}.shortCodes[{index}]"))?;
    }
    for (index, service) in fixture.services.iter().enumerate() {
        add_service(world, service, account, &format!("{place}.services[{index}]"))?;
    }
    for (index, content) in fixture.contents.iter().enumerate() {
        add_content(world, content, account, &format!("{place}.contents[{index}]"))?;
    }
    for (index, application) in fixture.applications.iter().enumerate() {
        add_application(world, application, account, &format!("{place}.applications[{index}]"))?;
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq)]
enum Codes {
    Numbers,
    ShortCodes,
}

fn add_number(
    world: &mut World,
    fixture: &NumberFixture,
    account: &Sid,
    codes: Codes,
    place: &str,
) -> Result<(), FixtureError> {
    let (kind, sid_kind, phone_number) = match codes {
        Codes::ShortCodes if address::is_short_code(&fixture.phone_number) => {
            (NumberKind::ShortCode, SidKind::ShortCode, fixture.phone_number.clone())
        }
        Codes::ShortCodes => return Err(FixtureError::value(place, "a short code has three to six digits")),
        Codes::Numbers => {
            let number = e164(&fixture.phone_number, place)?;
            let toll_free = address::is_toll_free(&number);
            (
                if toll_free { NumberKind::TollFree } else { NumberKind::Local },
                SidKind::IncomingNumber,
                number,
            )
        }
    };
    if world.numbers.find(&phone_number).is_some() {
        return Err(FixtureError::value(place, "this number is owned twice"));
    }
    if let Some(rate) = fixture.rate {
        if !(rate.is_finite() && rate > 0.0) {
            return Err(FixtureError::value(place, "`rate` must be above 0"));
        }
        world.queues.set_rate(&phone_number, Some(rate), world.now);
    }
    let settings = NumberSettings {
        sms_url: fixture.sms_url.clone().unwrap_or_default(),
        sms_method: method(fixture.sms_method.as_deref(), place)?,
        sms_fallback_url: fixture.sms_fallback_url.clone().unwrap_or_default(),
        sms_fallback_method: method(fixture.sms_fallback_method.as_deref(), place)?,
        voice_url: fixture.voice_url.clone().unwrap_or_default(),
        voice_method: method(fixture.voice_method.as_deref(), place)?,
        voice_fallback_url: fixture.voice_fallback_url.clone().unwrap_or_default(),
        voice_fallback_method: method(fixture.voice_fallback_method.as_deref(), place)?,
        status_callback: fixture.status_callback.clone().unwrap_or_default(),
        status_callback_method: method(fixture.status_callback_method.as_deref(), place)?,
        ..NumberSettings::default()
    };
    let sid = sid_or_new(world, fixture.sid.as_deref(), sid_kind, place)?;
    world.numbers.insert(Number {
        sid,
        account: account.clone(),
        kind,
        friendly_name: fixture.friendly_name.clone().unwrap_or_else(|| phone_number.clone()),
        phone_number,
        capabilities: fixture.capabilities,
        whatsapp: fixture.whatsapp,
        settings,
        created: world.now,
        updated: world.now,
    });
    Ok(())
}

fn add_service(
    world: &mut World,
    fixture: &ServiceFixture,
    account: &Sid,
    place: &str,
) -> Result<(), FixtureError> {
    let defaults = ServiceSettings::default();
    let validity_s = fixture.validity_period.unwrap_or(VALIDITY_S_MAX);
    if !(1..=VALIDITY_S_MAX).contains(&validity_s) {
        return Err(FixtureError::value(place, "`validityPeriod` must be 1 to 36000 seconds"));
    }
    let settings = ServiceSettings {
        friendly_name: fixture.friendly_name.clone(),
        inbound_request_url: fixture.inbound_request_url.clone(),
        inbound_method: method(fixture.inbound_method.as_deref(), place)?,
        fallback_url: fixture.fallback_url.clone(),
        fallback_method: method(fixture.fallback_method.as_deref(), place)?,
        status_callback: fixture.status_callback.clone(),
        sticky_sender: fixture.sticky_sender.unwrap_or(defaults.sticky_sender),
        smart_encoding: fixture.smart_encoding.unwrap_or(defaults.smart_encoding),
        use_inbound_webhook_on_number: fixture.use_inbound_webhook_on_number.unwrap_or(false),
        validity_s,
        ..defaults
    };
    let mut pool = Vec::new();
    for number in &fixture.numbers {
        let owned = world.numbers.find(number).filter(|owned| owned.account == *account);
        let owned =
            owned.ok_or_else(|| FixtureError::value(place, format!("the account does not own {number}")))?;
        if world.services.of_member(&owned.sid).is_some() {
            return Err(FixtureError::value(place, format!("{number} is in two services")));
        }
        let kind = match owned.kind {
            NumberKind::ShortCode => MemberKind::ShortCode,
            _ => MemberKind::PhoneNumber,
        };
        pool.push(PoolMember {
            sid: owned.sid.clone(),
            kind,
            address: owned.phone_number.clone(),
            created: world.now,
        });
    }
    for name in &fixture.alpha_senders {
        if !address::is_alphanumeric_sender(name) {
            return Err(FixtureError::value(place, format!("{name} is no alphanumeric sender")));
        }
        pool.push(PoolMember {
            sid: world.random.sid(SidKind::AlphaSender),
            kind: MemberKind::AlphaSender,
            address: name.clone(),
            created: world.now,
        });
    }
    let sid = sid_or_new(world, fixture.sid.as_deref(), SidKind::MessagingService, place)?;
    world.services.insert(Service {
        sid,
        account: account.clone(),
        settings,
        advanced_opt_out: fixture.advanced_opt_out,
        pool,
        created: world.now,
        updated: world.now,
    });
    Ok(())
}

fn add_content(
    world: &mut World,
    fixture: &ContentFixture,
    account: &Sid,
    place: &str,
) -> Result<(), FixtureError> {
    let sid = sid_or_new(world, fixture.sid.as_deref(), SidKind::Content, place)?;
    let forms = match fixture.types.is_empty() {
        true => Forms::of_text(&fixture.body, &fixture.buttons),
        false => Forms::read(fixture.types.clone())
            .map_err(|error| FixtureError::value(place, error.to_string()))?,
    };
    let content = Content {
        sid: sid.clone(),
        account: account.clone(),
        friendly_name: fixture.friendly_name.clone(),
        language: fixture.language.clone(),
        forms,
        defaults: fixture.variables.clone(),
        approval: Approved { verdict: fixture.approval, ..Approved::default() },
        created: world.now,
        updated: world.now,
    };
    world.contents.insert(sid, content);
    Ok(())
}

fn add_application(
    world: &mut World,
    fixture: &ApplicationFixture,
    account: &Sid,
    place: &str,
) -> Result<(), FixtureError> {
    let sid = given_sid(&fixture.sid, SidKind::Application, place)?;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let settings = ApplicationSettings {
        voice: Hooks {
            url: text(&fixture.voice_url),
            method: method(fixture.voice_method.as_deref(), place)?,
            fallback_url: text(&fixture.voice_fallback_url),
            fallback_method: method(fixture.voice_fallback_method.as_deref(), place)?,
        },
        status_callback: text(&fixture.status_callback),
        status_callback_method: method(fixture.status_callback_method.as_deref(), place)?,
        sms: Hooks {
            url: text(&fixture.sms_url),
            method: method(fixture.sms_method.as_deref(), place)?,
            fallback_url: text(&fixture.sms_fallback_url),
            fallback_method: method(fixture.sms_fallback_method.as_deref(), place)?,
        },
        message_status_callback: text(&fixture.message_status_callback),
        ..ApplicationSettings::default()
    };
    let application = Application {
        sid: sid.clone(),
        account: account.clone(),
        friendly_name: fixture.friendly_name.clone().unwrap_or_else(|| "Emulated application".to_owned()),
        settings,
        created: world.now,
        updated: world.now,
    };
    world.applications.insert(sid, application);
    Ok(())
}

fn add_lookup(world: &mut World, fixture: &LookupFixture, place: &str) -> Result<(), FixtureError> {
    if let Some(unknown) = fixture.packages.keys().find(|name| !lookup::PACKAGES.contains(&name.as_str())) {
        return Err(FixtureError::value(place, format!("{unknown} is no package of lookups")));
    }
    let finding = Finding { valid: fixture.valid, packages: fixture.packages.clone() };
    world.lookups.insert(fixture.number.clone(), finding);
    Ok(())
}

fn e164(number: &str, place: &str) -> Result<String, FixtureError> {
    address::normalize(number, Reading::Exact)
        .filter(|number| !address::is_whatsapp(number))
        .ok_or_else(|| FixtureError::value(place, format!("{number} is not a number in E.164 form")))
}

fn given_sid(text: &str, kind: SidKind, place: &str) -> Result<Sid, FixtureError> {
    Sid::parse(text).ok().filter(|sid| sid.kind() == Some(kind)).ok_or_else(|| {
        FixtureError::value(place, format!("{text} is not {} and 32 hexadecimal digits", kind.prefix()))
    })
}

fn sid_or_new(
    world: &mut World,
    text: Option<&str>,
    kind: SidKind,
    place: &str,
) -> Result<Sid, FixtureError> {
    match text {
        Some(text) => given_sid(text, kind, place),
        None => Ok(world.random.sid(kind)),
    }
}

fn method(word: Option<&str>, place: &str) -> Result<HttpMethod, FixtureError> {
    match word {
        None | Some("POST") => Ok(HttpMethod::Post),
        Some("GET") => Ok(HttpMethod::Get),
        Some(other) => Err(FixtureError::value(place, format!("{other} is neither GET nor POST"))),
    }
}
