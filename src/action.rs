//! Every write to a membership: who makes it, AWS's name for it, and the status that it leads to.

use crate::membership::Status;

/// One write to a membership. A round makes the administrator's in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Switches GuardDuty on in the member account: creates the detector, or enables one that is off.
    EnableDetector,
    AcceptInvitation,
    /// GuardDuty refuses it for an active membership.
    DeleteMember,
    CreateMember,
    InviteMember,
    /// Resumes the monitoring of a member that is suspended.
    StartMonitoring,
}

/// Whose credentials make a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    Administrator,
    Member,
}

impl Action {
    pub const ALL: [Self; 6] = [
        Self::EnableDetector,
        Self::AcceptInvitation,
        Self::DeleteMember,
        Self::CreateMember,
        Self::InviteMember,
        Self::StartMonitoring,
    ];

    #[must_use]
    pub fn caller(self) -> Caller {
        match self {
            Self::EnableDetector | Self::AcceptInvitation => Caller::Member,
            Self::DeleteMember | Self::CreateMember | Self::InviteMember | Self::StartMonitoring => {
                Caller::Administrator
            }
        }
    }

    /// GuardDuty's name for the call.
    #[must_use]
    pub fn api_name(self) -> &'static str {
        match self {
            Self::EnableDetector => "CreateDetector",
            Self::AcceptInvitation => "AcceptAdministratorInvitation",
            Self::DeleteMember => "DeleteMembers",
            Self::CreateMember => "CreateMembers",
            Self::InviteMember => "InviteMembers",
            Self::StartMonitoring => "StartMonitoringMembers",
        }
    }

    /// The status that GuardDuty shows if all goes well. `None`: the relationship does not change, so there is no
    /// reason to look again.
    #[must_use]
    pub fn leads_to(self) -> Option<Status> {
        match self {
            Self::EnableDetector => None,
            Self::AcceptInvitation | Self::StartMonitoring => Some(Status::Enabled),
            Self::DeleteMember => Some(Status::Deleted),
            Self::CreateMember => Some(Status::Created),
            Self::InviteMember => Some(Status::Invited),
        }
    }

    /// Whether a fresh look comes before it. GuardDuty deletes a member that is merely invited without objecting,
    /// although somebody may have corrected its e-mail since the last look.
    #[must_use]
    pub fn looks_first(self) -> bool {
        self == Self::DeleteMember
    }
}
