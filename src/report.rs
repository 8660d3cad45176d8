//! What happened, row by row: as JSON for machines, as CSV to correct and upload again, and as the function's answer.

mod answer;
mod csv;
mod metrics;

use std::collections::BTreeMap;

use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

pub use answer::{Answered, answer};
pub use metrics::{Metrics, NAMESPACE, Tally};

use crate::account::{Account, AccountId, Region};
use crate::event::{Announcement, Upload};
use crate::membership::Status;
use crate::outcome::{Next, Outcome, Wait};
use crate::roster::Roster;

/// What triggered the run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Source {
    /// An uploaded list.
    #[serde(rename_all = "camelCase")]
    Upload {
        /// Its bucket.
        bucket: String,
        /// Its key.
        key: String,
        /// Its version, null where the bucket has none.
        version_id: Option<String>,
    },
    /// AWS said that there is a new account.
    Announcement {
        /// AWS's name of the event.
        event: String,
        /// EventBridge's id of it.
        id: String,
        /// The account; names the report.
        #[serde(skip)]
        account: AccountId,
    },
    /// A direct request, by its id.
    Request {
        /// Lambda's request id; the message's where it came through SQS.
        request: String,
    },
}

impl From<&Upload> for Source {
    fn from(upload: &Upload) -> Self {
        let Upload { bucket, key, version_id, .. } = upload.clone();
        Self::Upload { bucket, key, version_id }
    }
}

impl From<&Announcement> for Source {
    fn from(announcement: &Announcement) -> Self {
        let Announcement { account, event, id, .. } = announcement.clone();
        Self::Announcement { event, id, account }
    }
}

impl Source {
    /// The report's name in its bucket: prefix, then the upload's key without `.csv`, the event's account or the
    /// request's id; the endings `.json` and `.csv` are still to come.
    #[must_use]
    pub fn report_name(&self, prefix: &str) -> String {
        match self {
            Self::Upload { key, .. } => format!("{prefix}{}", key.strip_suffix(".csv").unwrap_or(key)),
            Self::Announcement { account, .. } => format!("{prefix}events/{account}"),
            Self::Request { request } => format!("{prefix}requests/{request}"),
        }
    }
}

/// One account in one Region, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The account.
    pub account: AccountId,
    /// The line that names it; none where an event does.
    pub line: Option<usize>,
    /// The Region.
    pub region: Region,
    /// GuardDuty's word when it was last looked at; none if it has none.
    pub status: Option<Status>,
    /// How it ended.
    pub outcome: Outcome,
}

/// One run: everything a report says.
#[derive(Debug, Clone)]
pub struct Run {
    /// What triggered it.
    pub source: Source,
    /// The administrator account.
    pub administrator: AccountId,
    /// The Regions.
    pub regions: Vec<Region>,
    /// Whether it was only planned.
    pub dry_run: bool,
    /// Who tries again.
    pub next: Next,
    /// When what triggered it happened; none where nobody says so.
    pub triggered_at: Option<OffsetDateTime>,
    /// When it began.
    pub started_at: OffsetDateTime,
    /// When it ended.
    pub finished_at: OffsetDateTime,
    /// Sentences about the run or a whole Region.
    pub notices: Vec<String>,
    /// What the list declared.
    pub roster: Roster,
    /// What became of it, each account in each Region once.
    pub memberships: Vec<Membership>,
}

/// The JSON report. Holds no e-mail address.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report<'a> {
    /// What triggered the run.
    pub source: &'a Source,
    /// The administrator account.
    pub administrator: &'a str,
    /// The Regions.
    pub regions: Vec<&'a str>,
    /// Whether it was only planned.
    pub dry_run: bool,
    /// When it began, RFC 3339 to the second.
    pub started_at: String,
    /// When it ended.
    pub finished_at: String,
    /// Sentences about the run or a whole Region.
    pub notices: &'a [String],
    /// Counts.
    pub summary: Summary,
    /// Account by account, Region by Region.
    pub memberships: Vec<MembershipRow<'a>>,
    /// Rows that are not used.
    pub rejected_rows: Vec<RejectedRow>,
}

/// Counts of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Accounts that the list declares.
    pub accounts: usize,
    /// Accounts times Regions.
    pub memberships: usize,
    /// Monitored members.
    pub enabled: usize,
    /// Will be tried again.
    pub pending: usize,
    /// A person must act.
    pub failed: usize,
    /// Nothing to do there.
    pub skipped: usize,
    /// Steps of a dry run; left out of a real one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub planned: Option<usize>,
    /// Rows that are not used.
    pub rejected_rows: usize,
    /// Whether nothing is pending.
    pub complete: bool,
}

/// One membership in the JSON report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MembershipRow<'a> {
    /// The account.
    pub account_id: &'a str,
    /// The Region.
    pub region: &'a str,
    /// `enabled`, `pending`, `failed`, `skipped`; `planned` in a dry run.
    pub outcome: &'static str,
    /// GuardDuty's word, null if it has none.
    pub status: Option<&'a str>,
    /// What to do, null where all is well.
    pub detail: Option<String>,
}

/// One rejected row in the JSON report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RejectedRow {
    /// The 1-based line of the list, or position in a request.
    pub line: usize,
    /// What is wrong and what to do.
    pub reason: String,
}

impl Run {
    /// The JSON report.
    #[must_use]
    pub fn report(&self) -> Report<'_> {
        let rejected = self.roster.rejected.iter();
        Report {
            source: &self.source,
            administrator: self.administrator.as_str(),
            regions: self.regions.iter().map(Region::as_str).collect(),
            dry_run: self.dry_run,
            started_at: seconds(self.started_at),
            finished_at: seconds(self.finished_at),
            notices: &self.notices,
            summary: self.summary(),
            memberships: self.memberships.iter().map(|membership| membership.row(self.next)).collect(),
            rejected_rows: rejected
                .map(|row| RejectedRow { line: row.line, reason: row.problem.to_string() })
                .collect(),
        }
    }

    /// The CSV report: columns `Account ID,Email,Line,Outcome,Regions,Detail`, a row per account and per rejected row.
    #[must_use]
    pub fn csv(&self) -> Vec<u8> {
        csv::write(&self.roster, &self.memberships, self.next)
    }

    /// What it came to, for the metrics.
    fn tally(&self) -> Tally {
        let summary = self.summary();
        let mut failed = BTreeMap::new();
        for membership in &self.memberships {
            if let Outcome::Failed(cause) = &membership.outcome {
                *failed.entry(cause.name()).or_default() += 1;
            }
        }
        let out_of_time = |membership: &&Membership| membership.outcome == Outcome::Pending(Wait::Time);
        let age = self.finished_at - self.triggered_at.unwrap_or(self.started_at);
        Tally {
            enabled: summary.enabled,
            pending: summary.pending,
            out_of_time: self.memberships.iter().filter(out_of_time).count(),
            given_up: if self.next == Next::Never { summary.pending } else { 0 },
            failed,
            skipped: summary.skipped,
            rejected_rows: summary.rejected_rows,
            pending_age: (!summary.complete).then(|| age.try_into().unwrap_or_default()),
        }
    }

    /// Counts.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let count = |word: &str| self.memberships.iter().filter(|membership| membership.outcome.word() == word).count();
        Summary {
            accounts: self.roster.accounts.len() + self.roster.without_email.len(),
            memberships: self.memberships.len(),
            enabled: count("enabled"),
            pending: count("pending"),
            failed: count("failed"),
            skipped: count("skipped"),
            planned: self.dry_run.then(|| count("planned")),
            rejected_rows: self.roster.rejected.len(),
            complete: count("pending") == 0,
        }
    }
}

impl Membership {
    /// How `account` ended in `region`.
    #[must_use]
    pub fn new(account: &Account, region: &Region, status: Option<Status>, outcome: Outcome) -> Self {
        Self { account: account.id, line: account.line, region: region.clone(), status, outcome }
    }

    fn row(&self, next: Next) -> MembershipRow<'_> {
        MembershipRow {
            account_id: self.account.as_str(),
            region: self.region.as_str(),
            outcome: self.outcome.word(),
            status: self.status.as_ref().map(Status::as_str),
            detail: self.detail(next),
        }
    }

    fn detail(&self, next: Next) -> Option<String> {
        self.outcome.detail(self.account, self.line, &self.region, next)
    }
}

fn seconds(at: OffsetDateTime) -> String {
    at.truncate_to_second().format(&Rfc3339).unwrap_or_default()
}

#[cfg(test)]
mod tests;
