//! People who answer questions, some before the provider has even answered us, and people who just write.

use super::process::{NUMBER, Site};
use emulator::{Moment, PhoneFixture, PhoneText, ScriptRule, TextMatch};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

pub(crate) struct People {
    writer: JoinHandle<u32>,
    stop: CancellationToken,
}

/// Questions that each caller may ask: for so many people there are phones that answer.
pub(crate) const QUESTIONS_MAX: u32 = 100;

/// The phone of the person whom a caller asks.
pub(crate) fn asked(caller: u64, n: u32) -> String {
    format!("+15554{caller:02}{n:04}")
}

/// The phones of everybody who may be asked. All of them answer when the question arrives; half of them have
/// answered before, when the provider had not even answered us, unless its connection dropped.
pub(crate) fn phones(callers: u64) -> Vec<PhoneFixture> {
    let everybody = (0..callers).flat_map(|caller| (0..QUESTIONS_MAX).map(move |n| (caller, n)));
    everybody
        .map(|(caller, n)| {
            let yes = |moment| ScriptRule {
                when: TextMatch { contains: Some("Question".into()), ..TextMatch::default() },
                answer: PhoneText { body: "YES".into(), ..PhoneText::default() },
                after_ms: u64::from(n) * 37 % 2_000,
                times: None,
                moment,
            };
            let mut scripts = vec![yes(Moment::OnArrival)];
            if n % 2 == 1 {
                scripts.push(yes(Moment::BeforeCreateIsAnswered));
            }
            let number = asked(caller, n);
            PhoneFixture {
                number,
                profile_name: None,
                state: emulator::PhoneState::default(),
                scripts,
                call_scripts: Vec::new(),
            }
        })
        .collect()
}

impl People {
    pub(crate) fn begin(site: &Site, seed: u64) -> People {
        let stop = CancellationToken::new();
        let (emulator, http) = (site.emulator_url.clone(), site.http.clone());
        let stopped = stop.clone();
        let writer = tokio::spawn(async move {
            let mut rng = StdRng::seed_from_u64(seed ^ 0xfeed);
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
