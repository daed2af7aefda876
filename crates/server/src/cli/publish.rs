//! `switchboard publish`: files are checked here first, and then handed to the server.

use super::CliError;
use super::terminal::{Paint, harmless, print, print_json};
use crate::api::checks::DiagnosticView;
use crate::api::problem::ProblemBody;
use crate::api::workflows::Published;
use crate::client::{Client, Connection, part};
use engine::diagnostic::{has_errors, render};
use serde_json::json;
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
    let mut refused = 0;
    for source in &sources {
        match publish(&client, source).await {
            Ok(published) if args.json => print_json(&published)?,
            Ok(published) => {
                let name = Paint::for_output().bold(&published.name);
                print(&format!("published {name} version {}\n", published.version))?;
                source.tell_news(&published.diagnostics);
            }
            Err(CliError::Refused(problem)) if sources.len() > 1 && is_of_file(&problem) => {
                refused += 1;
                if args.json {
                    print_json(&json!({ "name": source.name, "refused": problem }))?;
                }
                eprintln!("{} is not published", source.shown);
                super::report(&CliError::Refused(problem));
            }
            Err(error) => return Err(error),
        }
    }
    match refused {
        0 => Ok(ExitCode::SUCCESS),
        _ => {
            let message = format!("{refused} of {} files were refused", sources.len());
            Err(CliError::told(message, "mend what stands above, and publish those again"))
        }
    }
}

/// Whether the file is what is wrong; anything else would be wrong with the next one too.
fn is_of_file(problem: &ProblemBody) -> bool {
    matches!(problem.status, 409 | 422)
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

/// Hands a file to the server, under the name that stands in it. What only the server finds wrong with it goes to
/// standard error.
pub(super) async fn publish(client: &Client, source: &Source) -> Result<Published, CliError> {
    let path = format!("/{}/{}", source.kind.path(), part(&source.name));
    let published = client.put_file(&path, &source.text).await;
    published.map_err(|error| match error {
        CliError::Refused(problem) => {
            let found = problem.diagnostics.iter();
            let found: Vec<DiagnosticView> =
                found.filter_map(|view| serde_json::from_value(view.clone()).ok()).collect();
            source.tell_news(&found);
            // They stand above, with their places; `check` by itself knows less than the server.
            let hint = problem.hint.filter(|_| found.is_empty());
            CliError::Refused(Box::new(ProblemBody { hint, ..*problem }))
        }
        other => other,
    })
}
