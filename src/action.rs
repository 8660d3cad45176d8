//! Every write to a membership: who makes it, what AWS calls it, and what GuardDuty shows when it went well.

use crate::membership::Status;

/// One write to a membership. The administrator's are in the order in which a round makes them.
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

    /// GuardDuty's name of the call.
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

    /// The status that GuardDuty shows when all goes well. `None`: the relationship stays as it is, so there is no reason
    /// to look again.
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

    /// Whether a fresh look comes before it: GuardDuty deletes a member without a word, though somebody may have mended it
    /// since the last look.
    #[must_use]
    pub fn looks_first(self) -> bool {
        self == Self::DeleteMember
    }
}
