//! What is done inside one member account: short sequences of calls, each for one membership.

use tokio::sync::SemaphorePermit;
use tracing::{debug, info};

use super::ground::Ground;
use super::shared::Shared;
use crate::account::AccountId;
use crate::aws::Session;
use crate::membership::{Refusal, Trouble};
use crate::outcome::{Cause, Outcome};

/// The session in the account, and leave for one call at a time with it.
async fn enter(shared: &Shared, account: AccountId) -> Result<(Session, Option<SemaphorePermit<'_>>), Outcome> {
    let session = shared.sessions.get(account).await.map_err(Outcome::of_role)?;
    // The semaphore is never closed.
    Ok((session, shared.in_flight.acquire().await.ok()))
}

/// Switches the member's detector on: its id, or how the membership ends.
pub(super) async fn switch_on(shared: &Shared, ground: &Ground, account: AccountId) -> Result<String, Outcome> {
    let (session, _permit) = enter(shared, account).await?;
    debug!(%account, region = %ground.region, "switching the detector on");
    // Boxed, so that the many that wait for a permit are small.
    Box::pin(ground.member.switch_on(&session)).await.map_err(Outcome::of_member)
}

/// Accepts our invitation: whether it was there to be accepted, or how the membership ends.
pub(super) async fn accept(
    shared: &Shared,
    ground: &Ground,
    account: AccountId,
    detector: &str,
) -> Result<bool, Outcome> {
    let (session, _permit) = enter(shared, account).await?;
    let region = &ground.region;
    debug!(%account, %region, "accepting the invitation");
    match Box::pin(ground.member.accept(&session, detector, shared.home.administrator)).await {
        Ok(accepted) => {
            note_strangers(shared, ground, account, &accepted.strangers);
            if accepted.accepted {
                info!(%account, %region, "invitation accepted");
            }
            Ok(accepted.accepted)
        }
        Err(Trouble::Refused(Refusal::MemberAlready | Refusal::NoInvitation)) => Ok(false),
        Err(trouble) => Err(Outcome::of_member(trouble)),
    }
}

/// Whether the account is our member already. Whoever belongs to somebody else may never see our invitation: waiting
/// for it would not end.
pub(super) async fn has_joined(
    shared: &Shared,
    ground: &Ground,
    account: AccountId,
    detector: &str,
) -> Result<bool, Outcome> {
    let (session, _permit) = enter(shared, account).await?;
    match Box::pin(ground.member.administrator(&session, detector)).await.map_err(Outcome::of_member)? {
        Some(other) if other != shared.home.administrator => Err(Outcome::Failed(Cause::OtherAdministrator(other))),
        ours_or_none => Ok(ours_or_none.is_some()),
    }
}

fn note_strangers(shared: &Shared, ground: &Ground, account: AccountId, strangers: &[AccountId]) {
    for stranger in strangers {
        shared.notice(format!(
            "account {account} also has an invitation from {stranger} in {}, which is not this administrator; it was left alone",
            ground.region
        ));
    }
}
