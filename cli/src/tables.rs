//! Results for people: counts, then tables that fit the terminal, alike things together.

mod alike;
mod form;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use comfy_table::Color;
use guardduty_onboarding::account::Region;
use guardduty_onboarding::declared::Goal;
use guardduty_onboarding::membership::Status;
use guardduty_onboarding::outcome::Outcome;
use guardduty_onboarding::quote;
use guardduty_onboarding::run::{Run, Source, Summary};

use self::alike::{Said, alike};
use self::form::{Form, counted};
use crate::terminal::Terminal;

/// How many rows of a table are printed. The CSV report has all.
const ROWS: usize = 50;

/// What `check` found.
pub(crate) fn check(run: &Run, terminal: &Terminal) -> String {
    let mut form = Form::new(terminal);
    let Summary { accounts, rejected_rows, .. } = run.summary();
    form.line(&format!("{}: {}", name(run), counted(accounts, "account")));
    if rejected_rows > 0 {
        form.line(&format!("  {} rejected", counted(rejected_rows, "row")));
    }
    rejected(&mut form, run);
    notices(&mut form, run);
    form.text()
}

/// What a dry run would do.
pub(crate) fn plan(run: &Run, terminal: &Terminal) -> String {
    let mut form = Form::new(terminal);
    form.line(&counts(run));
    steps(&mut form, run);
    rejected(&mut form, run);
    notices(&mut form, run);
    form.text()
}

/// How a list ended.
pub(crate) fn report(run: &Run, terminal: &Terminal) -> String {
    let mut form = Form::new(terminal);
    form.line(&counts(run));
    sentences(&mut form, run);
    rejected(&mut form, run);
    notices(&mut form, run);
    form.text()
}

/// Who is monitored, by Region, and what is not as declared.
pub(crate) fn status(run: &Run, terminal: &Terminal) -> String {
    let mut form = Form::new(terminal);
    let has_list = run.fleet.as_ref().is_some_and(|fleet| !fleet.lists.is_empty());
    if has_list {
        form.line(&counts(run));
    }
    members(&mut form, run);
    if has_list {
        steps(&mut form, run);
    }
    rejected(&mut form, run);
    notices(&mut form, run);
    form.text()
}

/// `team.csv: 60 accounts in 2 Regions`, and how many memberships ended how.
pub(crate) fn counts(run: &Run) -> String {
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
    let mut text =
        format!("{}: {} in {}", name(run), counted(accounts, "account"), counted(run.regions.len(), "Region"));
    let goal = run.origin.goal;
    let counts = [
        (Some(enabled), "enabled", goal == Some(Goal::Monitored)),
        (Some(suspended), "suspended", goal == Some(Goal::Suspended)),
        (Some(removed), "removed", goal == Some(Goal::Removed)),
        (planned, "planned", true),
        (Some(pending), "pending", false),
        (Some(failed), "failed", false),
        (Some(skipped), "skipped", false),
        (unlisted, "unlisted", false),
        (Some(rejected_rows), if rejected_rows == 1 { "row rejected" } else { "rows rejected" }, false),
    ];
    for (count, word, always) in counts {
        if let Some(count) = count.filter(|count| always || *count > 0) {
            // Writing to memory cannot fail.
            let _ = write!(text, "\n  {count:>6} {word}");
        }
    }
    text
}

/// `12 memberships are pending`.
pub(crate) fn pending(run: &Run) -> String {
    let pending = run.summary().pending;
    let are = if pending == 1 { "is" } else { "are" };
    format!("{} {are} pending", counted(pending, "membership"))
}

/// What would be done, each step once.
fn steps(form: &mut Form, run: &Run) {
    let said = run.memberships.iter().filter_map(|membership| {
        let (word, sentence) = match (membership.planned_step(), &membership.outcome) {
            (Some(step), _) => (step.word, step.why),
            (None, Outcome::Settled(..)) => return None,
            (None, outcome) => (outcome.word(), membership.detail(run.origin.retry).unwrap_or_default()),
        };
        Some(Said { rank: 0, word, sentence, membership })
    });
    let rows = alike(said, run);
    form.table(["Step", "Accounts", "Regions", "Why"], rows, ROWS, colour);
}

/// What is not as declared, each sentence once. What failed comes first.
fn sentences(form: &mut Form, run: &Run) {
    let said = run.memberships.iter().filter_map(|membership| {
        let (outcome, sentence) = (&membership.outcome, membership.detail(run.origin.retry)?);
        Some(Said { rank: u8::MAX - outcome.severity(), word: outcome.word(), sentence, membership })
    });
    let rows = alike(said, run);
    form.table(["Outcome", "Accounts", "Regions", "What to do"], rows, ROWS, colour);
}

/// Members by Region and status.
fn members(form: &mut Form, run: &Run) {
    let mut by_region: BTreeMap<&Region, BTreeMap<String, usize>> =
        run.regions.iter().map(|region| (region, BTreeMap::new())).collect();
    let listed = run.memberships.iter().filter_map(|one| Some((&one.region, one.status.as_ref()?)));
    let unlisted = run.fleet.iter().flat_map(|fleet| fleet.unlisted.iter()).map(|one| (&one.region, &one.status));
    for (region, status) in listed.chain(unlisted) {
        *by_region.entry(region).or_default().entry(status.to_string()).or_default() += 1;
    }
    let enabled = Status::Enabled.to_string();
    let rows = by_region.into_iter().map(|(region, statuses)| {
        let monitored = statuses.get(&enabled).copied().unwrap_or_default();
        let others: Vec<String> = statuses
            .iter()
            .filter(|(status, _)| **status != enabled)
            .map(|(status, count)| format!("{count} {status}"))
            .collect();
        let all: usize = statuses.values().sum();
        [region.to_string(), all.to_string(), monitored.to_string(), others.join(", ")]
    });
    form.table(["Region", "Members", "Monitored", "Others"], rows, usize::MAX, |_| None);
}

fn rejected(form: &mut Form, run: &Run) {
    let rows = run.roster.rejected.iter().map(|row| [row.line.to_string(), row.problem.to_string()]);
    form.table(["Line", "Why the row is rejected"], rows, ROWS, |_| None);
}

fn notices(form: &mut Form, run: &Run) {
    form.lines(run.notices.iter().map(|notice| format!("notice: {notice}")));
}

fn colour(word: &str) -> Option<Color> {
    match word {
        "failed" => Some(Color::Red),
        "pending" | "wait" => Some(Color::Yellow),
        _ => None,
    }
}

fn name(run: &Run) -> String {
    match &run.origin.source {
        Source::Upload { bucket, key, .. } => format!("s3://{bucket}/{}", quote::key(key)),
        Source::Announcement { account, .. } => account.to_string(),
        Source::Request { request } => request.clone(),
        // Of what is compared with the members, a list is what somebody knows.
        Source::Reconcile { .. } => match run.fleet.as_ref().map(|fleet| &*fleet.lists) {
            Some([list]) => quote::key(&list.key),
            _ => "fleet".into(),
        },
    }
}

#[cfg(test)]
mod tests;
