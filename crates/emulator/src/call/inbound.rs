//! Calls that come in: a phone, or a call of ours, calls an owned number.

use std::sync::Arc;

use twilio::HttpMethod;
use twilio::sid::Sid;

use super::callback::Callbacks;
use super::far::Far;
use super::{CallDirection, CallDraft, CallId, CallStatus, Ending, Instructions, Person, Settings, Told};
use crate::accounts::AccountStatus;
use crate::address;
use crate::call::story::HungUpBy;
use crate::call_scripts::CallScript;
use crate::numbers::Number;
use crate::world::World;

/// Why a phone cannot call a number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InboundError {
    #[error("no account owns {0}")]
    NotOwned(String),
    #[error("{0} takes no calls")]
    NoVoice(String),
}

/// Where calls to a number are reported.
#[derive(Debug, Clone, Default)]
pub(crate) struct VoiceHooks {
    pub(crate) url: String,
    pub(crate) method: HttpMethod,
    pub(crate) fallback_url: String,
    pub(crate) fallback_method: HttpMethod,
    pub(crate) status_callback: String,
    pub(crate) status_callback_method: HttpMethod,
    pub(crate) application: Option<Sid>,
}

impl World {
    /// A phone calls an owned number; what its owner says is the script's, or without one that of the phone.
    pub(crate) fn call_in(
        &mut self,
        phone: &str,
        to: &str,
        script: Option<Arc<CallScript>>,
    ) -> Result<CallId, InboundError> {
        let script = match script {
            Some(script) => script,
            None => self.script_for(phone, to),
        };
        if phone.starts_with('+') {
            self.phones.touch(phone);
        }
        let far = Far::Person(Box::new(Person::new(script)));
        self.take_call(phone, to, far)
    }

    /// An outbound call has found an owned number at its far end.
    pub(crate) fn ring_own_number(&mut self, id: CallId, to: &str) {
        let Some(from) = self.calls.get(id).map(|call| call.from.clone()) else { return };
        match self.take_call(&from, to, Far::Line(id)) {
            Ok(inbound) => {
                if let Some(live) = self.calls.live_mut(id) {
                    live.far = Far::Line(inbound);
                }
            }
            Err(_) => self.end_call(id, Ending::FAILED, HungUpBy::Person),
        }
    }

    fn take_call(&mut self, from: &str, to: &str, far: Far) -> Result<CallId, InboundError> {
        let number = self.numbers.find(to).ok_or_else(|| InboundError::NotOwned(to.to_owned()))?;
        if !number.capabilities.voice {
            return Err(InboundError::NoVoice(to.to_owned()));
        }
        let account = number.account.clone();
        let hooks = self.voice_hooks(number);
        let asks_by_application = hooks
            .application
            .as_ref()
            .and_then(|sid| self.applications.get(sid))
            .is_some_and(|application| application.settings.voice_caller_id_lookup);
        let looks_up = number.settings.voice_caller_id_lookup || asks_by_application;
        let fallback =
            (!hooks.fallback_url.is_empty()).then_some((hooks.fallback_url, hooks.fallback_method));
        let id = self.create_call(CallDraft {
            account: account.clone(),
            direction: CallDirection::Inbound,
            from: from.to_owned(),
            to: to.to_owned(),
            parent: None,
            begin: Instructions::Url { url: hooks.url.clone(), method: hooks.method },
            callbacks: Callbacks::at_the_end(Some(hooks.status_callback), hooks.status_callback_method),
            settings: Settings { fallback, application: hooks.application, ..Settings::default() },
            whisper: None,
            list_lag_ms: 0,
        });
        let name = self.phones.get(from).and_then(|phone| phone.profile_name.clone()).filter(|_| looks_up);
        if let Some(call) = self.calls.get_mut(id) {
            call.caller_name = name;
            if let Some(live) = call.live.as_deref_mut() {
                live.far = far;
            }
        }
        self.note(id, Told::Status { status: CallStatus::Ringing.as_str().to_owned() });
        if self.accounts.get(&account).is_none_or(|account| account.status != AccountStatus::Active) {
            self.debug_call(id, 10003, "the account is not active");
            self.end_call(id, Ending::BUSY, HungUpBy::Other);
        } else if hooks.url.is_empty() {
            self.debug_call(id, 11100, "the number has no URL for calls");
            self.end_call(id, Ending::BUSY, HungUpBy::Other);
        } else {
            self.begin_document(id);
        }
        Ok(id)
    }

    /// The number's own hooks, or its application's.
    fn voice_hooks(&self, number: &Number) -> VoiceHooks {
        let settings = &number.settings;
        if let Some(sid) = &settings.voice_application
            && let Some(hooks) = self.voice_of_application(sid, &number.account)
        {
            return hooks;
        }
        VoiceHooks {
            url: settings.voice_url.clone(),
            method: settings.voice_method,
            fallback_url: settings.voice_fallback_url.clone(),
            fallback_method: settings.voice_fallback_method,
            status_callback: settings.status_callback.clone(),
            status_callback_method: settings.status_callback_method,
            application: None,
        }
    }

    /// Where calls go that name an application.
    pub(crate) fn voice_of_application(&self, sid: &Sid, account: &Sid) -> Option<VoiceHooks> {
        let application = self.applications.get(sid).filter(|application| application.account == *account)?;
        let settings = &application.settings;
        Some(VoiceHooks {
            url: settings.voice.url.clone(),
            method: settings.voice.method,
            fallback_url: settings.voice.fallback_url.clone(),
            fallback_method: settings.voice.fallback_method,
            status_callback: settings.status_callback.clone(),
            status_callback_method: settings.status_callback_method,
            application: Some(sid.clone()),
        })
    }

    /// Whether an address can be the caller of a call by an account: an owned number, a verified one, or a
    /// client.
    pub(crate) fn may_call_from(&self, account: &Sid, from: &str) -> bool {
        let owns = self.numbers.find(from).is_some_and(|number| number.account == *account);
        let is_verified = self.accounts.get(account).is_some_and(|account| account.verified.contains(from));
        owns || is_verified || address::is_client(from)
    }
}
