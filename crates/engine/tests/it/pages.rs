//! The pages of the documentation, held against what they explain.

use engine::agent;
use engine::check::{ImpossibleVoice, KnownSender, Surroundings, Voices, check};
use engine::diagnostic::{CODES, Code, Diagnostic, has_errors, render};
use engine::outcome;
use engine::workflow::load;
use std::fs;
use std::path::{Path, PathBuf};

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name)
}

fn page(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn rewrite(name: &str, text: &str) {
    fs::write(path(name), text).expect("to write the page");
}

/// What stands between fences that begin with this language.
fn fenced<'p>(page: &'p str, language: &str) -> Vec<&'p str> {
    let open = format!("```{language}\n");
    page.split(open.as_str()).skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

/// A server with two credentials and one sender, for the codes that only a server can tell.
fn server() -> Surroundings {
    let sender = KnownSender { address: "+15551234567".into(), name: Some("front-desk".into()) };
    Surroundings {
        credentials: Some(vec!["main".into(), "backup".into()]),
        senders: Some(vec![sender]),
        agents: Some(vec!["survey".into()]),
        voices: Some(Voices(no_robots)),
        ..Surroundings::default()
    }
}

/// What is said of an example: of an agent where it is one, or where its page says that it should be.
fn checked(code: &str, example: &str, surroundings: &Surroundings) -> Vec<Diagnostic> {
    if code == "not_an_agent" || agent::is_agent(example, Some("flow.yaml")) {
        return agent::check(&agent::load(example, Some("flow.yaml")));
    }
    check(&load(example, Some("flow.yaml")), surroundings)
}

fn no_robots(voice: Option<&str>, _: Option<&str>) -> Result<(), ImpossibleVoice> {
    match voice {
        Some("robot") => {
            Err(ImpossibleVoice { key: "voice", message: "there is no voice `robot`".to_owned() })
        }
        _ => Ok(()),
    }
}

#[test]
fn every_code_of_a_file_has_a_page_whose_example_shows_it() {
    for info in CODES {
        let name = format!("errors/{}.md", info.name);
        let page = page(&name);
        assert!(page.starts_with(&format!("# `{}`: {}\n", info.name, info.title)), "{name}");
        let texts = fenced(&page, "text");
        // A text that is too long would make a page that is too long: that code has no example.
        let Some(told) = texts.last().copied() else { continue };
        let example = fenced(&page, "yaml").first().copied().unwrap_or(texts[0]);
        let surroundings = match info.name {
            "unknown_agent"
            | "unknown_credential"
            | "ambiguous_credential"
            | "unknown_sender"
            | "bad_voice" => server(),
            _ => Surroundings::default(),
        };
        let shown = render(&checked(info.name, example, &surroundings), example, "flow.yaml");
        let of_code =
            |text: &&str| text.lines().next().is_some_and(|line| line.contains(&format!("[{}]", info.name)));
        let found =
            shown.split("\n\n").find(of_code).unwrap_or_else(|| panic!("{name}: check says\n{shown}"));
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            rewrite(&name, &page.replace(told, &format!("{}\n", found.trim_end())));
        } else {
            assert_eq!(told.trim_end(), found.trim_end(), "{name} (UPDATE_EXPECT=1 rewrites)");
        }
    }
}

#[test]
fn every_code_of_a_run_has_a_page() {
    let quoted = |line: &'static str| {
        line.trim().strip_prefix("FaultCode::")?.split_once(" => \"")?.1.strip_suffix("\",")
    };
    let names = include_str!("../../src/run/fault.rs").lines().filter_map(quoted);
    // The remedies, which are quoted too, are sentences.
    let names: Vec<&str> = names.filter(|text| !text.contains(' ')).collect();
    assert!(names.len() > 10, "{names:?}");
    for name in names {
        assert!(page(&format!("errors/{name}.md")).starts_with(&format!("# `{name}`: ")), "{name}");
    }
}

#[test]
fn the_page_of_outcomes_has_every_code_as_the_table_has_it() {
    let page = page("errors/outcomes.md");
    for outcome in outcome::Outcome::ALL {
        assert!(page.contains(&format!("\n## `{}`\n", outcome.name())), "{}", outcome.name());
    }
    for info in outcome::all() {
        let code = info.code.unwrap_or_default();
        let row = format!("\n| {code} | {} | {} | {} | ", info.title, info.cause, info.remedy);
        assert!(page.contains(&row), "the page lacks{row}");
    }
}

#[test]
fn the_page_of_templates_has_every_function() {
    let page = page("templates.md");
    for function in template::function::all() {
        assert!(page.contains(&format!("\n| `{}` | ", function.signature)), "{}", function.name);
    }
}

#[test]
fn the_agents_of_the_documents_have_nothing_wrong() {
    let page = page("question-agents.md");
    let agents = fenced(&page, "yaml").into_iter().filter(|text| text.contains("\nquestions:\n"));
    assert_eq!(agents.clone().count(), 1);
    for example in agents {
        let found = agent::check(&agent::load(example, Some("example.yaml")));
        assert!(found.is_empty(), "{}", render(&found, example, "example.yaml"));
    }
    for phrase in engine::conversation::phrase_names() {
        assert!(page.contains(&format!("`{phrase}`")), "{phrase}");
    }
}

#[test]
fn the_page_of_llm_agents_has_every_key_and_a_good_example() {
    let page = page("agents-llm.md");
    let schema = agent::schema();
    let mut tables = vec![&schema["$defs"]["llmAgent"]];
    tables.extend(schema["$defs"]["tool"]["oneOf"].as_array().expect("tools"));
    for table in tables {
        for key in table["properties"].as_object().expect("keys").keys() {
            let is_told = page.contains(&format!("`{key}`")) || page.contains(&format!("`{key}: "));
            let is_place = matches!(key.as_str(), "$schema" | "openaiConfiguration" | "advancedSettings");
            assert!(is_told || is_place, "{key}");
        }
    }
    for example in fenced(&page, "yaml") {
        let found = agent::check(&agent::load(example, Some("example.yaml")));
        let odd = found.iter().any(|diagnostic| diagnostic.code != Code::TurnCost);
        assert!(!odd, "{}", render(&found, example, "example.yaml"));
    }
}

#[test]
fn the_example_agents_have_nothing_wrong() {
    let folder = path("../examples");
    let mut agents = 0;
    for entry in fs::read_dir(folder).expect("the folder") {
        let text = fs::read_to_string(entry.expect("an entry").path()).expect("UTF-8");
        if agent::is_agent(&text, Some("example.yaml")) {
            agents += 1;
            let mut found = agent::check(&agent::load(&text, Some("example.yaml")));
            // What a turn costs is told of every agent that a language model talks for.
            found.retain(|diagnostic| diagnostic.code != Code::TurnCost);
            assert!(found.is_empty(), "{}", render(&found, &text, "example.yaml"));
        }
    }
    assert!(agents >= 2, "{agents} example agents");
}

#[test]
fn the_examples_of_the_documents_can_be_published() {
    for (name, least) in [("workflows.md", 3), ("templates.md", 0)] {
        let page = page(name);
        let whole = fenced(&page, "yaml").into_iter().filter(|text| text.contains("\nblocks:\n"));
        let mut count = 0;
        for example in whole {
            count += 1;
            let found = check(&load(example, Some("example.yaml")), &Surroundings::default());
            assert!(!has_errors(&found), "{}", render(&found, example, name));
        }
        assert!(count >= least, "{name} has {count} whole workflows");
    }
}
