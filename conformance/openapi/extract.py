"""Reduces Twilio's OpenAPI descriptions to the operations that the emulator speaks.

    python3 conformance/openapi/extract.py twilio_api_v2010.json > conformance/openapi/api_v2010.json

The sources are files under `spec/json/` of Twilio's public repository of descriptions; see NOTICE. Kept are paths,
parameters, status codes, types, patterns, formats, enumerations and nullability. Left out are the texts and the
examples; but which keys stand in every example of a thing is kept, as that thing's `required`, because a description
itself hardly ever says what is always there. Where an example contradicts the description (an unset SID is empty, a
coordinate is a text, a whole object is null, a currency is in small letters), both are allowed; and where the
description of a thing says of no part of it that it may be null, every part may be.
"""

import json
import pathlib
import re
import sys

ACCOUNT = "/2010-04-01/Accounts/{AccountSid}"
API_2010 = [
    "/2010-04-01/Accounts.json",
    "/2010-04-01/Accounts/{Sid}.json",
    f"{ACCOUNT}/Applications.json",
    f"{ACCOUNT}/Applications/{{Sid}}.json",
    f"{ACCOUNT}/AvailablePhoneNumbers.json",
    f"{ACCOUNT}/AvailablePhoneNumbers/{{CountryCode}}.json",
    f"{ACCOUNT}/AvailablePhoneNumbers/{{CountryCode}}/Local.json",
    f"{ACCOUNT}/AvailablePhoneNumbers/{{CountryCode}}/Mobile.json",
    f"{ACCOUNT}/AvailablePhoneNumbers/{{CountryCode}}/TollFree.json",
    f"{ACCOUNT}/Balance.json",
    f"{ACCOUNT}/Calls.json",
    f"{ACCOUNT}/Calls/{{Sid}}.json",
    f"{ACCOUNT}/Calls/{{CallSid}}/Events.json",
    f"{ACCOUNT}/Calls/{{CallSid}}/Notifications.json",
    f"{ACCOUNT}/Calls/{{CallSid}}/Notifications/{{Sid}}.json",
    f"{ACCOUNT}/Calls/{{CallSid}}/Recordings.json",
    f"{ACCOUNT}/Calls/{{CallSid}}/Recordings/{{Sid}}.json",
    f"{ACCOUNT}/Calls/{{CallSid}}/Streams.json",
    f"{ACCOUNT}/Calls/{{CallSid}}/Streams/{{Sid}}.json",
    f"{ACCOUNT}/Calls/{{CallSid}}/Transcriptions.json",
    f"{ACCOUNT}/Calls/{{CallSid}}/Transcriptions/{{Sid}}.json",
    f"{ACCOUNT}/Conferences.json",
    f"{ACCOUNT}/Conferences/{{Sid}}.json",
    f"{ACCOUNT}/Conferences/{{ConferenceSid}}/Participants.json",
    f"{ACCOUNT}/Conferences/{{ConferenceSid}}/Participants/{{CallSid}}.json",
    f"{ACCOUNT}/Conferences/{{ConferenceSid}}/Recordings.json",
    f"{ACCOUNT}/Conferences/{{ConferenceSid}}/Recordings/{{Sid}}.json",
    f"{ACCOUNT}/IncomingPhoneNumbers.json",
    f"{ACCOUNT}/IncomingPhoneNumbers/{{Sid}}.json",
    f"{ACCOUNT}/IncomingPhoneNumbers/Local.json",
    f"{ACCOUNT}/IncomingPhoneNumbers/Mobile.json",
    f"{ACCOUNT}/IncomingPhoneNumbers/TollFree.json",
    f"{ACCOUNT}/Keys.json",
    f"{ACCOUNT}/Keys/{{Sid}}.json",
    f"{ACCOUNT}/Messages.json",
    f"{ACCOUNT}/Messages/{{Sid}}.json",
    f"{ACCOUNT}/Messages/{{MessageSid}}/Feedback.json",
    f"{ACCOUNT}/Messages/{{MessageSid}}/Media.json",
    f"{ACCOUNT}/Messages/{{MessageSid}}/Media/{{Sid}}.json",
    f"{ACCOUNT}/Notifications.json",
    f"{ACCOUNT}/Notifications/{{Sid}}.json",
    f"{ACCOUNT}/OutgoingCallerIds.json",
    f"{ACCOUNT}/OutgoingCallerIds/{{Sid}}.json",
    f"{ACCOUNT}/Queues.json",
    f"{ACCOUNT}/Queues/{{Sid}}.json",
    f"{ACCOUNT}/Queues/{{QueueSid}}/Members.json",
    f"{ACCOUNT}/Queues/{{QueueSid}}/Members/{{CallSid}}.json",
    f"{ACCOUNT}/Recordings.json",
    f"{ACCOUNT}/Recordings/{{Sid}}.json",
    f"{ACCOUNT}/Recordings/{{RecordingSid}}/Transcriptions.json",
    f"{ACCOUNT}/Recordings/{{RecordingSid}}/Transcriptions/{{Sid}}.json",
    f"{ACCOUNT}/Transcriptions.json",
    f"{ACCOUNT}/Transcriptions/{{Sid}}.json",
    f"{ACCOUNT}/Usage/Records.json",
    f"{ACCOUNT}/Usage/Records/AllTime.json",
    f"{ACCOUNT}/Usage/Records/LastMonth.json",
    f"{ACCOUNT}/Usage/Records/ThisMonth.json",
    f"{ACCOUNT}/Usage/Records/Today.json",
    f"{ACCOUNT}/Usage/Records/Yesterday.json",
]
# By the name of the source.
PATHS = {
    "twilio_api_v2010.json": API_2010,
    "twilio_content_v1.json": [
        "/v1/Content",
        "/v1/Content/{Sid}",
        "/v1/Content/{Sid}/ApprovalRequests",
        "/v1/Content/{ContentSid}/ApprovalRequests/whatsapp",
        "/v1/ContentAndApprovals",
    ],
    "twilio_lookups_v2.json": ["/v2/PhoneNumbers/{PhoneNumber}"],
    "twilio_monitor_v1.json": ["/v1/Alerts", "/v1/Alerts/{Sid}"],
}
METHODS = ("get", "post", "put", "delete")
# Numbered parameters, of which the first are kept: the others are like them.
NUMBERED = re.compile(r"Parameter(\d+)\.")
NUMBERED_MAX = 2
SCHEMA_WORDS = (
    "type", "format", "nullable", "pattern", "minLength", "maxLength", "minimum", "maximum", "enum",
)  # fmt: skip
REF = "#/components/schemas/"


def main():
    file = pathlib.Path(sys.argv[1])
    source = json.loads(file.read_text(encoding="utf-8"))
    extract = Extract(source["components"]["schemas"])
    paths = {path: extract.path(source["paths"][path]) for path in PATHS[file.name]}
    document = {
        "openapi": source["openapi"],
        "info": {
            "title": f"Extract of {source['info']['title']}",
            "version": source["info"]["version"],
            "license": source["info"]["license"],
            "description": "Made by extract.py from Twilio's own description, changed by leaving out; see NOTICE.",
        },
        "paths": paths,
        "components": {"schemas": extract.components()},
    }
    json.dump(document, sys.stdout, indent=1)
    print()


class Extract:
    """Collects what the chosen paths refer to."""

    def __init__(self, schemas):
        self.schemas = schemas
        self.kept = {}
        # For each component, the key sets of its examples.
        self.seen = {}

    def path(self, item):
        return {method: self.operation(item[method]) for method in METHODS if method in item}

    def operation(self, operation):
        result = {"operationId": operation["operationId"], "parameters": []}
        for parameter in operation.get("parameters", []):
            kept = {"name": parameter["name"], "in": parameter["in"], "schema": self.schema(parameter["schema"])}
            if parameter.get("required"):
                kept["required"] = True
            result["parameters"].append(kept)
        for content in operation.get("requestBody", {}).get("content", {}).items():
            kind, media = content
            result["requestBody"] = {"content": {kind: {"schema": self.schema(media["schema"])}}}
        result["responses"] = {}
        for status, response in operation["responses"].items():
            result["responses"][status] = self.response(response)
        return result

    def response(self, response):
        media = response.get("content", {}).get("application/json")
        if media is None:
            return {}
        examples = [example["value"] for example in media.get("examples", {}).values()]
        schema = self.schema(media["schema"])
        self.examine(schema, examples)
        if "properties" in schema and examples:
            schema["required"] = self.common_keys(schema, [set(example) for example in examples])
        return {"content": {"application/json": {"schema": schema}}}

    def schema(self, schema):
        if "$ref" in schema:
            self.keep(schema["$ref"])
            return {"$ref": schema["$ref"]}
        kept = {word: schema[word] for word in SCHEMA_WORDS if word in schema}
        if "properties" in schema:
            properties = {name: inner for name, inner in schema["properties"].items() if is_kept(name)}
            kept["properties"] = {name: self.schema(inner) for name, inner in properties.items()}
        if "items" in schema:
            kept["items"] = self.schema(schema["items"])
        if "required" in schema:
            kept["required"] = schema["required"]
        return kept

    def keep(self, ref):
        name = ref.removeprefix(REF)
        if name not in self.kept:
            self.kept[name] = None
            self.kept[name] = self.schema(self.schemas[name])

    def examine(self, kept, values):
        """Learns from examples: the keys of each component wherever it stands, and what contradicts its types."""
        if None in values:
            kept["nullable"] = True
        if "$ref" in kept:
            name = kept["$ref"].removeprefix(REF)
            kept = self.kept[name]
            self.seen.setdefault(name, []).extend(set(value) for value in values if isinstance(value, dict))
        for key, inner in kept.get("properties", {}).items():
            self.examine(inner, [value[key] for value in values if isinstance(value, dict) and key in value])
        if "items" in kept:
            self.examine(kept["items"], [item for value in values if value for item in value])
        if kept.get("format") == "currency" and any(value != value.upper() for value in values if value):
            del kept["format"]
        if "" in values and not kept.get("pattern", "^$").startswith("^$"):
            kept["pattern"] = "^$|" + kept["pattern"]
            kept.pop("minLength", None)
        if kept.get("type") == "number" and any(isinstance(value, str) for value in values):
            del kept["type"]
            kept["anyOf"] = [{"type": "number"}, {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}]

    def components(self):
        for name, kept in self.kept.items():
            key_sets = self.seen.get(name)
            if key_sets and kept.get("properties"):
                kept["required"] = self.common_keys(kept, key_sets)
            silent = not any(inner.get("nullable") for inner in self.schemas[name].get("properties", {}).values())
            for inner in kept.get("properties", {}).values():
                if silent:
                    inner["nullable"] = True
        return dict(sorted(self.kept.items()))

    @staticmethod
    def common_keys(schema, key_sets):
        return sorted(set.intersection(*key_sets) & set(schema["properties"]))


def is_kept(name):
    numbered = NUMBERED.match(name)
    return not numbered or int(numbered[1]) <= NUMBERED_MAX


if __name__ == "__main__":
    main()
