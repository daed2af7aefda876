//! The OpenAI endpoint and its scripted models.

use emulator::{DEFAULT_ECHO_MODEL, DEFAULT_MODEL_KEY, DEFAULT_MODEL_KEY_WITHOUT_CREDIT};
use reqwest::Method;
use serde_json::{Value, json};

use crate::stage::{Answer, Stage};

fn ask(said: &str) -> Value {
    json!({"model": "m", "messages": [{"role": "user", "content": said}]})
}

fn streamed(said: &str) -> Value {
    let mut body = ask(said);
    body["stream"] = json!(true);
    body["stream_options"] = json!({"include_usage": true});
    body
}

fn model(rules: Value) -> Value {
    json!({"id": "m", "rules": rules})
}

async fn stage_of(model: Value) -> Stage {
    Stage::with(Stage::fixture(json!({}), json!({"openai": {"models": [model]}}))).await
}

fn request(stage: &Stage, body: &Value) -> reqwest::RequestBuilder {
    stage.request(Method::POST, "/v1/chat/completions").bearer_auth(DEFAULT_MODEL_KEY).json(body)
}

async fn complete(stage: &Stage, body: &Value) -> Answer {
    stage.send(request(stage, body)).await.unwrap()
}

/// The whole stream as text; an error where it broke off.
async fn stream(stage: &Stage, body: &Value) -> Result<String, reqwest::Error> {
    request(stage, body).send().await?.text().await
}

/// The JSON of each event of a stream.
fn chunks(stream: &str) -> Vec<Value> {
    let data = stream.lines().filter_map(|line| line.strip_prefix("data: "));
    data.filter_map(|data| serde_json::from_str(data).ok()).collect()
}

fn text_of(chunks: &[Value]) -> String {
    chunks.iter().filter_map(|chunk| chunk["choices"][0]["delta"]["content"].as_str()).collect()
}

async fn fault(stage: &Stage, fault: Value) {
    let answer = stage.control(Method::POST, "/models/m/faults", fault).await;
    assert_eq!(answer.status, 204, "{answer:?}");
}

#[tokio::test]
async fn a_stream_has_a_role_pieces_a_reason_the_usage_and_an_end() {
    let stage = stage_of(model(json!([{"then": {"text": "Hello, Ann."}}]))).await;
    let response = request(&stage, &streamed("Hi")).send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream; charset=utf-8");
    let text = response.text().await.unwrap();
    assert!(text.ends_with("\n\ndata: [DONE]\n\n"), "{text}");
    let chunks = chunks(&text);
    let deltas: Vec<String> = chunks.iter().map(|chunk| chunk["choices"][0]["delta"].to_string()).collect();
    let expected = [
        r#"{"role":"assistant","content":""}"#,
        r#"{"content":"Hello"}"#,
        r#"{"content":","}"#,
        r#"{"content":" Ann"}"#,
        r#"{"content":"."}"#,
        "{}",
        "null",
    ];
    assert_eq!(deltas, expected);
    assert!(chunks.iter().all(|chunk| chunk["id"] == chunks[0]["id"]));
    assert!(chunks.iter().all(|chunk| chunk["object"] == "chat.completion.chunk"));
    let reasons: Vec<&Value> = chunks.iter().map(|chunk| &chunk["choices"][0]["finish_reason"]).collect();
    assert_eq!(reasons[5], "stop");
    assert!(reasons[..5].iter().all(|reason| reason.is_null()));
    let last = &chunks[6];
    assert_eq!((&last["choices"], &last["usage"]["completion_tokens"]), (&json!([]), &json!(4)));
    assert!(chunks[..6].iter().all(|chunk| chunk.get("usage") == Some(&Value::Null)));
}

#[tokio::test]
async fn the_first_rule_that_fits_answers_and_takes_words_from_the_prompt() {
    let stage = stage_of(model(json!([
        {"when": {"turn": 3}, "then": {"text": "That is turn {turn}."}},
        {"when": {"instructionsContain": "pirate", "contains": "hello"}, "then": {"text": "Ahoy."}},
        {"when": {"contains": "my name is"}, "then": {"text": "Hello, {after}!"}},
        {"when": {"historyContains": "blue", "equals": "what colour"}, "then": {"text": "Blue."}},
        {"then": {"text": "I heard {said}"}},
    ])))
    .await;
    let said = |role: &str, text: &str| json!({"role": role, "content": text});
    let cases = [
        (vec![said("user", "Well, My Name Is Ann Lee.")], "Hello, Ann Lee!"),
        (vec![said("system", "You are a pirate."), said("user", "hello there")], "Ahoy."),
        (vec![said("user", "hello there")], "I heard hello there"),
        (vec![said("user", "blue"), said("assistant", "ok"), said("user", "What colour")], "Blue."),
        (vec![said("user", "a"), said("user", "b"), said("user", "c")], "That is turn 3."),
        (vec![json!({"role": "user", "content": [{"type": "text", "text": "parts"}]})], "I heard parts"),
    ];
    for (messages, answer) in cases {
        let whole = complete(&stage, &json!({"model": "m", "messages": messages})).await;
        assert_eq!(whole.json["choices"][0]["message"]["content"], answer);
        assert_eq!(whole.json["choices"][0]["finish_reason"], "stop");
    }
}

#[tokio::test]
async fn a_tool_is_called_in_pieces_and_its_result_is_answered() {
    let stage = stage_of(model(json!([
        {"when": {"resultOf": "book", "resultContains": "no room"}, "then": {"text": "No room, sorry."}},
        {"when": {"resultOf": "book"}, "then": {"text": "Booked: {result}"}},
        {"when": {"contains": "broken"}, "then": {"toolCalls": [{"name": "book", "arguments": "{\"when\": "}]}},
        {"when": {"offered": "book"}, "then": {
            "text": "One moment.", "toolCalls": [{"name": "book", "arguments": {"wish": "{said}"}}, {"name": "note"}],
        }},
        {"then": {"text": "I have no such tool."}},
    ])))
    .await;
    let mut body = streamed("Tuesday");
    body["tools"] = json!([{"type": "function", "function": {"name": "book", "parameters": {}}}]);
    let chunks = chunks(&stream(&stage, &body).await.unwrap());
    assert_eq!(text_of(&chunks), "One moment.");
    let (mut ids, mut arguments) = (Vec::new(), [String::new(), String::new()]);
    for call in chunks.iter().filter_map(|chunk| chunk["choices"][0]["delta"]["tool_calls"].get(0)) {
        if let Some(id) = call["id"].as_str() {
            ids.push((id.to_owned(), call["function"]["name"].as_str().unwrap().to_owned()));
        }
        let index = usize::try_from(call["index"].as_u64().unwrap()).unwrap();
        arguments[index] += call["function"]["arguments"].as_str().unwrap();
    }
    assert_eq!(arguments, [r#"{"wish":"Tuesday"}"#, "{}"]);
    assert_eq!((ids[0].1.as_str(), ids[1].1.as_str()), ("book", "note"));
    let calls: Vec<Value> = ids
        .iter()
        .zip(&arguments)
        .map(|((id, name), arguments)| {
            json!({"id": id, "type": "function", "function": {"name": name, "arguments": arguments}})
        })
        .collect();
    let result =
        |index: usize, text: &str| json!({"role": "tool", "tool_call_id": ids[index].0, "content": text});
    let mut messages = vec![
        json!({"role": "user", "content": "Tuesday"}),
        json!({"role": "assistant", "content": null, "tool_calls": calls}),
        result(1, "noted"),
    ];
    let unanswered = complete(&stage, &json!({"model": "m", "messages": messages})).await;
    assert_eq!((unanswered.status, &unanswered.json["error"]["param"]), (400, &json!("messages")));
    messages.push(result(0, "at nine"));
    let answered = complete(&stage, &json!({"model": "m", "messages": messages})).await;
    assert_eq!(answered.json["choices"][0]["message"]["content"], "Booked: at nine");
    let broken = complete(&stage, &ask("broken")).await.json;
    assert_eq!(broken["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"], "{\"when\": ");
    assert_eq!(broken["choices"][0]["finish_reason"], "tool_calls");
}

#[tokio::test]
async fn what_cannot_be_is_refused_as_the_real_thing_refuses_it() {
    let reasoning = json!({"id": "m", "parameters": "reasoning", "contextTokens": 100, "rules": []});
    let stage = stage_of(reasoning).await;
    let with = |change: fn(&mut Value)| {
        let mut body = ask("Hi");
        change(&mut body);
        body
    };
    let cases = [
        (with(|body| body["model"] = json!("gpt-none")), 404, "model", "model_not_found"),
        (with(|body| body["model"] = Value::Null), 400, "model", ""),
        (with(|body| body["messages"] = json!([])), 400, "messages", ""),
        (with(|body| body["messages"] = json!([{"role": "caller", "content": "x"}])), 400, "messages", ""),
        (
            with(|body| body["messages"] = json!([{"role": "tool", "tool_call_id": "c", "content": "x"}])),
            400,
            "messages",
            "",
        ),
        (with(|body| body["max_tokens"] = json!(5)), 400, "max_tokens", "unsupported_parameter"),
        (with(|body| body["temperature"] = json!(0.5)), 400, "temperature", "unsupported_value"),
        (with(|body| body["temperature"] = json!(3)), 400, "temperature", ""),
        (with(|body| body["stop"] = json!("x")), 400, "stop", "unsupported_parameter"),
        (with(|body| body["stream_options"] = json!({})), 400, "stream_options", ""),
        (with(|body| body["max_completion_tokens"] = json!(99)), 400, "messages", "context_length_exceeded"),
        (
            with(|body| body["tools"] = json!([{"type": "function", "function": {"name": "no blanks"}}])),
            400,
            "tools",
            "",
        ),
    ];
    for (body, status, param, code) in cases {
        let answer = complete(&stage, &body).await;
        let error = &answer.json["error"];
        assert_eq!(
            (answer.status, &error["param"], error["code"].as_str().unwrap_or_default()),
            (status, &json!(param), code),
            "{body}"
        );
        assert!(!error["message"].as_str().unwrap().is_empty());
    }
}

#[tokio::test]
async fn keys_are_asked_for_and_a_key_without_credit_can_only_look() {
    let stage = Stage::new().await;
    let body = json!({"model": DEFAULT_ECHO_MODEL, "messages": [{"role": "user", "content": "Hi"}]});
    let post = || stage.request(Method::POST, "/v1/chat/completions").json(&body);
    let none = stage.send(post()).await.unwrap();
    assert_eq!((none.status, &none.json["error"]["code"]), (401, &Value::Null));
    let wrong = stage.send(post().bearer_auth("sk-0123456789abcdef")).await.unwrap();
    assert_eq!((wrong.status, &wrong.json["error"]["code"]), (401, &json!("invalid_api_key")));
    assert!(wrong.json["error"]["message"].as_str().unwrap().contains("sk-01234*******cdef"));
    let poor = DEFAULT_MODEL_KEY_WITHOUT_CREDIT;
    let refused = stage.send(post().bearer_auth(poor)).await.unwrap();
    assert_eq!((refused.status, &refused.json["error"]["code"]), (429, &json!("insufficient_quota")));
    let list = stage.send(stage.request(Method::GET, "/v1/models").bearer_auth(poor)).await.unwrap();
    assert_eq!((list.status, &list.json["data"][0]["id"]), (200, &json!(DEFAULT_ECHO_MODEL)));
    let path = format!("/v1/models/{DEFAULT_ECHO_MODEL}");
    let one = stage.send(stage.request(Method::GET, &path).bearer_auth(poor)).await.unwrap();
    assert_eq!(one.json["object"], "model");
    let gone = stage.send(stage.request(Method::GET, "/v1/models/x").bearer_auth(poor)).await.unwrap();
    assert_eq!((gone.status, &gone.json["error"]["code"]), (404, &json!("model_not_found")));
}

#[tokio::test]
async fn a_refusal_of_the_request_strikes_as_often_as_it_is_told_to() {
    let stage = stage_of(model(json!([{"then": {"text": "Fine."}}]))).await;
    let cases = [
        (json!({"do": "rateLimited", "retryAfterS": 2}), 429, json!("rate_limit_exceeded"), Some("2")),
        (json!({"do": "noCredit"}), 429, json!("insufficient_quota"), None),
        (json!({"do": "overloaded"}), 503, json!("server_is_overloaded"), None),
        (json!({"do": "error", "status": 500}), 500, Value::Null, None),
    ];
    for (then, status, code, retry_after) in cases {
        fault(&stage, json!({"then": then, "skip": 1})).await;
        let fine = complete(&stage, &streamed("Hi")).await;
        let struck = complete(&stage, &streamed("Hi")).await;
        assert_eq!((fine.status, struck.status, &struck.json["error"]["code"]), (200, status, &code));
        assert_eq!(struck.headers.get("retry-after").map(|value| value.to_str().unwrap()), retry_after);
        assert_eq!(complete(&stage, &ask("Hi")).await.status, 200);
    }
    fault(&stage, json!({"then": {"do": "drop"}, "when": {"contains": "drop"}, "times": null})).await;
    assert_eq!(complete(&stage, &ask("Hi")).await.status, 200);
    for _ in 0..2 {
        assert!(stage.send(request(&stage, &ask("drop"))).await.is_err());
    }
    stage.control(Method::DELETE, "/models/m/faults", Value::Null).await;
    assert_eq!(complete(&stage, &ask("drop")).await.status, 200);
}

#[tokio::test]
async fn a_stream_breaks_where_it_is_told_to() {
    let stage = stage_of(model(json!([{"then": {"text": "One two three four."}}]))).await;
    let ends = |kind: &str| json!({"then": {"do": "end", "ends": {"kind": kind, "afterTokens": 2}}});
    fault(&stage, ends("cut")).await;
    assert!(stream(&stage, &streamed("Hi")).await.is_err());
    fault(&stage, ends("malformed")).await;
    let malformed = stream(&stage, &streamed("Hi")).await.unwrap();
    assert!(malformed.contains("data: {\"id\":\"chatcmpl-\n\n"), "{malformed}");
    assert_eq!(text_of(&chunks(&malformed)), "One two three four.");
    fault(&stage, ends("error")).await;
    let erring = chunks(&stream(&stage, &streamed("Hi")).await.unwrap());
    assert_eq!((text_of(&erring).as_str(), &erring[3]["error"]["type"]), ("One two", &json!("server_error")));
    fault(&stage, ends("stall")).await;
    let mut stalled = request(&stage, &streamed("Hi")).send().await.unwrap();
    let mut read = String::new();
    while !read.contains("\" two\"") {
        read += std::str::from_utf8(&stalled.chunk().await.unwrap().unwrap()).unwrap();
    }
    drop(stalled);
    let finish = |reason: &str| json!({"then": {"do": "finish", "reason": reason, "afterTokens": 3}});
    for reason in ["length", "content_filter"] {
        fault(&stage, finish(reason)).await;
        let cut = complete(&stage, &ask("Hi")).await.json;
        assert_eq!(cut["choices"][0]["message"]["content"], "One two three");
        assert_eq!(cut["choices"][0]["finish_reason"], reason);
    }
}

#[tokio::test]
async fn an_answer_ends_at_its_limit_and_at_a_stop() {
    let stage = stage_of(model(json!([
        {"when": {"contains": "weapon"}, "then": {"refusal": "I can't help with that."}},
        {"then": {"text": "One two three four."}},
    ])))
    .await;
    let mut limited = ask("Hi");
    limited["max_tokens"] = json!(2);
    let choice = complete(&stage, &limited).await.json["choices"][0].clone();
    assert_eq!(
        (&choice["message"]["content"], &choice["finish_reason"]),
        (&json!("One two"), &json!("length"))
    );
    let mut stopped = ask("Hi");
    stopped["stop"] = json!([" four", " three"]);
    let choice = complete(&stage, &stopped).await.json["choices"][0].clone();
    assert_eq!(
        (&choice["message"]["content"], &choice["finish_reason"]),
        (&json!("One two"), &json!("stop"))
    );
    let refusal = chunks(&stream(&stage, &streamed("weapon")).await.unwrap());
    let said: String =
        refusal.iter().filter_map(|chunk| chunk["choices"][0]["delta"]["refusal"].as_str()).collect();
    assert_eq!((said.as_str(), text_of(&refusal).as_str()), ("I can't help with that.", ""));
}

#[tokio::test]
async fn a_long_beginning_that_was_seen_before_is_cached() {
    let stage = stage_of(model(json!([{"then": {"text": "Fine."}}]))).await;
    let instructions = "word ".repeat(1_500);
    let body = |said: &str| {
        json!({"model": "m", "messages": [
            {"role": "system", "content": instructions}, {"role": "user", "content": said},
        ]})
    };
    let cached = |answer: Answer| answer.json["usage"]["prompt_tokens_details"]["cached_tokens"].clone();
    assert_eq!(cached(complete(&stage, &body("one")).await), 0);
    assert_eq!(cached(complete(&stage, &body("two")).await), 1_408);
    assert_eq!(cached(complete(&stage, &ask("short")).await), 0);
}

#[tokio::test]
async fn a_loose_server_writes_streams_of_its_own_kind() {
    let loose = json!({"id": "m", "format": "loose", "rules": [{"then": {
        "text": "Hello.", "toolCalls": [{"name": "note", "arguments": {"a": 1}}],
    }}]});
    let stage = stage_of(loose).await;
    let text = stream(&stage, &streamed("Hi")).await.unwrap();
    assert!(
        text.contains(": keep-alive\r\n\r\n") && !text.contains("[DONE]") && !text.contains("usage"),
        "{text}"
    );
    let chunks = chunks(&text);
    assert_eq!(chunks[0]["choices"][0]["finish_reason"], "");
    assert_eq!(chunks.last().unwrap()["choices"][0]["finish_reason"], "tool_calls");
    let call = chunks.iter().find_map(|chunk| chunk["choices"][0]["delta"]["tool_calls"].get(0)).unwrap();
    assert_eq!((call.get("index"), &call["function"]["arguments"]), (None, &json!("{\"a\":1}")));
}

#[tokio::test]
async fn the_log_tells_what_was_asked_and_how_much_was_given() {
    let stage = stage_of(model(json!([{"then": {"text": "One two three."}}]))).await;
    complete(&stage, &ask("Hi")).await;
    let cut = json!({"then": {"do": "end", "ends": {"kind": "cut", "afterTokens": 1}}});
    fault(&stage, cut).await;
    stream(&stage, &streamed("Hello")).await.unwrap_err();
    complete(&stage, &json!({"model": "none", "messages": [{"role": "user", "content": "x"}]})).await;
    let log = stage.log("modelAnswered").await;
    let told: Vec<(&Value, &Value, &Value)> =
        log.iter().map(|entry| (&entry["text"], &entry["complete"], &entry["status"])).collect();
    assert_eq!(
        told,
        [
            (&json!("One two three."), &json!(true), &json!(200)),
            (&json!("One"), &json!(false), &json!(200)),
            (&Value::Null, &json!(false), &json!(404)),
        ]
    );
    assert_eq!((&log[1]["faults"], &log[2]["code"]), (&json!(["end"]), &json!("model_not_found")));
    let requests = stage.control(Method::GET, "/model-requests?after=1", Value::Null).await.json;
    assert_eq!(requests[0]["body"]["messages"][0]["content"], "Hello");
    assert_eq!(requests.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn models_are_put_and_taken_away_while_it_runs() {
    let stage = Stage::new().await;
    let put = |body: Value| stage.control(Method::PUT, "/models/m", body);
    assert_eq!(put(model(json!([{"then": {"text": "First."}}]))).await.status, 201);
    assert_eq!(put(model(json!([{"then": {"text": "Second."}}]))).await.status, 200);
    assert_eq!(complete(&stage, &ask("Hi")).await.json["choices"][0]["message"]["content"], "Second.");
    let shown = stage.control(Method::GET, "/models/m", Value::Null).await.json;
    assert_eq!((&shown["asked"], &shown["script"]["id"]), (&json!(1), &json!("m")));
    let refused = [
        json!({"id": "other"}),
        json!({"id": "m", "pace": {"tokensPerSecond": 0}}),
        json!({"id": "m", "faults": [{"then": {"do": "error", "status": 200}}]}),
        json!({"id": "m", "faults": [{"then": {"do": "drop"}, "chance": 2}]}),
        json!({"id": "m", "rule": []}),
    ];
    for body in refused {
        assert_eq!(put(body.clone()).await.status, 422, "{body}");
    }
    assert_eq!(stage.control(Method::DELETE, "/models/m", Value::Null).await.status, 204);
    assert_eq!(complete(&stage, &ask("Hi")).await.status, 404);
    assert_eq!(stage.control(Method::DELETE, "/models/m", Value::Null).await.status, 404);
}
