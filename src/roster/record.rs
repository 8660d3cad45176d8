//! Where records begin and end. Irregular ones are made regular here, for the CSV reader to read.
//!
//! A list that a person has edited may have a quotation mark that is never closed. The CSV reader would take everything
//! after it for one cell, and would lose the accounts there without a word. So a quotation mark that does not close
//! properly, or that would swallow a line with an account of its own, costs its own line and nothing else.

use csv::{ReaderBuilder, StringRecord, Terminator};

use super::cell::{cleaned_id, is_padding};
use crate::account::AccountId;

/// The records of a list. Lines that are blank, or whose cells are all empty, are no records.
pub(super) struct Records<'a> {
    /// Records as RFC 4180 defines them, each ending in a line feed.
    regular: String,
    /// The 1-based line where each record in `regular` begins.
    lines: Vec<usize>,
    delimiter: u8,
    /// Records with a quotation mark that does not close: the line where each begins, and its text.
    pub(super) broken: Vec<(usize, &'a str)>,
}

impl Records<'_> {
    /// Calls `read` with the line and cells of each regular record.
    pub(super) fn for_each(&self, mut read: impl FnMut(usize, &StringRecord)) {
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.delimiter)
            .terminator(Terminator::Any(b'\n'))
            .from_reader(self.regular.as_bytes());
        let mut record = StringRecord::new();
        let mut lines = self.lines.iter();
        // Reading valid UTF-8 from memory cannot fail.
        while let (true, Some(line)) = (reader.read_record(&mut record).unwrap_or(false), lines.next()) {
            read(*line, &record);
        }
    }
}

/// Finds at most `most` records in `text`, whose first line has the number `first_line`.
pub(super) fn records(text: &str, delimiter: u8, first_line: usize, most: usize) -> Records<'_> {
    let mut scanner = Scanner { text, delimiter: char::from(delimiter), line_end: 0, close: 0, account: None };
    let capacity = if most == usize::MAX { text.len() + 1 } else { 0 };
    let mut records =
        Records { regular: String::with_capacity(capacity), lines: Vec::new(), delimiter, broken: Vec::new() };
    let (mut at, mut line) = (0, first_line);
    while at < text.len() && records.lines.len() + records.broken.len() < most {
        let first_end = scanner.line_end(at);
        let kept = records.regular.len();
        let read = if text[at..first_end].contains('"') {
            scanner.record(at, &mut records.regular)
        } else {
            records.regular.push_str(&text[at..first_end]);
            Ok(first_end)
        };
        let (Ok(end) | Err(end)) = read;
        if read.is_ok() && !is_blank(&records.regular[kept..], scanner.delimiter) {
            records.regular.push('\n');
            records.lines.push(line);
        } else {
            records.regular.truncate(kept);
        }
        if read.is_err() {
            records.broken.push((line, &text[at..end]));
        }
        let next = past_line_end(text, end);
        line += if end == first_end { 1 } else { count_lines(&text[at..next]) };
        at = next;
    }
    records
}

/// Reads forward only, and remembers what it has found further on. Otherwise each of thousands of quotation marks that
/// are never closed would cost a search to the end of the file.
struct Scanner<'a> {
    text: &'a str,
    delimiter: char,
    /// The end of the last line that was looked at.
    line_end: usize,
    /// The last closing quotation mark that was found, or the text's length if there is no further one.
    close: usize,
    /// Where the last line with an account of its own begins that was found.
    account: Option<usize>,
}

impl Scanner<'_> {
    /// Reads the record at `at` into `regular` and returns its end. The error, if a quotation mark does not close, is
    /// the end of its line.
    fn record(&mut self, mut at: usize, regular: &mut String) -> Result<usize, usize> {
        let delimiter = self.delimiter;
        loop {
            let open = self.skip_padding(at);
            if self.text[open..].starts_with('"') {
                let close = self.closing(open).ok_or_else(|| self.line_end(open))?;
                push_quoted(&self.text[open + 1..close], regular);
                at = self.skip_padding(close + 1);
            } else {
                let is_end = |c| c == delimiter || is_line_end(c);
                let end = self.text[at..].find(is_end).map_or(self.text.len(), |length| at + length);
                regular.push_str(&self.text[at..end]);
                at = end;
            }
            if !self.text[at..].starts_with(delimiter) {
                return Ok(at);
            }
            regular.push(delimiter);
            at += delimiter.len_utf8();
        }
    }

    /// The quotation mark that closes the one at `open`, unless the cell would swallow a line with an account of its
    /// own.
    fn closing(&mut self, open: usize) -> Option<usize> {
        let run = quotation_marks(self.text, open);
        let after = open + run;
        // A run begins with the mark that opens the cell, and pairs after it are marks within the cell. So an even run
        // has one mark left over, its last, and that may close the cell.
        if run.is_multiple_of(2) && self.is_end_of_cell(after) {
            return Some(after - 1);
        }
        let close = self.next_close(after);
        if close == self.text.len() {
            return None;
        }
        let line_end = self.line_end(open);
        let swallows = close > line_end && self.next_account(past_line_end(self.text, line_end)) < close;
        (!swallows).then_some(close)
    }

    fn next_close(&mut self, from: usize) -> usize {
        if self.close < from {
            let mut at = from;
            self.close = loop {
                let Some(found) = self.text[at..].find('"') else { break self.text.len() };
                let begins = at + found;
                at = begins + quotation_marks(self.text, begins);
                if (at - begins) % 2 == 1 && self.is_end_of_cell(at) {
                    break at - 1;
                }
            };
        }
        self.close
    }

    /// Where the next line with an account of its own begins, from `from` on.
    fn next_account(&mut self, from: usize) -> usize {
        if let Some(known) = self.account.filter(|known| *known >= from) {
            return known;
        }
        let mut at = from;
        let found = loop {
            if at >= self.text.len() {
                break self.text.len();
            }
            let end = end_of_line(self.text, at);
            if names_an_account(&self.text[at..end], self.delimiter) {
                break at;
            }
            at = past_line_end(self.text, end);
        };
        self.account = Some(found);
        found
    }

    fn line_end(&mut self, at: usize) -> usize {
        if self.line_end < at || self.line_end == 0 {
            self.line_end = end_of_line(self.text, at);
        }
        self.line_end
    }

    fn skip_padding(&self, at: usize) -> usize {
        let is_other = |c| c == self.delimiter || is_line_end(c) || !is_padding(c);
        self.text[at..].find(is_other).map_or(self.text.len(), |length| at + length)
    }

    fn is_end_of_cell(&self, at: usize) -> bool {
        self.text[self.skip_padding(at)..].chars().next().is_none_or(|c| c == self.delimiter || is_line_end(c))
    }
}

/// Writes a quoted cell as RFC 4180 defines it, with every quotation mark inside doubled.
fn push_quoted(content: &str, regular: &mut String) {
    regular.push('"');
    let mut content = content.chars().peekable();
    while let Some(c) = content.next() {
        regular.push(c);
        if c == '"' {
            content.next_if_eq(&'"');
            regular.push('"');
        }
    }
    regular.push('"');
}

/// Whether a line by itself has a cell with an account id. If its quotation marks are not paired, only the cells before
/// the first of them are surely its own: an inch mark further on must not hide the row.
fn names_an_account(line: &str, delimiter: char) -> bool {
    if line.bytes().filter(u8::is_ascii_digit).count() < 12 {
        return false;
    }
    let is_id = |cell: &str| AccountId::parse(&cleaned_id(cell)).is_some();
    if line.matches('"').count().is_multiple_of(2) {
        return line.split(delimiter).any(is_id);
    }
    let (own, _) = line.split_once('"').unwrap_or((line, ""));
    // The last of these cells may continue after the quotation mark.
    own.rsplit_once(delimiter).is_some_and(|(own, _)| own.split(delimiter).any(is_id))
}

fn is_blank(record: &str, delimiter: char) -> bool {
    record.chars().all(|c| c == delimiter || c == '"' || is_padding(c))
}

/// How many quotation marks begin at `at`.
fn quotation_marks(text: &str, at: usize) -> usize {
    text[at..].bytes().take_while(|byte| *byte == b'"').count()
}

/// Lines end in a line feed, a carriage return, or both.
fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r')
}

fn end_of_line(text: &str, at: usize) -> usize {
    text.as_bytes()[at..].iter().position(|byte| matches!(byte, b'\n' | b'\r')).map_or(text.len(), |length| at + length)
}

/// Where the next line begins, given the `end` of one.
pub(super) fn past_line_end(text: &str, end: usize) -> usize {
    let rest = &text.as_bytes()[end..];
    end + if rest.starts_with(b"\r\n") { 2 } else { usize::from(!rest.is_empty()) }
}

/// How many lines a text has that includes the end of its last one.
fn count_lines(text: &str) -> usize {
    let (mut at, mut lines) = (0, 0);
    while at < text.len() {
        at = past_line_end(text, end_of_line(text, at));
        lines += 1;
    }
    lines
}
