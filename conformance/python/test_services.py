"""Messaging services: the product API, with its own envelope, dates and addresses."""

import datetime
import unittest

from twilio.base.exceptions import TwilioRestException

from harness import ACCOUNT, NUMBER, Receiver, client, new_phone


class Services(unittest.TestCase):
    def setUp(self):
        self.client = client()
        self.services = self.client.messaging.v1.services

    def create(self, **rest):
        service = self.services.create(**{"friendly_name": "Reminders", **rest})
        self.addCleanup(lambda: self.delete(service))
        return service

    @staticmethod
    def delete(service):
        try:
            service.delete()
        except TwilioRestException as error:
            if error.status != 404:
                raise

    def own_number_sid(self):
        return self.client.incoming_phone_numbers.list(phone_number=NUMBER)[0].sid

    def test_every_field_is_parsed(self):
        service = self.create(
            status_callback="https://example.com/status",
            inbound_request_url="https://example.com/in",
            inbound_method="GET",
            fallback_url="https://example.com/fallback",
            sticky_sender=False,
            smart_encoding=False,
            validity_period=600,
            usecase="notifications",
            use_inbound_webhook_on_number=True,
        )
        self.assertRegex(service.sid, r"^MG[0-9a-f]{32}$")
        self.assertEqual((service.account_sid, service.friendly_name), (ACCOUNT, "Reminders"))
        self.assertEqual(service.status_callback, "https://example.com/status")
        self.assertEqual(service.inbound_request_url, "https://example.com/in")
        self.assertEqual((service.inbound_method, service.fallback_method), ("GET", "POST"))
        self.assertEqual(service.fallback_url, "https://example.com/fallback")
        self.assertEqual((service.sticky_sender, service.smart_encoding), (False, False))
        self.assertEqual((service.validity_period, service.usecase), (600, "notifications"))
        self.assertIs(service.use_inbound_webhook_on_number, True)
        for flag in ["mms_converter", "fallback_to_long_code", "area_code_geomatch", "synchronous_validation",
                     "us_app_to_person_registered"]:  # fmt: skip
            self.assertIsInstance(getattr(service, flag), bool, flag)
        self.assertEqual(service.scan_message_content, "inherit")
        self.assertIsInstance(service.date_created, datetime.datetime)
        self.assertTrue(service.url.endswith(f"/v1/Services/{service.sid}"))
        self.assertLessEqual({"phone_numbers", "short_codes", "alpha_senders"}, set(service.links))

    def test_fetch_update_delete(self):
        service = self.create()
        self.assertEqual(self.services(service.sid).fetch().friendly_name, "Reminders")
        updated = self.services(service.sid).update(friendly_name="Alerts", sticky_sender=False)
        self.assertEqual((updated.friendly_name, updated.sticky_sender), ("Alerts", False))
        self.assertEqual(updated.date_created, service.date_created)
        self.assertTrue(self.services(service.sid).delete())
        with self.assertRaises(TwilioRestException) as raised:
            self.services(service.sid).fetch()
        self.assertEqual(raised.exception.status, 404)

    def test_lists_across_pages(self):
        created = {self.create(friendly_name=f"Service {index}").sid for index in range(5)}
        listed = [service.sid for service in self.services.list(page_size=2)]
        self.assertEqual(len(listed), len(set(listed)))
        self.assertLessEqual(created, set(listed))

    def test_numbers_join_and_leave(self):
        service = self.create()
        number = self.services(service.sid).phone_numbers.create(phone_number_sid=self.own_number_sid())
        self.assertEqual((number.phone_number, number.service_sid), (NUMBER, service.sid))
        self.assertEqual(number.country_code, "US")
        self.assertIn("SMS", number.capabilities)
        self.assertIsInstance(number.date_created, datetime.datetime)
        fetched = self.services(service.sid).phone_numbers(number.sid).fetch()
        self.assertEqual(fetched.sid, number.sid)
        other = self.create()
        with self.assertRaises(TwilioRestException) as raised:
            self.services(other.sid).phone_numbers.create(phone_number_sid=self.own_number_sid())
        self.assertEqual(raised.exception.code, 21712)
        self.assertTrue(self.services(service.sid).phone_numbers(number.sid).delete())
        self.assertEqual(self.services(service.sid).phone_numbers.list(), [])

    def test_alpha_senders(self):
        service = self.create()
        sender = self.services(service.sid).alpha_senders.create(alpha_sender="Switchboard")
        self.assertEqual((sender.alpha_sender, sender.service_sid), ("Switchboard", service.sid))
        self.assertRegex(sender.sid, r"^AI[0-9a-f]{32}$")
        listed = self.services(service.sid).alpha_senders.list()
        self.assertEqual([sender.alpha_sender for sender in listed], ["Switchboard"])
        self.assertTrue(self.services(service.sid).alpha_senders(sender.sid).delete())

    def test_short_codes_are_listed(self):
        self.assertEqual(self.services(self.create().sid).short_codes.list(), [])

    def test_a_text_through_a_service(self):
        receiver = Receiver()
        self.addCleanup(receiver.close)
        service = self.create(status_callback=receiver.answer("/service", status=204))
        self.services(service.sid).phone_numbers.create(phone_number_sid=self.own_number_sid())
        message = self.client.messages.create(
            to=new_phone(), messaging_service_sid=service.sid, body="Through a service"
        )
        self.assertEqual((message.status, message.messaging_service_sid), ("accepted", service.sid))
        self.assertEqual((message.from_, message.num_segments), (None, "0"))
        webhooks = receiver.until_status("/service", "delivered")
        self.assertEqual({webhook.params["MessagingServiceSid"] for webhook in webhooks}, {service.sid})
        fetched = self.client.messages(message.sid).fetch()
        self.assertEqual((fetched.from_, fetched.num_segments), (NUMBER, "1"))

    def test_a_service_without_senders_cannot_send(self):
        service = self.create()
        with self.assertRaises(TwilioRestException) as raised:
            self.client.messages.create(to=new_phone(), messaging_service_sid=service.sid, body="Hello")
        self.assertIn(raised.exception.code, (21703, 21704))
