//! One membership on its way, and what comes back from its account.

use std::time::Duration;

use tokio::time::Instant;

use super::errand::Replied;
use crate::account::{Account, Region};
use crate::membership::Status;
use crate::outcome::{Outcome, Wait};
use crate::plan::{Progress, Step};
use crate::run::Membership;

/// One membership on its way.
pub(in super::super) struct Candidate {
    pub(super) account: Account,
    /// GuardDuty's word when it was last looked at.
    pub(super) status: Option<Status>,
    pub(super) progress: Progress,
    /// The member's detector, once it is known to be on.
    pub(super) detector: Option<String>,
    /// How long it may wait: `SETTLE_SECONDS` from when its chunk began, then from each write to it.
    pub(super) patience: Instant,
    pub(super) stage: Stage,
}

pub(super) enum Stage {
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

impl Candidate {
    pub(in super::super) fn new(account: Account) -> Self {
        Self {
            account,
            status: None,
            progress: Progress::default(),
            detector: None,
            patience: Instant::now(),
            stage: Stage::Look,
        }
    }

    /// How it ended.
    pub(in super::super) fn ends(self, region: &Region, outcome: Outcome) -> Membership {
        Membership::new(&self.account, region, self.status, outcome)
    }

    /// Takes what came back. What was written may take `settle` to show.
    pub(super) fn take(&mut self, result: Result<Replied, Outcome>, settle: Duration) {
        self.stage = match result {
            Err(outcome) => Stage::Done(outcome),
            Ok(Replied::On { detector, then }) => {
                self.detector = Some(detector);
                Stage::Ready(then)
            }
            Ok(Replied::Accepted { detector, accepted }) => {
                self.detector = Some(detector);
                self.progress.accepted = accepted;
                if accepted {
                    self.gains_patience(settle);
                    Stage::Look
                } else {
                    Stage::Wait(Wait::Invitation)
                }
            }
        };
        self.loses_patience(Instant::now());
    }

    /// Something was written: it may take `settle` from now to show.
    pub(super) fn gains_patience(&mut self, settle: Duration) {
        self.patience = Instant::now() + settle;
    }

    /// Parks it if it waits and its patience was over at `now`.
    pub(super) fn loses_patience(&mut self, now: Instant) {
        if let Stage::Wait(wait) = &self.stage
            && now >= self.patience
        {
            self.stage = Stage::Done(Outcome::Pending(wait.clone()));
        }
    }
}
