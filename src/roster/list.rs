//! The grammar of an account list: bytes to rows.
//!
//! Each line is read as a CSV record of its own, so that a stray quotation mark can't swallow the rows after it.

use csv::{ReaderBuilder, StringRecord, Terminator};

use super::{MAX_BYTES, MAX_ROWS, Refused, Roster, Row, assemble};
use crate::account::AccountId;

/// Reads a list. Never panics, whatever the bytes.
#[must_use]
pub fn read(bytes: &[u8], administrator: AccountId) -> Roster {
    match rows(bytes) {
        Err(refused) => Roster::refused(refused),
        Ok(rows) => {
            let mut roster = assemble(rows, administrator);
            // UTF-16 of plain English text is valid UTF-8 with a zero byte in every character.
            if roster.refused.is_some() && bytes.contains(&0) {
                roster.refused = Some(Refused::Utf16);
            }
            roster
        }
    }
}

fn rows(bytes: &[u8]) -> Result<Vec<Row>, Refused> {
    let size = bytes.len() as u64;
    if size > MAX_BYTES {
        return Err(Refused::TooLarge(size));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(Refused::Utf16);
    }
    let text = std::str::from_utf8(bytes).map_err(|error| Refused::NotUtf8(error.valid_up_to() + 1))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);

    let mut lines = text.split('\n').enumerate().filter(|(_, line)| !line.trim().is_empty()).peekable();
    let columns = lines.peek().and_then(|(_, line)| Columns::of_header(line));
    if columns.is_some() {
        lines.next();
    }
    let count = lines.clone().count();
    match count {
        0 => Err(Refused::Empty),
        _ if count > MAX_ROWS => Err(Refused::TooManyRows(count)),
        _ => Ok(lines.map(|(index, line)| row(index + 1, line, columns.as_ref())).collect()),
    }
}

/// Where a header says that the two columns are.
struct Columns {
    delimiter: u8,
    account_id: usize,
    email: usize,
}

impl Columns {
    /// The console's header: `Account ID,Email`, further columns allowed.
    fn of_header(line: &str) -> Option<Self> {
        let delimiter = delimiter(line);
        let fields = fields(line, delimiter);
        let column = |name: &str| fields.iter().position(|field| field.eq_ignore_ascii_case(name));
        Some(Self { delimiter, account_id: column("Account ID")?, email: column("Email")? })
    }
}

fn row(line: usize, text: &str, columns: Option<&Columns>) -> Row {
    let (delimiter, account_id, email) = match columns {
        // Rows pasted from elsewhere may be separated otherwise than the header.
        Some(columns) if text.as_bytes().contains(&columns.delimiter) => {
            (columns.delimiter, columns.account_id, columns.email)
        }
        Some(columns) => (delimiter(text), columns.account_id, columns.email),
        None => (delimiter(text), 0, 1),
    };
    let mut fields = fields(text, delimiter);
    let mut take = |index: usize| fields.get_mut(index).map(std::mem::take).unwrap_or_default();
    Row { line, account_id: take(account_id), email: take(email) }
}

/// The comma or semicolon that comes first outside quotation marks.
fn delimiter(line: &str) -> u8 {
    let mut quoted = false;
    let first = line.bytes().find(|b| {
        quoted ^= *b == b'"';
        !quoted && matches!(b, b',' | b';')
    });
    first.unwrap_or(b',')
}

fn fields(line: &str, delimiter: u8) -> Vec<String> {
    // Without quotation marks the record is its parts. Most lines are, and to make a reader for each takes a while.
    if !line.contains('"') {
        return line.split(char::from(delimiter)).map(cleaned).collect();
    }
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .delimiter(delimiter)
        .terminator(Terminator::Any(b'\n'))
        .buffer_capacity(line.len().max(1))
        .from_reader(line.as_bytes());
    let mut record = StringRecord::new();
    // Reading valid UTF-8 from memory, one record, can't fail; if it did, the row would be rejected as empty.
    let read = reader.read_record(&mut record).unwrap_or(false);
    if read { record.iter().map(cleaned).collect() } else { Vec::new() }
}

/// Trims, takes quotation marks off that stood behind a space, and drops the apostrophes that our own report writes
/// before what a spreadsheet would run: at the beginning, and behind what it may take for the end of a cell.
pub(super) fn cleaned(field: &str) -> String {
    let mut field = trimmed(field);
    while let Some(unquoted) = field.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        field = trimmed(unquoted);
    }
    let mut cleaned = String::with_capacity(field.len());
    let mut begins = true;
    let mut rest = field.chars().peekable();
    while let Some(c) = rest.next() {
        if begins && c == '\'' && rest.peek().is_some_and(|next| "=+-@".contains(*next)) {
            begins = false;
            continue;
        }
        begins = matches!(c, ';' | '\t') || begins && c == ' ';
        cleaned.push(c);
    }
    cleaned
}

/// Without white space, and without the byte order mark that stands in the middle where files were joined.
fn trimmed(field: &str) -> &str {
    field.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
}
