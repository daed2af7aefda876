//! Pages of lists, in the envelope of the 2010 API and in that of the product APIs.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::form::{self, Pairs};

/// How many items a page has unless the request says otherwise.
pub const PAGE_SIZE_DEFAULT: u32 = 50;
/// The most items that a page can be asked to have; above it is error 20007.
pub const PAGE_SIZE_MAX: u32 = 1000;

/// A page that is read: its items, and where the next one is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Items<T> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// The next page: a path and query on the same host for the 2010 API, a whole URL for the product APIs;
    /// `None` on the last page.
    pub next: Option<String>,
}

/// Why a page could not be read.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// The answer is not a JSON object, or an item is not what it should be.
    #[error("the page is not what was expected")]
    Json(#[from] serde_json::Error),
    /// The list itself is missing.
    #[error("the page has no list named {0:?}")]
    NoList(String),
}

/// Reads a page of the 2010 API, whose list stands under `key`, such as `messages` or `media_list`.
pub fn read_2010<T: DeserializeOwned>(body: &[u8], key: &str) -> Result<Items<T>, PageError> {
    let mut page: Map<String, Value> = serde_json::from_slice(body)?;
    let items = take_list(&mut page, key)?;
    Ok(Items { items, next: text(page.get("next_page_uri")) })
}

/// Reads a page of a product API, which names its list itself.
pub fn read_meta<T: DeserializeOwned>(body: &[u8]) -> Result<Items<T>, PageError> {
    let mut page: Map<String, Value> = serde_json::from_slice(body)?;
    let meta = page.remove("meta").unwrap_or_default();
    let key = text(meta.get("key")).unwrap_or_default();
    let items = take_list(&mut page, &key)?;
    Ok(Items { items, next: text(meta.get("next_page_url")) })
}

/// A page to be written: which part of which list it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<'a, T> {
    /// The name that the list stands under.
    pub key: &'a str,
    /// The list's address without its query: a path such as `/2010-04-01/Accounts.json` in the 2010 API, a
    /// whole URL in a product API.
    pub address: &'a str,
    /// The filters of the request, without `PageSize`, `Page` and `PageToken`.
    pub filters: &'a [(String, String)],
    /// Which page, from 0.
    pub number: u32,
    /// How many items a full page has.
    pub size: u32,
    /// The token that this page was asked for with.
    pub token: Option<&'a str>,
    /// The token of the page before this one; `None` on the first.
    pub previous_token: Option<&'a str>,
    /// The token of the page after this one; `None` on the last. Twilio's are `PA` and the SID of the last
    /// item on this page.
    pub next_token: Option<&'a str>,
    /// The items of this page.
    pub items: &'a [T],
}

impl<T: Serialize> Page<'_, T> {
    /// The page in the envelope of the 2010 API, with exactly one key beside those of paging: Twilio's SDKs
    /// take the only other key for the list.
    pub fn to_2010(&self) -> Result<Value, serde_json::Error> {
        let start = u64::from(self.number) * u64::from(self.size);
        let mut page = Map::new();
        page.insert(self.key.to_owned(), serde_json::to_value(self.items)?);
        page.insert("end".to_owned(), json!(start + (self.items.len() as u64).saturating_sub(1)));
        page.insert("first_page_uri".to_owned(), json!(self.link(0, None)));
        page.insert("next_page_uri".to_owned(), json!(self.next()));
        page.insert("page".to_owned(), json!(self.number));
        page.insert("page_size".to_owned(), json!(self.size));
        page.insert("previous_page_uri".to_owned(), json!(self.previous()));
        page.insert("start".to_owned(), json!(start));
        page.insert("uri".to_owned(), json!(self.link(self.number, self.token)));
        Ok(Value::Object(page))
    }

    /// The page in the envelope of the product APIs.
    pub fn to_meta(&self) -> Result<Value, serde_json::Error> {
        let meta = json!({
            "page": self.number,
            "page_size": self.size,
            "first_page_url": self.link(0, None),
            "previous_page_url": self.previous(),
            "url": self.link(self.number, self.token),
            "next_page_url": self.next(),
            "key": self.key,
        });
        let mut page = Map::new();
        page.insert("meta".to_owned(), meta);
        page.insert(self.key.to_owned(), serde_json::to_value(self.items)?);
        Ok(Value::Object(page))
    }

    fn next(&self) -> Option<String> {
        self.next_token.map(|token| self.link(self.number.saturating_add(1), Some(token)))
    }

    fn previous(&self) -> Option<String> {
        let number = self.number.checked_sub(1)?;
        Some(self.link(number, self.previous_token))
    }

    fn link(&self, number: u32, token: Option<&str>) -> String {
        let mut query: Pairs = self.filters.to_vec();
        query.push(("PageSize".to_owned(), self.size.to_string()));
        query.push(("Page".to_owned(), number.to_string()));
        query.extend(token.map(|token| ("PageToken".to_owned(), token.to_owned())));
        format!("{}?{}", self.address, form::encode(&query))
    }
}

fn take_list<T: DeserializeOwned>(page: &mut Map<String, Value>, key: &str) -> Result<Vec<T>, PageError> {
    let list = page.remove(key).ok_or_else(|| PageError::NoList(key.to_owned()))?;
    Ok(serde_json::from_value(list)?)
}

fn text(value: Option<&Value>) -> Option<String> {
    value.and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}
