//! Protection plans of a detector.

use std::collections::BTreeMap;

/// The foundational data sources, which are always on and cannot be switched off (AWS P12).
pub(crate) const FOUNDATION: [&str; 3] = ["CLOUD_TRAIL", "DNS_LOGS", "FLOW_LOGS"];

/// The plans that are on in a new detector by default: all but runtime monitoring (AWS P1).
pub(crate) const ON_BY_DEFAULT: [&str; 5] =
    ["EBS_MALWARE_PROTECTION", "EKS_AUDIT_LOGS", "LAMBDA_NETWORK_LOGS", "RDS_LOGIN_EVENTS", "S3_DATA_EVENTS"];

/// The plans that a request must name to switch them on. For the AI ones that is a guess (AWS P11).
pub(crate) const OFF_BY_DEFAULT: [&str; 4] =
    [DETECTOR_ONLY, "AI_PROTECTION", "EKS_RUNTIME_MONITORING", "RUNTIME_MONITORING"];

/// A plan that members do not have (AWS P10).
pub(crate) const DETECTOR_ONLY: &str = "AI_ANALYST";

/// The plans that were ever switched on or off, and their additional configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Features(BTreeMap<String, Feature>);

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Feature {
    pub enabled: bool,
    pub additional: BTreeMap<String, bool>,
}

/// What a request changes about one plan and its additional configuration.
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

    /// Changes the plans that are named, and leaves the others (AWS P5).
    pub(crate) fn change(&mut self, changes: &[Change]) {
        for change in changes {
            let feature = self.0.entry(change.name.clone()).or_default();
            feature.enabled = change.enabled;
            feature.additional.extend(change.additional.iter().cloned());
        }
    }

    /// In the order of their names.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Feature)> {
        self.0.iter().map(|(name, feature)| (name.as_str(), feature))
    }
}
