//! A task in one member account: a short sequence of calls with the account's session.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use tracing::{debug, info, warn};

use super::administrator::AdministratorRegion;
use super::context::Context;
use crate::account::AccountId;
use crate::action::{Action, Visit};
use crate::aws::{Access, Created, Lane, Ours, Session};
use crate::membership::{CallError, DeniedBy, NotDone, Refusal, WhyStays};
use crate::outcome::Notice;
use crate::protection::Subset;

pub(super) struct MemberTask {
    pub(super) context: Arc<Context>,
    pub(super) region: Arc<AdministratorRegion>,
    pub(super) account: AccountId,
}

pub(super) struct TaskOutput {
    pub(super) account: AccountId,
    pub(super) action: Action,
    /// The detector, if the action was to enable it.
    pub(super) answer: Result<Option<Detector>, NotDone>,
}

#[derive(Clone)]
pub(super) struct Detector {
    pub(super) id: String,
    on: bool,
    /// The protection plans that the account needs before it joins.
    to_set: Subset,
    /// Whether the account is already our member.
    pub(super) joined: bool,
}

impl MemberTask {
    /// Carries out one of the member's actions, which is that visit. `detector` is the member's, if it is known to be on.
    pub(super) async fn run(self, action: Action, visit: Visit, detector: Option<String>) -> TaskOutput {
        let answer = match visit {
            Visit::EnableDetector => self.detector_on().await.map(Some),
            Visit::AcceptInvitation => self.accept_invitation(detector).await.map(|()| None),
            Visit::DeleteDetector => self.delete_own_detector().await.map(|()| None),
        };
        if matches!(answer, Err(NotDone::Call(CallError::Refused(Refusal::AdministratorIsMember)))) {
            self.region.note_that_it_is_a_member(&self.context).await;
        }
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

    async fn detector_on(&self) -> Result<Detector, NotDone> {
        let lane = &self.region.enable_lane;
        let detector = self.visit(Access::Join, lane, |task, session| Box::pin(task.detector(session))).await?;
        // Only a detector that is off or differs is worth a second session, which can do nothing else.
        if !detector.on || !detector.to_set.is_empty() {
            // Boxed, so that those that need it not are small.
            Box::pin(self.set_up(&detector)).await?;
        }
        Ok(detector)
    }

    /// Enables the detector and sets its protection plans. Plans keep no account from being monitored: where they are
    /// refused, it joins without them, and what differs then is settled or said of the member.
    async fn set_up(&self, detector: &Detector) -> Result<(), NotDone> {
        let lane = &self.region.enable_lane;
        let update = |detector: Detector| {
            self.visit(Access::UpdateDetector, lane, move |task, session| {
                Box::pin(task.update(session, detector.clone()))
            })
        };
        let refused = match update(detector.clone()).await {
            Err(not_done) if !detector.to_set.is_empty() && is_final(&not_done) => not_done,
            other => return other,
        };
        let (account, region) = (self.account, &self.region.region);
        warn!(%account, %region, ?refused, "protection plans not set before joining");
        if detector.on {
            return Ok(());
        }
        update(Detector { to_set: Subset::default(), ..detector.clone() }).await
    }

    async fn delete_own_detector(&self) -> Result<(), NotDone> {
        let lane = &self.region.enable_lane;
        self.visit(Access::DeleteDetector, lane, |task, session| Box::pin(task.delete(session))).await
    }

    /// Makes calls in the account, one at a time: waits for its session, then in the lane for a permit. If AWS says
    /// that the session has expired, makes them all once more with a new one.
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
            let permit = lane.permit().await?;
            // It waited long in the lane. The permit is given back before the session is renewed: AssumeRole needs one,
            // too, and there may be only one.
            if !session.is_fresh() {
                continue;
            }
            // Boxed, so that the thousands of tasks that wait in a lane are small. The permit serves all its calls:
            // what has begun is finished before others begin.
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

    /// The member's detector, created if there is none.
    async fn detector(&self, session: &Session) -> Result<Detector, NotDone> {
        debug!(account = %self.account, region = %self.region.region, "switching the detector on");
        let member = &self.region.member;
        // Creating comes before looking (AWS D2): for an account that is new to GuardDuty this is the only call.
        let administrator = self.context.identity.administrator;
        let plans = self.region.plans.to_create();
        let new = |id| {
            self.context.ledger.changed_something();
            Detector { id, on: true, to_set: Subset::default(), joined: false }
        };
        match member.create_detector(session, administrator, &plans).await? {
            Created::Tagged(id) => return Ok(new(id)),
            Created::Untagged(id) => {
                self.context.ledger.note(Notice::NotTagged);
                return Ok(new(id));
            }
            Created::Exists => {}
        }
        let id = member.existing_detector(session).await?;
        // An account with a detector may belong to another administrator (AWS M12, I19). That is found out before
        // anything is changed.
        let of_member = member.administrator(session, &id).await?;
        if let Some(other) = of_member.filter(|one| *one != administrator) {
            return Err(NotDone::OtherAdministrator(other));
        }
        let (on, shown) = member.looks(session, &id).await?;
        let joined = of_member.is_some();
        // A member may set none of them any more (AWS P4).
        let to_set = if joined { Subset::default() } else { self.region.plans.differences(&shown) };
        Ok(Detector { id, on, to_set, joined })
    }

    async fn update(&self, session: &Session, detector: Detector) -> Result<(), NotDone> {
        let (account, region) = (self.account, &self.region.region);
        let plans = self.region.plans.to_set(detector.to_set);
        self.region.member.update_detector(session, &detector.id, &plans).await?;
        self.context.ledger.changed_something();
        if !detector.on {
            info!(%account, %region, "detector switched on");
        }
        if !plans.is_empty() {
            info!(%account, %region, plans = self.region.plans.names(detector.to_set), "protection plans set");
        }
        Ok(())
    }

    /// Deletes the detector that this function created for this administrator. The account is no member any more.
    async fn delete(&self, session: &Session) -> Result<(), NotDone> {
        let (account, region, member) = (self.account, &self.region.region, &self.region.member);
        let administrator = self.context.identity.administrator;
        let Some(id) = member.listed_detector(session).await? else { return Ok(()) };
        if !member.is_tagged(session, &id, administrator).await? {
            return Err(NotDone::DetectorStays(WhyStays::NotOurs));
        }
        match member.administrator(session, &id).await? {
            Some(ours) if ours == administrator => return Err(NotDone::StillOurs),
            Some(other) => return Err(NotDone::DetectorStays(WhyStays::Administrator(other))),
            None => {}
        }
        if !self.context.may_let_go().await {
            if self.context.stop.has_come() {
                return Err(CallError::Interrupted.into());
            }
            return Err(CallError::Transient("the list is not the current one any more".into()).into());
        }
        member.delete_detector(session, &id).await?;
        self.context.ledger.deleted_a_detector();
        self.context.ledger.changed_something();
        info!(%account, %region, requester = self.context.origin.requester, "detector deleted");
        Ok(())
    }

    async fn accept(&self, session: &Session, detector: String) -> Result<(), NotDone> {
        let (account, region) = (self.account, &self.region.region);
        debug!(%account, %region, "accepting the invitation");
        let administrator = self.context.identity.administrator;
        let looked = self.region.member.accept(session, &detector, administrator).await?;
        if !looked.strangers.is_empty() {
            let region = region.clone();
            self.context.ledger.note(Notice::Strangers { region, account, inviters: looked.strangers });
        }
        match looked.ours {
            Ours::Accepted => {
                self.context.ledger.changed_something();
                info!(%account, %region, "invitation accepted");
                Ok(())
            }
            Ours::NotVisible => Err(NotDone::InvitationNotVisible),
            Ours::OutOfSight => Err(NotDone::TooManyInvitations),
        }
    }
}

/// Whether waiting would not help.
fn is_final(not_done: &NotDone) -> bool {
    match not_done {
        NotDone::Call(CallError::Denied(denial)) => denial.by != DeniedBy::NoIdentityPolicy,
        NotDone::Call(CallError::Refused(refusal)) => {
            !matches!(refusal, Refusal::MemberMayNot | Refusal::Busy | Refusal::Internal(_) | Refusal::DetectorGone)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The size of what the function returns, without calling it.
    fn size_of_result<T>(_: impl FnOnce(MemberTask) -> T) -> usize {
        size_of::<T>()
    }

    #[test]
    fn a_task_is_small_since_tens_of_thousands_of_them_wait() {
        let size = size_of_result(|task| task.run(Action::EnableDetector, Visit::EnableDetector, None));
        assert!(size <= 1_500, "{size} bytes: box the large futures behind a wait");
    }
}
