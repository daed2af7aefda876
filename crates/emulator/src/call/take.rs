//! `<Dial><Queue>`: somebody takes the call that waits longest.

use twilio::sid::Sid;
use twilio::voice_twiml::{Dial, Queue};

use super::dial::Dialing;
use super::enqueue::QueueResult;
use super::player::Flow;
use super::{CallId, Doing, Ending, Player, Role, Source, Wake};
use crate::world::World;

/// How long somebody waits for a call to come, where the dial does not say.
const TIMEOUT_S: u32 = 30;

/// A queue that a dial takes calls from.
#[derive(Debug, Clone)]
pub(crate) struct Taking {
    pub(crate) queue: Sid,
    /// What is said to whoever waited, before they are joined.
    pub(crate) whisper: Option<Source>,
}

impl World {
    /// Takes the call that waits longest, now or as soon as one comes.
    pub(crate) fn dial_queue(&mut self, id: CallId, dial: Dial, noun: &Queue) -> Flow {
        let Some(account) = self.calls.get(id).map(|call| call.account.clone()) else { return Flow::Wait };
        let queue = self.queue_named(&account, &noun.name, None);
        let timeout_s = dial.timeout_s.unwrap_or(TIMEOUT_S);
        let Some(player) = self.player_mut(id) else { return Flow::Wait };
        let url = noun.url.as_deref().filter(|url| !url.is_empty());
        let whisper = url.and_then(|url| player.source.resolve(url));
        let method = noun.method.unwrap_or_default();
        let taking =
            Taking { queue: queue.clone(), whisper: whisper.map(|url| Source { url: Some(url), method }) };
        player.doing = Doing::Dialing(Box::new(Dialing::from_queue(dial, taking)));
        if let Some(queue) = self.call_queues.get_mut(&queue) {
            queue.takers.push_back(id);
        }
        self.wake_in(id, Wake::DialTimeout, u64::from(timeout_s) * 1_000);
        self.serve_queue(&queue);
        Flow::Wait
    }

    /// Brings those who wait in a queue and those who take calls from it together.
    pub(crate) fn serve_queue(&mut self, sid: &Sid) {
        loop {
            let Some(queue) = self.call_queues.get_mut(sid) else { return };
            if queue.members.is_empty() || queue.takers.is_empty() {
                return;
            }
            let (Some(member), Some(taker)) = (queue.members.pop_front(), queue.takers.pop_front()) else {
                return;
            };
            self.take_from_queue(taker, member.call);
        }
    }

    fn take_from_queue(&mut self, taker: CallId, member: CallId) {
        self.end_waiting(member);
        self.let_sleep(taker, Wake::DialTimeout);
        if let Some(player) = self.player_mut(member)
            && let Doing::Queued(waiting) = &mut player.doing
        {
            waiting.is_taken = true;
        }
        let Some(dialing) = self.dialing_mut(taker) else { return };
        dialing.answered = Some(member);
        dialing.legs = vec![member];
        let whisper = dialing.taking.as_ref().and_then(|taking| taking.whisper.clone());
        match whisper {
            Some(whisper) => {
                let Some(live) = self.calls.live_mut(member) else { return };
                live.taken_by = Some(taker);
                live.players.push(Player::new(Role::Whisper, Source::default()));
                self.request_document(member, whisper, Vec::new());
            }
            None => self.join_dialed(taker, member),
        }
    }

    /// A call that was joined with another one, or was about to be, is gone from it: the other one goes on.
    pub(crate) fn partner_left(&mut self, id: CallId, gone: CallId) {
        if self.waiting(id).is_some_and(|waiting| waiting.is_taken) {
            if self.calls.live_mut(id).and_then(|live| live.taken_by.take()).is_some() {
                // The whisper is for nobody any more.
                self.interrupt(id);
                if let Some(live) = self.calls.live_mut(id) {
                    live.players.pop();
                }
            }
            return self.left_queue(id, QueueResult::Bridged);
        }
        let took = self
            .dialing_mut(id)
            .is_some_and(|dialing| dialing.taking.is_some() && dialing.answered == Some(gone));
        if took {
            self.leg_ended(id, gone, Ending::COMPLETED);
        }
    }

    /// Somebody does not take calls from a queue any more.
    pub(crate) fn stop_taking(&mut self, id: CallId, dialing: &Dialing) {
        let Some(taking) = &dialing.taking else { return };
        if let Some(queue) = self.call_queues.get_mut(&taking.queue) {
            queue.takers.retain(|taker| *taker != id);
        }
    }
}
