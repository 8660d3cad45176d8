//! The rows of a direct request, judged like the lines of a list.

use serde_json::Value;

use super::cell::{cleaned, cleaned_id};
use super::{ListError, MAX_ROWS, RejectedRow, Roster, Row, RowProblem, Rules, assemble};

/// Reads the rows of `[{"accountId":"…","email":"…"}]`. The line of a row is its 1-based position.
#[must_use]
pub fn from_request(accounts: &[Value], rules: &Rules<'_>) -> Roster {
    match accounts.len() {
        0 => return Roster::refused(ListError::Empty),
        count if count > MAX_ROWS => return Roster::refused(ListError::TooManyRows(count)),
        _ => {}
    }
    let mut rows = Vec::new();
    let mut unreadable = Vec::new();
    for (index, account) in accounts.iter().enumerate() {
        match row(index + 1, account, rules) {
            Ok(row) => rows.push(row),
            Err(rejected) => unreadable.push(rejected),
        }
    }
    assemble(rows, unreadable, rules)
}

fn row(line: usize, account: &Value, rules: &Rules<'_>) -> Result<Row, RejectedRow> {
    let text = |name: &str| account.get(name).and_then(Value::as_str).unwrap_or_default();
    let is_text = |name: &str| account.get(name).is_none_or(|value| value.is_string() || value.is_null());
    let row = Row {
        line,
        account_id: cleaned_id(text("accountId")),
        email: cleaned(text("email")),
        states: Vec::new(),
        surplus: 0,
        other_ids: false,
    };
    if !account.is_object() {
        Err(row.rejected(RowProblem::NotAnObject))
    } else if !is_text("accountId") {
        Err(row.rejected(RowProblem::IdNotText))
    } else if rules.needs_email() && !is_text("email") {
        Err(row.rejected(RowProblem::EmailNotText))
    } else {
        Ok(row)
    }
}
