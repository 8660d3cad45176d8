//! What a failed call means for a membership, depending on whose credentials made it.

use super::{DetectorLeft, Outcome, Reason, Wait};
use crate::membership::{CallError, DeniedBy, NotAssumed, NotDone, Refusal, WhyNot};

impl Outcome {
    #[must_use]
    pub fn from_assume_role(not_assumed: NotAssumed) -> Self {
        match not_assumed {
            // Only a change in our own account helps, so waiting for the member's role would not.
            NotAssumed::Refused(refusal) if refusal.why == WhyNot::OwnPolicy => Self::Failed(Reason::OwnRole(refusal)),
            NotAssumed::Refused(refusal) => Self::Pending(Wait::Role(refusal)),
            // AssumeRole is called with our own token, in a Region that is always on, so it is no Region that is off.
            NotAssumed::Call(CallError::Token(quoted)) => Self::Pending(Wait::OwnToken(quoted)),
            NotAssumed::Call(other) => Self::from_member_call(other),
        }
    }

    #[must_use]
    pub fn from_member_call(error: CallError) -> Self {
        match error {
            CallError::Denied(denial) if denial.by == DeniedBy::NoIdentityPolicy => {
                Self::Pending(Wait::Policy(denial.quoted))
            }
            CallError::Denied(denial) => Self::Failed(Reason::Denied(denial)),
            CallError::Token(quoted) => Self::Pending(Wait::Token(quoted)),
            CallError::RegionOff(_) => Self::Skipped(Reason::MemberRegion),
            CallError::Refused(Refusal::DetectorGone) => unanswered("the detector was deleted meanwhile"),
            CallError::Refused(refusal) => Self::from_refusal(refusal),
            CallError::Transient(quoted) => unanswered(quoted),
            CallError::Expired => Self::Pending(Wait::Credentials),
            CallError::NoEndpoint => unanswered(NO_HOST),
            CallError::Interrupted => Self::Pending(Wait::Interrupted),
        }
    }

    #[must_use]
    pub fn from_administrator_call(error: CallError) -> Self {
        match error {
            CallError::Denied(denial) => Self::Failed(Reason::AdministratorDenied(denial)),
            // The Region was on when the run began. So even in an opt-in Region it is the token (AWS R4).
            CallError::Token(quoted) | CallError::RegionOff(quoted) => Self::Pending(Wait::OwnToken(quoted)),
            CallError::Refused(Refusal::DetectorGone) => Self::Pending(Wait::Detector),
            CallError::Refused(refusal) => Self::from_refusal(refusal),
            CallError::Transient(quoted) => unanswered(quoted),
            CallError::Expired => Self::Pending(Wait::Credentials),
            CallError::NoEndpoint => unanswered(NO_HOST),
            CallError::Interrupted => Self::Pending(Wait::Interrupted),
        }
    }

    /// The account was let go, but its detector could not be looked at or deleted. A role that is not ready is no reason
    /// to wait here: no new account is let go.
    #[must_use]
    pub fn from_detector_left(not_done: NotDone) -> Self {
        let left = match not_done {
            NotDone::Role(NotAssumed::Refused(refusal)) => DetectorLeft::Role(refusal),
            NotDone::Role(NotAssumed::Call(CallError::Token(quoted))) => return Self::Pending(Wait::OwnToken(quoted)),
            NotDone::Role(NotAssumed::Call(error)) | NotDone::Call(error) => match error {
                CallError::Denied(denial) => DetectorLeft::Refused(denial.quoted),
                CallError::Refused(refusal @ (Refusal::DetectorGone | Refusal::Internal(_))) => {
                    return Self::from_member_call(CallError::Refused(refusal));
                }
                CallError::Token(quoted) => DetectorLeft::Refused(quoted),
                CallError::Refused(refusal) => DetectorLeft::Refused(refusal.to_string()),
                other @ (CallError::Transient(_)
                | CallError::Expired
                | CallError::Interrupted
                | CallError::NoEndpoint
                | CallError::RegionOff(_)) => {
                    return Self::from_member_call(other);
                }
            },
            other => DetectorLeft::Refused(format!("{other:?}")),
        };
        Self::Failed(Reason::DetectorLeft(left))
    }

    fn from_refusal(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Internal(quoted) => unanswered(quoted),
            Refusal::Busy => unanswered("another call is changing protection plans there"),
            // A notice says it once for the Region.
            Refusal::AdministratorIsMember => Self::Failed(Reason::AdministratorRegion),
            refusal => Self::Failed(Reason::Refused(refusal)),
        }
    }
}

/// The Region's host name resolved when the run began, so this passes.
const NO_HOST: &str = "the host name did not resolve";

fn unanswered(quoted: impl Into<String>) -> Outcome {
    Outcome::Pending(Wait::Unanswered(quoted.into()))
}
