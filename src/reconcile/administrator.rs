//! The administrator's side of one Region: no account can be a member until its detector exists.

use std::sync::Arc;

use tracing::{info, warn};

use super::context::Context;
use crate::account::Region;
use crate::aws::{AdministratorClient, Found, Lane, MemberClient};
use crate::config::Regions;
use crate::membership::CallError;
use crate::outcome::{Blocked, Notice, Outcome, Reason};

/// A Region in which the administrator can act.
pub(super) struct AdministratorRegion {
    pub(super) region: Region,
    pub(super) administrator: AdministratorClient,
    pub(super) member: MemberClient,
    /// The administrator's.
    pub(super) detector: String,
    /// Where member tasks wait to enable the detector.
    pub(super) enable_lane: Lane,
    /// Where member tasks wait to accept. It is a lane of its own, so that accounts that have begun are finished before
    /// the last ones begin.
    pub(super) accept_lane: Lane,
}

/// What a dry run finds in a Region.
pub(super) enum Preview {
    Ready(Arc<AdministratorRegion>),
    /// Without a detector the administrator has no members.
    NoDetector,
    /// The administrator cannot act. All memberships end like this.
    Blocked(Outcome),
}

/// Finds, creates or enables the administrator's detector. The error is how all memberships of this Region end.
pub(super) async fn ensure_detector(context: &Context, region: &Region) -> Result<Arc<AdministratorRegion>, Outcome> {
    let administrator = AdministratorClient::new(&context.aws, &context.config, region);
    let detector = match administrator.find_detector().await {
        Ok(Found::On(id)) => Ok(id),
        Ok(Found::Suspended(id)) => administrator.enable_detector(&id).await.map(|()| {
            info!(%region, "administrator's detector switched on");
            context.note(Notice::DetectorEnabled(region.clone()));
            id
        }),
        Ok(Found::Missing) => administrator.create_detector().await.inspect(|_| {
            info!(%region, "administrator's detector created");
            context.note(Notice::DetectorCreated(region.clone()));
        }),
        Err(error) => Err(error),
    };
    match detector {
        Ok(detector) => Ok(ready(context, administrator, region, detector)),
        Err(error) => Err(blocked(context, region, error)),
    }
}

/// Finds the administrator's detector, and notes what [`ensure_detector`] would do.
pub(super) async fn preview(context: &Context, region: &Region) -> Preview {
    let administrator = AdministratorClient::new(&context.aws, &context.config, region);
    match administrator.find_detector().await {
        Ok(Found::On(id)) => Preview::Ready(ready(context, administrator, region, id)),
        Ok(Found::Suspended(id)) => {
            context.note(Notice::DetectorSuspended(region.clone()));
            Preview::Ready(ready(context, administrator, region, id))
        }
        Ok(Found::Missing) => {
            context.note(Notice::DetectorMissing(region.clone()));
            Preview::NoDetector
        }
        Err(error) => Preview::Blocked(blocked(context, region, error)),
    }
}

fn ready(
    context: &Context,
    administrator: AdministratorClient,
    region: &Region,
    detector: String,
) -> Arc<AdministratorRegion> {
    Arc::new(AdministratorRegion {
        region: region.clone(),
        administrator,
        member: MemberClient::new(&context.aws, region),
        detector,
        enable_lane: Lane::new(Arc::clone(&context.in_flight)),
        accept_lane: Lane::new(Arc::clone(&context.in_flight)),
    })
}

/// Decides the outcome of a whole Region, with one notice instead of a sentence per account.
fn blocked(context: &Context, region: &Region, error: CallError) -> Outcome {
    let error = error.in_region(region);
    warn!(%region, ?error, "administrator cannot act in Region");
    let why = Blocked::from_call(error.clone());
    context.note(Notice::Blocked { region: region.clone(), why: why.clone() });
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
