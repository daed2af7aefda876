//! `/2010-04-01/Accounts` and an account's balance.

use http::Method;
use serde_json::{Map, Value, json};
use twilio::account::{CreateAccount, ListAccounts, UpdateAccount};
use twilio::date;
use twilio::sid::SidKind;

use super::{Answer, Call, Outcome, Refusal, paging};
use crate::accounts::{Account, AccountStatus, micros_text};
use crate::fixture::AccountKind;
use crate::world::World;

/// What belongs to an account, by its name there and in paths.
const SUBRESOURCES: [(&str, &str); 18] = [
    ("addresses", "Addresses"),
    ("applications", "Applications"),
    ("authorized_connect_apps", "AuthorizedConnectApps"),
    ("available_phone_numbers", "AvailablePhoneNumbers"),
    ("balance", "Balance"),
    ("calls", "Calls"),
    ("conferences", "Conferences"),
    ("connect_apps", "ConnectApps"),
    ("incoming_phone_numbers", "IncomingPhoneNumbers"),
    ("keys", "Keys"),
    ("messages", "Messages"),
    ("notifications", "Notifications"),
    ("outgoing_caller_ids", "OutgoingCallerIds"),
    ("queues", "Queues"),
    ("recordings", "Recordings"),
    ("short_codes", "SMS/ShortCodes"),
    ("transcriptions", "Transcriptions"),
    ("usage", "Usage"),
];

pub(super) fn collection(world: &mut World, call: &Call<'_>) -> Outcome {
    match call.incoming.method {
        Method::GET => list(world, call),
        Method::POST => create(world, call),
        _ => Err(call.method_not_allowed()),
    }
}

pub(super) fn instance(world: &mut World, call: &Call<'_>) -> Outcome {
    match call.incoming.method {
        Method::GET => {}
        Method::POST => update(world, call)?,
        _ => return Err(call.method_not_allowed()),
    }
    let account = world.accounts.get(&call.account).ok_or_else(|| call.not_found())?;
    Ok(Answer::ok(&show(account)))
}

pub(super) fn balance(world: &World, call: &Call<'_>) -> Outcome {
    if call.incoming.method != Method::GET {
        return Err(call.method_not_allowed());
    }
    let account = world.accounts.get(&call.account).ok_or_else(|| call.not_found())?;
    Ok(Answer::ok(&json!({
        "account_sid": account.sid.as_str(),
        "balance": micros_text(account.balance_micros),
        "currency": account.currency,
    })))
}

fn list(world: &World, call: &Call<'_>) -> Outcome {
    let wanted = paging::wanted(call)?;
    let asked = ListAccounts::from_pairs(call.pairs)
        .map_err(|error| Refusal::bad(error.code(), error.to_string()))?;
    let status = asked.status.and_then(|status| AccountStatus::parse(status.as_str()));
    let accounts: Vec<&Account> = world
        .accounts
        .iter()
        .rev()
        .filter(|account| world.accounts.may_act(&call.caller, &account.sid))
        .filter(|account| asked.friendly_name.as_ref().is_none_or(|name| account.friendly_name == *name))
        .filter(|account| status.is_none_or(|status| account.status == status))
        .collect();
    let slice = paging::slice(&accounts, &wanted, |account| account.sid.as_str(), |account| show(account));
    Ok(Answer::ok(&paging::envelope_2010(call, "accounts", &wanted, slice)))
}

fn create(world: &mut World, call: &Call<'_>) -> Outcome {
    let asked = CreateAccount::from_pairs(call.pairs)
        .map_err(|error| Refusal::bad(error.code(), error.to_string()))?;
    let Some(owner) = world.accounts.get(&call.caller) else { return Err(call.not_found()) };
    if owner.owner != owner.sid {
        return Err(Refusal::of_code(403, 20403));
    }
    let now = world.now;
    let account = Account {
        friendly_name: asked
            .friendly_name
            .unwrap_or_else(|| format!("SubAccount created at {}", date::iso8601(now))),
        status: AccountStatus::Active,
        balance_micros: 0,
        out_of_funds: false,
        keys: Vec::new(),
        test: None,
        created: now,
        updated: now,
        sid: world.random.sid(SidKind::Account),
        token: world.random.token(),
        ..owner.clone()
    };
    let shown = show(&account);
    world.accounts.insert(account);
    Ok(Answer::created(&shown))
}

fn update(world: &mut World, call: &Call<'_>) -> Result<(), Refusal> {
    let asked = UpdateAccount::from_pairs(call.pairs)
        .map_err(|error| Refusal::bad(error.code(), error.to_string()))?;
    let now = world.now;
    let account = world.accounts.get_mut(&call.account).ok_or_else(|| call.not_found())?;
    if let Some(status) = asked.status.and_then(|status| AccountStatus::parse(status.as_str())) {
        if account.status == AccountStatus::Closed && status != AccountStatus::Closed {
            return Err(Refusal::bad(20422, "A closed account cannot be opened again"));
        }
        account.status = status;
    }
    if let Some(name) = asked.friendly_name {
        account.friendly_name = name;
    }
    account.updated = now;
    Ok(())
}

fn show(account: &Account) -> Value {
    let path = format!("/2010-04-01/Accounts/{}", account.sid.as_str());
    let links: Map<String, Value> = SUBRESOURCES
        .iter()
        .map(|(name, segment)| ((*name).to_owned(), json!(format!("{path}/{segment}.json"))))
        .collect();
    json!({
        "auth_token": account.token,
        "date_created": date::rfc2822(account.created),
        "date_updated": date::rfc2822(account.updated),
        "friendly_name": account.friendly_name,
        "owner_account_sid": account.owner.as_str(),
        "sid": account.sid.as_str(),
        "status": account.status.as_str(),
        "subresource_uris": links,
        "type": match account.kind {
            AccountKind::Full => "Full",
            AccountKind::Trial => "Trial",
        },
        "uri": format!("{path}.json"),
    })
}
