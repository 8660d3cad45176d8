//! Protection plans of a detector.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::services::guardduty::changes::Changes;
use crate::services::guardduty::data_sources;

/// What GuardDuty always watches; it is listed, and cannot be switched (API reference).
const FOUNDATION: [&str; 3] = ["CLOUD_TRAIL", "DNS_LOGS", "FLOW_LOGS"];

/// What a new detector has switched on unless told otherwise (API reference): all but runtime monitoring.
pub(crate) const ON_BY_DEFAULT: [&str; 5] =
    ["EBS_MALWARE_PROTECTION", "EKS_AUDIT_LOGS", "LAMBDA_NETWORK_LOGS", "RDS_LOGIN_EVENTS", "S3_DATA_EVENTS"];

/// What must be asked for. The AI ones are in newer models of the API only.
pub(crate) const OFF_BY_DEFAULT: [&str; 4] =
    [DETECTOR_ONLY, "AI_PROTECTION", "EKS_RUNTIME_MONITORING", "RUNTIME_MONITORING"];

/// Not among the features of members (API model, `OrgFeature`).
pub(crate) const DETECTOR_ONLY: &str = "AI_ANALYST";

/// The plans that were switched, and their additional configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Features(BTreeMap<String, Feature>);

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Feature {
    enabled: bool,
    additional: BTreeMap<String, bool>,
}

impl Default for Features {
    fn default() -> Self {
        let on = |name: &&str| ((*name).to_owned(), Feature { enabled: true, additional: BTreeMap::new() });
        let mut features: BTreeMap<_, _> = ON_BY_DEFAULT.iter().map(on).collect();
        features.insert("RUNTIME_MONITORING".into(), Feature::default());
        Self(features)
    }
}

impl Features {
    pub(crate) fn enabled(&self, name: &str) -> bool {
        FOUNDATION.contains(&name) || self.0.get(name).is_some_and(|feature| feature.enabled)
    }

    /// Switches what is named, and leaves the others.
    pub(crate) fn change(&mut self, changes: &Changes) {
        for change in changes.iter() {
            let feature = self.0.entry(change.name.clone()).or_default();
            feature.enabled = change.enabled;
            feature.additional.extend(change.additional.iter().cloned());
        }
    }

    /// As GetDetector lists them.
    pub(crate) fn of_detector(&self) -> Value {
        let always = FOUNDATION.iter().map(|name| json!({"name": name, "status": "ENABLED"}));
        always.chain(self.0.iter().map(shown)).collect()
    }

    /// As GetMemberDetectors lists them: without the foundation, and without what only a detector has.
    pub(crate) fn of_member(&self) -> Value {
        self.0.iter().filter(|(name, _)| *name != DETECTOR_ONLY).map(shown).collect()
    }

    /// The same under the names that the API had before it spoke of features.
    pub(crate) fn data_sources(&self) -> Value {
        data_sources::shown(|name| json!({"status": word(self.enabled(name))}))
    }

    /// The free trial, in days, of what is switched on.
    pub(crate) fn free_trial(&self, days: u64) -> Value {
        let on = self.0.iter().filter(|(_, feature)| feature.enabled);
        on.map(|(name, _)| json!({"name": name, "freeTrialDaysRemaining": days})).collect()
    }
}

fn shown((name, feature): (&String, &Feature)) -> Value {
    let additional = feature.additional.iter();
    let additional: Vec<_> =
        additional.map(|(name, enabled)| json!({"name": name, "status": word(*enabled)})).collect();
    json!({"name": name, "status": word(feature.enabled), "additionalConfiguration": additional})
}

fn word(enabled: bool) -> &'static str {
    if enabled { "ENABLED" } else { "DISABLED" }
}
