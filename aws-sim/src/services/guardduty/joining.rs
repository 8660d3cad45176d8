//! How an account becomes a member: CreateMembers, InviteMembers, AcceptAdministratorInvitation.

use serde_json::Value;

use super::{batch, email, organization};
use crate::iam::call::ApiCall;
use crate::state::State;
use crate::state::region::Invitation;
use crate::state::relationship::Relationship;
use crate::state::status;
use crate::wire::refusal::Refusal;
use crate::wire::reply::Reply;
use crate::wire::texts;

pub(super) fn create(state: &mut State, call: &ApiCall) -> Result<Reply, Refusal> {
    let details = batch::array(call, "accountDetails")?.iter().map(|detail| {
        let id = batch::account_id(&detail["accountId"])?;
        let email = detail["email"].as_str().ok_or_else(|| Refusal::bad_request(texts::MISSING))?;
        if email::is_acceptable(email) { Ok((id, email.to_owned())) } else { Err(Refusal::bad_request(texts::INVALID)) }
    });
    let details: Vec<_> = details.collect::<Result<_, _>>()?;
    let unprocessed = batch::each(
        state,
        "CreateMembers",
        &details,
        |(id, _)| id,
        |state, (id, email)| create_one(state, call, id, email),
    )?;
    Ok(batch::reply(unprocessed))
}

fn create_one(state: &mut State, call: &ApiCall, id: &str, email: &str) -> Result<(), &'static str> {
    let (administrator, now) = (&call.caller.account, call.now);
    if state.region(call.region).is_member(administrator) {
        return Err(texts::CREATE_AS_MEMBER);
    }
    if id == administrator {
        return Err(texts::CREATE_SELF);
    }
    if organization::returns(state, call, id) {
        state.ensure_detector(id, call.region, now);
        state.region_mut(call.region).associate(administrator, id, now);
        hide_plans(state, call, administrator, id);
        return Ok(());
    }
    let again = match state.region(call.region).status_of(administrator, id, now) {
        None => false,
        Some(status::DELETED) => true,
        Some(status::REMOVED) if state.knobs.create_revives_removed => true,
        Some(_) => return Err(texts::CREATE_AGAIN),
    };
    let (quota, hidden) = (state.knobs.member_quota, state.knobs.member_visible_after);
    let members = state.region_mut(call.region).members.entry(administrator.clone()).or_default();
    if !again && members.len() >= quota {
        return Err(texts::CREATE_LIMIT);
    }
    let mut relationship = Relationship::new(email, status::CREATED, now);
    relationship.visible_at = now + hidden;
    members.insert(id.into(), relationship);
    Ok(())
}

pub(super) fn invite(state: &mut State, call: &ApiCall) -> Result<Reply, Refusal> {
    let unprocessed = batch::each_id(state, call, "InviteMembers", |state, id| invite_one(state, call, id))?;
    Ok(batch::reply(unprocessed))
}

fn invite_one(state: &mut State, call: &ApiCall, id: &str) -> Result<(), &'static str> {
    let (administrator, now) = (&call.caller.account, call.now);
    if state.region(call.region).is_member(administrator) {
        return Err(texts::INVITE_AS_MEMBER);
    }
    if id == administrator {
        return Err(texts::INVITE_SELF);
    }
    let outcome = {
        let found = state.region(call.region).relationship(administrator, id);
        let found = found.filter(|found| found.visible_at <= now).ok_or(texts::INVITE_NOT_CREATED)?;
        match found.status(now) {
            // Members through an organization cannot be invited later (API reference, DisassociateMembers). That this is
            // the text is a guess.
            _ if found.by_organization() && !status::associated(found.status(now)) => {
                return Err(texts::INVITE_NOT_CREATED);
            }
            // An account that has left can be invited again without being created again (AWS I11).
            status::CREATED | status::REMOVED | status::RESIGNED => outcome(state, call, id, &found.email),
            status::DELETED => return Err(texts::INVITE_NOT_CREATED),
            // A failed verification remains until the member is deleted (AWS I7).
            _ => return Err(texts::INVITE_AGAIN),
        }
    };
    let until = now + state.knobs.verification;
    let from = if state.knobs.invitation_before_verification { now } else { until };
    let visible_at = from + state.knobs.invitation_visible_after;
    let invitation = state.ids.hex32();

    let region = state.region_mut(call.region);
    if let Some(found) = region.members.get_mut(administrator).and_then(|members| members.get_mut(id)) {
        found.verify(outcome, now, until);
        found.message = call.body["message"].as_str().map(Into::into);
        found.emails_sent += u32::from(call.body["disableEmailNotification"] != true);
    }
    let received = region.invitations.entry(id.into()).or_default();
    received.remove(administrator);
    if outcome == status::INVITED {
        let status = status::INVITED.into();
        let sent = Invitation { id: invitation, status, invited_at: now, visible_at, former: None };
        received.insert(administrator.clone(), sent);
    }
    Ok(())
}

/// How the verification of an invited account will end.
fn outcome(state: &State, call: &ApiCall, id: &str, email: &str) -> &'static str {
    if let Some(settings) = state.settings.get(id) {
        if settings.suspended {
            return status::ACCOUNT_SUSPENDED;
        }
        if settings.regions_off.contains(call.region) {
            return status::REGION_DISABLED;
        }
        // E-mail addresses are not case-sensitive in practice (AWS I6).
        if settings.email.as_ref().is_some_and(|root| !root.eq_ignore_ascii_case(email)) {
            return status::VERIFICATION_FAILED;
        }
    }
    // A missing detector is tolerated (AWS I2).
    let detector = state.region(call.region).detectors.get(id);
    let suspended = detector.is_some_and(|detector| !detector.enabled);
    if suspended && state.knobs.suspended_detector_fails_verification {
        return status::VERIFICATION_FAILED;
    }
    status::INVITED
}

/// `inviter` is the field that names the administrator. The deprecated operation has another one.
pub(super) fn accept(state: &mut State, call: &ApiCall, inviter: &str) -> Result<Reply, Refusal> {
    let (account, now) = (&call.caller.account, call.now);
    let refuse = |text: &'static str| Err(Refusal::bad_request(text));
    let invitation = match &call.body["invitationId"] {
        Value::Null => return refuse(texts::MISSING),
        Value::String(id) if !id.is_empty() => id,
        _ => return refuse(texts::OUT_OF_RANGE),
    };
    let administrator = batch::account_id(&call.body[inviter])?;
    let handshake_role_broken = state.settings_mut(account).handshake_role_broken;

    let region = state.region_mut(call.region);
    if region.administrator_of(account).is_some() {
        return refuse(texts::ACCEPT_ALREADY_MEMBER);
    }
    let counts = |found: &str| {
        status::invited_or_associated(found) || matches!(found, status::CREATED | status::VERIFICATION_FAILED)
    };
    if region.has_members(account, now, counts) {
        return refuse(texts::ACCEPT_HAS_MEMBERS);
    }
    if region.administrator_of(&administrator).is_some() {
        return refuse(texts::ACCEPT_INVITER_IS_MEMBER);
    }
    let received = region.invitations.get(account).and_then(|received| received.get(&administrator));
    if !received.is_some_and(|received| received.id == *invitation && received.pending(now)) {
        return refuse(texts::NO_PENDING);
    }
    if handshake_role_broken {
        return refuse(texts::HANDSHAKE_ROLE);
    }
    // A member whose detector is suspended becomes associated, but is not monitored (AWS M11).
    let watching = region.detectors.get(account).is_some_and(|detector| detector.enabled);
    let status = if watching { status::ENABLED } else { status::DISABLED };
    region.relate(&administrator, account, status, now);
    hide_plans(state, call, &administrator, account);
    Ok(Reply::empty())
}

/// Right after it has joined, the member's plans may be out of its administrator's reach (AWS P7).
fn hide_plans(state: &mut State, call: &ApiCall, administrator: &str, member: &str) {
    let plans_at = call.now + state.knobs.plans_settable_after;
    if let Some(relationship) = state.region_mut(call.region).relationship_mut(administrator, member) {
        relationship.plans_at = plans_at;
    }
}
