//! One run over a list: every Region is settled on its own.

mod chunk;
mod foretell;
mod ground;
mod member;
mod region;
mod shared;

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::future::join_all;
use tokio::task::JoinSet;
use tracing::Instrument as _;

use self::ground::Foretold;
use self::region::{CHUNK, all};
use crate::account::{Account, AccountId, Region};
use crate::outcome::{Outcome, Wait};
use crate::run::Membership;

pub(crate) use self::shared::Shared;

/// What a run came to.
pub(crate) struct Finished {
    pub(crate) notices: Vec<String>,
    pub(crate) memberships: Vec<Membership>,
}

/// Makes every account a member in every Region.
pub(crate) async fn carry_out(shared: Shared, regions: &[Region], accounts: &[Account]) -> Finished {
    let (shared, accounts) = (Arc::new(shared), Arc::from(accounts));
    // Side by side and in the list's order: a session serves all Regions while it is fresh.
    let mut settled = JoinSet::new();
    for region in regions {
        let settle = region::settle(Arc::clone(&shared), region.clone(), Arc::clone(&accounts));
        settled.spawn(settle.in_current_span());
    }
    finished(&shared, regions, region::joined(settled).await)
}

/// Says what `carry_out` would do; changes nothing and assumes no role.
pub(crate) async fn foretell(shared: &Shared, regions: &[Region], accounts: &[Account]) -> Finished {
    let in_region = async |region: &Region| {
        let found = shared.in_time(ground::look(shared, region)).await;
        let mut memberships = Vec::new();
        for accounts in accounts.chunks(CHUNK) {
            let foretold = match &found {
                Some(Foretold::Ready(ground)) => shared.in_time(foretell::foretell(ground, accounts)).await,
                Some(Foretold::Bare) => Some(foretell::foretell_new(accounts, region)),
                Some(Foretold::Blocked(outcome)) => Some(all(accounts, region, outcome)),
                None => None,
            };
            memberships.extend(foretold.unwrap_or_else(|| all(accounts, region, &Outcome::Pending(Wait::Time))));
        }
        memberships
    };
    let memberships = join_all(regions.iter().map(in_region)).await.concat();
    finished(shared, regions, memberships)
}

/// The same outcome for one account in all Regions.
pub(crate) fn decided(account: AccountId, regions: &[Region], outcome: &Outcome) -> Finished {
    let in_region = |region: &Region| Membership {
        account,
        line: None,
        region: region.clone(),
        status: None,
        outcome: outcome.clone(),
    };
    Finished { notices: Vec::new(), memberships: regions.iter().map(in_region).collect() }
}

/// In the order of the list, then of the Regions.
fn finished(shared: &Shared, regions: &[Region], mut memberships: Vec<Membership>) -> Finished {
    let position: HashMap<&Region, usize> = regions.iter().enumerate().map(|(index, region)| (region, index)).collect();
    memberships.sort_by_cached_key(|membership| (membership.line, position.get(&membership.region).copied()));
    Finished { notices: shared.notices(), memberships }
}
