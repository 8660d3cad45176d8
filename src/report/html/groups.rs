//! What to do: what is not as declared, grouped by sentence, with its accounts and Regions.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use super::cells::{Cells, Said};
use super::escape;
use super::fit::{Fit, counted, listed};
use super::look::{LOOKS, Look};
use super::pattern::{self, About, Piece};

/// Groups on the page, and the bytes that they may take. The grid has what is left out.
const GROUPS: usize = 100;
const ROOM: usize = 250_000;
/// Accounts of one group that it names without script, and the Regions of each.
const ACCOUNTS: usize = 6;
const REGIONS: usize = 4;

/// All memberships of one outcome with one sentence.
pub(super) struct Group {
    pub(super) look: &'static Look,
    /// The index of the sentence. `None` if it is left out.
    pub(super) sentence: Option<usize>,
    pub(super) pieces: Vec<Piece>,
    /// Such as `12 accounts in 3 Regions`.
    pub(super) extent: String,
    /// The first accounts, each with its Regions.
    pub(super) accounts: Vec<(String, String)>,
    /// How many accounts it has besides.
    pub(super) others: usize,
}

pub(super) struct Groups {
    pub(super) shown: Vec<Group>,
    pub(super) left_out: usize,
}

/// Memberships of one outcome and sentence, as they are found.
#[derive(Default)]
struct Found {
    /// The first accounts: their rows, and the columns of their Regions.
    first: Vec<(usize, Vec<usize>)>,
    accounts: usize,
    regions: BTreeSet<usize>,
    last: Option<usize>,
}

impl Groups {
    pub(super) fn new(cells: &Cells<'_>) -> Self {
        let mut by_sentence: HashMap<(usize, Option<usize>), Found> = HashMap::new();
        for row in 0..cells.accounts.len() {
            for (column, cell) in cells.row(row).iter().enumerate() {
                let Some(kind) = cells.kind(*cell) else { continue };
                let sentence = match kind.said {
                    Said::Nothing => continue,
                    Said::Sentence(index) => Some(index),
                    Said::LeftOut => None,
                };
                by_sentence.entry((kind.look, sentence)).or_default().add(row, column);
            }
        }
        let mut found: Vec<_> = by_sentence.into_iter().collect();
        found.sort_by_key(|((look, sentence), found)| (*look, Reverse(found.accounts), sentence.is_none(), *sentence));

        let mut fit = Fit::new(ROOM);
        let all = found.len();
        let groups = found.iter().take(GROUPS).map(|((look, sentence), found)| group(cells, *look, *sentence, found));
        let shown: Vec<Group> = groups.take_while(|group| fit.takes(length(group))).collect();
        Self { left_out: all - shown.len(), shown }
    }
}

impl Found {
    fn add(&mut self, row: usize, column: usize) {
        self.regions.insert(column);
        if self.last != Some(row) {
            self.last = Some(row);
            self.accounts += 1;
            if self.first.len() < ACCOUNTS {
                self.first.push((row, Vec::new()));
            }
        }
        if let Some((_, columns)) = self.first.last_mut().filter(|(first, _)| *first == row) {
            columns.push(column);
        }
    }
}

fn group(cells: &Cells<'_>, look: usize, sentence: Option<usize>, found: &Found) -> Group {
    let alone = found.first.first().filter(|_| found.accounts == 1).map(|(row, _)| &cells.accounts[*row]);
    let region = found.regions.first().filter(|_| found.regions.len() == 1).map(|column| cells.regions[*column]);
    let about = About { account: alone.map(|one| one.id), region, line: alone.and_then(|one| one.line) };
    let pieces = match sentence {
        Some(index) => pattern::pieces(&cells.patterns[index], &about),
        None => vec![Piece::Text("sentences for which this page has no room: the JSON report has them all".into())],
    };
    let named = |(row, columns): &(usize, Vec<usize>)| {
        (cells.accounts[*row].id.to_string(), regions_of(cells, columns, REGIONS))
    };
    Group {
        look: &LOOKS[look],
        sentence,
        pieces,
        extent: format!("{} in {}", counted(found.accounts, "account"), counted(found.regions.len(), "Region")),
        accounts: found.first.iter().map(named).collect(),
        others: found.accounts - found.first.len(),
    }
}

/// `us-east-1, us-east-2 and 3 more`, or `all 17 Regions`.
pub(super) fn regions_of(cells: &Cells<'_>, columns: &[usize], most: usize) -> String {
    if columns.len() == cells.regions.len() && columns.len() > 1 {
        return format!("all {} Regions", columns.len());
    }
    listed(columns.iter().map(|column| cells.regions[*column]), most)
}

/// In bytes, about.
fn length(group: &Group) -> usize {
    let piece = |piece: &Piece| match piece {
        Piece::Text(text) => escape::in_html(text),
        Piece::Gap(name) => name.len() + 20,
    };
    let accounts = group.accounts.iter().map(|(id, regions)| id.len() + regions.len() + 60).sum::<usize>();
    group.pieces.iter().map(piece).sum::<usize>() + accounts + 400
}
