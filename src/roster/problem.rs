//! What can be wrong with a row or a whole list, and the sentences that say so without quoting anything personal.

use thiserror::Error;

use super::{MAX_BYTES, MAX_ROWS};
use crate::account::{AccountId, EmailProblem};

/// Why a row is not used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RowProblem {
    /// The id column is empty.
    #[error("the account id is missing; expected an account id and an e-mail")]
    NoId,
    /// Digits, but not twelve of them.
    #[error("account id {shown:?} has {digits} digits, expected 12{}", zero_hint(*.digits))]
    Digits {
        /// The id as it stood.
        shown: String,
        /// How many digits it has.
        digits: usize,
    },
    /// A number in scientific notation.
    #[error("account id {0:?} is not 12 digits: a spreadsheet turned it into a number; format the column as text")]
    Number(String),
    /// Digits with hyphens, as the console prints them.
    #[error("account id {0:?} has hyphens; write its 12 digits only")]
    Hyphens(String),
    /// Something with an `@`, which is not repeated.
    #[error("the account id column holds an e-mail address; expected 12 digits (are the columns swapped?)")]
    EmailInstead,
    /// A JSON value that is no string.
    #[error("\"accountId\" is not a string; write it in quotes, a number loses its leading zeros")]
    IdNotText,
    /// A JSON value that is no string.
    #[error("\"email\" is not a string")]
    EmailNotText,
    /// A request's row that is not `{"accountId":…,"email":…}`.
    #[error("is not an object with \"accountId\" and \"email\" as strings")]
    NotAnObject,
    /// Anything else.
    #[error("account id {0:?} is not 12 digits{hint}", hint = header_hint(.0))]
    NotAnId(String),
    /// The e-mail column is missing or empty.
    #[error("the e-mail is missing; expected the e-mail of the account's root user after the account id")]
    NoEmail,
    /// An e-mail that GuardDuty would refuse.
    #[error("{0}; correct column Email")]
    Email(EmailProblem),
    /// The administrator's own id.
    #[error("{0} is the administrator account itself, which can not be its own member; remove the row")]
    Administrator(AccountId),
    /// The same id with another e-mail elsewhere.
    #[error("account {id} has another e-mail on line {other}; keep the right row and remove the other")]
    Conflict {
        /// The account.
        id: AccountId,
        /// The first line that disagrees.
        other: usize,
    },
    /// The same account once more: harmless.
    #[error("same as line {first}")]
    Duplicate {
        /// The line that is used.
        first: usize,
    },
}

fn zero_hint(digits: usize) -> &'static str {
    if matches!(digits, 10 | 11) { " (a spreadsheet may have dropped a leading zero)" } else { "" }
}

fn header_hint(shown: &str) -> &'static str {
    let word = shown.bytes().all(|b| !b.is_ascii_digit());
    if word { " (if this is the header, it has to name the columns Account ID and Email)" } else { "" }
}

impl RowProblem {
    /// Says what is wrong with a text that is not an account id.
    pub(super) fn of_id(text: &str) -> Self {
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

/// `1.23E+11`, with a point or a comma.
fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    mantissa.split(['.', ',']).all(digits) && digits(exponent)
}

/// What may be quoted of an id column: not past anything that could separate it from an e-mail column, not past 40
/// characters.
fn shown(text: &str) -> String {
    if is_scientific(text) {
        return text.to_owned();
    }
    let cut: String = text.chars().take_while(|c| c.is_alphanumeric() || "+-._'".contains(*c)).take(40).collect();
    if cut.len() < text.len() { format!("{cut}…") } else { cut }
}

/// Why a list is refused whole. Nothing is touched, and trying again would not help.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refused {
    /// The object or the bucket is not there (any more).
    #[error("the list is gone: there is no such object; upload it again")]
    Gone,
    /// S3 does not let us read it.
    #[error(
        "not allowed to read the list ({0}): give the function s3:GetObject and s3:GetObjectVersion on it, or upload it again if it is gone"
    )]
    Unreadable(String),
    /// Larger than [`MAX_BYTES`].
    #[error("the list has {0} bytes, more than the {MAX_BYTES} that are read; split it")]
    TooLarge(u64),
    /// More rows than [`MAX_ROWS`].
    #[error("the list has {0} rows, more than the {MAX_ROWS} that are read; split it")]
    TooManyRows(usize),
    /// Two bytes a character.
    #[error("the list is UTF-16 text; save it as \"CSV UTF-8\"")]
    Utf16,
    /// Not UTF-8.
    #[error("the list is not UTF-8 text (byte {0} is the first that is not); save it as \"CSV UTF-8\"")]
    NotUtf8(usize),
    /// No row at all.
    #[error("the list is empty; expected rows of account id and e-mail")]
    Empty,
    /// Rows, but none that can be used.
    #[error("the list has no valid row; see the reason for each row")]
    NoValidRow,
}
