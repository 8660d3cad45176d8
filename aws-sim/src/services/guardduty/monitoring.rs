//! What an administrator does with associated members: monitoring, protection plans, free trials.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use super::changes::Changes;
use super::{batch, data_sources, organization, plans, turn};
use crate::iam::call::ApiCall;
use crate::state::State;
use crate::state::region::Region;
use crate::state::relationship::Relationship;
use crate::state::status;
use crate::wire::refusal::Refusal;
use crate::wire::reply::Reply;
use crate::wire::texts;

/// The free trial of GuardDuty and of each of its plans (AWS P17).
const TRIAL_DAYS: u64 = 30;
const DAY: Duration = Duration::from_hours(24);

/// StartMonitoringMembers. It switches on the detectors that StopMonitoringMembers has switched off. Any other
/// suspended detector only the member itself can switch on (AWS M9, M10); until then the member stays `Disabled`.
pub(super) fn start(state: &mut State, call: &ApiCall) -> Result<Reply, Refusal> {
    monitor(state, call, "StartMonitoringMembers", Region::start)
}

/// StopMonitoringMembers (AWS L9).
pub(super) fn stop(state: &mut State, call: &ApiCall) -> Result<Reply, Refusal> {
    organization::whole(state, call, &batch::ids(call)?)?;
    monitor(state, call, "StopMonitoringMembers", Region::stop)
}

fn monitor(
    state: &mut State,
    call: &ApiCall,
    operation: &str,
    act: fn(&mut Region, &str, &str, SystemTime),
) -> Result<Reply, Refusal> {
    let unprocessed = batch::each_id(state, call, operation, |state, id| {
        associated(state, call, id)?;
        if operation == "StopMonitoringMembers" {
            organization::held(state, call, id)?;
        }
        if state.settings.get(id).is_some_and(|settings| settings.handshake_role_broken) {
            return Err(texts::HANDSHAKE_ROLE);
        }
        let shown_at = call.now + state.knobs.monitoring_visible_after;
        let (administrator, region) = (&call.caller.account, state.region_mut(call.region));
        let before = region.status_of(administrator, id, call.now).map(str::to_owned);
        act(region, administrator, id, call.now);
        if let Some(member) = region.relationship_mut(administrator, id)
            && before.is_some_and(|before| before != member.status(call.now))
        {
            member.show_from(shown_at);
        }
        Ok(())
    })?;
    Ok(batch::reply(unprocessed))
}

/// GetMemberDetectors. On the wire the entries are called `members` (AWS P16).
pub(super) fn get_detectors(state: &mut State, call: &ApiCall) -> Result<Reply, Refusal> {
    let mut found: Vec<Value> = Vec::new();
    let unprocessed = batch::each_id(state, call, "GetMemberDetectors", |state, id| {
        within_reach(state, call, id)?;
        let detector = state.region_mut(call.region).detectors.get(id).ok_or(texts::NOT_A_MEMBER)?;
        let shown = detector.shown_plans(call.now);
        let (sources, features) = (data_sources::shown(shown), plans::of_member(shown));
        found.push(json!({"accountId": id, "dataSources": sources, "features": features}));
        Ok(())
    })?;
    Ok(Reply::json(&json!({"members": found, "unprocessedAccounts": unprocessed})))
}

/// UpdateMemberDetectors.
pub(super) fn update_detectors(state: &mut State, call: &ApiCall) -> Result<Reply, Refusal> {
    let ids = batch::ids(call)?;
    // An invalid request is refused as a whole.
    let changes = Changes::of_members(state, call)?;
    turn::check(state, call)?;
    let refusal = changes.names("EBS_MALWARE_PROTECTION").then_some(state.knobs.malware_protection_refusal);
    let shown_at = call.now + state.knobs.plans_visible_after;
    let unprocessed = batch::each(
        state,
        "UpdateMemberDetectors",
        &ids,
        |id| id,
        |state, id| {
            within_reach(state, call, id)?;
            let region = state.region_mut(call.region);
            let by_organization =
                region.relationship(&call.caller.account, id).is_some_and(Relationship::by_organization);
            let detector = region.detectors.get_mut(id).ok_or(texts::NOT_A_MEMBER)?;
            if let Some(text) = refusal
                && !by_organization
            {
                return Err(text);
            }
            detector.change_plans(changes.as_slice(), call.now, shown_at);
            Ok(())
        },
    )?;
    turn::take(state, call);
    Ok(batch::reply(unprocessed))
}

/// GetRemainingFreeTrialDays, of members and of the caller itself.
pub(super) fn free_trial(state: &mut State, call: &ApiCall) -> Result<Reply, Refusal> {
    let mut found: Vec<Value> = Vec::new();
    let unprocessed = batch::each_id(state, call, "GetRemainingFreeTrialDays", |state, id| {
        if *id != call.caller.account {
            associated(state, call, id)?;
        }
        let detector = state.region_mut(call.region).detectors.get(id).ok_or(texts::NOT_A_MEMBER)?;
        let age = call.now.duration_since(detector.created_at).unwrap_or_default();
        let left = TRIAL_DAYS.saturating_sub(age.as_secs() / DAY.as_secs());
        found.push(json!({"accountId": id, "features": plans::free_trial(&detector.features, left)}));
        Ok(())
    })?;
    Ok(Reply::json(&json!({"accounts": found, "unprocessedAccounts": unprocessed})))
}

fn associated(state: &State, call: &ApiCall, id: &str) -> Result<(), &'static str> {
    let status = state.region(call.region).status_of(&call.caller.account, id, call.now);
    if status.is_some_and(status::associated) { Ok(()) } else { Err(texts::NOT_A_MEMBER) }
}

/// Whether the plans of an associated member can be read and changed yet.
fn within_reach(state: &State, call: &ApiCall, id: &str) -> Result<(), &'static str> {
    associated(state, call, id)?;
    let member = state.region(call.region).relationship(&call.caller.account, id);
    if member.is_some_and(|member| member.plans_at <= call.now) { Ok(()) } else { Err(texts::NOT_A_MEMBER) }
}
