//! Text that cannot break out of its place in the page, and how long it is then.

use std::io::{self, Write};

use serde_json::ser::Formatter;

/// Writes strings without what an HTML parser or a script could take for its own.
pub(super) struct Inert;

impl Formatter for Inert {
    fn write_string_fragment<W: Write + ?Sized>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(is_active) {
            let (before, from) = rest.split_at(at);
            let mut chars = from.chars();
            let active = chars.next().map_or(0, u32::from);
            write!(writer, "{before}\\u{active:04x}")?;
            rest = chars.as_str();
        }
        writer.write_all(rest.as_bytes())
    }
}

fn is_active(c: char) -> bool {
    matches!(c, '<' | '>' | '&' | '\u{2028}' | '\u{2029}')
}

/// The most bytes that a text takes in the data block.
pub(super) fn in_json(text: &str) -> usize {
    let of = |c: char| match c {
        '"' | '\\' => 2,
        c if c.is_control() || is_active(c) => 6,
        c => c.len_utf8(),
    };
    text.chars().map(of).sum()
}

/// How many bytes a text takes where the template escapes it.
pub(super) fn in_html(text: &str) -> usize {
    text.chars().map(|c| if matches!(c, '<' | '>' | '&' | '"' | '\'') { 5 } else { c.len_utf8() }).sum()
}
