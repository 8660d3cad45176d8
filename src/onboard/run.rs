//! One run over a list: Regions are prepared once, then every chunk of accounts in every Region is settled on its own.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::future::join_all;
use tokio::task::JoinSet;
use tokio::time::timeout_at;

use super::chunk;
use super::foretell;
use super::ground::{self, Foretold};
use super::shared::{Setting, Shared};
use crate::account::{Account, AccountId, Region};
use crate::outcome::{Outcome, Wait};
use crate::report::Membership;

/// The most accounts that a batch call takes (API model, `AccountIds`).
const CHUNK: usize = 50;

/// What a run came to.
pub(super) struct Finished {
    pub(super) notices: Vec<String>,
    pub(super) memberships: Vec<Membership>,
}

/// Makes every account a member in every Region.
pub(super) async fn carry_out(setting: &Setting<'_>, regions: &[Region], accounts: &[Account]) -> Finished {
    let shared = Arc::new(Shared::new(setting));
    let establish = async |region| in_time(setting, ground::establish(setting, &shared, region)).await;
    let prepared: Vec<_> = join_all(regions.iter().map(establish)).await;
    let out_of_time = Err(Outcome::Pending(Wait::Time));

    // Account by account rather than Region by Region: a session serves all Regions while it is fresh.
    let mut chunks = JoinSet::new();
    let mut memberships = Vec::with_capacity(accounts.len() * regions.len());
    for accounts in accounts.chunks(CHUNK) {
        for (region, prepared) in regions.iter().zip(&prepared) {
            match prepared.as_ref().unwrap_or(&out_of_time) {
                Ok(ground) => {
                    chunks.spawn(chunk::settle(Arc::clone(&shared), Arc::clone(ground), accounts.to_vec()));
                }
                Err(outcome) => memberships.extend(all(accounts, region, outcome)),
            }
        }
    }
    while let Some(chunk) = chunks.join_next().await {
        match chunk {
            Ok(settled) => memberships.extend(settled),
            // A panic is a bug of ours: let it reach Lambda's error report.
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
    finished(&shared, regions, memberships)
}

/// Says what `carry_out` would do; changes nothing and assumes no role.
pub(super) async fn foretell(setting: &Setting<'_>, regions: &[Region], accounts: &[Account]) -> Finished {
    let shared = Shared::new(setting);
    let in_region = async |region: &Region| {
        let found = in_time(setting, ground::look(setting, &shared, region)).await;
        let mut memberships = Vec::new();
        for accounts in accounts.chunks(CHUNK) {
            let foretold = match &found {
                Some(Foretold::Ready(ground)) => in_time(setting, foretell::foretell(ground, accounts)).await,
                Some(Foretold::Bare) => Some(foretell::foretell_new(accounts, region)),
                Some(Foretold::Blocked(outcome)) => Some(all(accounts, region, outcome)),
                None => None,
            };
            memberships.extend(foretold.unwrap_or_else(|| all(accounts, region, &Outcome::Pending(Wait::Time))));
        }
        memberships
    };
    let memberships = join_all(regions.iter().map(in_region)).await.concat();
    finished(&shared, regions, memberships)
}

/// What comes of `work`, unless time runs out first.
async fn in_time<T>(setting: &Setting<'_>, work: impl Future<Output = T>) -> Option<T> {
    timeout_at(setting.deadline, work).await.ok()
}

/// The same outcome for one account in all Regions.
pub(super) fn decided(account: AccountId, regions: &[Region], outcome: &Outcome) -> Finished {
    let in_region = |region: &Region| Membership {
        account,
        line: None,
        region: region.clone(),
        status: None,
        outcome: outcome.clone(),
    };
    Finished { notices: Vec::new(), memberships: regions.iter().map(in_region).collect() }
}

fn all(accounts: &[Account], region: &Region, outcome: &Outcome) -> Vec<Membership> {
    accounts.iter().map(|account| Membership::new(account, region, None, outcome.clone())).collect()
}

/// In the order of the list, then of the Regions.
fn finished(shared: &Shared, regions: &[Region], mut memberships: Vec<Membership>) -> Finished {
    let position: HashMap<&Region, usize> = regions.iter().enumerate().map(|(index, region)| (region, index)).collect();
    memberships.sort_by_key(|membership| (membership.line, position.get(&membership.region).copied()));
    Finished { notices: shared.notices(), memberships }
}
