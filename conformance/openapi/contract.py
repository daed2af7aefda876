"""Calls operations of an OpenAPI description on the emulator, and holds every answer to what the description says.

Beyond the types, an answer must have exactly the keys that it is described with, and none of those named in
`always_there.json` may be null: the description calls nearly everything nullable, which would let an empty answer
pass.
"""

import json
import os
import pathlib
import re

import requests
from jsonschema import FormatChecker
from openapi_schema_validator import OAS30Validator

EMULATOR_URL = os.environ["EMULATOR_URL"].rstrip("/")
ACCOUNT = "AC00000000000000000000000000000001"
TOKEN = "00000000000000000000000000000001"
TIMEOUT_S = 20

FOLDER = pathlib.Path(__file__).parent
REF = "#/components/schemas/"

formats = FormatChecker(formats=[])
PATTERNS = {
    "date-time-rfc-2822": r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000",
    "date-time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
    "http-method": r"GET|POST",
    "iso-country-code": r"[A-Z]{2}",
    "currency": r"[A-Z]{3}",
    # Unset addresses are empty texts.
    "uri": r"|(https?:/)?/\S+",
}


def _check_format(name):
    pattern = re.compile(PATTERNS[name])
    formats.checks(name)(lambda value: value is None or pattern.fullmatch(value) is not None)


for _name in PATTERNS:
    _check_format(_name)


class Description:
    """An OpenAPI 3.0 file of this folder, by operation."""

    def __init__(self, file_name, host):
        document = json.loads((FOLDER / file_name).read_text(encoding="utf-8"))
        always_there = json.loads((FOLDER / "always_there.json").read_text(encoding="utf-8"))
        self.host = host
        self.schemas = document["components"]["schemas"]
        for name, keys in always_there.items():
            if name in self.schemas:
                self._forbid_null(name, keys)
        self.operations = {}
        for path, item in document["paths"].items():
            for method, operation in item.items():
                self.operations[operation["operationId"]] = (method, path, operation)

    def _forbid_null(self, name, keys):
        for key in keys:
            self.schemas[name]["properties"][key].pop("nullable", None)

    def validator(self, schema):
        return OAS30Validator(self.closed(schema), format_checker=formats)

    def closed(self, schema):
        """The schema without references, in which no object may have keys that are not described."""
        if "$ref" in schema:
            closed = self.closed(self.schemas[schema["$ref"].removeprefix(REF)])
            return self._or_null({**closed, "nullable": True}) if schema.get("nullable") else closed
        closed = dict(schema)
        if "properties" in schema:
            closed["properties"] = {key: self.closed(inner) for key, inner in schema["properties"].items()}
            closed["additionalProperties"] = False
        if "items" in schema:
            closed["items"] = self.closed(schema["items"])
        return self._or_null(closed) if closed.get("nullable") else closed

    @staticmethod
    def _or_null(schema):
        """The schema with null among its values, which `nullable` by itself only adds to a type."""
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
        if "anyOf" in schema:
            schema["anyOf"] = [{**choice, "nullable": True} for choice in schema["anyOf"]]
        return schema

    def complaints(self, operation_id, status, body):
        """What is wrong with an answer, one line each; body is None where there was none."""
        _, _, operation = self.operations[operation_id]
        response = operation["responses"].get(str(status))
        if response is None:
            return [f"answered {status}, which is not one of {', '.join(operation['responses'])}: {body}"]
        media = response.get("content", {}).get("application/json")
        if media is None:
            return [] if body is None else [f"has a body, where none is described: {body}"]
        if body is None:
            return ["has no body"]
        errors = self.validator(media["schema"]).iter_errors(body)
        return [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in errors]

    def parameters(self, operation_id, place):
        _, _, operation = self.operations[operation_id]
        return {each["name"]: each["schema"] for each in operation["parameters"] if each["in"] == place}

    def form(self, operation_id):
        """The fields of an operation's body."""
        _, _, operation = self.operations[operation_id]
        content = operation.get("requestBody", {}).get("content", {})
        return content.get("application/x-www-form-urlencoded", {}).get("schema", {}).get("properties", {})

    def json_fields(self, operation_id):
        """The keys of an operation's body, where that is JSON."""
        _, _, operation = self.operations[operation_id]
        content = operation.get("requestBody", {}).get("content", {})
        return self.closed(content["application/json"]["schema"])["properties"]


class Api:
    """The emulator, called by the names of the operations."""

    def __init__(self, description):
        self.description = description
        self.session = requests.Session()
        self.session.auth = (ACCOUNT, TOKEN)

    def call(self, operation_id, form=None, query=None, body=None, **path_parameters):
        """Calls an operation, checks the answer, and returns its body."""
        method, path, operation = self.description.operations[operation_id]
        if "{AccountSid}" in path:
            path_parameters.setdefault("AccountSid", ACCOUNT)
        self._check_declared(operation_id, form, query, body)
        answer = self.session.request(
            method,
            EMULATOR_URL + path.format(**path_parameters),
            params=query,
            data=form,
            json=body,
            headers={"X-Original-Host": self.description.host},
            timeout=TIMEOUT_S,
        )
        answered = answer.json() if answer.content else None
        complaints = self.description.complaints(operation_id, answer.status_code, answered)
        assert not complaints, f"{operation_id}:\n" + "\n".join(complaints)
        return answered

    def _check_declared(self, operation_id, form, query, body):
        undeclared = set(form or {}) - set(self.description.form(operation_id))
        undeclared |= set(query or {}) - set(self.description.parameters(operation_id, "query"))
        if body is not None:
            undeclared |= set(body) - set(self.description.json_fields(operation_id))
        assert not undeclared, f"{operation_id} has no parameters {undeclared}"

    def follow(self, operation_id, uri):
        """Gets a page by its address, as the page before it named it."""
        url = uri if uri.startswith("http") else EMULATOR_URL + uri
        url = url.replace(f"https://{self.description.host}", EMULATOR_URL)
        answer = self.session.get(url, headers={"X-Original-Host": self.description.host}, timeout=TIMEOUT_S)
        complaints = self.description.complaints(operation_id, answer.status_code, answer.json())
        assert not complaints, f"{operation_id} by {uri}:\n" + "\n".join(complaints)
        return answer.json()


def snake_case(name):
    """The key of an answer that shows a parameter: `SmsUrl` comes back as `sms_url`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def sample(name, schema):
    """A value that a parameter must accept, other than its default; None where it names another resource."""
    if "pattern" in schema:
        return None
    if schema.get("format") == "uri":
        return f"https://example.com/{snake_case(name)}"
    if schema.get("format") == "http-method" or schema.get("enum") == ["GET", "POST"]:
        return "GET"
    if "enum" in schema:
        return schema["enum"][-1]
    return {"boolean": "true", "integer": "600", "string": "Front desk"}.get(schema.get("type"))


def echo_complaints(sent, answer):
    """What an answer does not show as it was sent, among the parameters that it shows at all."""
    complaints = []
    for name, value in sent.items():
        key = snake_case(name)
        shown = answer.get(key)
        shown = {True: "true", False: "false"}.get(shown, shown) if isinstance(shown, bool) else shown
        if key in answer and str(shown) != value:
            complaints.append(f"{name}={value} came back as {key}={shown}")
    return complaints
