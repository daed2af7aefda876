//! Calls under way at the provider, and recordings: their sound, their end, and pausing the one under way.

use super::TwilioCarrier;
use super::client::{Allowance, CallError};
use crate::credentials::CredentialError;
use form_urlencoded::Serializer;
use http::StatusCode;
use std::time::Duration;

/// Why a recording cannot be had, or a call not be changed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RecordingError {
    #[error("the provider has no such recording or call any more")]
    Gone,
    #[error("the credential of the recording cannot be used")]
    Credential(#[source] CredentialError),
    #[error("the provider did not answer")]
    Call(#[source] CallError),
    #[error("the provider said {status}: {message}")]
    Refused { status: StatusCode, message: String },
}

impl TwilioCarrier {
    /// The sound of a recording, as it comes; WAV.
    pub(crate) async fn recording_audio(
        &self,
        credential: &str,
        sid: &str,
    ) -> Result<reqwest::Response, RecordingError> {
        let credential = self.credentials.twilio(credential).await.map_err(RecordingError::Credential)?;
        let url = credential.account_url(&format!("Recordings/{sid}.wav"));
        let answer = self.client.stream(&credential, url).await.map_err(RecordingError::Call)?;
        match answer.status() {
            status if status.is_success() => Ok(answer),
            StatusCode::NOT_FOUND => Err(RecordingError::Gone),
            status => Err(RecordingError::Refused { status, message: "no sound came".to_owned() }),
        }
    }

    /// Takes a recording away at the provider; one that is gone already is fine.
    pub(crate) async fn delete_recording(&self, credential: &str, sid: &str) -> Result<(), RecordingError> {
        let credential = self.credentials.twilio(credential).await.map_err(RecordingError::Credential)?;
        let url = credential.account_url(&format!("Recordings/{sid}.json"));
        let allowance = Allowance::from_now(self.request_limit);
        let answer = self.client.delete(&credential, url, allowance).await.map_err(RecordingError::Call)?;
        if answer.status.is_success() || answer.status == StatusCode::NOT_FOUND {
            return Ok(());
        }
        Err(RecordingError::Refused { status: answer.status, message: answer.error().message })
    }

    /// Pauses the recording of a call, or lets it go on.
    pub(super) async fn steer(
        &self,
        credential: &str,
        call_sid: &str,
        steering: host::Steering,
        limit: Duration,
    ) -> Result<(), RecordingError> {
        let path = format!("Calls/{call_sid}/Recordings/Twilio.CURRENT.json");
        self.change(credential, &path, steering_form(steering), limit).await
    }

    /// Lets a call go on with another document.
    pub(super) async fn redirect(
        &self,
        credential: &str,
        call_sid: &str,
        document: &str,
        limit: Duration,
    ) -> Result<(), RecordingError> {
        let form = Serializer::new(String::new()).append_pair("Twiml", document).finish();
        self.change(credential, &format!("Calls/{call_sid}.json"), form, limit).await
    }

    async fn change(
        &self,
        credential: &str,
        path: &str,
        form: String,
        limit: Duration,
    ) -> Result<(), RecordingError> {
        let credential = self.credentials.twilio(credential).await.map_err(RecordingError::Credential)?;
        let url = credential.account_url(path);
        let posted = self.client.post(&credential, url, form, Allowance::from_now(limit)).await;
        let answer = posted.map_err(RecordingError::Call)?;
        match answer.status {
            status if status.is_success() => Ok(()),
            StatusCode::NOT_FOUND => Err(RecordingError::Gone),
            status => Err(RecordingError::Refused { status, message: answer.error().message }),
        }
    }
}

fn steering_form(steering: host::Steering) -> String {
    let mut form = Serializer::new(String::new());
    match steering {
        // The pause is not to be heard as silence of its length.
        host::Steering::Pause => form.append_pair("Status", "paused").append_pair("PauseBehavior", "skip"),
        host::Steering::Resume => form.append_pair("Status", "in-progress"),
    };
    form.finish()
}
