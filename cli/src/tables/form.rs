//! Lines and tables, as wide as the terminal.

use std::collections::BTreeSet;

use comfy_table::presets::NOTHING;
use comfy_table::{Attribute, Cell, Color, ContentArrangement, Table};
use guardduty_onboarding::account::{AccountId, Region};
use guardduty_onboarding::run::Run;

use crate::terminal::Terminal;

/// The width where there is no terminal to ask.
const WIDTH: u16 = 120;
/// No table can be read in less.
const LEAST_WIDTH: u16 = 40;
/// How many accounts or Regions a cell names before it counts them.
const NAMED: usize = 3;

pub(super) struct Form {
    text: String,
    colours: bool,
}

impl Form {
    pub(super) fn new(terminal: &Terminal) -> Self {
        Self { text: String::new(), colours: terminal.colours }
    }

    pub(super) fn text(self) -> String {
        self.text
    }

    /// Lines after an empty one. No lines, no empty one.
    pub(super) fn lines(&mut self, lines: impl IntoIterator<Item = String>) {
        let lines: Vec<String> = lines.into_iter().collect();
        if !lines.is_empty() {
            self.space();
        }
        for line in &lines {
            self.line(line);
        }
    }

    /// An empty line, unless it would be the first.
    fn space(&mut self) {
        if !self.text.is_empty() {
            self.line("");
        }
    }

    pub(super) fn line(&mut self, line: &str) {
        self.text += line;
        self.text.push('\n');
    }

    /// A table of at most so many rows, after an empty line. The colour is of a row's first cell. No rows, no table.
    pub(super) fn table<const COLUMNS: usize>(
        &mut self,
        head: [&str; COLUMNS],
        rows: impl IntoIterator<Item = [String; COLUMNS]>,
        most: usize,
        colour: impl Fn(&str) -> Option<Color>,
    ) {
        let mut rows = rows.into_iter().peekable();
        if rows.peek().is_none() {
            return;
        }
        let mut table = Table::new();
        table.load_preset(NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        // Some terminals say that they have no width at all.
        let width = table.width().filter(|width| *width >= LEAST_WIDTH).unwrap_or(WIDTH);
        table.set_width(width);
        if self.colours {
            table.enforce_styling();
        } else {
            table.force_no_tty();
        }
        table.set_header(head.map(|title| Cell::new(title).add_attribute(Attribute::Bold)));
        for row in rows.by_ref().take(most) {
            let colour = row.first().and_then(|first| colour(first));
            let coloured = |(index, cell): (usize, String)| match colour {
                Some(colour) if index == 0 => Cell::new(cell).fg(colour),
                _ => Cell::new(cell),
            };
            table.add_row(row.into_iter().enumerate().map(coloured));
        }
        for column in table.column_iter_mut() {
            column.set_padding((0, 2));
        }
        self.space();
        for line in table.lines() {
            self.line(line.trim_end());
        }
        let left_out = rows.count();
        if left_out > 0 {
            self.line(&format!("and {left_out} more rows: --output csv has all"));
        }
    }
}

/// The first accounts, or all if they are few.
pub(super) fn accounts(accounts: &BTreeSet<AccountId>) -> String {
    some(accounts.iter().map(AccountId::as_str), accounts.len(), "account")
}

/// `all 17`, or which ones.
pub(super) fn regions(regions: &BTreeSet<&Region>, run: &Run) -> String {
    if regions.len() == run.regions.len() && regions.len() > NAMED {
        return format!("all {}", regions.len());
    }
    some(regions.iter().map(|region| region.as_str()), regions.len(), "Region")
}

fn some<'a>(mut all: impl Iterator<Item = &'a str>, count: usize, noun: &str) -> String {
    let named: Vec<&str> = all.by_ref().take(NAMED).collect();
    match count - named.len() {
        0 => named.join("\n"),
        _ => format!("{}\n{}", counted(count, noun), named.join("\n") + "\n…"),
    }
}

/// `1 account`, `2 accounts`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
