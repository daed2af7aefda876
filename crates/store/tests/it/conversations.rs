//! Conversations, their turns, agents, recordings and audio.

use crate::database::{Database, on_both};
use crate::samples::*;
use engine::agent::Agent;
use engine::conversation::{self, AnsweredBy, Heard, Medium, Opening, What};
use engine::id::{CallId, ConversationId, RecordingId, RunId};
use engine::sending::{Channel, Origin};
use store::record::{
    AgentVersion, AudioFile, Exchange, ListedConversation, Recording, RecordingStatus, StoredAgent,
    StoredConversation,
};
use store::{
    Commit, CommitError, Conflict, ConversationFilter, ConversationWrite, PageRequest, Role, Store,
    StoreError,
};

on_both![
    agents_are_published_like_workflows,
    a_turn_is_answered_once,
    who_comes_second_stores_nothing,
    the_transcript_is_in_order,
    lists_are_by_what_is_asked_for,
    the_latest_talk_with_a_person_is_found,
    a_conversation_whose_key_is_gone_keeps_nobody_from_the_rest,
    nobody_goes_on_with_a_conversation_whose_key_is_gone,
    a_recording_is_known_by_its_sid,
    audio_is_replaced_by_name,
];

const OTHER_KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHv8=";

const AGENT: &str = "name: brief\nquestions:\n  - {id: one, question: One?}\n  - {id: two, question: Two?}\n";

fn agent() -> Agent {
    engine::agent::load(AGENT, Some("brief.yaml")).agent.unwrap()
}

/// A conversation that was begun and asked its first question.
fn begun(n: u32) -> StoredConversation {
    let call = CallId::from_trusted(format!("call_{n}"));
    let id = ConversationId::of_call(&call);
    let opening = Opening::of(id, Medium::Voice);
    let begun = conversation::begin(&agent(), opening, at(1)).conversation;
    let heard = Heard { turn: 0, what: What::Connected { answered_by: AnsweredBy::Human } };
    let conversation = begun.hear(&agent(), heard, at(2)).unwrap().conversation;
    StoredConversation {
        conversation,
        agent: AgentVersion { name: "brief".into(), version: 1 },
        credential: ACCOUNT.into(),
        channel: Channel::Voice,
        sender: SENDER.into(),
        contact: "+15557654321".into(),
        call: Some(call),
        asked_at: None,
        texts: 0,
        class: engine::sending::MessageClass::default(),
        origin: Some(Origin { run: RunId::from_trusted("run_1"), step: 1, n: 0 }),
        updated_at: at(2),
        line: None,
        after: None,
    }
}

fn exchange(turn: u32, document: &str) -> Exchange {
    let entry = conversation::TurnEntry {
        at: at(3),
        turn,
        kind: conversation::TurnKind::Said { text: document.into() },
    };
    Exchange { turn, part: "turn".into(), document: Some(document.into()), entries: vec![entry] }
}

async fn put(
    store: &Store,
    value: StoredConversation,
    loaded_guard: Option<i64>,
    exchange: Exchange,
) -> Result<(), CommitError> {
    let write = ConversationWrite { value, loaded_guard, exchange: Some(exchange) };
    store.commit(Commit { conversations: vec![write], ..Commit::default() }).await
}

async fn agents_are_published_like_workflows(database: Database) {
    let store = database.open().await;
    assert_eq!(store.publish_agent("a", "one", at(1)).await.unwrap(), 1);
    assert_eq!(store.publish_agent("a", "one", at(2)).await.unwrap(), 1, "nothing changed");
    assert_eq!(store.publish_agent("a", "two", at(3)).await.unwrap(), 2);
    assert_eq!(store.publish_workflow("a", "three", at(3)).await.unwrap(), 1, "a name of another kind");
    let latest = StoredAgent { name: "a".into(), version: 2, source: "two".into(), published_at: at(3) };
    assert_eq!(store.agent("a", None).await.unwrap(), Some(latest.clone()));
    assert_eq!(store.agent("a", Some(1)).await.unwrap().unwrap().source, "one");
    assert_eq!(store.agent("b", None).await.unwrap(), None);
    assert_eq!(store.agents().await.unwrap(), [latest]);
}

async fn a_turn_is_answered_once(database: Database) {
    let store = database.open().await;
    let stored = begun(1);
    let id = stored.conversation.id.clone();
    assert!(store.conversation_at(&id, 0, "turn").await.unwrap().is_none());
    put(&store, stored.clone(), None, exchange(0, "first")).await.unwrap();
    let found = store.conversation_at(&id, 0, "turn").await.unwrap().unwrap();
    assert_eq!((found.conversation.value, found.conversation.guard), (stored.clone(), 1));
    assert_eq!(found.document.as_deref(), Some("first"));
    let open = store.conversation_at(&id, 1, "turn").await.unwrap().unwrap();
    assert_eq!(open.document, None, "nobody asked yet");
    assert_eq!(store.conversation_at(&id, 0, "other").await.unwrap().unwrap().document, None);
    put(&store, stored, Some(1), exchange(1, "second")).await.unwrap();
    assert_eq!(store.present_document(&id).await.unwrap().as_deref(), Some("second"));
    let first = store.conversation_at(&id, 0, "turn").await.unwrap().unwrap();
    assert_eq!(first.document.as_deref(), Some("first"), "a document never changes");
}

async fn who_comes_second_stores_nothing(database: Database) {
    let store = database.open().await;
    let stored = begun(1);
    let id = stored.conversation.id.clone();
    put(&store, stored.clone(), None, exchange(0, "first")).await.unwrap();
    for (guard, turn, document) in
        [(None, 1, "begun twice"), (Some(2), 1, "of a later guard"), (Some(1), 0, "twice")]
    {
        let late = put(&store, stored.clone(), guard, exchange(turn, document)).await;
        assert!(matches!(late, Err(CommitError::Conflict(Conflict::Conversation))), "{document}: {late:?}");
    }
    assert_eq!(store.present_document(&id).await.unwrap().as_deref(), Some("first"));
    assert_eq!(store.conversation(&id).await.unwrap().unwrap().guard, 1);
}

async fn the_transcript_is_in_order(database: Database) {
    let store = database.open().await;
    let stored = begun(1);
    let id = stored.conversation.id.clone();
    put(&store, stored.clone(), None, exchange(9, "one")).await.unwrap();
    put(&store, stored.clone(), Some(1), exchange(2, "two")).await.unwrap();
    put(&store, stored, Some(2), exchange(5, "three")).await.unwrap();
    let said: Vec<String> =
        store.transcript(&id).await.unwrap().iter().map(|entry| entry.kind.sentence()).collect();
    assert_eq!(said, ["said \u{201c}one\u{201d}", "said \u{201c}two\u{201d}", "said \u{201c}three\u{201d}"]);
}

async fn lists_are_by_what_is_asked_for(database: Database) {
    let store = database.open().await;
    for n in 1..=3 {
        put(&store, begun(n), None, exchange(0, "first")).await.unwrap();
    }
    let other = StoredConversation { contact: "+15550000009".into(), origin: None, ..begun(4) };
    put(&store, other, None, exchange(0, "first")).await.unwrap();
    let list = async |filter: ConversationFilter| -> Vec<String> {
        let found = store.conversations(filter, PageRequest::default()).await.unwrap();
        found.into_iter().map(|stored| stored.conversation.id.to_string()).collect()
    };
    assert_eq!(list(ConversationFilter::default()).await, ["cnv_4", "cnv_3", "cnv_2", "cnv_1"]);
    let run = ConversationFilter { run: Some(RunId::from_trusted("run_1")), ..ConversationFilter::default() };
    assert_eq!(list(run).await, ["cnv_3", "cnv_2", "cnv_1"]);
    let contact =
        ConversationFilter { contact: Some("+15550000009".into()), ..ConversationFilter::default() };
    assert_eq!(list(contact).await, ["cnv_4"]);
    let talking = ConversationFilter { status: Some("talking".into()), ..ConversationFilter::default() };
    assert_eq!(list(talking).await.len(), 4);
    let ended = ConversationFilter { status: Some("ended".into()), ..ConversationFilter::default() };
    assert!(list(ended).await.is_empty());
    let agent = ConversationFilter { agent: Some("brief".into()), ..ConversationFilter::default() };
    assert_eq!(list(agent).await.len(), 4);
}

async fn the_latest_talk_with_a_person_is_found(database: Database) {
    let store = database.open().await;
    put(&store, begun(1), None, exchange(0, "first")).await.unwrap();
    put(&store, begun(2), None, exchange(0, "first")).await.unwrap();
    let latest = async |agent: Option<&str>, contact: &str, since| {
        let found = store.latest_conversation(agent, contact, at(since)).await.unwrap();
        found.map(|found| found.value.conversation.id.to_string())
    };
    assert_eq!(latest(Some("brief"), "+15557654321", 0).await.as_deref(), Some("cnv_2"));
    assert_eq!(latest(None, "+15557654321", 0).await.as_deref(), Some("cnv_2"));
    assert_eq!(latest(Some("other"), "+15557654321", 0).await, None);
    assert_eq!(latest(None, "+15550000009", 0).await, None);
    assert_eq!(latest(None, "+15557654321", 2).await, None, "it began before");
}

async fn a_recording_is_known_by_its_sid(database: Database) {
    let store = database.open().await;
    let recording = |n: u32, status| Recording {
        id: RecordingId::from_trusted(format!("rec_{n}")),
        credential: ACCOUNT.into(),
        sid: "RE1".into(),
        call_sid: "CA1".into(),
        call: Some(CallId::from_trusted("call_1")),
        status,
        duration_s: None,
        channels: None,
        source: None,
        created_at: at(1),
        updated_at: at(1),
    };
    let put = async |recording| {
        store.commit(Commit { recordings: vec![recording], ..Commit::default() }).await.unwrap();
    };
    put(recording(1, RecordingStatus::InProgress)).await;
    put(recording(1, RecordingStatus::Completed)).await;
    let known = store.recording_by_sid(ACCOUNT, "RE1").await.unwrap().unwrap();
    assert_eq!(known, recording(1, RecordingStatus::Completed));
    assert_eq!(store.recording(&known.id).await.unwrap(), Some(known.clone()));
    let of_call =
        store.recordings(Some(&CallId::from_trusted("call_1")), PageRequest::default()).await.unwrap();
    assert_eq!(of_call, [known]);
    let of_other =
        store.recordings(Some(&CallId::from_trusted("call_2")), PageRequest::default()).await.unwrap();
    assert!(of_other.is_empty());
}

async fn audio_is_replaced_by_name(database: Database) {
    let store = database.open().await;
    let file = |key: &str, length| AudioFile {
        key: key.into(),
        name: "welcome".into(),
        content_type: "audio/mpeg".into(),
        length,
        uploaded_at: at(1),
    };
    store.put_audio(&file("k1", 3), vec![1, 2, 3]).await.unwrap();
    assert_eq!(store.audio("k1").await.unwrap(), Some((file("k1", 3), vec![1, 2, 3])));
    store.put_audio(&file("k2", 1), vec![9]).await.unwrap();
    assert_eq!(store.audio("k1").await.unwrap(), None, "its address ends with it");
    assert_eq!(store.audio_files().await.unwrap(), [file("k2", 1)]);
    assert!(store.delete_audio("welcome").await.unwrap());
    assert!(!store.delete_audio("welcome").await.unwrap());
}

/// A conversation, by text, in which something was said in confidence.
fn told_in_confidence(n: u32) -> StoredConversation {
    let mut stored = begun(n);
    stored.conversation.variables.insert("pin".into(), "4711".into());
    stored.conversation.secrets = vec!["pin".into()];
    stored.channel = Channel::Sms;
    stored
}

async fn a_conversation_whose_key_is_gone_keeps_nobody_from_the_rest(database: Database) {
    let store = database.open().await;
    let (first, lost) = (begun(1), told_in_confidence(2));
    put(&store, first.clone(), None, exchange(0, "first")).await.unwrap();
    put(&store, lost.clone(), None, exchange(0, "second")).await.unwrap();
    let found = store.listed_conversation(&lost.conversation.id).await.unwrap();
    assert_eq!(found, Some(ListedConversation::Open(Box::new(lost.clone()))));
    store.close().await;

    let store = database.try_open(Role::Node, &[OTHER_KEY]).await.unwrap();
    let third = StoredConversation { channel: Channel::Sms, ..begun(3) };
    put(&store, third.clone(), None, exchange(0, "third")).await.unwrap();
    let all = || (ConversationFilter::default(), PageRequest::default());
    let listed = store.listed_conversations(all().0, all().1).await.unwrap();
    let [
        ListedConversation::Open(newest),
        ListedConversation::Locked(locked),
        ListedConversation::Open(oldest),
    ] = listed.as_slice()
    else {
        panic!("{listed:?}")
    };
    assert_eq!((&**newest, &**oldest), (&third, &first));
    assert_eq!((&locked.id, locked.agent.as_str()), (&lost.conversation.id, "brief"));
    assert_eq!((locked.status.as_str(), locked.channel.as_str()), ("talking", "sms"));
    assert_eq!((&locked.contact, &locked.run), (&lost.contact, &Some(RunId::from_trusted("run_1"))));
    assert_eq!((locked.started_at, locked.updated_at, locked.key_id.len()), (at(1), at(2), 8));
    assert_eq!(store.listed_conversation(&locked.id).await.unwrap().as_ref(), Some(&listed[1]));
    assert_eq!(store.conversations(all().0, all().1).await.unwrap(), [third.clone(), first]);
    // What the person writes next reaches whoever can still hear it.
    let open = store.open_by_text(Channel::Sms, &lost.contact).await.unwrap();
    assert_eq!(open.into_iter().map(|open| open.value).collect::<Vec<_>>(), [third]);
    assert!(
        matches!(store.conversation(&locked.id).await, Err(StoreError::Key(_))),
        "it is not taken for none"
    );
    assert_eq!(store.transcript(&locked.id).await.unwrap().len(), 1);
    store.close().await;
}

async fn nobody_goes_on_with_a_conversation_whose_key_is_gone(database: Database) {
    let store = database.open().await;
    let lost = StoredConversation { channel: Channel::Voice, ..told_in_confidence(1) };
    put(&store, lost.clone(), None, exchange(0, "first")).await.unwrap();
    store.close().await;
    let store = database.try_open(Role::Node, &[OTHER_KEY]).await.unwrap();
    assert_eq!(store.latest_conversation(None, &lost.contact, at(0)).await.unwrap(), None);
    store.close().await;
}
