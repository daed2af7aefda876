"""What the tests of this folder share: Twilio's client pointed at the emulator, a receiver of webhooks, phones."""

import itertools
import json
import os
import queue
import threading
import urllib.parse
from dataclasses import dataclass
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

EMULATOR_URL = os.environ["EMULATOR_URL"].rstrip("/")
ACCOUNT = "AC00000000000000000000000000000001"
TOKEN = "00000000000000000000000000000001"
TEST_ACCOUNT = "AC00000000000000000000000000000002"
TEST_TOKEN = "00000000000000000000000000000002"
NUMBER = "+15551234567"

# How long a test waits for something that the emulator does by itself.
WAIT_S = 20

_numbers = itertools.count(2000000)


class EmulatorTransport(TwilioHttpClient):
    """Twilio's own transport, which sends what is meant for twilio.com to the emulator."""

    def request(self, method, url, params=None, data=None, headers=None, auth=None, timeout=None,
                allow_redirects=False):  # fmt: skip
        parts = urllib.parse.urlsplit(url)
        if parts.hostname.endswith(".twilio.com"):
            headers = {**(headers or {}), "X-Original-Host": parts.hostname}
            url = EMULATOR_URL + url.removeprefix(f"{parts.scheme}://{parts.netloc}")
        return super().request(method, url, params, data, headers, auth, timeout or WAIT_S, allow_redirects)


def client(account=ACCOUNT, token=TOKEN):
    return Client(account, token, http_client=EmulatorTransport())


def new_phone():
    """A number that nobody has used yet in this run, so that tests do not see each other's messages."""
    return f"+1555{next(_numbers)}"


def send_from_phone(phone, body, to=NUMBER, **rest):
    """Has a phone of the emulator send a text to one of the account's numbers."""
    answer = requests.post(
        f"{EMULATOR_URL}/emulator/v1/phones/{urllib.parse.quote(phone)}/messages",
        json={"to": to, "body": body, **rest},
        timeout=WAIT_S,
    )
    assert answer.ok, answer.text
    return answer.json()


def refused_page(exception):
    """Status and code of a list that was refused, for which the library has no exception of its own."""
    _, response = exception.args
    return response.status_code, json.loads(response.text)["code"]


@dataclass
class Webhook:
    """One request that the receiver took."""

    method: str
    # As it was given to Twilio, without the fragment.
    url: str
    path: str
    # By name, whatever its case.
    headers: Message
    params: dict

    def is_signed(self, token=TOKEN, params=None):
        validator = RequestValidator(token)
        signature = self.headers.get("X-Twilio-Signature", "")
        # The parameters of a GET are part of its URL.
        signed = {} if self.method == "GET" else (self.params if params is None else params)
        return validator.validate(self.url, signed, signature)


class Receiver:
    """A web server on a free port that keeps every request, and answers by path what the test has set."""

    def __init__(self):
        self.webhooks = queue.Queue()
        self.answers = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def answer(self, path, status=200, body="", content_type="text/xml"):
        self.answers[path] = (status, body.encode() if isinstance(body, str) else body, content_type)
        return self.url + path

    def next(self, path):
        """The next request to this path; requests to other paths stay for whoever asks for them."""
        others = []
        try:
            while True:
                webhook = self.webhooks.get(timeout=WAIT_S)
                if webhook.path == path:
                    return webhook
                others.append(webhook)
        except queue.Empty:
            raise AssertionError(f"nothing came to {path}, only to {[other.path for other in others]}") from None
        finally:
            for other in others:
                self.webhooks.put(other)

    def until_status(self, path, status):
        """The status callbacks to this path, up to and with the one of this status."""
        webhooks = []
        while not webhooks or webhooks[-1].params["MessageStatus"] != status:
            webhooks.append(self.next(path))
        return webhooks

    def _handler(receiver):  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def take(self):
                length = int(self.headers.get("Content-Length") or 0)
                form = self.rfile.read(length).decode()
                path, _, query = self.path.partition("?")
                pairs = urllib.parse.parse_qsl(query if self.command == "GET" else form, keep_blank_values=True)
                url = f"http://{self.headers['Host']}{self.path}"
                receiver.webhooks.put(Webhook(self.command, url, path, self.headers, dict(pairs)))
                status, body, content_type = receiver.answers.get(path, (204, b"", "text/xml"))
                self.send_response(status)
                if status != 204:
                    self.send_header("Content-Type", content_type)
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = take

            def log_message(self, *_):
                pass

        return Handler
