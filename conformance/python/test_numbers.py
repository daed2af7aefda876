"""Numbers: those that can be bought, and those that an account has."""

import datetime
import unittest

from twilio.base.exceptions import TwilioException, TwilioRestException

from harness import ACCOUNT, NUMBER, client, refused_page


class Available(unittest.TestCase):
    def test_each_kind_is_offered_where_it_exists(self):
        kinds = [("US", "local"), ("US", "toll_free"), ("GB", "mobile")]
        for country, kind in kinds:
            with self.subTest(country=country, kind=kind):
                offers = getattr(client().available_phone_numbers(country), kind).list(limit=5)
                self.assertTrue(offers)
                for offer in offers:
                    self.assertRegex(offer.phone_number, r"^\+\d{8,15}$")
                    self.assertEqual(offer.iso_country, country)
                    self.assertIs(offer.capabilities["sms"], True)
                    self.assertIs(offer.beta, False)

    def test_kinds_that_a_country_does_not_have(self):
        with self.assertRaises(TwilioException) as raised:
            client().available_phone_numbers("US").mobile.list(limit=1)
        self.assertEqual(refused_page(raised.exception), (404, 20404))

    def test_filters(self):
        offers = client().available_phone_numbers("US").local.list(area_code=415, limit=5)
        self.assertTrue(offers)
        self.assertTrue(all(offer.phone_number.startswith("+1415") for offer in offers), offers)

    def test_countries_are_listed(self):
        countries = client().available_phone_numbers.list()
        self.assertIn("US", [country.country_code for country in countries])


class Incoming(unittest.TestCase):
    def setUp(self):
        self.client = client()
        self.numbers = self.client.incoming_phone_numbers

    def buy(self, **rest):
        offer = self.client.available_phone_numbers("US").local.list(limit=1)[0]
        number = self.numbers.create(phone_number=offer.phone_number, **rest)
        self.addCleanup(self.release, number.sid)
        return number

    def release(self, sid):
        try:
            self.numbers(sid).delete()
        except TwilioRestException as error:
            if error.status != 404:
                raise

    def test_the_first_number_is_there(self):
        (number,) = self.numbers.list(phone_number=NUMBER)
        self.assertRegex(number.sid, r"^PN[0-9a-f]{32}$")
        self.assertEqual((number.phone_number, number.account_sid), (NUMBER, ACCOUNT))
        self.assertIsInstance(number.date_created, datetime.datetime)
        self.assertIs(number.capabilities["sms"], True)
        self.assertEqual((number.sms_method, number.voice_method), ("POST", "POST"))
        self.assertEqual(self.numbers(number.sid).fetch().phone_number, NUMBER)

    def test_buy_update_release(self):
        number = self.buy(sms_url="https://example.com/sms", friendly_name="Front desk")
        self.assertEqual((number.sms_url, number.friendly_name), ("https://example.com/sms", "Front desk"))
        updated = self.numbers(number.sid).update(
            sms_url="https://example.com/other", sms_method="GET", sms_fallback_url="https://example.com/fallback"
        )
        self.assertEqual((updated.sms_url, updated.sms_method), ("https://example.com/other", "GET"))
        self.assertEqual(updated.sms_fallback_url, "https://example.com/fallback")
        self.assertEqual(updated.friendly_name, "Front desk")
        self.assertTrue(self.numbers(number.sid).delete())
        self.assertEqual(self.numbers.list(phone_number=number.phone_number), [])

    def test_what_was_bought_is_no_longer_offered(self):
        number = self.buy()
        with self.assertRaises(TwilioRestException) as raised:
            self.numbers.create(phone_number=number.phone_number)
        self.assertEqual(raised.exception.code, 21422)

    def test_numbers_that_are_none(self):
        with self.assertRaises(TwilioRestException) as raised:
            self.numbers.create(phone_number="+1")
        self.assertEqual(raised.exception.code, 21421)

    def test_lists_across_pages(self):
        bought = {self.buy().sid for _ in range(3)}
        listed = [number.sid for number in self.numbers.list(page_size=2)]
        self.assertEqual(len(listed), len(set(listed)))
        self.assertLessEqual(bought, set(listed))
