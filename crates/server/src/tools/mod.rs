//! What an agent's tools do outside: requests to other servers, and texts to the person on the line.
//!
//! A tool never fails a conversation. Whatever goes wrong is told to the model in words, so that it can say so or do
//! otherwise.

mod answer;
mod http;
mod text;

use crate::credentials::Credentials;
use crate::outgoing::Outgoing;
use async_trait::async_trait;
use engine::agent::Agent;
use engine::agent::llm::{Does, ToolDef};
use engine::llm::dialogue::Done;
use engine::llm::errand::{self, Values};
use host::{Job, Tools, WeakHost};
use serde_json::Value;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use template::Context;

/// Performs tools.
pub struct Toolbox {
    credentials: Arc<Credentials>,
    outgoing: Outgoing,
    /// Who sends texts; known once there is one.
    host: OnceLock<WeakHost>,
}

/// A call of a tool with all that belongs to it.
struct Task<'a> {
    job: &'a Job,
    tool: &'a ToolDef,
    arguments: Value,
    context: Context,
    limit: Duration,
    /// Names of variables that nothing may show.
    secrets: Vec<&'a str>,
}

impl Task<'_> {
    fn values(&self) -> Values<'_> {
        Values { variables: &self.job.stored.conversation.variables, arguments: &self.arguments }
    }
}

impl Toolbox {
    pub fn new(credentials: Arc<Credentials>, outgoing: Outgoing) -> Toolbox {
        Toolbox { credentials, outgoing, host: OnceLock::new() }
    }

    /// Names the host whose conversations it works for. Once; whoever comes second is not heard.
    pub fn serve(&self, host: WeakHost) {
        let _ = self.host.set(host);
    }
}

#[async_trait]
impl Tools for Toolbox {
    async fn perform(&self, job: Job) -> Done {
        let agent = match &*job.agent {
            Agent::Llm(agent) => agent,
            Agent::Questions(_) => return badly("this agent has no tools"),
        };
        let Some(tool) = agent.tool(&job.call.name) else { return badly("there is no such tool") };
        let Some(host) = self.host.get().and_then(WeakHost::upgrade) else {
            return badly("it is being stopped");
        };
        let conversation = &job.stored.conversation;
        let task = Task {
            job: &job,
            tool,
            arguments: serde_json::from_str(&job.call.arguments).unwrap_or(Value::Null),
            context: errand::context(conversation, host.now()),
            limit: Duration::from_millis(u64::try_from(tool.timeout_ms).unwrap_or_default()),
            secrets: agent.secrets.iter().chain(&conversation.secrets).map(String::as_str).collect(),
        };
        let done = match &tool.does {
            Does::Http(http) => self.request(&task, http).await,
            Does::SendText(text) => text::send(&host, &task, text).await,
            Does::Ask { .. } | Does::Transfer { .. } | Does::EndCall | Does::SetVariable { .. } => {
                badly("it is not done outside")
            }
        };
        let end = if matches!(done, Done::Well { .. }) { "well" } else { "badly" };
        metrics::counter!("switchboard_tools_total", "type" => tool.does.name(), "end" => end).increment(1);
        tracing::debug!(call = job.key, tool = tool.name, end, "a tool was performed");
        done
    }
}

fn badly(reason: impl Into<String>) -> Done {
    Done::Badly { reason: reason.into() }
}
