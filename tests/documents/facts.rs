//! Facts about AWS: each that a remark or a document names is there, is numbered in order, and says how it is known.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::markdown::Document;

const DOCUMENT: &str = "docs/aws-behaviour.md";
const HEADER: [&str; 3] = ["no.", "fact", "how it is known"];
const KINDS: [&str; 4] = ["documented", "seen by others", "inferred", "unknown"];
/// Where facts are named.
const PLACES: [&str; 13] = [
    "src",
    "aws-sim",
    "bench",
    "cli",
    "fuzz",
    "tests",
    "docs",
    "templates",
    "template.yaml",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "README.md",
    "SECURITY.md",
];
const ENDINGS: [&str; 5] = ["rs", "py", "yaml", "toml", "md"];
/// Before the words of a comment's next line.
const MARKERS: [&str; 5] = ["//", "///", "//!", "#", "*"];

/// Every fact, in the document's order: its number and how it is known.
fn facts(text: &str) -> Vec<(String, String)> {
    let head = format!("| {} |", HEADER.join(" | "));
    let mut facts = Vec::new();
    for table in text.split(&head).skip(1) {
        for row in table.lines().skip(2).take_while(|line| line.starts_with('|')) {
            let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
            assert_eq!(cells.len(), HEADER.len(), "cells of {row}");
            facts.push((cells[0].to_owned(), cells[2].to_owned()));
        }
    }
    facts
}

/// The group and the count of a number such as `M12`.
fn number(word: &str) -> Option<(char, usize)> {
    let group = word.chars().next().filter(char::is_ascii_uppercase)?;
    let count = &word[1..];
    let counts = !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit()) && !count.starts_with('0');
    counts.then(|| count.parse().ok().map(|count| (group, count))).flatten()
}

/// The numbers that come after the word AWS, wherever the lines break: `AWS I1`, or `AWS I1, L2` for two.
fn named(text: &str) -> Vec<String> {
    let mut named = Vec::new();
    let mut listing = false;
    for word in text.split_whitespace().filter(|word| !MARKERS.contains(word)) {
        let bare = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        if listing && number(bare).is_some() {
            named.push(bare.to_owned());
            listing = word.ends_with(',');
        } else {
            listing = word.trim_start_matches(['(', '`', '"', '*']) == "AWS";
        }
    }
    named
}

/// The addresses of the names in brackets: `[name]: https://…` on a line of its own.
fn addresses(text: &str) -> BTreeMap<String, String> {
    let lines = text.lines().filter_map(|line| line.strip_prefix('[')?.split_once("]: "));
    lines.map(|(name, address)| (name.to_owned(), address.to_owned())).collect()
}

/// The names in brackets of a cell.
fn cited(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('[').skip(1).filter_map(|rest| rest.split_once(']')).map(|(name, _)| name)
}

/// Whether it has a month such as `2026-11`.
fn has_month(cell: &str) -> bool {
    let words = cell.split(|c: char| !c.is_ascii_digit() && c != '-');
    words.filter_map(|word| word.split_once('-')).any(|(year, month)| {
        let in_year = month.len() == 2 && month.parse().is_ok_and(|month: u8| (1..=12).contains(&month));
        year.len() == 4 && year.starts_with("20") && in_year
    })
}

/// What a cell lacks to say how a fact is known.
fn flaw(cell: &str, addresses: &BTreeMap<String, String>) -> Option<&'static str> {
    let kind = KINDS.into_iter().find(|kind| cell.starts_with(kind));
    let Some((kind, (_, said))) = kind.zip(cell.split_once(": ")) else { return Some("is of no known kind") };
    let cited: Vec<&str> = cited(cell).collect();
    let known = |name: &&str| addresses.get(*name).is_some_and(|address| address.starts_with("https://"));
    if said.trim().is_empty() {
        Some("does not say how")
    } else if !cited.iter().all(known) {
        Some("cites what has no https address")
    } else if ["documented", "seen by others"].contains(&kind) && (cited.is_empty() || !has_month(cell)) {
        Some("has no address or no month")
    } else {
        None
    }
}

/// The files in which facts are named, by their paths.
fn files() -> BTreeMap<PathBuf, String> {
    fn walk(path: &Path, files: &mut BTreeMap<PathBuf, String>) {
        if path.is_dir() {
            let built = path.join("CACHEDIR.TAG").exists();
            let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
            for entry in fs::read_dir(path).into_iter().flatten().filter(|_| !built && !hidden).flatten() {
                walk(&entry.path(), files);
            }
        } else if path.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending == *known)) {
            files.insert(path.to_owned(), fs::read_to_string(path).expect("a text"));
        }
    }
    let mut files = BTreeMap::new();
    for place in PLACES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(place);
        assert!(path.exists(), "no {place}");
        walk(&path, &mut files);
    }
    // This file and the document show how a fact is named.
    files.retain(|path, _| !path.ends_with(DOCUMENT) && !path.ends_with("tests/documents/facts.rs"));
    files
}

#[test]
fn facts_are_numbered_one_by_one_in_their_group() {
    let mut counts: BTreeMap<char, usize> = BTreeMap::new();
    for (fact, _) in facts(&Document::read(DOCUMENT).text) {
        let (group, count) = number(&fact).unwrap_or_else(|| panic!("{fact:?} is no number of a fact"));
        let before = counts.insert(group, count).unwrap_or_default();
        assert_eq!(count, before + 1, "{fact} comes after {group}{before}");
    }
    assert!(counts.len() > 1, "no groups");
    assert!(!counts.contains_key(&'S'), "AWS S3 is a service");
}

#[test]
fn every_fact_says_how_it_is_known() {
    let text = Document::read(DOCUMENT).text;
    let addresses = addresses(&text);
    let flaws = facts(&text).into_iter().filter_map(|(fact, cell)| flaw(&cell, &addresses).map(|flaw| (fact, flaw)));
    let flaws: Vec<_> = flaws.map(|(fact, flaw)| format!("{fact} {flaw}")).collect();
    assert!(flaws.is_empty(), "{DOCUMENT}: {flaws:#?}");
}

#[test]
fn every_address_is_cited() {
    let text = Document::read(DOCUMENT).text;
    let facts = facts(&text);
    let cited: Vec<&str> = facts.iter().flat_map(|(_, cell)| cited(cell)).collect();
    let addresses = addresses(&text);
    let unused: Vec<&String> = addresses.keys().filter(|name| !cited.contains(&name.as_str())).collect();
    assert!(unused.is_empty(), "{DOCUMENT} has addresses that no fact cites: {unused:#?}");
}

#[test]
fn every_fact_that_is_named_is_there() {
    let facts = facts(&Document::read(DOCUMENT).text);
    let mut used = 0;
    for (path, text) in files() {
        for name in named(&text) {
            used += 1;
            assert!(facts.iter().any(|(fact, _)| *fact == name), "{}: {DOCUMENT} has no {name}", path.display());
        }
    }
    assert!(used > 0, "nothing names a fact");
}

#[test]
fn a_fact_is_named_after_the_word_aws_and_found_across_lines() {
    let text = "/// Lags (AWS M6, I12). See `AWS\n    /// T1`, AWS S3 and AWS itself; AWS L1. M4 is none, nor AWS M01.";
    assert_eq!(named(text), ["M6", "I12", "T1", "S3", "L1"]);
}

#[test]
fn a_cell_without_kind_address_or_month_has_a_flaw() {
    let addresses =
        BTreeMap::from([("a".to_owned(), "https://example.com".to_owned()), ("b".into(), "http://".into())]);
    for (cell, fine) in [
        ("documented: [a], 2026-11", true),
        ("seen by others, by one tool: [a] waits, 2026-11", true),
        ("inferred: nothing else fits", true),
        ("unknown: one call", true),
        ("documented: [a]", false),
        ("documented: [a], 2026-13", false),
        ("documented: 2026-11", false),
        ("documented: [b], 2026-11", false),
        ("inferred: [c] says so", false),
        ("guessed: [a], 2026-11", false),
        ("inferred", false),
    ] {
        assert_eq!(flaw(cell, &addresses).is_none(), fine, "{cell}");
    }
}
