//! Notices, as data: what a run says that is not about one membership.

use crate::account::{AccountId, Region};
use crate::declared::Brake;
use crate::membership::{CallError, Denial};
use crate::roster::{self, ListError};

/// A remark on a run, a list or a whole Region. [`super::words`] has its sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// The list as a whole is not used.
    Refused(Refused),
    /// The list is used nevertheless.
    List(roster::Notice),
    /// A newer version of the list is refused, so this one is carried out.
    GoesOn { version: String, why: Refused },
    /// GuardDuty was off in the administrator account and is now on.
    DetectorCreated(Region),
    /// GuardDuty was suspended in the administrator account and is now on.
    DetectorEnabled(Region),
    /// In a dry run: GuardDuty is off in the administrator account.
    DetectorMissing(Region),
    /// In a dry run: GuardDuty is suspended in the administrator account.
    DetectorSuspended(Region),
    /// The administrator cannot act in the Region.
    Blocked { region: Region, why: Blocked },
    /// Others have invited the account, too.
    Strangers { region: Region, account: AccountId, inviters: Vec<AccountId> },
    /// Others have invited `accounts` accounts, of which only `named` have a notice of their own.
    ManyStrangers { region: Region, accounts: usize, named: usize },
    /// What would stop this list if it were not a dry run.
    Brake(Brake),
    /// In some accounts the role may not tag detectors, so they were created without the tag.
    NotTagged,
    /// Members joined through an organization, `accounts` of them if they were counted.
    ByOrganization { region: Region, accounts: Option<usize> },
    /// GuardDuty will soon take no more members.
    NearQuota { region: Region, members: usize, quota: usize },
    /// The administrator is itself a member, of that account if it is known.
    AdministratorIsMember { region: Region, administrator: Option<AccountId> },
    /// The Region lacks declared protection plans.
    PlansMissing { region: Region, plans: String },
    /// The administrator's own detector was changed, or would be.
    OwnPlans { region: Region, changes: String, planned: bool },
    /// GuardDuty did not let the administrator's own detector be changed. Quotes why.
    OwnPlansRefused { region: Region, changes: String, quoted: String },
    /// A reconcile could not use a list, so it is not known what is declared. Quotes the key, and says why.
    ListNotUsed { key: String, why: Refused },
    /// So nothing was healed.
    NotHealed,
    /// The report's name was longer than S3 allows.
    NameCut,
    /// The report could not be written, so the answer carries it. Quotes why.
    NotWritten(String),
}

/// Why a list or a request is refused whole. Nothing is touched, and trying again would not help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    List(ListError),
    /// The object or its bucket no longer exists.
    Gone,
    /// S3 does not let us read it. Quotes why.
    Unreadable(String),
    /// S3 will never accept the request for it. Quotes why.
    NotGiven(String),
    /// Its key begins with none of the prefixes that declare something.
    Prefix,
    /// It may not let its accounts go.
    Brake(Brake),
}

impl From<ListError> for Refused {
    fn from(error: ListError) -> Self {
        Self::List(error)
    }
}

/// Why the administrator cannot act in a Region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Blocked {
    /// The Region is not enabled in its account.
    RegionOff,
    NoEndpoint,
    /// A policy of an organization denies the Region.
    Organization(Denial),
    /// The function's role lacks a permission.
    Denied(Denial),
    Call(CallError),
}

impl Blocked {
    /// Reads the error of a call that looked for the administrator's detector, or was to enable it.
    #[must_use]
    pub fn from_call(error: CallError) -> Self {
        use crate::membership::DeniedBy;
        match error {
            CallError::RegionOff(_) => Self::RegionOff,
            CallError::NoEndpoint => Self::NoEndpoint,
            // The Region is denied to everybody; the function's role lacks nothing.
            CallError::Denied(denial) if denial.by == DeniedBy::Organization => Self::Organization(denial),
            CallError::Denied(denial) => Self::Denied(denial),
            other => Self::Call(other),
        }
    }
}
