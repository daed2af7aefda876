//! `switchboard send`: one text outside of any run.

use super::CliError;
use super::terminal::{Paint, print, print_json};
use crate::api::messages::{MessageView, SendBody};
use crate::client::Connection;
use engine::diagnostic::render;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A file of `From:`, `To:` and `Message:` lines; all after `Message:` is the text
    #[arg(long, value_name = "FILE", conflicts_with_all = ["from", "to", "body"])]
    file: Option<PathBuf>,
    /// A number, short code, messaging service, or the name of a sender; the only one where nothing is said
    #[arg(long, value_name = "SENDER")]
    from: Option<String>,
    /// A phone number with its country code
    #[arg(long, value_name = "NUMBER", required_unless_present = "file")]
    to: Option<String>,
    /// The text
    #[arg(long, value_name = "TEXT")]
    body: Option<String>,
    /// Address of a picture or another medium; up to ten times
    #[arg(long, value_name = "URL")]
    media: Vec<String>,
    /// Sends by WhatsApp
    #[arg(long)]
    whatsapp: bool,
    /// An approved template: HX…
    #[arg(long, value_name = "SID")]
    content_sid: Option<String>,
    /// A variable of the template, as NAME=VALUE; once for each
    #[arg(long = "content-variable", value_name = "NAME=VALUE", requires = "content_sid")]
    content_variables: Vec<String>,
    /// What it is for: transactional, marketing or emergency
    #[arg(long, value_name = "CLASS")]
    message_class: Option<String>,
    /// The credential to send with
    #[arg(long, value_name = "NAME")]
    credential: Option<String>,
    /// Prints a JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    connection: Connection,
}

pub(super) async fn run(args: Args) -> Result<ExitCode, CliError> {
    let client = args.connection.open()?;
    let as_json = args.json;
    let message: MessageView = client.post("/messages", &body(args)?).await?;
    if as_json {
        print_json(&message)?;
    } else {
        let id = Paint::for_output().bold(&message.id);
        print(&format!("{id} to {} is {}\n", message.to, message.state))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn body(args: Args) -> Result<SendBody, CliError> {
    let mut body = match &args.file {
        Some(path) => of_file(path)?,
        None => {
            let to = args.to.unwrap_or_default();
            SendBody { from: args.from, to, body: args.body, ..SendBody::default() }
        }
    };
    for pair in &args.content_variables {
        let Some((name, value)) = pair.split_once('=') else {
            let hint = "write it as --content-variable 1=Ann";
            return Err(CliError::misused(format!("{pair:?} has no `=`"), hint));
        };
        body.content_variables.insert(name.to_owned(), value.to_owned());
    }
    body.channel = args.whatsapp.then(|| "whatsapp".to_owned());
    body.credential = args.credential;
    body.message_class = args.message_class;
    body.media = args.media;
    body.content_sid = args.content_sid;
    Ok(body)
}

/// The fields of a file; there is nothing that could fill in variables.
fn of_file(path: &Path) -> Result<SendBody, CliError> {
    let text = super::check::read_file(path)?;
    let shown = path.display().to_string();
    let send = engine::workflow::parse_send(&text).map_err(|diagnostics| {
        eprint!("{}", render(&diagnostics, &text, &shown));
        CliError::told("the file has errors; nothing was sent", "mend what stands above")
    })?;
    let literal = |template: &template::Template| {
        template.literal().map(str::to_owned).ok_or_else(|| {
            let hint = "put the text itself there, or use a workflow, which has variables";
            CliError::told(format!("{shown} has variables, and nothing sets them"), hint)
        })
    };
    Ok(SendBody {
        from: send.from.as_ref().map(literal).transpose()?,
        to: literal(&send.to)?,
        body: Some(literal(&send.message)?),
        ..SendBody::default()
    })
}
