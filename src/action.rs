//! Every write to a membership: who makes it, AWS's name for it, and the status that it leads to.

use strum::{EnumCount, VariantArray};

use crate::membership::Status;

/// One write to a membership. A round makes the administrator's in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumCount, VariantArray)]
pub enum Action {
    /// Switches GuardDuty on in the member account: creates the detector, or enables one that is off (AWS D6).
    EnableDetector,
    AcceptInvitation,
    /// Deletes a member whose e-mail failed verification, to create it with another. GuardDuty refuses it for an active
    /// membership (AWS L2).
    DeleteUnverified,
    CreateMember,
    InviteMember,
    /// Resumes the monitoring of a member that is suspended.
    StartMonitoring,
    /// Sets the protection plans of a member that differ from what is declared.
    SetPlans,
    /// Suspends a member.
    StopMonitoring,
    /// The first half of a removal, for an active membership.
    DisassociateMember,
    /// The second half, and the only one where a membership is not active.
    DeleteMember,
    /// Deletes the detector of an account that is no member any more, if this function created it.
    DeleteDetector,
}

/// Whose credentials make the call, and how: the administrator's as a batch, the member's on a visit to its account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    Administrator(Batch),
    Member(Visit),
}

/// A call for up to 50 accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Batch {
    Delete,
    Create,
    Invite,
    StartMonitoring,
    StopMonitoring,
    Disassociate,
    SetPlans,
}

/// What is done in a member account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visit {
    EnableDetector,
    AcceptInvitation,
    DeleteDetector,
}

impl Action {
    #[must_use]
    pub fn caller(self) -> Caller {
        match self {
            Self::EnableDetector => Caller::Member(Visit::EnableDetector),
            Self::AcceptInvitation => Caller::Member(Visit::AcceptInvitation),
            Self::DeleteDetector => Caller::Member(Visit::DeleteDetector),
            Self::DeleteUnverified | Self::DeleteMember => Caller::Administrator(Batch::Delete),
            Self::CreateMember => Caller::Administrator(Batch::Create),
            Self::InviteMember => Caller::Administrator(Batch::Invite),
            Self::StartMonitoring => Caller::Administrator(Batch::StartMonitoring),
            Self::StopMonitoring => Caller::Administrator(Batch::StopMonitoring),
            Self::SetPlans => Caller::Administrator(Batch::SetPlans),
            Self::DisassociateMember => Caller::Administrator(Batch::Disassociate),
        }
    }

    #[must_use]
    pub fn api_name(self) -> &'static str {
        match self {
            Self::EnableDetector => "CreateDetector",
            Self::AcceptInvitation => "AcceptAdministratorInvitation",
            Self::DeleteUnverified | Self::DeleteMember => "DeleteMembers",
            Self::CreateMember => "CreateMembers",
            Self::InviteMember => "InviteMembers",
            Self::StartMonitoring => "StartMonitoringMembers",
            Self::StopMonitoring => "StopMonitoringMembers",
            Self::DisassociateMember => "DisassociateMembers",
            Self::DeleteDetector => "DeleteDetector",
            Self::SetPlans => "UpdateMemberDetectors",
        }
    }

    /// The status that GuardDuty shows if all goes well (AWS M3, M9, I3, I16). `None`: the relationship does not
    /// change, so there is no reason to look again.
    #[must_use]
    pub fn leads_to(self) -> Option<Status> {
        match self {
            Self::EnableDetector | Self::DeleteDetector | Self::SetPlans => None,
            Self::AcceptInvitation | Self::StartMonitoring => Some(Status::Enabled),
            Self::DeleteUnverified | Self::DeleteMember => Some(Status::Deleted),
            Self::StopMonitoring => Some(Status::Disabled),
            Self::DisassociateMember => Some(Status::Removed),
            Self::CreateMember => Some(Status::Created),
            Self::InviteMember => Some(Status::Invited),
        }
    }

    /// Whether a fresh look comes before it. GuardDuty deletes a member that is merely invited without objecting
    /// (AWS L3), although somebody may have corrected its e-mail since the last look.
    #[must_use]
    pub fn looks_first(self) -> bool {
        self == Self::DeleteUnverified
    }

    /// Whether it lets an account go: ends its monitoring, its membership or its detector. Only a list that declares
    /// that asks for it.
    #[must_use]
    pub fn lets_go(self) -> bool {
        match self {
            Self::StopMonitoring | Self::DisassociateMember | Self::DeleteMember | Self::DeleteDetector => true,
            Self::EnableDetector
            | Self::AcceptInvitation
            | Self::DeleteUnverified
            | Self::CreateMember
            | Self::InviteMember
            | Self::StartMonitoring
            | Self::SetPlans => false,
        }
    }
}
