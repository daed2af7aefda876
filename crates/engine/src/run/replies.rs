//! Replies: whose belong to a run, which are kept for later, and what they leave in the variables.

use super::blocks::wait_for_reply;
use super::fault::FaultCode;
use super::log::LogKind;
use super::machine::{Machine, Turn};
use super::{Person, Refused, ReplyRoute};
use crate::event::Reply;
use crate::keyword::Keyword;
use crate::limits::REPLIES_KEPT_MAX;
use crate::message::Channel;
use crate::workflow::BlockKind;
use serde_json::{Map, Value, json};

/// The variable that holds the text of the latest reply.
pub const REPLY_TEXT_VARIABLE: &str = "SMS reply";
/// The variable that holds everything of the latest reply.
pub const REPLY_VARIABLE: &str = "reply";

impl Machine<'_> {
    pub(super) fn reply_received(&mut self, reply: Reply) -> Result<(), Refused> {
        if !self.belongs(reply.channel, &reply.contact) || self.is_known(&reply) {
            return Err(Refused::NotAwaited);
        }
        match Keyword::of(reply.text()) {
            Some(Keyword::Stop) => return self.opted_out(reply.channel, &reply.contact),
            Some(Keyword::Help) => return Err(Refused::NotAwaited),
            Some(Keyword::Start) | None => {}
        }
        if let Some((index, block)) = self.standing()
            && let BlockKind::WaitForReply(wait) = &block.kind
        {
            if let Some(timer) = self.standing_timer() {
                self.cancel_timer(timer);
            }
            let turn = wait_for_reply::taken(self, block, wait, reply);
            self.go_on(index, turn);
            return Ok(());
        }
        if self.run.replies.len() >= REPLIES_KEPT_MAX {
            let code = FaultCode::TooManyReplies.name().to_owned();
            let message = format!("a reply is dropped: {REPLIES_KEPT_MAX} others are kept already");
            self.note(LogKind::Problem { code, message });
            return Ok(());
        }
        self.note(LogKind::ReplyKept { message: reply.message.to_string() });
        self.run.replies.push(reply);
        Ok(())
    }

    /// Somebody said no: their replies do not belong to the run any more, and a wait in which
    /// nobody is left who could answer is over.
    pub(super) fn opted_out(&mut self, channel: Channel, contact: &str) -> Result<(), Refused> {
        if !self.belongs(channel, contact) {
            return Err(Refused::NotAwaited);
        }
        self.note(LogKind::PersonOptedOut { contact: contact.to_owned() });
        self.run.routes.retain(|route| !(route.channel == channel && route.contact == contact));
        self.run.opted_out.push(Person { channel, contact: contact.to_owned() });
        if let Some((index, block)) = self.standing()
            && matches!(block.kind, BlockKind::WaitForReply(_))
            && self.run.routes.is_empty()
        {
            if let Some(timer) = self.standing_timer() {
                self.cancel_timer(timer);
            }
            self.go_on(index, Turn::Fail(wait_for_reply::nobody_left()));
        }
        Ok(())
    }

    /// From now on this person's replies belong to the run.
    pub(super) fn open_route(&mut self, channel: Channel, contact: &str, sender: &str) {
        self.run.opted_out.retain(|person| !(person.channel == channel && person.contact == contact));
        let same = |route: &ReplyRoute| {
            route.channel == channel && route.contact == contact && route.sender == sender
        };
        if !self.run.routes.iter().any(same) {
            self.run.routes.push(ReplyRoute {
                channel,
                contact: contact.to_owned(),
                sender: sender.to_owned(),
                since: self.now,
                waiting_since: None,
            });
        }
    }

    /// Says since when the run waits for its routes, and drops them once no `waitForReply` can be reached.
    pub(super) fn keep_routes(&mut self) {
        let run = &mut self.run;
        if run.routes.is_empty() && run.replies.is_empty() && run.opted_out.is_empty() {
            return;
        }
        let Some(position) = &run.position else { return };
        let Some((index, block)) = self.workflow.block(&position.block) else { return };
        if !self.workflow.reaches_reply(index) {
            run.routes.clear();
            run.replies.clear();
            run.opted_out.clear();
            return;
        }
        let waiting_since = matches!(block.kind, BlockKind::WaitForReply(_)).then_some(position.since);
        run.routes.iter_mut().for_each(|route| route.waiting_since = waiting_since);
    }

    /// Writes a reply into the variables. `understood` is what an answer's kind made of it.
    pub(super) fn record_reply(&mut self, reply: &Reply, understood: Option<Value>) {
        let taken = &mut self.run.taken;
        taken.push(reply.message.clone());
        if taken.len() > REPLIES_KEPT_MAX {
            taken.remove(0);
        }
        self.set(REPLY_TEXT_VARIABLE, Value::from(reply.text()));
        self.set(REPLY_VARIABLE, reply_value(reply, understood));
    }

    fn belongs(&self, channel: Channel, contact: &str) -> bool {
        self.run.routes.iter().any(|route| route.channel == channel && route.contact == contact)
    }

    fn is_known(&self, reply: &Reply) -> bool {
        self.run.taken.contains(&reply.message)
            || self.run.replies.iter().any(|kept| kept.message == reply.message)
    }
}

fn reply_value(reply: &Reply, understood: Option<Value>) -> Value {
    let content = &reply.content;
    let media =
        content.media.iter().map(|media| json!({"url": media.url, "contentType": media.content_type}));
    let button = content.button.as_ref().map(|b| json!({"text": b.text, "payload": b.payload}));
    let location = content.location.as_ref().map(|place| {
        json!({
            "latitude": place.latitude,
            "longitude": place.longitude,
            "label": place.label,
            "address": place.address,
        })
    });
    let mut value = Map::new();
    value.insert("text".into(), reply.text().into());
    value.insert("value".into(), understood.unwrap_or(Value::Null));
    value.insert("media".into(), media.collect());
    value.insert("button".into(), button.unwrap_or(Value::Null));
    value.insert("location".into(), location.unwrap_or(Value::Null));
    value.insert("from".into(), reply.contact.as_str().into());
    value.insert("to".into(), reply.sender.as_str().into());
    value.insert("channel".into(), reply.channel.as_str().into());
    value.insert("name".into(), reply.profile_name.as_deref().into());
    value.insert("at".into(), reply.received_at.to_string().into());
    Value::Object(value)
}
