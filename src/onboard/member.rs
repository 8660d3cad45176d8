//! What is done inside one member account: short sequences of calls, each for one membership.

use tracing::{debug, info};

use super::ground::Ground;
use super::shared::Shared;
use crate::account::AccountId;
use crate::aws::Session;
use crate::membership::{Refusal, Trouble};
use crate::outcome::{Cause, Outcome};

/// Makes calls in the account, one at a time; once more with a new session if the old one has expired meanwhile.
async fn call<T, F: Future<Output = Result<T, Trouble>>>(
    shared: &Shared,
    account: AccountId,
    calls: impl Fn(Session) -> F,
) -> Result<Result<T, Trouble>, Outcome> {
    let in_turn = |session: &Session| {
        let session = session.clone();
        async {
            // The semaphore is never closed.
            let _permit = shared.in_flight.acquire().await;
            // Boxed, so that the many that wait for a permit are small.
            Box::pin(calls(session)).await
        }
    };
    let session = shared.sessions.get(account).await.map_err(Outcome::of_role)?;
    match in_turn(&session).await {
        Err(Trouble::Expired) => {
            info!(%account, "the session expired and is renewed");
            let session = shared.sessions.renew(account, &session).await.map_err(Outcome::of_role)?;
            Ok(in_turn(&session).await)
        }
        came => Ok(came),
    }
}

/// Switches the member's detector on: its id, or how the membership ends.
pub(super) async fn switch_on(shared: &Shared, ground: &Ground, account: AccountId) -> Result<String, Outcome> {
    debug!(%account, region = %ground.region, "switching the detector on");
    let switched = call(shared, account, |session| async move { ground.member.switch_on(&session).await }).await?;
    switched.map_err(Outcome::of_member)
}

/// Accepts our invitation: whether it was there to be accepted, or how the membership ends.
pub(super) async fn accept(
    shared: &Shared,
    ground: &Ground,
    account: AccountId,
    detector: &str,
) -> Result<bool, Outcome> {
    let (region, administrator) = (&ground.region, shared.home.administrator);
    debug!(%account, %region, "accepting the invitation");
    let accept = |session| async move { ground.member.accept(&session, detector, administrator).await };
    match call(shared, account, accept).await? {
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
    let ask = |session| async move { ground.member.administrator(&session, detector).await };
    match call(shared, account, ask).await?.map_err(Outcome::of_member)? {
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
