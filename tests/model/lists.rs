//! The model of a list: its rows, and what they declare.

use std::collections::BTreeMap;

use crate::operations::{Account, Address, CROWD, Goal, Key, Row};

/// What a list declares, and its lines that declare nothing. The header is line 1.
fn read(goal: Goal, rows: &[Row]) -> (BTreeMap<Account, Address>, Vec<usize>) {
    let mut declared: BTreeMap<Account, Vec<(usize, Address)>> = BTreeMap::new();
    let mut rejected = Vec::new();
    for (line, row) in (2..).zip(rows) {
        match row {
            Row::Good(account, address) if goal == Goal::Monitored => {
                declared.entry(*account).or_default().push((line, *address));
            }
            // Nobody looks at the address of who is let go.
            Row::Good(account, _) | Row::NoEmail(account) if goal != Goal::Monitored => {
                declared.entry(*account).or_default().push((line, Address::Right));
            }
            _ => rejected.push(line),
        }
    }
    // Of rows that agree, the first counts. Of rows that disagree, none does.
    let agree = |rows: &[(usize, Address)]| rows.iter().all(|(_, address)| *address == rows[0].1);
    for rows in declared.values() {
        rejected.extend(rows.iter().map(|(line, _)| *line).skip(usize::from(agree(rows))));
    }
    rejected.sort_unstable();
    (
        declared.into_iter().filter(|(_, rows)| agree(rows)).map(|(account, rows)| (account, rows[0].1)).collect(),
        rejected,
    )
}

/// The most accounts that one list may let go.
pub const MAX_LEAVING: usize = CROWD.end - CROWD.start;

/// One version of a list.
#[derive(Debug)]
pub struct List {
    pub key: Key,
    /// `None` for a file that is no list at all.
    pub rows: Option<Vec<Row>>,
}

impl List {
    pub fn new(key: Key, crowd: bool, rows: Option<&[Row]>) -> Self {
        Self { key, rows: rows.map(|rows| with_crowd(crowd, rows)) }
    }

    pub fn rows(&self) -> &[Row] {
        self.rows.as_deref().unwrap_or_default()
    }

    /// Whom it is about, by its valid rows, and its lines that are rejected.
    pub fn read(&self) -> (BTreeMap<Account, Address>, Vec<usize>) {
        read(self.key.goal(), self.rows())
    }

    pub fn lets_go(&self) -> bool {
        self.key.goal() != Goal::Monitored
    }

    /// Every account whose id can be read, on a rejected row, too.
    pub fn named(&self) -> impl Iterator<Item = Account> {
        self.rows().iter().filter_map(|row| match row {
            Row::Good(account, _) | Row::NoEmail(account) => Some(*account),
            Row::ShortId(_) | Row::Administrator => None,
        })
    }

    pub fn names(&self, account: Account) -> bool {
        self.read().0.contains_key(&account)
    }
}

/// The rows with the crowd above them.
fn with_crowd(crowd: bool, rows: &[Row]) -> Vec<Row> {
    let crowd = if crowd { CROWD } else { 0..0 };
    crowd.map(|account| Row::Good(account, Address::Right)).chain(rows.iter().copied()).collect()
}
