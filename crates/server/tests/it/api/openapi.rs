//! The committed description of the API is the one that is served.

use super::caller::read;
use crate::whole::app::TestApp;
use serde_json::Value;
use std::path::Path;

/// Rewritten by `UPDATE_EXPECT=1`.
#[test]
fn the_committed_document_is_true() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let document = server::api::openapi::document();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, &document).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == document, "docs/openapi.json is out of date: run with UPDATE_EXPECT=1");
    let document: Value = serde_json::from_str(&document).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let items =
        document["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap().values());
    let mut ids: Vec<&str> = items.map(|operation| operation["operationId"].as_str().unwrap()).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "every operation has an id of its own");
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(
            document["components"]["schemas"][name].is_object(),
            "{name} is referred to and not described"
        );
    }
}

#[tokio::test]
async fn it_is_served_to_everybody() {
    let app = TestApp::start().await;
    let served = app.http.get(format!("{}/api/v1/openapi.json", app.url)).send().await.unwrap();
    let (status, served) = read(served).await;
    assert_eq!(status, 200);
    let document: Value = serde_json::from_str(&server::api::openapi::document()).unwrap();
    assert_eq!(served, document);
    app.finish().await;
}
