//! `content.twilio.com/v1/Content`: templates, and WhatsApp's approval of them.

use std::collections::BTreeMap;

use http::Method;
use serde::de::DeserializeOwned;
use twilio::content::{ApprovalStatus, ContentApproval, ContentResource, RequestApproval, SetContent};
use twilio::sid::{Sid, SidKind};

use super::{Answer, Call, Outcome, Refusal, paging};
use crate::contents::{Approved, AskedApproval, Content, Forms};
use crate::due::Due;
use crate::fixture::Approval;
use crate::world::World;

const NAME_CHARS_MAX: usize = 512;

pub(super) fn collection(world: &mut World, call: &Call<'_>) -> Outcome {
    match call.incoming.method {
        Method::GET => list(world, call, |content| resource(call, content)),
        Method::POST => create(world, call),
        _ => Err(call.method_not_allowed()),
    }
}

/// Templates, each with its approval.
pub(super) fn with_approvals(world: &World, call: &Call<'_>) -> Outcome {
    if call.incoming.method != Method::GET {
        return Err(call.method_not_allowed());
    }
    list(world, call, |content| ContentResource {
        url: None,
        links: BTreeMap::new(),
        approval_requests: Some(approval(content)),
        ..resource(call, content)
    })
}

pub(super) fn instance(world: &mut World, call: &Call<'_>, sid: &Sid) -> Outcome {
    find(world, call, sid)?;
    match call.incoming.method {
        Method::GET => {}
        Method::PUT => update(world, call, sid)?,
        Method::DELETE => {
            world.contents.shift_remove(sid);
            return Ok(Answer::no_content());
        }
        _ => return Err(call.method_not_allowed()),
    }
    Ok(Answer::ok(&resource(call, find(world, call, sid)?)))
}

/// What WhatsApp thinks of a template.
pub(super) fn fetch_approval(world: &World, call: &Call<'_>, sid: &Sid) -> Outcome {
    if call.incoming.method != Method::GET {
        return Err(call.method_not_allowed());
    }
    let content = find(world, call, sid)?;
    let whatsapp = ContentApproval { channel: Some("whatsapp".to_owned()), ..approval(content) };
    Ok(Answer::ok(&serde_json::json!({
        "sid": content.sid,
        "account_sid": content.account,
        "whatsapp": whatsapp,
        "url": format!("{}/ApprovalRequests", url(call, sid)),
    })))
}

/// Asks WhatsApp, which decides after a while.
pub(super) fn request_approval(world: &mut World, call: &Call<'_>, sid: &Sid) -> Outcome {
    if call.incoming.method != Method::POST {
        return Err(call.method_not_allowed());
    }
    let asked: RequestApproval = body(call)?;
    let is_name = !asked.name.is_empty()
        && asked.name.chars().count() <= NAME_CHARS_MAX
        && asked.name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !is_name {
        return Err(Refusal::bad(20422, "name must be small letters, digits and underscores"));
    }
    find(world, call, sid)?;
    let (now, decided_in_ms) = (world.now, world.rules.timings.approval_ms);
    let content = world.contents.get_mut(sid).ok_or_else(|| call.not_found())?;
    if matches!(content.approval.verdict, Approval::Approved | Approval::Pending) {
        return Err(Refusal::bad(20409, "An approval request for this template exists already"));
    }
    content.approval = Approved {
        verdict: Approval::Pending,
        asked: Some(AskedApproval {
            name: asked.name,
            category: asked.category.as_str(),
            allow_category_change: asked.allow_category_change.unwrap_or(true),
        }),
        rejection_reason: String::new(),
    };
    content.updated = now;
    let shown = ContentApproval { status: ApprovalStatus::Received, ..approval(content) };
    world.enter_in(decided_in_ms.into(), Due::DecideApproval(sid.clone()));
    Ok(Answer::created(&shown))
}

fn find<'a>(world: &'a World, call: &Call<'_>, sid: &Sid) -> Result<&'a Content, Refusal> {
    world.contents.get(sid).filter(|content| content.account == call.account).ok_or_else(|| call.not_found())
}

fn list(world: &World, call: &Call<'_>, show: impl Fn(&Content) -> ContentResource) -> Outcome {
    let wanted = paging::wanted(call)?;
    let contents: Vec<&Content> =
        world.contents.values().rev().filter(|content| content.account == call.account).collect();
    let slice = paging::slice(
        &contents,
        &wanted,
        |content| content.sid.as_str(),
        |content| paging::json(&show(content)),
    );
    Ok(Answer::ok(&paging::envelope_product(call, "contents", &wanted, slice)))
}

fn create(world: &mut World, call: &Call<'_>) -> Outcome {
    let asked: SetContent = body(call)?;
    let language = asked.language.filter(|language| !language.is_empty());
    let content = Content {
        sid: world.random.sid(SidKind::Content),
        account: call.account.clone(),
        friendly_name: asked.friendly_name.unwrap_or_default(),
        language: language.ok_or_else(|| Refusal::bad(20422, "language is required"))?,
        forms: Forms::read(asked.types).map_err(|error| Refusal::bad(20422, error.to_string()))?,
        defaults: asked.variables.unwrap_or_default(),
        approval: Approved { verdict: Approval::Unsubmitted, ..Approved::default() },
        created: world.now,
        updated: world.now,
    };
    let shown = resource(call, &content);
    world.contents.insert(content.sid.clone(), content);
    Ok(Answer::created(&shown))
}

fn update(world: &mut World, call: &Call<'_>, sid: &Sid) -> Result<(), Refusal> {
    let asked: SetContent = body(call)?;
    let forms = Forms::read(asked.types).map_err(|error| Refusal::bad(20422, error.to_string()))?;
    let now = world.now;
    let content = world.contents.get_mut(sid).ok_or_else(|| call.not_found())?;
    // What WhatsApp has seen must stay what it has seen.
    if content.approval.asked.is_some() {
        return Err(Refusal::bad(20422, "A template that was sent in for approval cannot be changed"));
    }
    content.forms = forms;
    content.updated = now;
    if let Some(name) = asked.friendly_name {
        content.friendly_name = name;
    }
    if let Some(language) = asked.language.filter(|language| !language.is_empty()) {
        content.language = language;
    }
    if let Some(variables) = asked.variables {
        content.defaults = variables;
    }
    Ok(())
}

/// The JSON body of a request.
fn body<T: DeserializeOwned>(call: &Call<'_>) -> Result<T, Refusal> {
    let json = call.incoming.json.clone().ok_or_else(|| Refusal::bad(20422, "A JSON body is required"))?;
    serde_json::from_value(json).map_err(|error| Refusal::bad(20422, error.to_string()))
}

fn url(call: &Call<'_>, sid: &Sid) -> String {
    format!("{}/v1/Content/{}", call.product_base(), sid.as_str())
}

fn resource(call: &Call<'_>, content: &Content) -> ContentResource {
    let url = url(call, &content.sid);
    let links = BTreeMap::from([
        ("approval_create".to_owned(), format!("{url}/ApprovalRequests/whatsapp")),
        ("approval_fetch".to_owned(), format!("{url}/ApprovalRequests")),
    ]);
    ContentResource {
        date_created: Some(content.created),
        date_updated: Some(content.updated),
        sid: content.sid.clone(),
        account_sid: content.account.clone(),
        friendly_name: Some(content.friendly_name.clone()),
        language: Some(content.language.clone()),
        variables: content.defaults.clone(),
        types: content.forms.types.clone(),
        url: Some(url),
        links,
        approval_requests: None,
    }
}

fn approval(content: &Content) -> ContentApproval {
    let status = match content.approval.verdict {
        Approval::Unsubmitted => ApprovalStatus::Unsubmitted,
        Approval::Pending => ApprovalStatus::Pending,
        Approval::Approved => ApprovalStatus::Approved,
        Approval::Rejected => ApprovalStatus::Rejected,
        Approval::Paused => ApprovalStatus::Paused,
        Approval::Disabled => ApprovalStatus::Disabled,
    };
    let asked = content.approval.asked.as_ref();
    ContentApproval {
        channel: None,
        name: asked.map(|asked| asked.name.clone()).unwrap_or_default(),
        category: asked.map(|asked| asked.category.to_owned()).unwrap_or_default(),
        content_type: match status {
            ApprovalStatus::Unsubmitted => String::new(),
            _ => content.forms.first_type().to_owned(),
        },
        status,
        rejection_reason: content.approval.rejection_reason.clone(),
        allow_category_change: asked.is_none_or(|asked| asked.allow_category_change),
    }
}
