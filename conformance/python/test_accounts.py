"""Accounts, their balance, and the credentials that only pretend."""

import datetime
import unittest
from decimal import Decimal

from twilio.base.exceptions import TwilioException, TwilioRestException

from harness import ACCOUNT, NUMBER, TEST_ACCOUNT, TEST_TOKEN, TOKEN, client, new_phone, refused_page


class Accounts(unittest.TestCase):
    def test_the_own_account(self):
        account = client().api.v2010.accounts(ACCOUNT).fetch()
        self.assertEqual((account.sid, account.auth_token), (ACCOUNT, TOKEN))
        self.assertEqual((account.status, account.type), ("active", "Full"))
        self.assertEqual(account.owner_account_sid, ACCOUNT)
        self.assertIsInstance(account.date_created, datetime.datetime)
        self.assertTrue(account.subresource_uris["messages"].endswith("/Messages.json"))

    def test_subaccounts_have_credentials_of_their_own(self):
        created = client().api.v2010.accounts.create(friendly_name="Branch")
        self.assertEqual((created.friendly_name, created.owner_account_sid), ("Branch", ACCOUNT))
        self.assertIn(created.sid, [account.sid for account in client().api.v2010.accounts.list(page_size=1)])
        own = client(created.sid, created.auth_token)
        self.assertEqual(own.messages.list(), [])
        renamed = client().api.v2010.accounts(created.sid).update(friendly_name="Closed branch", status="closed")
        self.assertEqual((renamed.friendly_name, renamed.status), ("Closed branch", "closed"))

    def test_balance(self):
        balance = client().balance.fetch()
        self.assertEqual((balance.account_sid, balance.currency), (ACCOUNT, "USD"))
        Decimal(balance.balance)


class TestCredentials(unittest.TestCase):
    def setUp(self):
        self.client = client(TEST_ACCOUNT, TEST_TOKEN)

    def test_the_magic_numbers(self):
        fine, anybody = "+15005550006", new_phone()
        cases = [
            (21212, "+15005550001", anybody),
            (21606, "+15005550007", anybody),
            (21611, "+15005550008", anybody),
            (21606, NUMBER, anybody),
            (21211, fine, "+15005550001"),
            (21612, fine, "+15005550002"),
            (21408, fine, "+15005550003"),
            (21610, fine, "+15005550004"),
            (21614, fine, "+15005550009"),
        ]
        for code, sender, recipient in cases:
            with self.subTest(code=code, sender=sender, recipient=recipient):
                with self.assertRaises(TwilioRestException) as raised:
                    self.client.messages.create(to=recipient, from_=sender, body="Hello")
                self.assertEqual((raised.exception.status, raised.exception.code), (400, code))
        message = self.client.messages.create(to=anybody, from_=fine, body="Hello")
        self.assertEqual((message.status, message.to), ("queued", anybody))

    def test_numbers_are_bought_in_play(self):
        for code, number in [(21422, "+15005550000"), (21421, "+15005550001")]:
            with self.subTest(number=number):
                with self.assertRaises(TwilioRestException) as raised:
                    self.client.incoming_phone_numbers.create(phone_number=number)
                self.assertEqual(raised.exception.code, code)
        bought = self.client.incoming_phone_numbers.create(phone_number="+15005550006")
        self.assertEqual(bought.phone_number, "+15005550006")

    def test_everything_else_is_closed(self):
        lists = [
            lambda: self.client.messages.list(limit=1),
            lambda: self.client.available_phone_numbers("US").local.list(limit=1),
        ]
        for number, call in enumerate(lists):
            with self.subTest(list=number):
                with self.assertRaises(TwilioException) as raised:
                    call()
                self.assertEqual(refused_page(raised.exception), (403, 20008))
        with self.assertRaises(TwilioRestException) as raised:
            self.client.balance.fetch()
        self.assertEqual((raised.exception.status, raised.exception.code), (403, 20008))
