//! Protection plans as answers show them.

use serde_json::{Value, json};

use crate::state::features::{DETECTOR_ONLY, FOUNDATION, Feature, Features};

/// As GetDetector lists them.
pub(super) fn of_detector(features: &Features) -> Value {
    let always = FOUNDATION.iter().map(|name| json!({"name": name, "status": "ENABLED"}));
    always.chain(features.iter().map(shown)).collect()
}

/// As GetMemberDetectors lists them: without foundational data sources, and without plans that members do not have
/// (AWS P10).
pub(super) fn of_member(features: &Features) -> Value {
    features.iter().filter(|(name, _)| *name != DETECTOR_ONLY).map(shown).collect()
}

/// The days that are left of the free trial, for each plan that is switched on.
pub(super) fn free_trial(features: &Features, days: u64) -> Value {
    let on = features.iter().filter(|(_, feature)| feature.enabled);
    on.map(|(name, _)| json!({"name": name, "freeTrialDaysRemaining": days})).collect()
}

fn shown((name, feature): (&str, &Feature)) -> Value {
    let additional = feature.additional.iter();
    let additional: Vec<_> =
        additional.map(|(name, enabled)| json!({"name": name, "status": word(*enabled)})).collect();
    json!({"name": name, "status": word(feature.enabled), "additionalConfiguration": additional})
}

/// The status of a detector or a plan.
pub(super) fn word(enabled: bool) -> &'static str {
    if enabled { "ENABLED" } else { "DISABLED" }
}
