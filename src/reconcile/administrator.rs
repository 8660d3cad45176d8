//! The administrator's side of one Region: no account can be a member until its detector exists.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::OnceCell;
use tracing::{info, warn};

use super::context::Context;
use super::own_plans::{self, RegionPlans};
use crate::account::{Account, AccountId, Region};
use crate::aws::{AdministratorClient, Lane, MemberClient, OwnDetector, Refusals};
use crate::config::Regions;
use crate::declared::{Goal, Mode};
use crate::membership::{CallError, Member};
use crate::outcome::{Blocked, Notice, Outcome, Reason, Wait};

/// A Region in which the administrator can act.
pub(super) struct AdministratorRegion {
    pub(super) region: Region,
    pub(super) administrator: AdministratorClient,
    pub(super) member: MemberClient,
    /// The administrator's. Without one it has no members.
    pub(super) detector: Option<String>,
    pub(super) plans: RegionPlans,
    /// Where member tasks wait to enable the detector.
    pub(super) enable_lane: Lane,
    /// Where member tasks wait to accept. It is a lane of its own, so that accounts that have begun are finished before
    /// the last ones begin.
    pub(super) accept_lane: Lane,
    is_member: OnceCell<()>,
}

impl AdministratorRegion {
    /// Notes once that the administrator is itself a member. One call finds out of whom.
    pub(super) async fn note_that_it_is_a_member(&self, context: &Context) {
        let note = || async {
            let named = match &self.detector {
                // Boxed, so that the thousands of tasks that may come here are small.
                Some(detector) => Box::pin(self.administrator.own_administrator(detector)).await.ok().flatten(),
                None => None,
            };
            context.ledger.note(Notice::AdministratorIsMember { region: self.region.clone(), administrator: named });
        };
        self.is_member.get_or_init(note).await;
    }

    /// What GuardDuty shows of these accounts, and those that it could not be asked about.
    pub(super) async fn members(&self, accounts: &[&Account]) -> (HashMap<AccountId, Member>, Refusals) {
        match &self.detector {
            Some(detector) => self.administrator.members(detector, accounts).await,
            None => Default::default(),
        }
    }
}

/// Finds the administrator's detector. Where accounts are to be monitored, it is created or enabled. The error is how all
/// memberships of this Region end.
pub(super) async fn ready(context: &Context, region: &Region, goal: Goal) -> Result<Arc<AdministratorRegion>, Outcome> {
    let administrator = context.administrator(region);
    let found = match (administrator.find_detector().await, goal) {
        (Ok(found), Goal::Monitored) => ensure(context, &administrator, region, found).await.map(Some),
        // Who lets accounts go needs no detector of the administrator's: without one there are no members.
        (found, Goal::Suspended | Goal::Removed) => found,
        (Err(error), Goal::Monitored) => Err(error),
    };
    let found = found.map_err(|error| blocked(context, region, error))?;
    Ok(with(context, administrator, region, found, goal, Mode::Apply).await)
}

async fn ensure(
    context: &Context,
    administrator: &AdministratorClient,
    region: &Region,
    found: Option<OwnDetector>,
) -> Result<OwnDetector, CallError> {
    match found {
        Some(detector) if detector.on => Ok(detector),
        Some(detector) => {
            administrator.enable_detector(&detector.id).await?;
            info!(%region, "administrator's detector switched on");
            context.ledger.changed_something();
            context.ledger.note(Notice::DetectorEnabled(region.clone()));
            Ok(detector)
        }
        None => {
            let id = administrator.create_detector().await?;
            info!(%region, "administrator's detector created");
            context.ledger.changed_something();
            context.ledger.note(Notice::DetectorCreated(region.clone()));
            // Its plans are looked at only if something is declared of them.
            if own_plans::are_declared(context) { administrator.detector(&id).await } else { Ok(OwnDetector::new(id)) }
        }
    }
}

/// Finds the administrator's detector, and notes what [`ready`] would do.
pub(super) async fn preview(
    context: &Context,
    region: &Region,
    goal: Goal,
) -> Result<Arc<AdministratorRegion>, Outcome> {
    let administrator = context.administrator(region);
    let found = administrator.find_detector().await.map_err(|error| blocked(context, region, error))?;
    match (&found, goal) {
        (Some(OwnDetector { on: false, .. }), Goal::Monitored) => {
            context.ledger.note(Notice::DetectorSuspended(region.clone()));
        }
        (None, Goal::Monitored) => context.ledger.note(Notice::DetectorMissing(region.clone())),
        (Some(_), _) | (None, Goal::Suspended | Goal::Removed) => {}
    }
    Ok(with(context, administrator, region, found, goal, Mode::Plan).await)
}

async fn with(
    context: &Context,
    administrator: AdministratorClient,
    region: &Region,
    found: Option<OwnDetector>,
    goal: Goal,
    mode: Mode,
) -> Arc<AdministratorRegion> {
    let plans = match (&found, goal) {
        (Some(own), Goal::Monitored) => own_plans::settle(context, &administrator, region, own, mode).await,
        // Without a detector there are no members. Those that leave keep the plans that they have.
        (None, _) | (_, Goal::Suspended | Goal::Removed) => RegionPlans::default(),
    };
    Arc::new(AdministratorRegion {
        region: region.clone(),
        administrator,
        member: MemberClient::new(&context.aws, region),
        detector: found.map(|own| own.id),
        plans,
        enable_lane: Lane::new(Arc::clone(&context.in_flight)),
        accept_lane: Lane::new(Arc::clone(&context.in_flight)),
        is_member: OnceCell::new(),
    })
}

/// Decides the outcome of a whole Region, with one notice instead of a sentence per account.
fn blocked(context: &Context, region: &Region, error: CallError) -> Outcome {
    if error == CallError::Interrupted {
        return Outcome::Pending(Wait::Interrupted);
    }
    let error = error.in_region(region);
    warn!(%region, ?error, "administrator cannot act in Region");
    let why = Blocked::from_call(error.clone());
    context.ledger.note(Notice::Blocked { region: region.clone(), why: why.clone() });
    match (why, &context.config.regions) {
        // Nobody asked for this Region by name, so its absence is no failure.
        (Blocked::RegionOff | Blocked::NoEndpoint | Blocked::Organization(_), Regions::All) => {
            Outcome::Skipped(Reason::AdministratorRegion)
        }
        (Blocked::RegionOff | Blocked::NoEndpoint | Blocked::Organization(_), Regions::Listed(_)) => {
            Outcome::Failed(Reason::AdministratorRegion)
        }
        // A permission that the function lacks, or a call that failed, is a problem in any Region.
        (Blocked::Denied(_) | Blocked::Call(_), _) => Outcome::from_administrator_call(error),
    }
}
