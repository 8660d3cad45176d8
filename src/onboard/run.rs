//! One run over a list: every chunk of accounts in every Region is settled on its own; the first one of a Region prepares it.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::future::join_all;
use tokio::task::JoinSet;
use tokio::time::timeout_at;

use super::chunk;
use super::foretell;
use super::ground::{self, Foretold, Place};
use super::shared::Shared;
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
pub(super) async fn carry_out(shared: Shared, regions: &[Region], accounts: &[Account]) -> Finished {
    let shared = Arc::new(shared);
    let places: Vec<_> = regions.iter().cloned().map(Place::new).map(Arc::new).collect();

    // Account by account rather than Region by Region: a session serves all Regions while it is fresh.
    let mut chunks = JoinSet::new();
    let mut memberships = Vec::with_capacity(accounts.len() * regions.len());
    for accounts in accounts.chunks(CHUNK) {
        for place in &places {
            chunks.spawn(settle(Arc::clone(&shared), Arc::clone(place), accounts.to_vec()));
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

/// Makes up to 50 accounts members in one Region.
async fn settle(shared: Arc<Shared>, place: Arc<Place>, accounts: Vec<Account>) -> Vec<Membership> {
    match in_time(&shared, place.ground(&shared)).await.unwrap_or(Err(Outcome::Pending(Wait::Time))) {
        Ok(ground) => chunk::settle(shared, ground, accounts).await,
        Err(outcome) => all(&accounts, &place.region, &outcome),
    }
}

/// Says what `carry_out` would do; changes nothing and assumes no role.
pub(super) async fn foretell(shared: &Shared, regions: &[Region], accounts: &[Account]) -> Finished {
    let in_region = async |region: &Region| {
        let found = in_time(shared, ground::look(shared, region)).await;
        let mut memberships = Vec::new();
        for accounts in accounts.chunks(CHUNK) {
            let foretold = match &found {
                Some(Foretold::Ready(ground)) => in_time(shared, foretell::foretell(ground, accounts)).await,
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

/// What comes of `work`, unless time runs out first.
async fn in_time<T>(shared: &Shared, work: impl Future<Output = T>) -> Option<T> {
    timeout_at(shared.deadline, work).await.ok()
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
    memberships.sort_by_cached_key(|membership| (membership.line, position.get(&membership.region).copied()));
    Finished { notices: shared.notices(), memberships }
}
