//! `switchboard check`: what is wrong with files, for people, for programs, and for code hosts.

use super::CliError;
use super::terminal::{print, print_json};
use engine::agent::Agent;
use engine::check::{Surroundings, Voices};
use engine::diagnostic::{Diagnostic, has_errors, json_object, render, sarif};
use engine::workflow::Workflow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Files of workflows and agents, YAML or JSON
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Prints one JSON object a diagnostic
    #[arg(long, conflicts_with = "sarif")]
    json: bool,
    /// Prints a SARIF 2.1.0 log
    #[arg(long)]
    sarif: bool,
}

/// The exit code where a file cannot be read.
const UNREADABLE: u8 = 2;

/// Ends with 0 where nothing is wrong, or nothing but warnings; 1 where there are errors; 2 where a file cannot
/// be read.
pub(super) async fn run(args: Args) -> Result<ExitCode, CliError> {
    let mut files: Vec<(String, String)> = Vec::new();
    let mut unreadable = false;
    for path in &args.files {
        match read_file(path) {
            Ok(text) => files.push((path.display().to_string(), text)),
            Err(error) => {
                super::report(&error);
                unreadable = true;
            }
        }
    }
    let surroundings = Surroundings { definitions: definitions(&files), ..without_server() };
    let diagnosed = files.into_iter().map(|(name, text)| {
        let diagnostics = diagnostics_of(&text, &name, &surroundings);
        (name, text, diagnostics)
    });
    let found: Vec<(String, String, Vec<Diagnostic>)> = diagnosed.collect();
    show(&args, &found)?;
    let has_errors = found.iter().any(|(_, _, diagnostics)| has_errors(diagnostics));
    Ok(match (unreadable, has_errors) {
        (true, _) => ExitCode::from(UNREADABLE),
        (false, true) => ExitCode::FAILURE,
        (false, false) => ExitCode::SUCCESS,
    })
}

fn show(args: &Args, found: &[(String, String, Vec<Diagnostic>)]) -> Result<(), CliError> {
    if args.sarif {
        let files: Vec<(&str, &[Diagnostic])> =
            found.iter().map(|(path, _, diagnostics)| (path.as_str(), diagnostics.as_slice())).collect();
        let log = serde_json::to_string_pretty(&sarif(&files)).expect("a SARIF log is plain data");
        return print(&(log + "\n"));
    }
    for (path, text, diagnostics) in found {
        if args.json {
            diagnostics.iter().try_for_each(|diagnostic| print_json(&json_object(diagnostic, path)))?;
        } else if diagnostics.is_empty() {
            print(&format!("{path}: nothing is wrong\n"))?;
        } else {
            print(&render(diagnostics, text, path))?;
        }
    }
    Ok(())
}

/// The text of a file.
///
/// # Errors
/// Where it cannot be read, with the exit code for that.
pub(super) fn read_file(path: &Path) -> Result<String, CliError> {
    let refused = |message: String| CliError::Told { message, hint: None, exit_code: UNREADABLE };
    let bytes = std::fs::read(path);
    let bytes = bytes.map_err(|error| refused(format!("{} cannot be read: {error}", path.display())))?;
    String::from_utf8(bytes).map_err(|_| refused(format!("{} is not UTF-8 text", path.display())))
}

/// What is to be said of a file, by what it is.
fn diagnostics_of(text: &str, name: &str, surroundings: &Surroundings) -> Vec<Diagnostic> {
    if engine::agent::is_agent(text, Some(name)) {
        return engine::agent::check(&engine::agent::load(text, Some(name)));
    }
    engine::check::check(&engine::workflow::load(text, Some(name)), surroundings)
}

/// The agents among the files, for the workflows among them.
fn definitions(files: &[(String, String)]) -> BTreeMap<String, Arc<Agent>> {
    let agents = files.iter().filter(|(name, text)| engine::agent::is_agent(text, Some(name)));
    let agents = agents.filter_map(|(name, text)| engine::agent::load(text, Some(name)).agent);
    agents.map(|agent| (agent.name().to_owned(), Arc::new(agent))).collect()
}

/// The agent of a file; where there are errors, all of them are shown.
///
/// # Errors
/// Where the file is no agent, or has errors.
pub(super) fn loaded_agent(text: &str, path: &Path) -> Result<Agent, CliError> {
    let name = path.display().to_string();
    let loaded = engine::agent::load(text, Some(&name));
    let found = engine::agent::check(&loaded);
    match loaded.agent.filter(|_| !has_errors(&found)) {
        Some(agent) => Ok(agent),
        None => {
            eprint!("{}", render(&found, text, &name));
            Err(CliError::Told { message: format!("{name} has errors"), hint: None, exit_code: 1 })
        }
    }
}

/// The workflow of a file; nothing where the file is an agent's.
///
/// # Errors
/// Where the workflow has errors: all of them are shown.
pub(super) fn loaded_workflow(text: &str, path: &Path) -> Result<Option<Workflow>, CliError> {
    let name = path.display().to_string();
    if !engine::workflow::is_workflow(text, Some(&name)) {
        return Ok(None);
    }
    let (workflow, found) = checked(text, &name);
    if workflow.is_none() {
        eprint!("{}", render(&found, text, &name));
        return Err(CliError::Told { message: format!("{name} has errors"), hint: None, exit_code: 1 });
    }
    Ok(workflow)
}

/// Reads and checks a workflow file, without knowing anything of a server; the workflow is nothing where there are
/// errors.
pub(super) fn checked(text: &str, name: &str) -> (Option<Workflow>, Vec<Diagnostic>) {
    let loaded = engine::workflow::load(text, Some(name));
    let diagnostics = engine::check::check(&loaded, &without_server());
    (loaded.workflow.filter(|_| !has_errors(&diagnostics)), diagnostics)
}

/// What is known without a server.
fn without_server() -> Surroundings {
    Surroundings { voices: Some(Voices(crate::voices::possible)), ..Surroundings::default() }
}
