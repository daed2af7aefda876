//! `switchboard voices`: who can speak in a call, and in which languages.

use super::CliError;
use super::terminal::{print_json_lines, print_table};
use serde_json::json;
use std::process::ExitCode;
use twilio::voice::Voice;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only voices that speak this language, such as en-GB; `en` for all of English
    #[arg(long, value_name = "TAG")]
    language: Option<String>,
    /// Prints one JSON object a voice
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Result<ExitCode, CliError> {
    let wanted = args.language.as_deref().map(str::to_lowercase);
    let voices: Vec<(String, Vec<&str>)> = Voice::named()
        .map(|voice| (voice.as_str().to_owned(), languages(&voice)))
        .filter(|(_, languages)| {
            wanted.as_ref().is_none_or(|wanted| languages.iter().any(|tag| speaks(tag, wanted)))
        })
        .collect();
    if args.json {
        let line = |(name, languages): &(String, Vec<&str>)| json!({"voice": name, "languages": languages});
        print_json_lines(&voices.iter().map(line).collect::<Vec<_>>())?;
    } else {
        let rows = voices.into_iter().map(|(name, languages)| vec![name, languages.join(" ")]).collect();
        print_table(&["VOICE", "LANGUAGES"], rows, "No voice speaks that language.")?;
    }
    Ok(ExitCode::SUCCESS)
}

fn languages(voice: &Voice) -> Vec<&'static str> {
    voice.languages().into_iter().map(|language| language.as_str()).collect()
}

fn speaks(tag: &str, wanted: &str) -> bool {
    let tag = tag.to_lowercase();
    tag == *wanted || tag.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('-'))
}
