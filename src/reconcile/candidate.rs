//! One membership on its way to being settled.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;

use super::own_plans::RegionPlans;
use crate::account::{AccountId, Region};
use crate::action::Action;
use crate::declared::Declared;
use crate::membership::{Actual, PlansSeen, Status};
use crate::outcome::{Outcome, Wait};
use crate::plan::{self, Done, Step};
use crate::protection::Subset;
use crate::run::Membership;

pub(super) struct Candidate {
    pub(super) declared: Declared,
    /// From the last look.
    pub(super) actual: Actual,
    pub(super) done: Done,
    /// The member's, once it is known to be on.
    pub(super) detector: Option<String>,
    /// Until when it may wait: `SETTLE_SECONDS` from when its chunk began, then from each write to it.
    deadline: Instant,
    pub(super) stage: Stage,
}

/// Where a candidate stands in the loop of its chunk.
pub(super) enum Stage {
    /// To be looked at without delay.
    Look,
    /// Its next step is known, but has not begun.
    Next(Step),
    /// To be looked at when the next look is due.
    Waiting(Wait),
    /// A member task is under way.
    Busy,
    /// Goes with the administrator's next batch.
    Ready(Action),
}

impl Candidate {
    pub(super) fn new(declared: Declared) -> Self {
        Self {
            declared,
            actual: Actual::default(),
            done: Done::default(),
            detector: None,
            // Its chunk extends this when it begins: until then nothing is waited for.
            deadline: Instant::now(),
            stage: Stage::Look,
        }
    }

    /// One whose next step is known from a look, or how it ends.
    pub(super) fn looked_at(declared: Declared, actual: Actual, ended: Option<Outcome>) -> Self {
        let mut candidate = Self { actual, ..Self::new(declared) };
        candidate.stage = Stage::Next(ended.map_or_else(|| candidate.next(), Step::Done));
        candidate
    }

    /// Whether there is something to do or to wait for.
    pub(super) fn goes_on(&self) -> bool {
        matches!(self.stage, Stage::Next(Step::Do(_) | Step::Wait(_)))
    }

    pub(super) fn id(&self) -> AccountId {
        self.declared.account.id
    }

    pub(super) fn next(&self) -> Step {
        plan::next(&self.declared, &self.actual, &self.done)
    }

    /// The protection plans to be set next, if that is the next step.
    pub(super) fn plans_to_set(&self, plans: &RegionPlans) -> Subset {
        match (&self.stage, self.actual.plans) {
            (
                Stage::Ready(Action::SetPlans) | Stage::Next(Step::Do(Action::SetPlans)),
                PlansSeen::Differ(differing),
            ) => plans.once_joined(differing),
            _ => Subset::default(),
        }
    }

    /// Whether nothing is left to see but its protection plans.
    pub(super) fn is_member_by_now(&self) -> bool {
        self.done.has(Action::SetPlans) && self.actual.status() == Some(&Status::Enabled)
    }

    /// To be called after a write, which may take `settle` to show.
    pub(super) fn extend_deadline(&mut self, settle: Duration) {
        self.deadline = Instant::now() + settle;
    }

    pub(super) fn deadline(&self) -> Instant {
        self.deadline
    }

    /// How it ends if it still waits and its deadline had passed at `now`.
    pub(super) fn overdue(&self, now: Instant) -> Option<Outcome> {
        match &self.stage {
            Stage::Waiting(wait) if now >= self.deadline => Some(plan::overdue(wait, &self.declared, &self.actual)),
            _ => None,
        }
    }

    /// How it would end, from what a look showed.
    pub(super) fn previewed(self, region: &Region) -> Membership {
        let outcome = match self.stage {
            Stage::Next(Step::Done(outcome)) => outcome,
            _ => plan::preview(&self.declared, &self.actual),
        };
        Membership::new(&self.declared, region, self.actual.status().cloned(), outcome)
    }

    /// How it ends, at the latest when the run does: `cut_off` says why, if it waits for nothing else.
    pub(super) fn ended(self, region: &Region, cut_off: Wait) -> Membership {
        let outcome = match self.stage {
            Stage::Next(Step::Done(outcome)) => outcome,
            // What it waits for tells an operator more than that time ran out.
            Stage::Waiting(wait) | Stage::Next(Step::Wait(wait)) => Outcome::Pending(wait),
            Stage::Look | Stage::Next(Step::Do(_)) | Stage::Busy | Stage::Ready(_) => Outcome::Pending(cut_off),
        };
        Membership::new(&self.declared, region, self.actual.status().cloned(), outcome)
    }
}

/// Who is ready for an action: by the protection plans to be set, if any, and then in the list's order. If a quota has room
/// for some only, the first of the list get it.
pub(super) fn ready_for<'a>(
    action: Action,
    candidates: impl Iterator<Item = &'a Candidate>,
    plans: &RegionPlans,
) -> BTreeMap<Subset, Vec<AccountId>> {
    let ready = |candidate: &&Candidate| matches!(candidate.stage, Stage::Ready(ready) if ready == action);
    let mut ready: Vec<_> = candidates.filter(ready).collect();
    ready.sort_by_key(|candidate| candidate.declared.account.line);
    let mut batches: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for candidate in ready {
        batches.entry(candidate.plans_to_set(plans)).or_default().push(candidate.id());
    }
    batches
}
