//! Parameters and outputs: the reference's tables against the templates.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::markdown::{Document, names};
use crate::stack::{TEMPLATES, Template, as_text};

/// As the tables print it.
fn default(parameter: &Value) -> String {
    match parameter.get("Default").map(as_text) {
        None => "required".into(),
        Some(text) if text.is_empty() => "none".into(),
        Some(text) => format!("`{text}`"),
    }
}

/// The one name that a cell consists of.
fn name(cell: &str) -> String {
    let name = names(cell).next().unwrap_or_default();
    assert_eq!(cell, format!("`{name}`"), "a cell that is a name");
    name.into()
}

#[test]
fn the_tables_of_parameters_are_the_templates() {
    let document = Document::read("docs/reference.md");
    for template in TEMPLATES {
        let table = document.table(&[&format!("parameter of `{template}`"), "default", "what it is"]);
        let documented: BTreeMap<String, String> =
            table.into_iter().map(|(first, cells)| (name(&first), cells[0].clone())).collect();
        let found = Template::read(template);
        let parameters = found.parameters().iter();
        let parameters: BTreeMap<String, String> =
            parameters.map(|(name, parameter)| (name.clone(), default(parameter))).collect();
        assert_eq!(documented, parameters, "the parameters of {template}: documented, then those that it has");
    }
}

#[test]
fn the_tables_of_outputs_are_the_templates() {
    let document = Document::read("docs/reference.md");
    for template in TEMPLATES {
        let table = document.table(&[&format!("output of `{template}`"), "what it is"]);
        let documented: BTreeSet<String> = table.keys().map(|first| name(first)).collect();
        let outputs = Template::read(template).outputs();
        assert_eq!(documented, outputs, "the outputs of {template}: documented, then those that it has");
    }
}
