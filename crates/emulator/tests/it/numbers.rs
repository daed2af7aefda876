//! Numbers: offered, bought, set up, released.

use serde_json::{Value, json};

use crate::receiver::Receiver;
use crate::stage::{ANN, OURS, Stage};

#[tokio::test]
async fn a_number_is_found_bought_set_up_used_and_released() {
    let (stage, receiver) = (Stage::new().await, Receiver::start().await);
    let offers = stage.get("AvailablePhoneNumbers/US/Local.json?AreaCode=415&Contains=0150").await.json;
    assert_eq!(offers["available_phone_numbers"].as_array().unwrap().len(), 1);
    let phone_number = offers["available_phone_numbers"][0]["phone_number"].as_str().unwrap();
    assert_eq!(phone_number, "+14155550150");
    let sms_url = format!("{}/sms", receiver.url);
    let form = [("PhoneNumber", phone_number), ("SmsUrl", &sms_url), ("SmsMethod", "GET")];
    let bought = stage.post("IncomingPhoneNumbers.json", &form).await;
    assert_eq!((bought.status, &bought.json["friendly_name"]), (201, &json!("(415) 555-0150")));
    let path = format!("IncomingPhoneNumbers/{}.json", bought.sid());
    stage.phone_sends(ANN, json!({"to": phone_number, "body": "Hi"})).await;
    assert_eq!((receiver.got()[0].method.as_str(), receiver.got()[0].is_signed), ("GET", true));
    let changed = stage.post(&path, &[("SmsUrl", ""), ("FriendlyName", "Desk")]).await;
    assert_eq!((&changed.json["sms_url"], &changed.json["friendly_name"]), (&json!(""), &json!("Desk")));
    stage.phone_sends(ANN, json!({"to": phone_number, "body": "Hi"})).await;
    assert_eq!(receiver.got().len(), 1, "without a URL nobody is told");
    assert_eq!(stage.post("IncomingPhoneNumbers.json", &form).await.code(), Some(21422));
    assert_eq!(stage.delete(&path).await.status, 204);
    assert_eq!(stage.get(&path).await.status, 404);
}

#[tokio::test]
async fn lists_filter_by_digits_name_and_kind() {
    let stage = Stage::new().await;
    for number in ["+18005550100", "+12125550101"] {
        assert_eq!(stage.post("IncomingPhoneNumbers.json", &[("PhoneNumber", number)]).await.status, 201);
    }
    for (path, expected) in [
        ("IncomingPhoneNumbers.json", vec!["+12125550101", "+18005550100", OURS]),
        ("IncomingPhoneNumbers.json?PhoneNumber=%2B1800*", vec!["+18005550100"]),
        ("IncomingPhoneNumbers.json?FriendlyName=(212)%20555-0101", vec!["+12125550101"]),
        ("IncomingPhoneNumbers/TollFree.json", vec!["+18005550100"]),
        ("IncomingPhoneNumbers/Local.json", vec!["+12125550101", OURS]),
        ("IncomingPhoneNumbers/Mobile.json", vec![]),
        ("IncomingPhoneNumbers.json?PageSize=1&Page=1", vec!["+18005550100"]),
    ] {
        let list = stage.get(path).await.json;
        let numbers: Vec<&Value> = list["incoming_phone_numbers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|number| &number["phone_number"])
            .collect();
        assert_eq!(numbers, expected, "{path}");
    }
}

#[tokio::test]
async fn what_cannot_be_bought_is_refused_with_its_code() {
    let stage = Stage::new().await;
    for (form, code) in [
        ([("PhoneNumber", "+1")], 21421),
        ([("FriendlyName", "none")], 21421),
        ([("PhoneNumber", OURS)], 21422),
        ([("AreaCode", "12")], 21451),
    ] {
        assert_eq!(stage.post("IncomingPhoneNumbers.json", &form).await.code(), Some(code), "{form:?}");
    }
    for _ in 0..100 {
        assert_eq!(stage.post("IncomingPhoneNumbers.json", &[("AreaCode", "212")]).await.status, 201);
    }
    assert_eq!(stage.post("IncomingPhoneNumbers.json", &[("AreaCode", "212")]).await.code(), Some(21452));
    let trial = Stage::with_account(json!({"type": "trial"})).await;
    let second = trial.post("IncomingPhoneNumbers.json", &[("PhoneNumber", "+12125550101")]).await;
    assert_eq!(second.code(), Some(21404));
}

#[tokio::test]
async fn countries_say_which_kinds_they_have() {
    let stage = Stage::new().await;
    let countries = stage.get("AvailablePhoneNumbers.json").await.json;
    assert!(countries["countries"].as_array().unwrap().len() >= 5);
    let country = stage.get("AvailablePhoneNumbers/GB.json").await.json;
    assert_eq!(country["country"], "United Kingdom");
    let mobile = country["subresource_uris"]["mobile"].as_str().unwrap();
    let offers = stage.get(mobile).await.json;
    assert!(offers["available_phone_numbers"][0]["phone_number"].as_str().unwrap().starts_with("+447"));
    assert_eq!(stage.get("AvailablePhoneNumbers/US/Mobile.json").await.status, 404);
    assert_eq!(stage.get("AvailablePhoneNumbers/XX.json").await.status, 404);
}
