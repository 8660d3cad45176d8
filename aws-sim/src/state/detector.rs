//! A detector: GuardDuty in one account and Region.

use std::collections::BTreeMap;
use std::time::SystemTime;

use super::features::{Change, Features};

/// GuardDuty in one account and Region.
#[derive(Debug, Clone)]
pub struct Detector {
    /// 32 lower-case hexadecimal digits.
    pub id: String,
    /// Whether it is on, or suspended.
    pub enabled: bool,
    /// When it was created.
    pub created_at: SystemTime,
    /// When it was last changed.
    pub updated_at: SystemTime,
    /// `FIFTEEN_MINUTES`, `ONE_HOUR` or `SIX_HOURS`. A member's is that of its administrator.
    pub finding_publishing_frequency: String,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    pub(crate) features: Features,
    /// Its plans as they were, each with the time until when GetMemberDetectors shows it. Earliest first.
    former: Vec<(SystemTime, Features)>,
    pub(crate) client_token: Option<String>,
    /// A change of plans, its own or its members', occupies it until then.
    pub(crate) occupied_until: SystemTime,
}

impl Detector {
    /// A detector with the defaults of CreateDetector.
    pub(crate) fn new(id: String, enabled: bool, now: SystemTime) -> Self {
        Self {
            id,
            enabled,
            created_at: now,
            updated_at: now,
            finding_publishing_frequency: "SIX_HOURS".into(),
            tags: BTreeMap::new(),
            features: Features::default(),
            former: Vec::new(),
            client_token: None,
            occupied_until: now,
        }
    }

    pub(crate) fn switch(&mut self, enabled: bool, now: SystemTime) {
        self.enabled = enabled;
        self.updated_at = now;
    }

    /// An administrator changes plans of its member, and sees those changes from `shown_at` on.
    pub(crate) fn change_plans(&mut self, changes: &[Change], now: SystemTime, shown_at: SystemTime) {
        self.former.retain(|(until, _)| now < *until);
        if now < shown_at {
            self.former.push((shown_at, self.features.clone()));
        }
        self.features.change(changes);
        self.updated_at = now;
    }

    /// Takes a plan away that the Region lacks.
    pub(crate) fn lose_plan(&mut self, plan: &str) {
        for features in self.former.iter_mut().map(|(_, features)| features).chain([&mut self.features]) {
            features.lose(plan);
        }
    }

    /// Its plans as GetMemberDetectors shows them.
    pub(crate) fn shown_plans(&self, now: SystemTime) -> &Features {
        let former = self.former.iter().find(|(until, _)| now < *until);
        former.map_or(&self.features, |(_, features)| features)
    }

    /// Whether this protection plan is on, for example `S3_DATA_EVENTS`.
    #[must_use]
    pub fn feature(&self, name: &str) -> bool {
        self.features.enabled(name)
    }
}
