//! The report as a page to look at: one file that asks nothing of anywhere. It holds no e-mail address.

mod cells;
mod data;
mod escape;
mod fit;
mod groups;
mod look;
mod pattern;
mod policy;
mod rows;
mod summary;

use askama::Template;

use self::cells::Cells;
use self::data::Data;
use self::fit::{Part, counted};
use self::groups::Groups;
use self::pattern::Piece;
use self::rows::Rows;
use self::summary::{Fact, Tile};
use crate::quote;
use crate::run::{ListRead, Run};

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// The page's data takes no more bytes than this, so that the page never has more than 5,000,000: style, script and
/// what is written for who has no script take 900,000 at most.
const DATA: usize = 4_100_000;
/// What is kept of that for rejected rows and for what belongs to no account.
const REJECTED: usize = 450_000;
/// Sentences have what accounts leave, but not less and not more than this: nobody reads more, and the page is made while the
/// whole run is in memory.
const LEAST_SENTENCES: usize = 400_000;
const MOST_SENTENCES: usize = 1_000_000;

/// The bytes that notices may take, and those of lists, and of rejected rows without script.
const NOTICES: usize = 80_000;
const LISTS: usize = 80_000;
const REJECTED_ROWS: usize = 80_000;

#[derive(Template)]
#[template(path = "../src/report/html/page.html")]
struct Page<'a> {
    policy: String,
    style: &'static str,
    script: &'static str,
    title: String,
    name: String,
    verdict: String,
    dry_run: bool,
    facts: Vec<Fact>,
    tiles: Vec<Tile>,
    notices: Part<String>,
    groups: Groups,
    rejected: Part<(usize, String, String)>,
    lists: Part<String>,
    rows: Rows,
    has_cells: bool,
    cuts: Vec<String>,
    data: &'a Data<'a>,
}

/// The HTML report of a run: 5,000,000 bytes at most. What does not fit is counted on the page.
#[must_use]
pub fn html(run: &Run) -> String {
    let unlisted = run.fleet.as_ref().map_or(0, |fleet| fleet.unlisted.len());
    let accounts = (run.roster.accounts.len() + unlisted) * 20 + run.memberships.len() * 6;
    let cells = Cells::new(run, (DATA - REJECTED).saturating_sub(accounts).clamp(LEAST_SENTENCES, MOST_SENTENCES));
    let data = Data::new(run, &cells, (DATA - REJECTED).saturating_sub(cells.bytes));
    let summary = run.summary();
    let page = Page {
        policy: policy::of(STYLE, SCRIPT),
        style: STYLE,
        script: SCRIPT,
        title: summary::title(run, &summary),
        name: summary::name(&run.origin.source),
        verdict: summary::verdict(run, &summary),
        dry_run: run.origin.mode.is_plan(),
        facts: summary::facts(run),
        tiles: summary::tiles(run, &summary),
        notices: Part::of(run.notices.iter().map(|notice| pattern::plain(&notice.to_string())), NOTICES, |notice| {
            escape::in_html(notice)
        }),
        groups: Groups::new(&cells),
        rejected: rejected(run),
        lists: lists(run),
        rows: Rows::new(&cells),
        has_cells: !cells.accounts.is_empty(),
        cuts: cuts(&cells, &data),
        data: &data,
    };
    // A text that grows by doubling would take twice the room.
    let mut text = String::with_capacity(cells.bytes + accounts + 900_000);
    // Writing to memory cannot fail.
    let _ = page.render_into(&mut text);
    text
}

fn rejected(run: &Run) -> Part<(usize, String, String)> {
    let rows = run.roster.rejected.iter().map(|row| {
        let list = row.list.as_deref().map(quote::key).unwrap_or_default();
        (row.line, list, pattern::plain(&row.problem.to_string()))
    });
    Part::of(rows, REJECTED_ROWS, |(_, list, reason)| escape::in_html(list) + escape::in_html(reason) + 80)
}

fn lists(run: &Run) -> Part<String> {
    let lists = run.fleet.iter().flat_map(|fleet| fleet.lists.iter()).map(|list| {
        let ListRead { key, version_id, declared, accounts, rejected_rows } = list;
        let accounts = counted(*accounts, "account");
        let version = version_id.as_deref().map(|id| format!(", version {}", quote::name(id))).unwrap_or_default();
        let rejected = match rejected_rows {
            0 => String::new(),
            rows => format!(", {} rejected", counted(*rows, "row")),
        };
        format!("{} declares {declared}: {accounts}{rejected}{version}", quote::key(key))
    });
    Part::of(lists, LISTS, |list| escape::in_html(list))
}

/// What the page has no room for.
fn cuts(cells: &Cells<'_>, data: &Data<'_>) -> Vec<String> {
    let cuts = [
        (data.accounts_left_out, "account", "left out of the grid; the JSON and CSV reports have all"),
        (cells.left_out, "sentence", "left out of the grid, though their cells are there; the JSON report has all"),
        (data.rejected_left_out, "rejected row", "left out; the JSON and CSV reports have all"),
    ];
    let cut = |(count, what, how)| format!("{} {how}.", counted(count, what));
    cuts.into_iter().filter(|(count, _, _)| *count > 0).map(cut).collect()
}

#[cfg(test)]
mod tests;
