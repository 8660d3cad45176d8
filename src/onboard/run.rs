//! One run over a list: Regions are prepared once, then every chunk of accounts in every Region is settled on its own.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::join_all;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::chunk;
use super::ground::{self, Prepared};
use crate::account::{Account, Region};
use crate::aws::{Aws, Home, Sessions};
use crate::config::Config;
use crate::outcome::{Outcome, Wait};
use crate::report::Membership;

/// The most accounts that a batch call takes (API model, `AccountIds`).
const CHUNK: usize = 50;

/// What a run starts from.
pub(super) struct Setting<'a> {
    pub(super) aws: &'a Aws,
    pub(super) config: &'a Config,
    pub(super) home: &'a Home,
    pub(super) deadline: Instant,
}

/// What a run came to.
pub(super) struct Finished {
    pub(super) notices: Vec<String>,
    pub(super) memberships: Vec<Membership>,
}

/// What all chunks of a run share.
pub(super) struct Shared {
    pub(super) config: Config,
    pub(super) home: Home,
    pub(super) deadline: Instant,
    pub(super) sessions: Sessions,
    /// Calls to member accounts.
    pub(super) in_flight: Arc<Semaphore>,
    notices: Mutex<BTreeSet<String>>,
}

impl Shared {
    fn new(setting: &Setting<'_>) -> Self {
        let Setting { aws, config, home, deadline } = *setting;
        let in_flight = Arc::new(Semaphore::new(config.max_concurrency));
        Self {
            sessions: Sessions::new(aws, config, home, Arc::clone(&in_flight)),
            config: config.clone(),
            home: home.clone(),
            deadline,
            in_flight,
            notices: Mutex::default(),
        }
    }

    /// Notes a sentence about the run or a whole Region, once.
    pub(super) fn notice(&self, sentence: String) {
        self.notices.lock().unwrap_or_else(PoisonError::into_inner).insert(sentence);
    }

    fn notices(&self) -> Vec<String> {
        self.notices.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

/// Makes every account a member in every Region.
pub(super) async fn carry_out(setting: &Setting<'_>, regions: &[Region], accounts: &[Account]) -> Finished {
    let shared = Arc::new(Shared::new(setting));
    let prepared = join_all(regions.iter().map(|region| ground::establish(setting, &shared, region))).await;

    // Account by account rather than Region by Region: a session serves all Regions while it is fresh.
    let mut chunks = JoinSet::new();
    let mut memberships = Vec::with_capacity(accounts.len() * regions.len());
    for accounts in accounts.chunks(CHUNK) {
        for (region, prepared) in regions.iter().zip(&prepared) {
            match prepared {
                Prepared::Ready(ground) => {
                    chunks.spawn(chunk::settle(Arc::clone(&shared), Arc::clone(ground), accounts.to_vec()));
                }
                Prepared::Bare => {
                    memberships.extend(all(accounts, region, &Outcome::Pending(Wait::Detector)));
                }
                Prepared::Blocked(outcome) => memberships.extend(all(accounts, region, outcome)),
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
        let prepared = ground::look(setting, &shared, region).await;
        let mut memberships = Vec::new();
        for accounts in accounts.chunks(CHUNK) {
            memberships.extend(match &prepared {
                Prepared::Ready(ground) => chunk::foretell(ground, accounts).await,
                Prepared::Bare => chunk::foretell_new(accounts, region),
                Prepared::Blocked(outcome) => all(accounts, region, outcome),
            });
        }
        memberships
    };
    let memberships = join_all(regions.iter().map(in_region)).await.concat();
    finished(&shared, regions, memberships)
}

fn all(accounts: &[Account], region: &Region, outcome: &Outcome) -> Vec<Membership> {
    let ended = |account: &Account| Membership {
        account: account.clone(),
        region: region.clone(),
        status: None,
        outcome: outcome.clone(),
    };
    accounts.iter().map(ended).collect()
}

/// In the order of the list, then of the Regions.
fn finished(shared: &Shared, regions: &[Region], mut memberships: Vec<Membership>) -> Finished {
    let position: HashMap<&Region, usize> = regions.iter().enumerate().map(|(index, region)| (region, index)).collect();
    memberships.sort_by_key(|membership| (membership.account.line, position.get(&membership.region).copied()));
    Finished { notices: shared.notices(), memberships }
}
