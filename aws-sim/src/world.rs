//! The world that requests change: a cheap handle on its state and its clock.

mod accounts;
mod guardduty;
mod objects;
mod pipeline;
mod roles;
mod topics;

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use crate::state::State;
use crate::state::ledger::Call;
use crate::state::tally::{Count, Tally};
use crate::trouble::fault::Fault;
use crate::trouble::knobs::Knobs;
use crate::trouble::storm::{Storm, StormState};
use crate::wire::reply::Reply;
use crate::wire::request::Request;

/// All of AWS, as far as it is simulated. Clones are handles on the same world.
#[derive(Clone)]
pub struct World(Arc<Inner>);

struct Inner {
    now: Box<dyn Fn() -> SystemTime + Send + Sync>,
    state: Mutex<State>,
    connections: AtomicU64,
}

impl World {
    /// A new world whose only clock is `now`.
    pub fn new(now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        let state = Mutex::new(State::default());
        Self(Arc::new(Inner { now: Box::new(now), state, connections: AtomicU64::new(0) }))
    }

    /// Answers one request without waiting: the reply says how long the answer takes.
    #[must_use]
    pub fn handle(&self, request: &Request) -> Reply {
        let now = self.now();
        pipeline::handle(&mut self.state(), request, now)
    }

    /// Changes the settings of the whole world.
    pub fn set(&self, change: impl FnOnce(&mut Knobs)) {
        change(&mut self.state().knobs);
    }

    /// Adds a fault. If several faults hit a call, the one that was added first counts.
    pub fn fault(&self, fault: Fault) {
        self.state().faults.push(fault);
    }

    /// Starts random faults for every call that no added fault hits. It replaces an earlier storm.
    pub fn storm(&self, storm: Storm) {
        self.state().storm = Some(StormState::new(storm));
    }

    /// Removes all faults, including storms.
    pub fn clear_faults(&self) {
        let mut state = self.state();
        state.faults.clear();
        state.storm = None;
    }

    /// Every call so far, in the order of arrival.
    #[must_use]
    pub fn ledger(&self) -> Vec<Call> {
        self.state().ledger.clone()
    }

    /// The calls since the ledger was last taken or cleared, in the order of arrival.
    #[must_use]
    pub fn take_ledger(&self) -> Vec<Call> {
        std::mem::take(&mut self.state().ledger)
    }

    /// How many calls there were of each kind, sorted by Region and operation. Calls are counted even without a ledger.
    #[must_use]
    pub fn counts(&self) -> Vec<Count> {
        self.state().tally.counts()
    }

    /// How many TCP connections have been opened so far. A client that keeps them open needs few for many calls.
    #[must_use]
    pub fn connections(&self) -> u64 {
        self.0.connections.load(Ordering::Relaxed)
    }

    /// Forgets all calls so far.
    pub fn clear_ledger(&self) {
        let mut state = self.state();
        state.ledger.clear();
        state.tally = Tally::default();
    }

    pub(crate) fn connected(&self) {
        self.0.connections.fetch_add(1, Ordering::Relaxed);
    }

    fn now(&self) -> SystemTime {
        (self.0.now)()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for World {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("World").finish_non_exhaustive()
    }
}
