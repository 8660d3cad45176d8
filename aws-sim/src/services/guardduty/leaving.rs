//! How a relationship ends, from either side.

use serde_json::json;

use super::batch;
use crate::iam::caller::Asked;
use crate::state::State;
use crate::state::status;
use crate::wire::refusal::Refusal;
use crate::wire::reply::Reply;
use crate::wire::texts;

/// DeleteMembers. An invitation that was not accepted goes with the member.
pub(super) fn delete(state: &mut State, asked: &Asked) -> Result<Reply, Refusal> {
    let ids = batch::ids(asked)?;
    let administrator = &asked.caller.account;
    let unprocessed = batch::each(
        state,
        "DeleteMembers",
        &ids,
        |id| id,
        |state, id| {
            match state.region(asked.region).status_of(&asked.caller.account, id, asked.now) {
                None => return Err(texts::NOT_A_MEMBER),
                Some(status) if status::associated(status) => return Err(texts::DELETE_ASSOCIATED),
                Some(_) => {}
            }
            let region = state.region_mut(asked.region);
            if let Some(members) = region.members.get_mut(administrator) {
                members.remove(id);
            }
            if let Some(received) = region.invitations.get_mut(id)
                && received.get(administrator).is_some_and(|invitation| invitation.status == status::INVITED)
            {
                received.remove(administrator);
            }
            Ok(())
        },
    )?;
    Ok(Reply::json(&json!({"unprocessedAccounts": unprocessed})))
}

/// DisassociateMembers. The member keeps its detector, the administrator what it knew of the member (user guide).
pub(super) fn disassociate(state: &mut State, asked: &Asked) -> Result<Reply, Refusal> {
    let ids = batch::ids(asked)?;
    let unprocessed = batch::each(
        state,
        "DisassociateMembers",
        &ids,
        |id| id,
        |state, id| {
            let status = state.region(asked.region).status_of(&asked.caller.account, id, asked.now).unwrap_or_default();
            let out_of_reach = matches!(status, status::REGION_DISABLED | status::ACCOUNT_SUSPENDED);
            if !status::invited_or_associated(status) && !out_of_reach {
                return Err(texts::NOT_YET_ASSOCIATED);
            }
            state.region_mut(asked.region).relate(&asked.caller.account, id, status::REMOVED, asked.now);
            Ok(())
        },
    )?;
    Ok(Reply::json(&json!({"unprocessedAccounts": unprocessed})))
}

/// DisassociateFromAdministratorAccount, and its deprecated twin.
pub(super) fn resign(state: &mut State, asked: &Asked) -> Result<Reply, Refusal> {
    let region = state.region_mut(asked.region);
    let Some((administrator, _)) = region.administrator_of(&asked.caller.account) else {
        return Err(Refusal::bad_request(texts::NOT_ASSOCIATED));
    };
    let administrator = administrator.to_owned();
    region.relate(&administrator, &asked.caller.account, status::RESIGNED, asked.now);
    Ok(Reply::empty())
}

/// DeclineInvitations. What the administrator sees then is not documented; `Resigned` is what scripts expect.
pub(super) fn decline(state: &mut State, asked: &Asked) -> Result<Reply, Refusal> {
    let ids = batch::ids(asked)?;
    let account = &asked.caller.account;
    let unprocessed = batch::each(
        state,
        "DeclineInvitations",
        &ids,
        |id| id,
        |state, id| {
            let region = state.region_mut(asked.region);
            let received = region.invitations.get(account).and_then(|received| received.get(id));
            if !received.is_some_and(|invitation| invitation.pending(asked.now)) {
                return Err(texts::NO_PENDING);
            }
            region.relate(id, account, status::RESIGNED, asked.now);
            Ok(())
        },
    )?;
    Ok(Reply::json(&json!({"unprocessedAccounts": unprocessed})))
}

/// DeleteInvitations. Only what was declined or has ended can be deleted.
pub(super) fn delete_invitations(state: &mut State, asked: &Asked) -> Result<Reply, Refusal> {
    let ids = batch::ids(asked)?;
    let account = &asked.caller.account;
    let unprocessed = batch::each(
        state,
        "DeleteInvitations",
        &ids,
        |id| id,
        |state, id| {
            let received = state.region_mut(asked.region).invitations.entry(account.clone()).or_default();
            let invitation = received.get(id).filter(|invitation| invitation.visible_at <= asked.now);
            match invitation.map(|invitation| &*invitation.status) {
                None => Err(texts::NO_PENDING),
                Some(status) if status::invited_or_associated(status) => Err(texts::INVITATION_IN_USE),
                Some(_) => {
                    received.remove(id);
                    Ok(())
                }
            }
        },
    )?;
    Ok(Reply::json(&json!({"unprocessedAccounts": unprocessed})))
}
