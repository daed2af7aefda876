"""Every operation of content templates, lookups and the monitor, played against the emulator."""

import unittest

from contract import EMULATOR_URL, Description
from plays import PagesOfProducts, Plays, notice

TEXT = {"friendly_name": "Reminder", "language": "en", "variables": {"1": "Ann"},
        "types": {"twilio/text": {"body": "Hi {{1}}"}}}  # fmt: skip


class ContentV1(PagesOfProducts, Plays, unittest.TestCase):
    description = Description("content_v1.json", "content.twilio.com")

    def CreateContent(self):
        content = self.api.call("CreateContent", body=TEXT)
        self.assertLessEqual(TEXT.items(), content.items())
        self.addCleanup(lambda: self.api.session.delete(f"{EMULATOR_URL}/v1/Content/{content['sid']}"))
        return content

    def FetchContent(self):
        content = self.CreateContent()
        self.same("FetchContent", content, Sid=content["sid"])

    def UpdateContent(self):
        content = self.CreateContent()
        types = {"twilio/media": {"body": "Look", "media": ["https://example.com/cat.png"]}}
        updated = self.api.call("UpdateContent", body={"types": types}, Sid=content["sid"])
        self.assertEqual((updated["types"], updated["friendly_name"]), (types, "Reminder"))
        self.same("FetchContent", updated, Sid=content["sid"])

    def DeleteContent(self):
        content = self.CreateContent()
        self.api.call("DeleteContent", Sid=content["sid"])
        listed = self.api.call("ListContent", query={"PageSize": 1000})["contents"]
        self.assertNotIn(content["sid"], [each["sid"] for each in listed])

    def ListContent(self):
        self.CreateContent()
        self.CreateContent()
        self.pages("ListContent", "contents")

    def ListContentAndApprovals(self):
        self.CreateApprovalCreate()
        self.CreateContent()
        self.pages("ListContentAndApprovals", "contents")
        newest = self.api.call("ListContentAndApprovals")["contents"][0]
        self.assertEqual(newest["approval_requests"]["status"], "unsubmitted")

    def CreateApprovalCreate(self):
        content = self.CreateContent()
        body = {"name": "reminder_1", "category": "UTILITY"}
        approval = self.api.call("CreateApprovalCreate", body=body, ContentSid=content["sid"])
        self.assertLessEqual({**body, "status": "received", "content_type": "twilio/text"}.items(), approval.items())
        return content

    def FetchApprovalFetch(self):
        content = self.CreateApprovalCreate()
        approval = self.api.call("FetchApprovalFetch", Sid=content["sid"])
        self.assertIn(approval["whatsapp"]["status"], ("pending", "approved"))


class LookupsV2(Plays, unittest.TestCase):
    description = Description("lookups_v2.json", "lookups.twilio.com")

    PACKAGES = [
        "caller_name", "sim_swap", "call_forwarding", "line_status", "line_type_intelligence", "identity_match",
        "reassigned_number", "sms_pumping_risk", "phone_number_quality_score", "pre_fill",
    ]  # fmt: skip

    def FetchPhoneNumber(self):
        lean = self.api.call("FetchPhoneNumber", PhoneNumber="+15554440001")
        self.assertEqual((lean["valid"], lean["country_code"]), (True, "US"))
        self.assertEqual({lean[package] for package in self.PACKAGES}, {None})
        full = self.api.call("FetchPhoneNumber", query={"Fields": ",".join(self.PACKAGES)}, PhoneNumber="+15554440001")
        self.assertNotIn(None, [full[package] for package in self.PACKAGES])
        for text, error in [("+1555", "TOO_SHORT"), ("+141599299600", "TOO_LONG"), ("nobody", "NOT_A_NUMBER")]:
            answer = self.api.call("FetchPhoneNumber", PhoneNumber=text)
            self.assertEqual((answer["valid"], answer["validation_errors"]), (False, [error]))


class MonitorV1(PagesOfProducts, Plays, unittest.TestCase):
    description = Description("monitor_v1.json", "monitor.twilio.com")

    def ListAlert(self):
        notice()
        notice()
        self.pages("ListAlert", "alerts")
        alerts = self.api.call("ListAlert", query={"LogLevel": "error"})["alerts"]
        self.assertIn("11205", {alert["error_code"] for alert in alerts})
        self.assertEqual({alert["log_level"] for alert in alerts}, {"error"})
        self.assertEqual(self.api.call("ListAlert", query={"EndDate": "2020-01-01"})["alerts"], [])
        return alerts

    def FetchAlert(self):
        brief = self.ListAlert()[0]
        full = self.api.call("FetchAlert", Sid=brief["sid"])
        self.assertLessEqual(brief.items(), full.items())
