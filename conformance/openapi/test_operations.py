"""Every operation of the 2010 API and of messaging services, played against the emulator."""

import datetime
import unittest

from account_plays import AccountPlays
from call_plays import CallPlays
from contract import ACCOUNT, EMULATOR_URL, Api, Description, echo_complaints
from plays import NUMBER, PHONE, PagesOfProducts, Pages2010, Plays

PICTURE = "https://example.com/cat.png"


class Api2010(AccountPlays, CallPlays, Pages2010, Plays, unittest.TestCase):
    description = Description("api_v2010.json", "api.twilio.com")

    # Accounts

    def CreateAccount(self):
        account = self.echoed("CreateAccount", {"FriendlyName": "Branch"})
        self.assertEqual((account["status"], account["owner_account_sid"]), ("active", ACCOUNT))
        return account

    def FetchAccount(self):
        account = self.CreateAccount()
        self.same("FetchAccount", account, Sid=account["sid"])
        self.assertEqual(self.api.call("FetchAccount", Sid=ACCOUNT)["sid"], ACCOUNT)

    def ListAccount(self):
        self.CreateAccount()
        self.pages("ListAccount", "accounts")
        for account in self.api.call("ListAccount", query={"FriendlyName": "Branch"})["accounts"]:
            self.assertEqual(account["friendly_name"], "Branch")
        for account in self.api.call("ListAccount", query={"Status": "closed"})["accounts"]:
            self.assertEqual(account["status"], "closed")

    def UpdateAccount(self):
        account = self.CreateAccount()
        changes = {"FriendlyName": "Closed", "Status": "closed"}
        closed = self.api.call("UpdateAccount", changes, Sid=account["sid"])
        self.assertEqual(echo_complaints(changes, closed), [])

    def FetchBalance(self):
        self.assertRegex(self.api.call("FetchBalance")["balance"], r"^-?\d+\.\d+$")

    # Numbers that can be bought

    def ListAvailablePhoneNumberCountry(self):
        countries = self.api.call("ListAvailablePhoneNumberCountry")["countries"]
        self.assertIn("US", [country["country_code"] for country in countries])

    def FetchAvailablePhoneNumberCountry(self):
        country = self.api.call("FetchAvailablePhoneNumberCountry", CountryCode="US")
        self.assertLessEqual({"local", "toll_free"}, set(country["subresource_uris"]))

    def offers(self, operation_id, country="US", **query):
        return self.api.call(operation_id, query=query, CountryCode=country)["available_phone_numbers"]

    def ListAvailablePhoneNumberLocal(self):
        for offer in self.offers("ListAvailablePhoneNumberLocal", AreaCode=415, SmsEnabled="true", PageSize=3):
            self.assertEqual(offer["phone_number"][:5], "+1415")

    def ListAvailablePhoneNumberMobile(self):
        self.assertTrue(self.offers("ListAvailablePhoneNumberMobile", "GB"))

    def ListAvailablePhoneNumberTollFree(self):
        for offer in self.offers("ListAvailablePhoneNumberTollFree"):
            self.assertIn(offer["phone_number"][2:5], {"800", "833", "844", "855", "866", "877", "888"})

    # Numbers that an account has

    # Faxes are no longer received by anybody, and the other has one value only.
    ONE_CHOICE = {"VoiceReceiveMode": "voice", "ApiVersion": "2010-04-01"}

    def buy(self, operation_id, kind, country="US"):
        offer = self.offers(f"ListAvailablePhoneNumber{kind}", country)[0]
        number = self.echoed(operation_id, {"PhoneNumber": offer["phone_number"], **self.ONE_CHOICE})
        self.addCleanup(lambda: self.api.session.delete(EMULATOR_URL + number["uri"]))
        return number

    def CreateIncomingPhoneNumber(self):
        return self.buy("CreateIncomingPhoneNumber", "Local")

    def CreateIncomingPhoneNumberLocal(self):
        return self.buy("CreateIncomingPhoneNumberLocal", "Local")

    def CreateIncomingPhoneNumberMobile(self):
        return self.buy("CreateIncomingPhoneNumberMobile", "Mobile", "GB")

    def CreateIncomingPhoneNumberTollFree(self):
        return self.buy("CreateIncomingPhoneNumberTollFree", "TollFree")

    def FetchIncomingPhoneNumber(self):
        number = self.CreateIncomingPhoneNumber()
        self.same("FetchIncomingPhoneNumber", number, Sid=number["sid"])

    def UpdateIncomingPhoneNumber(self):
        number = self.CreateIncomingPhoneNumber()
        form = {"FriendlyName": "Back office", **self.ONE_CHOICE}
        updated = self.echoed("UpdateIncomingPhoneNumber", form, Sid=number["sid"])
        self.same("FetchIncomingPhoneNumber", updated, Sid=number["sid"])
        cleared = self.api.call("UpdateIncomingPhoneNumber", {"SmsUrl": ""}, Sid=number["sid"])
        self.assertIn(cleared["sms_url"], ("", None))

    def DeleteIncomingPhoneNumber(self):
        number = self.CreateIncomingPhoneNumber()
        self.api.call("DeleteIncomingPhoneNumber", Sid=number["sid"])
        listed = self.api.call("ListIncomingPhoneNumber", query={"PhoneNumber": number["phone_number"]})
        self.assertEqual(listed["incoming_phone_numbers"], [])

    def ListIncomingPhoneNumber(self):
        self.CreateIncomingPhoneNumber()
        self.pages("ListIncomingPhoneNumber", "incoming_phone_numbers")
        listed = self.api.call("ListIncomingPhoneNumber", query={"PhoneNumber": NUMBER})
        self.assertEqual([number["phone_number"] for number in listed["incoming_phone_numbers"]], [NUMBER])

    def ListIncomingPhoneNumberLocal(self):
        self.CreateIncomingPhoneNumberLocal()
        self.pages("ListIncomingPhoneNumberLocal", "incoming_phone_numbers")

    def ListIncomingPhoneNumberMobile(self):
        self.CreateIncomingPhoneNumberMobile()
        self.CreateIncomingPhoneNumberMobile()
        self.pages("ListIncomingPhoneNumberMobile", "incoming_phone_numbers")

    def ListIncomingPhoneNumberTollFree(self):
        self.CreateIncomingPhoneNumberTollFree()
        self.CreateIncomingPhoneNumberTollFree()
        self.pages("ListIncomingPhoneNumberTollFree", "incoming_phone_numbers")

    # Messages

    def CreateMessage(self):
        message = self.api.call("CreateMessage", {"To": PHONE, "From": NUMBER, "Body": "Hello"})
        every = {
            "To": PHONE, "From": NUMBER, "Body": "Hello", "MediaUrl": PICTURE, "ProvideFeedback": "true",
            "Attempt": "1", "ValidityPeriod": "600", "ForceDelivery": "true", "ContentRetention": "retain",
            "AddressRetention": "retain", "SmartEncoded": "true", "ShortenUrls": "false", "SendAsMms": "false",
            "MaxPrice": "1.5", "RiskCheck": "disable", "StatusCallback": "http://127.0.0.1:9/status",
        }  # fmt: skip
        self.assertEqual(self.api.call("CreateMessage", every)["num_media"], "1")
        return message

    def scheduled(self):
        services = Api(MessagingV1.description)
        service = services.call("CreateService", {"FriendlyName": "Later"})
        own = self.api.call("ListIncomingPhoneNumber", query={"PhoneNumber": NUMBER})["incoming_phone_numbers"][0]
        services.call("CreatePhoneNumber", {"PhoneNumberSid": own["sid"]}, ServiceSid=service["sid"])
        send_at = self.tomorrow()
        form = {"To": PHONE, "MessagingServiceSid": service["sid"], "Body": "Later", "ScheduleType": "fixed"}
        message = self.api.call("CreateMessage", {**form, "SendAt": send_at})
        services.call("DeleteService", Sid=service["sid"])
        return message

    @staticmethod
    def tomorrow():
        tomorrow = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=1)
        return tomorrow.strftime("%Y-%m-%dT%H:%M:%SZ")

    def UpdateMessage(self):
        message = self.scheduled()
        cancelled = self.api.call("UpdateMessage", {"Status": "canceled"}, Sid=message["sid"])
        self.assertEqual(cancelled["status"], "canceled")
        redacted = self.api.call("UpdateMessage", {"Body": ""}, Sid=message["sid"])
        self.assertEqual(redacted["body"], "")

    def FetchMessage(self):
        message = self.scheduled()
        self.same("FetchMessage", message, Sid=message["sid"])

    def DeleteMessage(self):
        message = self.scheduled()
        self.api.call("UpdateMessage", {"Status": "canceled"}, Sid=message["sid"])
        self.api.call("DeleteMessage", Sid=message["sid"])

    def ListMessage(self):
        created = [self.CreateMessage()["sid"], self.CreateMessage()["sid"]]
        seen = self.pages("ListMessage", "messages", {"To": PHONE, "From": NUMBER}, count_min=4)
        self.assertLessEqual(set(created), {message["sid"] for message in seen})

    def CreateMessageFeedback(self):
        message = self.CreateMessage()
        form = {"Outcome": "confirmed"}
        feedback = self.api.call("CreateMessageFeedback", form, MessageSid=message["sid"])
        self.assertEqual(feedback["outcome"], "confirmed")

    def with_media(self):
        form = {"To": PHONE, "From": NUMBER, "Body": "Look", "MediaUrl": [PICTURE, PICTURE]}
        return self.api.call("CreateMessage", form)

    def ListMedia(self):
        message = self.with_media()
        media = self.pages("ListMedia", "media_list", MessageSid=message["sid"])
        self.assertEqual({medium["parent_sid"] for medium in media}, {message["sid"]})
        return media

    def FetchMedia(self):
        medium = self.ListMedia()[0]
        self.same("FetchMedia", medium, MessageSid=medium["parent_sid"], Sid=medium["sid"])

    def DeleteMedia(self):
        medium = self.ListMedia()[0]
        self.api.call("DeleteMedia", MessageSid=medium["parent_sid"], Sid=medium["sid"])
        left = self.api.call("ListMedia", MessageSid=medium["parent_sid"])["media_list"]
        self.assertNotIn(medium["sid"], [each["sid"] for each in left])


class MessagingV1(PagesOfProducts, Plays, unittest.TestCase):
    description = Description("messaging_v1.json", "messaging.twilio.com")

    def CreateService(self):
        service = self.echoed("CreateService", {"FriendlyName": "Reminders"})
        self.addCleanup(lambda: self.api.session.delete(f"{EMULATOR_URL}/v1/Services/{service['sid']}"))
        return service

    def FetchService(self):
        service = self.CreateService()
        self.same("FetchService", service, Sid=service["sid"])

    def UpdateService(self):
        service = self.CreateService()
        changed = self.echoed("UpdateService", {"FriendlyName": "Alerts", "StickySender": "false"}, Sid=service["sid"])
        self.same("FetchService", changed, Sid=service["sid"])

    def DeleteService(self):
        service = self.CreateService()
        self.api.call("DeleteService", Sid=service["sid"])
        listed = self.api.call("ListService", query={"PageSize": 1000})["services"]
        self.assertNotIn(service["sid"], [each["sid"] for each in listed])

    def ListService(self):
        self.CreateService()
        self.CreateService()
        self.pages("ListService", "services")

    def with_number(self):
        service = self.CreateService()
        api = Api(Api2010.description)
        listed = api.call("ListIncomingPhoneNumber", query={"PhoneNumber": NUMBER})
        sid = listed["incoming_phone_numbers"][0]["sid"]
        number = self.api.call("CreatePhoneNumber", {"PhoneNumberSid": sid}, ServiceSid=service["sid"])
        self.assertEqual((number["sid"], number["phone_number"]), (sid, NUMBER))
        return number

    def CreatePhoneNumber(self):
        number = self.with_number()
        self.api.call("DeletePhoneNumber", ServiceSid=number["service_sid"], Sid=number["sid"])

    def FetchPhoneNumber(self):
        number = self.with_number()
        self.same("FetchPhoneNumber", number, ServiceSid=number["service_sid"], Sid=number["sid"])
        self.api.call("DeletePhoneNumber", ServiceSid=number["service_sid"], Sid=number["sid"])

    def ListPhoneNumber(self):
        number = self.with_number()
        listed = self.api.call("ListPhoneNumber", ServiceSid=number["service_sid"])
        self.assertEqual(listed["phone_numbers"], [number])
        self.api.call("DeletePhoneNumber", ServiceSid=number["service_sid"], Sid=number["sid"])

    def DeletePhoneNumber(self):
        number = self.with_number()
        self.api.call("DeletePhoneNumber", ServiceSid=number["service_sid"], Sid=number["sid"])
        self.assertEqual(self.api.call("ListPhoneNumber", ServiceSid=number["service_sid"])["phone_numbers"], [])

    def CreateAlphaSender(self):
        service = self.CreateService()
        return self.api.call("CreateAlphaSender", {"AlphaSender": "Switchboard"}, ServiceSid=service["sid"])

    def FetchAlphaSender(self):
        sender = self.CreateAlphaSender()
        self.same("FetchAlphaSender", sender, ServiceSid=sender["service_sid"], Sid=sender["sid"])

    def ListAlphaSender(self):
        sender = self.CreateAlphaSender()
        form = {"AlphaSender": "Exchange"}
        self.api.call("CreateAlphaSender", form, ServiceSid=sender["service_sid"])
        self.pages("ListAlphaSender", "alpha_senders", ServiceSid=sender["service_sid"])

    def DeleteAlphaSender(self):
        sender = self.CreateAlphaSender()
        self.api.call("DeleteAlphaSender", ServiceSid=sender["service_sid"], Sid=sender["sid"])
        listed = self.api.call("ListAlphaSender", ServiceSid=sender["service_sid"])
        self.assertEqual(listed["alpha_senders"], [])

    def ListShortCode(self):
        service = self.CreateService()
        self.assertEqual(self.api.call("ListShortCode", ServiceSid=service["sid"])["short_codes"], [])
