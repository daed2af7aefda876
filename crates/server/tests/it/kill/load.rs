//! Callers that ask for runs and do not give up until the server has taken them.

use super::process::Site;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Name and source of a workflow.
pub(crate) type Source = (&'static str, &'static str);

pub(crate) const NOTICE: Source = (
    "notice",
    r#"
name: notice
trigger: {type: webhook, path: notice}
input: {phone: {type: string}, text: {type: string}}
blocks:
  - {id: tell, type: twilio, messageType: sms, from: "+15551234567", to: "{{phone}}", message: "{{text}}"}
"#,
);

pub(crate) const POOLED: Source = (
    "pooled",
    r#"
name: pooled
trigger: {type: webhook, path: pooled}
input: {phone: {type: string}, text: {type: string}}
blocks:
  - id: tell
    type: twilio
    messageType: sms
    from: MG000000000000000000000000000000aa
    to: "{{phone}}"
    message: "{{text}}"
    until: delivered
    deliveryTimeout: 60s
"#,
);

/// A call that is done once the provider has it, or a person must decide about it.
pub(crate) const RING: Source = (
    "ring",
    r#"
name: ring
trigger: {type: webhook, path: ring}
input: {phone: {type: string}, text: {type: string}}
blocks:
  - id: ring
    type: twilio
    messageType: voice
    from: "+15551234567"
    to: "{{phone}}"
    message: "{{text}}"
    until: accepted
    on: {failed: end}
"#,
);

/// A call that an agent holds, likewise.
pub(crate) const TALK: Source = (
    "talk",
    r#"
name: talk
trigger: {type: webhook, path: talk}
input: {phone: {type: string}, text: {type: string}}
blocks:
  - id: talk
    type: twilio
    messageType: voiceAgent
    from: "+15551234567"
    to: "{{phone}}"
    until: accepted
    agent:
      greeting: "{{text}}"
      questions: [{id: reached, question: "Did this reach you?", expectedAnswerType: yes_no, maxRetries: 0}]
    on: {failed: end}
"#,
);

pub(crate) const QUESTION: Source = (
    "question",
    r#"
name: question
trigger: {type: webhook, path: question}
input: {phone: {type: string}, text: {type: string}}
blocks:
  - {id: ask, type: twilio, messageType: sms, from: "+15551234567", to: "{{phone}}", message: "{{text}}"}
  - {id: answer, type: waitForReply, timeout: 3m}
  - id: pick
    type: switch
    value: "{{SMS reply}}"
    cases: [{equals: "YES", next: thanks}]
    else: end
  - {id: thanks, type: twilio, messageType: sms, from: "+15551234567", to: "{{phone}}", message: "Thanks", next: end}
"#,
);

/// A run that the server has confirmed.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) workflow: &'static str,
    pub(crate) phone: String,
    pub(crate) text: String,
}

impl Asked {
    pub(crate) fn is_call(&self) -> bool {
        [RING.0, TALK.0].contains(&self.workflow)
    }
}

pub(crate) struct Load {
    callers: Vec<JoinHandle<()>>,
    asked: Arc<Mutex<Vec<Asked>>>,
    stop: CancellationToken,
}

/// Calls of one caller: the numbers of phones that ring end here, far beyond 500 kills.
const RINGS_MAX: u32 = 12_500;
/// Callers at once, and how long each thinks between two requests.
pub(crate) const CALLERS: u64 = 8;
const THINK_MS: std::ops::Range<u64> = 40..200;
/// A caller gives a server that is down this long to come back.
const PATIENCE: Duration = Duration::from_secs(60);

impl Load {
    pub(crate) fn begin(site: &Site, seed: u64) -> Load {
        let (asked, stop) = (Arc::new(Mutex::new(Vec::new())), CancellationToken::new());
        let callers = (0..CALLERS)
            .map(|caller| {
                let (server, http) = (site.server_url.clone(), site.http.clone());
                let (asked, stop) = (asked.clone(), stop.clone());
                let mut rng = StdRng::seed_from_u64(seed * 1_000 + caller);
                tokio::spawn(async move {
                    for n in 0.. {
                        if stop.is_cancelled() {
                            return;
                        }
                        let run = draw(&mut rng, caller, n);
                        ask(&http, &server, &run).await;
                        asked.lock().expect("not poisoned").push(run);
                        tokio::time::sleep(Duration::from_millis(rng.random_range(THINK_MS))).await;
                    }
                })
            })
            .collect();
        Load { callers, asked, stop }
    }

    /// One run alone.
    pub(crate) fn once(site: &Site, workflow: Source, phone: &str, text: &str) -> Load {
        let (asked, stop) = (Arc::new(Mutex::new(Vec::new())), CancellationToken::new());
        let run = Asked { workflow: workflow.0, phone: phone.to_owned(), text: text.to_owned() };
        let (server, http, list) = (site.server_url.clone(), site.http.clone(), asked.clone());
        let caller = tokio::spawn(async move {
            ask(&http, &server, &run).await;
            list.lock().expect("not poisoned").push(run);
        });
        Load { callers: vec![caller], asked, stop }
    }

    /// Lets every caller finish the request that it is at.
    pub(crate) async fn end(self) -> Vec<Asked> {
        self.stop.cancel();
        for caller in self.callers {
            caller.await.expect("a caller does not panic");
        }
        self.asked.lock().expect("not poisoned").clone()
    }
}

/// Nearly half of the load is the same text to the same number, and a third are calls.
fn draw(rng: &mut StdRng, caller: u64, n: u32) -> Asked {
    let hot = rng.random_range(0..4);
    match rng.random_range(0..100) {
        0..28 => {
            let (phone, text) = (format!("+1555200000{hot}"), "The same again".to_owned());
            Asked { workflow: NOTICE.0, phone, text }
        }
        28..43 => {
            let (phone, text) =
                (format!("+1555210000{hot}"), "It\u{2019}s the same \u{201c}again\u{201d}".to_owned());
            Asked { workflow: POOLED.0, phone, text }
        }
        kind @ 43..75 if n < RINGS_MAX => {
            let phone = format!("+155533{:05}", caller * u64::from(RINGS_MAX) + u64::from(n));
            let workflow = if kind < 60 { RING.0 } else { TALK.0 };
            Asked { workflow, phone, text: "Hello".to_owned() }
        }
        43..80 => {
            let phone = format!("+1555300{:04}", rng.random_range(0..10_000));
            Asked { workflow: NOTICE.0, phone, text: format!("Number {caller}-{n}") }
        }
        80..86 => {
            let phone = format!("+1555310{:04}", rng.random_range(0..10_000));
            Asked { workflow: POOLED.0, phone, text: format!("It\u{2019}s number {caller}-{n}") }
        }
        _ if n >= super::people::QUESTIONS_MAX => {
            let phone = format!("+1555320{:04}", rng.random_range(0..10_000));
            Asked { workflow: NOTICE.0, phone, text: format!("Number {caller}-{n}") }
        }
        _ => {
            // A person of their own, so that the answer is to this question.
            let phone = super::people::asked(caller, n);
            Asked { workflow: QUESTION.0, phone, text: format!("Question {caller}-{n}?") }
        }
    }
}

async fn ask(http: &reqwest::Client, server: &str, run: &Asked) {
    let key = uuid::Uuid::now_v7().to_string();
    let body = serde_json::json!({"phone": run.phone, "text": run.text});
    let give_up = tokio::time::Instant::now() + PATIENCE;
    loop {
        let request = http
            .post(format!("{server}/hooks/{}", run.workflow))
            .header("Idempotency-Key", &key)
            .timeout(Duration::from_secs(10))
            .json(&body);
        match request.send().await {
            Ok(answer) if answer.status().is_success() => return,
            Ok(answer) if answer.status().is_server_error() || answer.status().as_u16() == 409 => {}
            Ok(answer) => panic!("refused: {} {:?}", answer.status(), answer.text().await),
            // It is down, or died over this request; whether it took it is for the key to tell.
            Err(_) => {}
        }
        assert!(tokio::time::Instant::now() < give_up, "the server does not come back");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
