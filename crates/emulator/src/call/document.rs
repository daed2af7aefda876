//! Documents: asking for one, and what to do with what comes.

use twilio::HttpMethod;
use twilio::form::Pairs;
use twilio::voice_twiml::{self, Answer as Understood, Play, Read, ReadError, Verb};

use super::far::elapsed_ms;
use super::{CallId, Doing, Errand, Instructions, Player, Role, Source, Told, Wake, Wanted};
use crate::courier::{Answer, Failure};
use crate::journal::Purpose;
use crate::world::World;

/// How many documents may follow one another in no time; then each waits a moment, so that documents that
/// lead to each other in a circle do not keep the clock from going on.
const RUSH_MAX: u32 = 30;
const RUSH_MS: u64 = 1_000;

/// The request that a document came in answer to, as its fallback repeats it.
pub(crate) struct Asked {
    url: String,
    parameters: Pairs,
    is_fallback: bool,
}

impl World {
    /// Begins with the document that the call was created with.
    pub(crate) fn begin_document(&mut self, id: CallId) {
        let Some(live) = self.calls.live_mut(id) else { return };
        live.players = vec![Player::new(Role::Main, Source::default())];
        match live.begin.clone() {
            Instructions::Url { url, method } => {
                self.request_document(id, Source { url: Some(url), method }, Pairs::new());
            }
            Instructions::Twiml(twiml) => self.read_document(id, &twiml),
            Instructions::Join => {}
        }
    }

    /// Executes a document that came with a request.
    pub(crate) fn read_document(&mut self, id: CallId, twiml: &str) {
        match voice_twiml::read(twiml) {
            Ok(read) => self.take_document(id, Source::default(), read),
            Err(error) => {
                self.debug_call(id, error.code(), describe(&error));
                self.document_failed(id, error.code(), None);
            }
        }
    }

    /// Asks for a document; whatever the player did is over. Without parameters, those are told that every
    /// request about a call has.
    pub(crate) fn request_document(&mut self, id: CallId, source: Source, parameters: Pairs) {
        let purpose = match self.player_mut(id).map(|player| player.role) {
            Some(Role::Main) => Purpose::CallDocument,
            Some(Role::Whisper) => Purpose::WhisperDocument,
            Some(Role::QueueWait | Role::ConferenceWait | Role::Announcement) => Purpose::WaitDocument,
            None => return,
        };
        self.interrupt(id);
        let parameters = if parameters.is_empty() { self.call_parameters(id) } else { parameters };
        self.ask(id, source, parameters, purpose);
    }

    fn ask(&mut self, id: CallId, source: Source, parameters: Pairs, purpose: Purpose) {
        let Some(call) = self.calls.get_mut(id) else { return };
        let (call_sid, account) = (call.sid.clone(), call.account.clone());
        let Some(live) = call.live.as_deref_mut() else { return };
        let serial = live.next_errand();
        let cookies = live.cookies.clone();
        let Some(player) = live.player_mut() else { return };
        player.doing = Doing::Fetching { serial };
        let Source { url, method } = source.clone();
        player.source = source;
        self.send_as_planned(Errand {
            call: id,
            call_sid,
            account,
            purpose,
            url: url.unwrap_or_default(),
            method,
            parameters,
            cookies,
            wanted: Wanted::Document { serial },
            answer_ignored: false,
        });
    }

    /// A document came, or did not.
    pub(crate) fn document_came(&mut self, errand: Errand, serial: u64, outcome: Result<Answer, Failure>) {
        let id = errand.call;
        let is_awaited = self.calls.live(id).and_then(|live| live.player()).is_some_and(
            |player| matches!(player.doing, Doing::Fetching { serial: awaited } if awaited == serial),
        );
        if !is_awaited {
            return;
        }
        let asked = Asked {
            is_fallback: errand.purpose == Purpose::CallFallback,
            url: errand.url,
            parameters: errand.parameters,
        };
        let understood = match outcome {
            Err(failure) => Err((failure.code, failure.detail)),
            Ok(answer) => voice_twiml::read_answer(&answer.body, answer.content_type.as_deref())
                .map_err(|error| (error.code(), describe(&error))),
        };
        match understood {
            Ok(Understood::Twiml(read)) => {
                let source = Source { url: Some(asked.url), method: errand.method };
                self.take_document(id, source, read);
            }
            Ok(Understood::Audio(_)) => {
                let source = Source::of(&asked.url, errand.method);
                let play = Verb::Play(Play::url(asked.url));
                let document = voice_twiml::Document::of([play]);
                self.take_document(id, source, Read { document, warnings: Vec::new() });
            }
            Err((code, detail)) => {
                self.debug_call(id, code, detail);
                self.document_failed(id, code, Some(asked));
            }
        }
    }

    fn take_document(&mut self, id: CallId, source: Source, mut read: Read) {
        let Some(role) = self.player_mut(id).map(|player| player.role) else { return };
        read.warnings.extend(read.document.keep_to(role.part()));
        for warning in read.warnings {
            self.debug_call(id, warning.code, warning.detail);
        }
        let (url, verbs) = (source.url.clone(), read.document.verbs.len());
        self.note(id, Told::Document { url, verbs });
        let now = self.now;
        let Some(live) = self.calls.live_mut(id) else { return };
        let (last, count) = live.rush;
        live.rush = match elapsed_ms(last, now) {
            0 => (now, count + 1),
            // Whoever had to wait has still not done anything that takes time.
            ms if ms <= RUSH_MS => (now, count),
            _ => (now, 1),
        };
        let is_rushing = live.rush.1 > RUSH_MAX;
        let Some(player) = live.player_mut() else { return };
        player.source = source;
        player.verbs = read.document.verbs.into();
        player.doing = Doing::Nothing;
        match is_rushing {
            true => self.wake_in(id, Wake::Rush, RUSH_MS),
            false => self.proceed(id),
        }
    }

    /// A document could not be had or understood: the fallback URL is asked, where there is one and it was
    /// not asked already.
    pub(crate) fn document_failed(&mut self, id: CallId, code: u32, asked: Option<Asked>) {
        match self.player_mut(id).map(|player| player.role) {
            Some(Role::Main) => {}
            Some(Role::Whisper) => return self.whispered(id),
            Some(Role::ConferenceWait) if self.has_not_begun(id) => return self.wait_failed(id),
            Some(Role::Announcement) => return self.announced(id),
            // Whoever waits goes on to wait, with music.
            Some(Role::QueueWait | Role::ConferenceWait) => return self.wait_with_music(id),
            None => return,
        }
        let fallback = self.calls.get(id).and_then(|call| call.settings.fallback.clone());
        let is_fallback = asked.as_ref().is_some_and(|asked| asked.is_fallback);
        match fallback.filter(|(url, _)| !is_fallback && !url.is_empty()) {
            Some((url, method)) => self.ask_fallback(id, code, asked, url, method),
            None => self.application_error(id),
        }
    }

    fn ask_fallback(&mut self, id: CallId, code: u32, asked: Option<Asked>, url: String, method: HttpMethod) {
        let (failed_url, mut parameters) = match asked {
            Some(asked) => (asked.url, asked.parameters),
            None => (String::new(), Pairs::new()),
        };
        if parameters.is_empty() {
            parameters = self.call_parameters(id);
        }
        parameters.push(("ErrorCode".to_owned(), code.to_string()));
        parameters.push(("ErrorUrl".to_owned(), failed_url));
        self.ask(id, Source { url: Some(url), method }, parameters, Purpose::CallFallback);
    }
}

/// What is wrong with a document, with its cause.
fn describe(error: &ReadError) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}
