//! How a relationship ends, from either side.

use super::{batch, organization};
use crate::iam::call::ApiCall;
use crate::state::State;
use crate::state::status;
use crate::wire::refusal::Refusal;
use crate::wire::reply::Reply;
use crate::wire::texts;

/// DeleteMembers (AWS L2, L3). A pending invitation is deleted with the member.
pub(super) fn delete(state: &mut State, call: &ApiCall) -> Result<Reply, Refusal> {
    let administrator = &call.caller.account;
    organization::whole(state, call, &batch::ids(call)?)?;
    let unprocessed = batch::each_id(state, call, "DeleteMembers", |state, id| {
        organization::held(state, call, id)?;
        let held = state.knobs.unreachable_stays_associated;
        match state.region(call.region).status_of(administrator, id, call.now) {
            None => return Err(texts::NOT_A_MEMBER),
            Some(status) if status::associated(status) => return Err(texts::DELETE_ASSOCIATED),
            Some(status) if held && status::out_of_reach(status) => return Err(texts::DELETE_ASSOCIATED),
            Some(_) => {}
        }
        let until = call.now + state.knobs.deletion_visible_after;
        let region = state.region_mut(call.region);
        if region.relationship(administrator, id).is_some_and(|member| call.now < member.deletable_at) {
            return Err(texts::DELETE_ASSOCIATED);
        }
        region.delete(administrator, id, call.now, until);
        Ok(())
    })?;
    Ok(batch::reply(unprocessed))
}

/// DisassociateMembers. The member keeps its detector, and the administrator keeps the entry of the member (AWS L4,
/// L5).
pub(super) fn disassociate(state: &mut State, call: &ApiCall) -> Result<Reply, Refusal> {
    organization::whole(state, call, &batch::ids(call)?)?;
    let unprocessed = batch::each_id(state, call, "DisassociateMembers", |state, id| {
        organization::held(state, call, id)?;
        let status = state.region(call.region).status_of(&call.caller.account, id, call.now).unwrap_or_default();
        if !status::invited_or_associated(status) && !status::out_of_reach(status) {
            return Err(texts::NOT_YET_ASSOCIATED);
        }
        part(state, call, &call.caller.account, id, status::REMOVED);
        Ok(())
    })?;
    Ok(batch::reply(unprocessed))
}

/// DisassociateFromAdministratorAccount (AWS L7, L8), and its deprecated name.
pub(super) fn resign(state: &mut State, call: &ApiCall) -> Result<Reply, Refusal> {
    let Some((administrator, _)) = state.region(call.region).administrator_of(&call.caller.account) else {
        return Err(Refusal::bad_request(texts::NOT_ASSOCIATED));
    };
    let administrator = administrator.to_owned();
    part(state, call, &administrator, &call.caller.account, status::RESIGNED);
    Ok(Reply::empty())
}

/// Ends a relationship now. Readers on either side, and DeleteMembers, may notice it later.
pub(super) fn part(state: &mut State, call: &ApiCall, administrator: &str, member: &str, status: &'static str) {
    let (now, knobs) = (call.now, &state.knobs);
    let (shown_at, deletable_at) = (now + knobs.disassociation_visible_after, now + knobs.deletable_after);
    let told_at = now + knobs.disassociation_told_after;
    let region = state.region_mut(call.region);
    let before = region.status_of(administrator, member, now).unwrap_or_default().to_owned();
    region.relate(administrator, member, status, now);
    let Some(relationship) = region.relationship_mut(administrator, member) else { return };
    relationship.show_from(shown_at);
    if status::associated(&before) {
        relationship.deletable_at = deletable_at;
        if let Some(invitation) = region.invitations.get_mut(member).and_then(|sent| sent.get_mut(administrator)) {
            invitation.former = Some((before, told_at));
        }
    }
}

/// DeclineInvitations. The status that the administrator then sees is what scripts expect (AWS I23).
pub(super) fn decline(state: &mut State, call: &ApiCall) -> Result<Reply, Refusal> {
    let account = &call.caller.account;
    let unprocessed = batch::each_id(state, call, "DeclineInvitations", |state, id| {
        let region = state.region_mut(call.region);
        let received = region.invitations.get(account).and_then(|received| received.get(id));
        if !received.is_some_and(|invitation| invitation.pending(call.now)) {
            return Err(texts::NO_PENDING);
        }
        region.relate(id, account, status::RESIGNED, call.now);
        Ok(())
    })?;
    Ok(batch::reply(unprocessed))
}

/// DeleteInvitations. Only invitations that were declined or have ended can be deleted (AWS I24).
pub(super) fn delete_invitations(state: &mut State, call: &ApiCall) -> Result<Reply, Refusal> {
    let account = &call.caller.account;
    let unprocessed = batch::each_id(state, call, "DeleteInvitations", |state, id| {
        let received = state.region_mut(call.region).invitations.entry(account.clone()).or_default();
        let invitation =
            received.get(id).filter(|invitation| invitation.visible_at <= call.now && !invitation.id.is_empty());
        match invitation.map(|invitation| &*invitation.status) {
            None => Err(texts::NO_PENDING),
            Some(status) if status::invited_or_associated(status) => Err(texts::INVITATION_IN_USE),
            Some(_) => {
                received.remove(id);
                Ok(())
            }
        }
    })?;
    Ok(batch::reply(unprocessed))
}
