//! What separates the cells of a list: its first line says so, or the header and the first records show it.

use std::borrow::Cow;

use csv::StringRecord;

use super::cell::{cleaned, cleaned_id};
use super::header::{Columns, WITHIN};
use super::record::{past_line_end, records};
use crate::account::AccountId;

/// Possible delimiters, the most common first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

pub(super) struct Dialect<'a> {
    pub(super) delimiter: u8,
    /// The text without a `sep=` line.
    pub(super) text: &'a str,
    /// The number of the first line of `text`.
    pub(super) first_line: usize,
}

impl<'a> Dialect<'a> {
    pub(super) fn detect(text: &'a str) -> Self {
        match said(text) {
            Some((delimiter, text)) => Self { delimiter, text, first_line: 2 },
            None => Self { delimiter: found(text), text, first_line: 1 },
        }
    }
}

/// Splits a record that is a single cell with another delimiter in it: a row pasted from elsewhere, or a whole line in
/// quotation marks.
pub(super) fn apart(record: &StringRecord) -> Cow<'_, StringRecord> {
    let only = record.get(0).filter(|_| record.len() == 1);
    match only.and_then(|cell| cell.bytes().find(|byte| DELIMITERS.contains(byte))) {
        Some(delimiter) => Cow::Owned(record[0].split(char::from(delimiter)).collect()),
        None => Cow::Borrowed(record),
    }
}

/// The delimiter of a first line such as `sep=;`, which Excel obeys, and the text after that line.
fn said(text: &str) -> Option<(u8, &str)> {
    let end = text.find(['\n', '\r']).unwrap_or(text.len());
    let line = text[..end].trim_matches([' ', '"']);
    let (name, rest) = line.split_at_checked(4)?;
    let delimiter = *rest.as_bytes().first().filter(|_| name.eq_ignore_ascii_case("sep="))?;
    // If the list has more columns, Excel saves the line with empty cells after it.
    let only = rest.bytes().all(|byte| byte == delimiter);
    let separates = delimiter == b'\t' || delimiter.is_ascii_punctuation() && !b"\"'@.-+_=".contains(&delimiter);
    (only && separates).then(|| (delimiter, &text[past_line_end(text, end)..]))
}

/// The delimiter that makes the most sense of the first records. A header that names both columns counts most, then
/// rows that begin with an account id.
fn found(text: &str) -> u8 {
    let by_worth = DELIMITERS.map(|delimiter| (worth(text, delimiter), delimiter));
    let best = by_worth.into_iter().reduce(|best, other| if other.0 > best.0 { other } else { best });
    match best {
        Some((worth, delimiter)) if worth > (0, 0) => delimiter,
        _ => first_in(text),
    }
}

fn worth(text: &str, delimiter: u8) -> (u8, usize) {
    let (mut header, mut rows) = (0, 0);
    records(text, delimiter, 1, WITHIN).for_each(|_, cells| {
        if header == 0 {
            header = match Columns::from_header(cells, true) {
                Some(Ok(_)) => 2,
                // One name alone may be a title.
                Some(Err(_)) if cells.len() > 1 => 1,
                _ => 0,
            };
        }
        let is_id = |cell: &str| AccountId::parse(&cleaned_id(cell)).is_some();
        let has_email = || cells.get(1).is_some_and(|cell| cleaned(cell).contains('@'));
        if cells.get(0).is_some_and(is_id) && has_email() {
            rows += 2;
        } else if cells.len() > 1 && cells.iter().any(is_id) {
            rows += 1;
        }
    });
    (header, rows)
}

/// The first delimiter outside quotation marks.
fn first_in(text: &str) -> u8 {
    let mut quoted = false;
    let first = text.bytes().find(|byte| {
        quoted ^= *byte == b'"';
        !quoted && DELIMITERS.contains(byte)
    });
    first.unwrap_or(b',')
}
