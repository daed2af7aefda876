//! Credentials, and the keys that seal them.

use crate::calls::{born_call, call};
use crate::database::{Database, KEY, on_both, on_sqlite};
use crate::samples::*;
use engine::call::{Call, Script};
use engine::id::{CredentialId, RunId};
use engine::message::Message;
use secrecy::ExposeSecret;
use store::record::{CredentialSummary, Task};
use store::{Birth, CallFilter, Commit, CommitError, MessageFilter, PageRequest, Role, Store, StoreError};

on_both![
    a_credential_is_replaced_by_name,
    keys_are_rotated,
    without_the_right_key_secrets_stay_sealed,
    what_people_say_in_confidence_is_sealed,
    texts_and_calls_that_say_it_are_sealed,
    a_task_that_will_say_it_is_sealed,
];

const NEW_KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHv8=";

fn credential(n: u32, name: &str) -> CredentialSummary {
    CredentialSummary {
        id: CredentialId::from_trusted(format!("crd_{n}")),
        name: name.into(),
        kind: "twilio".into(),
        public: serde_json::json!({"accountSid": "AC00000000000000000000000000000001"}),
        created_at: at(1),
        updated_at: at(2),
    }
}

async fn secrets(store: &Store, name: &str) -> Result<String, StoreError> {
    let found = store.credential(name).await?.expect("it is there");
    Ok(found.1.expose_secret().to_owned())
}

async fn a_credential_is_replaced_by_name(database: Database) {
    let store = database.open().await;
    store.put_credential(credential(1, "main"), "{\"authToken\":\"x\"}".into()).await.unwrap();
    store.put_credential(credential(2, "other"), "y".into()).await.unwrap();
    store.put_credential(credential(3, "main"), "z".into()).await.unwrap();
    assert_eq!(secrets(&store, "main").await.unwrap(), "z");
    assert_eq!(store.credential("main").await.unwrap().unwrap().0, credential(3, "main"));
    assert_eq!(store.credentials().await.unwrap(), [credential(3, "main"), credential(2, "other")]);
    assert!(store.credential("none").await.unwrap().is_none());
    assert!(store.delete_credential("main").await.unwrap());
    assert!(!store.delete_credential("main").await.unwrap());
    assert_eq!(store.credentials().await.unwrap(), [credential(2, "other")]);
}

async fn keys_are_rotated(database: Database) {
    let store = database.open().await;
    store.put_credential(credential(1, "old"), "one".into()).await.unwrap();
    store.close().await;

    let store = database.try_open(Role::Node, &[NEW_KEY, KEY]).await.unwrap();
    store.put_credential(credential(2, "new"), "two".into()).await.unwrap();
    assert_eq!(secrets(&store, "old").await.unwrap(), "one", "the older key still opens");
    assert_eq!(store.rotate_keys().await.unwrap(), 1);
    assert_eq!(store.rotate_keys().await.unwrap(), 0);
    store.close().await;

    let store = database.try_open(Role::Node, &[NEW_KEY]).await.unwrap();
    assert_eq!(secrets(&store, "old").await.unwrap(), "one");
    assert_eq!(secrets(&store, "new").await.unwrap(), "two");
    store.close().await;
}

async fn without_the_right_key_secrets_stay_sealed(database: Database) {
    let store = database.open().await;
    store.put_credential(credential(1, "main"), "one".into()).await.unwrap();
    store.close().await;
    for keys in [&[NEW_KEY][..], &[]] {
        let store = database.try_open(Role::Node, keys).await.unwrap();
        assert!(matches!(secrets(&store, "main").await, Err(StoreError::Key(_))));
        let locked = store.locked_credentials().await.unwrap();
        assert_eq!(locked.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["main"]);
        let rotated = store.rotate_keys().await;
        assert!(matches!(rotated, Err(StoreError::Key(_))), "{rotated:?}");
        assert_eq!(store.credentials().await.unwrap().len(), 1, "what is open stays open");
        store.close().await;
    }
    let unusable = database.try_open(Role::Node, &["not a key"]).await.err().unwrap();
    assert!(matches!(&unusable, StoreError::Key(text) if !text.contains("not a key")), "{unusable:?}");
    let store = database.open().await;
    assert_eq!(secrets(&store, "main").await.unwrap(), "one");
    assert_eq!(store.locked_credentials().await.unwrap(), []);
    store.close().await;
    database.tamper("UPDATE credentials SET id = 'crd_2'").await;
    let store = database.open().await;
    let moved = secrets(&store, "main").await;
    assert!(matches!(moved, Err(StoreError::Corrupt { .. })), "{moved:?}");
}

#[tokio::test]
async fn no_secret_is_stored_in_the_open() {
    on_sqlite(async |database: Database| {
        let path = database.url.strip_prefix("sqlite:").unwrap();
        let store = database.open().await;
        store.put_credential(credential(1, "main"), "correct horse battery".into()).await.unwrap();
        for ending in ["", "-wal"] {
            let bytes = std::fs::read(format!("{path}{ending}")).unwrap();
            assert!(!bytes.windows(13).any(|window| window == b"correct horse"), "{ending}");
        }
        let shown = std::fs::read(format!("{path}-wal")).unwrap();
        assert!(shown.windows(10).any(|window| window == b"accountSid"), "the search finds what is there");
    })
    .await;
}

async fn what_people_say_in_confidence_is_sealed(database: Database) {
    let store = database.open().await;
    let mut told = run(1);
    told.variables.insert("pin".into(), "47114711".into());
    told.sensitive.push("pin".into());
    let plain = run(2);
    for run in [&told, &plain] {
        store.commit(Commit { run: Some(new_run(run.clone())), ..Commit::default() }).await.unwrap();
    }
    assert_eq!(store.run(&told.id).await.unwrap().unwrap().value, told);
    // Moved to another row it does not open.
    database.tamper("UPDATE runs SET id = 'run_000009' WHERE id = 'run_000001'").await;
    let moved = store.run(&RunId::from_trusted("run_000009")).await;
    assert!(matches!(moved, Err(StoreError::Corrupt { .. })), "{moved:?}");
    database.tamper("UPDATE runs SET id = 'run_000001' WHERE id = 'run_000009'").await;
    store.close().await;

    let without = database.try_open(Role::Node, &[NEW_KEY]).await.unwrap();
    assert!(matches!(without.run(&told.id).await, Err(StoreError::Key(_))));
    assert_eq!(without.run(&plain.id).await.unwrap().unwrap().value, plain, "the rest lies open");
    assert!(matches!(without.rotate_keys().await, Err(StoreError::Key(_))));
    without.close().await;

    let both = database.try_open(Role::Node, &[NEW_KEY, KEY]).await.unwrap();
    assert_eq!((both.rotate_keys().await.unwrap(), both.rotate_keys().await.unwrap()), (1, 0));
    both.close().await;
    let rotated = database.try_open(Role::Node, &[NEW_KEY]).await.unwrap();
    assert_eq!(rotated.run(&told.id).await.unwrap().unwrap().value, told);
    rotated.close().await;
}

async fn texts_and_calls_that_say_it_are_sealed(database: Database) {
    let store = database.open().await;
    let mut text = message(3);
    text.content.body = Some("It is 47114711.".into());
    text.content.sensitive = true;
    let mut spoken = call(1);
    let Some(Script::Announcement(said)) = spoken.plan.as_mut().map(|plan| &mut plan.script) else {
        panic!("{spoken:?}")
    };
    said.text = Some("It is 47114711.".into());
    said.sensitive = true;
    let plain = message(2);
    store.commit(born(text.clone(), Birth::Settled)).await.unwrap();
    store.commit(born(plain.clone(), Birth::Settled)).await.unwrap();
    store.commit(born_call(spoken.clone(), Birth::Settled)).await.unwrap();
    let listed = store.list::<Message>(MessageFilter::default(), PageRequest::default()).await.unwrap();
    assert_eq!(listed, [text.clone(), plain.clone()]);
    let loaded = store.message(&text.id).await.unwrap().unwrap();
    store.commit(changed(loaded, |text| text.content.body = Some("It was 47114711.".into()))).await.unwrap();
    text.content.body = Some("It was 47114711.".into());
    // Moved to another row it does not open.
    database.tamper("UPDATE calls SET id = 'call_000009' WHERE id = 'call_000001'").await;
    let moved = store.find::<Call>(&call(9).id).await;
    assert!(matches!(moved, Err(StoreError::Corrupt { .. })), "{moved:?}");
    database.tamper("UPDATE calls SET id = 'call_000001' WHERE id = 'call_000009'").await;
    store.close().await;

    let without = database.try_open(Role::Node, &[NEW_KEY]).await.unwrap();
    assert!(matches!(without.message(&text.id).await, Err(StoreError::Key(_))));
    assert!(matches!(without.find::<Call>(&spoken.id).await, Err(StoreError::Key(_))));
    let listed = without.list::<Message>(MessageFilter::default(), PageRequest::default()).await.unwrap();
    assert_eq!(listed, std::slice::from_ref(&plain), "what is locked keeps nobody from the rest");
    let page = PageRequest { limit: 1, before: Some(message(4).id.to_string()) };
    let listed = without.list::<Message>(MessageFilter::default(), page).await.unwrap();
    assert_eq!(listed, std::slice::from_ref(&plain), "nor does it shorten a page");
    assert_eq!(without.inbox(PageRequest::default()).await.unwrap(), [plain], "nor does it hide a person");
    let listed = without.list::<Call>(CallFilter::default(), PageRequest::default()).await.unwrap();
    assert_eq!(listed, []);
    without.close().await;

    let both = database.try_open(Role::Node, &[NEW_KEY, KEY]).await.unwrap();
    assert_eq!((both.rotate_keys().await.unwrap(), both.rotate_keys().await.unwrap()), (2, 0));
    both.close().await;
    let rotated = database.try_open(Role::Node, &[NEW_KEY]).await.unwrap();
    assert_eq!(rotated.message(&text.id).await.unwrap().unwrap().value, text);
    assert_eq!(rotated.find::<Call>(&spoken.id).await.unwrap().unwrap().value, spoken);
    rotated.close().await;

    let keyless = database.try_open(Role::Node, &[]).await.unwrap();
    let mut another = message(5);
    another.content.sensitive = true;
    let refused = keyless.commit(born(another, Birth::Settled)).await;
    assert!(matches!(refused, Err(CommitError::Store(StoreError::Key(_)))), "{refused:?}");
    keyless.close().await;
}

async fn a_task_that_will_say_it_is_sealed(database: Database) {
    let store = database.open().await;
    let kind = serde_json::json!({
        "kind": "begin_conversation", "run": "run_000001", "key": {"step": 1, "n": 0},
        "begin": {
            "channel": "whatsapp", "credential": null, "from": SENDER, "to": PERSON, "agent": {"named": "holds"},
            "template": {"sid": "HX1", "variables": {"1": "47114711"}}, "sensitive": true,
        },
    });
    let secret = Task { kind: serde_json::from_value(kind).unwrap(), ..task(1, 1) };
    store.commit(tasks(vec![secret.clone(), task(2, 2)])).await.unwrap();
    assert_eq!(store.tasks(9).await.unwrap(), [secret.clone(), task(2, 2)]);
    let counts = store.count_tasks_by_kind(at(9)).await.unwrap();
    let count = counts.iter().find(|count| count.kind == "begin_conversation").unwrap();
    assert_eq!((count.due, counts.iter().map(|count| count.due).sum::<u64>()), (1, 2));
    database.tamper("UPDATE tasks SET id = 'tsk_000009' WHERE id = 'tsk_000001'").await;
    assert!(matches!(store.tasks(9).await, Err(StoreError::Corrupt { .. })), "it is sealed");
    database.tamper("UPDATE tasks SET id = 'tsk_000001' WHERE id = 'tsk_000009'").await;
    store.close().await;

    let without = database.try_open(Role::Node, &[NEW_KEY]).await.unwrap();
    let claimed = without.claim(at(9), 0, 9).await.unwrap();
    let claimed: Vec<_> = claimed.into_iter().map(|claimed| claimed.task.id).collect();
    assert_eq!(claimed, [task_id(2)], "it keeps nobody from the others");
    without.close().await;

    let both = database.try_open(Role::Node, &[NEW_KEY, KEY]).await.unwrap();
    assert_eq!((both.rotate_keys().await.unwrap(), both.rotate_keys().await.unwrap()), (1, 0));
    both.close().await;
    let rotated = database.try_open(Role::Node, &[NEW_KEY]).await.unwrap();
    let claimed = rotated.claim(at(9), 0, 9).await.unwrap();
    assert!(claimed.iter().any(|claimed| claimed.task.kind == secret.kind), "{claimed:?}");
    rotated.close().await;
}
