//! What the provider's debugger says of a call.

use crate::outcome;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Something about a call that went wrong at the provider, or nearly so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The provider's own id of it.
    pub sid: String,
    pub at: Timestamp,
    pub level: NoticeLevel,
    /// The provider's code, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<u32>,
    /// The address of ours that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeLevel {
    /// What was asked for did not happen.
    Error,
    /// It went on without the part that was wrong.
    Warning,
}

impl Notice {
    /// What it means and what to do about it, as a sentence without full stop.
    pub fn sentence(&self) -> String {
        let level = match self.level {
            NoticeLevel::Error => "an error",
            NoticeLevel::Warning => "a warning",
        };
        let about = self.url.as_deref().map(|url| format!(" about {url}")).unwrap_or_default();
        match self.code {
            Some(code) => {
                let info = outcome::of_code(code);
                format!(
                    "the provider's debugger has {level}{about}: {} ({code}); {}",
                    info.title, info.remedy
                )
            }
            None => format!("the provider's debugger has {level}{about}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_says_what_to_do() {
        let notice = Notice {
            sid: "NO1".into(),
            at: Timestamp::UNIX_EPOCH,
            level: NoticeLevel::Error,
            code: Some(11_200),
            url: Some("https://example.com/x".into()),
        };
        let told = notice.sentence();
        assert!(told.contains("an error about https://example.com/x") && told.contains("11200"), "{told}");
        assert!(told.contains(outcome::of_code(11_200).remedy), "{told}");
    }
}
