//! `…/Applications`: sets of webhook URLs.

use http::Method;
use twilio::application::{ApplicationResource, ListApplications, SetApplication};
use twilio::sid::{Sid, SidKind};

use super::message_checks::is_callback_url;
use super::{Answer, Call, Outcome, Refusal, paging};
use crate::applications::{Application, ApplicationSettings};
use crate::world::World;

const NAME_CHARS_MAX: usize = 64;

pub(super) fn collection(world: &mut World, call: &Call<'_>) -> Outcome {
    match call.incoming.method {
        Method::GET => list(world, call),
        Method::POST => create(world, call),
        _ => Err(call.method_not_allowed()),
    }
}

pub(super) fn instance(world: &mut World, call: &Call<'_>, sid: &Sid) -> Outcome {
    find(world, call, sid)?;
    match call.incoming.method {
        Method::GET => {}
        Method::POST => update(world, call, sid)?,
        Method::DELETE => {
            world.applications.shift_remove(sid);
            return Ok(Answer::no_content());
        }
        _ => return Err(call.method_not_allowed()),
    }
    Ok(Answer::ok(&resource(find(world, call, sid)?)))
}

fn find<'a>(world: &'a World, call: &Call<'_>, sid: &Sid) -> Result<&'a Application, Refusal> {
    let application = world.applications.get(sid);
    application.filter(|application| application.account == call.account).ok_or_else(|| call.not_found())
}

fn list(world: &World, call: &Call<'_>) -> Outcome {
    let wanted = paging::wanted(call)?;
    let asked = ListApplications::from_pairs(call.pairs).map_err(Refusal::from)?;
    let applications: Vec<&Application> = world
        .applications
        .values()
        .rev()
        .filter(|application| application.account == call.account)
        .filter(|application| {
            asked.friendly_name.as_ref().is_none_or(|name| application.friendly_name == *name)
        })
        .collect();
    let slice =
        paging::slice(&applications, &wanted, |each| each.sid.as_str(), |each| paging::json(&resource(each)));
    Ok(Answer::ok(&paging::envelope_2010(call, "applications", &wanted, slice)))
}

fn create(world: &mut World, call: &Call<'_>) -> Outcome {
    let asked = asked(call)?;
    let mut settings = ApplicationSettings::default();
    let friendly_name = asked.friendly_name.clone().unwrap_or_default();
    apply(asked, &mut settings)?;
    let application = Application {
        sid: world.random.sid(SidKind::Application),
        account: call.account.clone(),
        friendly_name,
        settings,
        created: world.now,
        updated: world.now,
    };
    let shown = resource(&application);
    world.applications.insert(application.sid.clone(), application);
    Ok(Answer::created(&shown))
}

fn update(world: &mut World, call: &Call<'_>, sid: &Sid) -> Result<(), Refusal> {
    let asked = asked(call)?;
    let mut settings = find(world, call, sid)?.settings.clone();
    let name = asked.friendly_name.clone();
    apply(asked, &mut settings)?;
    let now = world.now;
    let application = world.applications.get_mut(sid).ok_or_else(|| call.not_found())?;
    application.settings = settings;
    if let Some(name) = name {
        application.friendly_name = name;
    }
    application.updated = now;
    Ok(())
}

fn asked(call: &Call<'_>) -> Result<SetApplication, Refusal> {
    let asked = SetApplication::from_pairs(call.pairs).map_err(Refusal::from)?;
    if asked.friendly_name.as_deref().is_some_and(|name| name.chars().count() > NAME_CHARS_MAX) {
        return Err(Refusal::bad(20422, "FriendlyName must not be longer than 64 characters"));
    }
    Ok(asked)
}

/// Writes what a request sets into the settings. An empty URL clears it.
fn apply(asked: SetApplication, settings: &mut ApplicationSettings) -> Result<(), Refusal> {
    let urls = [
        (asked.voice_url, &mut settings.voice.url),
        (asked.voice_fallback_url, &mut settings.voice.fallback_url),
        (asked.status_callback, &mut settings.status_callback),
        (asked.sms_url, &mut settings.sms.url),
        (asked.sms_fallback_url, &mut settings.sms.fallback_url),
        (asked.sms_status_callback, &mut settings.sms_status_callback),
        (asked.message_status_callback, &mut settings.message_status_callback),
    ];
    for (given, setting) in urls {
        match given {
            Some(url) if !url.is_empty() && !is_callback_url(&url) => {
                return Err(Refusal::bad(20422, "A webhook's URL is not valid"));
            }
            Some(url) => *setting = url,
            None => {}
        }
    }
    let methods = [
        (asked.voice_method, &mut settings.voice.method),
        (asked.voice_fallback_method, &mut settings.voice.fallback_method),
        (asked.status_callback_method, &mut settings.status_callback_method),
        (asked.sms_method, &mut settings.sms.method),
        (asked.sms_fallback_method, &mut settings.sms.fallback_method),
    ];
    for (given, setting) in methods {
        *setting = given.unwrap_or(*setting);
    }
    settings.voice_caller_id_lookup = asked.voice_caller_id_lookup.unwrap_or(settings.voice_caller_id_lookup);
    settings.public_connect = asked.public_application_connect_enabled.unwrap_or(settings.public_connect);
    Ok(())
}

fn resource(application: &Application) -> ApplicationResource {
    let settings = &application.settings;

    let url = |url: &String| Some(url.clone()).filter(|url| !url.is_empty());
    let (account, sid) = (application.account.as_str(), application.sid.as_str());
    ApplicationResource {
        account_sid: application.account.clone(),
        api_version: Some("2010-04-01".to_owned()),
        date_created: Some(application.created),
        date_updated: Some(application.updated),
        friendly_name: Some(application.friendly_name.clone()),
        message_status_callback: url(&settings.message_status_callback),
        sid: application.sid.clone(),
        sms_fallback_method: Some(settings.sms.fallback_method),
        sms_fallback_url: url(&settings.sms.fallback_url),
        sms_method: Some(settings.sms.method),
        sms_status_callback: url(&settings.sms_status_callback),
        sms_url: url(&settings.sms.url),
        status_callback: url(&settings.status_callback),
        status_callback_method: Some(settings.status_callback_method),
        uri: Some(format!("/2010-04-01/Accounts/{account}/Applications/{sid}.json")),
        voice_caller_id_lookup: Some(settings.voice_caller_id_lookup),
        voice_fallback_method: Some(settings.voice.fallback_method),
        voice_fallback_url: url(&settings.voice.fallback_url),
        voice_method: Some(settings.voice.method),
        voice_url: url(&settings.voice.url),
        public_application_connect_enabled: Some(settings.public_connect),
    }
}
