"""OpenAI's own library against the emulator's endpoint, as a program would use it."""

import json
import unittest
import uuid

import openai
import requests

from harness import EMULATOR_URL, WAIT_S

KEY = "sk-emulated"
KEY_WITHOUT_CREDIT = "sk-emulated-without-credit"

TOOLS = [
    {
        "type": "function",
        "function": {"name": "book", "parameters": {"type": "object", "properties": {"when": {"type": "string"}}}},
    }
]


def client(key=KEY, retries=0):
    return openai.OpenAI(api_key=key, base_url=f"{EMULATOR_URL}/v1", max_retries=retries, timeout=WAIT_S)


def new_model(rules, **rest):
    """A model of its own for each test, so that tests do not see each other's faults."""
    model = f"test-{uuid.uuid4()}"
    script = {"id": model, "rules": rules, **rest}
    answer = requests.put(f"{EMULATOR_URL}/emulator/v1/models/{model}", json=script, timeout=WAIT_S)
    assert answer.status_code == 201, answer.text
    return model


def said(text):
    return [{"role": "user", "content": text}]


class Answers(unittest.TestCase):
    def test_whole(self):
        model = new_model([{"then": {"text": "Hello, {said}."}}])
        completion = client().chat.completions.create(model=model, messages=said("Ann"), temperature=0.7)
        (choice,) = completion.choices
        self.assertEqual((choice.message.content, choice.finish_reason), ("Hello, Ann.", "stop"))
        self.assertEqual(completion.usage.total_tokens, completion.usage.prompt_tokens + 4)
        self.assertEqual(completion.usage.prompt_tokens_details.cached_tokens, 0)
        self.assertEqual(completion.object, "chat.completion")

    def test_stream_with_usage(self):
        model = new_model([{"then": {"text": "One, two, three."}}])
        options = {"include_usage": True}
        stream = client().chat.completions.create(
            model=model, messages=said("Count"), stream=True, stream_options=options
        )
        chunks = list(stream)
        text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
        self.assertEqual(text, "One, two, three.")
        self.assertEqual(chunks[-1].choices, [])
        self.assertEqual(chunks[-1].usage.completion_tokens, 6)
        self.assertEqual(chunks[-2].choices[0].finish_reason, "stop")

    def test_async_stream(self):
        import asyncio

        model = new_model([{"then": {"text": "Hello there."}}])

        async def read():
            own = openai.AsyncOpenAI(api_key=KEY, base_url=f"{EMULATOR_URL}/v1", max_retries=0)
            stream = await own.chat.completions.create(model=model, messages=said("Hi"), stream=True)
            return "".join([chunk.choices[0].delta.content or "" async for chunk in stream])

        self.assertEqual(asyncio.run(read()), "Hello there.")

    def test_a_tool_is_called_and_its_result_is_answered(self):
        model = new_model(
            [
                {"when": {"resultOf": "book"}, "then": {"text": "It is {result}."}},
                {"when": {"offered": "book"}, "then": {"toolCalls": [{"name": "book", "arguments": {"when": "{said}"}}]}},
            ]
        )
        messages = said("Tuesday at nine")
        completion = client().chat.completions.create(model=model, messages=messages, tools=TOOLS)
        self.assertEqual(completion.choices[0].finish_reason, "tool_calls")
        (call,) = completion.choices[0].message.tool_calls
        self.assertEqual((call.function.name, json.loads(call.function.arguments)), ("book", {"when": "Tuesday at nine"}))
        messages += [completion.choices[0].message, {"role": "tool", "tool_call_id": call.id, "content": "booked"}]
        answer = client().chat.completions.create(model=model, messages=messages, tools=TOOLS)
        self.assertEqual(answer.choices[0].message.content, "It is booked.")

    def test_a_tool_call_in_a_stream(self):
        model = new_model([{"then": {"toolCalls": [{"name": "book", "arguments": {"when": "Monday"}}]}}])
        with client().chat.completions.stream(model=model, messages=said("Book"), tools=TOOLS) as stream:
            for _ in stream:
                pass
            completion = stream.get_final_completion()
        (call,) = completion.choices[0].message.tool_calls
        self.assertEqual(json.loads(call.function.arguments), {"when": "Monday"})

    def test_refusal(self):
        model = new_model([{"then": {"refusal": "I cannot help with that."}}])
        completion = client().chat.completions.create(model=model, messages=said("Hi"))
        message = completion.choices[0].message
        self.assertEqual((message.content, message.refusal), (None, "I cannot help with that."))

    def test_the_list_of_models(self):
        models = {model.id: model for model in client().models.list()}
        self.assertIn("scripted-echo", models)
        self.assertEqual(client().models.retrieve("scripted-echo").object, "model")


class Errors(unittest.TestCase):
    def create(self, model, key=KEY, retries=0, **rest):
        return client(key, retries).chat.completions.create(model=model, messages=said("Hi"), **rest)

    def test_keys(self):
        with self.assertRaises(openai.AuthenticationError) as raised:
            self.create("scripted-echo", key="sk-nobody-has-this-key")
        self.assertEqual(raised.exception.code, "invalid_api_key")
        with self.assertRaises(openai.RateLimitError) as raised:
            self.create("scripted-echo", key=KEY_WITHOUT_CREDIT)
        self.assertEqual(raised.exception.code, "insufficient_quota")

    def test_models_that_are_not_there(self):
        for model in ["never-was", new_model([], retired=True)]:
            with self.assertRaises(openai.NotFoundError) as raised:
                self.create(model)
            self.assertEqual(raised.exception.code, "model_not_found")

    def test_parameters_of_reasoning_models(self):
        model = new_model([{"then": {"text": "Fine."}}], parameters="reasoning")
        with self.assertRaises(openai.BadRequestError) as raised:
            self.create(model, max_tokens=10)
        self.assertEqual((raised.exception.code, raised.exception.param), ("unsupported_parameter", "max_tokens"))
        self.assertEqual(self.create(model, max_completion_tokens=10).choices[0].message.content, "Fine.")

    def test_the_library_tries_again_where_that_can_help(self):
        cases = [
            {"do": "rateLimited", "retryAfterS": 0},
            {"do": "overloaded", "retryAfterS": 0},
            {"do": "error", "status": 500},
            {"do": "drop"},
        ]
        for fault in cases:
            with self.subTest(fault=fault):
                model = new_model([{"then": {"text": "Fine."}}], faults=[{"then": fault}])
                self.assertEqual(self.create(model, retries=1).choices[0].message.content, "Fine.")

    def test_streams_that_break(self):
        def end(kind):
            return [{"then": {"do": "end", "ends": {"kind": kind, "afterTokens": 1}}}]

        for kind, error in [("cut", Exception), ("error", openai.APIError), ("malformed", json.JSONDecodeError)]:
            with self.subTest(kind=kind):
                model = new_model([{"then": {"text": "One two three."}}], faults=end(kind))
                with self.assertRaises(error):
                    for _ in self.create(model, stream=True):
                        pass
