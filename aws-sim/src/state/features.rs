//! Protection plans of a detector.

use std::collections::BTreeMap;

/// The foundational data sources, which are always on and cannot be switched off (AWS P12).
pub(crate) const FOUNDATION: [&str; 3] = ["CLOUD_TRAIL", "DNS_LOGS", "FLOW_LOGS"];

/// The plans that are on in a new detector by default: all but runtime monitoring (AWS P1).
pub(crate) const ON_BY_DEFAULT: [&str; 5] =
    ["EBS_MALWARE_PROTECTION", "EKS_AUDIT_LOGS", "LAMBDA_NETWORK_LOGS", "RDS_LOGIN_EVENTS", "S3_DATA_EVENTS"];

/// The plans that a request must name to switch them on. For AI_PROTECTION that is a guess (AWS P11).
pub(crate) const OFF_BY_DEFAULT: [&str; 4] =
    [DETECTOR_ONLY, "AI_PROTECTION", "EKS_RUNTIME_MONITORING", "RUNTIME_MONITORING"];

/// A plan that members do not have (AWS P10).
pub(crate) const DETECTOR_ONLY: &str = "AI_ANALYST";

/// The additional configuration of each plan that has one (API model; the plan of RDS_DATA_RISK is in a description).
const ADDITIONAL: [(&str, &[&str]); 3] = [
    ("EKS_RUNTIME_MONITORING", &["EKS_ADDON_MANAGEMENT"]),
    ("RDS_LOGIN_EVENTS", &[UNLISTED]),
    ("RUNTIME_MONITORING", &["EC2_AGENT_MANAGEMENT", "ECS_FARGATE_AGENT_MANAGEMENT", "EKS_ADDON_MANAGEMENT"]),
];

/// It is listed once it was set: clients that are older refuse an answer that has it.
const UNLISTED: &str = "RDS_DATA_RISK";

/// The names of a plan's additional configuration.
pub(crate) fn additional(plan: &str) -> &'static [&'static str] {
    ADDITIONAL.iter().find(|(name, _)| *name == plan).map_or(&[], |(_, additional)| additional)
}

/// All plans of a detector and their additional configuration, on or off.
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
    /// As in a new detector. Additional configuration is off (AWS P14).
    fn default() -> Self {
        let feature = |name: &str, enabled| {
            let listed = additional(name).iter().filter(|one| **one != UNLISTED);
            let additional = listed.map(|one| ((*one).to_owned(), false)).collect();
            (name.to_owned(), Feature { enabled, additional })
        };
        let on = ON_BY_DEFAULT.iter().map(|name| feature(name, true));
        Self(on.chain(OFF_BY_DEFAULT.iter().map(|name| feature(name, false))).collect())
    }
}

impl Features {
    pub(crate) fn enabled(&self, name: &str) -> bool {
        FOUNDATION.contains(&name) || self.0.get(name).is_some_and(|feature| feature.enabled)
    }

    /// Takes a plan away.
    pub(crate) fn lose(&mut self, plan: &str) {
        self.0.remove(plan);
    }

    /// Changes the plans that are named, and leaves the others (AWS P5).
    pub(crate) fn change(&mut self, changes: &[Change]) {
        for change in changes {
            let feature = self.0.entry(change.name.clone()).or_default();
            feature.enabled = change.enabled;
            feature.additional.extend(change.additional.iter().cloned());
        }
    }

    /// Switches a plan, or its additional configuration by a name such as `RUNTIME_MONITORING/EC2_AGENT_MANAGEMENT`.
    /// `None` if there is no such thing.
    pub(crate) fn set(&mut self, name: &str, enabled: bool) -> Option<()> {
        let (plan, additional) = name.split_once('/').map_or((name, None), |(plan, one)| (plan, Some(one)));
        let feature = self.0.get_mut(plan)?;
        *match additional {
            Some(additional) => feature.additional.get_mut(additional)?,
            None => &mut feature.enabled,
        } = enabled;
        Some(())
    }

    /// Whether each plan and each additional configuration is on, by the names that [`Features::set`] takes.
    pub(crate) fn by_name(&self) -> BTreeMap<String, bool> {
        let mut all = BTreeMap::new();
        for (plan, feature) in &self.0 {
            all.insert(plan.clone(), feature.enabled);
            all.extend(feature.additional.iter().map(|(name, enabled)| (format!("{plan}/{name}"), *enabled)));
        }
        all
    }

    /// In the order of their names.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Feature)> {
        self.0.iter().map(|(name, feature)| (name.as_str(), feature))
    }
}
