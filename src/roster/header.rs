//! The header: finds a list's columns by the names that AWS's exports (AWS N4, N5) and people's spreadsheets give them.

use csv::StringRecord;

use super::cell::{cleaned, is_padding};
use super::problem::ListError;
use crate::quote;

/// A header is searched in this many records.
pub(super) const WITHIN: usize = 10;

/// How many cells are read as names: a line of five million commas must not use up the memory.
const LOOKED_AT: usize = 1_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns {
    pub(super) account_id: usize,
    /// Only a list that needs no e-mail may lack it.
    pub(super) email: Option<usize>,
    /// Columns that say whether the account is active: those named so, and the detail of our own report.
    pub(super) states: Vec<usize>,
    /// How many columns the header has. Known only if one of them is the state: a shifted row could hide it.
    pub(super) count: Option<usize>,
    /// Whether there is no header.
    pub(super) guessed: bool,
}

/// What a known name says about its column. Of several, the lowest rank counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Name {
    AccountId { rank: u8 },
    Email { rank: u8 },
    State,
}

impl Name {
    /// Reads a name, ignoring case, spaces, hyphens and underscores.
    fn parse(cell: &str) -> Option<Self> {
        let name: String =
            cell.chars().filter(|c| !is_padding(*c) && !"_-".contains(*c)).flat_map(char::to_lowercase).collect();
        Some(match name.as_str() {
            "accountid" | "awsaccountid" | "accountnumber" => Self::AccountId { rank: 1 },
            "id" => Self::AccountId { rank: 2 },
            "account" => Self::AccountId { rank: 3 },
            "rootemail" | "rootuseremail" | "accountemail" => Self::Email { rank: 1 },
            "email" | "emailaddress" | "mail" => Self::Email { rank: 2 },
            "status" | "state" => Self::State,
            _ => return None,
        })
    }
}

impl Columns {
    pub(super) fn without_header() -> Self {
        Self { account_id: 0, email: Some(1), states: Vec::new(), count: None, guessed: true }
    }

    /// Reads a record as a header; `None` if it is not one. Columns are never guessed against a header: if it does not
    /// name those that are needed, the list is refused. Without a need for e-mails, the rows' states do not matter
    /// either.
    pub(super) fn from_header(record: &StringRecord, needs_email: bool) -> Option<Result<Self, ListError>> {
        let is_data = |cell: &str| cell.contains('@') || cell.bytes().filter(u8::is_ascii_digit).count() >= 10;
        if record.iter().any(is_data) {
            return None;
        }
        let cells: Vec<String> = record.iter().take(LOOKED_AT).map(cleaned).collect();
        let names: Vec<Option<Name>> = cells.iter().map(|cell| Name::parse(cell)).collect();
        names.iter().any(Option::is_some).then(|| {
            let account_id = only(&names, |name| if let Name::AccountId { rank } = name { Some(rank) } else { None });
            let email = only(&names, |name| if let Name::Email { rank } = name { Some(rank) } else { None });
            let column = |found: Found, what, expected| match found {
                Found::One(index) => Ok(index),
                Found::None => Err(ListError::NoColumn { what, expected, columns: shown(&cells) }),
                Found::Several => Err(ListError::TwoColumns { what, expected, columns: shown(&cells) }),
            };
            let account_id = column(account_id, "account id", "Account ID")?;
            if !needs_email {
                let email = if let Found::One(index) = email { Some(index) } else { None };
                return Ok(Self { account_id, email, states: Vec::new(), count: None, guessed: false });
            }
            let email = column(email, "e-mail", "Email or, where several e-mails are listed, Root email")?;
            Ok(Self {
                account_id,
                email: Some(email),
                states: (0..names.len())
                    .filter(|index| names[*index] == Some(Name::State) || cells[*index] == "Detail")
                    .collect(),
                count: names.contains(&Some(Name::State)).then_some(record.len()),
                guessed: false,
            })
        })
    }
}

enum Found {
    None,
    One(usize),
    Several,
}

/// The only column of the lowest rank that is there.
fn only(names: &[Option<Name>], rank: impl Fn(Name) -> Option<u8>) -> Found {
    let ranks: Vec<Option<u8>> = names.iter().map(|name| name.and_then(&rank)).collect();
    let Some(lowest) = ranks.iter().flatten().min() else { return Found::None };
    let mut at = (0..ranks.len()).filter(|index| ranks[*index] == Some(*lowest));
    match (at.next(), at.next()) {
        (Some(index), None) => Found::One(index),
        _ => Found::Several,
    }
}

/// The names, for an error: a header holds no personal data, but may be long.
fn shown(cells: &[String]) -> String {
    let named: Vec<&String> = cells.iter().filter(|cell| !cell.is_empty()).collect();
    let mut shown: Vec<String> =
        named.iter().take(12).map(|cell| quote::name(cell).chars().take(40).collect()).collect();
    if named.len() > shown.len() {
        shown.push(format!("and {} more", named.len() - shown.len()));
    }
    shown.join(", ")
}
