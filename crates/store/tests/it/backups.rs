//! Copies of a database that is at work.

use crate::database::{Database, on_sqlite};
use crate::samples::at;
use std::os::unix::fs::PermissionsExt as _;
use store::{BackupError, Role};

#[tokio::test]
async fn a_copy_of_a_database_at_work_holds_what_was_committed_and_is_never_written_over() {
    on_sqlite(async |database: Database| {
        let store = database.open().await;
        store.publish_workflow("greeting", "blocks: []", at(1)).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("copy.db");
        store::back_up(&database.url, &to).await.unwrap();
        store.publish_workflow("later", "blocks: []", at(1)).await.unwrap();
        let again = store::back_up(&database.url, &to).await;
        assert!(matches!(again, Err(BackupError::Exists(_))), "{again:?}");
        store.close().await;

        let names: Vec<_> =
            std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(names, ["copy.db"], "nothing else is left behind");
        let database_file = std::path::Path::new(database.url.strip_prefix("sqlite:").unwrap());
        for file in [to.as_path(), database_file] {
            let mode = std::fs::metadata(file).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "others may not read {}: {mode:o}", file.display());
        }
        let copy = Database { url: format!("sqlite:{}", to.display()) };
        let copy = copy.try_open(Role::Node, &[]).await.unwrap();
        assert!(copy.workflow("greeting", None).await.unwrap().is_some());
        assert!(copy.workflow("later", None).await.unwrap().is_none());
        copy.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_copy_that_cannot_be_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("copy.db");
    let missing = format!("sqlite:{}", folder.path().join("none.db").display());
    assert!(matches!(store::back_up(&missing, &to).await, Err(BackupError::Copy(_))));
    let postgres = store::back_up("postgres://user:secret@example.com/name", &to).await;
    assert!(matches!(postgres, Err(BackupError::Postgres)));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("none");
    let database = Database { url: format!("sqlite:{}", missing.join("board.db").display()) };
    for role in [Role::Node, Role::Tool] {
        let refused = database.try_open(role, &[]).await.err().unwrap().to_string();
        assert!(refused.contains(&format!("make the folder {} first", missing.display())), "{refused}");
    }
}
