//! The account list: parses bytes or request rows into accounts and rejected rows, each record exactly once.
//!
//! ```text
//! list      = [sep-line] *title [header] *row     UTF-8, UTF-16 with a byte order mark, or Windows-1252
//! sep-line  = "sep=" delimiter                    the first line
//! header    = one of the first ten records, with a known name and no cell of an e-mail or ten digits
//! row       = id delimiter email *( delimiter ignored )       or as the header orders its columns;
//!                                                 a list that lets accounts go needs no e-mail
//! delimiter = "," / ";" / tab / "|"               the one that makes a header or rows of the first records
//! record    = as in RFC 4180; lines end in LF, CRLF or CR
//! ```

mod cell;
mod dialect;
mod encoding;
mod header;
mod limits;
mod list;
mod problem;
mod record;
mod request;

use std::collections::HashMap;
use std::sync::Arc;

pub use cell::guarded;
pub use limits::{MAX_BYTES, MAX_MEMBERSHIPS, MAX_ROWS};
pub use list::read;
pub use problem::{ListError, Notice, RowProblem};
pub use request::from_request;

use crate::account::{Account, AccountId, Email};
use crate::declared::Goal;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roster {
    /// Each once, in the list's order.
    pub accounts: Vec<Account>,
    /// In the list's order.
    pub rejected: Vec<RejectedRow>,
    /// Why the whole list is refused, if it is. Then `accounts` is empty.
    pub refused: Option<ListError>,
    /// About the list as a whole.
    pub notices: Vec<Notice>,
}

/// What rows are judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules<'a> {
    /// What the list declares. Only who is to be monitored needs an e-mail and must be active.
    pub goal: Goal,
    /// `None` if it is not known.
    pub administrator: Option<AccountId>,
    /// Accounts that no list may let go.
    pub protected: &'a [AccountId],
}

impl Rules<'_> {
    /// Of a list whose accounts are to be monitored.
    #[must_use]
    pub fn monitored(administrator: AccountId) -> Self {
        Self { goal: Goal::Monitored, administrator: Some(administrator), protected: &[] }
    }

    fn needs_email(&self) -> bool {
        self.goal == Goal::Monitored
    }
}

impl Roster {
    /// A list that is refused before a row is read.
    #[must_use]
    pub fn refused(refused: ListError) -> Self {
        Self { refused: Some(refused), ..Self::default() }
    }

    /// Refuses the list if its accounts are too many for `regions` Regions.
    #[must_use]
    pub fn within_the_limit(mut self, regions: usize) -> Self {
        let accounts = self.accounts.len();
        if accounts * regions > MAX_MEMBERSHIPS {
            self.refused = Some(ListError::TooManyMemberships { accounts, regions });
            self.accounts.clear();
        }
        self
    }
}

#[derive(Clone, PartialEq, Eq)]
pub struct RejectedRow {
    /// The 1-based line of the list, or position in a request.
    pub line: usize,
    /// The key of the list, where there is more than one.
    pub list: Option<Arc<str>>,
    /// The text of the id column as it stood, for the CSV report.
    pub account_id: String,
    /// The text of the e-mail column as it stood, for the CSV report only: it may be personal.
    pub email: String,
    pub problem: RowProblem,
}

/// Omits the row's text: it may be personal.
impl std::fmt::Debug for RejectedRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}", self.line, self.problem)
    }
}

/// A row whose columns are known, not yet judged.
struct Row {
    line: usize,
    account_id: String,
    email: String,
    /// The account's state, from each column that has it.
    states: Vec<String>,
    /// How many filled cells follow the header's last column. Counted only if the header has a state column.
    surplus: usize,
    /// Whether another cell than the first holds an account id, too, and no header says which one counts.
    other_ids: bool,
}

impl Row {
    fn rejected(self, problem: RowProblem) -> RejectedRow {
        RejectedRow { line: self.line, list: None, account_id: self.account_id, email: self.email, problem }
    }
}

/// What the good rows say about one account.
struct Seen {
    first: usize,
    email: Option<Email>,
    /// The first line whose e-mail differs from the first one.
    other: Option<usize>,
}

/// States in which an account cannot be a member, as Organizations names them.
const NOT_ACTIVE: [&str; 4] = ["SUSPENDED", "CLOSED", "PENDING_CLOSURE", "PENDING_ACTIVATION"];

/// Judges rows one by one, then against each other. `rejected` has the records that could not be read as rows.
fn assemble(rows: Vec<Row>, mut rejected: Vec<RejectedRow>, rules: &Rules<'_>) -> Roster {
    let mut good: Vec<(Account, Row)> = Vec::new();
    for row in rows {
        match judge(&row, rules) {
            Ok(account) => good.push((account, row)),
            Err(problem) => rejected.push(row.rejected(problem)),
        }
    }

    let mut seen: HashMap<AccountId, Seen> = HashMap::new();
    for (Account { id, email, .. }, row) in &good {
        let seen = seen.entry(*id).or_insert_with(|| Seen { first: row.line, email: email.clone(), other: None });
        if seen.other.is_none() && differ(email.as_ref(), seen.email.as_ref()) {
            seen.other = Some(row.line);
        }
    }
    let mut accounts = Vec::new();
    for (account, row) in good {
        let Seen { first, email, other } = &seen[&account.id];
        match other {
            Some(other) => {
                let other = if differ(account.email.as_ref(), email.as_ref()) { *first } else { *other };
                rejected.push(row.rejected(RowProblem::Conflict { id: account.id, other }));
            }
            None if *first != row.line => rejected.push(row.rejected(RowProblem::Duplicate { first: *first })),
            None => accounts.push(account),
        }
    }
    rejected.sort_by_key(|row| row.line);
    let refused = accounts.is_empty().then_some(ListError::NoValidRow);
    Roster { accounts, rejected, refused, ..Roster::default() }
}

/// Whether both are known and not the same. Rows without an e-mail agree with all others.
fn differ(one: Option<&Email>, other: Option<&Email>) -> bool {
    matches!((one, other), (Some(one), Some(other)) if !one.is_same_as(other.expose()))
}

fn judge(row: &Row, rules: &Rules<'_>) -> Result<Account, RowProblem> {
    if row.surplus > 0 {
        return Err(RowProblem::Surplus(row.surplus));
    }
    let id = AccountId::parse(&row.account_id).ok_or_else(|| RowProblem::from_id_text(&row.account_id))?;
    match rules.goal {
        Goal::Monitored => to_be_monitored(id, row, rules),
        Goal::Suspended | Goal::Removed => to_be_let_go(id, row, rules),
    }
}

fn to_be_monitored(id: AccountId, row: &Row, rules: &Rules<'_>) -> Result<Account, RowProblem> {
    if let Some(state) = row.states.iter().find_map(|state| not_active(id, state)) {
        return Err(RowProblem::NotActive { id, state });
    }
    if row.email.is_empty() {
        return Err(RowProblem::NoEmail);
    }
    if Some(id) == rules.administrator {
        return Err(RowProblem::Administrator(id));
    }
    let email = Email::parse(&row.email).map_err(RowProblem::Email)?;
    Ok(Account { id, email: Some(email), line: Some(row.line), list: None })
}

/// The e-mail is not judged. It is left out, so that two rows of one account are a duplicate, never a conflict.
fn to_be_let_go(id: AccountId, row: &Row, rules: &Rules<'_>) -> Result<Account, RowProblem> {
    if row.other_ids {
        return Err(RowProblem::SeveralIds);
    }
    if Some(id) == rules.administrator {
        return Err(RowProblem::AdministratorStays(id));
    }
    if rules.protected.contains(&id) {
        return Err(RowProblem::Protected(id));
    }
    Ok(Account { id, email: None, line: Some(row.line), list: None })
}

/// The state that rules an account out, in any case and with any separator between its words. Our own report, which has
/// no state column, says it in its detail: that is recognized, so a report that is uploaded again rejects the same
/// rows.
fn not_active(id: AccountId, said: &str) -> Option<&'static str> {
    let visible: String = said.chars().filter(|c| !cell::is_invisible(*c)).collect();
    let words: Vec<&str> = visible.split(|c: char| c.is_whitespace() || matches!(c, '-' | '_')).collect();
    let word = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_");
    let in_detail = |state: &&'static str| said == RowProblem::NotActive { id, state }.to_string();
    NOT_ACTIVE.into_iter().find(|state| state.eq_ignore_ascii_case(&word) || in_detail(state))
}

#[cfg(test)]
mod tests;
