//! Up to 50 accounts in one Region, going round one loop: observe, plan, apply, until all are settled or time is up.

mod apply;
mod candidate;
mod errand;
mod look;

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout_at};
use tracing::Instrument as _;

pub(super) use self::candidate::Candidate;
pub(super) use self::look::look;

use self::candidate::Stage;
use self::errand::{Errand, Replied, Reply};
use super::ground::Ground;
use super::shared::Shared;
use crate::outcome::{Outcome, Wait};
use crate::plan::Step;
use crate::run::Membership;

/// Who is ready does not wait longer than this for the next straggler, or two turns of a line.
const LINGER: Duration = Duration::from_secs(1);
/// Nor longer than this for all of them, and a turn for each.
pub(super) const LONGEST_LINGER: Duration = Duration::from_secs(3);
/// The shortest time between two looks at accounts that wait.
const SHORTEST_LOOK: Duration = Duration::from_millis(500);

/// Settles the accounts, each with its first step: each is in the result once, whatever happened.
pub(super) async fn settle(
    shared: Arc<Shared>,
    ground: Arc<Ground>,
    accounts: Vec<(Candidate, Step)>,
) -> Vec<Membership> {
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
    /// When something was last written: looks grow rarer from here.
    changed: Instant,
    /// When those that wait are looked at again.
    next_look: Instant,
}

impl Chunk {
    fn new(shared: Arc<Shared>, ground: Arc<Ground>, accounts: Vec<(Candidate, Step)>) -> Self {
        let now = Instant::now();
        let (candidates, steps): (Vec<_>, Vec<_>) = accounts.into_iter().unzip();
        let (errands, next_look) = (JoinSet::new(), now + SHORTEST_LOOK);
        let mut chunk = Self { shared, ground, candidates, errands, changed: now, next_look };
        let settle = chunk.shared.config.settle;
        for (index, step) in steps.into_iter().enumerate() {
            chunk.candidates[index].gains_patience(settle);
            chunk.begin(index, step);
        }
        chunk
    }

    async fn drive(&mut self) {
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
        let (indices, candidates): (Vec<usize>, Vec<&mut Candidate>) =
            self.candidates.iter_mut().enumerate().filter(|(_, candidate)| due(candidate)).unzip();
        if indices.is_empty() {
            return;
        }
        let steps = look(&self.ground, candidates).await;
        for (index, step) in indices.into_iter().zip(steps) {
            self.begin(index, step);
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
    fn begin(&mut self, index: usize, step: Step) {
        let candidate = &mut self.candidates[index];
        let stage = match step {
            Step::Done(outcome) => Stage::Done(outcome),
            Step::Wait(wait) => Stage::Wait(wait),
            Step::Accept => {
                let detector = candidate.detector.clone();
                self.send(index, Errand::Accept { detector })
            }
            step if candidate.detector.is_some() => Stage::Ready(step),
            then => self.send(index, Errand::SwitchOn { then }),
        };
        self.candidates[index].stage = stage;
    }

    fn send(&mut self, index: usize, errand: Errand) -> Stage {
        let (shared, ground, id) =
            (Arc::clone(&self.shared), Arc::clone(&self.ground), self.candidates[index].account.id);
        self.errands.spawn(errand.run(index, shared, ground, id).in_current_span());
        Stage::Busy
    }

    /// Waits until it is worth going on: all errands are back, or some are and no other came for a while, or those that
    /// wait are due.
    async fn collect(&mut self) {
        let mut leaves = None;
        let turns = u32::try_from(self.errands.len()).unwrap_or(u32::MAX);
        let longest = LONGEST_LINGER + self.shared.turn.saturating_mul(turns);
        loop {
            let goes_on = |candidate: &Candidate| matches!(candidate.stage, Stage::Look | Stage::Ready(_));
            let somebody = self.candidates.iter().any(goes_on);
            let waiting = self.candidates.iter().any(|candidate| matches!(candidate.stage, Stage::Wait(_)));
            let until = match (somebody, waiting) {
                (true, _) => {
                    let now = Instant::now();
                    let linger = LINGER + 2 * self.shared.turn;
                    (now + linger).min(*leaves.get_or_insert(now + longest))
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
