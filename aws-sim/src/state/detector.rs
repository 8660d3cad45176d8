//! A detector: GuardDuty in one account and Region.

use std::collections::BTreeMap;
use std::time::SystemTime;

use super::features::Features;

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
            client_token: None,
            occupied_until: now,
        }
    }

    pub(crate) fn switch(&mut self, enabled: bool, now: SystemTime) {
        self.enabled = enabled;
        self.updated_at = now;
    }

    /// Whether this protection plan is on, for example `S3_DATA_EVENTS`.
    #[must_use]
    pub fn feature(&self, name: &str) -> bool {
        self.features.enabled(name)
    }
}
