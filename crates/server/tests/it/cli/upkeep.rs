//! What operators do to a database: bring it up to date, copy it, and change the key that seals its secrets.

use super::{shown, switchboard};
use crate::cli::online::said;
use crate::whole::app::TestApp;
use engine::id::CredentialId;
use secrecy::SecretString;
use store::record::CredentialSummary;
use store::{OpenOptions, Role, Store};

const OLD_KEY: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

#[test]
fn a_database_is_made_copied_and_never_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("switchboard.db").display());
    let copy = folder.path().join("copy.db");
    let in_it = |arguments: &[&str]| shown(switchboard(arguments).env("SWITCHBOARD_DATABASE_URL", &url));
    let copy_to = copy.to_str().unwrap();

    let too_early = in_it(&["backup", copy_to]);
    assert!(
        too_early.starts_with("exit 1") && too_early.contains("hint: check `database.url`"),
        "{too_early}"
    );
    let migrated = in_it(&["migrate"]);
    assert!(migrated.starts_with("exit 0") && migrated.contains("the database has schema "), "{migrated}");
    assert_eq!(migrated, in_it(&["migrate"]), "twice does no harm");
    let copied = in_it(&["backup", copy_to]);
    assert!(copied.starts_with("exit 0") && copy.exists(), "{copied}");
    let again = in_it(&["backup", copy_to]);
    assert!(again.starts_with("exit 1") && again.contains("is there already"), "{again}");
}

#[tokio::test]
async fn secrets_under_an_older_key_are_sealed_anew() {
    let app = TestApp::start().await;
    seal_under_old_key(&app).await;
    // The server of this test knows the newest key alone: what it cannot open, it must not touch.
    let refused = crate::cli::online::asked(&app, &["credentials", "rotate-key"]).await;
    assert!(!refused.status.success());
    app.state.store.delete_credential("older").await.unwrap();
    let done = said(&app, &["credentials", "rotate-key"]).await;
    assert!(done.starts_with("0 credentials were sealed anew"), "{done}");
    app.finish().await;
}

/// Adds a credential as a server with another key would have.
async fn seal_under_old_key(app: &TestApp) {
    let store = Store::open(OpenOptions {
        url: format!("sqlite:{}", app.folder().join("switchboard.db").display()),
        postgres_roots_file: None,
        encryption_keys: vec![SecretString::from(OLD_KEY)],
        connections: 1,
        role: Role::Tool,
    })
    .await
    .unwrap();
    let now = app.state.host.now();
    let summary = CredentialSummary {
        id: CredentialId::from_trusted("crd_older".to_owned()),
        name: "older".to_owned(),
        kind: "openai".to_owned(),
        public: serde_json::json!({}),
        created_at: now,
        updated_at: now,
    };
    store.put_credential(summary, "{}".into()).await.unwrap();
    store.close().await;
}
