//! `…/Keys`: API keys, which serve instead of the account's own token.

use http::Method;
use twilio::key::{KeyResource, KeySecret, SetKey};
use twilio::sid::{Sid, SidKind};

use super::{Answer, Call, Outcome, Refusal, paging};
use crate::accounts::{Account, ApiKey};
use crate::world::World;

pub(super) fn collection(world: &mut World, call: &Call<'_>) -> Outcome {
    match call.incoming.method {
        Method::GET => list(world, call),
        Method::POST => create(world, call),
        _ => Err(call.method_not_allowed()),
    }
}

pub(super) fn instance(world: &mut World, call: &Call<'_>, sid: &Sid) -> Outcome {
    let now = world.now;
    let account = account(world, call)?;
    let index = account.keys.iter().position(|key| key.sid == *sid).ok_or_else(|| call.not_found())?;
    match call.incoming.method {
        Method::GET => {}
        Method::POST => {
            let key = &mut account.keys[index];
            if let Some(name) = asked(call)?.friendly_name {
                key.friendly_name = name;
            }
            key.updated = now;
        }
        Method::DELETE => {
            account.keys.remove(index);
            return Ok(Answer::no_content());
        }
        _ => return Err(call.method_not_allowed()),
    }
    Ok(Answer::ok(&resource(&account.keys[index])))
}

fn list(world: &mut World, call: &Call<'_>) -> Outcome {
    let wanted = paging::wanted(call)?;
    let keys: Vec<&ApiKey> = account(world, call)?.keys.iter().rev().collect();
    let slice = paging::slice(&keys, &wanted, |key| key.sid.as_str(), |key| paging::json(&resource(key)));
    Ok(Answer::ok(&paging::envelope_2010(call, "keys", &wanted, slice)))
}

fn create(world: &mut World, call: &Call<'_>) -> Outcome {
    let key = ApiKey {
        sid: world.random.sid(SidKind::ApiKey),
        secret: world.random.token(),
        friendly_name: asked(call)?.friendly_name.unwrap_or_default(),
        created: world.now,
        updated: world.now,
    };
    let shown = KeyResource { secret: Some(KeySecret(key.secret.clone())), ..resource(&key) };
    account(world, call)?.keys.push(key);
    Ok(Answer::created(&shown))
}

fn asked(call: &Call<'_>) -> Result<SetKey, Refusal> {
    SetKey::from_pairs(call.pairs).map_err(Refusal::from)
}

fn account<'a>(world: &'a mut World, call: &Call<'_>) -> Result<&'a mut Account, Refusal> {
    world.accounts.get_mut(&call.account).ok_or_else(|| call.not_found())
}

fn resource(key: &ApiKey) -> KeyResource {
    KeyResource {
        sid: key.sid.clone(),
        friendly_name: Some(key.friendly_name.clone()),
        date_created: Some(key.created),
        date_updated: Some(key.updated),
        secret: None,
    }
}
