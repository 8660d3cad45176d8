//! What one look at a membership shows, and why an action on it was not carried out.

use super::{CallError, Member, NotAssumed, Status};
use crate::account::{AccountId, Region};
use crate::protection::Subset;

/// A membership as it is now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Actual {
    /// What the administrator's GetMembers shows; `None` if it has no entry.
    pub member: Option<Member>,
    /// Whether the member account names us as its administrator. That may show there before GetMembers shows it.
    pub joined: bool,
    /// Whether an earlier look of this run showed that it was suspended.
    pub was_suspended: bool,
    /// Its protection plans, if it is monitored.
    pub plans: PlansSeen,
}

/// What a look showed of a member's protection plans.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PlansSeen {
    /// They are as declared, or none are declared.
    #[default]
    AsDeclared,
    /// GuardDuty does not show them yet.
    NotYet,
    /// These differ from what is declared.
    Differ(Subset),
}

impl Actual {
    #[must_use]
    pub fn status(&self) -> Option<&Status> {
        self.member.as_ref().map(|member| &member.status)
    }
}

/// Why an action was not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotDone {
    Call(CallError),
    /// There is no session in the member account.
    Role(NotAssumed),
    /// The account is a member of this administrator.
    OtherAdministrator(AccountId),
    /// The member does not see our invitation yet.
    InvitationNotVisible,
    /// Our invitation is not among those that were read, and there are more.
    TooManyInvitations,
    /// The account is no member, but its detector stays.
    DetectorStays(WhyStays),
    /// The account still names us as its administrator. GuardDuty lags.
    StillOurs,
}

/// Why a detector in an account that was let go is not deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyStays {
    /// It lacks the tag that this function gives to the detectors that it creates for this administrator.
    NotOurs,
    /// The account has another administrator by now.
    Administrator(AccountId),
}

impl NotDone {
    /// See [`CallError::in_region`].
    #[must_use]
    pub fn in_region(self, region: &Region) -> Self {
        match self {
            Self::Call(error) => Self::Call(error.in_region(region)),
            other => other,
        }
    }
}

impl From<CallError> for NotDone {
    fn from(error: CallError) -> Self {
        Self::Call(error)
    }
}

impl From<NotAssumed> for NotDone {
    fn from(not_assumed: NotAssumed) -> Self {
        Self::Role(not_assumed)
    }
}
