//! The beginning of a session: checks, the websocket, `setup`, the greeting.

use std::collections::VecDeque;

use twilio::HttpMethod;
use twilio::relay::{FromTwilio, Setup};
use twilio::sid::SidKind;
use twilio::voice_twiml::{ConversationRelay, RelayDetail, TranscriptionProvider, TtsProvider};

use super::{Relaying, Speech, Tokens, interruption};
use crate::call::{CallId, Doing, Flow, Told};
use crate::journal::Purpose;
use crate::relay::end::SessionEnd;
use crate::socket::{self, Reaction};
use crate::world::World;

impl World {
    /// Hands the call to a program that speaks in words.
    pub(crate) fn relay(
        &mut self,
        id: CallId,
        relay: ConversationRelay,
        action: Option<String>,
        method: Option<HttpMethod>,
    ) -> Flow {
        let sid = self.random.sid(SidKind::RelaySession);
        let url = relay.url.clone().unwrap_or_default();
        let refused = if socket::is_allowed(&url, self.rules.strictness) {
            check(&relay).err().map(|reason| (64106, reason))
        } else {
            Some((64101, "url must begin with wss://; ws:// is for this machine alone".to_owned()))
        };
        if let Some((code, detail)) = refused {
            self.debug_call(id, code, detail.clone());
            let end = SessionEnd::Failed { code, message: detail };
            self.session_over(id, &sid, self.now, action.as_deref(), method, &end);
            return Flow::Wait;
        }
        if url.starts_with("ws://") {
            tracing::warn!(url, "ConversationRelay over ws://, which Twilio itself refuses");
        }
        let Some(socket) = self.open_socket(id, Purpose::RelaySocket, url) else { return Flow::Wait };
        let language = relay
            .transcription_language
            .clone()
            .or_else(|| relay.language.clone())
            .unwrap_or_else(|| "en-US".to_owned());
        let now = self.now;
        let Some(player) = self.player_mut(id) else { return Flow::Wait };
        player.doing = Doing::Relaying(Box::new(Relaying {
            relay,
            action,
            method,
            sid,
            socket,
            is_open: false,
            began: now,
            language,
            token: Tokens::default(),
            queue: VecDeque::new(),
            present: None,
            spoken: String::new(),
            talks_since: None,
            is_talking: false,
            heard: Vec::new(),
            listens_from: now,
            malformed: 0,
        }));
        Flow::Wait
    }

    /// The websocket is open: the program learns who talks, and the greeting is spoken.
    pub(crate) fn relay_opened(&mut self, id: CallId) {
        let now = self.now;
        let Some(setup) = self.setup(id) else { return };
        let Some(relaying) = self.relaying_mut(id) else { return };
        relaying.is_open = true;
        relaying.listens_from = now;
        let url = relaying.relay.url.clone().unwrap_or_default();
        let greeting = relaying.relay.welcome_greeting.clone().filter(|greeting| !greeting.is_empty());
        let interruptible = relaying.relay.welcome_greeting_interruptible;
        let interruptible = interruptible.unwrap_or_else(|| interruption(None, relaying.interruptible()));
        self.note(id, Told::SocketOpened { url });
        self.relay_tells(id, &FromTwilio::Setup(Box::new(setup)), Reaction::Possible);
        if let Some(words) = greeting {
            self.relay_queues(id, Speech::words(words, interruptible, false));
            self.relay_speaks(id);
        } else {
            self.quiet_begins(id);
        }
        let speaks = self.calls.live(id).is_some_and(|live| live.voice.is_some());
        if speaks {
            self.relay_hears_voice(id);
        }
    }

    fn setup(&self, id: CallId) -> Option<Setup> {
        let relaying = self.relaying(id)?;
        let call = self.calls.get(id)?;
        let parameters = relaying.relay.details.iter().filter_map(|detail| match detail {
            RelayDetail::Parameter(parameter) => {
                Some((parameter.name.clone()?, parameter.value.clone().unwrap_or_default()))
            }
            RelayDetail::Language(_) => None,
        });
        Some(Setup {
            session_id: relaying.sid.as_str().to_owned(),
            account_sid: call.account.as_str().to_owned(),
            parent_call_sid: call.parent.as_ref().map(|(_, sid)| sid.as_str().to_owned()).unwrap_or_default(),
            call_sid: call.sid.as_str().to_owned(),
            from: call.from.clone(),
            to: call.to.clone(),
            forwarded_from: call.forwarded_from.clone().unwrap_or_default(),
            call_type: "PSTN".to_owned(),
            caller_name: call.caller_name.clone().unwrap_or_default(),
            direction: call.direction.as_str().to_owned(),
            call_status: call.status.as_str().to_uppercase(),
            custom_parameters: parameters.collect(),
        })
    }
}

/// Whether the providers can do together what they are asked to, as far as that is documented.
fn check(relay: &ConversationRelay) -> Result<(), String> {
    let hears = relay.transcription_provider.unwrap_or(TranscriptionProvider::Deepgram);
    let speaks = relay.tts_provider.unwrap_or(TtsProvider::ElevenLabs);
    let model = relay.speech_model.as_deref().unwrap_or_default();
    let is_of_deepgram = model.starts_with("nova") || model == "flux";
    if !model.is_empty() && is_of_deepgram != (hears == TranscriptionProvider::Deepgram) {
        return Err(format!("{} has no speech model {model}", hears.as_str()));
    }
    let language = |own: &Option<String>| own.clone().or_else(|| relay.language.clone());
    if language(&relay.transcription_language).as_deref() == Some("multi")
        && (hears != TranscriptionProvider::Deepgram
            || !matches!(model, "" | "nova-2-general" | "nova-3-general"))
    {
        return Err("several languages are heard by Deepgram's general models alone".to_owned());
    }
    if language(&relay.tts_language).as_deref() == Some("multi") && speaks != TtsProvider::ElevenLabs {
        return Err("several languages are spoken by ElevenLabs alone".to_owned());
    }
    if relay.partial_prompts == Some(true) && model != "flux" {
        return Err("partial prompts need the speech model flux".to_owned());
    }
    Ok(())
}
