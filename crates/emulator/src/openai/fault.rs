//! The faults of the endpoint, each as one word with what belongs to it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::refusal::Refusal;
use super::script::StreamEnd;

/// What happens instead of an answer, or to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "do", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
#[schema(as = ModelFaultAction)]
pub enum FaultAction {
    /// 429 `rate_limit_exceeded`: worth another try.
    RateLimited {
        #[serde(default)]
        retry_after_s: Option<u32>,
    },
    /// 429 `insufficient_quota`: another try is in vain.
    NoCredit,
    /// 503 `server_is_overloaded`.
    Overloaded {
        #[serde(default)]
        retry_after_s: Option<u32>,
    },
    /// An error of the server.
    Error { status: u16 },
    /// The connection is closed before anything is answered.
    Drop,
    /// The first token comes this much later.
    Slow { ms: u64 },
    /// The answer breaks off or goes wrong in the middle.
    End { ends: StreamEnd },
    /// The answer ends with this reason: `length` and `content_filter` also cut it after so many tokens.
    Finish {
        reason: String,
        #[serde(default)]
        after_tokens: usize,
    },
}

/// What a fault does to one request.
#[derive(Debug, Default)]
pub(crate) struct Struck {
    pub(crate) refusal: Option<Refusal>,
    pub(crate) dropped: bool,
    pub(crate) slow_ms: u64,
    pub(crate) ends: Option<StreamEnd>,
    /// The reason, and after how many tokens.
    pub(crate) finish: Option<(String, usize)>,
}

impl FaultAction {
    pub(crate) fn strike(&self, struck: &mut Struck) {
        match self {
            Self::RateLimited { retry_after_s } => {
                struck.refusal = Some(Refusal::rate_limited(*retry_after_s));
            }
            Self::NoCredit => struck.refusal = Some(Refusal::no_credit()),
            Self::Overloaded { retry_after_s } => struck.refusal = Some(Refusal::overloaded(*retry_after_s)),
            Self::Error { status } => struck.refusal = Some(Refusal::server_error(*status)),
            Self::Drop => struck.dropped = true,
            Self::Slow { ms } => struck.slow_ms += ms,
            Self::End { ends } => struck.ends = Some(*ends),
            Self::Finish { reason, after_tokens } => struck.finish = Some((reason.clone(), *after_tokens)),
        }
    }

    /// The word that names it, for the log.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::RateLimited { .. } => "rateLimited",
            Self::NoCredit => "noCredit",
            Self::Overloaded { .. } => "overloaded",
            Self::Error { .. } => "error",
            Self::Drop => "drop",
            Self::Slow { .. } => "slow",
            Self::End { .. } => "end",
            Self::Finish { .. } => "finish",
        }
    }
}
