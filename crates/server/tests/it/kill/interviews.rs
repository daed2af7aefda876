//! Kills a server between any two turns of an interview: the call goes on with the same question, and nothing is
//! asked twice.
//!
//! The provider is played by the test itself: it posts each result, signed, and posts it once more where no answer
//! came, as Twilio does.

use super::process::{ACCOUNT, Database, NUMBER, Site};
use engine::call::{AgentRef, Call, Course, Detection, Plan, Receipt, Script};
use engine::conversation::TurnKind;
use engine::id::{CallId, ConversationId};
use engine::sending::{Direction, Progress, State};
use jiff::Timestamp;
use std::fmt::Write as _;
use store::{Birth, Commit, Insert, Role};
use twilio::signature::{SignedBody, sign};

const QUESTIONS: u32 = 10;
/// Who calls hears the next question after no more than a breath.
const READY_WITHIN: std::time::Duration = std::time::Duration::from_secs(3);
const PERSON: &str = "+15557654321";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_interview_survives_a_kill_between_any_two_turns_on_sqlite() {
    survive(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_interview_survives_a_kill_between_any_two_turns_on_postgres() {
    survive(Database::Postgres).await;
}

async fn survive(database: Database) {
    let mut site = Site::new(database, emulator::FaultSettings::default(), 7).await;
    let interview = Interview::prepare(&site).await;
    site.start().await;
    let mut document = interview.post(&site, "", &[]).await;
    for n in 1..=QUESTIONS {
        assert!(document.contains(&format!("Question {n}?")), "{n}: {document}");
        site.kill().await;
        site.start_within(READY_WITHIN).await;
        // The answer to the last request may never have arrived: asked again, it is the same.
        let again = interview.again(&site).await;
        assert_eq!(again, document, "the same question");
        document = interview.post(&site, &turn(&document), &[("Digits", &n.to_string())]).await;
    }
    assert!(document.contains("That was all.") && document.contains("<Hangup"), "{document}");
    site.kill().await;
    site.start_within(READY_WITHIN).await;
    assert_eq!(interview.again(&site).await, document);
    site.stop().await;
    interview.judge(&site).await;
}

/// The turn whose answer a document asks for.
fn turn(document: &str) -> String {
    let (_, after) = document.split_once("/turn/").expect("it asks something");
    format!("/turn/{}", after.chars().take_while(char::is_ascii_digit).collect::<String>())
}

struct Interview {
    call: CallId,
    last: std::sync::Mutex<(String, Vec<(String, String)>)>,
}

impl Interview {
    /// An agent with ten questions, and a call over which it talks: as if the provider had just taken it.
    async fn prepare(site: &Site) -> Interview {
        let mut source = String::from("name: ten\nclosing: That was all.\nquestions:\n");
        for n in 1..=QUESTIONS {
            writeln!(
                source,
                "  - {{id: q{n}, question: \"Question {n}?\", expectedAnswerType: number, required: true}}"
            )
            .expect("written");
        }
        assert!(engine::agent::load(&source, Some("ten.yaml")).agent.is_some());
        let store = site.store(Role::Node).await;
        let now = Timestamp::now();
        store.publish_agent("ten", &source, now).await.expect("published");
        let call = CallId::from_trusted("call_0001");
        let mut progress = Progress::new(State::Accepted);
        progress.sid = Some(sid());
        let plan = Plan {
            script: Script::Conversation { agent: AgentRef::Named("ten".into()) },
            voice: None,
            language: None,
            record: false,
            ring_timeout_s: None,
            duration_max_s: None,
            detection: Detection::Off,
        };
        let value = Call {
            id: call.clone(),
            direction: Direction::Outbound,
            credential: "main".into(),
            from: Some(NUMBER.into()),
            to: PERSON.into(),
            plan: Some(plan),
            class: engine::sending::MessageClass::default(),
            origin: None,
            progress,
            course: Course::default(),
            receipt: Receipt::default(),
            created_at: now,
            updated_at: now,
        };
        let mut commit = Commit::default();
        commit.calls.new.push(Insert { value, birth: Birth::Settled });
        store.commit(commit).await.expect("stored");
        store.close().await;
        Interview { call, last: std::sync::Mutex::default() }
    }

    /// Posts a request of the provider; the document that comes back.
    async fn post(&self, site: &Site, path: &str, more: &[(&str, &str)]) -> String {
        let sid = sid();
        let form = [
            &[("CallSid", sid.as_str()), ("AccountSid", ACCOUNT), ("From", NUMBER), ("To", PERSON)],
            &[("CallStatus", "in-progress"), ("Direction", "outbound-api")][..],
            more,
        ]
        .concat();
        let form = form.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        *self.last.lock().expect("no test panicked") = (path.to_owned(), form);
        self.again(site).await
    }

    /// The same request once more.
    async fn again(&self, site: &Site) -> String {
        let (path, form) = self.last.lock().expect("no test panicked").clone();
        let url = format!("{}/twilio/main/voice/{}{path}", site.server_url, self.call);
        let signature = sign(emulator::DEFAULT_TOKEN, &url, SignedBody::Form(&form));
        let request = site.http.post(&url).form(&form).header("X-Twilio-Signature", signature);
        let answer = request.send().await.expect("it answers");
        assert_eq!(answer.status(), reqwest::StatusCode::OK, "{url}");
        answer.text().await.expect("it is text")
    }

    /// Every question was asked once and answered, and nothing was lost.
    async fn judge(&self, site: &Site) {
        let store = site.store(Role::Node).await;
        let id = ConversationId::of_call(&self.call);
        let transcript = store.transcript(&id).await.expect("readable");
        let asked: Vec<String> = transcript
            .into_iter()
            .filter_map(|entry| match entry.kind {
                TurnKind::Asked { question, attempt: 1, .. } => Some(question),
                TurnKind::Asked { question, .. } => panic!("{question} was asked twice"),
                _ => None,
            })
            .collect();
        let expected: Vec<String> = (1..=QUESTIONS).map(|n| format!("q{n}")).collect();
        assert_eq!(asked, expected);
        let stored = store.conversation(&id).await.expect("readable").expect("it is there").value;
        let results = stored.conversation.results();
        for n in 1..=QUESTIONS {
            assert_eq!(results.answers[&format!("q{n}")], n);
            assert_eq!(results.details[&format!("q{n}")]["attempts"], 1);
        }
        store.close().await;
    }
}

fn sid() -> String {
    format!("CA{:032x}", 1)
}
