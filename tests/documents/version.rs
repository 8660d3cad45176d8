//! One version: that of Cargo.toml, in whatever else says which release it is of.

use crate::stack::{TEMPLATES, Template};

const VERSION: &str = env!("CARGO_PKG_VERSION");

#[test]
fn every_template_has_the_version_of_cargo_toml() {
    for path in TEMPLATES {
        let version = Template::read(path).version().map(str::to_owned);
        assert_eq!(version.as_deref(), Some(VERSION), "{path}: Metadata, guardduty-onboarding, Version");
    }
}
