//! What is done inside one member account: two short sequences of calls, each for one membership.

use tracing::{debug, info};

use super::ground::Ground;
use super::shared::Shared;
use crate::account::AccountId;
use crate::membership::{Refusal, Trouble};
use crate::outcome::{Cause, Outcome, Wait};

/// Switches the member's detector on: its id, or how the membership ends.
pub(super) async fn switch_on(shared: &Shared, ground: &Ground, account: AccountId) -> Result<String, Outcome> {
    let session = shared.sessions.get(account).await.map_err(Outcome::of_role)?;
    let _permit = shared.in_flight.acquire().await;
    debug!(%account, region = %ground.region, "switching the detector on");
    // Boxed, so that the many that wait for a permit are small.
    Box::pin(ground.member.switch_on(&session)).await.map_err(Outcome::of_member)
}

/// Accepts our invitation: whether it was there, or how the membership ends.
pub(super) async fn accept(
    shared: &Shared,
    ground: &Ground,
    account: AccountId,
    detector: &str,
) -> Result<bool, Outcome> {
    let session = shared.sessions.get(account).await.map_err(Outcome::of_role)?;
    let _permit = shared.in_flight.acquire().await;
    let region = &ground.region;
    let administrator = shared.home.administrator;
    debug!(%account, %region, "accepting the invitation");
    match Box::pin(ground.member.accept(&session, detector, administrator)).await {
        Ok(accepted) => {
            for stranger in accepted.strangers {
                shared.notice(format!(
                    "account {account} also has an invitation from {stranger} in {region}, which is not this administrator; \
                     it was left alone"
                ));
            }
            if accepted.accepted {
                info!(%account, %region, "invitation accepted");
            }
            Ok(accepted.accepted)
        }
        Err(Trouble::Refused(Refusal::MemberAlready | Refusal::NoInvitation)) => {
            match Box::pin(ground.member.administrator(&session, detector)).await.map_err(Outcome::of_member)? {
                Some(ours) if ours == administrator => Ok(true),
                Some(other) => Err(Outcome::Failed(Cause::OtherAdministrator(other))),
                None => Err(Outcome::Pending(Wait::Invitation)),
            }
        }
        Err(trouble) => Err(Outcome::of_member(trouble)),
    }
}
