"""Plays of what belongs to an account beside its numbers, texts and calls."""

from contract import ACCOUNT
from plays import control, notice

VERIFIED = ["+15554440002", "+15554440003"]


class AccountPlays:
    # Applications

    def CreateApplication(self):
        return self.echoed("CreateApplication", {"ApiVersion": "2010-04-01"})

    def FetchApplication(self):
        application = self.CreateApplication()
        self.same("FetchApplication", application, Sid=application["sid"])

    def UpdateApplication(self):
        application = self.CreateApplication()
        form = {"FriendlyName": "Back office", "ApiVersion": "2010-04-01"}
        updated = self.echoed("UpdateApplication", form, Sid=application["sid"])
        self.same("FetchApplication", updated, Sid=application["sid"])

    def DeleteApplication(self):
        application = self.CreateApplication()
        self.api.call("DeleteApplication", Sid=application["sid"])
        listed = self.api.call("ListApplication", query={"PageSize": 1000})["applications"]
        self.assertNotIn(application["sid"], [each["sid"] for each in listed])

    def ListApplication(self):
        self.CreateApplication()
        self.CreateApplication()
        self.pages("ListApplication", "applications")
        for each in self.api.call("ListApplication", query={"FriendlyName": "Back office"})["applications"]:
            self.assertEqual(each["friendly_name"], "Back office")

    # Keys

    def CreateNewKey(self):
        return self.echoed("CreateNewKey", {"FriendlyName": "Laptop"})

    def FetchKey(self):
        key = self.CreateNewKey()
        del key["secret"]
        self.same("FetchKey", key, Sid=key["sid"])

    def UpdateKey(self):
        key = self.CreateNewKey()
        renamed = self.echoed("UpdateKey", {"FriendlyName": "Desk"}, Sid=key["sid"])
        self.same("FetchKey", renamed, Sid=key["sid"])

    def DeleteKey(self):
        key = self.CreateNewKey()
        self.api.call("DeleteKey", Sid=key["sid"])
        listed = self.api.call("ListKey", query={"PageSize": 1000})["keys"]
        self.assertNotIn(key["sid"], [each["sid"] for each in listed])

    def ListKey(self):
        self.CreateNewKey()
        self.CreateNewKey()
        self.pages("ListKey", "keys")

    # Verified numbers

    def CreateValidationRequest(self):
        form = {"PhoneNumber": "+15554440009", "FriendlyName": "Ann", "CallDelay": "60"}
        request = self.api.call("CreateValidationRequest", form)
        self.assertRegex(request["validation_code"], r"^\d{6}$")
        self.assertEqual(request["friendly_name"], "Ann")

    def caller_ids(self):
        control("PATCH", f"/accounts/{ACCOUNT}", {"verified": VERIFIED})
        listed = self.api.call("ListOutgoingCallerId")["outgoing_caller_ids"]
        self.assertEqual({each["phone_number"] for each in listed}, set(VERIFIED))
        return listed

    def ListOutgoingCallerId(self):
        self.caller_ids()
        self.pages("ListOutgoingCallerId", "outgoing_caller_ids")
        (one,) = self.api.call("ListOutgoingCallerId", query={"PhoneNumber": VERIFIED[0]})["outgoing_caller_ids"]
        self.assertEqual(one["phone_number"], VERIFIED[0])

    def FetchOutgoingCallerId(self):
        caller_id = self.caller_ids()[0]
        self.same("FetchOutgoingCallerId", caller_id, Sid=caller_id["sid"])

    def UpdateOutgoingCallerId(self):
        caller_id = self.caller_ids()[0]
        renamed = self.echoed("UpdateOutgoingCallerId", {"FriendlyName": "Ann"}, Sid=caller_id["sid"])
        self.same("FetchOutgoingCallerId", renamed, Sid=caller_id["sid"])

    def DeleteOutgoingCallerId(self):
        caller_id = self.caller_ids()[0]
        self.api.call("DeleteOutgoingCallerId", Sid=caller_id["sid"])
        left = self.api.call("ListOutgoingCallerId")["outgoing_caller_ids"]
        self.assertNotIn(caller_id["sid"], [each["sid"] for each in left])

    # Notifications

    def ListNotification(self):
        notice()
        notice()
        notices = self.pages("ListNotification", "notifications")
        self.assertEqual({each["error_code"] for each in notices}, {"11205"})
        warnings = self.api.call("ListNotification", query={"Log": 1})["notifications"]
        self.assertEqual([each for each in warnings if each["log"] != "1"], [])
        return notices

    def FetchNotification(self):
        brief = self.ListNotification()[0]
        full = self.api.call("FetchNotification", Sid=brief["sid"])
        self.assertLessEqual(brief.items(), full.items())

    # Usage

    def usage(self, operation_id):
        self.CreateMessage()
        control("GET", "/quiet")
        self.pages(operation_id, "usage_records")
        (texts,) = self.api.call(operation_id, query={"Category": "sms"})["usage_records"]
        return texts

    def ListUsageRecord(self):
        self.assertGreaterEqual(int(self.usage("ListUsageRecord")["count"]), 1)
        query = {"StartDate": "2020-01-01", "EndDate": "2020-01-02", "Category": "sms"}
        (texts,) = self.api.call("ListUsageRecord", query=query)["usage_records"]
        self.assertEqual((texts["count"], texts["start_date"], texts["end_date"]), ("0", "2020-01-01", "2020-01-02"))

    def ListUsageRecordAllTime(self):
        self.assertGreaterEqual(int(self.usage("ListUsageRecordAllTime")["count"]), 1)

    def ListUsageRecordToday(self):
        texts = self.usage("ListUsageRecordToday")
        self.assertEqual(texts["start_date"], texts["end_date"])

    def ListUsageRecordThisMonth(self):
        self.assertTrue(self.usage("ListUsageRecordThisMonth")["start_date"].endswith("-01"))

    def ListUsageRecordLastMonth(self):
        self.assertEqual(self.usage("ListUsageRecordLastMonth")["count"], "0")

    def ListUsageRecordYesterday(self):
        self.assertEqual(self.usage("ListUsageRecordYesterday")["count"], "0")
