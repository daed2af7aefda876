"""The checks themselves: each kind of wrong answer is noticed."""

import copy
import unittest

from contract import Description, echo_complaints, snake_case

SID = "SM" + "0" * 32
ACCOUNT_URI = "/2010-04-01/Accounts/AC" + "0" * 32
MESSAGE = {
    "account_sid": "AC" + "0" * 32,
    "api_version": "2010-04-01",
    "body": "Hello",
    "date_created": "Mon, 05 Jan 2026 10:00:00 +0000",
    "date_sent": None,
    "date_updated": "Mon, 05 Jan 2026 10:00:00 +0000",
    "direction": "outbound-api",
    "error_code": None,
    "error_message": None,
    "from": "+15551234567",
    "messaging_service_sid": None,
    "num_media": "0",
    "num_segments": "1",
    "price": None,
    "price_unit": "USD",
    "sid": SID,
    "status": "queued",
    "subresource_uris": {"media": f"{ACCOUNT_URI}/Messages/{SID}/Media.json"},
    "to": "+15557654321",
    "uri": f"{ACCOUNT_URI}/Messages/{SID}.json",
}


class Contract(unittest.TestCase):
    def setUp(self):
        self.description = Description("api_v2010.json", "api.twilio.com")

    def test_a_right_answer_passes(self):
        self.assertEqual(self.description.complaints("CreateMessage", 201, MESSAGE), [])

    def test_wrong_answers_do_not(self):
        changes = [
            ("sid", "SM123"),
            ("sid", "XX" + "0" * 32),
            ("sid", None),
            ("num_segments", 1),
            ("error_code", "30003"),
            ("status", "waiting"),
            ("status", None),
            ("date_created", "2026-01-05T10:00:00Z"),
            ("date_created", None),
            ("price_unit", "usd"),
            ("uri", None),
            ("surprise", 1),
        ]
        for key, value in changes:
            with self.subTest(key=key, value=value):
                wrong = {**copy.deepcopy(MESSAGE), key: value}
                self.assertTrue(self.description.complaints("CreateMessage", 201, wrong))
        for key in MESSAGE:
            with self.subTest(missing=key):
                wrong = {name: value for name, value in MESSAGE.items() if name != key}
                self.assertTrue(self.description.complaints("CreateMessage", 201, wrong))

    def test_wrong_statuses_and_bodies_do_not(self):
        self.assertTrue(self.description.complaints("CreateMessage", 200, MESSAGE))
        self.assertTrue(self.description.complaints("CreateMessage", 201, None))
        self.assertTrue(self.description.complaints("DeleteMessage", 204, {}))
        self.assertEqual(self.description.complaints("DeleteMessage", 204, None), [])

    def test_wrong_items_of_lists_do_not(self):
        page = {
            "end": 0,
            "first_page_uri": f"{ACCOUNT_URI}/Messages.json?PageSize=50&Page=0",
            "messages": [MESSAGE],
            "next_page_uri": None,
            "page": 0,
            "page_size": 50,
            "previous_page_uri": None,
            "start": 0,
            "uri": f"{ACCOUNT_URI}/Messages.json",
        }
        self.assertEqual(self.description.complaints("ListMessage", 200, page), [])
        page["messages"] = [{**MESSAGE, "num_media": 0}]
        self.assertTrue(self.description.complaints("ListMessage", 200, page))

    def test_what_does_not_come_back_is_noticed(self):
        answer = {"sms_url": "https://example.com/b", "beta": True}
        self.assertEqual(echo_complaints({"SmsUrl": "https://example.com/b", "Beta": "true"}, answer), [])
        self.assertEqual(len(echo_complaints({"SmsUrl": "https://example.com/a", "Beta": "false"}, answer)), 2)

    def test_keys_are_named_after_parameters(self):
        names = ["SmsUrl", "VoiceCallerIdLookup", "MmsConverter", "UseInboundWebhookOnNumber"]
        keys = ["sms_url", "voice_caller_id_lookup", "mms_converter", "use_inbound_webhook_on_number"]
        self.assertEqual([snake_case(name) for name in names], keys)
