//! `switchboard publish`: files are checked here first, and then handed to the server.

use super::CliError;
use super::terminal::{Paint, harmless, print, print_json};
use crate::api::checks::DiagnosticView;
use crate::api::workflows::Published;
use crate::client::{Client, Connection, part};
use engine::diagnostic::{has_errors, render};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Files of workflows and agents, YAML or JSON
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Prints one JSON object a file
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    connection: Connection,
}

pub(super) async fn run(args: Args) -> Result<ExitCode, CliError> {
    let mut sources = Vec::new();
    let mut broken = 0;
    for path in &args.files {
        match read(path)? {
            Some(source) => sources.push(source),
            None => broken += 1,
        }
    }
    if broken > 0 {
        // All or nothing: files that belong together are not published in halves.
        let what = if broken == 1 { "one file has errors" } else { "some files have errors" };
        return Err(CliError::told(format!("{what}; nothing was published"), "mend what stands above"));
    }
    // Workflows may name agents, so those come first.
    sources.sort_by_key(|source| source.kind == Kind::Workflow);
    let client = args.connection.open()?;
    for source in &sources {
        let published = publish(&client, source).await?;
        if args.json {
            print_json(&published)?;
        } else {
            let name = Paint::for_output().bold(&published.name);
            print(&format!("published {name} version {}\n", published.version))?;
            source.tell_news(&published.diagnostics);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A file that can be published.
pub(super) struct Source {
    pub(super) name: String,
    /// Where the file is, as it was named.
    shown: String,
    text: String,
    kind: Kind,
    /// Code and line of what was told of it before the server had seen it.
    told: Vec<(String, usize)>,
}

impl Source {
    /// What only the server can know: which senders, credentials and agents there are.
    fn tell_news(&self, found: &[DiagnosticView]) {
        let is_told = |view: &&DiagnosticView| {
            self.told.iter().any(|(code, line)| *code == view.code && *line == view.line)
        };
        for view in found.iter().filter(|view| !is_told(view)) {
            eprintln!("{}[{}]: {}", view.severity, view.code, harmless(&view.message));
            eprintln!(" --> {}:{}:{}", self.shown, view.line, view.column);
            if let Some(hint) = &view.hint {
                eprintln!("  = hint: {}", harmless(hint));
            }
        }
    }

    pub(super) fn is_agent(&self) -> bool {
        self.kind == Kind::Agent
    }
}

/// What a file defines.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Workflow,
    Agent,
}

impl Kind {
    /// Where it is published.
    fn path(self) -> &'static str {
        match self {
            Kind::Workflow => "workflows",
            Kind::Agent => "agents",
        }
    }
}

/// Reads and checks a file; what is wrong with it goes to standard error. Nothing where there are errors.
pub(super) fn read(path: &Path) -> Result<Option<Source>, CliError> {
    let text = super::check::read_file(path)?;
    let shown = path.display().to_string();
    let (name, kind, diagnostics) = if engine::agent::is_agent(&text, Some(&shown)) {
        let loaded = engine::agent::load(&text, Some(&shown));
        let diagnostics = engine::agent::check(&loaded);
        let agent = loaded.agent.filter(|_| !has_errors(&diagnostics));
        (agent.map(|agent| agent.name().to_owned()), Kind::Agent, diagnostics)
    } else {
        let (workflow, diagnostics) = super::check::checked(&text, &shown);
        (workflow.map(|workflow| workflow.name), Kind::Workflow, diagnostics)
    };
    if !diagnostics.is_empty() {
        eprint!("{}", render(&diagnostics, &text, &shown));
    }
    let told = diagnostics.iter().map(|found| (found.code.as_str().to_owned(), found.at.line)).collect();
    Ok(name.map(|name| Source { name, shown, text, kind, told }))
}

/// Hands a file to the server, under the name that stands in it.
pub(super) async fn publish(client: &Client, source: &Source) -> Result<Published, CliError> {
    client.put_file(&format!("/{}/{}", source.kind.path(), part(&source.name)), &source.text).await
}
