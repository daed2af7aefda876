//! Texts and calls as two kinds of one thing: what the host must know of each to hand it over once.

use crate::advance::Attempt;
use crate::carrier::{Carrier, Listing, Lookup, Provided, ProvidedCall, SendEnd};
use crate::error::HostError;
use crate::live::LiveEvent;
use crate::senders::{Directory, NotResolved};
use crate::settings::{OnUnknown, Settings};
use crate::work::Host;
use engine::call::Call;
use engine::event::{Event, Failure};
use engine::id::RunId;
use engine::matching::{Listed, TextFidelity};
use engine::message::{Channel, Content, GoesAs, Message};
use engine::pacing::Rate;
use jiff::{SignedDuration, Timestamp};
use std::future::Future;
use std::time::Duration;
use store::{Commit, DispatchFacts, Kept};

/// WhatsApp takes free-form texts for this long after the person's last one.
const WINDOW: SignedDuration = SignedDuration::from_hours(24);

/// A text or a call, as it is handed over, looked up and told of.
pub(crate) trait Sendable: Kept {
    /// The name of the counter of ends.
    const SENDS: &'static str;
    /// As the provider lists it.
    type Provided: Send + Sync + 'static;

    fn hand_over(
        &self,
        carrier: &dyn Carrier,
        limit: Duration,
    ) -> impl Future<Output = SendEnd<Self::Report>> + Send;

    /// Why it must not go out as it is, whatever the queue says.
    ///
    /// # Errors
    /// Where that cannot be found out now.
    fn objection(&self, host: &Host) -> impl Future<Output = Result<Option<String>, HostError>> + Send;

    /// What the provider has of this lane.
    fn list_lane(
        &self,
        carrier: &dyn Carrier,
        since: Timestamp,
    ) -> impl Future<Output = Result<Listing<Self::Provided>, String>> + Send;

    fn fetch(
        carrier: &dyn Carrier,
        credential: &str,
        sid: &str,
    ) -> impl Future<Output = Result<Lookup<Self::Provided>, String>> + Send;

    fn report_of(provided: &Self::Provided) -> &Self::Report;

    /// What a list shows of one of ours; nothing for what came to us.
    fn listed(provided: &Self::Provided) -> Option<Listed>;

    /// What the provider's list would show of it, and whether that says anything.
    fn trace(&self, directory: &Directory) -> (String, TextFidelity);

    /// Fills in the sender's address where only its name is known.
    fn resolve(&mut self, directory: &Directory) -> Result<(), NotResolved>;

    fn rate(&self, directory: &Directory) -> Option<Rate>;

    /// How much of the sender's rate it takes.
    fn weight(&self) -> u32;

    /// What goes out instead where the moment asks for something else than what is stored; nothing where it goes
    /// as it is.
    ///
    /// # Errors
    /// Where neither goes, with the reason.
    fn adapted(&self, facts: &DispatchFacts, now: Timestamp) -> Result<Option<Self>, String>;

    /// Keeps in mind what of it goes out, as it is where nothing is adapted; and why that may, for its history.
    fn goes_as(&mut self, adapted: Option<&Self>) -> Option<&'static str>;

    /// What its end makes of the conversation that was held over it, or that it belongs to, joins the same commit.
    /// What the run is then to hear instead of the end itself.
    fn line_ended(
        host: &Host,
        commit: &mut Commit,
        item: &mut Self,
        failure: Option<&Failure>,
    ) -> impl Future<Output = Attempt<Option<(RunId, Event)>>> + Send;

    fn on_unknown(settings: &Settings) -> OnUnknown;

    /// Why it may go out, for its history.
    fn reasons() -> [&'static str; 2];

    fn live(&self) -> LiveEvent;
}

impl Sendable for Message {
    const SENDS: &'static str = "switchboard_sends_total";
    type Provided = Provided;

    async fn hand_over(&self, carrier: &dyn Carrier, limit: Duration) -> SendEnd<Self::Report> {
        carrier.send(self, limit).await
    }

    /// A text is complete, or it was never made.
    async fn objection(&self, _: &Host) -> Result<Option<String>, HostError> {
        Ok(None)
    }

    async fn list_lane(&self, carrier: &dyn Carrier, since: Timestamp) -> Result<Listing<Provided>, String> {
        carrier.list_outbound(self, since).await
    }

    async fn fetch(carrier: &dyn Carrier, credential: &str, sid: &str) -> Result<Lookup<Provided>, String> {
        carrier.fetch(credential, sid).await
    }

    fn report_of(provided: &Provided) -> &Self::Report {
        &provided.report
    }

    fn listed(provided: &Provided) -> Option<Listed> {
        let (sid, body) = (provided.report.sid.clone(), provided.body.clone());
        (!provided.inbound).then_some(Listed { sid, created_at: provided.created_at, body })
    }

    fn trace(&self, directory: &Directory) -> (String, TextFidelity) {
        let content = &self.content;
        let sender = self.service.as_deref().or(self.from.as_deref()).unwrap_or_default();
        let rewritten = content.template.is_some()
            // A place without words goes out with its name as the text.
            || (content.location.is_some() && content.body.is_none())
            || directory.rewrites_text(&self.credential, sender);
        let fidelity = if rewritten { TextFidelity::MayBeRewritten } else { TextFidelity::Kept };
        (content.body.clone().unwrap_or_default(), fidelity)
    }

    fn resolve(&mut self, directory: &Directory) -> Result<(), NotResolved> {
        let from = self.service.clone().or_else(|| self.from.clone()).unwrap_or_default();
        let credential = Some(self.credential.as_str()).filter(|name| !name.is_empty());
        let resolved = directory.resolve(credential, &from, self.channel)?;
        self.credential = resolved.credential;
        (self.from, self.service) = if resolved.service {
            (None, Some(resolved.address))
        } else {
            (Some(resolved.address), self.service.take())
        };
        Ok(())
    }

    fn rate(&self, directory: &Directory) -> Option<Rate> {
        let sender = self.service.as_deref().or(self.from.as_deref()).unwrap_or_default();
        directory.rate(&self.credential, sender, self.channel)
    }

    fn weight(&self) -> u32 {
        let segments = |body| u32::try_from(engine::message::segments(body)).unwrap_or(u32::MAX);
        self.content.body.as_deref().map_or(1, segments)
    }

    /// What WhatsApp's window makes of a text: free form inside, the template outside, or a reason why neither
    /// goes.
    fn adapted(&self, facts: &DispatchFacts, now: Timestamp) -> Result<Option<Message>, String> {
        let content = &self.content;
        let free_form = content.body.is_some() || !content.media.is_empty() || content.location.is_some();
        if self.channel != Channel::WhatsApp || !free_form {
            return Ok(None);
        }
        let open = facts.last_inbound_at.is_some_and(|at| now.duration_since(at) < WINDOW);
        let content = match (&content.template, open) {
            (None, true) => return Ok(None),
            (None, false) => return Err("the person has not written within 24 hours".into()),
            (Some(_), true) => Content { template: None, ..content.clone() },
            (Some(template), false) => Content { template: Some(template.clone()), ..Content::default() },
        };
        Ok(Some(Message { content, ..self.clone() }))
    }

    fn goes_as(&mut self, adapted: Option<&Message>) -> Option<&'static str> {
        self.content.template.as_ref()?;
        let is_text = adapted.is_some_and(|adapted| adapted.content.template.is_none());
        let (goes_as, reason) = if is_text {
            (GoesAs::Text, "the person wrote within 24 hours")
        } else {
            (GoesAs::Template, "a template may go out at any time")
        };
        self.goes_as = Some(goes_as);
        Some(reason).filter(|_| self.channel == Channel::WhatsApp)
    }

    async fn line_ended(
        host: &Host,
        commit: &mut Commit,
        message: &mut Message,
        failure: Option<&Failure>,
    ) -> Attempt<Option<(RunId, Event)>> {
        host.text_failed(commit, message, failure).await
    }

    fn on_unknown(settings: &Settings) -> OnUnknown {
        settings.on_unknown
    }

    fn reasons() -> [&'static str; 2] {
        ["the recipient has not opted out", "no text of its lane is unknown"]
    }

    fn live(&self) -> LiveEvent {
        LiveEvent::message(self)
    }
}

impl Sendable for Call {
    const SENDS: &'static str = "switchboard_calls_placed_total";
    type Provided = ProvidedCall;

    async fn hand_over(&self, carrier: &dyn Carrier, limit: Duration) -> SendEnd<Self::Report> {
        carrier.place(self, limit).await
    }

    async fn objection(&self, host: &Host) -> Result<Option<String>, HostError> {
        host.objection_to(self).await
    }

    async fn list_lane(
        &self,
        carrier: &dyn Carrier,
        since: Timestamp,
    ) -> Result<Listing<ProvidedCall>, String> {
        carrier.list_calls(self, since).await
    }

    async fn fetch(
        carrier: &dyn Carrier,
        credential: &str,
        sid: &str,
    ) -> Result<Lookup<ProvidedCall>, String> {
        carrier.fetch_call(credential, sid).await
    }

    fn report_of(provided: &ProvidedCall) -> &Self::Report {
        &provided.report
    }

    fn listed(provided: &ProvidedCall) -> Option<Listed> {
        let (sid, body) = (provided.report.sid.clone(), String::new());
        (!provided.inbound).then_some(Listed { sid, created_at: provided.created_at, body })
    }

    /// A list does not tell what is said in a call, so alike calls of a lane are told apart by order alone.
    fn trace(&self, _: &Directory) -> (String, TextFidelity) {
        (format!("{:?}", self.plan), TextFidelity::MayBeRewritten)
    }

    fn resolve(&mut self, directory: &Directory) -> Result<(), NotResolved> {
        let credential = Some(self.credential.as_str()).filter(|name| !name.is_empty());
        let from = self.from.as_deref().unwrap_or_default();
        let resolved = directory.resolve(credential, from, Channel::Voice)?;
        (self.credential, self.from) = (resolved.credential, Some(resolved.address));
        Ok(())
    }

    fn rate(&self, directory: &Directory) -> Option<Rate> {
        directory.rate(&self.credential, self.from.as_deref().unwrap_or_default(), Channel::Voice)
    }

    fn weight(&self) -> u32 {
        1
    }

    fn adapted(&self, _: &DispatchFacts, _: Timestamp) -> Result<Option<Call>, String> {
        Ok(None)
    }

    fn goes_as(&mut self, _: Option<&Call>) -> Option<&'static str> {
        None
    }

    async fn line_ended(
        host: &Host,
        commit: &mut Commit,
        call: &mut Call,
        _: Option<&Failure>,
    ) -> Attempt<Option<(RunId, Event)>> {
        host.line_ended(commit, call).await
    }

    fn on_unknown(settings: &Settings) -> OnUnknown {
        settings.on_unknown_calls
    }

    fn reasons() -> [&'static str; 2] {
        ["the person has not asked not to be called", "no call of its lane is unknown"]
    }

    fn live(&self) -> LiveEvent {
        LiveEvent::call(self)
    }
}
