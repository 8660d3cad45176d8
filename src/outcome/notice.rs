//! What a run has to say that is not about one membership, as data.

use crate::account::{AccountId, Region};
use crate::membership::{CallError, Denial};
use crate::roster::{self, ListError};

/// One thing to say of a run, a list or a whole Region. Its sentence is in [`super::words`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// The list as a whole is not used.
    Refused(Refused),
    /// What there is to say of a list that is used all the same.
    List(roster::Notice),
    /// A newer version of the list is refused, so this one goes on.
    GoesOn { version: String, why: Refused },
    /// GuardDuty was off in the administrator account and is on now.
    DetectorCreated(Region),
    /// GuardDuty was suspended in the administrator account and is on now.
    DetectorEnabled(Region),
    /// A dry run: GuardDuty is off in the administrator account.
    DetectorMissing(Region),
    /// A dry run: GuardDuty is suspended in the administrator account.
    DetectorSuspended(Region),
    /// The administrator cannot act in the Region.
    Blocked { region: Region, why: Blocked },
    /// Others have invited the account, too.
    Strangers { region: Region, account: AccountId, inviters: Vec<AccountId> },
    /// Others have invited that many accounts, more than have a notice of their own.
    ManyStrangers { region: Region, accounts: usize, named: usize },
    /// The report's name was longer than S3 takes.
    NameCut,
    /// The report could not be written; the answer carries it. Quotes why.
    NotWritten(String),
}

/// Why a list or a request is refused whole. Nothing is touched, and trying again would not help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// It is no list, or too long a one.
    List(ListError),
    /// The object or its bucket is not there any more.
    Gone,
    /// S3 does not let us read it, quoting why.
    Unreadable(String),
    /// S3 does not take the request, whatever comes of it, quoting why.
    NotGiven(String),
}

impl From<ListError> for Refused {
    fn from(error: ListError) -> Self {
        Self::List(error)
    }
}

/// Why the administrator cannot act in a Region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Blocked {
    /// The Region is not enabled there.
    RegionOff,
    NoEndpoint,
    /// A policy of an organization denies the Region.
    Organization(Denial),
    /// The function's role lacks a permission.
    Denied(Denial),
    /// Anything else.
    Call(CallError),
}

impl Blocked {
    /// What it means that the administrator's detector in `region` cannot be found.
    #[must_use]
    pub fn from_call(error: CallError) -> Self {
        use crate::membership::DeniedBy;
        match error {
            CallError::RegionOff(_) => Self::RegionOff,
            CallError::NoEndpoint => Self::NoEndpoint,
            // A Region that is denied to everybody, not an action that the function's role lacks.
            CallError::Denied(denial) if denial.by == DeniedBy::Organization => Self::Organization(denial),
            CallError::Denied(denial) => Self::Denied(denial),
            other => Self::Call(other),
        }
    }
}
