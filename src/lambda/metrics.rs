//! The metrics of an invocation, as CloudWatch reads them from the log: in the embedded metric format, one line of JSON
//! without a dimension and one for each reason why memberships failed. They hold no e-mail and no account.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use metrique_writer_core::format::Format;
use metrique_writer_core::unit::Second;
use metrique_writer_core::{Entry, EntryWriter, MetricValue};
use metrique_writer_format_emf::Emf;
use time::OffsetDateTime;

use crate::declared::Goal;
use crate::membership::Status;
use crate::outcome::{Outcome, Retry, Wait};
use crate::run::{Fleet, Membership, Run, Unlisted};

pub const NAMESPACE: &str = "GuardDutyOnboarding";
const REASON: &str = "Reason";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metrics {
    pub at: OffsetDateTime,
    pub duration: Duration,
    /// Each attempt counts.
    pub calls: u64,
    pub throttled_calls: u64,
    /// Dry runs left out.
    pub runs: Tally,
}

/// The counts of one run or several, by memberships where nothing else is said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    pub enabled: usize,
    pub suspended: usize,
    pub removed: usize,
    /// Includes `given_up`.
    pub pending: usize,
    /// Pending only because time ran out.
    pub out_of_time: usize,
    /// Pending after the last automatic try.
    pub given_up: usize,
    /// By reason.
    pub failed: BTreeMap<&'static str, usize>,
    pub skipped: usize,
    pub rejected_rows: usize,
    /// Lists and requests that are refused whole.
    pub lists_refused: usize,
    pub detectors_deleted: usize,
    /// How long the oldest pending work has been waiting, if that is known.
    pub pending_age: Option<Duration>,
    /// Of a reconcile, which counts nothing else.
    pub fleet: Option<FleetTally>,
}

/// What a reconcile found, in memberships.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FleetTally {
    /// Those that are to be monitored.
    pub declared: usize,
    /// Those of them that are.
    pub monitored: usize,
    /// Those that are not as declared, and are not merely waited for.
    pub drift: usize,
    /// Active members that no list names.
    pub unlisted: usize,
}

impl FleetTally {
    fn new(run: &Run, fleet: &Fleet) -> Self {
        let mut tally = Self::default();
        for membership in &run.memberships {
            if membership.goal == Goal::Monitored {
                tally.declared += 1;
                tally.monitored += usize::from(membership.status == Some(Status::Enabled));
            }
            tally.drift += usize::from(match &membership.outcome {
                Outcome::Failed(_) => true,
                Outcome::Planned(_) => membership.planned_step().is_some_and(|step| step.word != "wait"),
                Outcome::Settled(..) | Outcome::Pending(_) | Outcome::Skipped(_) => false,
            });
        }
        let active = |one: &&Unlisted| matches!(one.status, Status::Enabled | Status::Disabled);
        tally.unlisted = fleet.unlisted.iter().filter(active).count();
        tally
    }
}

impl Tally {
    #[must_use]
    pub fn new(run: &Run, pending_since: Option<OffsetDateTime>) -> Self {
        if let Some(fleet) = &run.fleet {
            return Self { fleet: Some(FleetTally::new(run, fleet)), ..Self::default() };
        }
        let summary = run.summary();
        let mut failed = BTreeMap::new();
        for membership in &run.memberships {
            if let Outcome::Failed(reason) = &membership.outcome {
                *failed.entry(reason.name()).or_default() += 1;
            }
        }
        let out_of_time = |one: &&Arc<Membership>| one.outcome == Outcome::Pending(Wait::Time);
        let since = pending_since.filter(|_| !summary.complete);
        Self {
            enabled: summary.enabled,
            suspended: summary.suspended,
            removed: summary.removed,
            pending: summary.pending,
            out_of_time: run.memberships.iter().filter(out_of_time).count(),
            given_up: if run.origin.retry == Retry::Never { summary.pending } else { 0 },
            failed,
            skipped: summary.skipped,
            rejected_rows: summary.rejected_rows,
            lists_refused: usize::from(run.refused().is_some()),
            detectors_deleted: run.detectors_deleted,
            pending_age: since.map(|since| (run.finished_at - since).try_into().unwrap_or_default()),
            fleet: None,
        }
    }

    #[must_use]
    pub fn sum<'a>(tallies: impl Iterator<Item = &'a Self>) -> Self {
        let mut all = Self::default();
        for tally in tallies {
            all.enabled += tally.enabled;
            all.suspended += tally.suspended;
            all.removed += tally.removed;
            all.detectors_deleted += tally.detectors_deleted;
            all.pending += tally.pending;
            all.out_of_time += tally.out_of_time;
            all.given_up += tally.given_up;
            all.skipped += tally.skipped;
            all.rejected_rows += tally.rejected_rows;
            all.lists_refused += tally.lists_refused;
            all.pending_age = all.pending_age.max(tally.pending_age);
            // Of several reconciles in one batch, the last one's.
            all.fleet = tally.fleet.or(all.fleet);
            for (reason, count) in &tally.failed {
                *all.failed.entry(reason).or_default() += count;
            }
        }
        all
    }
}

impl Metrics {
    /// Each line ends in a line feed.
    #[must_use]
    pub fn lines(&self) -> String {
        let mut lines = Vec::new();
        // Writing to memory cannot fail.
        let _ = Emf::all_validations(NAMESPACE.into(), vec![Vec::new()]).format(self, &mut lines);
        let mut by_reason = Emf::all_validations(NAMESPACE.into(), vec![vec![REASON.into()]]);
        for (reason, count) in &self.runs.failed {
            let _ = by_reason.format(&Failed { at: self.at, reason, count: *count }, &mut lines);
        }
        String::from_utf8(lines).unwrap_or_default()
    }
}

impl Entry for Metrics {
    fn write<'a>(&'a self, writer: &mut impl EntryWriter<'a>) {
        let Tally {
            enabled,
            suspended,
            removed,
            pending,
            out_of_time: _,
            given_up,
            failed,
            skipped,
            rejected_rows,
            lists_refused,
            detectors_deleted,
            pending_age,
            fleet,
        } = &self.runs;
        writer.timestamp(self.at.into());
        writer.value("MembershipsEnabled", enabled);
        writer.value("MembershipsSuspended", suspended);
        writer.value("MembershipsRemoved", removed);
        writer.value("MembershipsPending", pending);
        writer.value("MembershipsFailed", &failed.values().sum::<usize>());
        writer.value("MembershipsSkipped", skipped);
        writer.value("RejectedRows", rejected_rows);
        writer.value("ListsRefused", lists_refused);
        writer.value("GivenUp", given_up);
        writer.value("DetectorsDeleted", detectors_deleted);
        writer.value("Calls", &self.calls);
        writer.value("ThrottledCalls", &self.throttled_calls);
        writer.value("RunDuration", &self.duration);
        if let Some(FleetTally { declared, monitored, drift, unlisted }) = fleet {
            writer.value("Declared", declared);
            writer.value("Monitored", monitored);
            writer.value("Drift", drift);
            writer.value("Unlisted", unlisted);
        }
        if let Some(age) = pending_age {
            writer.value("PendingAge", &age.as_secs().with_unit::<Second>());
        }
    }
}

struct Failed {
    at: OffsetDateTime,
    reason: &'static str,
    count: usize,
}

impl Entry for Failed {
    fn write<'a>(&'a self, writer: &mut impl EntryWriter<'a>) {
        writer.timestamp(self.at.into());
        writer.value(REASON, self.reason);
        writer.value("MembershipsFailed", &self.count);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn lines(runs: Tally) -> Vec<Value> {
        let at = OffsetDateTime::from_unix_timestamp(1_767_268_800).expect("a time");
        let metrics = Metrics { at, duration: Duration::from_millis(1500), calls: 70, throttled_calls: 3, runs };
        metrics.lines().lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }

    #[test]
    fn a_line_has_every_measure_and_says_where_cloudwatch_puts_it() {
        let failed = [("Denied", 2), ("WrongEmail", 1)].into();
        let age = Some(Duration::from_secs(4000));
        let lines = lines(Tally { enabled: 5, pending: 1, given_up: 1, failed, pending_age: age, ..Tally::default() });

        let all = &lines[0];
        assert_eq!((&all["MembershipsEnabled"], &all["MembershipsFailed"]), (&5.into(), &3.into()), "{all}");
        assert_eq!((&all["PendingAge"], &all["Calls"]), (&4000.into(), &70.into()));
        let directive = &all["_aws"]["CloudWatchMetrics"][0];
        assert_eq!((&directive["Namespace"], &directive["Dimensions"]), (&NAMESPACE.into(), &serde_json::json!([[]])));
        assert_eq!(all["_aws"]["Timestamp"], 1_767_268_800_000_u64);
        let units = directive["Metrics"].as_array().expect("metrics");
        let unit = |name: &str| &units.iter().find(|metric| metric["Name"] == name).expect("a metric")["Unit"];
        assert_eq!((unit("RunDuration"), unit("PendingAge")), (&"Milliseconds".into(), &"Seconds".into()));
        assert_eq!(units.len(), 14);

        assert_eq!(lines.len(), 3);
        assert_eq!((&lines[1]["Reason"], &lines[1]["MembershipsFailed"]), (&"Denied".into(), &2.into()));
        assert_eq!(lines[1]["_aws"]["CloudWatchMetrics"][0]["Dimensions"], serde_json::json!([["Reason"]]));
    }

    #[test]
    fn nothing_pending_has_no_age() {
        let lines = lines(Tally::default());
        assert_eq!((lines.len(), lines[0].get("PendingAge")), (1, None));
    }
}
