//! Where a setting's value comes from: defaults, then a file, then the environment.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use toml::de::{DeTable, DeValue};

/// The settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("the settings in {} cannot be read", path.display())]
    Unreadable {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    /// Everything that is wrong, so that it can be mended at once.
    #[error("{}", lines(.0))]
    Wrong(Vec<Problem>),
}

fn lines(problems: &[Problem]) -> String {
    problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n")
}

/// One thing that is wrong with the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub origin: Origin,
    pub message: String,
    pub hint: Option<String>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.origin, self.message)?;
        match &self.hint {
            Some(hint) => write!(f, " ({hint})"),
            None => Ok(()),
        }
    }
}

/// The place that set a value. Lines and columns count from 1, in characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    Default,
    File { path: PathBuf, line: usize, column: usize },
    Environment { variable: String },
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Default => f.write_str("defaults"),
            Origin::File { path, line, column } => write!(f, "{}:{line}:{column}", path.display()),
            Origin::Environment { variable } => f.write_str(variable),
        }
    }
}

/// A value as it was written; what it must be is known to whoever reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// A text, or a number or truth value in its spelling.
    One(String),
    Several(Vec<String>),
}

/// All settings by their path, such as `sending.settleWindow`.
pub(super) struct Layers {
    pub(super) settings: BTreeMap<String, (Written, Origin)>,
    pub(super) problems: Vec<Problem>,
}

impl Layers {
    pub(super) fn defaults(text: &str) -> Layers {
        let table = DeTable::parse(text).expect("the defaults are part of the program");
        let mut settings = BTreeMap::new();
        leaves("", table.get_ref(), &mut |path, _, value| {
            let written = written(value).expect("the defaults hold texts, numbers and lists of texts");
            settings.insert(path.to_owned(), (written, Origin::Default));
        });
        Layers { settings, problems: Vec::new() }
    }

    pub(super) fn add_file(&mut self, path: &Path, text: &str) {
        let origin = |offset: usize| {
            let (line, column) = position(text, offset);
            Origin::File { path: path.to_owned(), line, column }
        };
        let table = match DeTable::parse(text) {
            Ok(table) => table,
            Err(error) => {
                let origin = origin(error.span().map_or(0, |span| span.start));
                self.problem(origin, format!("not valid TOML: {}", error.message()), None);
                return;
            }
        };
        let mut found = Vec::new();
        leaves("", table.get_ref(), &mut |path, offset, value| {
            found.push((path.to_owned(), origin(offset), written(value)));
        });
        for (path, origin, value) in found {
            match value {
                Some(value) => self.set_from_file(&path, origin, value),
                None => {
                    self.problem(origin, format!("{path} is not a text, a number or a list of texts"), None)
                }
            }
        }
    }

    fn set_from_file(&mut self, path: &str, origin: Origin, value: Written) {
        match self.settings.get_mut(path) {
            Some(setting) => *setting = (value, origin),
            None => {
                let nearest = nearest(path, self.settings.keys().map(String::as_str));
                let hint = nearest.map(|name| format!("did you mean {name}?"));
                self.problem(origin, format!("there is no setting {path}"), hint);
            }
        }
    }

    pub(super) fn add_environment(
        &mut self,
        environment: impl IntoIterator<Item = (String, String)>,
        others: &[&str],
    ) {
        let by_variable: BTreeMap<String, String> =
            self.settings.keys().map(|path| (variable(path), path.clone())).collect();
        for (name, value) in environment {
            let is_injected = INJECTED.iter().any(|prefix| name.starts_with(prefix));
            if !name.starts_with(PREFIX) || is_injected || others.contains(&name.as_str()) {
                continue;
            }
            let origin = Origin::Environment { variable: name.clone() };
            let Some((path, setting)) =
                by_variable.get(&name).and_then(|path| Some((path, self.settings.get_mut(path)?)))
            else {
                let nearest = nearest(&name, by_variable.keys().map(String::as_str));
                let hint = nearest.map(|name| format!("did you mean {name}?"));
                self.problem(origin, "there is no such setting".to_owned(), hint);
                continue;
            };
            let list = matches!(setting.0, Written::Several(_));
            tracing::trace!(path, "set by the environment");
            let items = || value.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned);
            *setting = (if list { Written::Several(items().collect()) } else { Written::One(value) }, origin);
        }
    }

    fn problem(&mut self, origin: Origin, message: String, hint: Option<String>) {
        self.problems.push(Problem { origin, message, hint });
    }
}

const PREFIX: &str = "SWITCHBOARD_";
/// What Kubernetes sets in every container beside a service that is called `switchboard`.
const INJECTED: [&str; 2] = ["SWITCHBOARD_SERVICE_", "SWITCHBOARD_PORT"];

/// The environment variable of a setting.
pub(super) fn variable(path: &str) -> String {
    let mut name = String::from(PREFIX);
    for c in path.chars() {
        match c {
            '.' => name.push('_'),
            c if c.is_ascii_uppercase() => name.extend(['_', c]),
            c => name.push(c.to_ascii_uppercase()),
        }
    }
    name
}

fn leaves<'i>(prefix: &str, table: &DeTable<'i>, visit: &mut impl FnMut(&str, usize, &DeValue<'i>)) {
    for (key, value) in table {
        let path =
            if prefix.is_empty() { key.get_ref().to_string() } else { format!("{prefix}.{}", key.get_ref()) };
        match value.get_ref() {
            DeValue::Table(inner) => leaves(&path, inner, visit),
            leaf => visit(&path, key.span().start, leaf),
        }
    }
}

fn written(value: &DeValue<'_>) -> Option<Written> {
    let one = |value: &DeValue<'_>| match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str().to_owned()),
        DeValue::Float(number) => Some(number.as_str().to_owned()),
        DeValue::Boolean(truth) => Some(truth.to_string()),
        _ => None,
    };
    match value {
        DeValue::Array(items) => {
            items.iter().map(|item| one(item.get_ref())).collect::<Option<_>>().map(Written::Several)
        }
        value => one(value).map(Written::One),
    }
}

fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// The known name that was probably meant.
fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let folded = name.to_lowercase();
    let similarity = |candidate: &str| strsim::jaro_winkler(&folded, &candidate.to_lowercase());
    let best =
        known.map(|candidate| (similarity(candidate), candidate)).max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 > 0.85).then_some(best.1)
}
