//! GuardDuty's words for the relationship of an administrator and a member (AWS M1).

/// Added by CreateMembers, not invited yet.
pub(crate) const CREATED: &str = "Created";
/// Invited, and waiting to accept.
pub(crate) const INVITED: &str = "Invited";
/// Associated and monitored.
pub(crate) const ENABLED: &str = "Enabled";
/// Associated, not monitored.
pub(crate) const DISABLED: &str = "Disabled";
/// Removed by the administrator.
pub(crate) const REMOVED: &str = "Removed";
/// The member has left.
pub(crate) const RESIGNED: &str = "Resigned";
/// No longer known to GuardDuty.
pub(crate) const DELETED: &str = "Deleted";
/// Invited, and its e-mail address is being verified.
pub(crate) const VERIFYING: &str = "EmailVerificationInProgress";
/// The e-mail address is not the root user's. The status is final.
pub(crate) const VERIFICATION_FAILED: &str = "EmailVerificationFailed";
/// The member has disabled the Region.
pub(crate) const REGION_DISABLED: &str = "RegionDisabled";
/// AWS has suspended the member.
pub(crate) const ACCOUNT_SUSPENDED: &str = "AccountSuspended";

/// Whether the two accounts are associated.
pub(crate) fn associated(status: &str) -> bool {
    matches!(status, ENABLED | DISABLED)
}

/// Whether the member was invited or associated, and can no longer be reached.
pub(crate) fn out_of_reach(status: &str) -> bool {
    matches!(status, REGION_DISABLED | ACCOUNT_SUSPENDED)
}

/// Whether an invitation has been sent or accepted.
pub(crate) fn invited_or_associated(status: &str) -> bool {
    associated(status) || matches!(status, INVITED | VERIFYING)
}
