//! The table of arrows between modules, against the arrows that there are.

use std::collections::{BTreeMap, BTreeSet};

use super::files::module;
use super::imports::Arrow;

const HEAD: &str = "| module | may use |";
/// What a row says of a module that uses no other.
const NOTHING: &str = "–";

/// The rows from the top down: a module, and those that it may use.
pub struct Table(Vec<(String, Vec<String>)>);

impl Table {
    /// Reads the table in a chapter of Markdown.
    pub fn read(chapter: &str) -> Self {
        let lines = chapter.lines().skip_while(|line| *line != HEAD);
        let rows = lines.take_while(|line| line.starts_with('|')).skip(2);
        let row = |line: &str| {
            let mut cells = line.trim_matches('|').split('|').map(|cell| cell.trim().replace('`', ""));
            let (name, used) = (cells.next().unwrap_or_default(), cells.next().unwrap_or_default());
            (name, used.split(", ").filter(|used| *used != NOTHING).map(str::to_owned).collect())
        };
        Self(rows.map(row).collect())
    }

    /// What is wrong with it, and the cure of each.
    pub fn problems(&self, modules: &BTreeSet<&str>, arrows: &BTreeSet<Arrow>) -> Vec<String> {
        let rows: Vec<&str> = self.0.iter().map(|(name, _)| name.as_str()).collect();
        let has = |from: &str, to: &str| self.0.iter().any(|(name, used)| name == from && used.iter().any(|u| u == to));
        let used = used(arrows);

        let mut problems = Vec::new();
        for module in modules.iter().filter(|module| !rows.contains(module)) {
            problems.push(format!("{module} has no row: add one, above those of the modules that it uses"));
        }
        for ((from, to), Arrow { from: file, name, .. }) in &used {
            if !has(from, to) {
                problems.push(format!(
                    "{file} names {name} of {to}, which {from} may not use: move what both need to a module below them, \
                     or add {to} to the row of {from}"
                ));
            }
        }
        for (index, (from, all)) in self.0.iter().enumerate() {
            if !modules.contains(from.as_str()) {
                problems.push(format!("{from} has a row and is no module: take the row out"));
            }
            for to in all {
                if !used.contains_key(&(from, to)) {
                    problems.push(format!("the row of {from} has {to}, which no file of {from} uses: take it out"));
                }
                if rows[..index].contains(&to.as_str()) {
                    problems.push(format!("the row of {from} has {to}, whose own row is above: arrows go down only"));
                }
            }
        }
        problems
    }
}

/// The arrows between modules, each with one that makes it: rather one that needs the other file.
fn used(arrows: &BTreeSet<Arrow>) -> BTreeMap<(&str, &str), &Arrow> {
    let mut used = BTreeMap::new();
    let (passing, needed): (Vec<&Arrow>, Vec<&Arrow>) = arrows.iter().partition(|arrow| arrow.in_passing);
    for arrow in needed.into_iter().chain(passing) {
        let (from, to) = (module(&arrow.from), module(&arrow.to));
        if from != to {
            used.entry((from, to)).or_insert(arrow);
        }
    }
    used
}

/// The problems of a table whose modules are `main`, `plan` and `account`, with `from -> to` for each arrow that there is.
fn problems(rows: &str, arrows: &[&str]) -> Vec<String> {
    let arrow = |arrow: &&str| {
        let (from, to) = arrow.split_once(" -> ").expect("an arrow");
        Arrow { from: format!("src/{from}.rs"), to: format!("src/{to}/rows.rs"), name: "Row".into(), in_passing: false }
    };
    let table = Table::read(&format!("Rules\n\nText.\n\n{HEAD}\n|---|---|\n{rows}\n\n| more |\n"));
    table.problems(&["main", "plan", "account"].into(), &arrows.iter().map(arrow).collect())
}

const ROWS: &str = "| `main` | `plan`, `account` |\n| `plan` | `account` |\n| `account` | – |";
const ARROWS: [&str; 3] = ["main -> plan", "main -> account", "plan -> account"];

#[test]
fn a_true_table_has_no_problem() {
    assert_eq!(problems(ROWS, &ARROWS), [""; 0]);
}

#[test]
fn an_arrow_that_the_table_lacks_is_reported() {
    let rows = ROWS.replace("`plan`, ", "");
    let told = "src/main.rs names Row of plan, which main may not use: move what both need to a module below them, or \
                add plan to the row of main";
    assert_eq!(problems(&rows, &ARROWS), [told]);
}

#[test]
fn what_no_file_uses_is_reported() {
    let rows = format!("{ROWS}\n| `quote` | – |");
    assert_eq!(
        problems(&rows, &ARROWS[..2]),
        [
            "the row of plan has account, which no file of plan uses: take it out",
            "quote has a row and is no module: take the row out",
        ]
    );
}

#[test]
fn a_module_without_a_row_is_reported() {
    let rows = ROWS.replace("\n| `account` | – |", "");
    assert_eq!(problems(&rows, &ARROWS), ["account has no row: add one, above those of the modules that it uses"]);
}

#[test]
fn an_arrow_that_goes_up_is_reported() {
    let rows = "| `main` | `plan`, `account` |\n| `account` | – |\n| `plan` | `account` |";
    let told = "the row of plan has account, whose own row is above: arrows go down only";
    assert_eq!(problems(rows, &ARROWS), [told]);
}
