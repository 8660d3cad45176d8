//! Keeps the house in order: each test is one rule, and says which file breaks it.

mod circles;
mod files;
mod imports;
mod packages;
mod table;

use self::files::{chapter, module, python_files, read, rust_files, sources};
use self::imports::Crate;
use self::table::Table;

const FUNCTION: Crate = Crate { folder: "src", library: "guardduty_onboarding" };
const SIMULATOR: Crate = Crate { folder: "aws-sim/src", library: "aws_sim" };
const COMMAND_LINE: Crate = Crate { folder: "cli/src", library: "gdo" };

/// Modules that decide and never act: no tasks, logs, environment or clock.
const PURE: [&str; 12] = [
    "account",
    "action",
    "config",
    "declared",
    "fleet",
    "membership",
    "outcome",
    "plan",
    "quote",
    "report",
    "roster",
    "run",
];
const IMPURE: [&str; 7] = ["async ", ".await", "tracing::", "tokio", "std::env", "SystemTime", "Instant"];

/// Modules that serve a command line as well as Lambda, and what they do not know.
const BELOW_LAMBDA: [&str; 12] = [
    "account",
    "action",
    "declared",
    "fleet",
    "membership",
    "outcome",
    "plan",
    "quote",
    "reconcile",
    "report",
    "roster",
    "run",
];
const OF_LAMBDA: [&str; 3] = ["lambda", "sqs", "deliver"];

/// Who knows the SDK of a service.
const KNOW_THE_SDK: [&str; 1] = ["aws"];

/// Calls that let an account go, and the one file that has each.
const ENDINGS: [(&str, &str); 3] = [
    (".disassociate_members()", "src/aws/administrator.rs"),
    (".stop_monitoring_members()", "src/aws/administrator.rs"),
    (".delete_detector()", "src/aws/member.rs"),
];
/// Calls that end what is not ours to end, or that nobody has declared.
const NEVER: [&str; 5] =
    ["enable(false)", "decline_", "delete_invitations", "disassociate_from", "disable_organization"];

/// Folders whose files open with a sentence, and have no more lines than these.
const HOUSE: [&str; 5] = ["src", "aws-sim/src", "tests", "cli", "bench"];
const PYTHON: [&str; 3] = ["tests", "bench", "dist"];
const MOST_LINES: usize = 300;

/// Folders in which nothing is left to do, and the words that say that something is.
const FINISHED: [&str; 5] = ["src", "aws-sim", "tests/stories", "cli", "bench"];
const UNFINISHED: [&str; 3] = ["#[ignore", "todo!(", "unimplemented!("];

#[test]
fn only_the_aws_module_knows_the_sdk_of_a_service() {
    for (path, text) in rust_files("src") {
        assert!(!text.contains("aws_sdk_") || KNOW_THE_SDK.contains(&module(&path)), "{path} uses an aws_sdk crate");
    }
}

#[test]
fn pure_files_have_no_tasks_logs_environment_or_clock() {
    for name in PURE {
        assert!(
            rust_files("src").iter().any(|(path, _)| module(path) == name),
            "PURE names {name}: src has no such module"
        );
    }
    for (path, text) in rust_files("src").into_iter().filter(|(path, _)| PURE.contains(&module(path))) {
        for word in IMPURE {
            assert!(!text.contains(word), "{path} has {word:?}");
        }
    }
}

#[test]
fn files_name_each_other_in_no_circle() {
    for of in [FUNCTION, SIMULATOR, COMMAND_LINE] {
        let arrows = of.arrows(&sources(of.folder));
        let found = circles::among(&arrows);
        let shown: String = found.iter().map(|circle| circles::shown(circle, &arrows)).collect();
        assert!(found.is_empty(), "files name each other in a circle; {}\n{shown}", circles::CURE);
    }
}

#[test]
fn arrows_between_modules_are_those_of_the_table() {
    let sources = sources(FUNCTION.folder);
    let modules = sources.keys().map(|path| module(path)).filter(|module| *module != "lib").collect();
    let table = Table::read(&chapter("ARCHITECTURE.md", "Rules"));
    let problems = table.problems(&modules, &FUNCTION.arrows(&sources)).join("\n");
    assert!(problems.is_empty(), "the table of modules in ARCHITECTURE.md, chapter Rules:\n{problems}");
}

#[test]
fn nothing_below_lambda_knows_of_it_or_of_deliveries() {
    for (path, text) in rust_files("src").into_iter().filter(|(path, _)| BELOW_LAMBDA.contains(&module(path))) {
        for word in OF_LAMBDA {
            assert!(!text.to_lowercase().contains(word), "{path} has {word:?}: that is for src/lambda to know");
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
fn a_call_that_lets_an_account_go_stands_in_one_file() {
    for (call, file) in ENDINGS {
        let found = rust_files("src").into_iter().filter(|(_, text)| text.contains(call));
        assert_eq!(found.map(|(path, _)| path).collect::<Vec<_>>(), [file], "{call}");
    }
    for (path, text) in rust_files("src") {
        for call in NEVER {
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
    let manifest = read("Cargo.toml");
    let shipped = manifest.split("[dev-dependencies]").next().expect("dependencies");
    assert!(!shipped.contains("aws-sim ="), "the simulator must be a dev-dependency");
}

#[test]
fn every_file_opens_with_what_it_knows_and_holds_one_idea() {
    let rust = HOUSE.into_iter().flat_map(rust_files).map(|file| ("//! ", file));
    let python = PYTHON.into_iter().flat_map(python_files).map(|file| ("\"\"\"", file));
    for (opening, (path, text)) in rust.chain(python) {
        assert!(text.starts_with(opening), "{path} does not open with a sentence");
        let lines = text.lines().count();
        assert!(lines <= MOST_LINES, "{path} has {lines} lines");
    }
}

#[test]
fn no_test_is_ignored_and_nothing_is_left_to_do() {
    for folder in FINISHED {
        for (path, text) in rust_files(folder) {
            for word in UNFINISHED {
                assert!(!text.contains(word), "{path} has {word:?}");
            }
        }
    }
}
