//! Stops a run, and says what must hold whenever that was.

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use aws_sim::Call;
use futures_util::future::join;
use guardduty_onboarding::declared::{Goal, Mode};
use guardduty_onboarding::outcome::{Outcome, Wait};
use guardduty_onboarding::reconcile::{self, Stop};
use guardduty_onboarding::run::Run;
use tokio::time::{Instant, sleep};

use super::BOTH;
use crate::world::*;

/// A run that was stopped, and the calls of before and after.
pub struct Stopped {
    pub run: Run,
    at: SystemTime,
    pub before: Vec<Call>,
    pub after: Vec<Call>,
    /// From the stop to the end of the run.
    pub took: Duration,
}

pub async fn stopped(world: &World, after: Duration, work: impl AsyncFnOnce(Stop) -> Run) -> Stopped {
    world.sim.clear_ledger();
    let stop = Stop::new();
    let stopping = async {
        sleep(after).await;
        stop.now();
        (world.now(), Instant::now(), world.sim.ledger().len())
    };
    let working = async { (work(stop.clone()).await, Instant::now()) };
    let ((run, ended), (at, since, begun)) = join(working, stopping).await;
    let mut before = world.sim.ledger();
    let after = before.split_off(begun);
    Stopped { run, at, before, after, took: ended.saturating_duration_since(since) }
}

pub async fn run_until(world: &World, list: &str, goal: Goal, mode: Mode, stop: Stop) -> Run {
    reconcile::run(world.context(Some(goal), mode).until(stop), world.roster(list, goal).into()).await
}

/// A list is carried out or planned, and stopped.
pub async fn stopped_list(world: &World, list: &str, goal: Goal, mode: Mode, after: Duration) -> Stopped {
    stopped(world, after, async |stop| run_until(world, list, goal, mode, stop).await).await
}

impl Stopped {
    /// Only visits that had begun make calls after the stop, and none of these lets anybody go.
    pub fn began_nothing(&self) {
        let under_way = |call: &&Call| call.answer_after.is_none_or(|after| call.at + after >= self.at);
        let visited: BTreeSet<(&str, &str)> = self
            .before
            .iter()
            .filter(under_way)
            .map(|call| (call.caller.as_str(), call.region.as_str()))
            .filter(|(caller, _)| *caller != ADMINISTRATOR)
            .collect();
        for call in &self.after {
            let visit = (call.caller.as_str(), call.region.as_str());
            assert!(visited.contains(&visit), "{} began in {visit:?} after the stop", call.operation);
            assert_ne!(call.operation, "DeleteDetector", "nobody is let go after the stop");
        }
    }

    /// Each membership is in the run once: settled as GuardDuty shows it, or pending, and not for lack of time.
    pub fn tells_the_truth(&self, world: &World, accounts: usize) {
        let memberships = &self.run.memberships;
        let all: BTreeSet<_> = memberships.iter().map(|one| (one.account, one.region.clone())).collect();
        assert_eq!((all.len(), memberships.len()), (accounts * BOTH.len(), accounts * BOTH.len()));
        for one in memberships {
            let shown = world.status(one.region.as_str(), one.account.as_str());
            match &one.outcome {
                Outcome::Settled(Goal::Monitored, _) => assert_eq!(shown.as_deref(), Some("Enabled")),
                Outcome::Settled(Goal::Suspended, _) => assert_eq!(shown.as_deref(), Some("Disabled")),
                Outcome::Settled(Goal::Removed, _) => assert_eq!(shown, None),
                Outcome::Pending(Wait::Interrupted) => {
                    let detail = one.detail(self.run.origin.retry).expect("a sentence");
                    assert!(detail.starts_with("the run was interrupted before account "), "{detail}");
                }
                Outcome::Pending(Wait::Verification | Wait::Invitation | Wait::Write(_) | Wait::Plans)
                | Outcome::Planned(_) => {}
                other => panic!("{other:?}"),
            }
        }
        // What nobody was asked, nobody refused.
        assert!(!self.run.notices.iter().any(|one| one.to_string().contains("interrupted")), "{:?}", self.run.notices);
        let wrote = |call: &Call| call.service == "guardduty" && call.write && call.done;
        let wrote = self.before.iter().chain(&self.after).any(wrote);
        assert_eq!(self.run.changed, wrote, "what was under way counts");
    }

    /// Who began to accept has accepted.
    pub fn finished_what_was_under_way(&self) {
        let of = |operation: &str| -> BTreeSet<(&str, &str)> {
            let calls = self.before.iter().chain(&self.after).filter(|call| call.operation == operation);
            calls.map(|call| (call.caller.as_str(), call.region.as_str())).collect()
        };
        assert_eq!(of("ListInvitations"), of("AcceptAdministratorInvitation"));
    }

    pub fn interrupted(&self) -> usize {
        let interrupted = |outcome: &Outcome| *outcome == Outcome::Pending(Wait::Interrupted);
        self.run.memberships.iter().filter(|one| interrupted(&one.outcome)).count()
    }
}
