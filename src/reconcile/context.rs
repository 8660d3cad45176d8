//! What all parts of a run share: settings, sessions, bounds on calls and memory, the deadline, and the ledger.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};

use super::ledger::Ledger;
use super::stop::Stop;
use crate::account::Region;
use crate::aws::{AdministratorClient, Aws, Identity, Sessions};
use crate::config::Config;
use crate::outcome::Wait;
use crate::roster::Roster;
use crate::run::{NotCurrent, Origin, Run};

/// How long a call into a member takes, estimated.
const CALL: Duration = Duration::from_millis(100);

/// The most memberships that are worked on at a time. Each takes about two kilobytes until it is settled, so this
/// bounds the memory, whatever the list. If GuardDuty verifies e-mails within a quarter of a minute, 512 calls in
/// flight of 50 ms keep this many busy. If it takes longer, large lists wait for their turn.
const LIVE: usize = 45_000;

/// Finds out whether a list is still the current one.
pub type StillCurrent = Box<dyn Fn() -> BoxFuture<'static, Result<(), NotCurrent>> + Send + Sync>;

pub struct Context {
    pub(super) aws: Aws,
    pub(super) config: Config,
    pub(super) identity: Identity,
    pub(super) regions: Vec<Region>,
    /// What is not settled by then is pending.
    pub(super) deadline: Instant,
    pub(super) sessions: Sessions,
    /// Bounds calls to member accounts.
    pub(super) in_flight: Arc<Semaphore>,
    /// The time between two turns of a lane while all lanes are long, estimated.
    pub(super) turn: Duration,
    live: Arc<Semaphore>,
    pub(super) origin: Origin,
    /// Asked once, right before the first write that lets an account go. `None`: nothing can replace what was asked.
    still_current: Option<StillCurrent>,
    may_let_go: OnceCell<Result<(), NotCurrent>>,
    pub(super) stop: Stop,
    pub(super) ledger: Arc<Ledger>,
}

impl Context {
    #[must_use]
    pub fn new(
        aws: &Aws,
        config: &Config,
        identity: &Identity,
        regions: Vec<Region>,
        origin: Origin,
        deadline: Instant,
    ) -> Self {
        let in_flight = Arc::new(Semaphore::new(config.max_concurrency));
        // Each Region has two, and AssumeRole has one. While all of them are long they take turns, and `permits` calls
        // run side by side: so a lane's next turn comes after `lanes / permits` calls.
        let lanes = u32::try_from(2 * regions.len() + 1).unwrap_or(u32::MAX);
        let permits = u32::try_from(config.max_concurrency).unwrap_or(u32::MAX).max(1);
        let (administrator, now) = (identity.administrator, origin.started_at);
        let run = Run::new(origin.clone(), administrator, regions.clone(), now, Roster::default(), Vec::new());
        Self {
            sessions: Sessions::new(aws, config, identity, Arc::clone(&in_flight)),
            aws: aws.clone(),
            config: config.clone(),
            identity: identity.clone(),
            regions,
            deadline,
            in_flight,
            turn: CALL.saturating_mul(lanes) / permits,
            live: Arc::new(Semaphore::new(LIVE)),
            origin,
            still_current: None,
            may_let_go: OnceCell::new(),
            stop: Stop::default(),
            ledger: Arc::new(Ledger::new(run)),
        }
    }

    /// The same, for a list that may be replaced while the run is under way.
    #[must_use]
    pub fn while_current(self, still_current: Option<StillCurrent>) -> Self {
        Self { still_current, ..self }
    }

    /// The same, for a run that may be stopped from outside.
    #[must_use]
    pub fn until(self, stop: Stop) -> Self {
        stop.closes(&self.in_flight);
        stop.closes(&self.live);
        Self { stop, ..self }
    }

    /// The administrator's calls in a Region. After the stop none begins.
    pub(super) fn administrator(&self, region: &Region) -> AdministratorClient {
        let in_flight = Arc::new(Semaphore::new(AdministratorClient::IN_FLIGHT));
        self.stop.closes(&in_flight);
        AdministratorClient::new(&self.aws, &self.config, region, in_flight)
    }

    /// Whether accounts may still be let go. Asked right before the first is; the answer holds for the whole run, unless
    /// that is stopped.
    pub(super) async fn may_let_go(&self) -> bool {
        let is_current = match &self.still_current {
            Some(still_current) => self.may_let_go.get_or_init(still_current).await.is_ok(),
            None => true,
        };
        is_current && !self.stop.has_come()
    }

    /// Whether accounts were to be let go, but must not be any more.
    pub(super) fn not_current(&self) -> Option<NotCurrent> {
        self.may_let_go.get()?.clone().err()
    }

    /// What the run has found and done so far.
    #[must_use]
    pub fn ledger(&self) -> Arc<Ledger> {
        Arc::clone(&self.ledger)
    }

    /// The result of `work`, unless time runs out first. After the stop there is little time left.
    pub(super) async fn in_time<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        // A timeout polls its work at least once, which would begin a call after the deadline.
        if Instant::now() >= self.deadline {
            return None;
        }
        tokio::select! {
            biased;
            result = timeout_at(self.deadline, work) => result.ok(),
            () = self.stop.is_over() => None,
        }
    }

    /// Why something is left that is not settled and waits for nothing else.
    pub(super) fn cut_off(&self) -> Wait {
        if self.stop.has_come() { Wait::Interrupted } else { Wait::Time }
    }

    /// Permission to work on this many more memberships, once enough others are settled. `None` if time runs out or the
    /// run is stopped first.
    pub(super) async fn live(&self, memberships: usize) -> Option<OwnedSemaphorePermit> {
        let permits = u32::try_from(memberships).unwrap_or(u32::MAX);
        self.in_time(Arc::clone(&self.live).acquire_many_owned(permits)).await?.ok()
    }
}
