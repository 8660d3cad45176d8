//! What is done in one member account, as a task of its own: short sequences of calls with the account's session.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use tracing::{debug, info};

use super::administrator::AdministratorRegion;
use super::context::Context;
use crate::account::AccountId;
use crate::action::Action;
use crate::aws::{Access, Lane, Ours, Session};
use crate::membership::{CallError, NotDone};
use crate::outcome::Notice;

/// One account in one Region.
pub(super) struct MemberTask {
    pub(super) context: Arc<Context>,
    pub(super) region: Arc<AdministratorRegion>,
    pub(super) account: AccountId,
}

/// What comes back from a member account.
pub(super) struct TaskOutput {
    pub(super) account: AccountId,
    pub(super) action: Action,
    /// With the detector, where the action was to see to it.
    pub(super) answer: Result<Option<Detector>, NotDone>,
}

/// The detector of a member account.
pub(super) struct Detector {
    pub(super) id: String,
    on: bool,
    /// Whether the account is our member already.
    pub(super) joined: bool,
}

impl MemberTask {
    /// Carries out one of the member's actions, with the detector where it is known to be on.
    pub(super) async fn run(self, action: Action, detector: Option<String>) -> TaskOutput {
        let answer = if action == Action::AcceptInvitation {
            self.accept_invitation(detector).await.map(|()| None)
        } else {
            self.detector_on().await.map(Some)
        };
        TaskOutput { account: self.account, action, answer }
    }

    async fn accept_invitation(&self, detector: Option<String>) -> Result<(), NotDone> {
        let detector = match detector {
            Some(id) => id,
            None => self.detector_on().await?.id,
        };
        let lane = &self.region.accept_lane;
        self.visit(Access::Join, lane, |task, session| Box::pin(task.accept(session, detector.clone()))).await
    }

    /// Sees to it that the detector is on.
    async fn detector_on(&self) -> Result<Detector, NotDone> {
        let lane = &self.region.enable_lane;
        let detector = self.visit(Access::Join, lane, |task, session| Box::pin(task.detector(session))).await?;
        if !detector.on {
            let id = &detector.id;
            self.visit(Access::EnableDetector, lane, |task, session| Box::pin(task.enable(session, id.clone())))
                .await?;
        }
        Ok(detector)
    }

    /// Does something in the account: waits for its session, then in the lane for a permit, and makes the calls one at a time.
    /// If AWS says that the session has expired, all of them are made once more with a new one.
    async fn visit<T>(
        &self,
        access: Access,
        lane: &Lane,
        calls: impl for<'a> Fn(&'a Self, &'a Session) -> BoxFuture<'a, Result<T, NotDone>>,
    ) -> Result<T, NotDone> {
        let sessions = &self.context.sessions;
        let mut renewed = false;
        loop {
            let session = sessions.get(self.account, access).await?;
            let permit = lane.permit().await;
            // It waited for long in the lane. The session is renewed without the permit, of which there may be one alone.
            if !session.is_fresh() {
                continue;
            }
            // Boxed, so that the thousands that wait in a lane are small.
            let answer = calls(self, &session).await.map_err(|not_done| not_done.in_region(&self.region.region));
            drop(permit);
            if renewed || !matches!(answer, Err(NotDone::Call(CallError::Expired))) {
                return answer;
            }
            info!(account = %self.account, "the session expired and is renewed");
            sessions.forget(self.account, access, &session);
            renewed = true;
        }
    }

    /// The member's detector, created if there is none: one call for an account that is new to GuardDuty. An account that
    /// has one may be a member of another administrator, which is known before anything is changed there.
    async fn detector(&self, session: &Session) -> Result<Detector, NotDone> {
        debug!(account = %self.account, region = %self.region.region, "switching the detector on");
        let member = &self.region.member;
        if let Some(id) = member.create_detector(session).await? {
            return Ok(Detector { id, on: true, joined: false });
        }
        let id = member.existing_detector(session).await?;
        let administrator = member.administrator(session, &id).await?;
        if let Some(other) = administrator.filter(|one| *one != self.context.identity.administrator) {
            return Err(NotDone::OtherAdministrator(other));
        }
        let on = member.is_on(session, &id).await?;
        Ok(Detector { id, on, joined: administrator.is_some() })
    }

    async fn enable(&self, session: &Session, detector: String) -> Result<(), NotDone> {
        self.region.member.enable_detector(session, &detector).await?;
        info!(account = %self.account, region = %self.region.region, "detector switched on");
        Ok(())
    }

    async fn accept(&self, session: &Session, detector: String) -> Result<(), NotDone> {
        let (account, region) = (self.account, &self.region.region);
        debug!(%account, %region, "accepting the invitation");
        let administrator = self.context.identity.administrator;
        let looked = self.region.member.accept(session, &detector, administrator).await?;
        if !looked.strangers.is_empty() {
            let region = region.clone();
            self.context.note(Notice::Strangers { region, account, inviters: looked.strangers });
        }
        match looked.ours {
            Ours::Accepted => {
                info!(%account, %region, "invitation accepted");
                Ok(())
            }
            Ours::NotVisible => Err(NotDone::InvitationNotVisible),
            Ours::OutOfSight => Err(NotDone::TooManyInvitations),
        }
    }
}
