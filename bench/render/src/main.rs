//! Prints how long rendering takes, in nanoseconds: the fastest of many rounds after a warm-up,
//! because whatever else the machine does can only make a round slower.

use serde_json::{Map, Value, json};
use std::hint::black_box;
use std::time::Instant;
use template::{Context, Template};

/// The same message and values as in `handlebars/render.mjs`.
const FIVE_VARIABLES: &str = "Hi {{customerName}}, your order #{{orderNumber}} is confirmed.\nTotal: ${{orderTotal}}\n\
     Estimated delivery: {{deliveryDate}}\nTrack: {{trackingLink}}";
const BLOCKS: &str = "Hi {{customerName}}:{{#each items}} {{this.name}}{{#unless @last}},{{/unless}}{{/each}}.\
     {{#if trackingLink}} Track: {{trackingLink}}{{/if}}";
const FUNCTIONS: &str =
    "{{title(customerName)}} owes {{formatMoney(orderTotal, \"USD\")}} by {{formatDate(due)}}.";

const WARM_UP_CALLS: u32 = 20_000;
const ROUNDS: u32 = 200;
const ROUND_CALLS: u32 = 2_000;

fn main() {
    let scope = scope();
    for (name, source) in [("five variables", FIVE_VARIABLES), ("blocks", BLOCKS), ("functions", FUNCTIONS)] {
        let template = Template::parse(source).expect("the benchmark's own template");
        let context = Context::default();
        let render_ns = fastest_ns(|| {
            black_box(black_box(&template).render(black_box(&scope), &context).expect("complete values"));
        });
        let parse_ns = fastest_ns(|| {
            black_box(Template::parse(black_box(source)).expect("the benchmark's own template"));
        });
        println!("{name:<16} render {render_ns:>7.1} ns   parse {parse_ns:>8.1} ns");
    }
}

fn scope() -> Map<String, Value> {
    let values = json!({
        "customerName": "Ada Lovelace",
        "orderNumber": "A-1001",
        "orderTotal": "49.90",
        "deliveryDate": "Friday, November 27",
        "trackingLink": "https://example.com/t/8f3k2",
        "due": "2026-11-27",
        "items": [{"name": "tea"}, {"name": "milk"}, {"name": "bread"}],
    });
    let Value::Object(scope) = values else { unreachable!("an object was written above") };
    scope
}

/// How long one call takes, in the fastest round.
fn fastest_ns(mut call: impl FnMut()) -> f64 {
    (0..WARM_UP_CALLS).for_each(|_| call());
    let rounds = (0..ROUNDS).map(|_| {
        let start = Instant::now();
        (0..ROUND_CALLS).for_each(|_| call());
        start.elapsed()
    });
    rounds.min().unwrap_or_default().as_nanos() as f64 / f64::from(ROUND_CALLS)
}
