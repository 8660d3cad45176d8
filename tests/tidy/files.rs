//! The files of the house, by their paths from its top.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A chapter of a Markdown file, with its subchapters.
pub fn chapter(path: &str, name: &str) -> String {
    let text = read(path);
    let chapter = text.split("\n## ").find(|chapter| chapter.split('\n').next() == Some(name));
    chapter.unwrap_or_else(|| panic!("{path} has no chapter {name}")).to_owned()
}

/// The Rust files below `folder`, with their path and their text.
pub fn rust_files(folder: &str) -> Vec<(String, String)> {
    files(folder, "rs")
}

/// The same of Python.
pub fn python_files(folder: &str) -> Vec<(String, String)> {
    files(folder, "py")
}

fn files(folder: &str, wanted: &str) -> Vec<(String, String)> {
    fn walk(folder: &Path, wanted: &str, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, wanted, found);
            } else if path.extension().is_some_and(|extension| extension == wanted) {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), wanted, &mut found);
    found.sort();
    let named = |path: PathBuf| {
        let path = path.strip_prefix(root()).expect("below the top").display().to_string();
        let text = read(&path);
        (path, text)
    };
    found.into_iter().map(named).collect()
}

/// The same, by their paths.
pub fn sources(folder: &str) -> BTreeMap<String, String> {
    rust_files(folder).into_iter().collect()
}

/// `src/report/csv.rs` is of the module `report`.
pub fn module(path: &str) -> &str {
    path.trim_start_matches("src/").split(['/', '.']).next().unwrap_or("")
}
