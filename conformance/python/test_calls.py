"""Calls, and what belongs to them: recordings, conferences, queues. The phones of the emulator play scripts."""

import datetime
import time
import unittest
import urllib.parse

import requests
from twilio.base.exceptions import TwilioRestException

from harness import ACCOUNT, EMULATOR_URL, NUMBER, WAIT_S, Receiver, client, new_phone

FINAL = ("completed", "busy", "no-answer", "failed", "canceled")


def control(method, path, body=None):
    answer = requests.request(method, f"{EMULATOR_URL}/emulator/v1{path}", json=body, timeout=WAIT_S)
    assert answer.ok, answer.text
    return answer.json() if answer.content else None


def person(**script):
    """A phone whose owner behaves like this, and picks up at once unless the script says otherwise."""
    phone = new_phone()
    script.setdefault("pickUp", {"kind": "answer", "afterMs": 0})
    control("POST", f"/phones/{urllib.parse.quote(phone)}/callScripts", script)
    return phone


def until(fits, sid):
    """The call, once it fits."""
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        call = client().calls(sid).fetch()
        if fits(call):
            return call
        time.sleep(0.05)
    raise AssertionError(f"call {sid} stayed {call.status}")


def until_over(sid):
    return until(lambda call: call.status in FINAL, sid)


def until_answered(sid):
    return until(lambda call: call.status == "in-progress", sid)


class Calls(unittest.TestCase):
    def test_a_call_is_made_and_read(self):
        phone = person()
        created = client().calls.create(to=phone, from_=NUMBER, twiml="<Response><Say>Hello</Say></Response>")
        self.assertRegex(created.sid, r"^CA[0-9a-f]{32}$")
        self.assertEqual((created.status, created.direction, created.to), ("queued", "outbound-api", phone))
        call = until_over(created.sid)
        self.assertEqual((call.status, call.account_sid, call.duration), ("completed", ACCOUNT, "1"))
        self.assertIsInstance(call.start_time, datetime.datetime)
        self.assertIn(call.sid, [each.sid for each in client().calls.list(to=phone)])
        self.assertIn(call.sid, [each.sid for each in client().calls.list(status="completed", page_size=2, limit=50)])
        self.assertTrue(client().calls(call.sid).delete())
        with self.assertRaises(TwilioRestException) as raised:
            client().calls(call.sid).fetch()
        self.assertEqual((raised.exception.status, raised.exception.code), (404, 20404))

    def test_calls_end_as_phones_take_them(self):
        for pick_up, status in [("busy", "busy"), ("fail", "failed"), ("reject", "busy")]:
            with self.subTest(pick_up=pick_up):
                phone = person(pickUp={"kind": pick_up})
                call = client().calls.create(to=phone, from_=NUMBER, twiml="<Response/>")
                self.assertEqual(until_over(call.sid).status, status)

    def test_a_live_call_is_redirected_and_hung_up(self):
        call = client().calls.create(to=person(), from_=NUMBER, twiml="<Response><Pause length='60'/></Response>")
        until_answered(call.sid)
        client().calls(call.sid).update(twiml="<Response><Say>Another</Say><Pause length='60'/></Response>")
        self.assertEqual(client().calls(call.sid).update(status="completed").status, "completed")
        with self.assertRaises(TwilioRestException) as raised:
            client().calls(call.sid).update(status="completed")
        self.assertEqual(raised.exception.code, 21220)

    def test_what_cannot_be_called_is_refused(self):
        for arguments, code in [
            ({"to": "+1", "from_": NUMBER, "twiml": "<Response/>"}, 21211),
            ({"to": new_phone(), "from_": new_phone(), "twiml": "<Response/>"}, 21210),
            ({"to": new_phone(), "from_": NUMBER}, 21205),
            ({"to": new_phone(), "from_": NUMBER, "twiml": "x" * 4001}, 32018),
        ]:
            with self.subTest(code=code), self.assertRaises(TwilioRestException) as raised:
                client().calls.create(**arguments)
            self.assertEqual((raised.exception.status, raised.exception.code), (400, code))


class Webhooks(unittest.TestCase):
    def setUp(self):
        self.receiver = Receiver()
        self.addCleanup(self.receiver.close)

    def test_every_webhook_of_a_call_is_signed(self):
        phone = person(rules=[{"hears": {"contains": "press"}, "do": [{"press": "42"}]}])
        gather = "<Response><Gather numDigits='2' action='/keys'><Say>Please press two keys</Say></Gather></Response>"
        url = self.receiver.answer("/voice", body=gather)
        self.receiver.answer("/keys", body="<Response><Hangup/></Response>")
        call = client().calls.create(
            to=phone, from_=NUMBER, url=url, status_callback=self.receiver.url + "/status",
            status_callback_event=["initiated", "ringing", "answered", "completed"],
        )  # fmt: skip
        voice = self.receiver.next("/voice")
        self.assertEqual((voice.params["CallSid"], voice.params["CallStatus"]), (call.sid, "in-progress"))
        keys = self.receiver.next("/keys")
        self.assertEqual(keys.params["Digits"], "42")
        statuses = [self.receiver.next("/status") for _ in range(4)]
        self.assertEqual(
            {webhook.params["CallStatus"] for webhook in statuses}, {"initiated", "ringing", "in-progress", "completed"}
        )
        self.assertEqual({webhook.params["SequenceNumber"] for webhook in statuses}, {"0", "1", "2", "3"})
        for webhook in [voice, keys, *statuses]:
            self.assertTrue(webhook.is_signed(), webhook.path)


class Recordings(unittest.TestCase):
    def test_a_recording_is_made_heard_and_deleted(self):
        call = client().calls.create(to=person(), from_=NUMBER, twiml="<Response><Pause length='60'/></Response>")
        until_answered(call.sid)
        recording = client().calls(call.sid).recordings.create()
        self.assertRegex(recording.sid, r"^RE[0-9a-f]{32}$")
        paused = client().calls(call.sid).recordings(recording.sid).update(status="paused")
        self.assertEqual(paused.status, "paused")
        client().calls(call.sid).recordings(recording.sid).update(status="stopped")
        client().calls(call.sid).update(status="completed")
        deadline = time.monotonic() + WAIT_S
        while client().recordings(recording.sid).fetch().status != "completed" and time.monotonic() < deadline:
            time.sleep(0.05)
        self.assertEqual(client().recordings(recording.sid).fetch().source, "StartCallRecordingAPI")
        self.assertIn(recording.sid, [each.sid for each in client().recordings.list(call_sid=call.sid)])
        url = f"{EMULATOR_URL}/2010-04-01/Accounts/{ACCOUNT}/Recordings/{recording.sid}.wav"
        audio = requests.get(url, timeout=WAIT_S)
        self.assertEqual((audio.status_code, audio.content[:4]), (200, b"RIFF"))
        self.assertTrue(client().recordings(recording.sid).delete())


class Conferences(unittest.TestCase):
    def test_participants_meet_and_are_managed(self):
        name = f"room {new_phone()}"
        twiml = f"<Response><Dial><Conference waitUrl=''>{name}</Conference></Dial></Response>"
        calls = [client().calls.create(to=person(), from_=NUMBER, twiml=twiml).sid for _ in range(2)]
        deadline = time.monotonic() + WAIT_S
        while not (found := client().conferences.list(friendly_name=name, status="in-progress")):
            self.assertLess(time.monotonic(), deadline, "the conference did not begin")
            time.sleep(0.05)
        conference = client().conferences(found[0].sid)
        self.assertEqual({each.call_sid for each in conference.participants.list()}, set(calls))
        muted = conference.participants(calls[0]).update(muted=True)
        self.assertIs(muted.muted, True)
        self.assertEqual([each.call_sid for each in conference.participants.list(muted=True)], [calls[0]])
        self.assertTrue(conference.participants(calls[1]).delete())
        self.assertEqual(conference.update(status="completed").status, "completed")
        until_over(calls[0])


class Queues(unittest.TestCase):
    def test_a_caller_waits_and_is_taken_out(self):
        name = f"queue {new_phone()}"
        queue = client().queues.create(friendly_name=name, max_size=5)
        self.assertEqual((queue.max_size, queue.current_size), (5, 0))
        twiml = f"<Response><Enqueue waitUrl=''>{name}</Enqueue></Response>"
        call = client().calls.create(to=person(), from_=NUMBER, twiml=twiml)
        deadline = time.monotonic() + WAIT_S
        while not (members := client().queues(queue.sid).members.list()):
            self.assertLess(time.monotonic(), deadline, "nobody waits")
            time.sleep(0.05)
        self.assertEqual((members[0].call_sid, members[0].position), (call.sid, 1))
        receiver = Receiver()
        self.addCleanup(receiver.close)
        url = receiver.answer("/out", body="<Response><Hangup/></Response>")
        client().queues(queue.sid).members("Front").update(url=url)
        self.assertEqual(receiver.next("/out").params["CallSid"], call.sid)
        until_over(call.sid)
        self.assertTrue(client().queues(queue.sid).delete())
