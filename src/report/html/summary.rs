//! What the page says at its top: which list, when, and how many memberships ended how.

use super::fit::counted;
use super::look::{self, LOOKS, Look};
use crate::declared::Goal;
use crate::quote;
use crate::report::json::{UNLISTED, seconds};
use crate::run::{Reconcile, Run, Source, Summary};

/// A name and its value.
pub(super) struct Fact {
    pub(super) name: &'static str,
    pub(super) value: String,
    /// The value as the JSON report has it, if it is a time.
    pub(super) time: Option<String>,
}

/// A count, with its look if it is one of memberships.
pub(super) struct Tile {
    pub(super) count: usize,
    pub(super) word: &'static str,
    pub(super) look: Option<&'static Look>,
}

/// The list's name, without its prefix.
pub(super) fn name(source: &Source) -> String {
    match source {
        Source::Upload { key, .. } => {
            let key = quote::key(key);
            key.rsplit('/').find(|part| !part.trim().is_empty()).unwrap_or("list").to_owned()
        }
        Source::Announcement { account, .. } => account.to_string(),
        Source::Request { request } => format!("request {}", quote::name(request)),
        Source::Reconcile { .. } => "fleet".into(),
    }
}

/// Such as `team.csv: 118 enabled, 2 failed, 1 row rejected`.
pub(super) fn title(run: &Run, summary: &Summary) -> String {
    let name = name(&run.origin.source);
    if run.refused().is_some() {
        return format!("{name}: refused");
    }
    let rows = if summary.rejected_rows == 1 { "row rejected" } else { "rows rejected" };
    let running = run.is_running.then(|| format!("{} of {} settled, ", summary.ended(), summary.memberships));
    let running = running.unwrap_or_default();
    let counts = ended(summary).into_iter().chain([(summary.rejected_rows, rows)]);
    let counts: Vec<String> =
        counts.filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    let counts = if counts.is_empty() { "no accounts".into() } else { counts.join(", ") };
    format!("{name}: {running}{counts}")
}

/// Counts by outcome, in the order of the report.
fn ended(summary: &Summary) -> [(usize, &'static str); 8] {
    [
        (summary.enabled, "enabled"),
        (summary.suspended, "suspended"),
        (summary.removed, "removed"),
        (summary.pending, "pending"),
        (summary.failed, "failed"),
        (summary.skipped, "skipped"),
        (summary.planned.unwrap_or_default(), "planned"),
        (summary.unlisted.unwrap_or_default(), UNLISTED),
    ]
}

/// One sentence for who reads no more.
pub(super) fn verdict(run: &Run, summary: &Summary) -> String {
    if let Some(refused) = run.refused() {
        return format!("The list is refused, and nothing was touched: {refused}.");
    }
    if run.is_running {
        let (settled, of) = (summary.ended(), counted(summary.memberships, "membership"));
        return format!(
            "The run is under way: {settled} of {of} {} settled so far.",
            if settled == 1 { "is" } else { "are" }
        );
    }
    let declared = summary.enabled + summary.suspended + summary.removed;
    let all = summary.memberships;
    let is = |count| if count == 1 { "is" } else { "are" };
    match (all, all - declared) {
        (0, _) => "There are no memberships.".into(),
        (1, 0) => "The membership is as declared.".into(),
        (_, 0) => format!("All {all} memberships are as declared."),
        (_, open) => {
            let pending = match summary.pending {
                0 => String::new(),
                pending => format!("; {pending} of them {} still pending", is(pending)),
            };
            format!("{open} of {} {} not as declared{pending}.", counted(all, "membership"), is(open))
        }
    }
}

pub(super) fn facts(run: &Run) -> Vec<Fact> {
    let origin = &run.origin;
    let mut facts = Vec::new();
    let mut fact = |name, value| facts.push(Fact { name, value, time: None });
    match &origin.source {
        Source::Upload { bucket, key, version_id } => {
            fact("List", format!("s3://{}/{}", quote::name(bucket), quote::key(key)));
            if let Some(version) = version_id {
                fact("Version", quote::name(version));
            }
        }
        Source::Announcement { event, id, .. } => {
            fact("Event", format!("{} {}", quote::name(event), quote::name(id)));
        }
        Source::Request { request } => fact("Request", quote::name(request)),
        Source::Reconcile { reconcile: Reconcile::Report } => fact("Reconcile", "report".into()),
        Source::Reconcile { reconcile: Reconcile::Heal } => fact("Reconcile", "heal".into()),
    }
    if let Some(goal) = origin.goal {
        fact("Declares", goal.to_string());
    }
    if let Some(administrator) = run.administrator {
        fact("Administrator", administrator.to_string());
    }
    let times = [("Started", origin.started_at), (if run.is_running { "As of" } else { "Finished" }, run.finished_at)];
    facts.extend(times.map(|(name, at)| {
        let time = seconds(at);
        Fact { name, value: time.replace('T', " ").replace('Z', " UTC"), time: Some(time) }
    }));
    facts
}

/// Zeros that say nothing are left out.
pub(super) fn tiles(run: &Run, summary: &Summary) -> Vec<Tile> {
    let goal = run.origin.goal.map(|goal| match goal {
        Goal::Monitored => "enabled",
        Goal::Suspended => "suspended",
        Goal::Removed => "removed",
    });
    let expected = |word: &str| ["pending", "failed", "skipped"].contains(&word) || goal == Some(word);
    let is_fleet = |word: &str| run.fleet.is_some() && [UNLISTED, "enabled"].contains(&word);
    let is_plan = |word: &str| run.origin.mode.is_plan() && word == "planned";
    let plain = |count, word| Tile { count, word, look: None };
    let mut tiles = vec![
        plain(summary.accounts, if summary.accounts == 1 { "account" } else { "accounts" }),
        plain(run.regions.len(), if run.regions.len() == 1 { "Region" } else { "Regions" }),
    ];
    let ended = ended(summary)
        .into_iter()
        .filter(|(count, word)| *count > 0 || expected(word) || is_fleet(word) || is_plan(word));
    tiles.extend(ended.map(|(count, word)| Tile { count, word, look: Some(&LOOKS[look::by_word(word)]) }));
    if let Some(conflicts) = run.fleet.as_ref().map(|_| conflicts(run)) {
        tiles.push(plain(conflicts, if conflicts == 1 { "conflict" } else { "conflicts" }));
    }
    tiles.push(plain(summary.rejected_rows, if summary.rejected_rows == 1 { "row rejected" } else { "rows rejected" }));
    tiles
}

/// Accounts that lists contradict each other about.
fn conflicts(run: &Run) -> usize {
    use crate::outcome::{Outcome, Reason};
    let is_conflict = |outcome: &Outcome| matches!(outcome, Outcome::Failed(Reason::Contradiction(_)));
    let accounts = run.memberships.iter().filter(|one| is_conflict(&one.outcome)).map(|one| one.account);
    accounts.collect::<std::collections::HashSet<_>>().len()
}
