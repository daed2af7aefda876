//! Misbehaviour on request: chances drawn from the seed, and rules for single requests and callbacks.

mod chances;
mod rules;

pub use chances::Chances;
pub use rules::{Action, Condition, Operation, Rule, When};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::random::Random;
use rules::Active;

/// How many rules may stand at once.
pub(crate) const RULES_MAX: usize = 1_000;

/// Everything that goes wrong, as it is set by the fixture or the control API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct FaultSettings {
    pub chances: Chances,
    pub rules: Vec<Rule>,
    /// While it lasts, texts wait before they are sent, and expire by their validity.
    pub carrier_outage: bool,
}

/// Why fault settings are refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultError {
    #[error("{name} must be between 0 and 1")]
    Probability { name: &'static str },
    #[error("the action {action} does not go with the operation {operation}")]
    Mismatch { action: &'static str, operation: &'static str },
    #[error("status {status} is not an HTTP error")]
    Status { status: u16 },
    #[error("at most {RULES_MAX} rules may stand")]
    TooMany,
}

/// What is asked for, as far as rules look at it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts<'a> {
    pub(crate) operation: Operation,
    pub(crate) account: &'a str,
    pub(crate) to: Option<&'a str>,
    pub(crate) from: Option<&'a str>,
    pub(crate) body: Option<&'a str>,
    pub(crate) status: Option<&'a str>,
}

/// The faults of one REST request, in the order in which they strike.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct RequestPlan {
    pub(crate) before: Vec<Strike>,
    /// The message or the call comes into being this long, in domain time, after the connection dropped.
    pub(crate) late_creation_ms: Option<u64>,
    pub(crate) refuse_code: Option<u32>,
    pub(crate) list_lag_ms: u64,
    pub(crate) from_null: bool,
    pub(crate) rewrite: bool,
    pub(crate) after: Vec<Strike>,
}

/// One fault of an answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Strike {
    Answer {
        status: u16,
        code: u32,
        retry_after_s: Option<u32>,
    },
    Slow {
        ms: u64,
    },
    /// Wait until the control API releases it.
    Hold {
        rule: u64,
    },
    Drop,
}

/// The faults of one webhook.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct WebhookPlan {
    pub(crate) lost: bool,
    pub(crate) delay_ms: u64,
    /// How many times more it is sent.
    pub(crate) copies: u32,
    /// It goes out after the next one of the same message or call.
    pub(crate) reordered: bool,
    /// Its answer counts as not given.
    pub(crate) answer_ignored: bool,
}

/// What becomes of a call, whatever the phone does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Fate {
    /// It fails before it rings, with a code in the debugger where there is one.
    pub(crate) fails: Option<Option<u32>>,
    /// Its line breaks so long after it was answered.
    pub(crate) breaks_after_ms: Option<u64>,
}

pub(crate) struct Faults {
    chances: Chances,
    rules: Vec<Active>,
    next_id: u64,
    carrier_outage: bool,
}

impl Faults {
    pub(crate) fn new(settings: FaultSettings) -> Result<Self, FaultError> {
        let mut faults =
            Self { chances: Chances::default(), rules: Vec::new(), next_id: 1, carrier_outage: false };
        faults.set(settings)?;
        Ok(faults)
    }

    /// Replaces everything; refuses everything where one part is wrong.
    pub(crate) fn set(&mut self, settings: FaultSettings) -> Result<(), FaultError> {
        settings.chances.check()?;
        settings.rules.iter().try_for_each(Rule::check)?;
        if settings.rules.len() > RULES_MAX {
            return Err(FaultError::TooMany);
        }
        self.chances = settings.chances;
        self.carrier_outage = settings.carrier_outage;
        self.rules.clear();
        for rule in settings.rules {
            self.add(rule)?;
        }
        Ok(())
    }

    pub(crate) fn set_chances(&mut self, chances: Chances) -> Result<(), FaultError> {
        chances.check()?;
        self.chances = chances;
        Ok(())
    }

    /// Adds a rule after the others and returns its id.
    pub(crate) fn add(&mut self, rule: Rule) -> Result<u64, FaultError> {
        rule.check()?;
        if self.rules.len() == RULES_MAX {
            return Err(FaultError::TooMany);
        }
        let id = self.next_id;
        self.next_id += 1;
        self.rules.push(Active::new(id, rule));
        Ok(id)
    }

    /// Whether there was such a rule.
    pub(crate) fn remove(&mut self, id: u64) -> bool {
        let before = self.rules.len();
        self.rules.retain(|rule| rule.id != id);
        self.rules.len() < before
    }

    pub(crate) fn set_carrier_outage(&mut self, lasts: bool) {
        self.carrier_outage = lasts;
    }

    pub(crate) fn carrier_outage(&self) -> bool {
        self.carrier_outage
    }

    pub(crate) fn chances(&self) -> &Chances {
        &self.chances
    }

    /// The rules that stand, with their ids and how often each has struck.
    pub(crate) fn rules(&self) -> impl Iterator<Item = (u64, &Rule, u64)> {
        self.rules.iter().map(|active| (active.id, &active.rule, active.strikes))
    }

    /// Decides what goes wrong with a REST request.
    pub(crate) fn plan_request(&mut self, facts: &Facts<'_>, random: &mut Random) -> RequestPlan {
        let mut plan = RequestPlan::default();
        self.chances.strike_request(facts.operation, random, &mut plan);
        for (id, action) in self.matching(facts) {
            action.strike_request(id, &mut plan);
        }
        plan
    }

    /// Decides what goes wrong with a webhook.
    pub(crate) fn plan_webhook(&mut self, facts: &Facts<'_>, random: &mut Random) -> WebhookPlan {
        let mut plan = WebhookPlan::default();
        self.chances.strike_webhook(facts.operation, random, &mut plan);
        for (_, action) in self.matching(facts) {
            action.strike_webhook(&mut plan);
        }
        plan
    }

    /// The error code with which a message ends undelivered, where it does.
    pub(crate) fn plan_delivery(&mut self, facts: &Facts<'_>, random: &mut Random) -> Option<u32> {
        let drawn = random.happens(self.chances.carrier_error).then_some(self.chances.carrier_error_code);
        let ruled = self.matching(facts).into_iter().find_map(|(_, action)| match action {
            Action::Fail { code } => Some(code),
            _ => None,
        });
        ruled.or(drawn)
    }

    /// Decides what becomes of a call.
    pub(crate) fn plan_call(&mut self, facts: &Facts<'_>, random: &mut Random) -> Fate {
        let mut fate = self.chances.strike_call(random);
        for (_, action) in self.matching(facts) {
            match action {
                Action::Fail { code } => fate.fails = Some(Some(code)),
                Action::HangUp { after_ms } => fate.breaks_after_ms = Some(after_ms),
                _ => {}
            }
        }
        fate
    }

    fn matching(&mut self, facts: &Facts<'_>) -> Vec<(u64, Action)> {
        let mut actions = Vec::new();
        for active in &mut self.rules {
            if active.strikes_at(facts) {
                actions.push((active.id, active.rule.then.clone()));
            }
        }
        self.rules.retain(|active| !active.is_spent());
        actions
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(operation: Operation) -> Facts<'static> {
        Facts {
            operation,
            account: "AC1",
            to: Some("+15550001"),
            from: None,
            body: Some("Hello there"),
            status: None,
        }
    }

    #[test]
    fn a_rule_passes_over_as_many_as_it_says_and_strikes_as_often_as_it_says() {
        let rule = Rule {
            when: Condition { body_contains: Some("Hello".to_owned()), ..Condition::default() },
            then: Action::Drop { when: When::After },
            skip: 1,
            times: Some(2),
        };
        let mut faults =
            Faults::new(FaultSettings { rules: vec![rule], ..FaultSettings::default() }).unwrap();
        let mut random = Random::new(1);
        let struck: Vec<bool> = (0..5)
            .map(|_| !faults.plan_request(&facts(Operation::CreateMessage), &mut random).after.is_empty())
            .collect();
        assert_eq!(struck, [false, true, true, false, false]);
        assert_eq!(faults.rules().count(), 0);
    }

    #[test]
    fn the_same_seed_draws_the_same_faults() {
        let chances = Chances { too_many_requests: 0.3, drop_after: 0.3, ..Chances::default() };
        let draw = || {
            let settings = FaultSettings { chances: chances.clone(), ..FaultSettings::default() };
            let mut faults = Faults::new(settings).unwrap();
            let mut random = Random::new(7);
            (0..50)
                .map(|_| faults.plan_request(&facts(Operation::CreateMessage), &mut random))
                .collect::<Vec<_>>()
        };
        assert_eq!(draw(), draw());
        assert!(draw().iter().any(|plan| plan != &RequestPlan::default()));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let chances = Chances { callback_lost: 1.5, ..Chances::default() };
        let settings = FaultSettings { chances, ..FaultSettings::default() };
        assert_eq!(Faults::new(settings).err(), Some(FaultError::Probability { name: "callbackLost" }));
        let rule = Rule {
            when: Condition { operation: Operation::ListMessages, ..Condition::default() },
            then: Action::Lose,
            skip: 0,
            times: None,
        };
        assert!(matches!(rule.check(), Err(FaultError::Mismatch { .. })));
    }

    #[test]
    fn each_operation_takes_the_actions_that_mean_something_for_it() {
        use Operation::{Call, CallCallback, CallDocument, CreateCall, CreateMessage, FetchCall, UpdateCall};
        for (operation, action, is_taken) in [
            (CreateCall, Action::CreateLate { ms: 1 }, true),
            (CreateCall, Action::LagList { ms: 1 }, true),
            (CreateCall, Action::Refuse { code: 21210 }, true),
            (CreateCall, Action::Rewrite, false),
            (CreateMessage, Action::Rewrite, true),
            (UpdateCall, Action::Drop { when: When::After }, true),
            (FetchCall, Action::Refuse { code: 20404 }, false),
            (Call, Action::HangUp { after_ms: 1 }, true),
            (Call, Action::Fail { code: 32009 }, true),
            (Call, Action::Drop { when: When::After }, false),
            (CallDocument, Action::IgnoreAnswer, true),
            (CallDocument, Action::Lose, false),
            (CallDocument, Action::Reorder, false),
            (CallCallback, Action::Lose, true),
            (CallCallback, Action::Reorder, true),
        ] {
            let when = Condition { operation, ..Condition::default() };
            let rule = Rule { when, then: action.clone(), skip: 0, times: None };
            assert_eq!(rule.check().is_ok(), is_taken, "{operation:?} {action:?}");
        }
    }
}
