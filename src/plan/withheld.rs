//! What a reconcile does not do, although a list declares it.

use crate::declared::{Declared, Goal};
use crate::membership::{Actual, Status};
use crate::outcome::Reason;

/// What a reconcile may do about accounts that are to be suspended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suspending {
    Allowed,
    Off,
    /// More than `most` accounts would be suspended at once.
    TooMany {
        accounts: usize,
        most: usize,
    },
}

/// Why a reconcile leaves a membership alone that is not as declared. It never removes anybody. `heal`: it would mend the
/// rest.
#[must_use]
pub fn withheld(declared: &Declared, actual: &Actual, heal: Option<Suspending>) -> Option<Reason> {
    match (declared.goal, actual.status()?, heal) {
        (Goal::Removed, Status::Deleted, _) => None,
        (Goal::Removed, _, _) => Some(Reason::StillMember),
        (Goal::Monitored, Status::Resigned, Some(_)) => Some(Reason::LeftByItself),
        (Goal::Suspended, Status::Enabled, Some(Suspending::Off)) => Some(Reason::SuspendingIsOff),
        (Goal::Suspended, Status::Enabled, Some(Suspending::TooMany { accounts, most })) => {
            Some(Reason::TooManyLeaving { accounts, most })
        }
        (Goal::Monitored | Goal::Suspended, _, _) => None,
    }
}
