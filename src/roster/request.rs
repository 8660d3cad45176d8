//! The rows of a direct request, judged as the lines of a list are.

use serde_json::Value;

use super::{MAX_ROWS, Refused, RejectedRow, Roster, Row, RowProblem, assemble};
use crate::account::AccountId;

/// Reads `[{"accountId":"…","email":"…"}]`. A row's line is its 1-based position.
#[must_use]
pub fn from_request(accounts: &[Value], administrator: AccountId) -> Roster {
    match accounts.len() {
        0 => return Roster::refused(Refused::Empty),
        count if count > MAX_ROWS => return Roster::refused(Refused::TooManyRows(count)),
        _ => {}
    }
    let mut rows = Vec::new();
    let mut unreadable = Vec::new();
    for (index, account) in accounts.iter().enumerate() {
        match row(index + 1, account) {
            Ok(row) => rows.push(row),
            Err(rejected) => unreadable.push(rejected),
        }
    }
    let mut roster = assemble(rows, administrator);
    roster.rejected.append(&mut unreadable);
    roster.rejected.sort_by_key(|row| row.line);
    roster
}

fn row(line: usize, account: &Value) -> Result<Row, RejectedRow> {
    let text = |name: &str| match account.get(name) {
        None | Some(Value::Null) => Some(String::new()),
        Some(Value::String(text)) => Some(text.trim().to_owned()),
        Some(_) => None,
    };
    let rejected = |problem| RejectedRow { line, account_id: String::new(), email: String::new(), problem };
    if !account.is_object() {
        return Err(rejected(RowProblem::NotAnObject));
    }
    let account_id = text("accountId").ok_or_else(|| rejected(RowProblem::NotText))?;
    let email = text("email").ok_or_else(|| rejected(RowProblem::NotAnObject))?;
    Ok(Row { line, account_id, email })
}
