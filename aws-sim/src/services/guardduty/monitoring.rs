//! What an administrator does with associated members: monitoring, protection plans, free trials.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use super::changes::Changes;
use super::{batch, data_sources, plans};
use crate::iam::caller::Asked;
use crate::state::State;
use crate::state::region::Region;
use crate::state::status;
use crate::wire::refusal::Refusal;
use crate::wire::reply::Reply;
use crate::wire::texts;

/// GuardDuty's free trial, and that of each of its plans (pricing page).
const TRIAL_DAYS: u64 = 30;
const DAY: Duration = Duration::from_hours(24);

/// StartMonitoringMembers. It switches on what StopMonitoringMembers has switched off, and no other suspended detector:
/// only the member can (user guide), and until it does it stays `Disabled`.
pub(super) fn start(state: &mut State, asked: &Asked) -> Result<Reply, Refusal> {
    monitor(state, asked, "StartMonitoringMembers", Region::start)
}

/// StopMonitoringMembers.
pub(super) fn stop(state: &mut State, asked: &Asked) -> Result<Reply, Refusal> {
    monitor(state, asked, "StopMonitoringMembers", Region::stop)
}

fn monitor(
    state: &mut State,
    asked: &Asked,
    operation: &str,
    act: fn(&mut Region, &str, &str, SystemTime),
) -> Result<Reply, Refusal> {
    let ids = batch::ids(asked)?;
    let unprocessed = batch::each(
        state,
        operation,
        &ids,
        |id| id,
        |state, id| {
            associated(state, asked, id)?;
            if state.settings.get(id).is_some_and(|settings| settings.handshake_role_broken) {
                return Err(texts::HANDSHAKE_ROLE);
            }
            act(state.region_mut(asked.region), &asked.caller.account, id, asked.now);
            Ok(())
        },
    )?;
    Ok(Reply::json(&json!({"unprocessedAccounts": unprocessed})))
}

/// GetMemberDetectors. On the wire the entries are called `members` (API model).
pub(super) fn get_detectors(state: &mut State, asked: &Asked) -> Result<Reply, Refusal> {
    let ids = batch::ids(asked)?;
    let mut found: Vec<Value> = Vec::new();
    let unprocessed = batch::each(
        state,
        "GetMemberDetectors",
        &ids,
        |id| id,
        |state, id| {
            associated(state, asked, id)?;
            let detector = state.region_mut(asked.region).detectors.get(id).ok_or(texts::NOT_A_MEMBER)?;
            let (sources, features) = (data_sources::shown(&detector.features), plans::of_member(&detector.features));
            found.push(json!({"accountId": id, "dataSources": sources, "features": features}));
            Ok(())
        },
    )?;
    Ok(Reply::json(&json!({"members": found, "unprocessedAccounts": unprocessed})))
}

/// UpdateMemberDetectors.
pub(super) fn update_detectors(state: &mut State, asked: &Asked) -> Result<Reply, Refusal> {
    let ids = batch::ids(asked)?;
    // What is wrong with the request is wrong for everybody.
    let changes = Changes::of_members(asked.body)?;
    let refusal = changes.names("EBS_MALWARE_PROTECTION").then_some(state.knobs.malware_protection_refusal);
    let unprocessed = batch::each(
        state,
        "UpdateMemberDetectors",
        &ids,
        |id| id,
        |state, id| {
            associated(state, asked, id)?;
            let detector = state.region_mut(asked.region).detectors.get_mut(id).ok_or(texts::NOT_A_MEMBER)?;
            if let Some(text) = refusal {
                return Err(text);
            }
            detector.features.change(changes.as_slice());
            detector.updated_at = asked.now;
            Ok(())
        },
    )?;
    Ok(Reply::json(&json!({"unprocessedAccounts": unprocessed})))
}

/// GetRemainingFreeTrialDays, of members and of the caller itself.
pub(super) fn free_trial(state: &mut State, asked: &Asked) -> Result<Reply, Refusal> {
    let ids = batch::ids(asked)?;
    let mut found: Vec<Value> = Vec::new();
    let unprocessed = batch::each(
        state,
        "GetRemainingFreeTrialDays",
        &ids,
        |id| id,
        |state, id| {
            if *id != asked.caller.account {
                associated(state, asked, id)?;
            }
            let detector = state.region_mut(asked.region).detectors.get(id).ok_or(texts::NOT_A_MEMBER)?;
            let age = asked.now.duration_since(detector.created_at).unwrap_or_default();
            let left = TRIAL_DAYS.saturating_sub(age.as_secs() / DAY.as_secs());
            found.push(json!({"accountId": id, "features": plans::free_trial(&detector.features, left)}));
            Ok(())
        },
    )?;
    Ok(Reply::json(&json!({"accounts": found, "unprocessedAccounts": unprocessed})))
}

fn associated(state: &State, asked: &Asked, id: &str) -> Result<(), &'static str> {
    let status = state.region(asked.region).status_of(&asked.caller.account, id, asked.now);
    if status.is_some_and(status::associated) { Ok(()) } else { Err(texts::NOT_A_MEMBER) }
}
