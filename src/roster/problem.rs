//! What can be wrong with a row or a whole list. The sentences quote nothing personal.

use thiserror::Error;

use super::limits::{MAX_BYTES, MAX_MEMBERSHIPS, MAX_ROWS};
use crate::account::{AccountId, EmailProblem};
use crate::quote;

/// A remark on a list that is read nevertheless.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Notice {
    /// It is neither UTF-8 nor UTF-16.
    #[error(
        "the list is not UTF-8 text and was read as Windows-1252; account ids and e-mails are the same in both; \
         save it as \"CSV UTF-8\" to be sure of the rest"
    )]
    Windows1252,
    #[error("the records above the header were read as titles: {}{}", lines(.titles), unused(.with_account))]
    Titles {
        /// The lines where the titles begin.
        titles: Vec<usize>,
        /// Those of them that hold an account id.
        with_account: Vec<usize>,
    },
}

impl Notice {
    /// Takes the records above a header: the line where each begins, and whether it holds an account id.
    pub(super) fn titles(records: &[(usize, bool)]) -> Option<Self> {
        let titles: Vec<usize> = records.iter().map(|(line, _)| *line).collect();
        let with_account = records.iter().filter(|(_, account)| *account).map(|(line, _)| *line).collect();
        (!titles.is_empty()).then_some(Self::Titles { titles, with_account })
    }
}

/// `line 1`, `lines 1, 2 and 4`.
fn lines(lines: &[usize]) -> String {
    let numbers: Vec<String> = lines.iter().map(ToString::to_string).collect();
    match numbers.split_last() {
        Some((last, [])) => format!("line {last}"),
        Some((last, others)) => format!("lines {} and {last}", others.join(", ")),
        None => String::new(),
    }
}

fn unused(with_account: &[usize]) -> String {
    if with_account.is_empty() {
        return String::new();
    }
    let holds = if with_account.len() == 1 { "holds an account id that was" } else { "hold account ids that were" };
    format!("; {} {holds} not used: move it below the header if it is a row", lines(with_account))
}

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RowProblem {
    #[error("the account id is missing; expected an account id and an e-mail")]
    NoId,
    #[error("account id {shown:?} has {digits} digits, expected 12{}", zero_hint(*.digits))]
    Digits { shown: String, digits: usize },
    /// In scientific notation.
    #[error("account id {0:?} is not 12 digits: a spreadsheet turned it into a number; format the column as text")]
    Number(String),
    /// 12 digits with hyphens, as the console prints them.
    #[error("account id {0:?} has hyphens; write its 12 digits only")]
    Hyphens(String),
    /// It has an `@`, so the sentence does not repeat it.
    #[error("the account id column holds an e-mail address; expected 12 digits (are the columns swapped?)")]
    EmailInstead,
    /// In a request.
    #[error("\"accountId\" is not a string; write it in quotes, since a number loses its leading zeros")]
    IdNotText,
    /// In a request.
    #[error("\"email\" is not a string")]
    EmailNotText,
    /// In a request.
    #[error("the row is not an object with \"accountId\" and \"email\" as strings")]
    NotAnObject,
    /// Any other text.
    #[error("account id {0:?} is not 12 digits{hint}", hint = header_hint(.0))]
    NotAnId(String),
    /// In a list that lets accounts go.
    #[error(
        "the row holds several account ids, and no header says which one counts; \
         add a header that names the column Account ID, or remove the other columns"
    )]
    SeveralIds,
    #[error("the e-mail is missing; expected the e-mail of the account's root user after the account id")]
    NoEmail,
    #[error("{0}; correct column Email")]
    Email(EmailProblem),
    /// It does not close before the next row.
    #[error("a quotation mark on this line is not closed, so its columns are not known; close or remove it")]
    QuotationMark,
    /// How many cells it has more than the header has columns. Matters only if one of those is the account's state.
    #[error(
        "the row has more cells than the header has columns ({0} more), so it is not known which one is the state; \
         put quotation marks around a cell that contains a delimiter"
    )]
    Surplus(usize),
    #[error(
        "the list says that account {id} is {state}; remove the row, or write ACTIVE and empty column Detail when it is so"
    )]
    NotActive { id: AccountId, state: &'static str },
    #[error("{0} is the administrator account itself, which cannot be its own member; remove the row")]
    Administrator(AccountId),
    /// In a list that lets accounts go.
    #[error("{0} is the administrator account itself, which no list suspends or removes; remove the row")]
    AdministratorStays(AccountId),
    /// In a list that lets accounts go.
    #[error("account {0} is protected (PROTECTED_ACCOUNTS), so no list may suspend or remove it; remove the row")]
    Protected(AccountId),
    #[error("account {id} has another e-mail on line {other}; keep the right row and remove the other")]
    Conflict {
        id: AccountId,
        /// The first line that disagrees.
        other: usize,
    },
    /// Harmless.
    #[error("same as line {first}")]
    Duplicate {
        /// The line that is used.
        first: usize,
    },
}

/// See AWS N3.
fn zero_hint(digits: usize) -> &'static str {
    if matches!(digits, 10 | 11) { " (a spreadsheet may have dropped a leading zero)" } else { "" }
}

fn header_hint(shown: &str) -> &'static str {
    let word = shown.bytes().all(|b| !b.is_ascii_digit());
    if word { " (if this is the header, it must name the columns Account ID and Email)" } else { "" }
}

impl RowProblem {
    /// What is wrong with a text that is not an account id.
    pub(super) fn from_id_text(text: &str) -> Self {
        if text.is_empty() {
            return Self::NoId;
        }
        if text.contains('@') {
            return Self::EmailInstead;
        }
        let shown = shown(text);
        let digits = text.chars().filter(char::is_ascii_digit).count();
        if text.bytes().all(|b| b.is_ascii_digit()) {
            Self::Digits { shown, digits }
        } else if is_scientific(text) {
            Self::Number(shown)
        } else if digits == 12 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
            Self::Hyphens(shown)
        } else {
            Self::NotAnId(shown)
        }
    }
}

/// Whether it is like `1.23E+11`, with a point or a comma.
fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    mantissa.split(['.', ',']).all(digits) && digits(exponent)
}

/// The part of an id column that may be quoted: at most 40 characters, and nothing after a character that could
/// separate it from an e-mail.
fn shown(text: &str) -> String {
    // An address with a wide sign or percent-encoding would not end at its `@`, so not even its first part is quoted.
    if quote::has_address(text) {
        return "…".into();
    }
    // A number in scientific notation may have a comma.
    let marks = if is_scientific(text) { "+-._'," } else { "+-._'" };
    let cut: String = text.chars().take_while(|c| c.is_alphanumeric() || marks.contains(*c)).take(40).collect();
    if cut.len() < text.len() { format!("{cut}…") } else { cut }
}

/// Why a list is refused whole. Nothing is touched, and trying again would not help.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ListError {
    #[error("the list has {0} bytes, more than the limit of {MAX_BYTES}; split it")]
    TooLarge(u64),
    #[error("the list has {0} rows, more than the limit of {MAX_ROWS}; split it")]
    TooManyRows(usize),
    #[error(
        "the list has {accounts} accounts, which in {regions} Regions is more than the limit of {MAX_MEMBERSHIPS} \
         memberships; split it"
    )]
    TooManyMemberships { accounts: usize, regions: usize },
    /// Two bytes a character, and no byte order mark.
    #[error("the list seems to be UTF-16 text without a byte order mark; save it as \"CSV UTF-8\"")]
    Utf16,
    #[error(
        "the list is JSON, not CSV; write a row of account id and e-mail for each account: \
         aws organizations list-accounts --query 'Accounts[].[Id,Email]' --output text does so"
    )]
    Json,
    #[error("the list is HTML or XML, not CSV; open it in a spreadsheet and save it as \"CSV UTF-8\"")]
    Html,
    /// A zip archive, which an xlsx workbook is, too.
    #[error(
        "the list is a zip archive or an Excel workbook (xlsx), not CSV; \
         open it in a spreadsheet, choose File, Save As, and save it as \"CSV UTF-8\""
    )]
    Zip,
    /// A workbook as Excel wrote it before 2007.
    #[error(
        "the list is an Excel workbook (xls), not CSV; \
         open it in a spreadsheet, choose File, Save As, and save it as \"CSV UTF-8\""
    )]
    OldWorkbook,
    #[error("the list is a PDF, not CSV; save the table that it was made from as \"CSV UTF-8\"")]
    Pdf,
    #[error("the list's header names no {what} column; expected {expected}, but its columns are: {columns}")]
    NoColumn {
        /// What the column holds.
        what: &'static str,
        /// The name that it should have.
        expected: &'static str,
        /// The names that the header has.
        columns: String,
    },
    #[error(
        "the list's header names more than one {what} column, and the function does not guess which one counts; \
         expected one {expected}, but its columns are: {columns}"
    )]
    TwoColumns {
        /// What the columns hold.
        what: &'static str,
        /// The name that one of them should have.
        expected: &'static str,
        /// The names that the header has.
        columns: String,
    },
    #[error("the list is empty; expected rows of account id and e-mail")]
    Empty,
    #[error("the list has no valid row; see the reason for each row")]
    NoValidRow,
}
