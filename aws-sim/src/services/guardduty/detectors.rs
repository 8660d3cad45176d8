//! CreateDetector, ListDetectors, GetDetector, UpdateDetector, DeleteDetector.

use serde_json::{Value, json};

use super::changes::Changes;
use super::{data_sources, leaving, linked_role, paging, plans, tags, turn};
use crate::iam::call::ApiCall;
use crate::state::State;
use crate::state::detector::Detector;
use crate::state::status;
use crate::wire::refusal::Refusal;
use crate::wire::reply::Reply;
use crate::wire::texts;
use crate::wire::timestamp;

pub(super) fn create(state: &mut State, call: &ApiCall) -> Result<Reply, Refusal> {
    let Some(enabled) = call.body["enable"].as_bool() else {
        return Err(Refusal::bad_request(texts::MISSING));
    };
    let frequency = frequency(call.body)?;
    let changes = Changes::of_detector(state, call)?;
    let tags = tags::read(&call.body["tags"])?;
    let token = call.body["clientToken"].as_str().filter(|token| !token.is_empty());
    let account = &call.caller.account;

    if let Some(existing) = state.region_mut(call.region).detectors.get(account) {
        // A repeated call, perhaps a client's retry after a lost answer (AWS D10).
        if token.is_some() && existing.client_token.as_deref() == token {
            return Ok(Reply::json(&json!({"detectorId": existing.id})));
        }
        return Err(Refusal::bad_request(texts::DETECTOR_EXISTS));
    }
    let settings = state.settings_mut(account);
    if settings.service_linked_role_denied && !settings.service_linked_role {
        return Err(Refusal::new(400, "AccessDeniedException", texts::NO_SERVICE_LINKED_ROLE));
    }
    let mut detector = Detector::new(state.ids.hex32(), enabled, call.now);
    detector.features.change(changes.as_slice());
    detector.client_token = token.map(Into::into);
    if let Some(frequency) = frequency {
        detector.finding_publishing_frequency = frequency.into();
    }
    detector.tags = tags;

    let reply = Reply::json(&json!({"detectorId": detector.id}));
    state.settings_mut(account).service_linked_role = true;
    state.region_mut(call.region).insert_detector(account, detector);
    Ok(reply)
}

pub(super) fn list(state: &mut State, call: &ApiCall) -> Result<Reply, Refusal> {
    paging::size(state, call)?;
    let detector = state.region_mut(call.region).detectors.get(&call.caller.account);
    let ids: Vec<_> = detector.into_iter().map(|detector| &detector.id).collect();
    Ok(Reply::json(&json!({"detectorIds": ids})))
}

pub(super) fn get(state: &mut State, call: &ApiCall) -> Result<Reply, Refusal> {
    let account = &call.caller.account;
    let frequency = state.region(call.region).publishing_frequency(account).map(str::to_owned);
    let detector = own(state, call)?;
    Ok(Reply::json(&json!({
        "createdAt": timestamp::millis(detector.created_at),
        "updatedAt": timestamp::millis(detector.updated_at),
        "findingPublishingFrequency": frequency,
        "serviceRole": linked_role::guardduty(account, call.region),
        "status": plans::word(detector.enabled),
        "tags": detector.tags,
        "dataSources": data_sources::shown(&detector.features),
        "features": plans::of_detector(&detector.features),
    })))
}

pub(super) fn update(state: &mut State, call: &ApiCall) -> Result<Reply, Refusal> {
    let frequency = frequency(call.body)?;
    let changes = Changes::of_detector(state, call)?;
    let enable = call.body["enable"].as_bool();
    // A member may switch its detector on again. Only its administrator may change anything else (AWS D8).
    let manages = !changes.is_empty() || frequency.is_some() || enable == Some(false);
    if manages && state.region(call.region).is_member(&call.caller.account) {
        return Err(Refusal::bad_request(texts::MEMBERS_CANNOT_MANAGE));
    }
    // An administrator must let its members go first (user guide).
    if enable == Some(false)
        && state.region(call.region).has_members(&call.caller.account, call.now, status::invited_or_associated)
    {
        return Err(Refusal::bad_request(state.knobs.suspension_refusal));
    }
    if !changes.is_empty() {
        turn::check(state, call)?;
        turn::take(state, call);
    }
    let detector = own(state, call)?;
    detector.features.change(changes.as_slice());
    if let Some(frequency) = frequency {
        detector.finding_publishing_frequency = frequency.into();
    }
    detector.updated_at = call.now;
    if let Some(enable) = enable {
        detector.enabled = enable;
    }
    if enable == Some(true) {
        resume(state, call);
    }
    Ok(Reply::empty())
}

/// A member that switches its suspended detector on becomes `Enabled` again (AWS D7).
fn resume(state: &mut State, call: &ApiCall) {
    let member = &call.caller.account;
    let region = state.region_mut(call.region);
    let Some(administrator) = region.administrator_of(member).map(|(administrator, _)| administrator.to_owned()) else {
        return;
    };
    let shown = region.relationship(&administrator, member).map(|found| found.status(call.now));
    if shown == Some(status::DISABLED) {
        region.relate(&administrator, member, status::ENABLED, call.now);
    }
}

pub(super) fn delete(state: &mut State, call: &ApiCall) -> Result<Reply, Refusal> {
    let account = &call.caller.account;
    let refusal = state.knobs.member_detector_refusal;
    let region = state.region_mut(call.region);
    if region.has_members(account, call.now, status::invited_or_associated) {
        return Err(Refusal::bad_request(texts::DETECTOR_HAS_MEMBERS));
    }
    if let Some(text) = refusal
        && region.is_member(account)
    {
        return Err(Refusal::bad_request(text));
    }
    region.detectors.remove(account);
    region.members.remove(account);
    // Its administrator then sees `Removed` (AWS D9).
    if let Some(administrator) = region.administrator_of(account).map(|(administrator, _)| administrator.to_owned()) {
        leaving::part(state, call, &administrator, account, status::REMOVED);
    }
    Ok(Reply::empty())
}

/// The caller's detector. That the request names it has been checked before.
fn own<'a>(state: &'a mut State, call: &ApiCall) -> Result<&'a mut Detector, Refusal> {
    let detectors = &mut state.region_mut(call.region).detectors;
    detectors.get_mut(&call.caller.account).ok_or_else(|| Refusal::bad_request(texts::DETECTOR_NOT_OWNED))
}

fn frequency(body: &Value) -> Result<Option<&str>, Refusal> {
    match &body["findingPublishingFrequency"] {
        Value::Null => Ok(None),
        Value::String(text) if matches!(text.as_str(), "FIFTEEN_MINUTES" | "ONE_HOUR" | "SIX_HOURS") => Ok(Some(text)),
        _ => Err(Refusal::bad_request(texts::INVALID)),
    }
}
