//! The model of a reconcile: what all lists declare together, and what it does about it.

use std::collections::{BTreeMap, BTreeSet};

use crate::deliveries::Run;
use crate::lists::{List, MAX_LEAVING};
use crate::operations::{Account, Address, Goal, Key, Place, REGIONS};
use crate::reference::{Course, Model, Reach, Status};
use crate::report::Outcomes;

/// The lists in the order in which a reconcile reads them.
const ORDER: [Key; 4] = [Key::Others, Key::Team, Key::Suspend, Key::Remove];

/// What a reconcile does.
#[derive(Debug)]
pub struct Reconcile {
    pub run: Run,
    /// Nothing is changed: a report is asked for, or a list cannot be read.
    pub only_reports: bool,
    /// How many lists cannot be read.
    pub unreadable: usize,
    /// The list that each row of the report names.
    pub listed: BTreeMap<Account, Key>,
    /// Accounts of each list, and its rejected rows.
    pub lists: Vec<(Key, usize, usize)>,
    /// Members that no list names.
    pub unlisted: BTreeMap<Place, Status>,
    /// Where not every Region can be looked at, there may be too many to suspend.
    pub may_be_too_many: bool,
}

/// What a list says of an account, or what two of them contradict each other about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Will {
    Declared(Goal, Address),
    Contradiction,
}

impl Reconcile {
    /// The outcomes with those that may not be suspended among the pending ones: a Region that was not looked at may have
    /// all of them.
    pub fn perhaps_too_many(&self, mut outcomes: Outcomes) -> Outcomes {
        for (at, outcome) in &mut outcomes {
            if self.may_be_too_many && outcome == "failed" && self.run.courses[at].outcome == "suspended" {
                *outcome = "pending".into();
            }
        }
        outcomes
    }
}

impl Model {
    pub fn reconcile(&self, heal: bool) -> Reconcile {
        let current: Vec<&List> =
            ORDER.iter().filter_map(|key| self.current.get(key)).map(|upload| &self.uploads[*upload]).collect();
        let (readable, unreadable): (Vec<&List>, Vec<&List>) =
            current.into_iter().partition(|list| list.rows.is_some());
        let mut wills: BTreeMap<Account, Will> = BTreeMap::new();
        let (mut listed, mut lists) = (BTreeMap::new(), Vec::new());
        let mut named = BTreeSet::new();
        let mut run = Run::default();
        for list in readable {
            let (declared, rejected) = list.read();
            lists.push((list.key, declared.len(), rejected.len()));
            run.rejected_lines.extend(rejected);
            named.extend(list.named());
            for (account, address) in declared {
                let will = Will::Declared(list.key.goal(), address);
                let first = *wills.entry(account).or_insert(will);
                if first != will {
                    wills.insert(account, Will::Contradiction);
                }
                listed.entry(account).or_insert(list.key);
            }
        }
        let only_reports = !heal || !unreadable.is_empty();
        let suspended = |account: &Account| matches!(wills[account], Will::Declared(Goal::Suspended, _));
        let is_monitored = |account: &Account| {
            (0..REGIONS.len()).any(|region| self.status((*account, region)) == Some(Status::Enabled))
        };
        let leaving = wills.keys().filter(|account| suspended(account) && is_monitored(account)).count();
        let may_be_too_many = wills.keys().filter(|account| suspended(account)).count() > MAX_LEAVING;
        for (account, will) in &wills {
            for region in 0..REGIONS.len() {
                let at = (*account, region);
                let course = self.reconciled(at, *will, leaving > MAX_LEAVING);
                run.courses.insert(at, if only_reports { self.previewed(at, *will) } else { course });
            }
        }
        let known = self.memberships.keys().filter(|(account, _)| !named.contains(account));
        let unlisted = known.filter_map(|at| Some((*at, self.status(*at)?))).collect();
        let unreadable = unreadable.len();
        Reconcile { run, only_reports, unreadable, listed, lists, unlisted, may_be_too_many }
    }

    fn status(&self, at: Place) -> Option<Status> {
        self.membership(at).seen.member.map(|(status, _)| status)
    }

    /// What a heal does.
    fn reconciled(&self, at: Place, will: Will, too_many: bool) -> Course {
        match (will, self.status(at)) {
            (Will::Declared(Goal::Monitored, _), Some(Status::Resigned)) => self.stays(at, Reach::Looked, "failed"),
            (Will::Declared(Goal::Monitored, address), _) => self.joins(at, address),
            (Will::Declared(Goal::Suspended, _), Some(Status::Enabled)) if too_many => {
                self.stays(at, Reach::Looked, "failed")
            }
            (Will::Declared(Goal::Suspended, _), _) => self.is_suspended(at),
            (Will::Declared(Goal::Removed, _), None) => self.stays(at, Reach::Looked, "removed"),
            (Will::Declared(Goal::Removed, _), Some(_)) | (Will::Contradiction, _) => {
                self.stays(at, Reach::Looked, "failed")
            }
        }
    }

    /// What a report says would be done. It asks no account, so it sees neither roles nor strangers.
    fn previewed(&self, at: Place, will: Will) -> Course {
        let stays = |outcome| self.stays(at, Reach::Looked, outcome);
        let outcome = match (will, self.membership(at).seen.member) {
            (Will::Contradiction, _) | (Will::Declared(Goal::Removed, _), Some(_)) => "failed",
            (Will::Declared(Goal::Removed, _), None) => "removed",
            (Will::Declared(Goal::Monitored, _), Some((Status::Enabled, _))) => {
                return self.with_plans(stays("enabled")).previewed();
            }
            (Will::Declared(Goal::Monitored, address), Some((Status::EmailVerificationFailed, known)))
                if address == known =>
            {
                "failed"
            }
            (Will::Declared(Goal::Suspended, _), Some((Status::Disabled, _))) => "suspended",
            (Will::Declared(Goal::Suspended, _), seen) if seen.is_none_or(|(status, _)| status != Status::Enabled) => {
                "skipped"
            }
            (Will::Declared(Goal::Monitored | Goal::Suspended, _), _) => "planned",
        };
        stays(outcome)
    }
}
