//! One version: that of Cargo.toml, in whatever else says which release it is of.

use crate::markdown::Document;
use crate::stack::{TEMPLATES, Template};

const VERSION: &str = env!("CARGO_PKG_VERSION");

#[test]
fn every_template_has_the_version_of_cargo_toml() {
    for path in TEMPLATES {
        let version = Template::read(path).version().map(str::to_owned);
        assert_eq!(version.as_deref(), Some(VERSION), "{path}: Metadata, guardduty-onboarding, Version");
    }
}

#[test]
fn the_newest_release_in_the_changelog_has_the_version_of_cargo_toml() {
    let changelog = Document::read("CHANGELOG.md");
    let headings = changelog.text.lines().filter_map(|line| line.strip_prefix("## "));
    let newest = headings.filter_map(|heading| heading.split(' ').next()).find(|word| *word != "Unreleased");
    assert_eq!(newest, Some(VERSION), "CHANGELOG.md: the first heading of a release");
}
