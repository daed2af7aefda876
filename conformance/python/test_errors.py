"""What the API refuses, as the exception that a program gets."""

import datetime
import unittest

from twilio.base.exceptions import TwilioException, TwilioRestException

from harness import ACCOUNT, NUMBER, client, new_phone, refused_page

HOUR = datetime.timedelta(hours=1)
SERVICE = "MG" + "0" * 32


def soon():
    return datetime.datetime.now(datetime.timezone.utc) + HOUR


class Refused(unittest.TestCase):
    def assert_refused(self, status, code, call):
        with self.assertRaises(TwilioRestException) as raised:
            call()
        error = raised.exception
        self.assertEqual((error.status, error.code), (status, code), error.msg)
        self.assertTrue(error.msg)
        return error

    def test_messages_that_cannot_be_created(self):
        fine = {"to": new_phone(), "from_": NUMBER, "body": "Hello"}
        cases = [
            (21604, {"to": ""}),
            (21603, {"from_": None}),
            (21602, {"body": None}),
            (21617, {"body": "a" * 1601}),
            (21211, {"to": "+1555"}),
            (21211, {"to": "nobody"}),
            (21212, {"from_": "+1"}),
            (21606, {"from_": "+15550009999"}),
            (21609, {"status_callback": "not a url"}),
            (21624, {"validity_period": 36001}),
            (21624, {"validity_period": 0}),
            (21620, {"media_url": ["not a url"]}),
            (21623, {"media_url": [f"https://example.com/{index}.png" for index in range(11)]}),
            (21654, {"content_variables": '{"1":"x"}'}),
            (21655, {"content_sid": "HX" + "0" * 32}),
            (35118, {"schedule_type": "fixed", "send_at": soon()}),
        ]
        for code, changes in cases:
            with self.subTest(code=code, **changes):
                parameters = {name: value for name, value in {**fine, **changes}.items() if value is not None}
                error = self.assert_refused(400, code, lambda: client().messages.create(**parameters))
                self.assertEqual(error.method, "POST")
                self.assertEqual(error.uri, f"/Accounts/{ACCOUNT}/Messages.json")

    def test_refused_messages_do_not_exist(self):
        phone = new_phone()
        self.assert_refused(400, 21617, lambda: client().messages.create(to=phone, from_=NUMBER, body="a" * 1601))
        self.assertEqual(client().messages.list(to=phone), [])

    def test_schedules_outside_the_window(self):
        service = client().messaging.v1.services.create(friendly_name="Schedules")
        self.addCleanup(service.delete)
        (number,) = client().incoming_phone_numbers.list(phone_number=NUMBER)
        client().messaging.v1.services(service.sid).phone_numbers.create(phone_number_sid=number.sid)
        for send_at in [soon() - HOUR, soon() + datetime.timedelta(days=36)]:
            with self.subTest(send_at=send_at):
                parameters = {
                    "to": new_phone(),
                    "messaging_service_sid": service.sid,
                    "body": "Later",
                    "schedule_type": "fixed",
                    "send_at": send_at,
                }
                self.assert_refused(400, 35114, lambda: client().messages.create(**parameters))

    def test_services_that_do_not_exist(self):
        parameters = {"to": new_phone(), "messaging_service_sid": SERVICE, "body": "Hello"}
        with self.assertRaises(TwilioRestException) as raised:
            client().messages.create(**parameters)
        self.assertIn(raised.exception.code, (21701, 21705))

    def assert_list_refused(self, status, code, call):
        with self.assertRaises(TwilioException) as raised:
            call()
        self.assertEqual(refused_page(raised.exception), (status, code))

    def test_wrong_credentials(self):
        error = self.assert_refused(401, 20003, lambda: client(token="f" * 32).balance.fetch())
        self.assertIn("Authenticat", error.msg)
        self.assert_refused(401, 20003, lambda: client(account="AC" + "f" * 32).balance.fetch())
        self.assert_list_refused(401, 20003, lambda: client(token="f" * 32).messages.list(limit=1))

    def test_the_path_of_another_account(self):
        other = client().api.v2010.accounts("AC" + "e" * 32)
        self.assert_list_refused(401, 20003, lambda: other.messages.list(limit=1))

    def test_what_does_not_exist(self):
        calls = [
            lambda: client().messages("SM" + "0" * 32).fetch(),
            lambda: client().messages("SM" + "0" * 32).delete(),
            lambda: client().messages("nonsense").fetch(),
            lambda: client().incoming_phone_numbers("PN" + "0" * 32).fetch(),
            lambda: client().messaging.v1.services(SERVICE).fetch(),
        ]
        for number, call in enumerate(calls):
            with self.subTest(call=number):
                self.assert_refused(404, 20404, call)

    def test_pages_that_are_too_large(self):
        self.assert_list_refused(400, 20007, lambda: client().messages.page(page_size=1001))
