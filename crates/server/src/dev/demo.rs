//! The agent to play with: it talks by the emulator's scripted model, or by a real one where there is a key or an
//! address for it.

use super::DevError;
use crate::app::AppState;
use crate::credentials::{CredentialError, Draft, OpenAiDraft};
use crate::model::{DEFAULT_BASE_URL, ModelReport};
use emulator::{DEFAULT_DESK_MODEL, DEFAULT_MODEL_KEY, Fixture, PhoneFixture};
use secrecy::SecretString;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The example's and the agent's name.
pub(super) const NAME: &str = "clinic-desk";
/// The agent's file, which names no model.
const AGENT: &str = include_str!("../../../../examples/clinic-desk.yaml");
/// The line of the file that is another one while rules answer.
const DISCLOSURE: &str = "disclosure: true\n";
/// What the agent says of itself by rules, so that nobody takes them for a model.
const DISCLOSURE_OF_RULES: &str =
    "disclosure: \"This is a demonstration: fixed rules answer, and no language model.\"\n";
/// The credential that the file names.
const CREDENTIAL: &str = "demo-model";
/// Two people: one for whoever plays, and one who plays a script.
const PHONES: &str = include_str!("demo/phones.json");
/// How long a real model is waited for at the start, which goes on without its answer.
const TRIAL_LIMIT: Duration = Duration::from_secs(10);

/// What the agent talks by.
#[derive(Clone, Debug, Default)]
pub enum DemoModel {
    /// Rules of the emulator.
    #[default]
    Scripted,
    Real {
        api_key: SecretString,
        /// OpenAI's own where nothing is said.
        base_url: Option<String>,
        /// The recommended one where nothing is said, or the first that another server lists.
        model: Option<String>,
    },
}

/// The agent as it was published.
#[derive(Clone, Debug)]
pub struct Demo {
    /// What it talks by, for people.
    pub talks_by: String,
    /// Why its model would not answer, and what to do about it.
    pub trouble: Option<String>,
    /// Its file, as it was published.
    pub file: PathBuf,
    /// What `simulate` needs in its environment to ask the same model; keys that are secret are left out.
    pub environment: String,
}

/// Gives the emulator the people of the demonstration, unless there is somebody at their numbers.
pub(super) fn people(fixture: &mut Fixture) {
    let phones: Vec<PhoneFixture> =
        serde_json::from_str(PHONES).expect("the phones that come along are valid");
    for phone in phones {
        if fixture.phones.iter().all(|known| known.number != phone.number) {
            fixture.phones.push(phone);
        }
    }
}

/// Publishes the agent with its credential, and leaves its file in `folder`.
///
/// # Errors
/// Where key or address cannot be right. That a model does not answer is no error, but told.
pub(super) async fn publish(
    state: &AppState,
    emulator_url: &str,
    model: &DemoModel,
    folder: &Path,
) -> Result<Demo, DevError> {
    let draft = draft(model, emulator_url);
    match state.credentials.put(&Draft::OpenAi(draft), state.host.now()).await {
        Err(CredentialError::Wrong(problems)) => {
            let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
            return Err(DevError::Model(told.join("; ")));
        }
        kept => kept?,
    };
    let (source, demo) = match model {
        DemoModel::Scripted => {
            let zero = "prices: {input: 0, output: 0}";
            let source = format!("{AGENT}model: {DEFAULT_DESK_MODEL}\n{zero}\n");
            let talks_by = format!("the emulator's model {DEFAULT_DESK_MODEL}, which answers by fixed rules");
            let environment =
                format!("OPENAI_BASE_URL={emulator_url}/v1 OPENAI_API_KEY={DEFAULT_MODEL_KEY} ");
            let source = source.replacen(DISCLOSURE, DISCLOSURE_OF_RULES, 1);
            (source, Demo { talks_by, trouble: None, file: PathBuf::new(), environment })
        }
        DemoModel::Real { base_url, model, .. } => {
            let (name, trouble) = tried(state, model.as_deref()).await?;
            let place = base_url.as_deref().unwrap_or(DEFAULT_BASE_URL);
            let environment = base_url.as_ref().map(|url| format!("OPENAI_BASE_URL={url} "));
            let demo = Demo {
                talks_by: format!("the model {name} at {place}"),
                trouble,
                file: PathBuf::new(),
                environment: environment.unwrap_or_default(),
            };
            // Whatever a server calls its model is a text, and YAML takes those of JSON.
            (format!("{AGENT}model: {}\n", Value::from(name)), demo)
        }
    };
    state.store.publish_agent(NAME, &source, state.host.now()).await?;
    let file = folder.join(NAME).with_extension("yaml");
    std::fs::write(&file, source).map_err(|source| DevError::Folder { path: file.clone(), source })?;
    Ok(Demo { file, ..demo })
}

fn draft(model: &DemoModel, emulator_url: &str) -> OpenAiDraft {
    let (api_key, base_url) = match model {
        DemoModel::Scripted => (DEFAULT_MODEL_KEY.into(), Some(format!("{emulator_url}/v1"))),
        DemoModel::Real { api_key, base_url, .. } => (api_key.clone(), base_url.clone()),
    };
    OpenAiDraft { name: CREDENTIAL.to_owned(), api_key, base_url, organization: None, project: None }
}

/// The model that is there, and what it has against being asked.
async fn tried(state: &AppState, model: Option<&str>) -> Result<(String, Option<String>), DevError> {
    let Ok(report) = tokio::time::timeout(TRIAL_LIMIT, state.models.test(CREDENTIAL, model)).await else {
        let name = model.unwrap_or(engine::llm::models::recommended()).to_owned();
        return Ok((name, Some("the endpoint does not answer in time; try again later".to_owned())));
    };
    let ModelReport { model, finding, .. } = report?;
    let trouble = finding.map(|finding| format!("{}; {}", finding.message, finding.hint));
    Ok((model, trouble))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_along_fits_together() {
        assert!(AGENT.contains(DISCLOSURE) && AGENT.contains(&format!("credential: {CREDENTIAL}\n")));
        assert!(!AGENT.contains("\nmodel:"), "the model is added");
        let mut fixture = Fixture::default();
        people(&mut fixture);
        people(&mut fixture);
        assert_eq!(fixture.phones.len(), 2, "nobody is there twice");
    }
}
