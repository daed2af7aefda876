//! Renders a block into a call that can be placed, or says why it cannot.

use crate::call::{Announcement, Connect, Plan, Script};
use crate::effect::PlaceCall;
use crate::limits::SPEECH_CHARACTERS_MAX;
use crate::run::blocks::twilio::compose::{Render, recipient, sender, web_address};
use crate::run::fault::{Fault, FaultCode, quoted};
use crate::run::machine::Machine;
use crate::workflow::{AnnouncementTemplate, CallBlock, Says};
use template::Template;

/// Everything rendered; a call is complete or it is not placed.
pub(super) fn compose(machine: &Machine<'_>, call: &CallBlock) -> Result<PlaceCall, Fault> {
    let plan = plan(machine, call)?;
    let render = |field: &str, template: &Template| {
        template
            .render(&machine.run.variables, &machine.context)
            .map_err(|error| Fault::of_render(field, &error))
    };
    let region = machine.workflow.defaults.region.as_deref();
    Ok(PlaceCall {
        credential: call.credential.clone(),
        from: sender(&render, &call.from, region)?,
        to: recipient(&render, "to", &call.to, region)?,
        plan,
        class: machine.workflow.defaults.message_class,
        retry_of: None,
    })
}

/// What is done on the line, whoever called.
pub(super) fn plan(machine: &Machine<'_>, call: &CallBlock) -> Result<Plan, Fault> {
    // What is spoken is written for the ear of whoever hears it.
    let mut context = machine.context.clone();
    if let Some(language) = &call.language {
        context.language.clone_from(language);
    }
    let render = |field: &str, template: &Template| {
        template.render(&machine.run.variables, &context).map_err(|error| Fault::of_render(field, &error))
    };
    let region = machine.workflow.defaults.region.as_deref();
    let script = match &call.says {
        Says::Announcement(said) => {
            let mut announcement = announcement(&render, said, region)?;
            let texts = [&said.message, &said.audio, &said.voicemail, &said.confirm_message];
            announcement.sensitive =
                texts.into_iter().flatten().any(|template| machine.says_secrets(template));
            Script::Announcement(announcement)
        }
        Says::Agent(agent) => Script::Conversation { agent: agent.clone() },
    };
    Ok(Plan {
        script,
        voice: call.voice.clone(),
        language: call.language.clone(),
        record: call.record,
        ring_timeout_s: call.ring_timeout_s,
        duration_max_s: call.duration_max_s,
        detection: call.detection,
    })
}

fn announcement(
    render: &Render<'_>,
    said: &AnnouncementTemplate,
    region: Option<&str>,
) -> Result<Announcement, Fault> {
    let audio = said.audio.as_ref().map(|audio| web_address(render, "audio", audio)).transpose()?.flatten();
    let text = speech(render, "message", said.message.as_ref())?;
    if audio.is_none() && text.is_none() {
        let source = said.message.as_ref().map(quoted).unwrap_or_default();
        return Err(Fault::new(FaultCode::EmptyText, format!("`message` {source} gave an empty text")));
    }
    let connect = match &said.connect_to {
        Some(to) => Some(Connect { to: recipient(render, "connectTo", to, region)?, key: said.connect_key }),
        None => None,
    };
    Ok(Announcement {
        audio,
        text,
        voicemail: speech(render, "voicemailMessage", said.voicemail.as_ref())?,
        repeat_key: said.repeat_key,
        confirm_key: said.confirm_key,
        confirm_message: speech(render, "confirmMessage", said.confirm_message.as_ref())?,
        connect,
        tells_end: said.tells_end,
        sensitive: false,
    })
}

/// Something to be spoken; nothing where it renders to nothing.
fn speech(render: &Render<'_>, field: &str, template: Option<&Template>) -> Result<Option<String>, Fault> {
    let Some(template) = template else { return Ok(None) };
    let text = render(field, template)?;
    let characters = text.chars().count();
    if characters > SPEECH_CHARACTERS_MAX {
        let message = format!("`{field}` has {characters} characters; {SPEECH_CHARACTERS_MAX} are the limit");
        return Err(Fault::new(FaultCode::TextTooLong, message));
    }
    Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
}
