//! The notices of a run, each once and not too many: anybody can invite any account, and may do so a thousand times to
//! flood a report.

use std::collections::{BTreeMap, BTreeSet};

use crate::account::{AccountId, Region};
use crate::outcome::Notice;

/// How many accounts of a Region have a notice of their own because others have invited them, too.
const STRANGERS_NOTED: usize = 3;

#[derive(Debug, Default)]
pub(super) struct Notices {
    noted: Vec<Notice>,
    /// Accounts that others have invited, too.
    invited_by_others: BTreeMap<Region, BTreeSet<AccountId>>,
}

impl Notices {
    pub(super) fn add(&mut self, notice: Notice) {
        if let Notice::Strangers { region, account, .. } = &notice {
            // Each is noted down, also those without a notice of their own: their number is in the last notice.
            let accounts = self.invited_by_others.entry(region.clone()).or_default();
            if !accounts.insert(*account) || accounts.len() > STRANGERS_NOTED {
                return;
            }
        }
        // A reconcile has counted them.
        let counted = |noted: &Notice| match (noted, &notice) {
            (Notice::ByOrganization { region, .. }, Notice::ByOrganization { region: here, .. }) => region == here,
            _ => false,
        };
        if !self.noted.contains(&notice) && !self.noted.iter().any(counted) {
            self.noted.push(notice);
        }
    }

    /// All of them, sorted by their sentences.
    pub(super) fn sorted(&self) -> Vec<Notice> {
        let many = self.invited_by_others.iter().filter(|(_, accounts)| accounts.len() > STRANGERS_NOTED);
        let many = many.map(|(region, accounts)| Notice::ManyStrangers {
            region: region.clone(),
            accounts: accounts.len(),
            named: STRANGERS_NOTED,
        });
        let mut all: Vec<Notice> = self.noted.iter().cloned().chain(many).collect();
        all.sort_by_cached_key(ToString::to_string);
        all
    }
}
