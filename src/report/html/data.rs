//! What the script draws the grid from, as JSON inside the page: nothing in it can end its block.

use std::collections::HashMap;
use std::{fmt, io};

use serde::Serialize;

use super::cells::{Cells, NOTHING, Said};
use super::escape::{self, Inert};
use super::look::{LOOKS, SETTLED};
use super::pattern;
use crate::quote;
use crate::run::Run;

/// The bytes that rejected rows may take.
const REJECTED: usize = 400_000;

/// The script knows these names.
#[derive(Serialize)]
pub(super) struct Data<'a> {
    regions: &'a [&'a str],
    /// Word and glyph of each outcome.
    looks: Vec<[&'static str; 2]>,
    statuses: Vec<&'a str>,
    /// Each without what it shares with the one before it: the length of its beginning, its own text, the length of its end.
    sentences: Vec<(usize, &'a str, usize)>,
    /// Look, status and sentence of each kind of cell. −1 is no status or no sentence, −2 a sentence that is left out.
    kinds: Vec<[i64; 3]>,
    /// The lists, each with the number of accounts before its first one.
    lists: Vec<(Option<String>, usize)>,
    /// Twelve digits each.
    ids: String,
    /// Each line, less the line before it.
    lines: Vec<Option<i64>>,
    cells: Vec<Row>,
    /// Line, reason and, if there is more than one list, the list.
    rejected: Vec<(usize, String, Option<String>)>,
    #[serde(skip)]
    pub(super) accounts_left_out: usize,
    #[serde(skip)]
    pub(super) rejected_left_out: usize,
}

/// The kinds of an account's cells. −1 is a cell about which the run says nothing.
#[derive(Serialize)]
#[serde(untagged)]
enum Row {
    InAllRegions(i64),
    ByRegion(Vec<i64>),
}

impl<'a> Data<'a> {
    /// Accounts take no more than `room` bytes. Those that are as declared are left out first.
    pub(super) fn new(run: &'a Run, cells: &'a Cells<'a>, room: usize) -> Self {
        let mut statuses: Vec<&str> = Vec::new();
        let mut by_status: HashMap<&str, usize> = HashMap::new();
        let mut index_of = |status| {
            let index = *by_status.entry(status).or_insert_with(|| {
                statuses.push(status);
                statuses.len() - 1
            });
            number(index)
        };
        let kinds = cells.kinds.iter().map(|kind| {
            let sentence = match kind.said {
                Said::Nothing => -1,
                Said::Sentence(index) => number(index),
                Said::LeftOut => -2,
            };
            [number(kind.look), kind.status.map_or(-1, &mut index_of), sentence]
        });
        let kinds = kinds.collect();
        let before = std::iter::once("").chain(cells.patterns.iter().map(|pattern| &**pattern));
        let sentences = before.zip(&cells.patterns).map(|(before, pattern)| pattern::shared(before, pattern));
        let mut data = Self {
            regions: &cells.regions,
            looks: LOOKS.iter().map(|look| [look.word, look.glyph]).collect(),
            statuses,
            sentences: sentences.collect(),
            kinds,
            lists: Vec::new(),
            ids: String::new(),
            lines: Vec::new(),
            cells: Vec::new(),
            rejected: Vec::new(),
            accounts_left_out: 0,
            rejected_left_out: 0,
        };
        data.add_accounts(cells, room);
        data.add_rejected(run);
        data
    }

    fn add_accounts(&mut self, cells: &Cells<'_>, room: usize) {
        let rows: Vec<Row> = (0..cells.accounts.len()).map(|row| compact(cells.row(row))).collect();
        let kept = kept(cells, &rows, room);
        let (mut before, mut list) = (0, None);
        for ((account, row), _) in cells.accounts.iter().zip(rows).zip(&kept).filter(|(_, kept)| **kept) {
            if list != Some(account.list) {
                list = Some(account.list);
                self.lists.push((account.list.map(quote::key), self.lines.len()));
            }
            self.ids += account.id.as_str();
            let line = account.line.map(number);
            self.lines.push(line.map(|line| line - before));
            before = line.unwrap_or(before);
            self.cells.push(row);
        }
        self.accounts_left_out = kept.iter().filter(|kept| !**kept).count();
    }

    fn add_rejected(&mut self, run: &Run) {
        let mut bytes = 0;
        for row in &run.roster.rejected {
            let (reason, list) = (pattern::plain(&row.problem.to_string()), row.list.as_deref().map(quote::key));
            bytes += escape::in_json(&reason) + list.as_deref().map_or(4, escape::in_json) + 16;
            if bytes > REJECTED {
                break;
            }
            self.rejected.push((row.line, reason, list));
        }
        self.rejected_left_out = run.roster.rejected.len() - self.rejected.len();
    }
}

/// As the text of a `<script>` block, written as it goes: millions of bytes need not be in memory twice.
impl fmt::Display for Data<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(&mut serde_json::Serializer::with_formatter(Pieces(f), Inert)).map_err(|_| fmt::Error)
    }
}

struct Pieces<'a, 'b>(&'a mut fmt::Formatter<'b>);

impl io::Write for Pieces<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // JSON is written in whole pieces of text.
        let piece = std::str::from_utf8(bytes).map_err(io::Error::other)?;
        self.0.write_str(piece).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Which accounts there is room for.
fn kept(cells: &Cells<'_>, rows: &[Row], room: usize) -> Vec<bool> {
    let bytes: Vec<usize> = rows.iter().enumerate().map(|(row, kinds)| length_of(cells, row, kinds)).collect();
    let settled = |row: usize| {
        let kinds = cells.row(row).iter().filter_map(|cell| cells.kind(*cell));
        kinds.map(|kind| kind.look).all(|look| look >= SETTLED)
    };
    let mut kept = vec![true; rows.len()];
    let mut total: usize = bytes.iter().sum();
    for only_settled in [true, false] {
        for row in (0..rows.len()).rev() {
            if total > room && kept[row] && (!only_settled || settled(row)) {
                kept[row] = false;
                total -= bytes[row];
            }
        }
    }
    kept
}

/// In bytes: id, line and cells, as long as the account before it is kept, too.
fn length_of(cells: &Cells<'_>, row: usize, kinds: &Row) -> usize {
    let line = |row: usize| cells.accounts[row].line.map_or(0, number);
    let digits = |value: i64| 1 + value.to_string().len();
    let kinds = match kinds {
        Row::InAllRegions(kind) => digits(*kind),
        Row::ByRegion(kinds) => 2 + kinds.iter().map(|kind| digits(*kind)).sum::<usize>(),
    };
    let list = |row: usize| cells.accounts[row].list;
    let named = match list(row) {
        Some(key) if row.checked_sub(1).is_none_or(|before| list(before) != Some(key)) => {
            escape::in_json(&quote::key(key)) + 12
        }
        _ => 0,
    };
    12 + named + digits(line(row) - row.checked_sub(1).map_or(0, line)) + kinds
}

fn compact(row: &[u32]) -> Row {
    let kind = |cell: &u32| if *cell == NOTHING { -1 } else { i64::from(*cell) };
    match row.first() {
        Some(first) if row.iter().all(|cell| cell == first) => Row::InAllRegions(kind(first)),
        _ => Row::ByRegion(row.iter().map(kind).collect()),
    }
}

fn number(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
