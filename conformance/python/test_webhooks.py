"""Every webhook is signed as Twilio's validator expects, and an altered one is not accepted."""

import unittest

from twilio.base.exceptions import TwilioRestException
from twilio.twiml.messaging_response import MessagingResponse

from harness import ACCOUNT, NUMBER, Receiver, client, new_phone, send_from_phone


class Webhooks(unittest.TestCase):
    def setUp(self):
        self.client = client()
        self.receiver = Receiver()
        self.addCleanup(self.receiver.close)

    def own_number(self, **settings):
        """Points the account's number at the receiver, for this test."""
        (number,) = self.client.incoming_phone_numbers.list(phone_number=NUMBER)
        plain = {"sms_url": "", "sms_method": "POST", "sms_fallback_url": "", "sms_fallback_method": "POST"}
        number.update(**{**plain, **settings})
        self.addCleanup(lambda: number.update(**plain))

    def assert_signed(self, webhook):
        self.assertTrue(webhook.is_signed(), webhook)
        self.assertFalse(webhook.is_signed(token="f" * 32), "signed for whoever has any token")
        if webhook.method == "POST":
            for name, value in webhook.params.items():
                altered = {**webhook.params, name: value + "x"}
                self.assertFalse(webhook.is_signed(params=altered), f"altered {name} went unnoticed")
            self.assertFalse(webhook.is_signed(params={**webhook.params, "Extra": "1"}))
        webhook.url += "x"
        self.assertFalse(webhook.is_signed(), "an altered address went unnoticed")

    def test_status_callbacks(self):
        url = self.receiver.answer("/status", status=204)
        phone = new_phone()
        message = self.client.messages.create(to=phone, from_=NUMBER, body="Hi", status_callback=url)
        webhooks = self.receiver.until_status("/status", "delivered")
        for webhook in webhooks:
            params = webhook.params
            self.assertEqual((params["MessageSid"], params["SmsSid"]), (message.sid, message.sid))
            self.assertEqual(params["MessageStatus"], params["SmsStatus"])
            self.assertEqual((params["From"], params["To"]), (NUMBER, phone))
            self.assertEqual((params["AccountSid"], params["ApiVersion"]), (ACCOUNT, "2010-04-01"))
            self.assertNotIn("ErrorCode", params)
            self.assertTrue(webhook.headers["I-Twilio-Idempotency-Token"])
            self.assert_signed(webhook)
        self.assertIn("sent", [webhook.params["MessageStatus"] for webhook in webhooks])

    def test_addresses_are_used_as_they_were_written(self):
        self.receiver.answer("/odd", status=204)
        for rest in ["?x=a%20b", "?b=2&a=1&a=0", "?empty=", "?plus=a+b#rc=2&rp=all", "?q=%E2%82%AC"]:
            with self.subTest(rest=rest):
                url = f"{self.receiver.url}/odd{rest}"
                self.client.messages.create(to=new_phone(), from_=NUMBER, body="Hi", status_callback=url)
                for webhook in self.receiver.until_status("/odd", "delivered"):
                    self.assertEqual(webhook.url, url.partition("#")[0])
                    self.assert_signed(webhook)

    def test_what_is_sent_is_what_is_signed(self):
        """Characters that a client may write in another way before it sends them."""
        for rest in ["?name=O'Brien", "?q=€", "?q=a b", "?q=[1]|{2}", '?q="x"<y>']:
            with self.subTest(rest=rest):
                url = self.receiver.answer("/rewritten", status=204) + rest
                self.client.messages.create(to=new_phone(), from_=NUMBER, body="Hi", status_callback=url)
                for webhook in self.receiver.until_status("/rewritten", "delivered"):
                    self.assert_signed(webhook)

    def test_a_text_from_a_phone_is_answered_by_twiml(self):
        self.own_number(sms_url=self.receiver.answer("/sms", body=self.reply("Thank you & good bye")))
        phone = new_phone()
        send_from_phone(phone, "Héllo & goodbye = 100% 🎉")
        webhook = self.receiver.next("/sms")
        params = webhook.params
        self.assertEqual(params["Body"], "Héllo & goodbye = 100% 🎉")
        self.assertEqual((params["From"], params["To"]), (phone, NUMBER))
        self.assertEqual({params["MessageSid"], params["SmsSid"], params["SmsMessageSid"]}, {params["MessageSid"]})
        self.assertEqual((params["SmsStatus"], params["NumMedia"]), ("received", "0"))
        self.assertEqual((params["AccountSid"], params["NumSegments"]), (ACCOUNT, "1"))
        self.assert_signed(webhook)
        inbound = self.client.messages(params["MessageSid"]).fetch()
        self.assertEqual((inbound.direction, inbound.status, inbound.from_), ("inbound", "received", phone))
        reply = self.delivered_reply()
        self.assertEqual((reply.body, reply.direction), ("Thank you & good bye", "outbound-reply"))
        self.assertEqual((reply.from_, reply.to), (NUMBER, phone))

    def reply(self, text):
        """TwiML that answers with a text whose way is told to the receiver."""
        answer = MessagingResponse()
        answer.message(text, action=self.receiver.answer("/reply", status=204))
        return str(answer)

    def delivered_reply(self):
        webhooks = self.receiver.until_status("/reply", "delivered")
        for webhook in webhooks:
            self.assert_signed(webhook)
        return self.client.messages(webhooks[-1].params["MessageSid"]).fetch()

    def test_inbound_by_get(self):
        self.own_number(sms_url=self.receiver.answer("/get", status=204) + "?kept=1", sms_method="GET")
        send_from_phone(new_phone(), "Über Ünïcode & more")
        webhook = self.receiver.next("/get")
        self.assertEqual((webhook.method, webhook.params["Body"]), ("GET", "Über Ünïcode & more"))
        self.assertEqual(webhook.params["kept"], "1")
        self.assert_signed(webhook)

    def test_the_fallback_is_asked_when_the_first_address_fails(self):
        self.own_number(
            sms_url=self.receiver.answer("/broken", status=500),
            sms_fallback_url=self.receiver.answer("/fallback", status=204),
        )
        send_from_phone(new_phone(), "Anybody there?")
        self.assert_signed(self.receiver.next("/broken"))
        webhook = self.receiver.next("/fallback")
        self.assertEqual(webhook.params["ErrorCode"], "11200")
        self.assertEqual(webhook.params["ErrorUrl"], f"{self.receiver.url}/broken")
        self.assert_signed(webhook)

    def test_stop_is_told_and_kept_until_start(self):
        self.own_number(sms_url=self.receiver.answer("/stop", status=204))
        phone = new_phone()
        send_from_phone(phone, "STOP")
        webhook = self.receiver.next("/stop")
        self.assertEqual(webhook.params["Body"], "STOP")
        self.assert_signed(webhook)
        with self.assertRaises(TwilioRestException) as raised:
            self.client.messages.create(to=phone, from_=NUMBER, body="Buy now")
        self.assertEqual(raised.exception.code, 21610)
        send_from_phone(phone, "START")
        self.assert_signed(self.receiver.next("/stop"))
        self.client.messages.create(to=phone, from_=NUMBER, body="Welcome back")

    def test_redirects_in_twiml_are_followed_and_signed(self):
        self.receiver.answer("/second", body=self.reply("From the second document"))
        first = MessagingResponse()
        first.redirect(f"{self.receiver.url}/second", method="POST")
        self.own_number(sms_url=self.receiver.answer("/first", body=str(first)))
        send_from_phone(new_phone(), "Hi")
        self.assert_signed(self.receiver.next("/first"))
        self.assert_signed(self.receiver.next("/second"))
        self.assertEqual(self.delivered_reply().body, "From the second document")
