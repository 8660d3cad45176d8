//! A signal from outside that ends runs early, such as Ctrl-C at a command line.

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::{Semaphore, watch};
use tokio::time::{Instant, sleep_until};

/// How long calls that are under way may take after the stop. Each has a time-out of its own that is no longer.
const GRACE: Duration = Duration::from_secs(30);

/// Ends runs early: no call begins after [`Stop::now`], and those that are under way have 30 seconds. Clones are the
/// same signal. It cannot be taken back.
///
/// All calls begin with a permit of a semaphore. The stop closes these, so everybody who waits for one gives up, and
/// waiting for the stop costs nothing where thousands wait.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<Signal>);

#[derive(Debug, Default)]
struct Signal {
    since: watch::Sender<Option<Instant>>,
    /// Those that the stop closes, of all runs that it may end.
    permits: Mutex<Vec<Weak<Semaphore>>>,
}

impl Stop {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends the runs. Any but the first call does nothing.
    pub fn now(&self) {
        let mut permits = self.0.permits.lock().unwrap_or_else(PoisonError::into_inner);
        // Set before the permits close: a call that gets none looks here for the reason.
        self.0.since.send_if_modified(|since| {
            let is_first = since.is_none();
            since.get_or_insert_with(Instant::now);
            is_first
        });
        permits.drain(..).filter_map(|permits| permits.upgrade()).for_each(|permits| permits.close());
    }

    /// Gives no more of these permits after the stop.
    pub(super) fn closes(&self, these: &Arc<Semaphore>) {
        let mut permits = self.0.permits.lock().unwrap_or_else(PoisonError::into_inner);
        if self.has_come() {
            these.close();
        } else {
            permits.retain(|permits| permits.strong_count() > 0);
            permits.push(Arc::downgrade(these));
        }
    }

    #[must_use]
    pub fn has_come(&self) -> bool {
        self.0.since.borrow().is_some()
    }

    /// Waits for the stop, and says since when it is there.
    pub async fn comes(&self) -> Instant {
        let mut since = self.0.since.subscribe();
        loop {
            if let Some(since) = *since.borrow_and_update() {
                return since;
            }
            // The sender lives as long as this handle.
            if since.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }

    /// Waits until the time of those that are under way is over, too.
    pub(super) async fn is_over(&self) {
        sleep_until(self.comes().await + GRACE).await;
    }
}
