//! An uploaded list, from bytes to rows.

use csv::StringRecord;

use super::cell::{cleaned, cleaned_id};
use super::dialect::{Dialect, apart};
use super::encoding::decoded;
use super::header::{Columns, WITHIN};
use super::problem::Notice;
use super::record::records;
use super::{ListError, MAX_BYTES, MAX_ROWS, RejectedRow, Roster, Row, RowProblem, Rules, assemble};
use crate::account::AccountId;

/// How many characters are kept of a line that cannot be split into cells.
const SHOWN: usize = 1_000;

/// Reads a list. Never panics, whatever the bytes.
#[must_use]
pub fn read(bytes: &[u8], rules: &Rules<'_>) -> Roster {
    let size = bytes.len() as u64;
    if size > MAX_BYTES {
        return Roster::refused(ListError::TooLarge(size));
    }
    let (text, guessed) = match decoded(bytes) {
        Ok(decoded) => decoded,
        Err(refused) => return Roster::refused(refused),
    };
    let mut roster = match Rows::read(&text, rules) {
        Ok(rows) => {
            let mut roster = assemble(rows.whole, rows.broken, rules);
            roster.notices.extend(rows.titles);
            roster
        }
        Err(refused) => Roster::refused(refused),
    };
    // English text in UTF-16 is valid UTF-8 with a zero byte in every character.
    if roster.refused == Some(ListError::NoValidRow) && bytes.contains(&0) {
        roster.refused = Some(ListError::Utf16);
    }
    roster.notices.extend(guessed);
    roster
}

struct Rows {
    whole: Vec<Row>,
    /// Records that cannot be split into cells.
    broken: Vec<RejectedRow>,
    titles: Option<Notice>,
}

impl Rows {
    fn read(text: &str, rules: &Rules<'_>) -> Result<Self, ListError> {
        let Dialect { delimiter, text, first_line } = Dialect::detect(text);
        let Top { header_line, columns, titles } = Top::find(text, delimiter, first_line, rules)?;
        let records = records(text, delimiter, first_line, usize::MAX);
        let mut rows = Vec::new();
        let mut count = records.broken.len();
        records.for_each(|line, cells| {
            if line > header_line {
                count += 1;
                if count <= MAX_ROWS {
                    rows.push(row(line, &apart(cells), &columns));
                }
            }
        });
        match count {
            0 => Err(ListError::Empty),
            count if count > MAX_ROWS => Err(ListError::TooManyRows(count)),
            _ => {
                let broken = records.broken.iter().map(|(line, text)| broken(*line, text)).collect();
                Ok(Self { whole: rows, broken, titles: Notice::titles(&titles) })
            }
        }
    }
}

/// What is above the rows.
struct Top {
    /// The line of the header, or 0 if there is no header.
    header_line: usize,
    columns: Columns,
    /// The lines of the records above the header, and whether they hold an account id.
    titles: Vec<(usize, bool)>,
}

impl Top {
    fn find(text: &str, delimiter: u8, first_line: usize, rules: &Rules<'_>) -> Result<Self, ListError> {
        let mut header = None;
        let mut titles = Vec::new();
        records(text, delimiter, first_line, WITHIN).for_each(|line, cells| {
            if header.is_none() {
                let cells = apart(cells);
                match Columns::from_header(&cells, rules.needs_email()) {
                    Some(columns) => header = Some((line, columns)),
                    None => titles.push((line, cells.iter().any(|cell| AccountId::parse(&cleaned_id(cell)).is_some()))),
                }
            }
        });
        Ok(match header {
            Some((header_line, columns)) => Self { header_line, columns: columns?, titles },
            None => Self { header_line: 0, columns: Columns::without_header(), titles: Vec::new() },
        })
    }
}

fn row(line: usize, cells: &StringRecord, columns: &Columns) -> Row {
    let cell = |index: usize| cells.get(index).unwrap_or_default();
    Row {
        line,
        account_id: cleaned_id(cell(columns.account_id)),
        email: columns.email.map(|index| cleaned(cell(index))).unwrap_or_default(),
        states: columns.states.iter().map(|index| cleaned(cell(*index))).collect(),
        surplus: columns
            .count
            .map_or(0, |count| cells.iter().skip(count).filter(|cell| !cleaned(cell).is_empty()).count()),
        other_ids: columns.guessed && cells.iter().skip(1).any(|cell| AccountId::parse(&cleaned_id(cell)).is_some()),
    }
}

/// Its columns are not known, so its whole text is in the first.
fn broken(line: usize, text: &str) -> RejectedRow {
    let text = text.trim();
    let account_id = match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    };
    RejectedRow { line, list: None, account_id, email: String::new(), problem: RowProblem::QuotationMark }
}
