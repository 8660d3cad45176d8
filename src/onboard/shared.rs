//! What all parts of a run share: settings, sessions, the bound on calls, the deadline, and the notices they leave.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};

use crate::aws::{Aws, Home, Sessions};
use crate::config::Config;

/// What a call into a member may take.
const CALL: Duration = Duration::from_millis(100);

/// The most memberships that are worked on at a time: GuardDuty's quota of 5,000 members in each of the 17 Regions that
/// every account has. Each takes about two kilobytes until it is settled, so this bounds the memory, whatever the list.
const LIVE: usize = 85_000;

/// So many notices are kept. Strangers can cause one for each membership, and must not make the report grow without bound.
const NOTICES: usize = 1_000;

/// Notices, each once.
#[derive(Debug, Default)]
struct Notices {
    kept: BTreeSet<String>,
    left_out: usize,
}

/// What all chunks of a run share.
pub(super) struct Shared {
    pub(super) aws: Aws,
    pub(super) config: Config,
    pub(super) home: Home,
    pub(super) deadline: Instant,
    pub(super) sessions: Sessions,
    /// Calls to member accounts.
    pub(super) in_flight: Arc<Semaphore>,
    /// The time between two turns of a line while all of them are long, estimated.
    pub(super) turn: Duration,
    live: Arc<Semaphore>,
    notices: Mutex<Notices>,
}

impl Shared {
    pub(super) fn new(aws: &Aws, config: &Config, home: &Home, regions: usize, deadline: Instant) -> Self {
        let in_flight = Arc::new(Semaphore::new(config.max_concurrency));
        // Of each Region two, and AssumeRole's.
        let lines = u32::try_from(2 * regions + 1).unwrap_or(u32::MAX);
        let permits = u32::try_from(config.max_concurrency).unwrap_or(u32::MAX).max(1);
        Self {
            sessions: Sessions::new(aws, config, home, Arc::clone(&in_flight)),
            aws: aws.clone(),
            config: config.clone(),
            home: home.clone(),
            deadline,
            in_flight,
            turn: CALL.saturating_mul(lines) / permits,
            live: Arc::new(Semaphore::new(LIVE)),
            notices: Mutex::default(),
        }
    }

    /// What comes of `work`, unless time runs out first; nothing begins after that.
    pub(super) async fn in_time<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        if Instant::now() >= self.deadline {
            return None;
        }
        timeout_at(self.deadline, work).await.ok()
    }

    /// The right to work on so many memberships more, as soon as others are settled; none if time runs out first.
    pub(super) async fn live(&self, memberships: usize) -> Option<OwnedSemaphorePermit> {
        let permits = u32::try_from(memberships).unwrap_or(u32::MAX);
        self.in_time(Arc::clone(&self.live).acquire_many_owned(permits)).await?.ok()
    }

    /// Notes a sentence about the run or a whole Region, once.
    pub(super) fn notice(&self, sentence: String) {
        let mut notices = self.notices.lock().unwrap_or_else(PoisonError::into_inner);
        if notices.kept.len() < NOTICES {
            notices.kept.insert(sentence);
        } else if !notices.kept.contains(&sentence) {
            notices.left_out += 1;
        }
    }

    pub(super) fn notices(&self) -> Vec<String> {
        let notices = self.notices.lock().unwrap_or_else(PoisonError::into_inner);
        let left_out = (notices.left_out > 0).then(|| format!("{} more notices are left out", notices.left_out));
        notices.kept.iter().cloned().chain(left_out).collect()
    }
}
