"""Every element that Twilio's library can write is executed, passed over with a notice, or refused with Twilio's error,
and the call goes on or ends as it should."""

import inspect
import unittest

from twilio.twiml import TwiML
from twilio.twiml.voice_response import Connect, Dial, Enqueue, Gather, Refer, Start, Stop, VoiceResponse

from harness import NUMBER, client
from test_calls import control, person, until_over

# Attributes and texts without which an element means nothing.
NEEDED = {
    "dial": {"number": "+15554443000"},
    "enqueue": {"name": "vocabulary", "wait_url": ""},
    "gather": {"timeout": 1},
    "pause": {"length": 1},
    "play": {"digits": "1"},
    "record": {"timeout": 1, "max_length": 2, "action": "http://127.0.0.1:9/"},
    "redirect": {"url": "http://127.0.0.1:9/"},
    "say": {"message": "Hello"},
    "sms": {"message": "Hello", "to": "+15554443001", "from_": NUMBER},
    "queue": {"name": "vocabulary"},
    "client": {"identity": "nobody"},
    "conference": {"name": "vocabulary"},
    "number": {"phone_number": "+15554443000"},
    "sim": {"sim_sid": "DE00000000000000000000000000000001"},
    "sip": {"sip_url": "sip:nobody@example.com"},
    "whats_app": {"phone_number": "+15554443000"},
    "room": {"name": "vocabulary"},
    "autopilot": {"name": "vocabulary"},
    "task": {"body": "{}"},
    "refer_sip": {"sip_url": "sip:nobody@example.com"},
}
# Elements after which the document does not go on.
LAST = {"hangup", "redirect", "reject", "leave", "enqueue", "record", "dial/conference", "dial/queue", "queue"}
PARENTS = {"dial": Dial, "connect": Connect, "enqueue": Enqueue, "gather": Gather, "refer": Refer, "start": Start,
           "stop": Stop}  # fmt: skip


def methods(kind):
    """The elements that may stand in an element."""
    inherited = set(dir(TwiML))
    return sorted(
        name for name, member in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_") and name not in inherited
    )  # fmt: skip


def documents():
    """One document for each element: its place, and the document."""
    for verb in methods(VoiceResponse):
        response = VoiceResponse()
        element = getattr(response, verb)(**NEEDED.get(verb, {}))
        if verb not in PARENTS:
            yield verb, response
            continue
        for noun in methods(type(element)):
            response = VoiceResponse()
            parent = getattr(response, verb)(**({} if verb == "dial" else NEEDED.get(verb, {})))
            getattr(parent, noun)(**NEEDED.get(noun, {}))
            yield f"{verb}/{noun}", response


class Vocabulary(unittest.TestCase):
    def test_every_element_is_executed_passed_over_or_refused(self):
        # All at once, because some calls last until the person at the other end has had enough.
        calls = {}
        for place, response in documents():
            response.say("The end")
            phone = person(hangUpAfterMs=8_000)
            calls[place] = client().calls.create(to=phone, from_=NUMBER, twiml=str(response)).sid
        self.assertGreater(len(calls), 40)
        for place, sid in calls.items():
            with self.subTest(element=place):
                self.assertEqual(until_over(sid).status, "completed")
                self.judge(place, control("GET", f"/calls/{sid}")["story"])

    def judge(self, place, story):
        ran = [line["twiml"] for line in story if line["kind"] == "verb"]
        codes = [line["code"] for line in story if line["kind"] == "debugger"]
        said = [line["words"] for line in story if line["kind"] == "said"]
        self.assertTrue(ran or codes, "nothing came of it")
        went_on = any("The end" in words for words in said)
        was_refused = bool(codes) and any("application error" in words for words in said)
        # Whoever is dialled answers and talks until the caller hangs up.
        was_joined = any(line["kind"] == "joined" for line in story)
        is_last = place in LAST or place.split("/")[0] in LAST
        self.assertTrue(went_on or is_last or was_refused or was_joined, (ran, codes, said))
