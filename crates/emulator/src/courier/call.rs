//! Errands of calls: webhooks with the cookies of the call, and files to play.

use super::{Letter, attempt, send};
use crate::call::{Errand, Wanted};
use crate::courier::Clients;
use crate::emulation::Emulation;
use crate::journal::Event;
use crate::notices::Requested;

/// Runs an errand and brings back what came of it.
pub(super) async fn run(
    emulation: &Emulation,
    clients: &Clients,
    mut errand: Errand,
    token: &str,
    idempotency: &str,
) {
    if let Wanted::Media { serial } = errand.wanted {
        let client = clients.get(&twilio::overrides::ConnectionOverrides::default());
        let fetched = attempt::fetch(&client, &errand.url).await;
        return emulation.world().media_came(errand.call, serial, &errand.url, fetched);
    }
    let mut cookies = std::mem::take(&mut errand.cookies);
    let letter = Letter {
        url: &errand.url,
        method: errand.method,
        parameters: &errand.parameters,
        token,
        idempotency,
        answer_ignored: errand.answer_ignored,
        now: emulation.clock.now(),
    };
    let (attempts, outcome) = send(clients, &letter, &mut cookies).await;
    let mut world = emulation.world();
    world.acts_upon = Requested::of(errand.method, &errand.parameters, &attempts);
    world.write(Event::Webhook {
        message_sid: None,
        call_sid: Some(errand.call_sid.as_str().to_owned()),
        purpose: errand.purpose,
        method: errand.method.as_str().to_owned(),
        url: errand.url.clone(),
        parameters: errand.parameters.clone(),
        attempts,
    });
    world.errand_done(errand, outcome, cookies);
    world.acts_upon = None;
}
