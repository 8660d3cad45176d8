//! What is not as declared as rows, for who has no script: one for each account and sentence, with its Regions.

use super::cells::{Cells, Said};
use super::fit::Fit;
use super::look::{LOOKS, Look, SETTLED};
use super::{escape, groups, pattern};
use crate::report::json::UNLISTED;

/// Rows on the page, and the bytes that they may take.
const ROWS: usize = 500;
const ROOM: usize = 350_000;

pub(super) struct Row {
    pub(super) look: &'static Look,
    pub(super) account: String,
    pub(super) regions: String,
    pub(super) place: String,
    pub(super) sentence: String,
}

pub(super) struct Rows {
    pub(super) shown: Vec<Row>,
    pub(super) left_out: usize,
}

/// What the cells of one row have in common, and their columns.
struct Alike {
    look: usize,
    said: Said,
    columns: Vec<usize>,
}

impl Rows {
    /// What needs attention first comes first.
    pub(super) fn new(cells: &Cells<'_>) -> Self {
        let (mut shown, mut all, mut fit) = (Vec::new(), 0, Fit::new(ROOM));
        for look in (0..SETTLED).filter(|look| LOOKS[*look].word != UNLISTED) {
            for account in 0..cells.accounts.len() {
                for alike in alike(cells, account, look) {
                    all += 1;
                    if shown.len() < ROWS && fit.is_open() {
                        let row = row(cells, account, &alike);
                        let length =
                            120 + row.regions.len() + escape::in_html(&row.place) + escape::in_html(&row.sentence);
                        if fit.takes(length) {
                            shown.push(row);
                        }
                    }
                }
            }
        }
        Self { left_out: all - shown.len(), shown }
    }
}

/// An account's cells of one look, one for each sentence. A sentence that names its Region stands alone.
fn alike(cells: &Cells<'_>, account: usize, look: usize) -> Vec<Alike> {
    let mut all: Vec<Alike> = Vec::new();
    for (column, cell) in cells.row(account).iter().enumerate() {
        let Some(said) = cells.kind(*cell).filter(|kind| kind.look == look).map(|kind| kind.said) else { continue };
        let alone = match said {
            Said::Nothing => false,
            Said::Sentence(index) => pattern::names_region(&cells.patterns[index]),
            Said::LeftOut => true,
        };
        match all.iter_mut().find(|one| one.said == said && !alone) {
            Some(one) => one.columns.push(column),
            None => all.push(Alike { look, said, columns: vec![column] }),
        }
    }
    all
}

fn row(cells: &Cells<'_>, account: usize, Alike { look, said, columns }: &Alike) -> Row {
    let sentence = match (said, columns.first()) {
        (Said::Sentence(index), Some(first)) => cells.sentence(*index, account, *first),
        (Said::LeftOut, _) => "see the JSON report: this page has no room for the sentence".into(),
        _ => String::new(),
    };
    let of = &cells.accounts[account];
    let line = of.line.map(|line| format!("line {line}"));
    let list = of.list.map(|list| format!("of {}", crate::quote::key(list)));
    Row {
        look: &LOOKS[*look],
        account: of.id.to_string(),
        regions: groups::regions_of(cells, columns, usize::MAX),
        place: line.into_iter().chain(list).collect::<Vec<_>>().join(" "),
        sentence,
    }
}
