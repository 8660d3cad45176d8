//! Keeps the house in order: each test is one rule, and says which file breaks it.

use std::fs;
use std::path::{Path, PathBuf};

use guardduty_onboarding::config::SETTINGS;

/// Files that decide and never act: no tasks, logs, environment or clock.
const PURE: [&str; 11] =
    ["account", "action", "config", "declared", "membership", "outcome", "plan", "quote", "report", "roster", "run"];

/// Which modules each module may use. What is not here uses none.
const ARROWS: [(&str, &[&str]); 13] = [
    ("aws", &["account", "clock", "config", "membership", "quote"]),
    ("config", &["account", "quote"]),
    ("declared", &["account"]),
    ("membership", &["account", "quote"]),
    ("action", &["membership"]),
    ("outcome", &["account", "action", "declared", "membership", "roster"]),
    ("plan", &["action", "declared", "membership", "outcome"]),
    ("run", &["account", "declared", "membership", "outcome", "roster"]),
    ("report", &["account", "membership", "outcome", "roster", "run"]),
    ("roster", &["account", "quote"]),
    (
        "reconcile",
        &["account", "action", "aws", "config", "declared", "membership", "outcome", "plan", "roster", "run"],
    ),
    (
        "lambda",
        &[
            "account",
            "aws",
            "config",
            "declared",
            "membership",
            "outcome",
            "quote",
            "reconcile",
            "report",
            "roster",
            "run",
        ],
    ),
    ("main", &[]),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The Rust files below `folder`, with their path from the top and their text.
fn rust_files(folder: &str) -> Vec<(String, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), &mut found);
    found.sort();
    let named = |path: PathBuf| (path.strip_prefix(root()).expect("below the top").display().to_string(), read(&path));
    found.into_iter().map(named).collect()
}

/// `src/report/csv.rs` is of the module `report`.
fn module(path: &str) -> &str {
    path.trim_start_matches("src/").split(['/', '.']).next().unwrap_or("")
}

/// A file without its tests.
fn code(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or(text)
}

#[test]
fn only_the_aws_module_and_main_know_the_sdk_of_a_service() {
    for (path, text) in rust_files("src") {
        assert!(!text.contains("aws_sdk_") || ["aws", "main"].contains(&module(&path)), "{path} uses an aws_sdk crate");
    }
}

#[test]
fn pure_files_have_no_tasks_logs_environment_or_clock() {
    for (path, text) in rust_files("src").into_iter().filter(|(path, _)| PURE.contains(&module(path))) {
        for word in ["async ", ".await", "tracing::", "tokio", "std::env", "SystemTime", "Instant"] {
            assert!(!text.contains(word), "{path} has {word:?}");
        }
    }
}

#[test]
fn arrows_between_modules_go_one_way() {
    for (path, text) in rust_files("src").into_iter().filter(|(path, _)| !path.contains("/tests")) {
        let from = module(&path);
        let allowed = ARROWS.iter().find(|(name, _)| *name == from).map_or(&[][..], |(_, allowed)| allowed);
        for used in code(&text).split("crate::").skip(1).map(|rest| rest.split([':', ';', '{']).next().unwrap_or("")) {
            assert!(used == from || allowed.contains(&used), "{path} uses crate::{used}");
        }
    }
}

#[test]
fn a_dry_run_is_no_flag_inside_a_write() {
    for (path, text) in rust_files("src/aws") {
        assert!(!text.contains("dry_run"), "{path} knows of dry runs");
    }
}

#[test]
fn onboarding_can_not_end_an_active_membership() {
    for (path, text) in rust_files("src") {
        for call in
            ["disassociate_", "stop_monitoring", "delete_detector", "enable(false)", "decline_", "delete_invitations"]
        {
            assert!(!text.contains(call), "{path} has {call:?}");
        }
    }
}

#[test]
fn function_and_simulator_do_not_know_each_other() {
    for (path, text) in rust_files("src") {
        assert!(!text.contains("aws_sim"), "{path} knows the simulator");
    }
    for (path, text) in rust_files("aws-sim") {
        assert!(!text.contains("guardduty_onboarding"), "{path} knows the function");
    }
    let manifest = read(&root().join("Cargo.toml"));
    let shipped = manifest.split("[dev-dependencies]").next().expect("dependencies");
    assert!(!shipped.contains("aws-sim ="), "the simulator must be a dev-dependency");
}

#[test]
fn every_file_opens_with_what_it_knows_and_holds_one_idea() {
    for folder in ["src", "aws-sim/src", "tests", "examples"] {
        for (path, text) in rust_files(folder) {
            assert!(text.starts_with("//! "), "{path} does not open with a sentence");
            let lines = text.lines().count();
            assert!(lines <= 300, "{path} has {lines} lines");
        }
    }
}

#[test]
fn no_test_is_ignored_and_nothing_is_left_to_do() {
    for folder in ["src", "aws-sim", "tests/stories", "examples"] {
        for (path, text) in rust_files(folder) {
            for word in ["#[ignore", "todo!(", "unimplemented!("] {
                assert!(!text.contains(word), "{path} has {word:?}");
            }
        }
    }
}

#[test]
fn the_readmes_settings_are_the_functions() {
    let readme = read(&root().join("README.md"));
    let chapter = readme.split("\n## ").find(|chapter| chapter.starts_with("Settings\n")).expect("a chapter Settings");
    let documented: Vec<&str> = chapter.lines().filter(|line| line.starts_with("| `")).collect();
    let settings: Vec<String> = SETTINGS
        .iter()
        .map(|setting| format!("| `{}` | {} | {} |", setting.name, setting.default, setting.meaning))
        .collect();
    assert_eq!(documented, settings);
}
