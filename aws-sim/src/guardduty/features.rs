//! Protection plans of a detector.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::refusal::Refusal;
use crate::texts;

/// What GuardDuty always watches; it is listed, and cannot be switched (API reference).
const FOUNDATION: [&str; 3] = ["CLOUD_TRAIL", "DNS_LOGS", "FLOW_LOGS"];

/// What a new detector has switched on unless told otherwise (API reference): all but runtime monitoring.
const ON_BY_DEFAULT: [&str; 5] =
    ["EBS_MALWARE_PROTECTION", "EKS_AUDIT_LOGS", "LAMBDA_NETWORK_LOGS", "RDS_LOGIN_EVENTS", "S3_DATA_EVENTS"];

/// What must be asked for. The AI ones are in newer models of the API only.
const OFF_BY_DEFAULT: [&str; 4] = ["AI_ANALYST", "AI_PROTECTION", "EKS_RUNTIME_MONITORING", "RUNTIME_MONITORING"];

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

    /// What the request says about plans, on top of what they are.
    pub(crate) fn changed(&self, request: &Value) -> Result<Self, Refusal> {
        let mut changed = self.clone();
        let wanted = request["features"].as_array().into_iter().flatten();
        for feature in wanted.clone() {
            let (name, enabled) = switch(feature)?;
            if !ON_BY_DEFAULT.contains(&name) && !OFF_BY_DEFAULT.contains(&name) {
                return Err(Refusal::bad_request(texts::INVALID));
            }
            let entry = changed.0.entry(name.into()).or_default();
            entry.enabled = enabled;
            for additional in feature["additionalConfiguration"].as_array().into_iter().flatten() {
                let (name, enabled) = switch(additional)?;
                entry.additional.insert(name.into(), enabled);
            }
        }
        // The two kinds of runtime monitoring exclude each other (API reference).
        let named = |name: &str| wanted.clone().any(|feature| feature["name"] == name);
        if named("RUNTIME_MONITORING") && named("EKS_RUNTIME_MONITORING") {
            return Err(Refusal::bad_request(texts::OUT_OF_RANGE));
        }
        Ok(changed)
    }

    /// As the API shows it for a detector, or for a member, which has no foundation in it.
    pub(crate) fn shown(&self, foundation: bool) -> Value {
        let always = FOUNDATION.iter().filter(|_| foundation).map(|name| json!({"name": name, "status": "ENABLED"}));
        let others = self.0.iter().map(|(name, feature)| {
            let additional = feature.additional.iter();
            let additional: Vec<_> =
                additional.map(|(name, enabled)| json!({"name": name, "status": word(*enabled)})).collect();
            json!({"name": name, "status": word(feature.enabled), "additionalConfiguration": additional})
        });
        always.chain(others).collect()
    }

    /// The free trial, in days, of what is switched on.
    pub(crate) fn free_trial(&self, days: u64) -> Value {
        let on = self.0.iter().filter(|(_, feature)| feature.enabled);
        on.map(|(name, _)| json!({"name": name, "freeTrialDaysRemaining": days})).collect()
    }
}

fn switch(feature: &Value) -> Result<(&str, bool), Refusal> {
    let invalid = || Refusal::bad_request(texts::INVALID);
    let name = feature["name"].as_str().ok_or_else(invalid)?;
    match feature["status"].as_str() {
        Some("ENABLED") => Ok((name, true)),
        Some("DISABLED") => Ok((name, false)),
        _ => Err(invalid()),
    }
}

fn word(enabled: bool) -> &'static str {
    if enabled { "ENABLED" } else { "DISABLED" }
}
