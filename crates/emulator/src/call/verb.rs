//! What each verb does when it is its turn.

use twilio::HttpMethod;
use twilio::call::SmsAction;
use twilio::message::MessageStatus;
use twilio::voice_twiml::{
    Document, Pause, Play, Prompting, Prosody, Redirect, Reject, RejectReason, Say, Sms, Spoken, Ssml,
    Strength, Verb,
};

use super::playback::{Item, Playback};
use super::player::Flow;
use super::story::HungUpBy;
use super::{CallId, CallStatus, Doing, Ending, Told};
use crate::draft::Draft;
use crate::message::Origin;
use crate::rest::message_checks;
use crate::speech::{Pace, Utterance};
use crate::world::World;

/// The longest pause inside of what is said.
const BREAK_MS_MAX: u32 = 10_000;

impl World {
    /// Begins a verb.
    pub(crate) fn begin_verb(&mut self, id: CallId, verb: Verb) -> Flow {
        let twiml = written(&verb);
        self.note(id, Told::Verb { twiml });
        if answers(&verb) {
            self.answer_inbound(id);
        }
        match verb {
            Verb::Say(say) => {
                let item = self.said(&say);
                self.begin_playing(id, item)
            }
            Verb::Play(play) => match self.played_item(id, &play) {
                Some(item) => self.begin_playing(id, item),
                None => Flow::Next,
            },
            Verb::Pause(pause) => self.begin_playing(id, paused(&pause)),
            Verb::Gather(gather) => self.gather(id, *Box::new(gather)),
            Verb::Record(record) => self.record(id, record),
            Verb::Dial(dial) => self.dial(id, dial),
            Verb::Redirect(redirect) => self.redirect(id, &redirect),
            Verb::Reject(reject) => self.reject(id, &reject),
            Verb::Hangup(_) => {
                self.hang_up(id);
                Flow::Wait
            }
            Verb::Sms(sms) => self.text_meanwhile(id, &sms),
            Verb::Refer(_) => {
                self.debug_call(id, 13801, "only a SIP call can be referred");
                Flow::Next
            }
            Verb::Connect(connect) => self.connect(id, connect),
            Verb::Start(start) => self.start(id, start),
            Verb::Stop(stop) => self.stop(id, stop),
            Verb::Enqueue(enqueue) => self.enqueue(id, enqueue),
            Verb::Leave(_) => self.leave(id),
            Verb::Queue(_) | Verb::Echo(_) | Verb::Pay(_) | Verb::Prompt(_) => {
                self.debug_call(
                    id,
                    12200,
                    format!("<{}> is not executed here and was passed over", verb.tag()),
                );
                Flow::Next
            }
        }
    }

    fn begin_playing(&mut self, id: CallId, item: Item) -> Flow {
        if let Some(player) = self.player_mut(id) {
            player.doing = Doing::Playing;
            self.play(id, Playback::of([item]));
        }
        Flow::Wait
    }

    /// What is played while a gather listens.
    pub(crate) fn prompt(&mut self, id: CallId, prompts: &[Prompting]) -> Playback {
        let items: Vec<Item> = prompts
            .iter()
            .filter_map(|prompt| match prompt {
                Prompting::Say(say) => Some(self.said(say)),
                Prompting::Play(play) => self.played_item(id, play),
                Prompting::Pause(pause) => Some(paused(pause)),
            })
            .collect();
        Playback::of(items)
    }

    /// What a `<Say>` sounds like.
    pub(crate) fn said(&self, say: &Say) -> Item {
        let mut utterance = Utterance::default();
        speak(&say.content, self.spoken_pace(), &mut utterance);
        Item::Say { utterance, loops: say.times() }
    }

    fn played_item(&mut self, id: CallId, play: &Play) -> Option<Item> {
        if let Some(digits) = &play.digits {
            return Some(Item::Keys { keys: digits.as_str().to_owned(), loops: play.times() });
        }
        let source = self.player_mut(id)?.source.clone();
        match source.resolve(&play.url) {
            Some(url) => Some(Item::Play { url, ms: None, loops: play.times() }),
            None => {
                self.debug_call(id, 11100, "<Play> has a URL that is not valid");
                None
            }
        }
    }

    fn redirect(&mut self, id: CallId, redirect: &Redirect) -> Flow {
        let url = match redirect.url.is_empty() {
            // A redirect to nowhere goes to the same document again.
            true => None,
            false => Some(redirect.url.as_str()),
        };
        self.go_to(id, url, redirect.method, Vec::new());
        Flow::Wait
    }

    /// Goes on with the document at a URL of the present one, which may be the present one again.
    pub(crate) fn go_to(
        &mut self,
        id: CallId,
        url: Option<&str>,
        method: Option<HttpMethod>,
        parameters: twilio::form::Pairs,
    ) {
        let Some(source) = self.player_mut(id).map(|player| player.source.clone()) else { return };
        let target = match url {
            Some(url) => source.resolve(url),
            None => source.url,
        };
        match target {
            Some(target) => {
                let method = method.unwrap_or_default();
                self.request_document(id, super::Source { url: Some(target), method }, parameters);
            }
            None => {
                self.debug_call(id, 15004, "a URL must be absolute where TwiML came with a request");
                self.document_failed(id, 15004, None);
            }
        }
    }

    fn reject(&mut self, id: CallId, reject: &Reject) -> Flow {
        let rings =
            self.calls.get(id).is_some_and(|call| call.status == CallStatus::Ringing && !call.is_outbound());
        let ending = match (rings, reject.reason) {
            (false, _) => Ending::COMPLETED,
            (true, Some(RejectReason::Busy)) => Ending::BUSY,
            (true, _) => Ending::REJECTED,
        };
        self.end_call(id, ending, HungUpBy::Twiml);
        Flow::Wait
    }

    /// Sends a text during the call; with an action, its answer is the next document.
    fn text_meanwhile(&mut self, id: CallId, sms: &Sms) -> Flow {
        let Some(call) = self.calls.get(id) else { return Flow::Wait };
        let (account, sid) = (call.account.clone(), call.sid.clone());
        let to = sms.to.clone().unwrap_or_else(|| call.far_number().to_owned());
        let from = sms.from.clone().unwrap_or_else(|| call.near_number().to_owned());
        let source = self.player_mut(id).map(|player| player.source.clone()).unwrap_or_default();
        let message = match message_checks::reply(self, &account, &from, &to, &sms.body, &[]) {
            Err(refusal) => {
                self.debug(refusal.code, Some(&sid), refusal.message);
                None
            }
            Ok(to) => {
                let mut draft = Draft::reply(account, Origin::Reply, from, to, sms.body.clone());
                draft.status_callback = sms.status_callback.as_deref().and_then(|url| source.resolve(url));
                let id = self.create(draft);
                self.messages.get(id).map(|message| message.sid.clone())
            }
        };
        match &sms.action {
            None => Flow::Next,
            Some(action) => {
                let status = if message.is_some() { MessageStatus::Sent } else { MessageStatus::Failed };
                let parameters = self.parameters_with(id, |call| {
                    SmsAction { call, sms_sid: message, sms_status: Some(status) }.to_pairs()
                });
                self.go_to(id, Some(action), sms.method, parameters);
                Flow::Wait
            }
        }
    }
}

/// A verb as it is written in a document.
fn written(verb: &Verb) -> String {
    let document = Document::of([verb.clone()]).to_xml();
    let begin = document.find("<Response>").map_or(0, |at| at + "<Response>".len());
    let end = document.rfind("</Response>").unwrap_or(document.len());
    document.get(begin..end).unwrap_or_default().to_owned()
}

/// Whether a verb answers a call that rings.
fn answers(verb: &Verb) -> bool {
    match verb {
        Verb::Reject(_) | Verb::Pause(_) | Verb::Hangup(_) => false,
        Verb::Dial(dial) => dial.answer_on_bridge != Some(true),
        _ => true,
    }
}

fn paused(pause: &Pause) -> Item {
    Item::Pause { ms: u64::from(pause.length_s.unwrap_or(1)) * 1_000 }
}

/// Adds what is said to an utterance, with the pauses and the pace of its tags.
fn speak(content: &[Spoken], pace: Pace, utterance: &mut Utterance) {
    for piece in content {
        match piece {
            Spoken::Text(text) => utterance.say(text, pace),
            Spoken::Tag(tag) => speak_tag(tag, pace, utterance),
        }
    }
}

fn speak_tag(tag: &Ssml, pace: Pace, utterance: &mut Utterance) {
    match tag {
        Ssml::Break(pause) => {
            let ms = pause.time.as_deref().and_then(parse_time).unwrap_or(strength_ms(pause.strength));
            utterance.pause(ms.min(BREAK_MS_MAX));
        }
        Ssml::Emphasis(emphasis) => speak(&emphasis.content, pace, utterance),
        Ssml::Lang(lang) => speak(&lang.content, pace, utterance),
        Ssml::P(paragraph) => {
            speak(&paragraph.content, pace, utterance);
            utterance.pause(strength_ms(Some(Strength::ExtraStrong)));
        }
        Ssml::S(sentence) => {
            speak(&sentence.content, pace, utterance);
            utterance.pause(strength_ms(Some(Strength::Strong)));
        }
        Ssml::Prosody(prosody) => speak(&prosody.content, paced(prosody, pace), utterance),
        Ssml::W(word) => speak(&word.content, pace, utterance),
        Ssml::Phoneme(phoneme) => utterance.say(&phoneme.word, pace),
        Ssml::SayAs(said) => utterance.say(&said.words, pace),
        Ssml::Sub(sub) => utterance.say(sub.alias.as_deref().unwrap_or(&sub.words), pace),
    }
}

/// The pace of `rate`: a word, or a share of the ordinary one.
fn paced(prosody: &Prosody, pace: Pace) -> Pace {
    let percent = match prosody.rate.as_deref() {
        Some("x-slow") => 50,
        Some("slow") => 75,
        Some("fast") => 125,
        Some("x-fast") => 150,
        Some(share) => share.strip_suffix('%').and_then(|share| share.parse().ok()).unwrap_or(100),
        None => 100,
    };
    Pace { words_per_minute: (pace.words_per_minute * u32::clamp(percent, 20, 200) / 100).max(1) }
}

fn strength_ms(strength: Option<Strength>) -> u32 {
    match strength {
        Some(Strength::None | Strength::ExtraWeak) => 0,
        Some(Strength::Weak) => 200,
        None | Some(Strength::Medium) => 400,
        Some(Strength::Strong) => 700,
        Some(Strength::ExtraStrong) => 1_200,
    }
}

/// `500ms` or `2s`.
fn parse_time(text: &str) -> Option<u32> {
    let (number, unit) = match text.strip_suffix("ms") {
        Some(number) => (number, 1.0),
        None => (text.strip_suffix('s')?, 1_000.0),
    };
    let number: f64 = number.trim().parse().ok()?;
    let ms = number * unit;
    // Within bounds, so that nothing is cut off by the conversion.
    (0.0..=f64::from(u32::MAX)).contains(&ms).then_some(ms as u32)
}
