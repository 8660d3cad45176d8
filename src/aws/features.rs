//! Protection plans in GuardDuty's calls, which have a type for each place.

use aws_sdk_guardduty::types::{
    DetectorAdditionalConfiguration, DetectorFeatureConfiguration, DetectorFeatureConfigurationResult, FeatureStatus,
    MemberAdditionalConfiguration, MemberFeaturesConfiguration, MemberFeaturesConfigurationResult,
};

use crate::protection::Plan;

/// As CreateDetector and UpdateDetector want them. `None` if there are none: then the call has no `features`.
pub(super) fn of_detector(plans: &[Plan]) -> Option<Vec<DetectorFeatureConfiguration>> {
    let feature = |plan: &Plan| {
        let parts = plan.configuration.iter().map(|(name, on)| {
            DetectorAdditionalConfiguration::builder().name(name.as_str().into()).status(status(*on)).build()
        });
        let parts = Some(parts.collect::<Vec<_>>()).filter(|parts| !parts.is_empty());
        DetectorFeatureConfiguration::builder()
            .name(plan.name.as_str().into())
            .status(status(plan.on))
            .set_additional_configuration(parts)
            .build()
    };
    (!plans.is_empty()).then(|| plans.iter().map(feature).collect())
}

/// As UpdateMemberDetectors wants them.
pub(super) fn of_members(plans: &[Plan]) -> Vec<MemberFeaturesConfiguration> {
    let feature = |plan: &Plan| {
        let parts = plan.configuration.iter().map(|(name, on)| {
            MemberAdditionalConfiguration::builder().name(name.as_str().into()).status(status(*on)).build()
        });
        let parts = Some(parts.collect::<Vec<_>>()).filter(|parts| !parts.is_empty());
        MemberFeaturesConfiguration::builder()
            .name(plan.name.as_str().into())
            .status(status(plan.on))
            .set_additional_configuration(parts)
            .build()
    };
    plans.iter().map(feature).collect()
}

/// As GetDetector shows them.
pub(super) fn shown_by_detector(features: &[DetectorFeatureConfigurationResult]) -> Vec<Plan> {
    let plan = |feature: &DetectorFeatureConfigurationResult| {
        let parts = feature.additional_configuration().iter();
        let parts = parts.filter_map(|part| Some((part.name()?.as_str(), part.status())));
        Some(shown(feature.name()?.as_str(), feature.status(), parts))
    };
    features.iter().filter_map(plan).collect()
}

/// As GetMemberDetectors shows them.
pub(super) fn shown_by_member(features: &[MemberFeaturesConfigurationResult]) -> Vec<Plan> {
    let plan = |feature: &MemberFeaturesConfigurationResult| {
        let parts = feature.additional_configuration().iter();
        let parts = parts.filter_map(|part| Some((part.name()?.as_str(), part.status())));
        Some(shown(feature.name()?.as_str(), feature.status(), parts))
    };
    features.iter().filter_map(plan).collect()
}

fn shown<'a>(
    name: &str,
    status: Option<&FeatureStatus>,
    parts: impl Iterator<Item = (&'a str, Option<&'a FeatureStatus>)>,
) -> Plan {
    let is_on = |status: Option<&FeatureStatus>| status == Some(&FeatureStatus::Enabled);
    let configuration = parts.map(|(name, status)| (name.to_owned(), is_on(status))).collect();
    Plan { name: name.into(), on: is_on(status), configuration }
}

fn status(on: bool) -> FeatureStatus {
    if on { FeatureStatus::Enabled } else { FeatureStatus::Disabled }
}
