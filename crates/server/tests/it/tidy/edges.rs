//! What a room may build on, read from the manifests.

use super::source::{Finding, Repository, Source};

/// The rooms, and which rooms each may depend on, its tests included.
const ROOMS: &[(&str, &[&str])] = &[
    ("segments", &[]),
    ("twilio", &[]),
    ("template", &[]),
    ("engine", &["template", "segments"]),
    ("store", &["engine"]),
    ("host", &["engine", "store"]),
    ("emulator", &["twilio", "segments"]),
    ("server", &["segments", "twilio", "template", "engine", "store", "host", "emulator"]),
];

/// Rooms without I/O, time or chance.
pub(super) const PURE_ROOMS: &[&str] = &["segments", "twilio", "template", "engine"];

/// The libraries that pure rooms may take. None of them waits, listens, connects, or asks for time or chance.
const PURE_LIBRARIES: &[&str] = &[
    "base64",
    "form_urlencoded",
    "hmac",
    "indexmap",
    "insta",
    "jiff",
    "memchr",
    "percent-encoding",
    "proptest",
    "quick-xml",
    "regex",
    "rlibphonenumber",
    "rphonetic",
    "saphyr-parser",
    "serde",
    "serde_json",
    "sha1",
    "sha2",
    "strsim",
    "subtle",
    "thiserror",
    "unicode-normalization",
    "unicode-segmentation",
    "url",
    "winnow",
];

/// Libraries that speak HTTP. The host sees the network through traits alone.
const WEB_LIBRARIES: &[&str] = &[
    "axum",
    "http",
    "http-body",
    "hyper",
    "hyper-util",
    "reqwest",
    "rustls",
    "tower",
    "tower-http",
    "ureq",
    "utoipa",
];

pub(super) fn rooms(repository: &Repository) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, room, manifest) in repository.manifests() {
        let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == room) else {
            findings.push(file.finding(0, "is a room that the design does not have"));
            continue;
        };
        for name in dependencies(&manifest) {
            if ROOMS.iter().any(|(room, _)| *room == name) && !allowed.contains(&name.as_str()) {
                findings.push(at(file, &name, format!("{room} may not depend on {name}")));
            }
        }
    }
    findings
}

pub(super) fn pure_libraries(repository: &Repository) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, room, manifest) in repository.manifests() {
        if !PURE_ROOMS.contains(&room.as_str()) {
            continue;
        }
        for name in dependencies(&manifest) {
            let is_room = ROOMS.iter().any(|(room, _)| *room == name);
            if !is_room && !PURE_LIBRARIES.contains(&name.as_str()) {
                findings.push(at(
                    file,
                    &name,
                    format!("{name} is not on the list of a pure room's libraries"),
                ));
            }
        }
    }
    findings
}

pub(super) fn host_libraries(repository: &Repository) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, _, manifest) in repository.manifests().filter(|(_, room, _)| room == "host") {
        for name in dependencies(&manifest) {
            if WEB_LIBRARIES.contains(&name.as_str()) {
                findings.push(at(file, &name, format!("host may not depend on {name}")));
            }
        }
    }
    findings
}

pub(super) fn features(repository: &Repository) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, _, manifest) in repository.manifests() {
        let features = manifest.get("features").and_then(toml::Value::as_table);
        for name in features.into_iter().flat_map(toml::Table::keys).filter(|name| *name != "default") {
            findings.push(at(file, name, format!("feature {name}: choose at run time instead")));
        }
        for (name, settings) in tables(&manifest).flatten() {
            if settings.get("optional").and_then(toml::Value::as_bool) == Some(true) {
                findings.push(at(file, name, format!("{name} is optional, which makes a feature")));
            }
        }
    }
    findings
}

/// The names of all packages that a manifest asks for, under whatever name it uses them.
fn dependencies(manifest: &toml::Table) -> Vec<String> {
    let package = |(name, settings): (&String, &toml::Value)| {
        settings.get("package").and_then(toml::Value::as_str).unwrap_or(name).to_owned()
    };
    tables(manifest).flatten().map(package).collect()
}

/// The tables of dependencies: plain, of tests, of build scripts, and each of these by target.
fn tables(manifest: &toml::Table) -> impl Iterator<Item = &toml::Table> {
    let targets = manifest.get("target").and_then(toml::Value::as_table);
    let targets = targets.into_iter().flat_map(toml::Table::values).filter_map(toml::Value::as_table);
    std::iter::once(manifest).chain(targets).flat_map(|table| {
        ["dependencies", "dev-dependencies", "build-dependencies"]
            .into_iter()
            .filter_map(|kind| table.get(kind)?.as_table())
    })
}

/// A finding at the line of a manifest that begins with the name.
fn at(file: &Source, name: &str, what: String) -> Finding {
    let line = file.text.lines().position(|line| line.starts_with(name)).map_or(0, |index| index + 1);
    file.finding(line, what)
}

#[test]
fn edges_that_point_up_are_found() {
    let repository = Repository::made_up(&[
        ("crates/engine/Cargo.toml", "[dependencies]\ntemplate.workspace = true\nstore.workspace = true\n"),
        (
            "crates/store/Cargo.toml",
            "[dev-dependencies]\nlower = { package = \"host\", path = \"../host\" }\n",
        ),
        ("crates/host/Cargo.toml", "[target.'cfg(unix)'.dependencies]\ntwilio.workspace = true\n"),
        ("crates/attic/Cargo.toml", "[package]\nname = \"attic\"\n"),
    ]);
    let whats: Vec<String> = rooms(&repository).into_iter().map(|finding| finding.to_string()).collect();
    assert_eq!(
        whats,
        [
            "crates/engine/Cargo.toml:3: engine may not depend on store",
            "crates/store/Cargo.toml:0: store may not depend on host",
            "crates/host/Cargo.toml:2: host may not depend on twilio",
            "crates/attic/Cargo.toml:0: is a room that the design does not have",
        ]
    );
}

#[test]
fn libraries_that_reach_outside_are_found() {
    let manifest = "[dependencies]\nserde.workspace = true\ntokio.workspace = true\nreqwest = \"0.13\"\n";
    let repository = Repository::made_up(&[
        ("crates/template/Cargo.toml", manifest),
        ("crates/host/Cargo.toml", manifest),
    ]);
    let lines = |findings: Vec<Finding>| {
        findings.iter().map(|finding| finding.line).collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(lines(pure_libraries(&repository)), [3, 4].into());
    assert_eq!(lines(host_libraries(&repository)), [4].into());
}

#[test]
fn features_are_found() {
    let manifest =
        "[features]\ndefault = []\nfast = []\n[dependencies]\nserde = { version = \"1\", optional = true }\n";
    let findings = features(&Repository::made_up(&[("crates/store/Cargo.toml", manifest)]));
    assert_eq!(findings.iter().map(|finding| finding.line).collect::<Vec<_>>(), [3, 5]);
}
