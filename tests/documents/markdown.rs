//! Reads the documents: their tables, their chapters, the names that they print as code.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// From this heading on, up to the next one of its level or a higher one.
pub fn chapter<'a>(text: &'a str, heading: &str) -> &'a str {
    let level = heading.bytes().take_while(|byte| *byte == b'#').count();
    let start = text.find(&format!("{heading}\n")).unwrap_or_else(|| panic!("no chapter {heading:?}"));
    let after = start + heading.len();
    let ends = (1..=level).filter_map(|level| text[after..].find(&format!("\n{} ", "#".repeat(level))));
    ends.min().map_or(&text[start..], |end| &text[start..after + end])
}

/// Names that a cell prints as code.
pub fn names(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

/// A page below the top of the repository.
pub struct Document {
    path: &'static str,
    pub text: String,
}

impl Document {
    pub fn read(path: &'static str) -> Self {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path));
        Self { path, text: text.unwrap_or_else(|error| panic!("{path}: {error}")) }
    }

    /// Its words, wherever its lines break.
    pub fn words(&self) -> String {
        words(&self.text)
    }

    /// Complains unless it has this sentence, wherever its lines break.
    pub fn says(&self, sentence: &str) {
        assert!(self.words().contains(sentence), "{} does not say {sentence:?}", self.path);
    }

    /// The rows of the table with that header: the first cell to the others. No first cell stands twice.
    pub fn table(&self, header: &[&str]) -> BTreeMap<String, Vec<String>> {
        let wanted = format!("| {} |", header.join(" | "));
        let place = self.text.lines().position(|line| line == wanted);
        let place = place.unwrap_or_else(|| panic!("{} has no table {wanted}", self.path));
        let mut rows = BTreeMap::new();
        for line in self.text.lines().skip(place + 2).take_while(|line| line.starts_with('|')) {
            let mut cells = cells(line);
            assert_eq!(cells.len(), header.len(), "{}: cells of {line}", self.path);
            let first = cells.remove(0);
            let twice = rows.insert(first.clone(), cells).is_some();
            assert!(!twice, "{}: {first} stands twice in the table {wanted}", self.path);
        }
        assert!(!rows.is_empty(), "{}: the table {wanted} is empty", self.path);
        rows
    }
}

/// The text on one line.
pub fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The cells of a row. `\|` is a bar within one.
fn cells(line: &str) -> Vec<String> {
    let line = line.trim_start_matches('|').trim_end_matches('|').replace("\\|", "\u{0}");
    line.split('|').map(|cell| cell.trim().replace('\u{0}', "|")).collect()
}

#[test]
fn a_bar_behind_a_backslash_is_part_of_its_cell() {
    assert_eq!(cells(r"| comma, tab or `\|` | both |"), ["comma, tab or `|`", "both"]);
}

#[test]
fn a_chapter_ends_with_the_next_one_of_its_level_or_a_higher_one() {
    let text = "# A\n\n## B\n\n### C\n\nc\n\n## D\n\nd\n";
    assert_eq!(chapter(text, "## B"), "## B\n\n### C\n\nc\n");
    assert_eq!(chapter(text, "### C"), "### C\n\nc\n");
    assert_eq!(chapter(text, "## D"), "## D\n\nd\n");
}
