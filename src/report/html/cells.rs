//! Accounts × Regions: every account, Region and sentence once, and each cell an index.

use std::collections::HashMap;
use std::sync::Arc;

use super::pattern::{self, About};
use super::{escape, look};
use crate::account::{AccountId, Region};
use crate::membership::Status;
use crate::report::json::UNLISTED;
use crate::run::{Run, Unlisted};

/// The index of a cell about which the run says nothing.
pub(super) const NOTHING: u32 = u32::MAX;

/// What a new sentence takes besides its text: quotation marks, commas and a kind of cell.
const AROUND: usize = 32;

/// One account, with the row of the list that names it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Account<'a> {
    pub(super) id: AccountId,
    pub(super) list: Option<&'a str>,
    pub(super) line: Option<usize>,
}

/// What a cell can be: an outcome, GuardDuty's status and a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Kind<'a> {
    /// The index of its look.
    pub(super) look: usize,
    pub(super) status: Option<&'a str>,
    pub(super) said: Said,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Said {
    Nothing,
    /// The index of a pattern.
    Sentence(usize),
    /// A sentence for which the page has no room.
    LeftOut,
}

#[derive(Debug, Default)]
pub(super) struct Cells<'a> {
    pub(super) regions: Vec<&'a str>,
    /// In the order of lists and lines. Members that no list names come last.
    pub(super) accounts: Vec<Account<'a>>,
    pub(super) kinds: Vec<Kind<'a>>,
    pub(super) patterns: Vec<Arc<str>>,
    /// The bytes that sentences take.
    pub(super) bytes: usize,
    /// How many cells have a sentence that is left out.
    pub(super) left_out: usize,
    /// Row by row, indices of kinds.
    grid: Vec<u32>,
}

impl<'a> Cells<'a> {
    /// Reads a run. Sentences take no more than `room` bytes. What needs attention first gets the room first.
    pub(super) fn new(run: &'a Run, room: usize) -> Self {
        let unlisted = run.fleet.as_ref().map_or(&[][..], |fleet| &fleet.unlisted);
        let mut cells = Self::default();
        let mut columns: HashMap<&Region, usize> = HashMap::new();
        let all = run.memberships.iter().map(|one| &one.region).chain(unlisted.iter().map(|one| &one.region));
        for region in run.regions.iter().chain(all) {
            columns.entry(region).or_insert_with(|| {
                cells.regions.push(region.as_str());
                cells.regions.len() - 1
            });
        }
        let rows = cells.add_accounts(run, unlisted);
        cells.grid = vec![NOTHING; cells.accounts.len() * cells.regions.len()];

        let mut known = Known { room, ..Known::default() };
        let looks = run.memberships.iter().map(|one| look::of(&one.outcome));
        let listed: Vec<u8> = looks.map(|look| u8::try_from(look).unwrap_or(u8::MAX)).collect();
        for look in 0..look::LOOKS.len() {
            for (one, _) in run.memberships.iter().zip(&listed).filter(|(_, of)| usize::from(**of) == look) {
                let about = About { account: Some(one.account), region: Some(one.region.as_str()), line: one.line };
                let detail = one.detail(run.origin.retry);
                let status = one.status.as_ref().map(Status::as_str);
                cells.put(&mut known, (rows[&one.account], columns[&one.region]), (look, status), detail, &about);
            }
            for one in unlisted.iter().filter(|_| look == look::by_word(UNLISTED)) {
                let about = About { account: Some(one.account), region: Some(one.region.as_str()), line: None };
                let (at, status) = ((rows[&one.account], columns[&one.region]), Some(one.status.as_str()));
                cells.put(&mut known, at, (look, status), Some(named_by_none(one)), &about);
            }
        }
        cells.bytes = room - known.room;
        cells
    }

    /// The rows by account.
    fn add_accounts(&mut self, run: &'a Run, unlisted: &'a [Unlisted]) -> HashMap<AccountId, usize> {
        let mut rows = HashMap::new();
        let listed = run.memberships.iter().map(|one| (one.account, one.list.as_deref(), one.line));
        for (id, list, line) in listed.chain(unlisted.iter().map(|one| (one.account, None, None))) {
            rows.entry(id).or_insert_with(|| {
                self.accounts.push(Account { id, list, line });
                self.accounts.len() - 1
            });
        }
        rows
    }

    fn put(
        &mut self,
        known: &mut Known<'a>,
        (row, column): (usize, usize),
        (look, status): (usize, Option<&'a str>),
        sentence: Option<String>,
        about: &About<'_>,
    ) {
        let said = match sentence {
            None => Said::Nothing,
            Some(sentence) => known.said(&mut self.patterns, pattern::of(&sentence, about)),
        };
        self.left_out += usize::from(said == Said::LeftOut);
        let kind = Kind { look, status, said };
        let index = *known.kinds.entry(kind).or_insert_with(|| {
            self.kinds.push(kind);
            u32::try_from(self.kinds.len() - 1).unwrap_or(NOTHING)
        });
        let at = row * self.regions.len() + column;
        self.grid[at] = index;
    }

    /// The cells of one account: indices of kinds, or [`NOTHING`].
    pub(super) fn row(&self, account: usize) -> &[u32] {
        &self.grid[account * self.regions.len()..][..self.regions.len()]
    }

    pub(super) fn kind(&self, cell: u32) -> Option<&Kind<'a>> {
        self.kinds.get(usize::try_from(cell).ok()?)
    }

    /// The sentence about an account in a Region.
    pub(super) fn sentence(&self, pattern: usize, account: usize, region: usize) -> String {
        let Account { id, line, .. } = self.accounts[account];
        let about = About { account: Some(id), region: Some(self.regions[region]), line };
        pattern::filled(&self.patterns[pattern], &about)
    }
}

/// What was seen so far, and how many bytes are left for sentences.
#[derive(Default)]
struct Known<'a> {
    kinds: HashMap<Kind<'a>, u32>,
    patterns: HashMap<Arc<str>, usize>,
    room: usize,
}

impl Known<'_> {
    fn said(&mut self, patterns: &mut Vec<Arc<str>>, pattern: String) -> Said {
        if let Some(index) = self.patterns.get(pattern.as_str()) {
            return Said::Sentence(*index);
        }
        let (_, own, _) = pattern::shared(patterns.last().map_or("", |last| last), &pattern);
        let bytes = escape::in_json(own) + AROUND;
        if bytes > self.room {
            return Said::LeftOut;
        }
        self.room -= bytes;
        let pattern: Arc<str> = pattern.into();
        patterns.push(Arc::clone(&pattern));
        self.patterns.insert(pattern, patterns.len() - 1);
        Said::Sentence(patterns.len() - 1)
    }
}

fn named_by_none(one: &Unlisted) -> String {
    let Unlisted { account, region, status, .. } = one;
    format!("no list names account {account}; it is {status} in {region}: add it to a list, or remove it there")
}
