//! Names that a workflow uses and only the world around it knows: credentials and senders.

use super::{KnownSender, Report, Surroundings};
use crate::address::{Sender, is_alphanumeric};
use crate::call::AgentRef;
use crate::diagnostic::{Code, Diagnostic, Severity, did_you_mean};
use crate::workflow::{Block, BlockKind, Draft, Line};
use template::Template;

pub(super) fn check(draft: &Draft, surroundings: &Surroundings, report: &mut Report) {
    for (index, block) in draft.workflow.blocks.iter().enumerate() {
        if let (Some(known), Some(named)) = (&surroundings.agents, agent_of(block)) {
            agent(draft, index, named, known, report);
        }
        let (name, from) = match &block.kind {
            BlockKind::Twilio(text) => (&text.credential, &text.from),
            BlockKind::Call(call) if call.line == Line::Places => (&call.credential, &call.from),
            BlockKind::TextAgent(talk) => (&talk.credential, &talk.from),
            _ => continue,
        };
        if let Some(known) = &surroundings.credentials {
            credential(draft, index, name.as_ref(), known, report);
        }
        if let Some(known) = &surroundings.senders {
            sender(draft, index, from, known, report);
        }
    }
}

fn credential(draft: &Draft, block: usize, named: Option<&String>, known: &[String], report: &mut Report) {
    let at = draft.spots.place(Some(block), "credential");
    let names = || known.iter().map(String::as_str);
    let diagnostic = match (named, known.len()) {
        (Some(name), _) if !known.contains(name) => {
            let hint = did_you_mean(name, names()).unwrap_or_else(|| "add it first".into());
            Diagnostic::new(Code::UnknownCredential, at, format!("there is no credential `{name}`"))
                .hint(hint)
        }
        (None, 0) => {
            let message = "there is no credential yet to send this with";
            Diagnostic::new(Code::UnknownCredential, at, message)
                .severity(Severity::Warning)
                .hint("add one before the workflow runs")
        }
        (None, 2..) => {
            let message = format!("there are {} credentials, and none is named", known.len());
            let hint = format!("write `credential:` with one of `{}`", known.join("`, `"));
            Diagnostic::new(Code::AmbiguousCredential, at, message).hint(hint)
        }
        _ => return,
    };
    report.add(draft, Some(block), diagnostic);
}

fn agent_of(block: &Block) -> Option<&str> {
    match block.agent()? {
        AgentRef::Named(name) => Some(name.as_str()).filter(|name| !name.is_empty()),
        AgentRef::Inline(_) => None,
    }
}

/// It may be published later, and nobody is rung up before: so much as a name that is nearly another one is wrong.
fn agent(draft: &Draft, block: usize, named: &str, known: &[String], report: &mut Report) {
    if known.iter().any(|name| name == named) {
        return;
    }
    let at = draft.spots.place(Some(block), "agent");
    let diagnostic = Diagnostic::new(Code::UnknownAgent, at, format!("no agent `{named}` is published"));
    let diagnostic = match did_you_mean(named, known.iter().map(String::as_str)) {
        Some(hint) => diagnostic.hint(hint),
        None => diagnostic.severity(Severity::Warning).hint("publish it before the workflow runs"),
    };
    report.add(draft, Some(block), diagnostic);
}

fn sender(draft: &Draft, block: usize, from: &Template, known: &[KnownSender], report: &mut Report) {
    let Some(from) = from.literal() else { return };
    let region = draft.workflow.defaults.region.as_deref();
    let has_address = |address: &str| known.iter().any(|sender| sender.address == address);
    let is_known = match Sender::parse(from, region) {
        Ok(Sender::Number(number)) => has_address(number.as_str()),
        Ok(Sender::ShortCode(address) | Sender::Service(address)) => has_address(&address),
        Ok(Sender::Name(name)) => {
            known.iter().any(|sender| sender.name.as_deref() == Some(&name)) || has_address(&name)
        }
        Err(_) => return,
    };
    if is_known {
        return;
    }
    let names = known.iter().flat_map(|sender| sender.name.iter().chain([&sender.address]));
    let hint = did_you_mean(from, names.map(String::as_str)).unwrap_or_else(|| {
        if is_alphanumeric(from) {
            "it will be tried as an alphanumeric sender".into()
        } else {
            "import the account's senders, or mend the address".into()
        }
    });
    let message = format!("`{from}` is none of our senders");
    let diagnostic = Diagnostic::new(Code::UnknownSender, draft.spots.place(Some(block), "from"), message);
    report.add(draft, Some(block), diagnostic.hint(hint));
}
