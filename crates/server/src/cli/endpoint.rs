//! The endpoint of language models that a command is given.

/// Where a model is asked, and which.
#[derive(Debug, clap::Args)]
pub(super) struct EndpointArgs {
    /// For agents that talk by a language model: address of an endpoint that speaks OpenAI's API
    #[arg(long, env = "OPENAI_BASE_URL", value_name = "URL")]
    base_url: Option<String>,
    /// Its key
    #[arg(long, env = "OPENAI_API_KEY", hide_env_values = true, value_name = "KEY")]
    api_key: Option<String>,
    /// Model that is asked instead of the agent's
    #[arg(long, value_name = "NAME")]
    pub(super) model: Option<String>,
}

impl EndpointArgs {
    /// What is empty, as in `OPENAI_API_KEY= switchboard dev`, is not given.
    pub(super) fn key(&self) -> Option<&str> {
        given(self.api_key.as_ref())
    }

    pub(super) fn url(&self) -> Option<&str> {
        given(self.base_url.as_ref())
    }
}

fn given(text: Option<&String>) -> Option<&str> {
    text.map(|text| text.trim()).filter(|text| !text.is_empty())
}
