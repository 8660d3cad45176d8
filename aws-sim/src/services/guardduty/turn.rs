//! One change of plans at a time for a detector: those of its own plans and those of its members' (AWS P6).

use crate::iam::call::ApiCall;
use crate::state::State;
use crate::wire::refusal::Refusal;

/// Refuses a change while another one occupies the caller's detector.
pub(super) fn check(state: &State, call: &ApiCall) -> Result<(), Refusal> {
    let detector = state.region(call.region).detectors.get(&call.caller.account);
    if detector.is_some_and(|detector| call.now < detector.occupied_until) {
        return Err(Refusal::bad_request(state.knobs.concurrent_change_refusal));
    }
    Ok(())
}

/// Occupies the caller's detector with a change that has been accepted.
pub(super) fn take(state: &mut State, call: &ApiCall) {
    let until = call.now + state.knobs.plans_occupied_for.max(state.knobs.latency);
    if let Some(detector) = state.region_mut(call.region).detectors.get_mut(&call.caller.account) {
        detector.occupied_until = until;
    }
}
