"""Media streams: `streamdouble`, a test tool of other authors that plays Twilio for programs at the other end of a
stream, and the emulator call the same program. It must be content with both, and what both tell it must be alike."""

import re
import socket
import threading
import time
import unittest

import numpy
import uvicorn
from streamdouble import api, g711, scenario
from streamdouble.session import SessionConfig

from harness import NUMBER, client
from parrot import PIECES_SAID_BACK, app
from test_calls import person, until_over

PIECE_MS = 20
# 0.8 s of a tone: what is said back is half a second of it.
TONE = [g711.encode(numpy.array([8000 if at % 20 < 10 else -8000 for at in range(160)], numpy.int16))] * 40
PARAMETERS = {"order": "7", "lang": "en"}


class Streams(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        listener = socket.create_server(("127.0.0.1", 0))
        cls.url = f"ws://127.0.0.1:{listener.getsockname()[1]}/parrot"
        cls.server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        cls.thread = threading.Thread(target=cls.server.run, kwargs={"sockets": [listener]}, daemon=True)
        cls.thread.start()
        while not cls.server.started:
            time.sleep(0.01)
        cls.double = cls.told_by_streamdouble()
        cls.ours = cls.told_by_emulator()

    @classmethod
    def tearDownClass(cls):
        cls.server.should_exit = True
        cls.thread.join()

    @classmethod
    def told_by_streamdouble(cls):
        steps = [
            scenario.Say("tone", TONE), scenario.WaitFor("mark", timeout_s=10), scenario.Dtmf("5"),
            scenario.WaitFor("clear", timeout_s=10), scenario.Wait(0.2),
        ]  # fmt: skip
        play = scenario.Scenario(name="parrot", steps=steps)
        cls.report = api.run_scenario_sync(cls.url, play, config=SessionConfig(custom_parameters=PARAMETERS))
        return app.state.calls[-1]

    @classmethod
    def told_by_emulator(cls):
        """A person says something, hears it back, and presses a key; then the call ends."""
        parameters = "".join(f"<Parameter name='{name}' value='{value}'/>" for name, value in PARAMETERS.items())
        phone = person(
            opening=[{"say": "parrot", "lastsMs": 800, "afterMs": 200}, {"press": "5", "afterMs": 1500}],
            hangUpAfterMs=3500,
        )
        twiml = f"<Response><Connect><Stream url='{cls.url}'>{parameters}</Stream></Connect></Response>"
        call = client().calls.create(to=phone, from_=NUMBER, twiml=twiml)
        cls.over = until_over(call.sid)
        return app.state.calls[-1]

    def test_the_program_is_content_with_both(self):
        self.assertEqual((self.report.violations, self.report.spoke, self.over.status), ([], True, "completed"))
        for name, told in [("streamdouble", self.double), ("emulator", self.ours)]:
            with self.subTest(told_by=name):
                kinds = [message["event"] for message in told]
                marks = [message["mark"]["name"] for message in told if message["event"] == "mark"]
                self.assertEqual((marks, kinds.count("dtmf")), (["said 1"], 1))

    def test_messages_have_the_same_shape(self):
        double, ours = shapes(self.double), shapes(self.ours)
        self.assertEqual(set(double), {"connected", "start", "media", "mark", "dtmf", "stop"})
        self.assertEqual(ours, double)

    def test_messages_come_in_the_same_order(self):
        self.assertEqual(order(self.ours), order(self.double))

    def test_numbers_count_alike(self):
        for name, told in [("streamdouble", self.double), ("emulator", self.ours)]:
            with self.subTest(told_by=name):
                numbers = [int(message["sequenceNumber"]) for message in told[1:]]
                self.assertEqual(numbers, list(range(1, len(told))))
                media = [message["media"] for message in told if message["event"] == "media"]
                self.assertEqual([int(each["chunk"]) for each in media], list(range(1, len(media) + 1)))
                times = [int(each["timestamp"]) for each in media]
                self.assertEqual({late - early for early, late in zip(times, times[1:])}, {PIECE_MS})
                self.assertGreater(len(media), 2 * PIECES_SAID_BACK)


def shapes(told):
    """The keys and types of each kind of message, with what is the same in every stream."""
    return {message["event"]: shape(message) for message in told}


def shape(value):
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, str):
        value = re.sub(r"^(AC|CA|MZ)[0-9a-f]{32}$", r"\1", value)
        value = re.sub(r"^\d+$", "a number", value)
        return "audio" if len(value) == 216 else value
    return value


def order(told):
    """The kinds of messages, in which any number of pieces of audio counts as one."""
    kinds = [message["event"] for message in told]
    return [kind for at, kind in enumerate(kinds) if kind != "media" or kinds[at - 1] != "media"]
