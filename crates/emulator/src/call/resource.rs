//! A call as the REST API shows it.

use serde_json::{Value, json};
use twilio::date;

use super::Call;
use crate::accounts::micros_text;
use crate::address;

impl Call {
    pub(crate) fn to_resource(&self, currency: &str) -> Value {
        let (account, sid) = (self.account.as_str(), self.sid.as_str());
        let uri = format!("/2010-04-01/Accounts/{account}/Calls/{sid}");
        let below = |name: &str| format!("{uri}/{name}.json");
        json!({
            "sid": sid,
            "date_created": date::rfc2822(self.created),
            "date_updated": date::rfc2822(self.updated),
            "parent_call_sid": self.parent.as_ref().map(|(_, sid)| sid.as_str()),
            "account_sid": account,
            "to": self.to,
            "to_formatted": address::friendly(&self.to),
            "from": self.from,
            "from_formatted": address::friendly(&self.from),
            "phone_number_sid": self.number.as_ref().map(|sid| sid.as_str()),
            "status": self.status.as_str(),
            "start_time": self.started.map(date::rfc2822),
            "end_time": self.ended.map(date::rfc2822),
            "duration": self.duration_s().map(|seconds| seconds.to_string()),
            "price": self.price_micros.map(micros_text),
            "price_unit": currency,
            "direction": self.direction.as_str(),
            "answered_by": self.answered_by,
            "api_version": "2010-04-01",
            "forwarded_from": self.forwarded_from,
            "group_sid": null,
            "caller_name": self.caller_name,
            "queue_time": self.queue_ms.to_string(),
            "trunk_sid": null,
            "uri": format!("{uri}.json"),
            "subresource_uris": {
                "notifications": below("Notifications"),
                "recordings": below("Recordings"),
                "streams": below("Streams"),
                "payments": below("Payments"),
                "siprec": below("Siprec"),
                "transcriptions": below("Transcriptions"),
                "events": below("Events"),
                "user_defined_messages": below("UserDefinedMessages"),
                "user_defined_message_subscriptions": below("UserDefinedMessageSubscriptions"),
            },
        })
    }
}
