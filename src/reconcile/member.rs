//! What is done inside one member account: short sequences of calls, each for one membership.

use tracing::{debug, info};

use super::ground::Ground;
use super::shared::Shared;
use crate::account::AccountId;
use crate::aws::{Ours, Session};
use crate::membership::{CallError, Refusal};
use crate::outcome::{Outcome, Reason};

/// One account in one Region, entered with its session.
pub(super) struct Inside<'a> {
    pub(super) shared: &'a Shared,
    pub(super) ground: &'a Ground,
    pub(super) account: AccountId,
    pub(super) session: &'a Session,
}

/// The detector of a member account.
#[derive(Clone)]
pub(super) struct Detector {
    pub(super) id: String,
    pub(super) on: bool,
    /// Whether the account is our member already.
    pub(super) joined: bool,
}

impl Inside<'_> {
    /// The member's detector, created if there is none: one call for an account that is new to GuardDuty. An account that
    /// has one may be a member of somebody else, which is known before anything is changed there.
    pub(super) async fn detector(&self) -> Result<Detector, Outcome> {
        let (member, session) = (&self.ground.member, self.session);
        debug!(account = %self.account, region = %self.ground.region, "switching the detector on");
        if let Some(id) = member.create_detector(session).await.map_err(|trouble| self.end(trouble))? {
            return Ok(Detector { id, on: true, joined: false });
        }
        let id = member.existing_detector(session).await.map_err(|trouble| self.end(trouble))?;
        let administrator = member.administrator(session, &id).await.map_err(|trouble| self.end(trouble))?;
        if let Some(other) = administrator.filter(|one| *one != self.shared.identity.administrator) {
            return Err(Outcome::Failed(Reason::OtherAdministrator(other)));
        }
        let on = member.is_on(session, &id).await.map_err(|trouble| self.end(trouble))?;
        Ok(Detector { id, on, joined: administrator.is_some() })
    }

    /// Switches on a detector that is off.
    pub(super) async fn switch_on(&self, detector: &str) -> Result<(), Outcome> {
        let switched_on = self.ground.member.enable_detector(self.session, detector).await;
        switched_on.map_err(|trouble| self.end(trouble))?;
        info!(account = %self.account, region = %self.ground.region, "detector switched on");
        Ok(())
    }

    /// Accepts our invitation: whether it was there to be accepted, or how the membership ends.
    pub(super) async fn accept(&self, detector: &str) -> Result<bool, Outcome> {
        let (account, region) = (self.account, &self.ground.region);
        debug!(%account, %region, "accepting the invitation");
        match self.ground.member.accept(self.session, detector, self.shared.identity.administrator).await {
            Ok(looked) => {
                self.note_strangers(&looked.strangers);
                match looked.ours {
                    Ours::Accepted => info!(%account, %region, "invitation accepted"),
                    Ours::NotVisible => {}
                    Ours::OutOfSight => return Err(Outcome::Failed(Reason::TooManyInvitations)),
                }
                Ok(looked.ours == Ours::Accepted)
            }
            Err(CallError::Refused(Refusal::MemberAlready | Refusal::NoInvitation)) => Ok(false),
            Err(trouble) => Err(self.end(trouble)),
        }
    }

    fn end(&self, trouble: CallError) -> Outcome {
        Outcome::from_member_call(trouble, &self.ground.region)
    }

    fn note_strangers(&self, strangers: &[AccountId]) {
        if !strangers.is_empty() {
            self.shared.notice_strangers(&self.ground.region, self.account, strangers);
        }
    }
}
