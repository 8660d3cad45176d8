//! What a run has found and done so far. Its reports are made from this, also while it is under way.

use std::collections::HashMap;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use time::OffsetDateTime;
use tokio::sync::watch;

use super::notices::Notices;
use crate::account::Region;
use crate::outcome::Notice;
use crate::roster::Roster;
use crate::run::{Fleet, Membership, NotCurrent, Run, Summary, Unlisted};

#[derive(Debug)]
pub struct Ledger {
    entries: Mutex<Entries>,
    counts: watch::Sender<Summary>,
}

#[derive(Debug)]
struct Entries {
    /// Its memberships are in the order in which they were settled.
    run: Run,
    notices: Notices,
}

impl Ledger {
    pub(super) fn new(run: Run) -> Self {
        Self { entries: Mutex::new(Entries { run, notices: Notices::default() }), counts: watch::Sender::default() }
    }

    /// Counts of the memberships that are settled so far, out of `memberships`.
    pub fn progress(&self) -> watch::Receiver<Summary> {
        self.counts.subscribe()
    }

    /// The run as it is now.
    #[must_use]
    pub fn so_far(&self, now: OffsetDateTime) -> Run {
        let entries = self.entries();
        told(Run { is_running: true, finished_at: now, ..entries.run.clone() }, &entries.notices)
    }

    /// The run as it ended. Nothing is left here.
    pub(super) fn end(&self, now: OffsetDateTime, not_current: Option<NotCurrent>) -> Run {
        let mut entries = self.entries();
        let memberships = mem::take(&mut entries.run.memberships);
        told(Run { memberships, finished_at: now, not_current, ..entries.run.clone() }, &entries.notices)
    }

    /// What the run is about. Of a refused list nothing will be settled.
    pub(super) fn begin(&self, roster: Arc<Roster>, fleet: Option<Fleet>) {
        self.change(|run| (run.roster, run.fleet) = (roster, fleet));
        let memberships = self.entries().run.expected();
        self.counts.send_replace(Summary { memberships, complete: true, ..Summary::default() });
    }

    pub(super) fn settled(&self, membership: Membership) {
        self.counts.send_modify(|counts| counts.count(&membership.outcome));
        self.change(|run| run.memberships.push(Arc::new(membership)));
    }

    pub(super) fn all_settled(&self, memberships: impl IntoIterator<Item = Membership>) {
        memberships.into_iter().for_each(|membership| self.settled(membership));
    }

    pub(super) fn unlisted(&self, unlisted: Vec<Unlisted>) {
        self.change(|run| {
            if let Some(fleet) = &mut run.fleet {
                fleet.unlisted = unlisted.into();
            }
        });
    }

    pub(super) fn note(&self, notice: Notice) {
        self.entries().notices.add(notice);
    }

    /// To be called after every write in GuardDuty.
    pub(super) fn changed_something(&self) {
        self.change(|run| run.changed = true);
    }

    pub(super) fn deleted_a_detector(&self) {
        self.change(|run| run.detectors_deleted += 1);
    }

    fn change(&self, change: impl FnOnce(&mut Run)) {
        change(&mut self.entries().run);
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// In the order in which it is told.
fn told(mut run: Run, notices: &Notices) -> Run {
    run.notices = notices.sorted();
    run.notices.extend(run.roster.notices.iter().cloned().map(Notice::List));
    run.memberships = in_order(&run.regions, mem::take(&mut run.memberships));
    run
}

/// In the order of the lists, of their lines, then of the Regions. The CSV report relies on it.
fn in_order(regions: &[Region], mut memberships: Vec<Arc<Membership>>) -> Vec<Arc<Membership>> {
    let region: HashMap<&Region, usize> = regions.iter().enumerate().map(|(index, region)| (region, index)).collect();
    let mut lists: Vec<Option<Arc<str>>> = memberships.iter().map(|one| one.list.clone()).collect();
    lists.sort_unstable();
    lists.dedup();
    let list: HashMap<Option<Arc<str>>, usize> = lists.into_iter().enumerate().map(|(at, list)| (list, at)).collect();
    // Cached, since looking these up at every comparison took 15 % of a run that changes nothing; and small, since there
    // may be hundreds of thousands.
    memberships.sort_by_cached_key(|one| {
        let place = [list.get(&one.list).copied(), one.line, region.get(&one.region).copied()];
        place.map(|at| at.map_or(0, |at| u32::try_from(at + 1).unwrap_or(u32::MAX)))
    });
    memberships
}
