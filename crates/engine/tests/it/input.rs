//! What a run may be started with.

use engine::workflow::{self, Workflow};
use serde_json::{Value, json};

fn workflow(inputs: &str) -> Workflow {
    let file = format!("name: x\nregion: US\ninput: {inputs}\nblocks: [{{id: a, type: end}}]\n");
    let loaded = workflow::load(&file, Some("x.yaml"));
    loaded.workflow.unwrap_or_else(|| panic!("{inputs}: {:?}", loaded.diagnostics))
}

fn accepted(inputs: &str, given: Value) -> Result<Value, String> {
    let Value::Object(given) = given else { panic!("an object") };
    workflow(inputs).accept_input(given).map(Value::Object).map_err(|problems| problems.join("; "))
}

#[test]
fn a_value_must_fit_its_schema() {
    for (schema, value, problem) in [
        ("{type: string}", json!("x"), ""),
        ("{type: string}", json!(5), "`v` is a text, not a number"),
        ("{type: [string, 'null']}", json!(null), ""),
        ("{type: integer}", json!(5.0), ""),
        ("{type: integer}", json!(5.5), "`v` is a whole number, not a number"),
        ("{type: boolean}", json!("true"), "`v` is true or false, not a text"),
        ("{enum: [yes, no]}", json!("yes"), ""),
        ("{enum: [yes, no]}", json!("maybe"), "`v` is one of \"yes\", \"no\""),
        ("{type: string, enum: [1, 2]}", json!("1"), ""),
        ("{type: number, enum: [1, 2]}", json!(1), ""),
        ("{const: 5}", json!(6), "`v` is one of 5"),
        ("{type: string, pattern: '^[A-Z]+$'}", json!("AB"), ""),
        ("{type: string, pattern: '^[A-Z]+$'}", json!("Ab"), "`v` does not match ^[A-Z]+$"),
        ("{type: string, minLength: 2, maxLength: 3}", json!("é"), "`v` has at least 2 characters"),
        ("{type: string, minLength: 2, maxLength: 3}", json!("four"), "`v` has at most 3 characters"),
        ("{type: number, minimum: 1, exclusiveMaximum: 3}", json!(1), ""),
        ("{type: number, minimum: 1, exclusiveMaximum: 3}", json!(0.5), "`v` is at least 1"),
        ("{type: number, minimum: 1, exclusiveMaximum: 3}", json!(3), "`v` is less than 3"),
        ("{type: string, format: phone}", json!("(555) 123-4567"), ""),
        ("{type: string, format: phone}", json!("+1999"), "`v` is no phone number: it is too short"),
        ("{type: string, format: email}", json!("ada@example.com"), ""),
        ("{type: string, format: email}", json!("ada@example"), "`v` is not an e-mail address"),
        ("{type: string, format: date}", json!("2026-11-23"), ""),
        ("{type: string, format: date}", json!("2026-02-30"), "`v` is not a date such as 2026-11-23"),
        ("{type: string, format: time}", json!("14:30"), ""),
        ("{type: string, format: time}", json!("25:00"), "`v` is not a time such as 14:30"),
        ("{type: string, format: date-time}", json!("2026-11-23T14:30:00-05:00"), ""),
        ("{type: string, format: uri}", json!("https://example.com/x"), ""),
        ("{type: string, format: uri}", json!("example.com"), "`v` is not a web address"),
        (
            "{type: array, items: {type: string}, maxItems: 2}",
            json!(["a", 1]),
            "`v.1` is a text, not a number",
        ),
        ("{type: array, maxItems: 1}", json!([1, 2]), "`v` has at most 1 items"),
        (
            "{type: object, properties: {a: {type: string}}, required: [a, b]}",
            json!({"a": 1}),
            "`v.b` is required; `v.a` is a text, not a number",
        ),
    ] {
        let found = accepted(&format!("{{v: {schema}}}"), json!({"v": value})).err().unwrap_or_default();
        assert_eq!(found, problem, "{schema} {value}");
    }
}

#[test]
fn defaults_fill_in_and_undeclared_fields_are_dropped() {
    let inputs =
        "{phone: {type: string}, count: {type: integer, default: 3}, code: {type: string, default: 007}}";
    assert_eq!(
        accepted(inputs, json!({"phone": "x", "SMS reply": "forged"})),
        Ok(json!({"phone": "x", "count": 3, "code": "007"}))
    );
    assert_eq!(accepted(inputs, json!({})), Err("`phone` is required".into()));
    let slip = Err("`count` is missing; is `coumt` meant to be it?".into());
    assert_eq!(accepted(inputs, json!({"phone": "x", "coumt": 5})), slip);
}

#[test]
fn a_text_of_blanks_is_not_given_unless_it_is_wanted() {
    let inputs = "{who: {type: string}, pet: {type: string, default: cat}, note: {type: string, default: \"\"},
        rest: {type: string, minLength: 0}, way: {enum: [\"\", in]},
        home: {type: object, properties: {street: {type: string}, more: {type: string}}, required: [street]}}";
    let home = json!({"street": "Main Street 1", "more": ""});
    let given = json!({"who": "Ann", "pet": " ", "note": "\t", "rest": "", "way": "", "home": home});
    assert_eq!(
        accepted(inputs, given),
        Ok(json!({"who": "Ann", "pet": "cat", "note": "", "rest": "", "way": "", "home": home}))
    );
    let given = json!({"who": " ", "rest": "", "way": "", "home": {"street": ""}});
    let empty =
        |name: &str| format!("`{name}` is empty; where it may be, give it `default: \"\"` or `minLength: 0`");
    assert_eq!(accepted(inputs, given), Err(format!("{}; {}", empty("who"), empty("home.street"))));
}

#[test]
fn fields_of_a_form_are_read_as_what_they_are_to_be() {
    let workflow =
        workflow("{n: {type: integer}, x: {type: number}, ok: {type: boolean}, who: {type: string}}");
    let read = |given: Value| {
        let Value::Object(given) = given else { panic!("an object") };
        Value::Object(workflow.read_texts(given))
    };
    assert_eq!(
        read(json!({"n": "12", "x": " 2.5 ", "ok": "true", "who": "12", "more": "1"})),
        json!({"n": 12, "x": 2.5, "ok": true, "who": "12", "more": "1"})
    );
    let odd = json!({"n": "twelve", "x": "[1]", "ok": "1", "who": ""});
    assert_eq!(read(odd.clone()), odd);
}
