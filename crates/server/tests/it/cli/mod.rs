//! The commands, as people and scripts see them.

#![expect(clippy::unwrap_used, reason = "a harness that fails is a test that fails")]

mod agents;
pub(crate) mod online;
mod simulated;
mod tools;
mod upkeep;

use assert_cmd::Command;

/// The binary in a world of its own.
fn switchboard(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_switchboard"));
    command.args(arguments).env_clear().current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/cli"));
    command
}

/// Exit code, standard output and standard error in one text.
fn shown(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let mut text = format!("exit {}\n", output.status.code().unwrap());
    for (name, bytes) in [("out", output.stdout), ("err", output.stderr)] {
        if !bytes.is_empty() {
            text.push_str(&format!("--- {name}\n{}", String::from_utf8(bytes).unwrap()));
        }
    }
    text
}
