//! Pages of lists: the envelope of the 2010 API, and that of the product APIs.

use serde::Serialize;
use serde_json::{Map, Value, json};
use twilio::form;

use super::{Call, Refusal};

const PAGE_SIZE: usize = 50;
const PAGE_SIZE_MAX: usize = 1_000;

/// Which page is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub(super) size: usize,
    /// From 0.
    pub(super) number: usize,
    pub(super) token: Option<&'a str>,
}

/// The items of a page and what lies beside it.
pub(super) struct Slice {
    pub(super) items: Vec<Value>,
    /// What leads to the page after this one, and to the one before.
    pub(super) next_token: Option<String>,
    pub(super) previous_token: Option<String>,
}

pub(super) fn wanted<'a>(call: &Call<'a>) -> Result<Wanted<'a>, Refusal> {
    let number = |name| match form::get(call.pairs, name) {
        None | Some("") => Ok(None),
        Some(text) => text
            .parse::<usize>()
            .map(Some)
            .map_err(|_| Refusal::bad(20422, format!("{name} must be a number"))),
    };
    let size = number("PageSize")?.unwrap_or(PAGE_SIZE);
    if size > PAGE_SIZE_MAX {
        return Err(Refusal::bad(20007, "Page size must not be above 1000"));
    }
    let token = form::get(call.pairs, "PageToken").filter(|token| !token.is_empty());
    Ok(Wanted { size: size.max(1), number: number("Page")?.unwrap_or(0), token })
}

/// A resource as an item of a list.
pub(super) fn json(resource: &impl Serialize) -> Value {
    serde_json::to_value(resource).expect("resources have text keys and no failing serializers")
}

/// Cuts a page out of a list that is all there. `sid` gives an item's own name for the page token.
pub(super) fn slice<T>(
    items: &[T],
    wanted: &Wanted<'_>,
    sid: impl Fn(&T) -> &str,
    show: impl Fn(&T) -> Value,
) -> Slice {
    let position = |token: &str| items.iter().position(|item| sid(item) == token);
    let start = match wanted.token.map(|token| (token.get(..2), token.get(2..).unwrap_or_default())) {
        Some((Some("PA"), last)) => position(last).map_or(items.len(), |index| index + 1),
        Some((Some("PB"), first)) => position(first).unwrap_or(0).saturating_sub(wanted.size),
        Some(_) => items.len(),
        None => wanted.number.saturating_mul(wanted.size).min(items.len()),
    };
    let end = start.saturating_add(wanted.size).min(items.len());
    let page = &items[start..end];
    let next_token =
        (end < items.len()).then(|| page.last()).flatten().map(|item| format!("PA{}", sid(item)));
    let previous_token = (start > 0).then(|| page.first()).flatten().map(|item| format!("PB{}", sid(item)));
    Slice { items: page.iter().map(show).collect(), next_token, previous_token }
}

/// A list of the 2010 API, whose URIs are relative to the host.
pub(super) fn envelope_2010(call: &Call<'_>, key: &str, wanted: &Wanted<'_>, slice: Slice) -> Value {
    let path = &call.incoming.path;
    let query =
        |number: usize, token: Option<&str>| format!("{path}?{}", query(call, wanted.size, number, token));
    let start = wanted.number * wanted.size;
    let end = (start + slice.items.len()).saturating_sub(1).max(start);
    let mut envelope = Map::new();
    envelope.insert("first_page_uri".to_owned(), json!(query(0, None)));
    envelope.insert("end".to_owned(), json!(end));
    let previous = slice.previous_token.as_deref();
    envelope.insert(
        "previous_page_uri".to_owned(),
        json!(previous.map(|token| query(wanted.number.saturating_sub(1), Some(token)))),
    );
    envelope.insert(key.to_owned(), Value::Array(slice.items));
    envelope.insert("uri".to_owned(), json!(query(wanted.number, wanted.token)));
    envelope.insert("page_size".to_owned(), json!(wanted.size));
    envelope.insert("start".to_owned(), json!(start));
    let next = slice.next_token.as_deref();
    envelope
        .insert("next_page_uri".to_owned(), json!(next.map(|token| query(wanted.number + 1, Some(token)))));
    envelope.insert("page".to_owned(), json!(wanted.number));
    Value::Object(envelope)
}

/// A list of a product API, whose URLs are absolute.
pub(super) fn envelope_product(call: &Call<'_>, key: &str, wanted: &Wanted<'_>, slice: Slice) -> Value {
    let at = format!("{}{}", call.product_base(), call.incoming.path);
    let url =
        |number: usize, token: Option<&str>| format!("{at}?{}", query(call, wanted.size, number, token));
    let previous = slice.previous_token.as_deref();
    let next = slice.next_token.as_deref();
    json!({
        "meta": {
            "page": wanted.number,
            "page_size": wanted.size,
            "first_page_url": url(0, None),
            "previous_page_url": previous.map(|token| url(wanted.number.saturating_sub(1), Some(token))),
            "url": url(wanted.number, wanted.token),
            "next_page_url": next.map(|token| url(wanted.number + 1, Some(token))),
            "key": key,
        },
        key: slice.items,
    })
}

/// The filters of the request, and then the place of the page.
fn query(call: &Call<'_>, size: usize, number: usize, token: Option<&str>) -> String {
    let mut pairs: form::Pairs = call
        .pairs
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "PageSize" | "Page" | "PageToken"))
        .cloned()
        .collect();
    pairs.push(("PageSize".to_owned(), size.to_string()));
    pairs.push(("Page".to_owned(), number.to_string()));
    if let Some(token) = token {
        pairs.push(("PageToken".to_owned(), token.to_owned()));
    }
    form::encode(&pairs)
}
