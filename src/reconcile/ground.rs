//! The ground in one Region: the administrator's detector, without which nobody can be a member.

use std::sync::Arc;

use tracing::{info, warn};

use super::shared::Shared;
use crate::account::Region;
use crate::aws::{AdministratorClient, Found, Lane, MemberClient};
use crate::config::Regions;
use crate::membership::{CallError, DeniedBy};
use crate::outcome::{Outcome, Reason};

/// A Region in which the administrator can act.
pub(super) struct Ground {
    pub(super) region: Region,
    pub(super) administrator: AdministratorClient,
    pub(super) member: MemberClient,
    /// The administrator's detector.
    pub(super) detector: String,
    /// Where members wait to be switched on.
    pub(super) enable_lane: Lane,
    /// Where members wait to accept: apart, so that who has begun is done before the last ones begin.
    pub(super) accept_lane: Lane,
}

/// A Region as a dry run finds it.
pub(super) enum Foretold {
    /// The administrator can act.
    Ready(Arc<Ground>),
    /// The administrator has no detector yet, so nobody is a member.
    Bare,
    /// The administrator can't act.
    Blocked(Outcome),
}

/// Finds the administrator's detector; creates or switches it on where need be. Or says how all memberships of this Region
/// end.
pub(super) async fn establish(shared: &Shared, region: &Region) -> Result<Arc<Ground>, Outcome> {
    let administrator = AdministratorClient::new(&shared.aws, region);
    let detector = match administrator.find_detector().await {
        Ok(Found::On(id)) => Ok(id),
        Ok(Found::Suspended(id)) => administrator.enable_detector(&id).await.map(|()| {
            info!(%region, "administrator's detector switched on");
            shared.notice(format!(
                "GuardDuty was suspended in the administrator account in {region}; it was switched on"
            ));
            id
        }),
        Ok(Found::Missing) => administrator.create_detector().await.inspect(|_| {
            info!(%region, "administrator's detector created");
            shared.notice(format!("GuardDuty was off in the administrator account in {region}; it was switched on"));
        }),
        Err(trouble) => Err(trouble),
    };
    match detector {
        Ok(detector) => Ok(ready(shared, administrator, region, detector)),
        Err(trouble) => Err(blocked(shared, region, trouble)),
    }
}

/// Finds the administrator's detector and says what `establish` would do.
pub(super) async fn look(shared: &Shared, region: &Region) -> Foretold {
    let administrator = AdministratorClient::new(&shared.aws, region);
    match administrator.find_detector().await {
        Ok(Found::On(id)) => Foretold::Ready(ready(shared, administrator, region, id)),
        Ok(Found::Suspended(id)) => {
            shared.notice(format!(
                "GuardDuty is suspended in the administrator account in {region}; it would be switched on"
            ));
            Foretold::Ready(ready(shared, administrator, region, id))
        }
        Ok(Found::Missing) => {
            shared
                .notice(format!("GuardDuty is off in the administrator account in {region}; it would be switched on"));
            Foretold::Bare
        }
        Err(trouble) => Foretold::Blocked(blocked(shared, region, trouble)),
    }
}

fn ready(shared: &Shared, administrator: AdministratorClient, region: &Region, detector: String) -> Arc<Ground> {
    Arc::new(Ground {
        region: region.clone(),
        administrator,
        member: MemberClient::new(&shared.aws, region),
        detector,
        enable_lane: Lane::new(Arc::clone(&shared.in_flight)),
        accept_lane: Lane::new(Arc::clone(&shared.in_flight)),
    })
}

fn blocked(shared: &Shared, region: &Region, trouble: CallError) -> Outcome {
    warn!(%region, ?trouble, "administrator can not act in Region");
    let (sentence, off) = match &trouble {
        CallError::Token(_) if !region.is_always_on() => {
            ("the Region is not enabled there; enable it or take it out of REGIONS".into(), true)
        }
        CallError::NoEndpoint => ("GuardDuty has no endpoint there; check the Region's code in REGIONS".into(), true),
        // A Region that is denied to everybody, not an action that the function's role lacks.
        CallError::Denied(denial) if denial.by == DeniedBy::Organization => (
            format!(
                "an organization's policy denies it; change the policy or take the Region out of REGIONS (AWS says: {})",
                denial.quoted
            ),
            true,
        ),
        CallError::Denied(denial) => (
            format!(
                "the function's role lacks a permission; allow what README lists under Permissions (AWS says: {})",
                denial.quoted
            ),
            false,
        ),
        CallError::Token(_) | CallError::Transient(_) | CallError::Expired | CallError::Refused(_) => {
            (trouble.to_string(), false)
        }
    };
    shared.notice(format!("the administrator account can not act in {region}: {sentence}"));
    match (off, &shared.config.regions) {
        (true, Regions::All) => Outcome::Skipped(Reason::AdministratorRegion),
        (true, Regions::Listed(_)) => Outcome::Failed(Reason::AdministratorRegion),
        (false, _) => Outcome::from_administrator_call(trouble),
    }
}
