//! The examples in the functions' documentation are true.

use template::{Template, function};

#[test]
fn every_example_prints_what_it_says() {
    let (scope, context) = (function::example_scope(), function::example_context());
    for function in function::all() {
        assert!(!function.examples.is_empty(), "{} has no example", function.name);
        for (expression, expected) in function.examples {
            let template = Template::parse(&format!("{{{{{expression}}}}}"))
                .unwrap_or_else(|error| panic!("{expression}: {error}"));
            assert_eq!(template.render(&scope, &context).as_deref(), Ok(*expected), "{expression}");
        }
    }
}

#[test]
fn misspelt_functions_are_recognised() {
    for (misspelt, meant) in [
        ("formatPhonenumber", Some("formatPhoneNumber")),
        ("format_money", Some("formatMoney")),
        ("uper", Some("upper")),
        ("urlencode", Some("urlEncode")),
        ("xyz", None),
    ] {
        assert_eq!(template::suggest(misspelt), meant, "{misspelt}");
    }
}
