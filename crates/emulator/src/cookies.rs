//! Cookies that answers to webhooks leave, and that go back with the requests after them.

use jiff::{SignedDuration, Timestamp};
use url::Url;

/// The most cookies of one jar, and the longest `Set-Cookie` that is read.
const COOKIES_MAX: usize = 50;
const COOKIE_BYTES_MAX: usize = 4_096;

/// The cookies of one call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Jar(Vec<Cookie>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Cookie {
    name: String,
    value: String,
    host: String,
    /// Whether hosts below `host` get it too.
    reaches_below: bool,
    path: String,
    is_secure: bool,
    until: Option<Timestamp>,
}

impl Jar {
    /// The `Cookie` header of a request; `None` where there is nothing to say.
    pub(crate) fn header(&self, url: &str, now: Timestamp) -> Option<String> {
        if self.0.is_empty() {
            return None;
        }
        let url = Url::parse(url).ok()?;
        let fitting = self.0.iter().filter(|cookie| cookie.goes_to(&url, now));
        let pairs: Vec<String> = fitting.map(|cookie| format!("{}={}", cookie.name, cookie.value)).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// Takes in a `Set-Cookie` header; one that cannot be read, or is for another site, is passed over.
    pub(crate) fn keep(&mut self, url: &str, header: &str, now: Timestamp) {
        let Some(cookie) = Url::parse(url).ok().and_then(|url| Cookie::read(&url, header, now)) else {
            return;
        };
        self.0.retain(|other| {
            (&other.name, &other.host, &other.path) != (&cookie.name, &cookie.host, &cookie.path)
        });
        let is_over = cookie.until.is_some_and(|until| until <= now);
        if !is_over && self.0.len() < COOKIES_MAX {
            self.0.push(cookie);
        }
    }
}

impl Cookie {
    fn read(url: &Url, header: &str, now: Timestamp) -> Option<Self> {
        if header.len() > COOKIE_BYTES_MAX {
            return None;
        }
        let mut parts = header.split(';');
        let (name, value) = parts.next()?.split_once('=')?;
        let name = name.trim();
        let host = url.host_str()?.to_owned();
        let mut cookie = Self {
            name: name.to_owned(),
            value: value.trim().to_owned(),
            host,
            reaches_below: false,
            path: default_path(url.path()),
            is_secure: false,
            until: None,
        };
        let mut has_age = false;
        for part in parts {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            let value = value.trim();
            match key.trim().to_ascii_lowercase().as_str() {
                "domain" => cookie.set_domain(value)?,
                "path" if value.starts_with('/') => value.clone_into(&mut cookie.path),
                "secure" => cookie.is_secure = true,
                "max-age" => {
                    let age = SignedDuration::from_secs(value.parse().ok()?);
                    cookie.until = Some(now.checked_add(age).unwrap_or(Timestamp::MAX));
                    has_age = true;
                }
                "expires" if !has_age => cookie.until = twilio::date::parse_rfc2822(value).ok(),
                _ => {}
            }
        }
        (!name.is_empty()).then_some(cookie)
    }

    fn set_domain(&mut self, domain: &str) -> Option<()> {
        let domain = domain.trim_start_matches('.').to_ascii_lowercase();
        if domain.is_empty() {
            return Some(());
        }
        if !is_below(&self.host, &domain) {
            return None;
        }
        self.host = domain;
        self.reaches_below = true;
        Some(())
    }

    fn goes_to(&self, url: &Url, now: Timestamp) -> bool {
        let host = url.host_str().unwrap_or_default();
        let host_fits = host == self.host || (self.reaches_below && is_below(host, &self.host));
        let below = url.path().strip_prefix(self.path.as_str());
        let path_fits =
            below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || self.path.ends_with('/'));
        host_fits
            && path_fits
            && (!self.is_secure || url.scheme() == "https")
            && self.until.is_none_or(|until| until > now)
    }
}

/// Whether a host is `domain` or lies below it.
fn is_below(host: &str, domain: &str) -> bool {
    host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

/// The path up to its last slash, as RFC 6265 has it.
fn default_path(path: &str) -> String {
    match path.rfind('/') {
        None | Some(0) => "/".to_owned(),
        Some(end) => path[..end].to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn jar(headers: &[&str]) -> Jar {
        let mut jar = Jar::default();
        for header in headers {
            jar.keep("http://app.example.com/voice/start", header, NOW);
        }
        jar
    }

    #[test]
    fn cookies_go_back_to_where_they_came_from() {
        for (set, url, sent) in [
            (vec!["a=1", "b=2; Path=/"], "http://app.example.com/voice/next", Some("a=1; b=2")),
            (vec!["a=1", "a=2"], "http://app.example.com/voice/next", Some("a=2")),
            (vec!["a=1"], "http://app.example.com/other", None),
            (vec!["a=1"], "http://app.example.com/voices", None),
            (vec!["a=1; Path=/"], "http://other.example.com/voice/next", None),
            (vec!["a=1; Path=/; Domain=example.com"], "http://other.example.com/", Some("a=1")),
            (vec!["a=1; Domain=example.org"], "http://app.example.com/voice/next", None),
            (vec!["a=1; Secure"], "http://app.example.com/voice/next", None),
            (vec!["a=1", "a=; Max-Age=0"], "http://app.example.com/voice/next", None),
            (vec!["a=1; Max-Age=60"], "http://app.example.com/voice/next", Some("a=1")),
            (vec!["a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT"], "http://app.example.com/voice/next", None),
            (vec!["novalue"], "http://app.example.com/voice/next", None),
        ] {
            assert_eq!(jar(&set).header(url, NOW).as_deref(), sent, "{set:?} {url}");
        }
    }

    #[test]
    fn a_cookie_ends_with_its_age() {
        let jar = jar(&["a=1; Max-Age=60; Path=/"]);
        let later = NOW + SignedDuration::from_secs(60);
        assert_eq!(jar.header("http://app.example.com/", later), None);
    }
}
