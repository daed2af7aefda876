//! Who makes a request, and whether they may.

use base64::Engine as _;
use http::{HeaderMap, header};
use twilio::sid::Sid;

use super::route::Resource;
use super::{Refusal, is_active};
use crate::accounts::Caller;
use crate::world::World;

/// The caller of Basic authentication, by token or by API key.
pub(super) fn caller(world: &World, headers: &HeaderMap) -> Result<Caller, Refusal> {
    let credentials = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"))
        .and_then(|(_, encoded)| base64::engine::general_purpose::STANDARD.decode(encoded.trim()).ok())
        .and_then(|decoded| String::from_utf8(decoded).ok());
    let Some((user, password)) = credentials.as_deref().and_then(|text| text.split_once(':')) else {
        return Err(unauthorized());
    };
    world.accounts.authenticate(user, password).ok_or_else(unauthorized)
}

/// Whether the caller may act for the account of the path, and that account may do anything at all.
pub(super) fn check_target(
    world: &World,
    caller: &Caller,
    target: &Sid,
    resource: &Resource,
) -> Result<(), Refusal> {
    let caller = match caller {
        Caller::Account(caller) => caller,
        Caller::Test(test) => return if test == target { Ok(()) } else { Err(unauthorized()) },
    };
    if !world.accounts.may_act(caller, target) {
        return Err(unauthorized());
    }
    let account = world.accounts.get(target).ok_or_else(unauthorized)?;
    // An account that was suspended can still be looked at, and opened again by its owner.
    let is_about_accounts = matches!(resource, Resource::Account | Resource::Accounts);
    if is_about_accounts || is_active(account.status) {
        return Ok(());
    }
    Err(Refusal::of_code(401, 20003))
}

fn unauthorized() -> Refusal {
    Refusal::new(401, 20003, "Authenticate")
}
