//! What was done, as data: every report, answer and metric is a view of it.

use serde::Serialize;
use time::OffsetDateTime;

use crate::account::{Account, AccountId, Region};
use crate::membership::Status;
use crate::outcome::{Outcome, Retry};
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
    pub next: Retry,
    /// From when on what is pending has been waiting; none where nobody credible says so.
    pub pending_since: Option<OffsetDateTime>,
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

impl Run {
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

    /// One sentence that says what to do; none where all is well.
    #[must_use]
    pub fn detail(&self, next: Retry) -> Option<String> {
        self.outcome.detail(self.account, self.line, &self.region, next)
    }
}
