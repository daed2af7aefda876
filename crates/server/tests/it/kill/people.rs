//! People who answer questions, some before the provider has even answered us, and people who just write.

use super::process::{NUMBER, Site};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

pub(crate) struct People {
    writer: JoinHandle<u32>,
    stop: CancellationToken,
}

const CALLERS: u32 = 8;
/// Questions that each caller may ask: for so many people there are phones that answer.
pub(crate) const QUESTIONS_MAX: u32 = 100;

impl People {
    pub(crate) fn begin(site: &Site, seed: u64) -> People {
        let stop = CancellationToken::new();
        let (emulator, http) = (site.emulator_url.clone(), site.http.clone());
        let stopped = stop.clone();
        let writer = tokio::spawn(async move {
            let mut rng = StdRng::seed_from_u64(seed ^ 0xfeed);
            for caller in 0..CALLERS {
                for n in 0..QUESTIONS_MAX {
                    let phone = format!("+15554{caller:02}{n:04}");
                    // Half of them are faster than the provider's answer to us.
                    let moment = if rng.random() { "onArrival" } else { "beforeCreateIsAnswered" };
                    let script = serde_json::json!({
                        "when": {"contains": "Question"}, "answer": {"body": "YES"}, "moment": moment,
                        "afterMs": rng.random_range(0..2_000),
                    });
                    post(&http, &format!("{emulator}/emulator/v1/phones/{phone}/scripts"), &script).await;
                }
            }
            let mut written = 0;
            while !stopped.is_cancelled() {
                let phone = format!("+1555900{:04}", rng.random_range(0..10_000));
                let text =
                    serde_json::json!({"to": NUMBER, "body": format!("Hello, this is text {written}")});
                post(&http, &format!("{emulator}/emulator/v1/phones/{phone}/messages"), &text).await;
                written += 1;
                tokio::time::sleep(Duration::from_millis(rng.random_range(50..400))).await;
            }
            written
        });
        People { writer, stop }
    }

    /// How many texts were written besides answers.
    pub(crate) async fn end(self) -> u32 {
        self.stop.cancel();
        self.writer.await.expect("people do not panic")
    }
}

async fn post(http: &reqwest::Client, url: &str, body: &serde_json::Value) {
    let answer = http.post(url).json(body).send().await.expect("the emulator answers");
    assert!(answer.status().is_success(), "{url}: {:?}", answer.text().await);
}
