//! Protection plans of a detector.

use std::collections::BTreeMap;

/// What GuardDuty always watches; it is listed, and cannot be switched (API reference).
pub(crate) const FOUNDATION: [&str; 3] = ["CLOUD_TRAIL", "DNS_LOGS", "FLOW_LOGS"];

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
pub(crate) struct Feature {
    pub enabled: bool,
    pub additional: BTreeMap<String, bool>,
}

/// What becomes of one plan, and of its additional configuration as far as it is named.
#[derive(Debug)]
pub(crate) struct Change {
    pub name: String,
    pub enabled: bool,
    pub additional: Vec<(String, bool)>,
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
    pub(crate) fn change(&mut self, changes: &[Change]) {
        for change in changes {
            let feature = self.0.entry(change.name.clone()).or_default();
            feature.enabled = change.enabled;
            feature.additional.extend(change.additional.iter().cloned());
        }
    }

    /// Those that were ever switched, by name.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Feature)> {
        self.0.iter().map(|(name, feature)| (name.as_str(), feature))
    }
}
