//! Up to 50 accounts in one Region, going round one loop: observe, plan, apply, until all are settled or time is up.
//!
//! ```text
//!          observe: GetMembers                     plan::next
//!  Look ───────────────────────────▶ one step ─┬─▶ Ended
//!   ▲                                           ├─▶ Waiting ── the next look is due ──▶ Look
//!   │                                           ├─▶ Busy    ── its task returns ──┐
//!   │                                           └─▶ Ready   ── its batch returns ─┤
//!   └───────────────────────────── plan::after ◀──────────────────────────────────┘
//! ```
//!
//! A batch call costs the same for 1 account as for 50, and an administrator may make only two at a time in a Region.
//! So a chunk does not go on with the first account that is ready. It waits for others, but neither for all of them nor
//! for long.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use strum::VariantArray as _;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep_until, timeout_at};
use tracing::Instrument as _;

use super::administrator::AdministratorRegion;
use super::apply;
use super::candidate::{self, Candidate, Stage};
use super::context::Context;
use super::looks::Looks;
use super::member_task::{MemberTask, TaskOutput};
use super::observe::look;
use crate::account::{Account, AccountId};
use crate::action::{Action, Caller, Visit};
use crate::membership::{NotDone, PlansSeen};
use crate::plan::{Step, after};
use crate::protection::Subset;

/// How long ready accounts wait for the next straggler, plus two turns of a lane. It starts anew with each task that
/// returns, so accounts that are ready at about the same time go together.
const BATCH_WAIT: Duration = Duration::from_secs(1);
/// How long the first ready account waits for all stragglers, plus a turn for each. Otherwise a steady trickle of them
/// could hold it back without end.
pub(super) const LONGEST_BATCH_WAIT: Duration = Duration::from_secs(3);

/// Settles the accounts, from their first steps on. Each is in the ledger once, whatever happens.
pub(super) async fn settle(context: Arc<Context>, region: Arc<AdministratorRegion>, candidates: Vec<Candidate>) {
    let mut chunk = Chunk::new(Arc::clone(&context), region, candidates);
    // Running out of time is no error: what is not settled by then is pending.
    let _ = context.in_time(chunk.drive()).await;
    chunk.finish();
}

struct Chunk {
    context: Arc<Context>,
    region: Arc<AdministratorRegion>,
    /// Those that have not ended.
    candidates: BTreeMap<AccountId, Candidate>,
    /// Spawned, so that they go on while this chunk waits for something else. Dropping the set ends them.
    tasks: JoinSet<TaskOutput>,
    looks: Looks,
}

impl Chunk {
    fn new(context: Arc<Context>, region: Arc<AdministratorRegion>, candidates: Vec<Candidate>) -> Self {
        let (tasks, looks) = (JoinSet::new(), Looks::new());
        let mut chunk = Self { context, region, candidates: BTreeMap::new(), tasks, looks };
        for mut candidate in candidates {
            candidate.extend_deadline(chunk.context.config.settle);
            chunk.candidates.insert(candidate.id(), candidate);
        }
        chunk.begin_all();
        chunk
    }

    async fn drive(&mut self) {
        let context = Arc::clone(&self.context);
        while context.not_current().is_none() && !self.candidates.is_empty() {
            tokio::select! {
                biased;
                _ = context.stop.comes() => return self.finish_tasks().await,
                () = self.collect() => {}
            }
            self.apply().await;
            self.observe().await;
        }
    }

    /// After the stop: takes the answers of the visits that are under way. Those that have not begun return at once.
    async fn finish_tasks(&mut self) {
        while let Some(task) = self.tasks.join_next().await {
            self.take_output(returned(task));
        }
    }

    /// Waits until the next batch is worth sending: all tasks have returned, none has returned for a while, or a look
    /// is due.
    async fn collect(&mut self) {
        let mut latest = None;
        // Both waits grow with the lanes. If few calls are in flight for many Regions, a lane's turns are far apart,
        // and a straggler is late without being slow.
        let turns = u32::try_from(self.tasks.len()).unwrap_or(u32::MAX);
        let longest = LONGEST_BATCH_WAIT + self.context.turn.saturating_mul(turns);
        loop {
            let goes_on = |candidate: &Candidate| matches!(candidate.stage, Stage::Look | Stage::Ready(_));
            let ready = self.candidates.values().any(goes_on);
            let waiting = self.candidates.values().any(|candidate| matches!(candidate.stage, Stage::Waiting(_)));
            let until = match (ready, waiting) {
                (true, _) => {
                    let now = Instant::now();
                    let batch_wait = BATCH_WAIT + 2 * self.context.turn;
                    (now + batch_wait).min(*latest.get_or_insert(now + longest))
                }
                (false, true) => self.looks.next(),
                (false, false) => self.context.deadline,
            };
            // No straggler can come any more: what is ready goes on now.
            if self.tasks.is_empty() {
                if !ready && waiting {
                    sleep_until(until).await;
                }
                return;
            }
            match timeout_at(until, self.tasks.join_next()).await {
                Ok(Some(task)) => self.take_output(returned(task)),
                Ok(None) | Err(_) => return,
            }
        }
    }

    fn take_output(&mut self, TaskOutput { account, action, answer }: TaskOutput) {
        let answer = answer.as_ref().map(|detector| {
            if let (Some(detector), Some(candidate)) = (detector, self.candidates.get_mut(&account)) {
                candidate.detector = Some(detector.id.clone());
                candidate.actual.joined = detector.joined;
            }
        });
        self.answered(account, action, answer);
    }

    /// Makes the administrator's writes that are due, in the order of [`Action`]: an account that one batch makes
    /// ready goes with the next.
    async fn apply(&mut self) {
        for action in Action::VARIANTS.iter().copied() {
            let Caller::Administrator(batch) = action.caller() else { continue };
            // The last look may be old: the member's detector was enabled since, after a wait in a lane.
            if action.looks_first() {
                let ready: Vec<_> = self.ready_for(action).into_values().flatten().collect();
                self.look(&ready).await;
            }
            for (plans, ready) in self.ready_for(action) {
                if action.lets_go() && !self.context.may_let_go().await {
                    return;
                }
                let accounts: Vec<&Account> = ready.iter().map(|id| &self.candidates[id].declared.account).collect();
                let refusals = apply::write(&self.context, &self.region, action, batch, &accounts, plans).await;
                for id in ready {
                    let refused = refusals.get(id).map(|error| NotDone::Call(error.clone()));
                    self.answered(id, action, refused.as_ref().map_or(Ok(()), Err));
                }
            }
        }
    }

    fn ready_for(&self, action: Action) -> BTreeMap<Subset, Vec<AccountId>> {
        candidate::ready_for(action, self.candidates.values(), &self.region.plans)
    }

    /// Goes on with what the answer to an action means.
    fn answered(&mut self, id: AccountId, action: Action, answer: Result<(), &NotDone>) {
        let Some(candidate) = self.candidates.get_mut(&id) else { return };
        let mut step = after(action, answer, &mut candidate.done);
        // A refusal that means "done already" counts, too: it may take as long to show as a write of ours.
        if candidate.done.has(action) {
            candidate.extend_deadline(self.context.config.settle);
            apply::log_leaving(&self.context, &self.region, candidate, action);
        }
        // What was seen of its plans is not so any more: only a look tells whether they were set.
        if answer.is_ok() && action == Action::SetPlans {
            candidate.actual.plans = PlansSeen::NotYet;
        }
        // A look would show nothing new, so none is made.
        if action.leads_to().is_none() {
            step = Some(step.unwrap_or_else(|| candidate.next()));
        }
        if answer.is_ok() && (action.leads_to().is_some() || action == Action::SetPlans) {
            self.looks.changed();
        }
        match step {
            Some(step) => self.begin(id, step),
            None => self.enter(id, Stage::Look),
        }
        self.end_if_overdue(id, Instant::now());
    }

    /// Looks at the accounts that are due, and begins their next steps.
    async fn observe(&mut self) {
        let began = Instant::now();
        let look_at_waiting = began >= self.looks.next();
        let due = |candidate: &&Candidate| match candidate.stage {
            Stage::Look => true,
            Stage::Waiting(_) => look_at_waiting,
            Stage::Next(_) | Stage::Busy | Stage::Ready(_) => false,
        };
        let due: Vec<AccountId> = self.candidates.values().filter(due).map(Candidate::id).collect();
        if due.is_empty() {
            return;
        }
        self.look(&due).await;
        // A look that began before the deadline may have missed what shows by then, so it is not the last one.
        for id in due {
            self.end_if_overdue(id, began);
        }
        let waiting = self.candidates.values().filter(|candidate| matches!(candidate.stage, Stage::Waiting(_)));
        self.looks.looked(look_at_waiting, waiting.map(Candidate::deadline).min());
    }

    async fn look(&mut self, ids: &[AccountId]) {
        if ids.is_empty() {
            return;
        }
        let these = |candidate: &&mut Candidate| ids.contains(&candidate.id());
        look(&self.context, &self.region, self.candidates.values_mut().filter(these).collect()).await;
        self.begin_all();
    }

    fn begin_all(&mut self) {
        let next = |candidate: &Candidate| match &candidate.stage {
            Stage::Next(step) => Some((candidate.id(), step.clone())),
            _ => None,
        };
        for (id, step) in self.candidates.values().filter_map(next).collect::<Vec<_>>() {
            self.begin(id, step);
        }
    }

    fn begin(&mut self, id: AccountId, step: Step) {
        let stage = match step {
            Step::Done(_) => return self.end(id, step),
            Step::Wait(wait) => Stage::Waiting(wait),
            Step::Do(action) => match action.caller() {
                Caller::Administrator(_) => Stage::Ready(action),
                Caller::Member(visit) => {
                    self.spawn(id, action, visit);
                    Stage::Busy
                }
            },
        };
        self.enter(id, stage);
    }

    fn spawn(&mut self, id: AccountId, action: Action, visit: Visit) {
        let detector = self.candidates.get(&id).and_then(|candidate| candidate.detector.clone());
        let (context, region) = (Arc::clone(&self.context), Arc::clone(&self.region));
        let task = MemberTask { context, region, account: id };
        self.tasks.spawn(task.run(action, visit, detector).in_current_span());
    }

    fn enter(&mut self, id: AccountId, stage: Stage) {
        if let Some(candidate) = self.candidates.get_mut(&id) {
            candidate.stage = stage;
        }
    }

    fn end(&mut self, id: AccountId, done: Step) {
        if let Some(mut candidate) = self.candidates.remove(&id) {
            candidate.stage = Stage::Next(done);
            self.context.ledger.settled(candidate.ended(&self.region.region, self.context.cut_off()));
        }
    }

    fn end_if_overdue(&mut self, id: AccountId, now: Instant) {
        if let Some(outcome) = self.candidates.get(&id).and_then(|candidate| candidate.overdue(now)) {
            self.end(id, Step::Done(outcome));
        }
    }

    /// Ends what time or the stop has cut off.
    fn finish(self) {
        let ended = |candidate: Candidate| candidate.ended(&self.region.region, self.context.cut_off());
        self.context.ledger.all_settled(self.candidates.into_values().map(ended));
    }
}

fn returned<T>(task: Result<T, JoinError>) -> T {
    // A panic is a bug of ours: it must reach the error report.
    task.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}
