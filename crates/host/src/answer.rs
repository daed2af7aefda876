//! Calls from people that start a run: the run decides what they hear, and both are one commit.

use crate::advance::Attempt;
use crate::ids::new_id;
use crate::plan::Step;
use crate::work::Host;
use engine::call::{Announcement, Call, Detection, Plan, Script};
use engine::conversation::{Apology, apology};
use engine::effect::{Effect, EffectKey};
use engine::event::{Event, Failure, IncomingCall, Start, StartedBy};
use engine::id::RunId;
use engine::outcome::Outcome;
use engine::run::RunStatus;
use engine::sending::Origin;
use engine::workflow::{IncomingCallTrigger, Trigger, Workflow};
use std::sync::Arc;
use store::{Birth, Commit, Insert};

impl Host {
    /// Stores a new call together with the run that it starts, if some workflow waits for it: of several, the first by
    /// name. The call then has what it says.
    pub(crate) async fn store_incoming(&self, mut commit: Commit, mut call: Call) -> Attempt<Call> {
        let Some((version, workflow)) = self.workflow_for(&call) else {
            commit.calls.new.push(Insert { value: call.clone(), birth: Birth::Settled });
            self.store().commit(commit).await?;
            return Ok(call);
        };
        let run = RunId::from_trusted(new_id(RunId::PREFIX));
        let sid = call.progress.sid.clone().unwrap_or_default();
        let start = Start {
            input: serde_json::Map::new(),
            by: StartedBy::Trigger,
            message: None,
            call: Some(IncomingCall {
                call: call.id.clone(),
                from: call.from.clone().unwrap_or_default(),
                to: call.to.clone(),
                credential: call.credential.clone(),
                at: call.created_at,
            }),
        };
        let key = format!("call|{}|{sid}", call.credential);
        let step = match self.first_step(&workflow, version, run.clone(), start, Some(key)) {
            Ok(step) => step,
            Err(error) => {
                tracing::warn!(
                    workflow = workflow.name,
                    error = &error as &dyn std::error::Error,
                    "an incoming call cannot start it"
                );
                commit.calls.new.push(Insert { value: call.clone(), birth: Birth::Settled });
                self.store().commit(commit).await?;
                return Ok(call);
            }
        };
        let step = self.answered_by(step, &workflow, &mut call).await?;
        commit.calls.new.push(Insert { value: call.clone(), birth: Birth::Settled });
        // Where the provider's webhook came twice at once, the other one is stored, and the key of the run tells.
        self.commit_step(commit, Some(step)).await?;
        Ok(call)
    }

    fn workflow_for(&self, call: &Call) -> Option<(u32, Arc<Workflow>)> {
        if call.plan.is_some() {
            return None;
        }
        let directory = self.directory();
        let names = directory.names(&call.credential, &call.to);
        let is_meant = |trigger: &IncomingCallTrigger| {
            let by_name = |to: &String| names.iter().any(|name| name.eq_ignore_ascii_case(to));
            trigger.to.is_empty() || trigger.to.iter().any(|to| *to == call.to || by_name(to))
        };
        self.catalogue().called().into_iter().find(|(_, workflow)| match &workflow.trigger {
            Trigger::IncomingCall(trigger) => is_meant(trigger),
            _ => false,
        })
    }

    /// Gives the call what its run says. Where an agent cannot talk the run hears of it at once, and may answer
    /// otherwise; where nothing answers because the run failed, whoever calls hears an apology.
    async fn answered_by(&self, mut step: Step, workflow: &Workflow, call: &mut Call) -> Attempt<Step> {
        let mut refused = 0;
        loop {
            let answer = answers(&step).nth(refused);
            let Some((key, plan)) = answer else { break };
            call.plan = Some(plan);
            let EffectKey { step: number, n } = key;
            call.origin = Some(Origin { run: step.advance.run.id.clone(), step: number, n });
            let run = step.advance.run.clone();
            let Some(reason) = self.objection_of(call, Some(&run)).await? else { return Ok(step) };
            tracing::error!(call = %call.id, reason, "a call cannot be answered as its workflow says");
            call.plan = None;
            refused += 1;
            let failure = Failure { outcome: Outcome::Failed, code: None, reason };
            let event = Event::AnswerRefused { key, call: Box::new(call.clone()), failure };
            let Ok(mut told) = engine::resume(workflow, run, event, self.now()) else { return Ok(step) };
            let Step { advance, loaded, dedupe_key } = step;
            told.effects.splice(0..0, advance.effects);
            told.log.splice(0..0, advance.log);
            step = Step { advance: told, loaded, dedupe_key };
        }
        if matches!(step.advance.run.status, RunStatus::Failed { .. }) {
            call.plan = Some(apologetic(workflow.defaults.language.as_deref()));
        }
        Ok(step)
    }
}

/// The answers that a step has given to its call, in order.
fn answers(step: &Step) -> impl Iterator<Item = (EffectKey, Plan)> {
    step.advance.effects.iter().filter_map(|effect| match effect {
        Effect::AnswerCall { key, plan } => Some((*key, plan.clone())),
        _ => None,
    })
}

/// A call in which nothing is said but that something went wrong.
fn apologetic(language: Option<&str>) -> Plan {
    let Apology { words, language } = apology(language.unwrap_or("en-US"));
    let said = Announcement { text: Some(words.to_owned()), ..Announcement::default() };
    Plan {
        script: Script::Announcement(said),
        voice: None,
        language: Some(language.to_owned()),
        record: false,
        ring_timeout_s: None,
        duration_max_s: None,
        detection: Detection::Off,
    }
}
