"""Applications, keys, templates, lookups and the debugger, as a program uses them."""

import datetime
import unittest

import requests
from twilio.base.exceptions import TwilioRestException
from twilio.rest.content.v1.content import ContentList
from twilio.rest.content.v1.content.approval_create import ApprovalCreateList

from harness import EMULATOR_URL, NUMBER, WAIT_S, Receiver, client, new_phone, send_from_phone


class Applications(unittest.TestCase):
    def test_create_update_list_delete(self):
        applications = client().applications
        made = applications.create(friendly_name="Front desk", voice_url="https://example.com/voice", voice_method="GET")
        self.assertRegex(made.sid, r"^AP[0-9a-f]{32}$")
        self.assertEqual((made.voice_url, made.voice_method, made.sms_url), ("https://example.com/voice", "GET", None))
        self.assertIsInstance(made.date_created, datetime.datetime)
        changed = applications(made.sid).update(sms_url="https://example.com/sms")
        self.assertEqual((changed.sms_url, changed.voice_method), ("https://example.com/sms", "GET"))
        self.assertEqual([each.sid for each in applications.list(friendly_name="Front desk")], [made.sid])
        self.assertTrue(applications(made.sid).delete())
        with self.assertRaises(TwilioRestException) as raised:
            applications(made.sid).fetch()
        self.assertEqual((raised.exception.status, raised.exception.code), (404, 20404))


class Keys(unittest.TestCase):
    def test_a_key_serves_until_it_is_deleted(self):
        key = client().new_keys.create(friendly_name="Laptop")
        self.assertEqual(client().keys(key.sid).fetch().friendly_name, "Laptop")
        by_key = client(key.sid, key.secret)
        by_key.account_sid = client().account_sid
        self.assertEqual(by_key.balance.fetch().currency, "USD")
        self.assertIn(key.sid, [each.sid for each in client().keys.list()])
        self.assertTrue(client().keys(key.sid).delete())
        with self.assertRaises(TwilioRestException) as raised:
            by_key.balance.fetch()
        self.assertEqual(raised.exception.code, 20003)


class CallerIds(unittest.TestCase):
    def test_a_verification_begins_with_a_code(self):
        request = client().validation_requests.create(phone_number=new_phone(), friendly_name="Ann", call_delay=60)
        self.assertRegex(request.validation_code, r"^\d{6}$")
        self.assertEqual(request.friendly_name, "Ann")
        client().outgoing_caller_ids.list(limit=1)


class Content(unittest.TestCase):
    def test_a_template_is_made_approved_and_sent(self):
        contents = client().content.v1.contents
        request = ContentList.ContentCreateRequest({
            "friendly_name": "reminder", "language": "en", "variables": {"1": "Ann"},
            "types": ContentList.Types({"twilio/text": ContentList.TwilioText({"body": "Hi {{1}}"})}),
        })  # fmt: skip
        content = contents.create(request)
        self.assertRegex(content.sid, r"^HX[0-9a-f]{32}$")
        self.assertEqual(content.types["twilio/text"]["body"], "Hi {{1}}")
        asked = contents(content.sid).approval_create.create(
            ApprovalCreateList.ContentApprovalRequest({"name": "reminder_1", "category": "UTILITY"})
        )
        self.assertEqual((asked.status, asked.category), ("received", "UTILITY"))
        self.assertIn(contents(content.sid).approval_fetch().fetch().whatsapp["status"], ("pending", "approved"))
        message = client().messages.create(
            to=new_phone(), from_=NUMBER, content_sid=content.sid, content_variables='{"1":"Bob"}'
        )
        self.assertEqual(message.body, "Hi Bob")
        self.assertIn(content.sid, [each.sid for each in contents.list()])
        self.assertIn(content.sid, [each.sid for each in client().content.v1.content_and_approvals.list()])
        self.assertTrue(contents(content.sid).delete())


class Lookups(unittest.TestCase):
    def test_what_was_asked_for_is_found(self):
        phone = new_phone()
        found = client().lookups.v2.phone_numbers(phone).fetch(fields="line_type_intelligence,caller_name")
        self.assertEqual((found.valid, found.phone_number, found.country_code), (True, phone, "US"))
        self.assertEqual(found.line_type_intelligence["type"], "mobile")
        self.assertIsNotNone(found.caller_name)
        self.assertIsNone(found.sim_swap)

    def test_what_is_no_number_is_no_error(self):
        found = client().lookups.v2.phone_numbers("+1555").fetch()
        self.assertEqual((found.valid, found.validation_errors), (False, ["TOO_SHORT"]))


class Debugger(unittest.TestCase):
    def setUp(self):
        self.receiver = Receiver()
        self.addCleanup(self.receiver.close)
        (own,) = client().incoming_phone_numbers.list(phone_number=NUMBER)
        self.number = client().incoming_phone_numbers(own.sid)
        self.addCleanup(lambda: self.number.update(sms_url=""))

    def test_a_webhook_that_fails_is_told(self):
        self.number.update(sms_url=self.receiver.answer("/broken", status=500))
        message = send_from_phone(new_phone(), "Hello")
        requests.get(f"{EMULATOR_URL}/emulator/v1/quiet", timeout=WAIT_S)
        alerts = [each for each in client().monitor.v1.alerts.list(limit=50) if each.resource_sid == message["sid"]]
        self.assertEqual([(each.error_code, each.log_level) for each in alerts], [("11200", "error")])
        alert = client().monitor.v1.alerts(alerts[0].sid).fetch()
        self.assertIsInstance(alert.date_generated, datetime.datetime)
        notification = client().notifications(alert.sid).fetch()
        self.assertEqual((notification.error_code, notification.log), ("11200", "0"))
        today = datetime.datetime.now(datetime.timezone.utc).date()
        self.assertIn(alert.sid, [each.sid for each in client().notifications.list(message_date=today)])


class Usage(unittest.TestCase):
    def test_texts_are_counted(self):
        client().messages.create(to=new_phone(), from_=NUMBER, body="Hello")
        requests.get(f"{EMULATOR_URL}/emulator/v1/quiet", timeout=WAIT_S)
        (texts,) = client().usage.records.today.list(category="sms-outbound")
        self.assertGreaterEqual(int(texts.count), 1)
        self.assertEqual((texts.category, texts.count_unit), ("sms-outbound", "messages"))
