//! Calls about relationships and protection plans, and their answers, free of HTTP.

use std::collections::{BTreeMap, BTreeSet};

/// An index into the harness's list of accounts.
pub type Account = usize;

/// The protection plans that are watched: the first three have an old name as a data source.
pub const PLANS: [&str; 4] = ["S3_DATA_EVENTS", "EKS_AUDIT_LOGS", "EBS_MALWARE_PROTECTION", "RUNTIME_MONITORING"];
pub const MALWARE: usize = 2;

/// What a request says about plans, by their index in [`PLANS`].
#[derive(Debug, Clone)]
pub enum Plans {
    Unnamed,
    Features(BTreeMap<usize, bool>),
    Sources(BTreeMap<usize, bool>),
    /// Features and data sources at once.
    Both,
    /// A plan that members do not have.
    Analyst,
    /// S3 protection with an additional configuration that does not exist.
    Strange,
}

#[derive(Debug, Clone)]
pub enum Call {
    CreateDetector(Account, bool, Plans),
    UpdateDetector { account: Account, enable: Option<bool>, frequency: bool, plans: Plans },
    DeleteDetector(Account),
    CreateMembers { administrator: Account, members: BTreeSet<Account>, right_email: bool },
    InviteMembers(Account, BTreeSet<Account>),
    Accept { member: Account, administrator: Account, right_invitation: bool },
    DisassociateMembers(Account, BTreeSet<Account>),
    DeleteMembers(Account, BTreeSet<Account>),
    StopMonitoringMembers(Account, BTreeSet<Account>),
    StartMonitoringMembers(Account, BTreeSet<Account>),
    UpdateMemberDetectors(Account, BTreeSet<Account>, Plans),
    Resign(Account),
    DeclineInvitations(Account, BTreeSet<Account>),
    DeleteInvitations(Account, BTreeSet<Account>),
}

/// How a call is answered.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    /// With status 200, and a reason for each account that is left out.
    Done(BTreeMap<Account, &'static str>),
    /// With status 400.
    Refused(&'static str),
}

impl Plans {
    /// The plans that a valid request names.
    pub fn named(&self) -> Result<BTreeMap<usize, bool>, &'static str> {
        match self {
            Self::Unnamed | Self::Analyst => Ok(BTreeMap::new()),
            Self::Features(named) | Self::Sources(named) => Ok(named.clone()),
            Self::Both => Err("both data sources and features"),
            Self::Strange => Err("invalid values"),
        }
    }
}

impl Call {
    /// The account that makes it.
    pub fn caller(&self) -> Account {
        match self {
            Self::CreateDetector(account, ..)
            | Self::UpdateDetector { account, .. }
            | Self::DeleteDetector(account)
            | Self::CreateMembers { administrator: account, .. }
            | Self::InviteMembers(account, _)
            | Self::Accept { member: account, .. }
            | Self::DisassociateMembers(account, _)
            | Self::DeleteMembers(account, _)
            | Self::StopMonitoringMembers(account, _)
            | Self::StartMonitoringMembers(account, _)
            | Self::UpdateMemberDetectors(account, ..)
            | Self::Resign(account)
            | Self::DeclineInvitations(account, _)
            | Self::DeleteInvitations(account, _) => *account,
        }
    }
}
