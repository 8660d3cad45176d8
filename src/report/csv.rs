//! The report as CSV: one row per account and per rejected row, so that it can be corrected and uploaded as it is.

use std::collections::HashMap;

use csv::WriterBuilder;

use super::Membership;
use crate::account::AccountId;
use crate::outcome::Next;
use crate::roster::{RejectedRow, Roster, guarded};

const HEADER: [&str; 6] = ["Account ID", "Email", "Line", "Outcome", "Regions", "Detail"];

/// Writes the rows in the order of their lines.
pub(super) fn write(roster: &Roster, memberships: &[Membership], next: Next) -> Vec<u8> {
    let mut by_account: HashMap<AccountId, Vec<&Membership>> = HashMap::new();
    for membership in memberships {
        by_account.entry(membership.account).or_default().push(membership);
    }
    let listed = roster.accounts.iter().map(|account| (account.line, account.id, account.email.expose()));
    let others = roster.without_email.iter().map(|id| (None, *id, ""));
    let accounts = listed.chain(others).map(|(line, id, email)| {
        let memberships = by_account.get(&id).map_or(&[][..], Vec::as_slice);
        let [outcome, regions, detail] = ended(memberships, next);
        let shown = line.map(|line| line.to_string()).unwrap_or_default();
        (line, [id.to_string(), email.to_owned(), shown, outcome, regions, detail])
    });
    let rejected = roster.rejected.iter().map(|row| (Some(row.line), of_rejected(row)));
    let mut rows: Vec<_> = accounts.chain(rejected).collect();
    rows.sort_by_key(|(line, _)| *line);

    let mut writer = WriterBuilder::new().from_writer(Vec::new());
    // Writing to memory can't fail.
    let _ = writer.write_record(HEADER);
    for (_, row) in rows {
        let _ = writer.write_record(row.iter().map(|cell| guarded(cell)));
    }
    writer.into_inner().unwrap_or_default()
}

/// An account's worst outcome, and the Regions and details that it applies to.
fn ended(memberships: &[&Membership], next: Next) -> [String; 3] {
    let worst = memberships.iter().map(|membership| membership.outcome.severity()).max();
    let worst: Vec<_> = memberships.iter().filter(|one| Some(one.outcome.severity()) == worst).collect();
    let mut details: Vec<String> = Vec::new();
    for detail in worst.iter().filter_map(|one| one.detail(next)) {
        if !details.contains(&detail) {
            details.push(detail);
        }
    }
    let regions: Vec<_> = worst.iter().map(|one| one.region.as_str()).collect();
    [worst.first().map_or("", |one| one.outcome.word()).to_owned(), regions.join(" "), details.join(" / ")]
}

fn of_rejected(row: &RejectedRow) -> [String; 6] {
    let (line, reason) = (row.line.to_string(), row.problem.to_string());
    [row.account_id.clone(), row.email.clone(), line, "rejected".into(), String::new(), reason]
}
