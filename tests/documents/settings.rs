//! Settings: the reference's table, the function that reads them, and the template that sets them.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use guardduty_onboarding::config::{Config, SETTINGS};

use crate::markdown::{Document, chapter};
use crate::stack::{STACK, Template, as_text};

/// The function's settings with these, beside what every deployment has.
fn read(settings: &[(&str, &str)]) -> Result<Config, String> {
    let mut all = BTreeMap::from([("AWS_REGION", "us-east-1"), ("MEMBER_ROLE_NAME", "GuardDutyOnboarding")]);
    all.extend(settings.iter().copied());
    Config::read(|name| all.get(name).map(ToString::to_string)).map_err(|error| error.to_string())
}

/// A default that the table prints as code.
fn value(default: &str) -> Option<&str> {
    default.strip_prefix('`')?.strip_suffix('`')
}

#[test]
fn the_table_of_settings_is_the_functions() {
    let document = Document::read("docs/reference.md");
    let lines = chapter(&document.text, "## Settings").lines();
    let documented: Vec<&str> = lines.filter(|line| line.starts_with("| `")).collect();
    let settings: Vec<String> = SETTINGS
        .iter()
        .map(|setting| format!("| `{}` | {} | {} |", setting.name, setting.default, setting.meaning))
        .collect();
    assert_eq!(documented, settings);
}

#[test]
fn the_function_reads_the_settings_of_its_table_and_no_others() {
    let asked = RefCell::new(BTreeSet::new());
    let config = Config::read(|name| {
        asked.borrow_mut().insert(name.to_owned());
        None
    });
    assert!(config.is_err(), "something is required");
    let settings = SETTINGS.iter().map(|setting| setting.name.to_owned());
    assert_eq!(asked.into_inner(), settings.chain(["AWS_REGION".to_owned()]).collect());
}

#[test]
fn a_setting_that_has_its_default_is_as_one_that_is_not_set() {
    let mut tried = 0;
    for setting in SETTINGS {
        if let Some(default) = value(setting.default) {
            assert_eq!(read(&[(setting.name, default)]), read(&[]), "{} with {default}", setting.name);
            tried += 1;
        }
    }
    assert_eq!(tried, 11, "settings with a default");
}

#[test]
fn the_template_sets_every_setting_and_nothing_else_from_a_parameter_or_a_resource() {
    let stack = Template::read(STACK);
    let settings: BTreeSet<&str> = SETTINGS.iter().map(|setting| setting.name).collect();
    assert_eq!(stack.variables().keys().map(String::as_str).collect::<BTreeSet<_>>(), settings);
    for setting in SETTINGS {
        let source = stack.source(setting.name);
        let Some(parameter) = stack.parameters().get(source) else { continue };
        // A parameter without a default is asked for, and may be answered with nothing.
        let default = parameter.get("Default").map(as_text).unwrap_or_default();
        match (setting.default, value(setting.default)) {
            (_, Some(documented)) => assert_eq!(default, documented, "{source}'s default against {}'s", setting.name),
            ("required", None) => assert_ne!(default, "", "{source} has no default, but {} is required", setting.name),
            // "none", or said in words: what holds when it is not set.
            (said, None) => assert_eq!(default, "", "{source}'s default, where {}'s is {said:?}", setting.name),
        }
    }
}

/// `config.rs` holds the function against the same values.
#[test]
fn parameters_take_and_refuse_what_their_settings_take_and_refuse() {
    let stack = Template::read(STACK);
    let values: serde_json::Value = serde_json::from_str(include_str!("../settings.json")).expect("a table of values");
    for (name, values) in values.as_object().expect("settings") {
        let source = stack.source(name);
        let pattern = stack.parameters()[source]["AllowedPattern"].as_str().expect("a pattern");
        // The whole value has to match, as CloudFormation has it.
        let whole = fancy_regex::Regex::new(&format!(r"\A(?:{pattern})\z")).expect("a pattern that can be read");
        for (kind, good) in [("good", true), ("bad", false)] {
            for value in values[kind].as_array().expect("values") {
                let value = value.as_str().expect("a text");
                let taken = whole.is_match(value).expect("a pattern that comes to an end");
                assert_eq!(taken, good, "{source} and {value:?}");
            }
        }
    }
}

#[test]
fn the_function_takes_every_number_that_the_template_lets_pass() {
    let stack = Template::read(STACK);
    let numbers =
        SETTINGS.iter().filter(|setting| value(setting.default).is_some_and(|text| text.parse::<u32>().is_ok()));
    let mut names = Vec::new();
    for setting in numbers {
        let parameter = &stack.parameters()[stack.source(setting.name)];
        for bound in ["MinValue", "MaxValue"] {
            let number = as_text(&parameter[bound]);
            let config = read(&[(setting.name, &number)]);
            assert!(config.is_ok(), "{} is {number}, {bound} of its parameter: {config:?}", setting.name);
        }
        names.push(setting.name);
    }
    let numbers = ["MAX_DELIVERIES", "MAX_CONCURRENCY", "SETTLE_SECONDS", "MAX_LEAVING"];
    assert_eq!(names, numbers, "the settings that are numbers");
}
