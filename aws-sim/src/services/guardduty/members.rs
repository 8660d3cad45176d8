//! GetMembers and ListMembers.

use serde_json::{Value, json};

use super::{batch, paging};
use crate::iam::call::ApiCall;
use crate::state::State;
use crate::state::relationship::Relationship;
use crate::state::status;
use crate::wire::refusal::Refusal;
use crate::wire::reply::Reply;
use crate::wire::texts;
use crate::wire::timestamp;

pub(super) fn get(state: &mut State, call: &ApiCall) -> Result<Reply, Refusal> {
    let mut members = Vec::new();
    let unprocessed = batch::each_id(state, call, "GetMembers", |state, id| {
        let found = state.region(call.region).find(&call.caller.account, id, call.now);
        // It is known that the answer leaves out an unknown account (AWS M4). The text for it is a guess (AWS M5).
        members.push(shown(state, call, id, found.ok_or(texts::NOT_A_MEMBER)?));
        Ok(())
    })?;
    Ok(Reply::object([("members", members.into()), ("unprocessedAccounts", unprocessed.into())]))
}

pub(super) fn list(state: &mut State, call: &ApiCall) -> Result<Reply, Refusal> {
    let size = paging::size(state, call)?;
    let only_associated = match call.request.parameter("onlyAssociated") {
        // A string, in upper or lower case (AWS M18).
        Some(text) if text.eq_ignore_ascii_case("true") => true,
        Some(text) if text.eq_ignore_ascii_case("false") => false,
        Some(_) => return Err(Refusal::bad_request(texts::ONLY_ASSOCIATED_INVALID)),
        None => true,
    };
    let lag = state.knobs.status_lag;
    let found = state.region(call.region).found(&call.caller.account, call.now);
    let wanted = found.filter(|(_, member)| !only_associated || status::associated(member.shown(call.now, lag).1));
    let wanted = wanted.map(|(id, member)| (id, (id, member)));
    let (found, next) = paging::page(wanted, call, size)?;
    let found: Vec<Value> = found.into_iter().map(|(id, member)| shown(state, call, id, member)).collect();
    Ok(paging::reply("members", found, next))
}

/// A member as the API shows it, with the administrator under its new and its old name (AWS M14).
fn shown(state: &State, call: &ApiCall, id: &str, member: &Relationship) -> Value {
    let administrator = &call.caller.account;
    let (since, status) = member.shown(call.now, state.knobs.status_lag);
    let mut shown = json!({
        "accountId": id,
        "masterId": administrator,
        "administratorId": administrator,
        "relationshipStatus": status,
        "updatedAt": timestamp::millis(since),
    });
    // Members through an organization have neither an address nor the time of an invitation (API reference).
    if !member.by_organization() {
        shown["email"] = member.email.as_str().into();
    }
    if let Some(at) = member.invited_at {
        shown["invitedAt"] = timestamp::millis(at).into();
    }
    // The member's detector is shown once the accounts are associated (AWS M15).
    let detector = state.region(call.region).detectors.get(id);
    if let Some(detector) = detector.filter(|_| status::associated(status)) {
        shown["detectorId"] = detector.id.clone().into();
    }
    shown
}
