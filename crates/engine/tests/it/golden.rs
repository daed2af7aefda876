//! Files with their expected outcome beside them, rewritten by `UPDATE_EXPECT=1`.

use std::fs;
use std::path::{Path, PathBuf};

/// Runs every case of a folder below `tests/it`: `NAME.yaml` (or any ending but `.expected`) goes
/// in, and what comes out must equal `NAME.expected`.
pub(crate) fn check_folder(folder: &str, outcome: impl Fn(&str, &str) -> String) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it").join(folder);
    let mut cases: Vec<PathBuf> = fs::read_dir(&folder)
        .expect("the folder of cases")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending != "expected" && ending != "rs"))
        .collect();
    cases.sort();
    assert!(!cases.is_empty(), "no cases in {}", folder.display());
    let mut wrong = Vec::new();
    for case in cases {
        let name = case.file_name().and_then(|name| name.to_str()).expect("a plain name");
        let text = fs::read_to_string(&case).expect("a case of UTF-8");
        let found = outcome(&text, name);
        let expected_at = case.with_extension("expected");
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            fs::write(&expected_at, found).expect("to write what is expected");
            continue;
        }
        let expected = fs::read_to_string(&expected_at).unwrap_or_default();
        if found != expected {
            wrong.push(format!("{name}: expected\n{expected}\nfound\n{found}"));
        }
    }
    assert!(wrong.is_empty(), "{} (UPDATE_EXPECT=1 rewrites)", wrong.join("\n----\n"));
}
