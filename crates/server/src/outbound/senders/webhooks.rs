//! Addresses that the provider's numbers and services should call, and those that they do call.

use crate::credentials::TwilioCredential;
use crate::outbound::OVERRIDES;
use form_urlencoded::Serializer;
use serde::Serialize;
use twilio::HttpMethod;
use twilio::number::IncomingNumber;
use twilio::service::ServiceResource;
use url::Url;

/// One setting at the provider that does not lead here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WebhookChange {
    /// The number or the service, as people call it.
    pub owner: String,
    /// `PN…` or `MG…`.
    pub sid: String,
    /// The provider's name of the setting, such as `SmsUrl`.
    pub setting: &'static str,
    pub before: Option<String>,
    /// Empty: nothing more stands there.
    pub after: String,
}

/// The addresses of one credential.
struct Addresses {
    message: String,
    fallback: String,
    status: String,
    voice: String,
}

impl Addresses {
    fn new(credential: &str, public_url: &str) -> Addresses {
        let at = |rest: &str| format!("{public_url}/twilio/{credential}/{rest}{OVERRIDES}");
        Addresses {
            message: at("message"),
            fallback: at("fallback"),
            status: at("status"),
            voice: at("voice"),
        }
    }
}

pub(super) fn changes(
    numbers: &[IncomingNumber],
    services: &[ServiceResource],
    credential: &str,
    public_url: &str,
) -> Vec<WebhookChange> {
    let addresses = Addresses::new(credential, public_url);
    let mut changes = Vec::new();
    for number in numbers {
        let application = number.sms_application_sid.as_ref().map(|sid| sid.as_str().to_owned());
        let voice_application = number.voice_application_sid.as_ref().map(|sid| sid.as_str().to_owned());
        let mut add = collector(&mut changes, &number.phone_number, number.sid.as_str());
        // An application's addresses would win over the number's own.
        add("SmsApplicationSid", &application, "");
        add("SmsUrl", &number.sms_url, &addresses.message);
        add("SmsMethod", &method(number.sms_method), "POST");
        add("SmsFallbackUrl", &number.sms_fallback_url, &addresses.fallback);
        add("SmsFallbackMethod", &method(number.sms_fallback_method), "POST");
        if number.capabilities.voice {
            add("VoiceApplicationSid", &voice_application, "");
            add("VoiceUrl", &number.voice_url, &addresses.voice);
            add("VoiceMethod", &method(number.voice_method), "POST");
            add("VoiceFallbackUrl", &number.voice_fallback_url, &addresses.voice);
            add("VoiceFallbackMethod", &method(number.voice_fallback_method), "POST");
        }
        add("StatusCallback", &number.status_callback, &addresses.status);
    }
    for service in services {
        let name = service.friendly_name.as_deref().unwrap_or(service.sid.as_str());
        let mut add = collector(&mut changes, name, service.sid.as_str());
        add("InboundRequestUrl", &service.inbound_request_url, &addresses.message);
        add("InboundMethod", &method(service.inbound_method), "POST");
        add("FallbackUrl", &service.fallback_url, &addresses.fallback);
        add("FallbackMethod", &method(service.fallback_method), "POST");
        add("StatusCallback", &service.status_callback, &addresses.status);
    }
    changes
}

fn method(method: Option<HttpMethod>) -> Option<String> {
    // The provider's own default needs no change.
    Some(method.unwrap_or_default().as_str().to_owned())
}

fn collector<'a>(
    changes: &'a mut Vec<WebhookChange>,
    owner: &'a str,
    sid: &'a str,
) -> impl FnMut(&'static str, &Option<String>, &str) + 'a {
    move |setting, before, after| {
        if before.as_deref().unwrap_or_default() != after {
            changes.push(WebhookChange {
                owner: owner.to_owned(),
                sid: sid.to_owned(),
                setting,
                before: before.clone().filter(|before| !before.is_empty()),
                after: after.to_owned(),
            });
        }
    }
}

/// One request for each owner, with all of its settings.
pub(super) fn requests(credential: &TwilioCredential, changes: &[WebhookChange]) -> Vec<(Url, String)> {
    let mut requests: Vec<(&str, Serializer<'_, String>)> = Vec::new();
    for change in changes {
        if requests.last().is_none_or(|(sid, _)| *sid != change.sid) {
            requests.push((&change.sid, Serializer::new(String::new())));
        }
        if let Some((_, form)) = requests.last_mut() {
            form.append_pair(change.setting, &change.after);
        }
    }
    let finish = |(sid, mut form): (&str, Serializer<'_, String>)| {
        let url = if sid.starts_with("MG") {
            credential.messaging_url(&format!("/v1/Services/{sid}"))
        } else {
            credential.account_url(&format!("IncomingPhoneNumbers/{sid}.json"))
        };
        (url, form.finish())
    };
    requests.into_iter().map(finish).collect()
}
