//! What AWS leaves open or varies: delays, limits and undocumented choices.

use std::time::Duration;

use crate::wire::texts;

/// Settings of a whole world. See `World::set`.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Debug, Clone)]
pub struct Knobs {
    /// How long every answer takes.
    pub latency: Duration,
    /// The time from InviteMembers to `Invited` or `EmailVerificationFailed`. AWS publishes no number (AWS I4).
    pub verification: Duration,
    /// How long GetMembers, ListMembers and InviteMembers do not see a created member (AWS M6).
    pub member_visible_after: Duration,
    /// GetMembers and ListMembers show statuses as they were this long ago (AWS M6).
    pub status_lag: Duration,
    /// How long GetMembers and ListMembers show the status that a member had before the association ended.
    pub disassociation_visible_after: Duration,
    /// How long GetAdministratorAccount in a former member still names the administrator.
    pub disassociation_told_after: Duration,
    /// How long DeleteMembers refuses a former member as still associated.
    pub deletable_after: Duration,
    /// How long GetMembers and ListMembers show a deleted member.
    pub deletion_visible_after: Duration,
    /// How long GetMembers and ListMembers show the status that a member had before StopMonitoringMembers or
    /// StartMonitoringMembers.
    pub monitoring_visible_after: Duration,
    /// The time from the end of the verification until ListInvitations shows the invitation in the member (AWS I12).
    pub invitation_visible_after: Duration,
    /// Invitations are shown and can be accepted while the verification is still in progress (AWS I13).
    pub invitation_before_verification: bool,
    /// CreateMembers returns a `Removed` member to `Created` instead of refusing it (AWS M8).
    pub create_revives_removed: bool,
    /// The verification fails if the member's detector is suspended at the time of the invitation (AWS I8).
    pub suspended_detector_fails_verification: bool,
    /// The text in `unprocessedAccounts` if UpdateMemberDetectors names EBS_MALWARE_PROTECTION for a member by
    /// invitation (AWS P2, P3).
    pub malware_protection_refusal: &'static str,
    /// Why a request is refused, with status 400, that names a plan which the Region lacks (AWS P15). See
    /// `World::region_lacks`.
    pub missing_plan_refusal: &'static str,
    /// How long GetMemberDetectors and UpdateMemberDetectors leave out a member that has joined, as if it were not
    /// associated (AWS P7).
    pub plans_settable_after: Duration,
    /// How long GetMemberDetectors shows the plans that a member had before UpdateMemberDetectors. Not documented.
    pub plans_visible_after: Duration,
    /// How long UpdateMemberDetectors, or an UpdateDetector that changes plans, occupies the caller's detector: at least
    /// the latency. Meanwhile another one is refused (AWS P6).
    pub plans_occupied_for: Duration,
    /// Why it is refused, with status 400. That it is refused is known; the text is not.
    pub concurrent_change_refusal: &'static str,
    /// Why a member through an organization that enables all its accounts is not suspended, disassociated or deleted.
    /// The API reference says "an error"; the text is not documented.
    pub auto_enable_refusal: &'static str,
    /// Such a member has its whole batch refused, with status 400, instead of being left out of it (not documented).
    pub auto_enable_refuses_batch: bool,
    /// Why GuardDuty does not suspend the detector of an administrator that has members. That it refuses is in the user
    /// guide; the text is not documented.
    pub suspension_refusal: &'static str,
    /// Why GuardDuty does not delete the detector of a member. `None`: it does, and the administrator sees `Removed`
    /// (seen live by one tool; the user guide does not say).
    pub member_detector_refusal: Option<&'static str>,
    /// DeleteMembers refuses a member that is `RegionDisabled` or `AccountSuspended` as still associated, until it is
    /// disassociated (not documented).
    pub unreachable_stays_associated: bool,
    /// The most members by invitation of an administrator in a Region (AWS T1).
    pub member_quota: usize,
    /// STS calls per second, for each calling account and Region (AWS T4).
    pub sts_per_second: u32,
    /// The longest page of any list. A small number forces paging.
    pub page_size: usize,
    /// Whether calls are recorded in the ledger. A server that runs for days should switch it off.
    pub ledger: bool,
}

impl Default for Knobs {
    fn default() -> Self {
        Self {
            latency: Duration::ZERO,
            verification: Duration::ZERO,
            member_visible_after: Duration::ZERO,
            status_lag: Duration::ZERO,
            disassociation_visible_after: Duration::ZERO,
            disassociation_told_after: Duration::ZERO,
            deletable_after: Duration::ZERO,
            deletion_visible_after: Duration::ZERO,
            monitoring_visible_after: Duration::ZERO,
            invitation_visible_after: Duration::ZERO,
            invitation_before_verification: false,
            create_revives_removed: false,
            suspended_detector_fails_verification: true,
            malware_protection_refusal: texts::INVALID,
            missing_plan_refusal: texts::INVALID,
            plans_settable_after: Duration::ZERO,
            plans_visible_after: Duration::ZERO,
            plans_occupied_for: Duration::ZERO,
            concurrent_change_refusal: texts::CONCURRENT_CHANGE,
            auto_enable_refusal: texts::AUTO_ENABLED,
            auto_enable_refuses_batch: false,
            suspension_refusal: texts::SUSPENDED_WITH_MEMBERS,
            member_detector_refusal: None,
            unreachable_stays_associated: false,
            member_quota: 5000,
            sts_per_second: 600,
            page_size: usize::MAX,
            ledger: true,
        }
    }
}
