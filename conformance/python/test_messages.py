"""Messages as a program sees them: created, fetched, listed, changed, deleted."""

import datetime
import re
import unittest
from decimal import Decimal

from twilio.base.exceptions import TwilioRestException

from harness import ACCOUNT, NUMBER, Receiver, client, new_phone

DAY = datetime.timedelta(days=1)


class Created(unittest.TestCase):
    def setUp(self):
        self.client = client()

    def test_every_field_is_there_with_the_type_that_the_library_promises(self):
        phone = new_phone()
        message = self.client.messages.create(to=phone, from_=NUMBER, body="Hello")
        self.assertRegex(message.sid, r"^SM[0-9a-f]{32}$")
        self.assertEqual(message.account_sid, ACCOUNT)
        self.assertEqual(message.api_version, "2010-04-01")
        self.assertEqual(message.body, "Hello")
        self.assertEqual(message.direction, "outbound-api")
        self.assertEqual(message.from_, NUMBER)
        self.assertEqual(message.to, phone)
        self.assertEqual(message.status, "queued")
        self.assertEqual((message.num_segments, message.num_media), ("1", "0"))
        self.assertEqual((message.error_code, message.error_message), (None, None))
        self.assertEqual((message.price, message.date_sent), (None, None))
        self.assertIsNone(message.messaging_service_sid)
        self.assertIsInstance(message.date_created, datetime.datetime)
        self.assertIsNotNone(message.date_created.tzinfo)
        self.assertGreaterEqual(message.date_updated, message.date_created)
        path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{message.sid}"
        self.assertEqual(message.uri, f"{path}.json")
        self.assertEqual(message.subresource_uris["media"], f"{path}/Media.json")

    def test_texts_arrive_as_they_were_written(self):
        for body in ["a&b=c+d %20", "Zażółć gęślą jaźń", "🎉 two\nlines", "'\"<&>\\", "{{not}} a template"]:
            with self.subTest(body=body):
                message = self.client.messages.create(to=new_phone(), from_=NUMBER, body=body)
                self.assertEqual(message.body, body)
                self.assertEqual(self.client.messages(message.sid).fetch().body, body)

    def test_segments_are_counted_as_carriers_do(self):
        for body, segments in [("a" * 160, "1"), ("a" * 161, "2"), ("ż" * 70, "1"), ("ż" * 71, "2")]:
            with self.subTest(characters=len(body)):
                message = self.client.messages.create(to=new_phone(), from_=NUMBER, body=body)
                self.assertEqual(message.num_segments, segments)


class Delivered(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.client = client()
        cls.receiver = Receiver()
        url = cls.receiver.answer("/delivered", status=204)
        cls.message = cls.client.messages.create(to=new_phone(), from_=NUMBER, body="Hi", status_callback=url)
        cls.receiver.until_status("/delivered", "delivered")

    @classmethod
    def tearDownClass(cls):
        cls.receiver.close()

    def test_fetch_shows_the_end_of_the_way(self):
        fetched = self.client.messages(self.message.sid).fetch()
        self.assertEqual(fetched.status, "delivered")
        self.assertIsInstance(fetched.date_sent, datetime.datetime)
        self.assertLess(Decimal(fetched.price), 0)
        self.assertEqual(fetched.price_unit, "USD")

    def test_feedback_is_taken(self):
        feedback = self.client.messages(self.message.sid).feedback.create(outcome="confirmed")
        self.assertEqual((feedback.message_sid, feedback.outcome), (self.message.sid, "confirmed"))


class Changed(unittest.TestCase):
    def setUp(self):
        self.client = client()
        self.receiver = Receiver()
        self.addCleanup(self.receiver.close)

    def sent(self, **rest):
        url = self.receiver.answer("/status", status=204)
        sender = {"to": new_phone(), "from_": NUMBER, "body": "Keep this to yourself", "status_callback": url}
        message = self.client.messages.create(**{**sender, **rest})
        self.receiver.until_status("/status", "delivered")
        return message

    def test_redacting_empties_the_text_and_nothing_else(self):
        message = self.sent()
        redacted = self.client.messages(message.sid).update(body="")
        self.assertEqual((redacted.sid, redacted.body, redacted.status), (message.sid, "", "delivered"))
        self.assertEqual(self.client.messages(message.sid).fetch().body, "")

    def test_what_was_deleted_is_gone(self):
        message = self.sent()
        self.assertTrue(self.client.messages(message.sid).delete())
        with self.assertRaises(TwilioRestException) as raised:
            self.client.messages(message.sid).fetch()
        self.assertEqual((raised.exception.status, raised.exception.code), (404, 20404))
        self.assertEqual(self.client.messages.list(to=message.to), [])

    def test_media_are_listed_fetched_and_deleted(self):
        picture = self.receiver.answer("/cat.png", body=b"\x89PNG\r\n\x1a\n", content_type="image/png")
        message = self.sent(media_url=[picture, f"{picture}?second"])
        self.assertRegex(message.sid, r"^MM[0-9a-f]{32}$")
        self.assertEqual(message.num_media, "2")
        media = self.client.messages(message.sid).media.list()
        self.assertEqual([medium.content_type for medium in media], ["image/png"] * 2)
        self.assertEqual({medium.parent_sid for medium in media}, {message.sid})
        fetched = self.client.messages(message.sid).media(media[0].sid).fetch()
        self.assertEqual((fetched.sid, fetched.uri), (media[0].sid, media[0].uri))
        self.assertTrue(self.client.messages(message.sid).media(media[0].sid).delete())
        left = self.client.messages(message.sid).media.list()
        self.assertEqual([medium.sid for medium in left], [media[1].sid])


class Scheduled(unittest.TestCase):
    def setUp(self):
        self.client = client()
        self.service = self.client.messaging.v1.services.create(friendly_name="Later")
        self.addCleanup(self.service.delete)
        (number,) = self.client.incoming_phone_numbers.list(phone_number=NUMBER)
        self.client.messaging.v1.services(self.service.sid).phone_numbers.create(phone_number_sid=number.sid)
        self.message = self.client.messages.create(
            to=new_phone(),
            messaging_service_sid=self.service.sid,
            body="Tomorrow",
            schedule_type="fixed",
            send_at=datetime.datetime.now(datetime.timezone.utc) + DAY,
        )

    def test_a_scheduled_text_can_be_cancelled_once(self):
        self.assertEqual((self.message.status, self.message.from_), ("scheduled", None))
        cancelled = self.client.messages(self.message.sid).update(status="canceled")
        self.assertEqual(cancelled.status, "canceled")
        with self.assertRaises(TwilioRestException) as raised:
            self.client.messages(self.message.sid).update(status="canceled")
        self.assertEqual(raised.exception.code, 30409)

    def test_what_is_not_over_cannot_be_deleted(self):
        with self.assertRaises(TwilioRestException) as raised:
            self.client.messages(self.message.sid).delete()
        self.assertEqual((raised.exception.status, raised.exception.code), (400, 20009))


class Listed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.client = client()
        cls.receiver = Receiver()
        url = cls.receiver.answer("/listed", status=204)
        cls.phone = new_phone()
        cls.created = []
        for index in range(7):
            message = cls.client.messages.create(
                to=cls.phone, from_=NUMBER, body=f"number {index}", status_callback=url
            )
            cls.created.append(message.sid)
        left = set(cls.created)
        while left:
            webhook = cls.receiver.next("/listed")
            if webhook.params["MessageStatus"] == "delivered":
                left.discard(webhook.params["MessageSid"])
        cls.day = cls.client.messages(cls.created[0]).fetch().date_sent.date()

    @classmethod
    def tearDownClass(cls):
        cls.receiver.close()

    def test_the_newest_come_first_across_pages(self):
        listed = self.client.messages.list(to=self.phone, page_size=3)
        self.assertEqual([message.sid for message in listed], self.created[::-1])

    def test_a_limit_ends_the_list_in_the_midst_of_a_page(self):
        listed = self.client.messages.list(to=self.phone, limit=4, page_size=3)
        self.assertEqual([message.sid for message in listed], self.created[:2:-1])

    def test_pages_know_the_next_and_the_previous_one(self):
        first = self.client.messages.page(to=self.phone, page_size=3)
        self.assertIsNone(first.previous_page_url)
        second = first.next_page()
        self.assertIn("PageToken=PA", first.next_page_url)
        self.assertEqual([message.sid for message in second], self.created[3:0:-1])
        again = second.previous_page()
        self.assertEqual([message.sid for message in again], self.created[:3:-1])
        last = second.next_page()
        self.assertEqual([message.sid for message in last], self.created[:1])
        self.assertIsNone(last.next_page())

    def test_a_page_can_be_fetched_by_its_address(self):
        first = self.client.messages.page(to=self.phone, page_size=3)
        address = first.next_page_url
        self.assertRegex(address, re.escape("To=%2B1555"))
        second = self.client.messages.get_page(address)
        self.assertEqual([message.sid for message in second], self.created[3:0:-1])

    def test_filters_by_sender_and_recipient(self):
        self.assertEqual(len(self.client.messages.list(to=self.phone, from_=NUMBER)), 7)
        self.assertEqual(self.client.messages.list(to=self.phone, from_="+15550000000"), [])
        self.assertEqual(self.client.messages.list(to=new_phone()), [])

    def test_filters_by_date(self):
        cases = [
            ({"date_sent": self.day}, 7),
            ({"date_sent": self.day - DAY}, 0),
            ({"date_sent_after": self.day}, 7),
            ({"date_sent_after": self.day + DAY}, 0),
            ({"date_sent_before": self.day + DAY}, 7),
            ({"date_sent_before": self.day - DAY}, 0),
            ({"date_sent_after": self.day - DAY, "date_sent_before": self.day + DAY}, 7),
        ]
        for filters, count in cases:
            with self.subTest(**filters):
                self.assertEqual(len(self.client.messages.list(to=self.phone, **filters)), count)

    def test_filters_by_time(self):
        sent = self.client.messages(self.created[0]).fetch().date_sent
        hour = datetime.timedelta(hours=1)
        self.assertEqual(len(self.client.messages.list(to=self.phone, date_sent_after=sent - hour)), 7)
        self.assertEqual(len(self.client.messages.list(to=self.phone, date_sent_after=sent + hour)), 0)
        self.assertEqual(len(self.client.messages.list(to=self.phone, date_sent_before=sent - hour)), 0)

    def test_filters_stay_across_pages(self):
        listed = self.client.messages.list(to=self.phone, date_sent_after=self.day, page_size=2)
        self.assertEqual([message.sid for message in listed], self.created[::-1])
