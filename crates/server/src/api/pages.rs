//! Lists in pages: newest first, and a cursor that leads to the next page.

use super::parameter::unusable;
use super::problem::{Problem, ProblemCode};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use serde::{Deserialize, Serialize};
use store::PageRequest;
use utoipa::ToSchema;

/// A part of a list.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Give it as `cursor` to get what follows; nothing where the list ends here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Items of a page where nothing is said.
pub(super) const LIMIT_DEFAULT: u32 = 50;
/// Items of a page, at most.
pub(super) const LIMIT_MAX: u32 = 500;

/// Where a page begins, and how long it may be.
#[derive(Debug)]
pub(super) struct Cut {
    before: Option<String>,
    limit: u32,
}

impl Cut {
    pub(super) fn new(limit: Option<u32>, cursor: Option<&str>) -> Result<Cut, Problem> {
        let limit = limit.unwrap_or(LIMIT_DEFAULT);
        if !(1..=LIMIT_MAX).contains(&limit) {
            return Err(unusable("limit", &format!("1 to {LIMIT_MAX}")));
        }
        let before = cursor.map(|cursor| id_of(cursor).ok_or_else(bad_cursor)).transpose()?;
        Ok(Cut { before, limit })
    }

    /// One more than is shown, so that the end of the list is known.
    pub(super) fn request(&self) -> PageRequest {
        PageRequest { before: self.before.clone(), limit: self.limit + 1 }
    }

    /// The page of what was found by [`Cut::request`].
    pub(super) fn page<T, V>(
        &self,
        mut found: Vec<T>,
        id: impl Fn(&T) -> &str,
        view: impl Fn(T) -> V,
    ) -> Page<V> {
        let limit = self.limit as usize;
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(|last| BASE64.encode(id(last)));
        Page { items: found.into_iter().map(view).collect(), next }
    }
}

impl<T> Page<T> {
    /// A list that is short enough to be given whole.
    pub(super) fn whole(items: Vec<T>) -> Page<T> {
        Page { items, next: None }
    }
}

fn id_of(cursor: &str) -> Option<String> {
    let id = String::from_utf8(BASE64.decode(cursor).ok()?).ok()?;
    let plain = id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    (plain && !id.is_empty() && id.len() <= 64).then_some(id)
}

fn bad_cursor() -> Problem {
    Problem::new(ProblemCode::BadParameter, "the cursor is none of ours")
        .hint("Take it from `next` of the page before, unchanged.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other_until_the_list_ends() {
        let ids: Vec<String> = (0..5).rev().map(|n| format!("run_{n}")).collect();
        let mut cursor = None;
        let mut seen = Vec::new();
        loop {
            let cut = Cut::new(Some(2), cursor.as_deref()).unwrap();
            let request = cut.request();
            let below = |id: &&String| request.before.as_deref().is_none_or(|before| id.as_str() < before);
            let found: Vec<String> = ids.iter().filter(below).take(request.limit as usize).cloned().collect();
            let page = cut.page(found, |id| id, |id| id);
            assert!(page.items.len() <= 2);
            seen.extend(page.items);
            match page.next {
                Some(next) => cursor = Some(next),
                None => break,
            }
        }
        assert_eq!(seen, ids);
    }

    #[test]
    fn cursors_and_limits_from_elsewhere_are_refused() {
        for cursor in ["", "run_1", "%%%", &BASE64.encode("'; --"), &BASE64.encode("a".repeat(100))] {
            assert!(Cut::new(None, Some(cursor)).is_err(), "{cursor}");
        }
        assert!(Cut::new(Some(0), None).is_err());
        assert!(Cut::new(Some(LIMIT_MAX + 1), None).is_err());
        assert_eq!(Cut::new(None, None).unwrap().request().limit, LIMIT_DEFAULT + 1);
    }
}
