//! The organization: its accounts, those outside it, and its management account.

use std::collections::{BTreeMap, HashSet};
use std::time::SystemTime;

use crate::iam::keys::ADMINISTRATOR;

pub(crate) const ORGANIZATION: &str = "o-exampleorgid";

/// The one organization of a world.
#[derive(Debug, Default)]
pub(crate) struct Organization {
    /// The accounts that a story has named. Any other account is found, too, but not listed.
    pub accounts: BTreeMap<String, OrganizationAccount>,
    pub outside: HashSet<String>,
    /// The management account, if a story has named it. Otherwise it is the administrator, and any account may ask
    /// anything.
    pub named_management: Option<String>,
    /// `ALL`, `NEW` or `NONE`, if the administrator is GuardDuty's delegated administrator.
    pub auto_enable: Option<String>,
}

/// An account of the organization.
#[derive(Debug, Clone)]
pub(crate) struct OrganizationAccount {
    pub email: String,
    pub state: String,
    pub joined: SystemTime,
}

impl Organization {
    /// Whether a story has put the account into the organization.
    pub(crate) fn lists(&self, account: &str) -> bool {
        self.accounts.contains_key(account) && !self.outside.contains(account)
    }

    pub(crate) fn management(&self) -> &str {
        self.named_management.as_deref().unwrap_or(ADMINISTRATOR)
    }
}
