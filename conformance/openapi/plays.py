"""What plays share. A play calls one operation and what it needs, and is named after it."""

import requests
from contract import ACCOUNT, EMULATOR_URL, TIMEOUT_S, TOKEN, Api, echo_complaints, sample

NUMBER = "+15551234567"
PHONE = "+15554440001"


class Plays:
    """Holds the emulator to one description. A play is a method named after an operation."""

    def setUp(self):
        self.api = Api(self.description)

    def test_every_operation(self):
        for operation_id in self.description.operations:
            with self.subTest(operation=operation_id):
                getattr(self, operation_id)()

    def same(self, operation_id, answer, **path_parameters):
        """What was created or changed is what is fetched afterwards."""
        self.assertEqual(self.api.call(operation_id, **path_parameters), answer)

    def echoed(self, operation_id, form, **path_parameters):
        """Sends every parameter that names no other resource, and expects each to come back."""
        for name, schema in self.description.form(operation_id).items():
            value = sample(name, schema)
            # Either a number is named, or an area to pick one from.
            if value is not None and name not in form and name != "AreaCode":
                form[name] = value
        answer = self.api.call(operation_id, form, **path_parameters)
        self.assertEqual(echo_complaints(form, answer), [])
        return answer


class Pages2010:
    """Walks lists of the 2010 API."""

    # What tells items of a list apart that have no SID of their own.
    NAMED_BY = {"usage_records": "category"}

    def pages(self, operation_id, key, query=None, count_min=2, **path_parameters):
        """Walks a list forth by pages of one, and back again."""
        page = self.api.call(operation_id, query={**(query or {}), "PageSize": 1}, **path_parameters)
        seen = []
        for number in range(count_min):
            self.assertEqual((page["page"], page["page_size"]), (number, 1))
            self.assertEqual((page["start"], page["end"]), (number, number))
            self.assertIn("PageSize=1", page["first_page_uri"])
            self.assertIn("Page=0", page["first_page_uri"])
            seen += page[key]
            if number + 1 < count_min:
                self.assertIn("PageToken=PA", page["next_page_uri"])
                page = self.api.follow(operation_id, page["next_page_uri"])
        sids = [item[self.NAMED_BY.get(key, "sid")] for item in seen]
        self.assertEqual(len(set(sids)), count_min)
        back = self.api.follow(operation_id, page["previous_page_uri"])
        self.assertEqual([item[self.NAMED_BY.get(key, "sid")] for item in back[key]], sids[-2:-1])
        return seen


class PagesOfProducts:
    """Walks lists of the product APIs."""

    def pages(self, operation_id, key, **path_parameters):
        page = self.api.call(operation_id, query={"PageSize": 1}, **path_parameters)
        self.assertEqual((page["meta"]["key"], page["meta"]["page"], page["meta"]["page_size"]), (key, 0, 1))
        second = self.api.follow(operation_id, page["meta"]["next_page_url"])
        self.assertEqual(second["meta"]["page"], 1)
        back = self.api.follow(operation_id, second["meta"]["previous_page_url"])
        self.assertEqual(back[key], page[key])
        self.assertNotEqual(second[key], page[key])


def control(method, path, body=None):
    """Asks the control API for something."""
    answer = requests.request(method, f"{EMULATOR_URL}/emulator/v1{path}", json=body, timeout=TIMEOUT_S)
    assert answer.ok, answer.text
    return answer.json() if answer.content else None


def notice():
    """Has the debugger notice something: a webhook that nobody takes."""
    (own,) = (number for number in control("GET", "/state")["accounts"][0]["numbers"] if number["phoneNumber"] == NUMBER)
    path = f"{EMULATOR_URL}/2010-04-01/Accounts/{ACCOUNT}/IncomingPhoneNumbers/{own['sid']}.json"
    for url in ("http://127.0.0.1:9/sms", ""):
        requests.post(path, data={"SmsUrl": url}, auth=(ACCOUNT, TOKEN), timeout=TIMEOUT_S).raise_for_status()
        if url:
            control("POST", f"/phones/{PHONE}/messages", {"to": NUMBER, "body": "Hello"})
            control("GET", "/quiet")
