//! TwiML applications: sets of webhook URLs that numbers, calls and texts can name.

use indexmap::IndexMap;
use jiff::Timestamp;
use twilio::HttpMethod;
use twilio::sid::Sid;

use crate::inbound::Hooks;

#[derive(Debug, Clone)]
pub(crate) struct Application {
    pub(crate) sid: Sid,
    pub(crate) account: Sid,
    pub(crate) friendly_name: String,
    pub(crate) settings: ApplicationSettings,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
}

/// What an account may set on an application. An empty URL is none.
#[derive(Debug, Clone, Default)]
pub(crate) struct ApplicationSettings {
    pub(crate) voice: Hooks,
    pub(crate) voice_caller_id_lookup: bool,
    /// Told of the end of calls.
    pub(crate) status_callback: String,
    pub(crate) status_callback_method: HttpMethod,
    pub(crate) sms: Hooks,
    pub(crate) sms_status_callback: String,
    pub(crate) message_status_callback: String,
    pub(crate) public_connect: bool,
}

/// All applications, in the order in which they were made.
pub(crate) type Applications = IndexMap<Sid, Application>;

impl ApplicationSettings {
    /// Where changes of status of texts are told that name this application.
    pub(crate) fn text_status_callback(&self) -> Option<&str> {
        [&self.message_status_callback, &self.sms_status_callback]
            .into_iter()
            .map(String::as_str)
            .find(|url| !url.is_empty())
    }
}
