//! Takes in texts from people: stop words first, then the run that waits, then triggers.

use crate::advance::{Attempt, Change, Taken, TryError, until_stored};
use crate::error::{HostError, StartError};
use crate::ids::new_id;
use crate::live::LiveEvent;
use crate::plan::Step;
use crate::work::Host;
use engine::event::{Event, Reply, Start, StartedBy};
use engine::id::{MessageId, RunId, TaskId};
use engine::keyword::Keyword;
use engine::message::{
    Channel, Content, Direction, Message, MessageEvent, MessageEventKind, Progress, Receipt, SidSource,
    State, Status,
};
use engine::run::{ReplyRoute, Run};
use engine::sending::MessageClass;
use engine::words::same_words;
use engine::workflow::{IncomingMessageTrigger, Trigger};
use jiff::Timestamp;
use store::record::{
    Guarded, StoredConversation, Suppression, SuppressionReason, Task, TaskKind, WebhookRecord,
};
use store::{Birth, Commit, Conflict, Insert, Writes};

/// A text from a person.
#[derive(Clone, Debug, PartialEq)]
pub struct InboundText {
    pub credential: String,
    pub sid: String,
    pub channel: Channel,
    /// The person's address, without a channel prefix.
    pub from: String,
    /// The number of ours, without a channel prefix.
    pub to: String,
    pub service: Option<String>,
    pub content: Content,
    pub profile_name: Option<String>,
    /// What the provider's own opt-out made of it, where that is switched on.
    pub keyword: Option<Keyword>,
    pub receipt: Receipt,
    /// When the person said it, where the text comes late; nothing: now.
    pub said_at: Option<Timestamp>,
    /// Parameters of the webhook that hold what the person said: they are not kept where it is sensitive.
    pub said_in: &'static [&'static str],
}

/// What became of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    pub message: MessageId,
    /// It came before; nothing happened now.
    pub repeated: bool,
    /// In a few words.
    pub event: String,
}

impl Host {
    /// Stores a text and lets it have its effect, once. A webhook that is given is stored in the same
    /// transaction.
    ///
    /// # Errors
    /// Where the database refuses; the provider is then to ask again.
    pub async fn receive_text(
        &self,
        text: InboundText,
        webhook: Option<WebhookRecord>,
    ) -> Result<Received, HostError> {
        let _busy = self.activity().begin();
        let received = until_stored!("text", self.try_receive(&text, webhook.clone()).await)?;
        if !received.repeated {
            let (message, contact) = (received.message.to_string(), text.from.clone());
            self.live().tell(|| LiveEvent::TextReceived { message, contact });
            self.wake();
        }
        Ok(received)
    }

    async fn try_receive(&self, text: &InboundText, webhook: Option<WebhookRecord>) -> Attempt<Received> {
        if let Some(known) = self.store().find_by_sid::<Message>(&text.credential, &text.sid).await? {
            let event = format!("{} again", known.value.id);
            if let Some(webhook) = webhook {
                self.store().put_webhook(WebhookRecord { event: event.clone(), ..webhook }).await?;
            }
            return Ok(Received { message: known.value.id, repeated: true, event });
        }
        let now = self.now();
        let message = received_message(text, now);
        let said_at = text.said_at.map_or(now, |at| at.min(now));
        let reply = Reply { received_at: said_at, ..reply_of(text, &message) };
        let draft = Draft { message, reply, webhook, now, said_at };
        match self.meaning(text).await? {
            Meaning::OptOut => self.try_opt_out(text, draft).await,
            Meaning::OptIn => {
                let words = "opted in".to_owned();
                let mut commit = draft.commit(text, &words);
                commit.unsuppress.push((text.channel, text.from.clone(), draft.said_at));
                self.store().commit(commit).await?;
                Ok(draft.received(words))
            }
            Meaning::Help => {
                let words = "help, answered by the provider".to_owned();
                self.store().commit(draft.commit(text, &words)).await?;
                Ok(draft.received(words))
            }
            Meaning::Reply { opts_in } => self.try_reply(text, draft, opts_in).await,
        }
    }

    async fn meaning(&self, text: &InboundText) -> Result<Meaning, HostError> {
        let button = text.content.button.as_ref().map(|button| button.text.as_str());
        let body = text
            .content
            .body
            .as_deref()
            .filter(|body| !body.trim().is_empty())
            .or(button)
            .unwrap_or_default();
        Ok(match text.keyword.or_else(|| Keyword::of(body)) {
            Some(Keyword::Stop) => Meaning::OptOut,
            Some(Keyword::Help) => Meaning::Help,
            Some(Keyword::Start) => {
                let suppressed = self.store().suppression(text.channel, &text.from).await?.is_some();
                let yes = body.trim().eq_ignore_ascii_case("yes");
                if suppressed && !yes { Meaning::OptIn } else { Meaning::Reply { opts_in: suppressed } }
            }
            None => Meaning::Reply { opts_in: false },
        })
    }

    /// Suppresses the person at once; runs that wait for them are told by tasks of the same commit.
    async fn try_opt_out(&self, text: &InboundText, draft: Draft) -> Attempt<Received> {
        let routes = self.store().reply_routes(text.channel, &text.from).await?;
        let mut runs: Vec<RunId> = routes.into_iter().map(|(run, _)| run).collect();
        runs.sort();
        runs.dedup();
        let words = "opted out".to_owned();
        let mut commit = draft.commit(text, &words);
        commit.suppress.push(Suppression {
            channel: text.channel,
            address: text.from.clone(),
            reason: SuppressionReason::Stop,
            since: draft.said_at,
        });
        self.end_for_opt_out(&mut commit, text).await?;
        for run in runs {
            let event = Event::OptedOut { channel: text.channel, contact: text.from.clone() };
            commit.new_tasks.push(Task {
                id: TaskId::from_trusted(new_id(TaskId::PREFIX)),
                kind: TaskKind::Deliver { run, event: Box::new(event) },
                due_at: draft.now,
                attempts: 0,
            });
        }
        self.store().commit(commit).await?;
        Ok(draft.received(words))
    }

    /// Gives the text to the conversation or the run that waits latest, else to the workflows that texts start.
    async fn try_reply(&self, text: &InboundText, draft: Draft, opts_in: bool) -> Attempt<Received> {
        let senders = self.directory().answering(&text.credential, &text.to, text.service.as_deref());
        let mut routes = self.store().reply_routes(text.channel, &text.from).await?;
        // What somebody said before they were asked is no answer, as far as two clocks can tell.
        let asked_by = draft.said_at + engine::matching::CLOCK_TOLERANCE;
        routes.retain(|(_, route)| senders.contains(&route.sender) && route.since <= asked_by);
        let conversations = self.conversations_answered(text, &senders, asked_by).await?;
        let mut takers: Vec<Taker> = routes.into_iter().map(|(run, route)| Taker::Run(run, route)).collect();
        takers.extend(conversations.into_iter().map(|row| Taker::Conversation(Box::new(row))));
        takers.sort_by_key(|taker| std::cmp::Reverse(taker.precedence()));
        for taker in takers {
            let words = format!("reply to {}", taker.name());
            let mut commit = draft.commit(text, &words);
            if opts_in {
                commit.unsuppress.push((text.channel, text.from.clone(), draft.said_at));
            }
            let run = match taker {
                Taker::Run(run, _) => run,
                Taker::Conversation(row) => {
                    if self.try_answer(text, &draft, *row, commit).await? {
                        return Ok(draft.received(words));
                    }
                    continue;
                }
            };
            let Some(loaded) = self.takes(&run, &draft.reply).await? else { continue };
            let event = Event::ReplyReceived { reply: draft.reply.clone() };
            // With the run as it was judged: if it changed meanwhile, all of this is decided anew.
            let change = Change { commit, tell: Some((run, event)), hint: Some(loaded) };
            return match self.try_change(change).await? {
                Taken::Yes => Ok(draft.received(words)),
                Taken::No => Ok(draft.received("in the inbox".into())),
            };
        }
        self.try_trigger(text, draft, opts_in).await
    }

    /// The run as it is stored, if it takes this reply.
    async fn takes(&self, run: &RunId, reply: &Reply) -> Result<Option<Guarded<Run>>, HostError> {
        let Some(loaded) = self.store().run(run).await? else { return Ok(None) };
        let workflow = self.catalogue().version(&loaded.value.workflow, loaded.value.version).await?;
        let event = Event::ReplyReceived { reply: reply.clone() };
        let taken = engine::resume(&workflow, loaded.value.clone(), event, self.now()).is_ok();
        Ok(taken.then_some(loaded))
    }

    async fn try_trigger(&self, text: &InboundText, draft: Draft, opts_in: bool) -> Attempt<Received> {
        let mut steps = Vec::new();
        for (version, workflow) in self.catalogue().incoming() {
            let Trigger::IncomingMessage(trigger) = &workflow.trigger else { continue };
            if !self.triggers(trigger, text) {
                continue;
            }
            let run = RunId::from_trusted(new_id(RunId::PREFIX));
            let start = Start {
                input: serde_json::Map::new(),
                by: StartedBy::Trigger,
                message: Some(draft.reply.clone()),
                call: None,
            };
            let key = format!("text|{}|{}|{}", text.credential, text.sid, workflow.name);
            match self.first_step(&workflow, version, run, start, Some(key)) {
                Ok(step) => steps.push(step),
                Err(StartError::BadInput(problems)) => {
                    tracing::warn!(workflow = workflow.name, ?problems, "an incoming text cannot start it");
                }
                Err(error) => {
                    tracing::warn!(
                        workflow = workflow.name,
                        error = &error as &dyn std::error::Error,
                        "not started"
                    );
                }
            }
        }
        let words = match steps.as_slice() {
            [] => "in the inbox".to_owned(),
            steps => {
                let runs: Vec<_> = steps.iter().map(|step| step.advance.run.id.to_string()).collect();
                format!("started {}", runs.join(", "))
            }
        };
        let mut commit = draft.commit(text, &words);
        if opts_in {
            commit.unsuppress.push((text.channel, text.from.clone(), draft.said_at));
        }
        let last = steps.pop();
        for step in steps {
            self.start_once(step).await?;
        }
        // The text's own commit comes last: until then it is asked for again, and keys prevent
        // a second start.
        match last {
            Some(step) => match self.commit_step(commit.clone(), Some(step)).await {
                // An earlier try started it; only the text itself is still to be stored.
                Err(TryError::Conflict(Conflict::DuplicateRun)) => self.store().commit(commit).await?,
                other => other?,
            },
            None => self.store().commit(commit).await?,
        }
        Ok(draft.received(words))
    }

    async fn start_once(&self, step: Step) -> Attempt<()> {
        match self.commit_step(Commit::default(), Some(step)).await {
            Err(TryError::Conflict(Conflict::DuplicateRun)) => Ok(()),
            other => other,
        }
    }

    fn triggers(&self, trigger: &IncomingMessageTrigger, text: &InboundText) -> bool {
        let directory = self.directory();
        let channel = trigger.channel.is_none_or(|channel| channel == text.channel);
        let names = directory.names(&text.credential, &text.to);
        let to = trigger.to.is_empty()
            || trigger.to.iter().any(|to| {
                *to == text.to
                    || text.service.as_ref() == Some(to)
                    || names.iter().any(|n| n.eq_ignore_ascii_case(to))
            });
        let body = text.content.body.as_deref().unwrap_or_default();
        let is_said = trigger.words.iter().any(|word| same_words(word, body));
        channel && to && (trigger.words.is_empty() || is_said)
    }
}

enum Meaning {
    OptOut,
    OptIn,
    Help,
    Reply { opts_in: bool },
}

/// Who may have waited for a text.
enum Taker {
    Run(RunId, ReplyRoute),
    Conversation(Box<Guarded<StoredConversation>>),
}

impl Taker {
    /// Whoever waits latest comes first; after those that wait, the run that wrote latest.
    fn precedence(&self) -> (Option<Timestamp>, Timestamp) {
        match self {
            Taker::Run(_, route) => (route.waiting_since, route.since),
            Taker::Conversation(row) => (row.value.asked_at, row.value.conversation.started_at),
        }
    }

    fn name(&self) -> String {
        match self {
            Taker::Run(run, _) => run.to_string(),
            Taker::Conversation(row) => row.value.conversation.id.to_string(),
        }
    }
}

/// A text that is about to be stored.
pub(crate) struct Draft {
    message: Message,
    reply: Reply,
    webhook: Option<WebhookRecord>,
    now: Timestamp,
    said_at: Timestamp,
}

impl Draft {
    fn commit(&self, text: &InboundText, words: &str) -> Commit {
        let event =
            MessageEvent { of: self.message.id.clone(), at: self.now, kind: MessageEventKind::Received };
        let sender = text.service.clone().unwrap_or_else(|| text.to.clone());
        Commit {
            messages: Writes {
                new: vec![Insert { value: self.message.clone(), birth: Birth::Settled }],
                events: vec![event],
                ..Writes::default()
            },
            inbound_seen: vec![
                (text.channel, text.from.clone(), text.to.clone(), self.said_at),
                (text.channel, text.from.clone(), sender, self.said_at),
            ],
            webhook: self.webhook.clone().map(|webhook| WebhookRecord { event: words.to_owned(), ..webhook }),
            ..Commit::default()
        }
    }

    pub(crate) fn reply(&self) -> &Reply {
        &self.reply
    }

    fn received(&self, event: String) -> Received {
        Received { message: self.message.id.clone(), repeated: false, event }
    }
}

fn received_message(text: &InboundText, now: Timestamp) -> Message {
    Message {
        id: MessageId::from_trusted(new_id(MessageId::PREFIX)),
        direction: Direction::Inbound,
        channel: text.channel,
        credential: text.credential.clone(),
        from: Some(text.from.clone()),
        service: text.service.clone(),
        to: text.to.clone(),
        content: text.content.clone(),
        goes_as: None,
        class: MessageClass::default(),
        origin: None,
        conversation: None,
        progress: Progress {
            status: Some(Status::Received),
            sid: Some(text.sid.clone()),
            sid_source: Some(SidSource::Callback),
            ..Progress::new(State::Received)
        },
        receipt: text.receipt.clone(),
        created_at: now,
        updated_at: now,
    }
}

fn reply_of(text: &InboundText, message: &Message) -> Reply {
    Reply {
        message: message.id.clone(),
        channel: text.channel,
        contact: text.from.clone(),
        sender: text.to.clone(),
        service: text.service.clone(),
        content: text.content.clone(),
        profile_name: text.profile_name.clone(),
        received_at: message.created_at,
    }
}
