//! One cell of a list, without what spreadsheets and editors put around it.

/// Invisible characters: zero-width and directional ones, soft hyphens, byte order marks where files were joined, and
/// control characters.
pub(super) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{feff}')
}

/// What may stand around a cell without meaning. A caller whose delimiter is the tab looks for it first.
pub(super) fn is_padding(c: char) -> bool {
    c.is_whitespace() || is_invisible(c)
}

/// First characters that make a spreadsheet run a cell, with the wide ones that some spreadsheets take for them.
const FORMULA: &str = "=+-@＝＋－＠";

/// Whether a cell may begin after `c`, whichever delimiter a spreadsheet splits at. `began` says so of `c` itself.
fn begins(began: bool, c: char) -> bool {
    matches!(c, ',' | ';' | '\t') || began && (c == '"' || is_padding(c))
}

/// The cell as a report has it: on one line, with an apostrophe before what a spreadsheet would run. Reading a list
/// removes the apostrophe again.
#[must_use]
pub fn guarded(cell: &str) -> String {
    let mut guarded = String::with_capacity(cell.len() + 1);
    let mut began = true;
    for c in cell.chars().map(|c| if c.is_control() { ' ' } else { c }) {
        if began && FORMULA.contains(c) {
            guarded.push('\'');
        }
        began = begins(began, c);
        guarded.push(c);
    }
    guarded
}

/// The cell without padding, without quotation marks that the CSV reader left (several layers, or `="0123"`), and
/// without the apostrophes of [`guarded`].
pub(super) fn cleaned(cell: &str) -> String {
    // Most cells need no cleaning.
    if cell.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\'')) {
        return cell.to_owned();
    }
    let mut cell = cell.trim_matches(is_padding);
    while let Some(inner) = unwrapped(cell) {
        cell = inner.trim_matches(is_padding);
    }
    if !cell.contains('\'') {
        return cell.to_owned();
    }
    let mut cleaned = String::with_capacity(cell.len());
    let mut began = true;
    let mut rest = cell.chars().peekable();
    while let Some(c) = rest.next() {
        if began && c == '\'' && rest.peek().is_some_and(|next| FORMULA.contains(*next)) {
            began = false;
            continue;
        }
        began = begins(began, c);
        cleaned.push(c);
    }
    cleaned
}

fn unwrapped(cell: &str) -> Option<&str> {
    let guarded = cell.strip_prefix('\'').filter(|cell| cell.starts_with("=\""));
    let formula = guarded.unwrap_or(cell).strip_prefix('=');
    formula.unwrap_or(cell).strip_prefix('"')?.strip_suffix('"')
}

/// A cell that should hold an account id: cleaned, without invisible characters inside, and without the apostrophe that
/// keeps a spreadsheet from turning it into a number.
pub(super) fn cleaned_id(cell: &str) -> String {
    let mut id = cleaned(cell);
    if id.bytes().all(|byte| byte.is_ascii_digit()) {
        return id;
    }
    id.retain(|c| !is_invisible(c));
    match id.strip_prefix('\'') {
        Some(digits) if digits.starts_with(|c: char| c.is_ascii_digit()) => digits.to_owned(),
        _ => id,
    }
}
