//! `<Enqueue>` and `<Leave>`: calls that wait in a queue, and those who take them out of it.

use jiff::Timestamp;
use twilio::HttpMethod;
pub(crate) use twilio::call::QueueResult;
use twilio::call::{EnqueueAction, QueueWait};
use twilio::form::Pairs;
use twilio::sid::Sid;
use twilio::voice_twiml::Enqueue;

use super::far::elapsed_ms;
use super::playback::{Item, Playback};
use super::player::Flow;
use super::{CallId, Doing, Player, Role, Source, Told};
use crate::call_queues::Member;
use crate::journal::Purpose;
use crate::world::World;

/// A call that waits in a queue.
#[derive(Debug, Clone)]
pub(crate) struct Waiting {
    enqueue: Enqueue,
    pub(crate) queue: Sid,
    entered: Timestamp,
    /// What is asked for to be heard meanwhile; music without it.
    pub(crate) wait: Option<Source>,
    /// Somebody has taken it, and talks with it.
    pub(crate) is_taken: bool,
}

impl World {
    pub(crate) fn enqueue(&mut self, id: CallId, enqueue: Enqueue) -> Flow {
        let now = self.now;
        let Some(call) = self.calls.get(id) else { return Flow::Wait };
        let (account, call_sid) = (call.account.clone(), call.sid.clone());
        if enqueue.workflow_sid.is_some() {
            self.debug_call(id, 14220, "there is no TaskRouter here, so that its workflows take no calls");
            return Flow::Next;
        }
        let Some(player) = self.player_mut(id) else { return Flow::Wait };
        if player.role != Role::Main {
            self.debug_call(id, 12200, "only a call's own document can enter a queue");
            return Flow::Next;
        }
        let source = player.source.clone();
        let wait = enqueue.wait_url.as_deref().filter(|url| !url.is_empty()).and_then(|url| {
            let url = source.resolve(url)?;
            Some(Source { url: Some(url), method: enqueue.wait_url_method.unwrap_or_default() })
        });
        let queue = self.queue_named(&account, &enqueue.name, enqueue.max_queue_size);
        let waiting =
            Waiting { enqueue, queue: queue.clone(), entered: now, wait: wait.clone(), is_taken: false };
        if let Some(player) = self.player_mut(id) {
            player.doing = Doing::Queued(Box::new(waiting));
        }
        let Some(there) = self.call_queues.get_mut(&queue) else { return Flow::Wait };
        if there.members.len() >= there.size_max as usize {
            self.left_queue(id, QueueResult::QueueFull);
            return Flow::Wait;
        }
        there.members.push_back(Member { call: id, call_sid, entered: now });
        let place = there.friendly_name.clone();
        self.note(id, Told::Entered { place });
        self.begin_waiting(id, Role::QueueWait, wait);
        self.serve_queue(&queue);
        Flow::Wait
    }

    /// Lets a call that waits hear a document, or music.
    pub(crate) fn begin_waiting(&mut self, id: CallId, role: Role, wait: Option<Source>) {
        let Some(live) = self.calls.live_mut(id) else { return };
        live.players.push(Player::new(role, Source::default()));
        match wait {
            Some(wait) => {
                let parameters = self.waiting_parameters(id);
                self.request_document(id, wait, parameters);
            }
            None => {
                if let Some(player) = self.player_mut(id) {
                    player.doing = Doing::Playing;
                }
                self.play(id, Playback::of([Item::Music]));
            }
        }
    }

    /// Takes away what a call hears while it waits.
    pub(crate) fn end_waiting(&mut self, id: CallId) {
        while self.player_mut(id).is_some_and(|player| player.role.is_aside()) {
            self.interrupt(id);
            if let Some(live) = self.calls.live_mut(id) {
                live.players.pop();
            }
        }
    }

    /// The document that a call in a queue hears is over: it is asked for again.
    pub(crate) fn waited_through(&mut self, id: CallId) {
        let wait = self.waiting(id).and_then(|waiting| waiting.wait.clone());
        let Some(wait) = wait else { return };
        let parameters = self.waiting_parameters(id);
        self.request_document(id, wait, parameters);
    }

    /// What a call hears while it waits cannot be had.
    pub(crate) fn wait_with_music(&mut self, id: CallId) {
        let Some(player) = self.player_mut(id) else { return };
        player.verbs.clear();
        player.doing = Doing::Playing;
        self.play(id, Playback::of([Item::Music]));
    }

    pub(crate) fn waiting(&self, id: CallId) -> Option<&Waiting> {
        self.calls.live(id)?.players.iter().find_map(|player| match &player.doing {
            Doing::Queued(waiting) => Some(waiting.as_ref()),
            _ => None,
        })
    }

    fn waiting_parameters(&self, id: CallId) -> Pairs {
        let Some(waiting) = self.waiting(id) else { return Pairs::new() };
        let Some(queue) = self.call_queues.get(&waiting.queue) else { return Pairs::new() };
        let count = |count: u64| Some(u32::try_from(count).unwrap_or(u32::MAX));
        self.parameters_with(id, |call| {
            let wait = QueueWait {
                call,
                queue_sid: Some(queue.sid.clone()),
                queue_position: count(queue.position(id).unwrap_or(0) as u64),
                queue_time_s: count(elapsed_ms(waiting.entered, self.now) / 1_000),
                avg_queue_time_s: count(queue.average_wait_s(self.now)),
                current_queue_size: count(queue.members.len() as u64),
            };
            wait.to_pairs()
        })
    }

    pub(crate) fn leave(&mut self, id: CallId) -> Flow {
        match self.player_mut(id).map(|player| player.role) {
            Some(Role::QueueWait) => {
                self.left_queue(id, QueueResult::Leave);
                Flow::Wait
            }
            _ => {
                self.debug_call(id, 12200, "<Leave> means nothing outside of a queue");
                Flow::Next
            }
        }
    }

    /// A wait is over: its action is asked what comes next, or the next verb follows.
    pub(crate) fn left_queue(&mut self, id: CallId, result: QueueResult) {
        self.end_waiting(id);
        let Some(player) = self.player_mut(id) else { return };
        if !matches!(player.doing, Doing::Queued(_)) {
            return;
        }
        let Doing::Queued(waiting) = std::mem::replace(&mut player.doing, Doing::Nothing) else { return };
        let parameters = self.leave_place(id, &waiting, result);
        let action = waiting.enqueue.action.as_deref().filter(|action| !action.is_empty());
        match action {
            Some(action) => self.go_to(id, Some(action), waiting.enqueue.method, parameters),
            None => self.proceed(id),
        }
    }

    /// A call that waits is hung up, or led elsewhere; its action hears of it, and what it answers changes
    /// nothing.
    pub(crate) fn lost_from_queue(
        &mut self,
        id: CallId,
        waiting: &Waiting,
        source: &Source,
        result: QueueResult,
    ) {
        let parameters = self.leave_place(id, waiting, result);
        let action = waiting.enqueue.action.as_deref().filter(|action| !action.is_empty());
        let Some(url) = action.and_then(|action| source.resolve(action)) else { return };
        let method: HttpMethod = waiting.enqueue.method.unwrap_or_default();
        self.tell(id, Purpose::CallDocument, &url, method, parameters);
    }

    /// Takes a call out of its queue, and gives what its action is told.
    fn leave_place(&mut self, id: CallId, waiting: &Waiting, result: QueueResult) -> Pairs {
        let now = self.now;
        let place = match self.call_queues.get_mut(&waiting.queue) {
            Some(queue) => {
                queue.members.retain(|member| member.call != id);
                queue.updated = now;
                queue.friendly_name.clone()
            }
            None => String::new(),
        };
        self.note(id, Told::Left { place });
        self.note(id, Told::Ended { verb: "Enqueue".to_owned(), how: result.as_str().to_owned() });
        let seconds = elapsed_ms(waiting.entered, now) / 1_000;
        self.parameters_with(id, |call| {
            let action = EnqueueAction {
                call,
                queue_sid: Some(waiting.queue.clone()),
                queue_result: result,
                queue_time_s: Some(u32::try_from(seconds).unwrap_or(u32::MAX)),
            };
            action.to_pairs()
        })
    }

    /// A request leads a call that waits elsewhere; false where it does not wait.
    pub(crate) fn dequeue(&mut self, id: CallId, url: &str, method: HttpMethod) -> bool {
        if self.waiting(id).is_none_or(|waiting| waiting.is_taken) {
            return false;
        }
        self.lead(id, super::Instructions::Url { url: url.to_owned(), method });
        true
    }
}
