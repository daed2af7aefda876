//! Whole runs as data: every file under `runs/` is a workflow, what happens to a run of it, and what comes of that.
//!
//! A line that begins with `+` lets that much time pass (due timers fire on the way) and then makes
//! something happen; the indented lines below it are what came of it. `UPDATE_EXPECT=1` rewrites
//! them. Between every two events the run is saved and read back.

mod case;
mod script;

use case::Case;
use std::path::{Path, PathBuf};

#[test]
fn runs_do_what_their_files_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/runs");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be listed").path())
        .filter(|path| path.extension().is_some_and(|end| end == "run"))
        .collect();
    paths.sort();
    assert!(paths.len() > 20, "cases went missing");
    let wrong: Vec<String> = paths.iter().filter_map(|path| play(path).err()).collect();
    assert!(wrong.is_empty(), "{}\n\nUPDATE_EXPECT=1 rewrites these files.", wrong.join("\n"));
}

fn play(path: &Path) -> Result<(), String> {
    let written = std::fs::read_to_string(path).expect("it can be read");
    let name = path.file_stem().and_then(|stem| stem.to_str()).expect("a plain name");
    let played = Case::read(name, &written).play();
    if played == written {
        return Ok(());
    }
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(path, played).expect("it can be written");
        return Ok(());
    }
    let differs = |(n, (now, then)): (usize, (&str, &str))| {
        (now != then).then(|| format!("line {}:\n  expected {then}\n  got      {now}", n + 1))
    };
    let first = played.lines().zip(written.lines()).enumerate().find_map(differs);
    Err(format!("{name}: {}", first.unwrap_or_else(|| "one is longer".into())))
}
