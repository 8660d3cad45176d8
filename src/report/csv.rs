//! The report as CSV, in parts: one row per account and one per rejected row, so that it can be corrected and uploaded
//! as it is.

use std::sync::Arc;

use csv::WriterBuilder;

use crate::account::AccountId;
use crate::roster::{RejectedRow, guarded};
use crate::run::{Membership, Run};

const HEADER: [&str; 6] = ["Account ID", "Email", "Line", "Outcome", "Regions", "Detail"];

/// Rows of one part: up to a few megabytes if every Region has a sentence of its own.
const ROWS: usize = 100;

/// Sentences of one row. Most differ by their Region only, and the file must stay small enough to be uploaded again.
const SENTENCES: usize = 2;

/// The CSV report of a run: columns `Account ID,Email,Line,Outcome,Regions,Detail`.
#[derive(Debug)]
pub struct CsvReport {
    run: Arc<Run>,
    /// In the order of their lines.
    rows: Vec<(Option<usize>, Row)>,
}

/// What a row is about, by its index in the roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Row {
    Account(usize),
    Rejected(usize),
}

impl CsvReport {
    #[must_use]
    pub fn new(run: Arc<Run>) -> Self {
        let roster = &run.roster;
        let accounts = roster.accounts.iter().enumerate().map(|(index, account)| (account.line, Row::Account(index)));
        let rejected = roster.rejected.iter().enumerate().map(|(index, row)| (Some(row.line), Row::Rejected(index)));
        let mut rows: Vec<_> = accounts.chain(rejected).collect();
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
        if number == 0 {
            let _ = writer.write_record(HEADER);
        }
        for (line, row) in rows.unwrap_or_default() {
            let cells = self.cells(*line, *row);
            let _ = writer.write_record(cells.iter().map(|cell| guarded(cell)));
        }
        writer.into_inner().ok()
    }

    fn cells(&self, line: Option<usize>, row: Row) -> [String; 6] {
        let roster = &self.run.roster;
        let (id, email) = match row {
            Row::Account(index) => (roster.accounts[index].id, roster.accounts[index].expose_email()),
            Row::Rejected(index) => return rejected_cells(&roster.rejected[index]),
        };
        let [outcome, regions, detail] = self.ended(id, line);
        let line = line.map(|line| line.to_string()).unwrap_or_default();
        [id.to_string(), email.to_owned(), line, outcome, regions, detail]
    }

    /// An account's worst outcome, its Regions and its details.
    fn ended(&self, id: AccountId, line: Option<usize>) -> [String; 3] {
        // Memberships are sorted by line.
        let all = &self.run.memberships;
        let begin = all.partition_point(|membership| membership.line < line);
        let on_line = all[begin..].iter().take_while(|membership| membership.line == line);
        let memberships: Vec<&Membership> = on_line.filter(|membership| membership.account == id).collect();

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

fn rejected_cells(row: &RejectedRow) -> [String; 6] {
    let (line, reason) = (row.line.to_string(), row.problem.to_string());
    [row.account_id.clone(), row.email.clone(), line, "rejected".into(), String::new(), reason]
}
