//! Tables of templates, values and the texts or errors they give.

use serde::Deserialize;
use serde_json::{Map, Value};
use template::{Context, Template, function};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    about: String,
    #[serde(default)]
    language: Option<String>,
    #[serde(default)]
    region: Option<String>,
    #[serde(default)]
    time_zone: Option<String>,
    #[serde(default)]
    vars: Map<String, Value>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    template: String,
    /// Beside the table's own.
    #[serde(default)]
    vars: Map<String, Value>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    error: Option<String>,
}

fn run(file: &str) {
    let tables: Vec<Table> = serde_json::from_str(file).expect("a table of cases");
    let mut wrong = Vec::new();
    for table in &tables {
        let context = context(table);
        for case in &table.cases {
            let mut vars = table.vars.clone();
            vars.extend(case.vars.clone());
            let given = Template::parse(&case.template)
                .map_err(|error| format!("no template: {error}"))
                .and_then(|template| template.render(&vars, &context).map_err(|error| error.to_string()));
            let expected = match (&case.text, &case.error) {
                (Some(text), None) => Ok(text.clone()),
                (None, Some(error)) => Err(error.clone()),
                _ => panic!("{}: a case has either a text or an error", case.template),
            };
            if given != expected {
                wrong.push(format!(
                    "{}: {:?}\n  expected {expected:?}\n  given    {given:?}",
                    table.about, case.template
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The context of the examples, in the table's language.
fn context(table: &Table) -> Context {
    let mut context = function::example_context();
    if let Some(language) = &table.language {
        context.language.clone_from(language);
        context.region.clone_from(&table.region);
    }
    if let Some(zone) = &table.time_zone {
        context.time_zone = jiff::tz::TimeZone::get(zone).expect("a known zone");
    }
    context
}

#[test]
fn texts() {
    run(include_str!("cases/texts.json"));
}

#[test]
fn blocks() {
    run(include_str!("cases/blocks.json"));
}

#[test]
fn operators() {
    run(include_str!("cases/operators.json"));
}

#[test]
fn functions() {
    run(include_str!("cases/functions.json"));
}

#[test]
fn formats_by_language() {
    run(include_str!("cases/formats.json"));
}

#[test]
fn speech_by_language() {
    run(include_str!("cases/speech.json"));
}

#[test]
fn an_address_stays_what_its_template_says() {
    let vars = serde_json::json!({"id": "7/../?a=b#c&d", "plain": "A-1_b.c~", "number": 12.5, "word": "é ü"});
    let vars = vars.as_object().expect("an object");
    for (template, address) in [
        (
            "https://example.com/{{id}}/x?q={{word}}",
            "https://example.com/7%2F..%2F%3Fa%3Db%23c%26d/x?q=%C3%A9%20%C3%BC",
        ),
        ("https://example.com/{{urlEncode(word)}}/{{plain}}", "https://example.com/%C3%A9%20%C3%BC/A-1_b.c~"),
        ("https://example.com/{{upper(word)}}/{{number}}", "https://example.com/%C3%89%20%C3%9C/12.5"),
        ("https://example.com/{{#if id}}{{word ?? 'none'}}{{/if}}", "https://example.com/%C3%A9%20%C3%BC"),
    ] {
        let template = Template::parse(template).expect("well formed");
        assert_eq!(template.render_url(vars, &Context::default()).expect("complete"), address);
    }
}
