//! The report as CSV, in parts: one row per account and one per rejected row, so that it can be corrected and uploaded
//! as it is.

use std::sync::Arc;

use csv::WriterBuilder;

use super::json::UNLISTED;
use crate::account::AccountId;
use crate::membership::MemberEmail;
use crate::roster::{RejectedRow, guarded};
use crate::run::{Membership, Run, Unlisted};

/// The last one is there only if there is more than one list.
const HEADER: [&str; 7] = ["Account ID", "Email", "Line", "Outcome", "Regions", "Detail", "List"];

/// Rows of one part: up to a few megabytes if every Region has a sentence of its own.
const ROWS: usize = 100;

/// Sentences of one row. Most differ by their Region only, and the file must stay small enough to be uploaded again.
const SENTENCES: usize = 2;

/// The CSV report of a run: columns `Account ID,Email,Line,Outcome,Regions,Detail`, and `List` if there is more than one.
#[derive(Debug)]
pub struct CsvReport {
    run: Arc<Run>,
    /// In the order of lists and lines. Members that no list names come last.
    rows: Vec<(bool, Place, Row)>,
}

/// List and line.
type Place = (Option<Arc<str>>, Option<usize>);

/// What a row is about, by its index in the roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Row {
    Account(usize),
    Rejected(usize),
    /// The first of the account's memberships that no list names.
    Unlisted(usize),
}

impl CsvReport {
    #[must_use]
    pub fn new(run: Arc<Run>) -> Self {
        let roster = &run.roster;
        let accounts = roster
            .accounts
            .iter()
            .enumerate()
            .map(|(index, account)| (false, (account.list.clone(), account.line), Row::Account(index)));
        let rejected = roster
            .rejected
            .iter()
            .enumerate()
            .map(|(index, row)| (false, (row.list.clone(), Some(row.line)), Row::Rejected(index)));
        let unlisted = unlisted(&run);
        let is_first = |index: &usize| *index == 0 || unlisted[index - 1].account != unlisted[*index].account;
        let others = (0..unlisted.len()).filter(is_first).map(|index| (true, (None, None), Row::Unlisted(index)));
        let mut rows: Vec<_> = accounts.chain(rejected).chain(others).collect();
        rows.sort_unstable();
        Self { run, rows }
    }

    /// A part of the report, numbered from 0. `None` past the last one.
    #[must_use]
    pub fn part(&self, number: usize) -> Option<Vec<u8>> {
        let rows = self.rows.chunks(ROWS).nth(number);
        if number > 0 && rows.is_none() {
            return None;
        }
        let mut writer = WriterBuilder::new().from_writer(Vec::new());
        // Writing to memory cannot fail.
        let columns = if self.run.fleet.is_some() { HEADER.len() } else { HEADER.len() - 1 };
        if number == 0 {
            let _ = writer.write_record(&HEADER[..columns]);
        }
        for (_, place, row) in rows.unwrap_or_default() {
            let cells = self.cells(place, *row);
            let _ = writer.write_record(cells[..columns].iter().map(|cell| guarded(cell)));
        }
        writer.into_inner().ok()
    }

    fn cells(&self, place: &Place, row: Row) -> [String; 7] {
        let roster = &self.run.roster;
        let (id, email) = match row {
            Row::Account(index) => (roster.accounts[index].id, roster.accounts[index].expose_email()),
            Row::Rejected(index) => return rejected_cells(&roster.rejected[index]),
            Row::Unlisted(index) => return unlisted_cells(&unlisted(&self.run)[index..]),
        };
        let [outcome, regions, detail] = self.ended(id, place);
        let (list, line) = place;
        let line = line.map(|line| line.to_string()).unwrap_or_default();
        let list = list.as_deref().unwrap_or_default().to_owned();
        [id.to_string(), email.to_owned(), line, outcome, regions, detail, list]
    }

    /// An account's worst outcome, its Regions and its details.
    fn ended(&self, id: AccountId, (list, line): &Place) -> [String; 3] {
        // Memberships are sorted by list and line.
        let all = &self.run.memberships;
        let place = (list.as_deref(), *line);
        let begin = all.partition_point(|membership| (membership.list.as_deref(), membership.line) < place);
        let there = |membership: &&Membership| (membership.list.as_deref(), membership.line) == place;
        let memberships: Vec<&Membership> = all[begin..]
            .iter()
            .map(AsRef::as_ref)
            .take_while(there)
            .filter(|membership| membership.account == id)
            .collect();

        let worst = memberships.iter().map(|membership| membership.outcome.severity()).max();
        let worst: Vec<_> = memberships.iter().filter(|one| Some(one.outcome.severity()) == worst).collect();
        let mut details: Vec<String> = Vec::new();
        let mut others = 0;
        for detail in worst.iter().filter_map(|one| one.detail(self.run.origin.retry)) {
            if details.contains(&detail) {
                continue;
            }
            if details.len() < SENTENCES {
                details.push(detail);
            } else {
                others += 1;
            }
        }
        if others > 0 {
            details.push(format!("and {others} more like these, see the JSON report"));
        }
        let regions: Vec<_> = worst.iter().map(|one| one.region.as_str()).collect();
        [worst.first().map_or("", |one| one.outcome.word()).to_owned(), regions.join(" "), details.join(" / ")]
    }
}

fn unlisted(run: &Run) -> &[Unlisted] {
    run.fleet.as_ref().map_or(&[], |fleet| &fleet.unlisted)
}

/// GuardDuty has an e-mail for who was invited. With it the row can be cut out and saved as a list.
fn unlisted_cells(from: &[Unlisted]) -> [String; 7] {
    let id = from.first().map(|first| first.account);
    let memberships: Vec<&Unlisted> = from.iter().take_while(|one| Some(one.account) == id).collect();
    let email = memberships.iter().find_map(|one| one.email.clone()).map(|MemberEmail(email)| email);
    let regions: Vec<&str> = memberships.iter().map(|one| one.region.as_str()).collect();
    let mut statuses: Vec<&str> = memberships.iter().map(|one| one.status.as_str()).collect();
    statuses.dedup();
    let (id, line, list) = (id.map(|id| id.to_string()).unwrap_or_default(), String::new(), String::new());
    [id, email.unwrap_or_default(), line, UNLISTED.into(), regions.join(" "), statuses.join(" / "), list]
}

fn rejected_cells(row: &RejectedRow) -> [String; 7] {
    let (line, reason) = (row.line.to_string(), row.problem.to_string());
    let list = row.list.as_deref().unwrap_or_default().to_owned();
    [row.account_id.clone(), row.email.clone(), line, "rejected".into(), String::new(), reason, list]
}
