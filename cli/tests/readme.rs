//! The report that README shows is the one that the demo prints.

use std::fs;
use std::process::Command;

#[test]
fn the_report_that_readme_shows_is_the_samples() {
    let folder = std::env::temp_dir().join(format!("gdo-readme-{}", std::process::id()));
    let demo = Command::new(env!("CARGO_BIN_EXE_gdo"))
        .args(["demo", "--latency-ms", "0", "--verification-ms", "0", "--report-dir"])
        .arg(&folder)
        .output()
        .expect("gdo starts");
    assert!(demo.status.success(), "{demo:?}");
    let _ = fs::remove_dir_all(&folder);
    let printed = String::from_utf8(demo.stdout).expect("UTF-8");
    let (_, from) = printed.split_once("$ gdo apply\n").expect("the list is applied");
    let (report, _) = from.split_once("\n\n$ ").expect("another command");
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md")).expect("README.md");
    let shown = readme.contains(&format!("```text\n{report}\n```\n"));
    assert!(shown, "README.md does not show the report of the sample list, which is:\n\n{report}");
}
