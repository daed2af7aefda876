"""The application for FastAPI, run unchanged against the emulator."""

import os
import socket
import threading
import unittest

import uvicorn

from harness import NUMBER, TOKEN, client
from test_calls import control, person, until_over

os.environ["TWILIO_AUTH_TOKEN"] = TOKEN
from order_line import app  # noqa: E402  (it reads the token as it is loaded)


class OrderLine(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        listener = socket.create_server(("127.0.0.1", 0))
        cls.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        cls.server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        cls.thread = threading.Thread(target=cls.server.run, kwargs={"sockets": [listener]}, daemon=True)
        cls.thread.start()

    @classmethod
    def tearDownClass(cls):
        cls.server.should_exit = True
        cls.thread.join()

    def said(self, phone):
        call = client().calls.create(to=phone, from_=NUMBER, url=f"{self.url}/voice")
        self.assertEqual(until_over(call.sid).status, "completed")
        story = control("GET", f"/calls/{call.sid}")["story"]
        return [line["words"] for line in story if line["kind"] == "said"]

    def test_an_order_by_voice(self):
        said = self.said(person(wordsPerMinute=1000, rules=[
            {"hears": {"contains": "pizza or pasta"}, "do": [{"say": "a pizza please", "afterMs": 100}]},
            {"hears": {"beep": True}, "do": [{"say": "Example Street one", "afterMs": 100}]},
        ]))  # fmt: skip
        self.assertIn("One a pizza please it is. Leave your address after the beep.", said)
        self.assertRegex(said[-1], r"^Thank you for \d+ seconds\. Good bye\.$")

    def test_an_order_by_keys_and_nothing_at_all(self):
        said = self.said(person(rules=[{"hears": {"contains": "press one"}, "do": [{"press": "2"}]}]))
        self.assertIn("One pasta it is. Leave your address after the beep.", said)
        self.assertEqual(self.said(person())[-1], "We heard nothing. Good bye.")
