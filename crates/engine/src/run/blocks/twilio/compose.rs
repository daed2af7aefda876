//! Renders a block into a text that can be sent, or says why it cannot.

use crate::address::{PhoneNumber, Sender, mask};
use crate::effect::SendMessage;
use crate::limits::{BODY_CHARACTERS_MAX, MEDIA_MAX};
use crate::message::{Content, ContentTemplate, Location, Media};
use crate::outcome::Outcome;
use crate::run::fault::{Fault, FaultCode, quoted};
use crate::run::machine::Machine;
use crate::workflow::{LocationTemplate, TwilioBlock};
use template::Template;

/// Everything rendered; a text is complete or it is not sent.
pub(super) fn compose(machine: &Machine<'_>, text: &TwilioBlock) -> Result<SendMessage, Fault> {
    let render = |field: &str, template: &Template| {
        template
            .render(&machine.run.variables, &machine.context)
            .map_err(|error| Fault::of_render(field, &error))
    };
    let region = machine.workflow.defaults.region.as_deref();
    let mut content = content(&render, text)?;
    content.sensitive = said(text).any(|template| machine.says_secrets(template));
    Ok(SendMessage {
        channel: text.channel,
        credential: text.credential.clone(),
        from: sender(&render, &text.from, region)?,
        to: recipient(&render, "to", &text.to, region)?,
        content,
        class: machine.workflow.defaults.message_class,
        retry_of: None,
    })
}

fn content(render: &Render<'_>, text: &TwilioBlock) -> Result<Content, Fault> {
    let body = text.message.as_ref().map(|message| body(render, message)).transpose()?;
    let template = match &text.content_sid {
        None => None,
        Some(sid) => {
            let mut variables = indexmap::IndexMap::new();
            for (name, value) in &text.content_variables {
                variables.insert(name.clone(), render(&format!("contentVariables.{name}"), value)?);
            }
            Some(ContentTemplate { sid: render("contentSid", sid)?.trim().to_owned(), variables })
        }
    };
    let media = media(render, &text.media)?;
    let location = text.location.as_ref().map(|place| location(render, place)).transpose()?;
    let is_bare = template.is_none() && media.is_empty() && location.is_none();
    let body = body.filter(|body| !body.trim().is_empty());
    if body.is_none() && is_bare {
        let source = text.message.as_ref().map(quoted).unwrap_or_default();
        return Err(Fault::new(FaultCode::EmptyText, format!("`message` {source} gave an empty text")));
    }
    Ok(Content { body, media, template, location, button: None, sensitive: false })
}

/// The templates of what a text says.
fn said(text: &TwilioBlock) -> impl Iterator<Item = &Template> {
    let place = text.location.iter().flat_map(|place| {
        [Some(&place.latitude), Some(&place.longitude), place.label.as_ref(), place.address.as_ref()]
    });
    let place = place.flatten();
    text.message.iter().chain(&text.media).chain(text.content_variables.values()).chain(place)
}

/// Renders the template of a field.
pub(in crate::run::blocks) type Render<'r> = dyn Fn(&str, &Template) -> Result<String, Fault> + 'r;

fn body(render: &Render<'_>, message: &Template) -> Result<String, Fault> {
    let body = render("message", message)?;
    let characters = body.chars().count();
    if characters <= BODY_CHARACTERS_MAX {
        return Ok(body);
    }
    let message = format!("`message` has {characters} characters; {BODY_CHARACTERS_MAX} are the limit");
    Err(Fault::new(FaultCode::TextTooLong, message))
}

/// Stripped of what people put between digits, then a number that can exist.
pub(in crate::run::blocks) fn recipient(
    render: &Render<'_>,
    field: &str,
    to: &Template,
    region: Option<&str>,
) -> Result<String, Fault> {
    let given = render(field, to)?;
    match PhoneNumber::parse(&given, region) {
        Ok(number) => Ok(number.to_string()),
        Err(error) => {
            let source = if to.is_literal() { String::new() } else { format!(" (from {})", quoted(to)) };
            let message = format!("`{field}` {}{source} is no possible phone number: {error}", mask(&given));
            Err(Fault::of_outcome(Outcome::InvalidPhoneNumber, message).hint(error.hint()))
        }
    }
}

/// An address, `MG…`, or a sender's name; the channel's prefix is ours to add.
pub(in crate::run::blocks) fn sender(
    render: &Render<'_>,
    from: &Template,
    region: Option<&str>,
) -> Result<String, Fault> {
    let given = render("from", from)?;
    match Sender::parse(&given, region) {
        Ok(Sender::Number(number)) => Ok(number.to_string()),
        Ok(Sender::ShortCode(sender) | Sender::Service(sender) | Sender::Name(sender)) => Ok(sender),
        Err(error) => {
            let message = format!("`from` {} is no sender: {error}", quoted(from));
            Err(Fault::new(FaultCode::BadSender, message))
        }
    }
}

/// Addresses that render to nothing are left out, so that a picture may be optional.
fn media(render: &Render<'_>, templates: &[Template]) -> Result<Vec<Media>, Fault> {
    let mut media = Vec::new();
    for template in templates {
        if let Some(url) = web_address(render, "media", template)? {
            media.push(Media { url, content_type: None });
        }
    }
    if media.len() > MEDIA_MAX {
        let message = format!("{} media are given; {MEDIA_MAX} are the limit", media.len());
        return Err(Fault::new(FaultCode::TooManyMedia, message));
    }
    Ok(media)
}

/// An address of something on the web; nothing where it renders to nothing.
pub(in crate::run::blocks) fn web_address(
    render: &Render<'_>,
    field: &str,
    template: &Template,
) -> Result<Option<String>, Fault> {
    let url = render(field, template)?.trim().to_owned();
    let lower = url.to_ascii_lowercase();
    if url.is_empty() {
        return Ok(None);
    }
    let is_web = lower.starts_with("https://") || lower.starts_with("http://");
    if !is_web || url.contains(char::is_whitespace) {
        let message = format!("`{field}` {} gave no web address", quoted(template));
        return Err(Fault::new(FaultCode::BadMediaAddress, message));
    }
    Ok(Some(url))
}

fn location(render: &Render<'_>, place: &LocationTemplate) -> Result<Location, Fault> {
    let degrees = |field: &str, template: &Template, most: f64| {
        let given = render(field, template)?;
        let degrees = given.trim().parse::<f64>().ok().filter(|degrees| degrees.abs() <= most);
        degrees.ok_or_else(|| {
            let message = format!("`{field}` {} gave no number between -{most} and {most}", quoted(template));
            Fault::new(FaultCode::BadLocation, message)
        })
    };
    let words = |field: &str, template: &Option<Template>| {
        template.as_ref().map(|template| render(field, template)).transpose()
    };
    Ok(Location {
        latitude: degrees("location.latitude", &place.latitude, 90.0)?,
        longitude: degrees("location.longitude", &place.longitude, 180.0)?,
        label: words("location.label", &place.label)?,
        address: words("location.address", &place.address)?,
    })
}
