//! What was done, as data: every report, answer and metric is a view of it.

use std::sync::Arc;

use serde::Serialize;
use time::OffsetDateTime;

use crate::account::{AccountId, Region};
use crate::declared::{Declared, Goal, Mode};
use crate::membership::{MemberEmail, Status};
use crate::outcome::words::{self, About, PlannedStep};
use crate::outcome::{Notice, Outcome, Refused, Retry};
use crate::roster::Roster;

/// What asked for the run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Source {
    #[serde(rename_all = "camelCase")]
    Upload {
        bucket: String,
        key: String,
        /// `None` if the bucket has no versions.
        version_id: Option<String>,
    },
    Announcement {
        /// AWS's name for the event.
        event: String,
        /// EventBridge's id of the event.
        id: String,
        /// Names the report.
        #[serde(skip)]
        account: AccountId,
    },
    Request {
        request: String,
    },
    /// All lists together.
    Reconcile {
        reconcile: Reconcile,
    },
}

/// Whether to mend what a reconcile finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Reconcile {
    Report,
    Heal,
}

/// What asked for a run, and what it asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    pub source: Source,
    /// What the list declares. `None` if its key does not say.
    pub goal: Option<Goal>,
    pub mode: Mode,
    pub retry: Retry,
    /// Who uploaded the list, if the event says so.
    pub requester: Option<String>,
    pub started_at: OffsetDateTime,
}

/// One account in one Region, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    pub account: AccountId,
    /// The list that names the account, where there is more than one.
    pub list: Option<Arc<str>>,
    /// The line that names the account. `None` if an event names it.
    pub line: Option<usize>,
    pub goal: Goal,
    pub region: Region,
    /// At the last look. `None` if that showed no member, or if there was no look.
    pub status: Option<Status>,
    pub outcome: Outcome,
}

/// One run: everything a report says.
#[derive(Debug, Clone)]
pub struct Run {
    pub origin: Origin,
    /// `None` if nobody asked AWS who it is: a list was read offline.
    pub administrator: Option<AccountId>,
    pub regions: Vec<Region>,
    /// While it is running: when it was looked at.
    pub finished_at: OffsetDateTime,
    /// Whether it is still under way. Then it has only those memberships that are settled so far.
    pub is_running: bool,
    /// About more than one membership.
    pub notices: Vec<Notice>,
    pub roster: Arc<Roster>,
    /// Each account in each Region once, in the order of the lines.
    pub memberships: Vec<Arc<Membership>>,
    pub detectors_deleted: usize,
    /// Whether anything was written in GuardDuty.
    pub changed: bool,
    /// Why nobody was let go, although the list says so. Then there is nothing to report.
    pub not_current: Option<NotCurrent>,
    /// What a reconcile found besides.
    pub fleet: Option<Fleet>,
}

/// The lists of a reconcile, and members that none of them names.
#[derive(Debug, Clone, Default)]
pub struct Fleet {
    pub lists: Arc<[ListRead]>,
    /// In the order of accounts, then of Regions.
    pub unlisted: Arc<[Unlisted]>,
}

/// One list, as a reconcile read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListRead {
    pub key: Arc<str>,
    pub version_id: Option<String>,
    pub declared: &'static str,
    pub accounts: usize,
    pub rejected_rows: usize,
}

/// A member that no list names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unlisted {
    pub account: AccountId,
    pub region: Region,
    pub status: Status,
    /// As GuardDuty has it, for the CSV report only.
    pub email: Option<MemberEmail>,
}

/// Why a run that was to let accounts go did not. Nothing was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotCurrent {
    /// The list is not the current one any more.
    Superseded,
    /// Whether it is could not be found out. Quotes why.
    Unclear(String),
}

/// Counts of memberships by how they ended, and of the list's rows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Accounts that the list declares.
    pub accounts: usize,
    /// Accounts times Regions.
    pub memberships: usize,
    pub enabled: usize,
    pub suspended: usize,
    pub removed: usize,
    pub pending: usize,
    pub failed: usize,
    pub skipped: usize,
    /// `None` unless the run is a dry one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub planned: Option<usize>,
    /// Members that no list names. `None` unless all lists were reconciled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unlisted: Option<usize>,
    pub rejected_rows: usize,
    /// Whether nothing is pending or still under way.
    pub complete: bool,
}

impl Run {
    /// A run of which nothing is to be told but its memberships.
    #[must_use]
    pub fn new(
        origin: Origin,
        administrator: impl Into<Option<AccountId>>,
        regions: Vec<Region>,
        finished_at: OffsetDateTime,
        roster: impl Into<Arc<Roster>>,
        memberships: Vec<Membership>,
    ) -> Self {
        Self {
            origin,
            administrator: administrator.into(),
            regions,
            finished_at,
            is_running: false,
            notices: Vec::new(),
            roster: roster.into(),
            memberships: memberships.into_iter().map(Arc::new).collect(),
            detectors_deleted: 0,
            changed: false,
            not_current: None,
            fleet: None,
        }
    }

    #[must_use]
    pub fn summary(&self) -> Summary {
        let mut summary = Summary {
            accounts: self.roster.accounts.len(),
            memberships: if self.is_running { self.expected() } else { self.memberships.len() },
            planned: self.origin.mode.is_plan().then_some(0),
            unlisted: self.fleet.as_ref().map(|fleet| fleet.unlisted.len()),
            rejected_rows: self.roster.rejected.len(),
            complete: !self.is_running,
            ..Summary::default()
        };
        for membership in &self.memberships {
            summary.count(&membership.outcome);
        }
        summary
    }

    /// How many memberships there are once all are settled, unless the list is refused.
    #[must_use]
    pub fn expected(&self) -> usize {
        self.roster.accounts.len() * self.regions.len()
    }

    /// Why the list as a whole is not used. `None` if it is used.
    #[must_use]
    pub fn refused(&self) -> Option<&Refused> {
        self.notices.iter().find_map(|notice| match notice {
            Notice::Refused(refused) => Some(refused),
            _ => None,
        })
    }
}

impl Summary {
    pub fn count(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Settled(Goal::Monitored, _) => self.enabled += 1,
            Outcome::Settled(Goal::Suspended, _) => self.suspended += 1,
            Outcome::Settled(Goal::Removed, _) => self.removed += 1,
            Outcome::Pending(_) => {
                self.pending += 1;
                self.complete = false;
            }
            Outcome::Failed(_) => self.failed += 1,
            Outcome::Skipped(_) => self.skipped += 1,
            Outcome::Planned(_) => *self.planned.get_or_insert_default() += 1,
        }
    }

    #[must_use]
    pub fn ended(&self) -> usize {
        // Named one by one, so that a new way to end is not forgotten here.
        let Self {
            accounts: _,
            memberships: _,
            enabled,
            suspended,
            removed,
            pending,
            failed,
            skipped,
            planned,
            unlisted: _,
            rejected_rows: _,
            complete: _,
        } = self;
        enabled + suspended + removed + pending + failed + skipped + planned.unwrap_or_default()
    }
}

impl Membership {
    #[must_use]
    pub fn new(declared: &Declared, region: &Region, status: Option<Status>, outcome: Outcome) -> Self {
        let account = &declared.account;
        let (list, line, goal) = (account.list.clone(), account.line, declared.goal);
        Self { account: account.id, list, line, goal, region: region.clone(), status, outcome }
    }

    /// One sentence that says what to do. `None` if the membership is as declared.
    #[must_use]
    pub fn detail(&self, retry: Retry) -> Option<String> {
        words::detail(&self.outcome, &self.about(), retry)
    }

    /// What a real run would begin with. `None` if it would do nothing.
    #[must_use]
    pub fn planned_step(&self) -> Option<PlannedStep> {
        match &self.outcome {
            Outcome::Planned(forecast) => Some(PlannedStep::new(forecast, &self.about())),
            _ => None,
        }
    }

    fn about(&self) -> About<'_> {
        let Self { account, line, region, status, .. } = self;
        About { account: *account, line: *line, region, status: status.as_ref() }
    }
}
