//! The model of a list: its rows, and what they declare.

use std::collections::BTreeMap;

use crate::operations::{Account, Address, CROWD, Row};

/// What a list declares, and its lines that declare nothing. The header is line 1.
pub fn read(rows: &[Row]) -> (BTreeMap<Account, Address>, Vec<usize>) {
    let mut declared: BTreeMap<Account, Vec<(usize, Address)>> = BTreeMap::new();
    let mut rejected = Vec::new();
    for (line, row) in (2..).zip(rows) {
        match row {
            Row::Good(account, address) => declared.entry(*account).or_default().push((line, *address)),
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

/// The rows with the crowd above them.
pub fn with_crowd(crowd: bool, rows: &[Row]) -> Vec<Row> {
    let crowd = if crowd { CROWD } else { 0..0 };
    crowd.map(|account| Row::Good(account, Address::Right)).chain(rows.iter().copied()).collect()
}
