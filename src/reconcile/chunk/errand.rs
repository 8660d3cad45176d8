//! What a chunk has done in a member account, as a task of its own, and what comes back.

use std::sync::Arc;

use tracing::info;

use super::super::ground::Ground;
use super::super::member::{Detector, Inside};
use super::super::shared::Shared;
use crate::account::AccountId;
use crate::aws::{Access, Lane, Session};
use crate::outcome::{Outcome, Wait};
use crate::plan::Step;

/// What is to be done in a member account.
pub(super) enum Errand {
    /// Switch the detector on, for the step that needs it.
    SwitchOn { then: Step },
    /// Accept our invitation, with the detector if it is known.
    Accept { detector: Option<String> },
}

/// What came back from a member account.
pub(super) struct Reply {
    pub(super) index: usize,
    pub(super) result: Result<Replied, Outcome>,
}

pub(super) enum Replied {
    /// The detector is on: now for the step that needed it.
    On { detector: String, then: Step },
    /// Our invitation was accepted, or was not there yet.
    Accepted { detector: String, accepted: bool },
}

/// What is done in one visit, with one session and one permit. Thousands wait for one, so it is small.
enum Visit {
    /// The errand itself, with a detector that was switched on for it.
    Join(Option<Box<Detector>>),
    /// A detector that is off is switched on first.
    SwitchOn(Box<Detector>),
}

/// How a visit ends.
enum Next {
    Done(Replied),
    Then(Visit),
}

impl Visit {
    fn access(&self) -> Access {
        match self {
            Self::Join(_) => Access::Join,
            Self::SwitchOn(_) => Access::SwitchOn,
        }
    }
}

impl Errand {
    /// Does it for the candidate of that index.
    pub(super) async fn run(self, index: usize, shared: Arc<Shared>, ground: Arc<Ground>, id: AccountId) -> Reply {
        Reply { index, result: self.go(&shared, &ground, id).await }
    }

    async fn go(&self, shared: &Shared, ground: &Ground, account: AccountId) -> Result<Replied, Outcome> {
        let mut visit = Visit::Join(None);
        loop {
            match self.visit(&visit, shared, ground, account).await? {
                Next::Done(replied) => return Ok(replied),
                Next::Then(next) => visit = next,
            }
        }
    }

    /// Waits for the session, then in line, and makes the calls one at a time; once more with a new session if AWS says
    /// that the old one has expired: all of them may be made again.
    async fn visit(
        &self,
        visit: &Visit,
        shared: &Shared,
        ground: &Ground,
        account: AccountId,
    ) -> Result<Next, Outcome> {
        let access = visit.access();
        let mut renewed = false;
        loop {
            let session = shared.sessions.get(account, access).await;
            let session = session.map_err(|refused| Outcome::from_assume_role(refused, &ground.region))?;
            let permit = self.line(ground).permit().await;
            // It was long in line. Renewed without the permit, of which there may be one alone.
            if !session.is_fresh() {
                continue;
            }
            // Boxed, so that the thousands that wait in line are small.
            let result = Box::pin(self.work(visit, shared, ground, account, &session)).await;
            drop(permit);
            if renewed || !matches!(result, Err(Outcome::Pending(Wait::Credentials))) {
                return result;
            }
            info!(%account, "the session expired and is renewed");
            shared.sessions.forget(account, access, &session);
            renewed = true;
        }
    }

    fn line<'a>(&self, ground: &'a Ground) -> &'a Lane {
        match self {
            Self::SwitchOn { .. } => &ground.enable_lane,
            Self::Accept { .. } => &ground.accept_lane,
        }
    }

    async fn work(
        &self,
        visit: &Visit,
        shared: &Shared,
        ground: &Ground,
        account: AccountId,
        session: &Session,
    ) -> Result<Next, Outcome> {
        let inside = Inside { shared, ground, account, session };
        let detector = match (visit, self) {
            (Visit::Join(Some(known)), _) => Detector::clone(known),
            (Visit::Join(None), Self::Accept { detector: Some(id) }) => {
                Detector { id: id.clone(), on: true, joined: false }
            }
            (Visit::Join(None), _) => inside.detector().await?,
            (Visit::SwitchOn(off), _) => {
                inside.switch_on(&off.id).await?;
                Detector { on: true, ..Detector::clone(off) }
            }
        };
        Ok(match (self, visit) {
            _ if !detector.on => Next::Then(Visit::SwitchOn(Box::new(detector))),
            (Self::SwitchOn { then }, _) => Next::Done(Replied::On { detector: detector.id, then: then.clone() }),
            // That session can do no more.
            (Self::Accept { .. }, Visit::SwitchOn(_)) => Next::Then(Visit::Join(Some(Box::new(detector)))),
            (Self::Accept { .. }, Visit::Join(_)) => {
                let accepted = detector.joined || inside.accept(&detector.id).await?;
                Next::Done(Replied::Accepted { detector: detector.id, accepted })
            }
        })
    }
}
