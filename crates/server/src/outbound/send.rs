//! One text: the request that creates it, and what its end means.

use super::client::{Answer, CallError};
use crate::credentials::TwilioCredential;
use engine::message::{Channel, Location, Message};
use form_urlencoded::Serializer;
use host::{Refusal, SendEnd};

/// Asks Twilio to repeat a callback that met a closed port, a time-out or a 5xx, five times within 15 s.
pub(crate) const OVERRIDES: &str = "#rc=5&rp=ct,rt,5xx&tt=15000";

/// The form of a request that creates `message`.
pub(super) fn create_form(message: &Message, credential: &TwilioCredential, public_url: &str) -> String {
    let content = &message.content;
    let body = content.body.as_deref();
    let room = 320 + body.map_or(0, |body| body.len() * 3 / 2);
    let mut form = Serializer::new(String::with_capacity(room));
    form.append_pair("To", &addressed(message.channel, &message.to));
    match (&message.service, &message.from) {
        (Some(service), _) => form.append_pair("MessagingServiceSid", service),
        (None, Some(from)) => form.append_pair("From", &addressed(message.channel, from)),
        (None, None) => &mut form,
    };
    // A template stands for all that is beside it.
    if content.template.is_none() {
        if let Some(body) = body {
            form.append_pair("Body", body);
        }
        for medium in &content.media {
            form.append_pair("MediaUrl", &medium.url);
        }
    }
    if let Some(template) = &content.template {
        form.append_pair("ContentSid", &template.sid);
        if !template.variables.is_empty() {
            let variables: serde_json::Map<_, _> =
                template.variables.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect();
            form.append_pair("ContentVariables", &serde_json::Value::Object(variables).to_string());
        }
    }
    if let Some(location) = content.location.as_ref().filter(|_| content.template.is_none()) {
        form.append_pair("PersistentAction", &geo(location));
        if body.is_none() {
            form.append_pair("Body", location.label.as_deref().unwrap_or("Location"));
        }
    }
    if !credential.test {
        let callback = format!("{public_url}/twilio/{}/status/{}{OVERRIDES}", credential.name, message.id);
        form.append_pair("StatusCallback", &callback);
    }
    form.finish()
}

/// `geo:LATITUDE,LONGITUDE|ADDRESS`
fn geo(location: &Location) -> String {
    let mut action = format!("geo:{},{}", location.latitude, location.longitude);
    if let Some(place) = location.address.as_ref().or(location.label.as_ref()) {
        action.push('|');
        action.push_str(place);
    }
    action
}

/// An address as Twilio writes it.
pub(crate) fn addressed(channel: Channel, address: &str) -> String {
    match channel {
        Channel::Sms | Channel::Voice => address.to_owned(),
        Channel::WhatsApp => format!("{WHATSAPP}{address}"),
    }
}

const WHATSAPP: &str = "whatsapp:";

/// The channel and the address without its prefix.
pub(crate) fn unaddressed(address: &str) -> (Channel, &str) {
    match address.strip_prefix(WHATSAPP) {
        Some(address) => (Channel::WhatsApp, address),
        None => (Channel::Sms, address),
    }
}

/// What the end of the request proves. Only an error of Twilio's own, below 500, proves that nothing was
/// created: a proxy's page says nothing about what is behind it.
/// `created` reads the report in an answer of success.
pub(super) fn end<R>(
    result: Result<Answer, CallError>,
    created: impl FnOnce(&[u8]) -> Option<R>,
) -> SendEnd<R> {
    let answer = match result {
        Ok(answer) => answer,
        Err(CallError::NotConnected(reason)) => return SendEnd::NotConnected { reason },
        Err(CallError::Broken(reason)) => return SendEnd::Unknown { reason },
    };
    let status = answer.status;
    if status.is_success() {
        return match created(&answer.body) {
            Some(report) => SendEnd::Accepted(report),
            None => SendEnd::Unknown { reason: format!("the answer (HTTP {status}) cannot be read") },
        };
    }
    let error = answer.error();
    if status.is_client_error() && error.has_code() {
        return SendEnd::Refused(Refusal {
            http_status: status.as_u16(),
            code: Some(error.code),
            message: error.message,
            retry_after: answer.retry_after,
        });
    }
    SendEnd::Unknown { reason: format!("HTTP {status}") }
}

#[cfg(test)]
mod tests;
