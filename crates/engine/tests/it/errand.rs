//! What tools ask of others, filled in.

use engine::agent::Agent;
use engine::agent::llm::{Does, HttpMethod, HttpTool, SendTextTool};
use engine::llm::errand::{Body, Request, Values, masked, request, texting};
use serde_json::{Value, json};
use template::Context;

fn tool(yaml: &str) -> Does {
    let source = format!(
        "agentType: LLM Agent\nname: desk\ncredential: models\nmodel: m\nsystemPrompt: Be brief.\ntools:\n  - {{name: t, \
         description: T., parameters: {{type: object, properties: {{id: {{}}, note: {{}}, list: {{}}}}}}, {yaml}}}\n"
    );
    let loaded = engine::agent::load(&source, Some("desk.yaml"));
    let Some(Agent::Llm(agent)) = loaded.agent else { panic!("{:?}", loaded.diagnostics) };
    agent.tools[0].does.clone()
}

fn http(yaml: &str) -> HttpTool {
    match tool(&format!("type: http, {yaml}")) {
        Does::Http(http) => http,
        other => panic!("{other:?}"),
    }
}

fn text(yaml: &str) -> SendTextTool {
    match tool(&format!("type: sendText, {yaml}")) {
        Does::SendText(text) => text,
        other => panic!("{other:?}"),
    }
}

fn filled(tool: &HttpTool, arguments: &Value) -> Result<Request, String> {
    let variables = json!({"shop": "main st", "pin": "S3CRET"});
    let values = Values { variables: variables.as_object().expect("an object"), arguments };
    request(tool, &values, &Context::default()).map_err(|unready| unready.to_string())
}

#[test]
fn an_address_holds_arguments_as_parts_of_it() {
    let tool = http("url: 'https://example.com/{{shop}}/{{arguments.id}}?q={{urlEncode(arguments.id)}}'");
    for (id, url) in [
        (json!("A 1"), Ok("https://example.com/main%20st/A%201?q=A%201")),
        (json!("a/b?c#d&e"), Ok("https://example.com/main%20st/a%2Fb%3Fc%23d%26e?q=a%2Fb%3Fc%23d%26e")),
        (json!(7), Ok("https://example.com/main%20st/7?q=7")),
        (json!(".."), Err("an argument would lead the address somewhere else")),
        (json!("."), Err("an argument would lead the address somewhere else")),
        (Value::Null, Err("the argument id is missing")),
    ] {
        let got = filled(&tool, &json!({ "id": id }));
        assert_eq!(got.as_ref().map(|request| request.url.as_str()).map_err(String::as_str), url, "{id}");
    }
}

#[test]
fn a_body_keeps_the_types_of_arguments_and_leaves_out_what_is_left_out() {
    let tree = http(
        "method: POST, url: 'https://example.com/', headers: {X-Pin: '{{pin}}'}, \
         body: {id: '{{arguments.id}}', note: '{{arguments.note}}', said: 'Order {{arguments.id}}', fixed: [1, true, '{{arguments.note}}']}",
    );
    let got = filled(&tree, &json!({"id": 7})).unwrap();
    let body = json!({"id": 7, "said": "Order 7", "fixed": [1, true]}).to_string();
    assert_eq!(got.body, Some(Body::Json(body)));
    assert_eq!(got.headers, [("X-Pin".to_owned(), "S3CRET".to_owned())]);
    let text = http("method: PUT, url: 'https://example.com/', body: 'id={{arguments.id}}'");
    assert_eq!(filled(&text, &json!({"id": 7})).unwrap().body, Some(Body::Text("id=7".to_owned())));
    for (method, carries) in
        [("POST", true), ("PATCH", true), ("PUT", true), ("GET", false), ("DELETE", false)]
    {
        let bare = http(&format!("method: {method}, url: 'https://example.com/'"));
        let got = filled(&bare, &json!({"id": "x"})).unwrap();
        assert_eq!(got.method.as_str(), method);
        let body = Body::Json(r#"{"id":"x"}"#.to_owned());
        assert_eq!(got.body, carries.then_some(body), "{method}");
    }
    assert_eq!(http("url: 'https://example.com/'").method, HttpMethod::Get);
}

#[test]
fn a_text_is_the_authors_or_the_models() {
    let variables = json!({"desk": "+15551230000"});
    let told = |tool: &SendTextTool, arguments: Value| {
        let values = Values { variables: variables.as_object().unwrap(), arguments: &arguments };
        texting(tool, &values, &Context::default()).map(|text| (text.from, text.body))
    };
    let own = text("message: 'Take bus {{arguments.id}}.', from: '{{desk}}'");
    let sent = told(&own, json!({"id": 12})).unwrap();
    assert_eq!(sent, (Some("+15551230000".to_owned()), "Take bus 12.".to_owned()));
    assert!(told(&own, json!({})).is_err());
    let models = text("from: ''");
    assert_eq!(told(&models, json!({"text": " Hello. "})).unwrap(), (None, "Hello.".to_owned()));
    assert!(told(&models, json!({"text": "  "})).is_err());
}

#[test]
fn secrets_are_struck_out_of_what_a_server_answers() {
    let variables = json!({"pin": "S3CRET", "short": "ab", "number": 48213, "open": "S3CRETS"});
    let variables = variables.as_object().unwrap();
    let answer = "pin=S3CRET number=48213 ab";
    assert_eq!(masked(answer, variables, &["pin", "short", "number"]), "pin=*** number=*** ab");
    assert_eq!(masked(answer, variables, &[]), answer);
}
