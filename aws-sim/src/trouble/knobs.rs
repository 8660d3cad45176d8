//! What AWS leaves open, or does differently from day to day: delays, limits and undocumented choices.

use std::time::Duration;

use crate::wire::texts;

/// Settings of a whole world. See [`World::set`](crate::World::set).
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Debug, Clone)]
pub struct Knobs {
    /// How long every answer takes.
    pub latency: Duration,
    /// From InviteMembers to `Invited` or `EmailVerificationFailed`. AWS publishes no number; Terraform and AWS's own
    /// scripts wait up to minutes.
    pub verification: Duration,
    /// For so long a created member is not seen by GetMembers, ListMembers and InviteMembers (Terraform retries it).
    pub member_visible_after: Duration,
    /// GetMembers and ListMembers show statuses as they were so long ago.
    pub status_lag: Duration,
    /// From the end of the verification to ListInvitations in the member.
    pub invitation_visible_after: Duration,
    /// Invitations show, and can be accepted, while the verification is still under way (seen live by one tool).
    pub invitation_before_verification: bool,
    /// CreateMembers brings a `Removed` member back to `Created` instead of refusing it (sources disagree).
    pub create_revives_removed: bool,
    /// A detector that is suspended in the member at the time of the invitation fails the verification (anecdotal).
    pub suspended_detector_fails_verification: bool,
    /// The text in `unprocessedAccounts` when UpdateMemberDetectors is asked to change EBS_MALWARE_PROTECTION. The user
    /// guide says that an administrator by invitation cannot change it for members; the text is not documented.
    pub malware_protection_refusal: &'static str,
    /// Members by invitation per administrator and Region (GuardDuty quotas).
    pub member_quota: usize,
    /// AssumeRole calls per second, calling account and Region (IAM quotas).
    pub sts_per_second: u32,
    /// The longest page of any list, to force paging.
    pub page_size: usize,
    /// Whether calls are written to the ledger. A server that runs for days is better off without.
    pub ledger: bool,
}

impl Default for Knobs {
    fn default() -> Self {
        Self {
            latency: Duration::ZERO,
            verification: Duration::ZERO,
            member_visible_after: Duration::ZERO,
            status_lag: Duration::ZERO,
            invitation_visible_after: Duration::ZERO,
            invitation_before_verification: false,
            create_revives_removed: false,
            suspended_detector_fails_verification: true,
            malware_protection_refusal: texts::INVALID,
            member_quota: 5000,
            sts_per_second: 600,
            page_size: usize::MAX,
            ledger: true,
        }
    }
}
