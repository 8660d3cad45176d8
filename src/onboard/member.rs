//! What is done inside one member account: short sequences of calls, each for one membership.

use tracing::{debug, info};

use super::ground::Ground;
use super::shared::Shared;
use crate::account::AccountId;
use crate::aws::Session;
use crate::membership::{Refusal, Trouble};
use crate::outcome::{Cause, Outcome};

/// One account in one Region, entered with its session.
pub(super) struct Inside<'a> {
    pub(super) shared: &'a Shared,
    pub(super) ground: &'a Ground,
    pub(super) account: AccountId,
    pub(super) session: &'a Session,
}

impl Inside<'_> {
    /// Switches the member's detector on: its id, or how the membership ends.
    pub(super) async fn switch_on(&self) -> Result<String, Outcome> {
        debug!(account = %self.account, region = %self.ground.region, "switching the detector on");
        self.ground.member.switch_on(self.session).await.map_err(|trouble| self.end(trouble))
    }

    /// Accepts our invitation: whether it was there to be accepted, or how the membership ends.
    pub(super) async fn accept(&self, detector: &str) -> Result<bool, Outcome> {
        let (account, region) = (self.account, &self.ground.region);
        debug!(%account, %region, "accepting the invitation");
        match self.ground.member.accept(self.session, detector, self.shared.home.administrator).await {
            Ok(accepted) => {
                self.note_strangers(&accepted.strangers);
                if accepted.accepted {
                    info!(%account, %region, "invitation accepted");
                }
                Ok(accepted.accepted)
            }
            Err(Trouble::Refused(Refusal::MemberAlready | Refusal::NoInvitation)) => Ok(false),
            Err(trouble) => Err(self.end(trouble)),
        }
    }

    /// Whether the account is our member already. Whoever belongs to somebody else may never see our invitation: waiting
    /// for it would not end.
    pub(super) async fn has_joined(&self, detector: &str) -> Result<bool, Outcome> {
        let administrator = self.ground.member.administrator(self.session, detector).await;
        match administrator.map_err(|trouble| self.end(trouble))? {
            Some(other) if other != self.shared.home.administrator => {
                Err(Outcome::Failed(Cause::OtherAdministrator(other)))
            }
            ours_or_none => Ok(ours_or_none.is_some()),
        }
    }

    fn end(&self, trouble: Trouble) -> Outcome {
        Outcome::of_member(trouble, &self.ground.region)
    }

    fn note_strangers(&self, strangers: &[AccountId]) {
        for stranger in strangers {
            self.shared.notice(format!(
                "account {} also has an invitation from {stranger} in {}, which is not this administrator; it was left alone",
                self.account, self.ground.region
            ));
        }
    }
}
