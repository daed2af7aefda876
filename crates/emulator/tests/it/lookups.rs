//! Looking numbers up.

use serde_json::{Value, json};

use crate::stage::{ANN, Stage};

#[tokio::test]
async fn a_number_is_read_and_only_what_was_asked_for_is_answered() {
    let stage = Stage::new().await;
    let found = stage.get("/v2/PhoneNumbers/%28555%29%20000-1111?Fields=line_type_intelligence").await;
    assert_eq!(found.status, 200);
    assert_eq!(found.json["phone_number"], ANN);
    assert_eq!(found.json["national_format"], "(555) 000-1111");
    assert_eq!((&found.json["valid"], &found.json["validation_errors"]), (&json!(true), &json!(null)));
    assert_eq!(found.json["line_type_intelligence"]["type"], "mobile");
    assert_eq!(found.json["caller_name"], json!(null));
    assert_eq!(found.json["url"], format!("{}/v2/PhoneNumbers/{ANN}", stage.url));
}

#[tokio::test]
async fn what_is_no_number_is_told_and_is_no_error() {
    let stage = Stage::new().await;
    let found = stage.get("/v2/PhoneNumbers/+141599299600?Fields=caller_name").await;
    assert_eq!((found.status, &found.json["valid"]), (200, &json!(false)));
    assert_eq!(found.json["validation_errors"], json!(["TOO_LONG"]));
    assert_eq!((&found.json["country_code"], &found.json["caller_name"]), (&json!(null), &json!(null)));
    assert_eq!(stage.get("/v2/PhoneNumbers/+15550001111?Fields=shoe_size").await.code(), Some(60600));
}

#[tokio::test]
async fn the_fixture_decides_what_is_found() {
    let stage = Stage::with(Stage::fixture(
        json!({}),
        json!({"lookups": [
            {"number": ANN, "packages": {
                "caller_name": {"caller_name": "ANN EXAMPLE", "caller_type": "CONSUMER"},
                "line_type_intelligence": {"type": "landline", "carrier_name": "Example Wire"},
                "sms_pumping_risk": {"sms_pumping_risk_score": 90},
            }},
            {"number": "+15550002222", "valid": false},
        ]}),
    ))
    .await;
    let found =
        stage.get("/v2/PhoneNumbers/+15550001111?Fields=caller_name,line_type_intelligence,sms_pumping_risk");
    let found: Value = found.await.json;
    assert_eq!(
        found["caller_name"],
        json!({"caller_name": "ANN EXAMPLE", "caller_type": "CONSUMER", "error_code": null})
    );
    assert_eq!(found["line_type_intelligence"]["carrier_name"], "Example Wire");
    assert_eq!(
        (&found["sms_pumping_risk"]["sms_pumping_risk_score"], &found["sms_pumping_risk"]["number_blocked"]),
        (&json!(90), &json!(false))
    );
    let refused = stage.get("/v2/PhoneNumbers/+15550002222").await.json;
    assert_eq!(
        (&refused["valid"], &refused["validation_errors"]),
        (&json!(false), &json!(["INVALID_BUT_POSSIBLE"]))
    );
}
