//! The member's side: ListInvitations, GetInvitationsCount, GetAdministratorAccount.

use serde_json::{Value, json};

use super::paging;
use crate::iam::call::ApiCall;
use crate::state::State;
use crate::state::region::Invitation;
use crate::state::status;
use crate::wire::refusal::Refusal;
use crate::wire::reply::Reply;
use crate::wire::timestamp;

/// Accepted invitations remain in the list, with the status of the relationship (AWS I14).
pub(super) fn list(state: &mut State, call: &ApiCall) -> Result<Reply, Refusal> {
    let size = paging::size(state, call)?;
    let received = visible(state, call).map(|(id, invitation)| (id, shown(id, invitation)));
    let (found, next) = paging::page(received, call, size)?;
    Ok(paging::reply("invitations", found, next))
}

/// Counts all but the currently accepted one, including those that were declined or have ended (AWS I22).
pub(super) fn count(state: &State, call: &ApiCall) -> Reply {
    let others = visible(state, call).filter(|(_, invitation)| !status::associated(&invitation.status));
    Reply::json(&json!({"invitationsCount": others.count()}))
}

/// Empty for an administrator and for an account without one (AWS M21). The deprecated operation has another
/// `name`.
pub(super) fn administrator(state: &State, call: &ApiCall, name: &str) -> Reply {
    match state.region(call.region).administrator_of(&call.caller.account).or_else(|| former(state, call)) {
        Some((administrator, invitation)) => {
            let mut shown = shown(administrator, invitation);
            if let Some((status, _)) = invitation.former.as_ref().filter(|(_, until)| call.now < *until) {
                shown["relationshipStatus"] = status.as_str().into();
            }
            Reply::json(&json!({name: shown}))
        }
        None => Reply::empty(),
    }
}

/// The administrator that the account was a member of until recently.
fn former<'a>(state: &'a State, call: &ApiCall) -> Option<(&'a str, &'a Invitation)> {
    let mut received = state.region(call.region).invitations.get(&call.caller.account).into_iter().flatten();
    let ended = received.find(|(_, one)| one.former.as_ref().is_some_and(|(_, until)| call.now < *until));
    ended.map(|(administrator, invitation)| (administrator.as_str(), invitation))
}

fn visible<'a>(state: &'a State, call: &ApiCall) -> impl Iterator<Item = (&'a str, &'a Invitation)> {
    let received = state.region(call.region).invitations.get(&call.caller.account);
    let now = call.now;
    let visible = received.into_iter().flatten();
    let visible = visible.filter(move |(_, invitation)| invitation.visible_at <= now && !invitation.id.is_empty());
    visible.map(|(administrator, invitation)| (administrator.as_str(), invitation))
}

fn shown(administrator: &str, invitation: &Invitation) -> Value {
    let mut shown = json!({"accountId": administrator, "relationshipStatus": invitation.status});
    if !invitation.id.is_empty() {
        shown["invitationId"] = invitation.id.as_str().into();
        shown["invitedAt"] = timestamp::millis(invitation.invited_at).into();
    }
    shown
}
