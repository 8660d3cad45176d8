//! Up to 50 accounts in one Region, going round one loop: observe, plan, apply, until all are settled or time is up.

mod apply;
mod candidate;
mod errand;

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout_at};

use self::candidate::{Candidate, Stage};
use self::errand::{Errand, Replied, Reply};
use super::ground::Ground;
use super::shared::Shared;
use crate::account::Account;
use crate::outcome::{Outcome, Wait};
use crate::plan::{self, Step};
use crate::report::Membership;

/// Who is ready does not wait longer than this for the next straggler.
const LINGER: Duration = Duration::from_secs(1);
/// Nor longer than this for all of them.
const LONGEST_LINGER: Duration = Duration::from_secs(3);
/// The shortest time between two looks at accounts that wait.
const SHORTEST_LOOK: Duration = Duration::from_millis(500);

/// Settles the accounts: each is in the result once, whatever happened.
pub(super) async fn settle(shared: Arc<Shared>, ground: Arc<Ground>, accounts: Vec<Account>) -> Vec<Membership> {
    let deadline = shared.deadline;
    let mut chunk = Chunk::new(shared, ground, accounts);
    // Out of time is no error: what is not settled then is pending.
    let _ = timeout_at(deadline, chunk.drive()).await;
    chunk.finish()
}

struct Chunk {
    shared: Arc<Shared>,
    ground: Arc<Ground>,
    candidates: Vec<Candidate>,
    /// What is done in member accounts: tasks of their own, so that they go on while this chunk waits for something
    /// else. Dropping the set ends them.
    errands: JoinSet<Reply>,
    /// When the last batch was written: looks grow rarer from here.
    changed: Instant,
    /// When those that wait are looked at again.
    next_look: Instant,
}

impl Chunk {
    fn new(shared: Arc<Shared>, ground: Arc<Ground>, accounts: Vec<Account>) -> Self {
        let now = Instant::now();
        let settle = shared.config.settle;
        let candidates = accounts.into_iter().map(|account| Candidate::new(account, now + settle)).collect();
        Self { shared, ground, candidates, errands: JoinSet::new(), changed: now, next_look: now }
    }

    async fn drive(&mut self) {
        self.observe().await;
        // Those that are found waiting get their time from here, not from when this chunk stood in line.
        self.changed = Instant::now();
        self.next_look = self.changed + SHORTEST_LOOK;
        let settle = self.shared.config.settle;
        self.candidates.iter_mut().for_each(|candidate| candidate.gains_patience(settle));
        while self.candidates.iter().any(|candidate| !matches!(candidate.stage, Stage::Done(_))) {
            self.collect().await;
            self.apply().await;
            self.observe().await;
        }
    }

    /// Looks at those that are due, plans their next step and starts it. Who still waits, and had no patience left when
    /// the look began, is parked.
    async fn observe(&mut self) {
        let began = Instant::now();
        let look_at_waiting = began >= self.next_look;
        let due = |candidate: &Candidate| match candidate.stage {
            Stage::Look => true,
            Stage::Wait(_) => look_at_waiting,
            Stage::Busy | Stage::Ready(_) | Stage::Done(_) => false,
        };
        let indices: Vec<usize> = (0..self.candidates.len()).filter(|index| due(&self.candidates[*index])).collect();
        if indices.is_empty() {
            return;
        }
        let asked = self.accounts(&indices);
        let (mut members, refusals) = self.ground.administrator.members(&self.ground.detector, &asked).await;
        for index in indices {
            let candidate = &mut self.candidates[index];
            let id = candidate.account.id;
            let step = if let Some(trouble) = refusals.of(id) {
                Step::Done(Outcome::of_administrator(trouble.clone()))
            } else {
                let actual = members.remove(&id);
                let step = plan::next(&candidate.account, actual.as_ref(), &candidate.progress);
                candidate.status = actual.map(|member| member.status);
                step
            };
            self.candidates[index].stage = self.begin(index, step);
            self.candidates[index].loses_patience(began);
        }
        let next = self.next_look();
        self.next_look = if look_at_waiting { next } else { next.min(self.next_look) };
    }

    /// Two fifths of the time waited so far: looks grow rarer, none comes late by more than that, and a minute of
    /// waiting costs 15 of them. Whoever loses patience before is looked at once more then.
    fn next_look(&self) -> Instant {
        let now = Instant::now();
        let next = now + (now.duration_since(self.changed) * 2 / 5).max(SHORTEST_LOOK);
        let waiting = self.candidates.iter().filter(|candidate| matches!(candidate.stage, Stage::Wait(_)));
        let first_to_leave = waiting.map(|candidate| candidate.patience).min();
        first_to_leave.map_or(next, |patience| next.min(patience))
    }

    /// Starts the part of a step that happens in the member account.
    fn begin(&mut self, index: usize, step: Step) -> Stage {
        let candidate = &mut self.candidates[index];
        let errand = match step {
            Step::Done(outcome) => return Stage::Done(outcome),
            Step::Wait(wait) => return Stage::Wait(wait),
            Step::Accept => {
                let first_time = !std::mem::replace(&mut candidate.tried_to_accept, true);
                Errand::Accept { detector: candidate.detector.clone(), first_time }
            }
            step if candidate.detector.is_some() => return Stage::Ready(step),
            then => Errand::SwitchOn { then },
        };
        let (shared, ground, id) = (Arc::clone(&self.shared), Arc::clone(&self.ground), candidate.account.id);
        self.errands.spawn(errand.run(index, shared, ground, id));
        Stage::Busy
    }

    /// Waits until it is worth going on: all errands are back, or some are and no other came for a while, or those that
    /// wait are due.
    async fn collect(&mut self) {
        let mut leaves = None;
        loop {
            let goes_on = |candidate: &Candidate| matches!(candidate.stage, Stage::Look | Stage::Ready(_));
            let somebody = self.candidates.iter().any(goes_on);
            let waiting = self.candidates.iter().any(|candidate| matches!(candidate.stage, Stage::Wait(_)));
            let until = match (somebody, waiting) {
                (true, _) => {
                    let now = Instant::now();
                    (now + LINGER).min(*leaves.get_or_insert(now + LONGEST_LINGER))
                }
                (false, true) => self.next_look,
                (false, false) => self.shared.deadline,
            };
            if self.errands.is_empty() {
                if !somebody && waiting {
                    sleep_until(until).await;
                }
                return;
            }
            match timeout_at(until, self.errands.join_next()).await {
                Ok(Some(Ok(Reply { index, result }))) => self.take(index, result),
                // A panic is a bug of ours: let it reach Lambda's error report.
                Ok(Some(Err(error))) => std::panic::resume_unwind(error.into_panic()),
                Ok(None) | Err(_) => return,
            }
        }
    }

    fn take(&mut self, index: usize, result: Result<Replied, Outcome>) {
        if let Ok(Replied::Accepted { accepted: true, .. }) = result {
            self.changed = Instant::now();
        }
        self.candidates[index].take(result, self.shared.config.settle);
    }

    fn finish(self) -> Vec<Membership> {
        let region = &self.ground.region;
        let settled = |Candidate { account, status, stage, .. }: Candidate| {
            let outcome = match stage {
                Stage::Done(outcome) => outcome,
                Stage::Wait(wait) => Outcome::Pending(wait),
                Stage::Look | Stage::Busy | Stage::Ready(_) => Outcome::Pending(Wait::Time),
            };
            Membership::new(&account, region, status, outcome)
        };
        self.candidates.into_iter().map(settled).collect()
    }
}
