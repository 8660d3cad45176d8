//! GetMembers and ListMembers.

use std::time::SystemTime;

use serde_json::{Value, json};

use super::batch;
use crate::iam::caller::Asked;
use crate::state::State;
use crate::state::relationship::Relationship;
use crate::state::status;
use crate::wire::page::page;
use crate::wire::refusal::Refusal;
use crate::wire::reply::Reply;
use crate::wire::texts;
use crate::wire::timestamp;

/// Entries on a page (API reference).
const PAGE: usize = 50;

pub(super) fn get(state: &mut State, asked: &Asked) -> Result<Reply, Refusal> {
    let ids = batch::ids(asked)?;
    let mut members = Vec::new();
    let unprocessed = batch::each(
        state,
        "GetMembers",
        &ids,
        |id| id,
        |state, id| {
            let region = state.guardduty.get(asked.region);
            let found = region.and_then(|region| region.relationship(&asked.caller.account, id));
            // That the answer leaves out an unknown account is known, what it says instead is not.
            let visible = found.filter(|found| found.visible_at <= asked.now).ok_or(texts::NOT_A_MEMBER)?;
            members.push(shown(state, asked, id, visible));
            Ok(())
        },
    )?;
    Ok(Reply::object([("members", members.into()), ("unprocessedAccounts", unprocessed.into())]))
}

pub(super) fn list(state: &mut State, asked: &Asked) -> Result<Reply, Refusal> {
    let size = page_size(state, asked)?;
    let only_associated = match asked.request.parameter("onlyAssociated") {
        // A string in the API's model; tools send it in both cases with success.
        Some(text) if text.eq_ignore_ascii_case("true") => true,
        Some(text) if text.eq_ignore_ascii_case("false") => false,
        Some(_) => return Err(Refusal::bad_request(texts::ONLY_ASSOCIATED_INVALID)),
        None => true,
    };
    let lag = state.knobs.status_lag;
    let region = state.guardduty.get(asked.region);
    let members = region.and_then(|region| region.members.get(&asked.caller.account));
    let visible = members.into_iter().flatten().filter(|(_, member)| member.visible_at <= asked.now);
    let wanted = visible.filter(|(_, member)| !only_associated || status::associated(member.shown(asked.now, lag).1));
    let wanted = wanted.map(|(id, member)| (id.as_str(), (id, member)));
    let (found, next) = turn(wanted, asked, size)?;
    let found: Vec<Value> = found.into_iter().map(|(id, member)| shown(state, asked, id, member)).collect();
    Ok(paged("members", found, next))
}

/// A member as the API shows it: the administrator under its new name and its old one.
fn shown(state: &State, asked: &Asked, id: &str, member: &Relationship) -> Value {
    let administrator = &asked.caller.account;
    let (since, status) = member.shown(asked.now, state.knobs.status_lag);
    let mut shown = json!({
        "accountId": id,
        "masterId": administrator,
        "administratorId": administrator,
        "email": member.email,
        "relationshipStatus": status,
        "updatedAt": timestamp::millis(since),
    });
    if let Some(at) = member.invited_at {
        shown["invitedAt"] = timestamp::millis(at).into();
    }
    // The member's detector shows from the association on (samples of the API reference).
    let detector = state.guardduty.get(asked.region).and_then(|region| region.detectors.get(id));
    if let Some(detector) = detector.filter(|_| status::associated(status)) {
        shown["detectorId"] = detector.id.clone().into();
    }
    shown
}

/// `maxResults`, within what the API allows and the world is set to.
pub(super) fn page_size(state: &State, asked: &Asked) -> Result<usize, Refusal> {
    let size = match asked.request.parameter("maxResults") {
        None => PAGE,
        Some(text) => {
            text.parse::<i64>().map_err(|_| Refusal::bad_request(texts::MAX_RESULTS_INVALID)).and_then(|size| {
                match usize::try_from(size) {
                    Ok(size @ 1..=PAGE) => Ok(size),
                    _ => Err(Refusal::bad_request(texts::MAX_RESULTS_BOUNDS)),
                }
            })?
        }
    };
    Ok(size.min(state.knobs.page_size))
}

/// The page that the request asks for.
pub(super) fn turn<'a, T>(
    items: impl Iterator<Item = (&'a str, T)>,
    asked: &Asked,
    size: usize,
) -> Result<(Vec<T>, Option<String>), Refusal> {
    let token = asked.request.parameter("nextToken");
    page(items, token.as_deref(), size).ok_or_else(|| Refusal::bad_request(texts::INVALID))
}

pub(super) fn paged(name: &str, items: Vec<Value>, next: Option<String>) -> Reply {
    match next {
        Some(token) => Reply::object([(name, items.into()), ("nextToken", token.into())]),
        None => Reply::object([(name, items.into())]),
    }
}

/// Whether the caller is itself somebody's member, who can have no members (user guide).
pub(super) fn is_member(state: &State, asked: &Asked) -> bool {
    let region = state.guardduty.get(asked.region);
    region.is_some_and(|region| region.administrator_of(&asked.caller.account).is_some())
}

/// The status of one of the caller's members that it can see.
pub(super) fn status_of<'a>(state: &'a State, asked: &Asked, id: &str, now: SystemTime) -> Option<&'a str> {
    let relationship = state.guardduty.get(asked.region)?.relationship(&asked.caller.account, id)?;
    Some(relationship.status(now))
}
