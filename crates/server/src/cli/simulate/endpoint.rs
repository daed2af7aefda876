//! Which model a simulation asks.

use crate::cli::CliError;
use crate::cli::endpoint::EndpointArgs;
use crate::model::{DEFAULT_BASE_URL, ModelClient, OpenAiCredential};
use std::time::Duration;

/// How long a connection to the endpoint may take to be made.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

#[derive(Debug, clap::Args)]
pub(super) struct ModelArgs {
    #[command(flatten)]
    endpoint: EndpointArgs,
    /// Holds so many conversations by the script, again from its beginning where it is shorter, and reports how they went
    #[arg(long, requires = "script", value_name = "N")]
    pub(super) conversations: Option<u32>,
    /// How many of them at the same time
    #[arg(long, default_value_t = 4, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=500))]
    pub(super) at_once: u16,
}

impl ModelArgs {
    /// The model that is asked instead of the agent's.
    pub(super) fn model(&self) -> Option<&str> {
        self.endpoint.model.as_deref()
    }

    /// # Errors
    /// Where there is neither a key nor an address, or they cannot be used.
    pub(super) fn client(&self) -> Result<ModelClient, CliError> {
        let (key, url) = (self.endpoint.key(), self.endpoint.url());
        if key.is_none() && url.is_none() {
            let hint = "set OPENAI_API_KEY, or name another server by --base-url (or OPENAI_BASE_URL)";
            return Err(CliError::misused("there is no model to ask", hint));
        }
        let credential =
            OpenAiCredential::given(url.unwrap_or(DEFAULT_BASE_URL), key).map_err(|problem| {
                let hint =
                    "write an address such as http://127.0.0.1:8081/v1, and the key as it was given to you";
                CliError::misused(format!("the endpoint cannot be asked: {problem}"), hint)
            })?;
        Ok(ModelClient::of_endpoint(credential, CONNECT_LIMIT))
    }
}
