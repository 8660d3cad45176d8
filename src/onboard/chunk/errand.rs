//! What a chunk has done in a member account, as a task of its own, and what comes back.

use std::sync::Arc;

use tracing::info;

use super::super::ground::Ground;
use super::super::member::Inside;
use super::super::shared::Shared;
use crate::account::AccountId;
use crate::aws::Line;
use crate::outcome::{Outcome, Wait};
use crate::plan::Step;

/// What is to be done in a member account.
pub(super) enum Errand {
    /// Switch the detector on, for the step that needs it.
    SwitchOn { then: Step },
    /// Accept our invitation, with the detector if it is known.
    Accept { detector: Option<String>, first_time: bool },
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

impl Errand {
    /// Does it for the candidate of that index.
    pub(super) async fn run(self, index: usize, shared: Arc<Shared>, ground: Arc<Ground>, id: AccountId) -> Reply {
        Reply { index, result: self.go(&shared, &ground, id).await }
    }

    /// Waits for the session, then in line, and makes the calls one at a time; once more with a new session if the old one
    /// has expired meanwhile: all of them may be made again.
    async fn go(&self, shared: &Shared, ground: &Ground, account: AccountId) -> Result<Replied, Outcome> {
        let mut session =
            shared.sessions.get(account).await.map_err(|refused| Outcome::of_role(refused, &ground.region))?;
        let mut renewed = false;
        loop {
            let permit = self.line(ground).permit().await;
            let inside = Inside { shared, ground, account, session: &session };
            // Boxed, so that the thousands that wait in line are small.
            let result = Box::pin(self.work(inside)).await;
            drop(permit);
            if renewed || !matches!(result, Err(Outcome::Pending(Wait::Credentials))) {
                return result;
            }
            info!(%account, "the session expired and is renewed");
            session = shared
                .sessions
                .renew(account, &session)
                .await
                .map_err(|refused| Outcome::of_role(refused, &ground.region))?;
            renewed = true;
        }
    }

    fn line<'a>(&self, ground: &'a Ground) -> &'a Line {
        match self {
            Self::SwitchOn { .. } => &ground.switching_on,
            Self::Accept { .. } => &ground.accepting,
        }
    }

    async fn work(&self, inside: Inside<'_>) -> Result<Replied, Outcome> {
        match self {
            Self::SwitchOn { then } => Ok(Replied::On { detector: inside.switch_on().await?, then: then.clone() }),
            Self::Accept { detector, first_time } => {
                let detector = match detector {
                    Some(detector) => detector.clone(),
                    None => inside.switch_on().await?,
                };
                let mut accepted = inside.accept(&detector).await?;
                if !accepted && *first_time {
                    accepted = inside.has_joined(&detector).await?;
                }
                Ok(Replied::Accepted { detector, accepted })
            }
        }
    }
}
