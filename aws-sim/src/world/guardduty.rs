//! GuardDuty as a story sets it up and looks at it.

use std::collections::BTreeMap;

use super::World;
use crate::iam::keys::ADMINISTRATOR;
use crate::state::detector::Detector;
use crate::state::relationship::Member;
use crate::state::status;

/// The member of an account that is an administrator itself.
const SOMEBODYS_MEMBER: &str = "777788889999";

impl World {
    /// The account's detector in a Region.
    #[must_use]
    pub fn detector(&self, account: &str, region: &str) -> Option<Detector> {
        let state = self.state();
        let region = state.region(region);
        let mut detector = region.detectors.get(account)?.clone();
        if let Some(frequency) = region.publishing_frequency(account) {
            detector.finding_publishing_frequency = frequency.into();
        }
        Some(detector)
    }

    /// Somebody sets by hand how often the account's detector publishes findings, if there is a detector:
    /// `FIFTEEN_MINUTES`, `ONE_HOUR` or `SIX_HOURS`. As long as the account is a member, its administrator's counts.
    pub fn set_frequency(&self, account: &str, region: &str, frequency: &str) {
        if let Some(detector) = self.state().region_mut(region).detectors.get_mut(account) {
            detector.finding_publishing_frequency = frequency.into();
        }
    }

    /// Gives the account a detector, or switches its detector on or off as the account itself would: an administrator
    /// cannot switch it on again. Returns its id. No status changes.
    #[expect(clippy::must_use_candidate, reason = "most stories want the detector, not its id")]
    pub fn put_detector(&self, account: &str, region: &str, enabled: bool) -> String {
        let now = self.now();
        let mut state = self.state();
        let id = state.ensure_detector(account, region, now);
        state.region_mut(region).put_detector(account, enabled);
        id
    }

    /// Gives the account's detector a tag, if there is a detector.
    pub fn tag_detector(&self, account: &str, region: &str, key: &str, value: &str) {
        if let Some(detector) = self.state().region_mut(region).detectors.get_mut(account) {
            detector.tags.insert(key.into(), value.into());
        }
    }

    /// Whether each protection plan of the account's detector is on, and each plan's additional configuration by a name
    /// such as `RUNTIME_MONITORING/EC2_AGENT_MANAGEMENT`, whatever lag GetMemberDetectors has. Empty without a detector.
    #[must_use]
    pub fn features(&self, account: &str, region: &str) -> BTreeMap<String, bool> {
        let state = self.state();
        let detector = state.region(region).detectors.get(account);
        detector.map(|detector| detector.features.by_name()).unwrap_or_default()
    }

    /// Somebody switches a protection plan, or its additional configuration, of the account's detector by hand. The
    /// names are those of [`World::features`].
    ///
    /// # Panics
    ///
    /// There is no such detector, or it has no such plan.
    pub fn set_feature(&self, account: &str, region: &str, name: &str, enabled: bool) {
        let mut state = self.state();
        let detector = state.region_mut(region).detectors.get_mut(account);
        let set = detector.and_then(|detector| detector.features.set(name, enabled));
        assert!(set.is_some(), "account {account} has no {name} in {region}");
    }

    /// The Region does not have this protection plan: its detectors do not list it, and no request may name it. Unless
    /// this is called, every Region has every plan.
    pub fn region_lacks(&self, region: &str, plan: &str) {
        self.state().region_mut(region).lose_plan(plan);
    }

    /// Removes the account's detector. No relationship changes.
    pub fn remove_detector(&self, account: &str, region: &str) {
        self.state().region_mut(region).detectors.remove(account);
    }

    /// The administrator's member, whatever lag GetMembers has.
    #[must_use]
    pub fn member(&self, region: &str, account: &str) -> Option<Member> {
        let now = self.now();
        let state = self.state();
        let relationship = state.region(region).relationship(ADMINISTRATOR, account)?;
        Some(relationship.member(account, now))
    }

    /// All the administrator's members in a Region, by account.
    #[must_use]
    pub fn members(&self, region: &str) -> Vec<Member> {
        let now = self.now();
        self.state().region(region).members_of(ADMINISTRATOR, now)
    }

    /// Makes the account a member of the administrator with this status, even one that GuardDuty does not have. With
    /// `Enabled`, `Disabled` and `Invited`, the member also has a detector (its own, if there is one) and the
    /// invitation. The detector of an `Enabled` member is on. That of a `Disabled` one is off; if it was on,
    /// StopMonitoringMembers counts as the cause.
    pub fn put_member(&self, region: &str, account: &str, email: &str, status: &str) {
        self.put(region, ADMINISTRATOR, account, email, status);
    }

    /// Makes the account an `Enabled` member of the administrator through AWS Organizations, not by invitation: it has
    /// neither an e-mail address nor an invitation. The administrator is then GuardDuty's delegated administrator.
    pub fn put_organization_member(&self, region: &str, account: &str) {
        let now = self.now();
        let mut state = self.state();
        state.organization.auto_enable.get_or_insert_with(|| "NONE".into());
        state.ensure_detector(ADMINISTRATOR, region, now);
        state.ensure_detector(account, region, now);
        state.region_mut(region).associate(ADMINISTRATOR, account, now);
    }

    /// The administrator is GuardDuty's delegated administrator, and this is its `autoEnableOrganizationMembers`:
    /// `ALL`, `NEW` or `NONE`. With `ALL`, members through the organization cannot be suspended, disassociated or
    /// deleted.
    pub fn auto_enable_organization_members(&self, setting: &str) {
        self.state().organization.auto_enable = Some(setting.into());
    }

    /// Another administrator has invited the account.
    pub fn invite_from(&self, stranger: &str, account: &str, region: &str) {
        let email = format!("root+{account}@example.com");
        self.put(region, stranger, account, &email, status::INVITED);
    }

    /// The account is already a member of another administrator.
    pub fn belongs_to(&self, administrator: &str, account: &str, region: &str) {
        let email = format!("root+{account}@example.com");
        self.put(region, administrator, account, &email, status::ENABLED);
    }

    /// The account has a member of its own.
    pub fn is_administrator(&self, account: &str, region: &str) {
        let email = format!("root+{SOMEBODYS_MEMBER}@example.com");
        self.put(region, account, SOMEBODYS_MEMBER, &email, status::ENABLED);
    }

    fn put(&self, region: &str, administrator: &str, account: &str, email: &str, status: &str) {
        let now = self.now();
        let mut state = self.state();
        state.ensure_detector(administrator, region, now);
        let both_sides = matches!(status, status::ENABLED | status::DISABLED | status::INVITED);
        if both_sides && (status != status::INVITED || administrator == ADMINISTRATOR) {
            state.ensure_detector(account, region, now);
        }
        let invitation = state.ids.hex32();
        let region = state.region_mut(region);
        if status == status::ENABLED {
            region.put_detector(account, true);
        }
        region.put(administrator, account, email, status, both_sides.then_some(invitation), now);
        if status == status::DISABLED {
            region.stop(administrator, account, now);
        }
    }
}
