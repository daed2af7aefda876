//! What the far end gets to hear: one thing after the other, each for as long as it takes.

use std::collections::VecDeque;

use jiff::Timestamp;
use twilio::HttpMethod;

use super::far::elapsed_ms;
use super::{CallId, Doing, Errand, Told, Wake, Wanted};
use crate::courier::Answer;
use crate::draft::is_loopback;
use crate::fixture::MediaFetch;
use crate::journal::Purpose;
use crate::recordings::Side;
use crate::sound_file;
use crate::speech::Utterance;
use crate::world::World;

/// How long a file plays that is not fetched.
const UNKNOWN_FILE_MS: u64 = 5_000;
/// How long a key sounds, with the pause after it.
const TONE_MS: u64 = 250;
/// How many lengths of files are remembered.
const LENGTHS_MAX: usize = 1_000;

/// Something that can be heard.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Sound {
    Words(Utterance),
    File {
        url: String,
        ms: u64,
    },
    Keys {
        keys: String,
        ms: u64,
    },
    Beep,
    /// While somebody waits; it does not end by itself.
    Music,
    Silence {
        ms: u64,
    },
}

/// Something that is to be played.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Item {
    Say {
        utterance: Utterance,
        loops: u32,
    },
    /// Without a length, the file has not been looked at yet.
    Play {
        url: String,
        ms: Option<u64>,
        loops: u32,
    },
    Keys {
        keys: String,
        loops: u32,
    },
    Pause {
        ms: u64,
    },
    Beep,
    Music,
}

/// What is still to be played, in order; the first is being played.
#[derive(Debug, Clone, Default)]
pub(crate) struct Playback {
    items: VecDeque<Item>,
    /// The wish for a file whose length is not known yet.
    fetching: Option<u64>,
}

/// What is being played.
#[derive(Debug, Clone)]
pub(crate) struct Speaking {
    pub(crate) sound: Sound,
    pub(crate) began: Timestamp,
}

impl Sound {
    pub(crate) const BEEP_MS: u64 = 500;

    /// How long it takes; `None` where it does not end.
    fn ms(&self) -> Option<u64> {
        match self {
            Sound::Words(utterance) => Some(utterance.ms()),
            Sound::File { ms, .. } | Sound::Keys { ms, .. } | Sound::Silence { ms } => Some(*ms),
            Sound::Beep => Some(Sound::BEEP_MS),
            Sound::Music => None,
        }
    }
}

impl Item {
    /// What is heard, where that is known.
    fn sound(&self) -> Option<Sound> {
        Some(match self {
            Item::Say { utterance, .. } => Sound::Words(utterance.clone()),
            Item::Play { url, ms, .. } => Sound::File { url: url.clone(), ms: (*ms)? },
            Item::Keys { keys, .. } => Sound::Keys { keys: keys.clone(), ms: keys_ms(keys) },
            Item::Pause { ms } => Sound::Silence { ms: *ms },
            Item::Beep => Sound::Beep,
            Item::Music => Sound::Music,
        })
    }

    /// What of it is left after it was played once.
    fn again(self) -> Option<Self> {
        let less = |loops: u32| loops.checked_sub(1).filter(|left| *left > 0);
        match self {
            Item::Say { utterance, loops } => less(loops).map(|loops| Item::Say { utterance, loops }),
            Item::Play { url, ms, loops } => less(loops).map(|loops| Item::Play { url, ms, loops }),
            Item::Keys { keys, loops } => less(loops).map(|loops| Item::Keys { keys, loops }),
            Item::Pause { .. } | Item::Beep | Item::Music => None,
        }
    }
}

/// How long keys take that are played, with `w` and `W` as pauses.
pub(crate) fn keys_ms(keys: &str) -> u64 {
    keys.chars()
        .map(|key| match key {
            'w' => 500,
            'W' => 1_000,
            _ => TONE_MS,
        })
        .sum()
}

impl Playback {
    pub(crate) fn of(items: impl IntoIterator<Item = Item>) -> Self {
        Self { items: items.into_iter().collect(), fetching: None }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

impl World {
    /// Plays what the player has to play, in place of whatever it played.
    pub(crate) fn play(&mut self, id: CallId, playback: Playback) {
        self.stop_playing(id);
        if let Some(player) = self.calls.live_mut(id).and_then(|live| live.player_mut()) {
            player.playback = playback;
            self.play_on(id);
        }
    }

    /// Stops what is being played, and what was to follow.
    pub(crate) fn stop_playing(&mut self, id: CallId) {
        self.let_sleep(id, Wake::Item);
        if let Some(player) = self.calls.live_mut(id).and_then(|live| live.player_mut()) {
            player.playback = Playback::default();
        }
        self.fall_silent(id);
    }

    /// Begins the next item; with none left, whatever the playing was for goes on.
    fn play_on(&mut self, id: CallId) {
        loop {
            let Some(player) = self.calls.live_mut(id).and_then(|live| live.player_mut()) else { return };
            let Some(item) = player.playback.items.front() else { return self.played(id) };
            match item.sound() {
                Some(sound) if sound.ms() == Some(0) => {
                    player.playback.items.pop_front();
                }
                Some(sound) => return self.begin_sound(id, sound),
                None => {
                    let Item::Play { url, .. } = item else { return };
                    let url = url.clone();
                    return self.look_at_file(id, url);
                }
            }
        }
    }

    pub(crate) fn begin_sound(&mut self, id: CallId, sound: Sound) {
        let began = self.now;
        if let Some(ms) = sound.ms() {
            self.wake_in(id, Wake::Item, ms);
        }
        if sound == Sound::Music {
            self.note(id, Told::Music);
        }
        let Some(live) = self.calls.live_mut(id) else { return };
        live.speaking = Some(Speaking { sound: sound.clone(), began });
        self.far_hears(id, &sound);
    }

    /// What is being played has come to its end.
    pub(crate) fn item_ended(&mut self, id: CallId) {
        self.fall_silent(id);
        let Some(player) = self.calls.live_mut(id).and_then(|live| live.player_mut()) else { return };
        if let Some(left) = player.playback.items.pop_front().and_then(Item::again) {
            player.playback.items.push_front(left);
        }
        self.play_on(id);
    }

    /// Nothing is heard any more; what was heard is written down. Gives the words that were heard of it.
    pub(crate) fn fall_silent(&mut self, id: CallId) -> Option<String> {
        let now = self.now;
        let Speaking { sound, began } = self.calls.live_mut(id)?.speaking.take()?;
        let elapsed = elapsed_ms(began, now);
        let interrupted = sound.ms().is_some_and(|ms| elapsed < ms);
        let mut heard = None;
        match &sound {
            Sound::Words(utterance) => {
                let words = utterance.until(elapsed);
                heard = Some(words.clone());
                self.transcribe(id, Side::Near, &words, 1.0);
                self.note(id, Told::Said { words, interrupted });
            }
            Sound::File { url, .. } => self.note(id, Told::Played { url: url.clone(), interrupted }),
            Sound::Keys { keys, .. } => self.note(id, Told::PlayedKeys { keys: keys.clone() }),
            Sound::Beep => self.note(id, Told::Beep),
            Sound::Music | Sound::Silence { .. } => {}
        }
        if !matches!(sound, Sound::Music | Sound::Silence { .. }) {
            self.record_sound(id, Side::Near, began, None);
        }
        self.far_heard(id, &sound, elapsed);
        heard
    }

    /// The words that the far end has heard so far of what it hears now.
    pub(crate) fn words_so_far(&self, id: CallId) -> String {
        match self.calls.live(id).and_then(|live| live.speaking.as_ref()) {
            Some(Speaking { sound: Sound::Words(utterance), began }) => {
                utterance.until(elapsed_ms(*began, self.now))
            }
            _ => String::new(),
        }
    }

    /// Everything was played.
    fn played(&mut self, id: CallId) {
        let Some(player) = self.calls.live_mut(id).and_then(|live| live.player_mut()) else { return };
        match &player.doing {
            Doing::Playing => {
                player.doing = Doing::Nothing;
                self.proceed(id);
            }
            Doing::LastWords => self.hang_up(id),
            Doing::Gathering(_) => self.prompt_ended(id),
            Doing::Recording(_) => self.record_begins(id),
            Doing::Relaying(_) => self.relay_spoke(id),
            Doing::Streaming { serial, .. } => {
                let serial = *serial;
                self.stream_plays(id, serial);
            }
            Doing::Nothing
            | Doing::Fetching { .. }
            | Doing::Dialing(_)
            | Doing::Conferring(_)
            | Doing::Queued(_)
            | Doing::Silent => {}
        }
    }

    fn look_at_file(&mut self, id: CallId, url: String) {
        if let Some(ms) = self.file_lengths.get(&url).copied() {
            return self.file_is_so_long(id, ms);
        }
        let is_fetched = match self.rules.media_fetch {
            MediaFetch::Never => false,
            MediaFetch::Loopback => url::Url::parse(&url).is_ok_and(|url| is_loopback(&url)),
            MediaFetch::Always => true,
        };
        if !is_fetched {
            return self.file_is_so_long(id, UNKNOWN_FILE_MS);
        }
        let Some(call) = self.calls.get_mut(id) else { return };
        let (call_sid, account) = (call.sid.clone(), call.account.clone());
        let Some(live) = call.live.as_deref_mut() else { return };
        let serial = live.next_errand();
        if let Some(player) = live.player_mut() {
            player.playback.fetching = Some(serial);
        }
        self.send_errand(Errand {
            call: id,
            call_sid,
            account,
            purpose: Purpose::CallMedia,
            url,
            method: HttpMethod::Get,
            parameters: Vec::new(),
            cookies: crate::cookies::Jar::default(),
            wanted: Wanted::Media { serial },
            answer_ignored: false,
        });
    }

    fn file_is_so_long(&mut self, id: CallId, length: u64) {
        let Some(player) = self.calls.live_mut(id).and_then(|live| live.player_mut()) else { return };
        player.playback.fetching = None;
        if let Some(Item::Play { ms, .. }) = player.playback.items.front_mut() {
            *ms = Some(length.max(1));
        }
        self.play_on(id);
    }

    /// A file came, or did not. One that cannot be played is passed over.
    pub(crate) fn media_came(&mut self, id: CallId, serial: u64, url: &str, fetched: Result<Answer, u32>) {
        let is_awaited = self
            .calls
            .live(id)
            .and_then(|live| live.player())
            .is_some_and(|player| player.playback.fetching == Some(serial));
        if !is_awaited {
            return;
        }
        let length = fetched.and_then(|answer| {
            sound_file::length_ms(answer.content_type.as_deref(), &answer.body).ok_or(13420)
        });
        match length {
            Ok(ms) => {
                if self.file_lengths.len() < LENGTHS_MAX {
                    self.file_lengths.insert(url.to_owned(), ms);
                }
                self.file_is_so_long(id, ms);
            }
            Err(code) => {
                self.debug_call(id, code, format!("{url} cannot be played"));
                if let Some(player) = self.calls.live_mut(id).and_then(|live| live.player_mut()) {
                    player.playback.fetching = None;
                    player.playback.items.pop_front();
                }
                self.play_on(id);
            }
        }
    }
}
