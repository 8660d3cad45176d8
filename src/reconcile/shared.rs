//! What all parts of a run share: settings, sessions, the bound on calls, the deadline, and the notices they leave.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};

use crate::account::{AccountId, Region};
use crate::aws::{Aws, Identity, Sessions};
use crate::config::Config;

/// What a call into a member may take.
const CALL: Duration = Duration::from_millis(100);

/// The most memberships that are worked on at a time. Each takes about two kilobytes until it is settled, so this bounds the
/// memory, whatever the list. It is as many as 512 calls in flight of 50 ms keep busy where GuardDuty verifies for a quarter
/// of a minute; where it takes longer, large lists wait for their turn.
const LIVE: usize = 50_000;

/// What all chunks of a run share.
pub(crate) struct Shared {
    pub(crate) aws: Aws,
    pub(crate) config: Config,
    pub(crate) identity: Identity,
    pub(crate) deadline: Instant,
    pub(crate) sessions: Sessions,
    /// Calls to member accounts.
    pub(crate) in_flight: Arc<Semaphore>,
    /// The time between two turns of a line while all of them are long, estimated.
    pub(crate) turn: Duration,
    live: Arc<Semaphore>,
    notices: Mutex<BTreeSet<String>>,
    /// By Region, the accounts that others have invited, too.
    invited_by_others: Mutex<BTreeMap<Region, BTreeSet<AccountId>>>,
}

/// Anybody can invite any account, and may do so a thousand times to fill a report. So many accounts of a Region have a
/// notice of their own, in which so many inviters are named.
const STRANGERS_NOTED: usize = 3;

impl Shared {
    pub(crate) fn new(aws: &Aws, config: &Config, identity: &Identity, regions: usize, deadline: Instant) -> Self {
        let in_flight = Arc::new(Semaphore::new(config.max_concurrency));
        // Of each Region two, and AssumeRole's.
        let lines = u32::try_from(2 * regions + 1).unwrap_or(u32::MAX);
        let permits = u32::try_from(config.max_concurrency).unwrap_or(u32::MAX).max(1);
        Self {
            sessions: Sessions::new(aws, config, identity, Arc::clone(&in_flight)),
            aws: aws.clone(),
            config: config.clone(),
            identity: identity.clone(),
            deadline,
            in_flight,
            turn: CALL.saturating_mul(lines) / permits,
            live: Arc::new(Semaphore::new(LIVE)),
            notices: Mutex::default(),
            invited_by_others: Mutex::default(),
        }
    }

    /// What comes of `work`, unless time runs out first; nothing begins after that.
    pub(crate) async fn in_time<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        if Instant::now() >= self.deadline {
            return None;
        }
        timeout_at(self.deadline, work).await.ok()
    }

    /// The right to work on so many memberships more, as soon as others are settled; none if time runs out first.
    pub(crate) async fn live(&self, memberships: usize) -> Option<OwnedSemaphorePermit> {
        let permits = u32::try_from(memberships).unwrap_or(u32::MAX);
        self.in_time(Arc::clone(&self.live).acquire_many_owned(permits)).await?.ok()
    }

    /// Notes a sentence about the run or a whole Region, once.
    pub(crate) fn notice(&self, sentence: String) {
        self.notices.lock().unwrap_or_else(PoisonError::into_inner).insert(sentence);
    }

    /// Notes who else has invited `account`: a sentence for each of the first accounts of a Region, the others are counted.
    pub(crate) fn notice_strangers(&self, region: &Region, account: AccountId, strangers: &[AccountId]) {
        let mut by_region = self.invited_by_others.lock().unwrap_or_else(PoisonError::into_inner);
        let accounts = by_region.entry(region.clone()).or_default();
        if accounts.insert(account) && accounts.len() <= STRANGERS_NOTED {
            self.notice(strangers_sentence(region, account, strangers));
        }
    }

    pub(crate) fn notices(&self) -> Vec<String> {
        let mut notices = self.notices.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for (region, accounts) in self.invited_by_others.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            if accounts.len() > STRANGERS_NOTED {
                notices.insert(format!(
                    "in {region}, {} accounts have invitations that are not this administrator's, of which {STRANGERS_NOTED} \
                     are named here; they were left alone",
                    accounts.len()
                ));
            }
        }
        notices.into_iter().collect()
    }
}

fn strangers_sentence(region: &Region, account: AccountId, strangers: &[AccountId]) -> String {
    if let [stranger] = strangers {
        return format!(
            "account {account} also has an invitation from {stranger} in {region}, which is not this administrator; it was left alone"
        );
    }
    let mut named: Vec<String> = strangers.iter().take(STRANGERS_NOTED).map(ToString::to_string).collect();
    if strangers.len() > named.len() {
        named.push(format!("{} others", strangers.len() - named.len()));
    }
    let last = named.pop().unwrap_or_default();
    format!(
        "account {account} also has invitations from {} and {last} in {region}, none of which is this administrator; they were left alone",
        named.join(", ")
    )
}
