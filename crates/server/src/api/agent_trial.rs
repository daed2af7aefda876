//! What an agent talks with is tried out before it is published: nobody should learn from a caller that a key is wrong.

use super::problem::{Problem, ProblemCode};
use crate::app::AppState;
use crate::credentials::{CredentialError, HttpDraft};
use engine::agent::llm::{Does, EndpointDef};
use engine::agent::{Agent, LlmAgent};
use engine::llm::question::Failure;

/// Asks every model of an agent for a word. What could not be found out, as because an endpoint is overloaded.
///
/// # Errors
/// All that would not work: keys that are wrong, accounts without credit, models and credentials that are not there.
pub(super) async fn tried(app: &AppState, agent: &Agent) -> Result<Vec<String>, Problem> {
    let Agent::Llm(agent) = agent else { return Ok(Vec::new()) };
    let mut untried = Vec::new();
    let mut errors = missing_secrets(app, agent).await?;
    for endpoint in &agent.endpoints {
        match tried_one(app, endpoint).await? {
            Trial::Works => {}
            Trial::Fails(why) => errors.push(why),
            Trial::Unknown(why) => untried.push(why),
        }
    }
    if errors.is_empty() {
        return Ok(untried);
    }
    let detail = errors.join("; ");
    Err(Problem { errors, ..Problem::new(ProblemCode::AgentNotReady, detail) })
}

/// What a trial shows.
enum Trial {
    Works,
    Fails(String),
    Unknown(String),
}

async fn tried_one(app: &AppState, endpoint: &EndpointDef) -> Result<Trial, Problem> {
    let name = endpoint.credential.as_deref().unwrap_or_default();
    let report = match app.models.test(name, Some(&endpoint.model)).await {
        Ok(report) => report,
        Err(CredentialError::Store(error)) => return Err(error.into()),
        Err(error) => return Ok(Trial::Fails(format!("the model {}: {error}", endpoint.model))),
    };
    let Some(finding) = report.finding else { return Ok(Trial::Works) };
    let why =
        format!("the credential {} with the model {}: {}", report.credential, report.model, finding.message);
    Ok(match finding.failure {
        Failure::BadKey | Failure::NoCredit | Failure::UnknownModel | Failure::Rejected => {
            Trial::Fails(format!("{why}; {}", finding.hint))
        }
        _ => Trial::Unknown(why),
    })
}

/// Credentials of tools that are not there, or of another kind.
async fn missing_secrets(app: &AppState, agent: &LlmAgent) -> Result<Vec<String>, Problem> {
    let mut missing = Vec::new();
    for tool in &agent.tools {
        let Does::Http(http) = &tool.does else { continue };
        let Some(name) = &http.credential else { continue };
        match app.credentials.http(name).await {
            Ok(_) => {}
            Err(CredentialError::Store(error)) => return Err(error.into()),
            Err(error) => {
                let kind = HttpDraft::KIND;
                missing.push(format!("the tool {} needs a credential of kind {kind}: {error}", tool.name));
            }
        }
    }
    Ok(missing)
}
