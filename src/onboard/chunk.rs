//! Up to 50 accounts in one Region, going round one loop: observe, plan, apply, until all are settled or time is up.

mod apply;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio::time::{Instant, sleep_until, timeout_at};

use super::ground::Ground;
use super::member;
use super::shared::Shared;
use crate::account::{Account, AccountId, Region};
use crate::membership::{Status, Trouble};
use crate::outcome::{Outcome, Wait};
use crate::plan::{self, Progress, Step};
use crate::report::Membership;

/// Who is ready does not wait longer than this for the next straggler.
const LINGER: Duration = Duration::from_secs(1);
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

/// Says what `settle` would do.
pub(super) async fn foretell(ground: &Ground, accounts: &[Account]) -> Vec<Membership> {
    let asked: Vec<&Account> = accounts.iter().collect();
    let (members, refusals) = ground.administrator.members(&ground.detector, &asked).await;
    let foretold = |account: &Account| {
        let actual = members.get(&account.id);
        let outcome = match refusals.of(account.id) {
            Some(trouble) => Outcome::of_administrator(trouble.clone()),
            None => plan::next(account, actual, &Progress::default()).planned(actual),
        };
        let status = actual.map(|member| member.status.clone());
        Membership { account: account.clone(), region: ground.region.clone(), status, outcome }
    };
    accounts.iter().map(foretold).collect()
}

/// Says what `settle` would do where the administrator has no members yet.
pub(super) fn foretell_new(accounts: &[Account], region: &Region) -> Vec<Membership> {
    let foretold = |account: &Account| Membership {
        account: account.clone(),
        region: region.clone(),
        status: None,
        outcome: plan::next(account, None, &Progress::default()).planned(None),
    };
    accounts.iter().map(foretold).collect()
}

struct Chunk {
    shared: Arc<Shared>,
    ground: Arc<Ground>,
    candidates: Vec<Candidate>,
    calls: FuturesUnordered<Pin<Box<dyn Future<Output = Reply> + Send>>>,
    /// When something was last written: verification may take `SETTLE_SECONDS` from here.
    changed: Instant,
    /// When those that wait are looked at again.
    next_look: Instant,
}

/// One membership on its way.
struct Candidate {
    account: Account,
    status: Option<Status>,
    progress: Progress,
    /// The member's detector, once it is known to be on.
    detector: Option<String>,
    stage: Stage,
}

enum Stage {
    /// To be looked at at once.
    Look,
    /// To be looked at by and by.
    Wait(Wait),
    /// A call to the member account is under way.
    Busy,
    /// Its detector is on: it goes with the next batch.
    Ready(Step),
    /// Settled.
    Done(Outcome),
}

/// What came back from a member account.
struct Reply {
    index: usize,
    result: Result<Replied, Outcome>,
}

enum Replied {
    On { detector: String, then: Step },
    Accepted { detector: String, accepted: bool },
}

impl Chunk {
    fn new(shared: Arc<Shared>, ground: Arc<Ground>, accounts: Vec<Account>) -> Self {
        let candidate = |account| Candidate {
            account,
            status: None,
            progress: Progress::default(),
            detector: None,
            stage: Stage::Look,
        };
        let candidates = accounts.into_iter().map(candidate).collect();
        let now = Instant::now();
        Self { shared, ground, candidates, calls: FuturesUnordered::new(), changed: now, next_look: now }
    }

    async fn drive(&mut self) {
        self.observe().await;
        // Those that are found waiting get their time from here, not from when this chunk stood in line.
        self.changed = Instant::now();
        loop {
            self.observe().await;
            self.give_up_waiting();
            if self.candidates.iter().all(|candidate| matches!(candidate.stage, Stage::Done(_))) {
                return;
            }
            self.collect().await;
            self.apply().await;
        }
    }

    /// Looks at those that are due, plans their next step and starts it.
    async fn observe(&mut self) {
        let look_at_waiting = Instant::now() >= self.next_look;
        let due = |candidate: &Candidate| match candidate.stage {
            Stage::Look => true,
            Stage::Wait(_) => look_at_waiting,
            Stage::Busy | Stage::Ready(_) | Stage::Done(_) => false,
        };
        let indices: Vec<usize> = (0..self.candidates.len()).filter(|index| due(&self.candidates[*index])).collect();
        if indices.is_empty() {
            return;
        }
        let (mut members, refusals) =
            self.ground.administrator.members(&self.ground.detector, &self.accounts(&indices)).await;
        for index in indices {
            let candidate = &mut self.candidates[index];
            let id = candidate.account.id;
            let step = match refusals.of(id) {
                Some(Trouble::Transient(quoted)) => Step::Wait(Wait::Trouble(quoted.clone())),
                Some(trouble) => Step::Done(Outcome::of_administrator(trouble.clone())),
                None => {
                    let actual = members.remove(&id);
                    let step = plan::next(&candidate.account, actual.as_ref(), &candidate.progress);
                    candidate.status = actual.map(|member| member.status);
                    step
                }
            };
            self.candidates[index].stage = self.begin(index, step);
        }
        self.next_look = self.next_look();
    }

    /// Two fifths of the time waited so far: looks grow rarer, none comes late by more than that, and a minute of
    /// waiting costs 15 of them. The last one is when the wait ends.
    fn next_look(&self) -> Instant {
        let now = Instant::now();
        let next = now + (now.duration_since(self.changed) * 2 / 5).max(SHORTEST_LOOK);
        let ends = self.settle_ends();
        if now < ends { next.min(ends) } else { next }
    }

    fn settle_ends(&self) -> Instant {
        self.changed + self.shared.config.settle
    }

    /// Starts the part of a step that happens in the member account.
    fn begin(&self, index: usize, step: Step) -> Stage {
        match step {
            Step::Done(outcome) => return Stage::Done(outcome),
            Step::Wait(wait) => return Stage::Wait(wait),
            Step::Accept => self.call_accept(index),
            step if self.candidates[index].detector.is_some() => return Stage::Ready(step),
            step => self.call_switch_on(index, step),
        }
        Stage::Busy
    }

    fn call_switch_on(&self, index: usize, then: Step) {
        let (shared, ground, id) = self.for_call(index);
        self.calls.push(Box::pin(async move {
            let detector = member::switch_on(&shared, &ground, id).await;
            Reply { index, result: detector.map(|detector| Replied::On { detector, then }) }
        }));
    }

    fn call_accept(&self, index: usize) {
        let (shared, ground, id) = self.for_call(index);
        let known = self.candidates[index].detector.clone();
        self.calls.push(Box::pin(async move {
            let accept = async {
                let detector = match known {
                    Some(detector) => detector,
                    None => member::switch_on(&shared, &ground, id).await?,
                };
                let accepted = member::accept(&shared, &ground, id, &detector).await?;
                Ok(Replied::Accepted { detector, accepted })
            };
            Reply { index, result: accept.await }
        }));
    }

    fn for_call(&self, index: usize) -> (Arc<Shared>, Arc<Ground>, AccountId) {
        (Arc::clone(&self.shared), Arc::clone(&self.ground), self.candidates[index].account.id)
    }

    /// Waits until it is worth going on: all calls are back, or some are and no other came for a while, or those that
    /// wait are due.
    async fn collect(&mut self) {
        loop {
            let goes_on = |candidate: &Candidate| matches!(candidate.stage, Stage::Look | Stage::Ready(_));
            let somebody = self.candidates.iter().any(goes_on);
            let waiting = self.candidates.iter().any(|candidate| matches!(candidate.stage, Stage::Wait(_)));
            let until = match (somebody, waiting) {
                (true, _) => Instant::now() + LINGER,
                (false, true) => self.next_look,
                (false, false) => self.shared.deadline,
            };
            if self.calls.is_empty() {
                if !somebody && waiting {
                    sleep_until(until).await;
                }
                return;
            }
            match timeout_at(until, self.calls.next()).await {
                Ok(Some(reply)) => self.take(reply),
                _ => return,
            }
        }
    }

    fn take(&mut self, Reply { index, result }: Reply) {
        let candidate = &mut self.candidates[index];
        candidate.stage = match result {
            Err(outcome) => Stage::Done(outcome),
            Ok(Replied::On { detector, then }) => {
                candidate.detector = Some(detector);
                Stage::Ready(then)
            }
            Ok(Replied::Accepted { detector, accepted }) => {
                candidate.detector = Some(detector);
                candidate.progress.accepted = accepted;
                if accepted {
                    self.changed = Instant::now();
                    Stage::Look
                } else {
                    Stage::Wait(Wait::Invitation)
                }
            }
        };
    }

    /// Parks those that still wait when the time for it is over and nobody else is on the way.
    fn give_up_waiting(&mut self) {
        let on_the_way = |candidate: &Candidate| matches!(candidate.stage, Stage::Look | Stage::Busy | Stage::Ready(_));
        if Instant::now() < self.settle_ends() || self.candidates.iter().any(on_the_way) {
            return;
        }
        for candidate in &mut self.candidates {
            if let Stage::Wait(wait) = &candidate.stage {
                candidate.stage = Stage::Done(Outcome::Pending(wait.clone()));
            }
        }
    }

    fn finish(self) -> Vec<Membership> {
        let region = &self.ground.region;
        let settled = |candidate: Candidate| Membership {
            outcome: match candidate.stage {
                Stage::Done(outcome) => outcome,
                Stage::Wait(wait) => Outcome::Pending(wait),
                Stage::Look | Stage::Busy | Stage::Ready(_) => Outcome::Pending(Wait::Time),
            },
            account: candidate.account,
            region: region.clone(),
            status: candidate.status,
        };
        self.candidates.into_iter().map(settled).collect()
    }
}
