//! A plan and a report for a terminal: what is alike together, what is not as declared one by one.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::account::{AccountId, Region};
use crate::declared::Goal;
use crate::outcome::Outcome;
use crate::quote;
use crate::run::{Membership, Run, Summary};

/// How many accounts of one step are listed one by one.
const LISTED: usize = 5;

/// The plan of a dry run, grouped by Region and step.
#[must_use]
pub fn plan(run: &Run) -> String {
    let mut out = String::new();
    if run.memberships.is_empty() {
        out += "nothing to do\n";
    }
    for region in run.regions.iter().filter(|_| !run.memberships.is_empty()) {
        push_region(&mut out, run, region);
    }
    push_rows_and_notices(&mut out, run);
    out
}

fn push_region(out: &mut String, run: &Run, region: &Region) {
    line(out, format_args!("plan for {region}"));
    let mut by_step: BTreeMap<(&str, String), Vec<AccountId>> = BTreeMap::new();
    let mut settled: BTreeMap<&str, usize> = BTreeMap::new();
    for membership in run.memberships.iter().filter(|membership| membership.region == *region) {
        let step = match (membership.planned_step(), &membership.outcome) {
            (Some(step), _) => (step.word, step.why),
            (None, Outcome::Settled(..)) => {
                *settled.entry(membership.outcome.word()).or_default() += 1;
                continue;
            }
            (None, outcome) => (outcome.word(), membership.detail(run.origin.retry).unwrap_or_default()),
        };
        by_step.entry(step).or_default().push(membership.account);
    }
    for ((word, why), accounts) in by_step {
        for account in accounts.iter().take(LISTED) {
            line(out, format_args!("  {account}  {word:<8} {why}"));
        }
        if accounts.len() > LISTED {
            line(out, format_args!("  and {} more to {word}, {why}", accounts.len() - LISTED));
        }
    }
    for (word, count) in settled {
        let are = if count == 1 { "account is" } else { "accounts are" };
        line(out, format_args!("  {count} {are} already {word}"));
    }
    out.push('\n');
}

/// The counts, then everything that is not as declared.
#[must_use]
pub fn report(run: &Run) -> String {
    let mut out = String::new();
    let Summary {
        accounts,
        memberships: _,
        enabled,
        suspended,
        removed,
        pending,
        failed,
        skipped,
        planned,
        unlisted,
        rejected_rows,
        complete: _,
    } = run.summary();
    let (accounts, regions) = (counted(accounts, "account"), counted(run.regions.len(), "Region"));
    line(&mut out, format_args!("report: {accounts} in {regions}"));
    let planned = planned.map(|planned| (planned, "planned"));
    let settled = match (run.origin.goal, unlisted) {
        (None, Some(_)) => vec![(enabled, "enabled"), (suspended, "suspended"), (removed, "removed")],
        (Some(Goal::Suspended), _) => vec![(suspended, "suspended")],
        (Some(Goal::Removed), _) => vec![(removed, "removed")],
        (Some(Goal::Monitored) | None, _) => vec![(enabled, "enabled")],
    };
    let ended = settled.into_iter().chain([(pending, "pending"), (failed, "failed"), (skipped, "skipped")]);
    let unlisted = unlisted.map(|unlisted| (unlisted, "unlisted"));
    for (count, word) in ended.chain(planned).chain(unlisted).chain([(rejected_rows, "rows rejected")]) {
        line(&mut out, format_args!("  {count:>6} {word}"));
    }
    out.push('\n');
    for membership in &run.memberships {
        if let Some(detail) = membership.detail(run.origin.retry) {
            let Membership { account, region, outcome, .. } = &**membership;
            line(&mut out, format_args!("{} {account} {region}: {detail}", outcome.word()));
        }
    }
    for one in run.fleet.iter().flat_map(|fleet| fleet.unlisted.iter()) {
        line(&mut out, format_args!("unlisted {} {}: no list names it; it is {}", one.account, one.region, one.status));
    }
    push_rows_and_notices(&mut out, run);
    out
}

fn push_rows_and_notices(out: &mut String, run: &Run) {
    for row in &run.roster.rejected {
        let list = row.list.as_ref().map(|list| format!("{} ", quote::key(list))).unwrap_or_default();
        line(out, format_args!("{list}line {}: {}", row.line, row.problem));
    }
    for notice in &run.notices {
        line(out, format_args!("notice: {notice}"));
    }
}

/// `1 account`, `2 accounts`.
fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to memory cannot fail.
    let _ = writeln!(out, "{text}");
}
