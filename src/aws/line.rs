//! Lines in which calls wait for permits: whoever stands first waits for one, all others wait for their turn.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep_until};

/// So much of a pace may be made up for after a delay.
const CREDIT: Duration = Duration::from_millis(50);

/// One of several lines that share their permits. Each gets one in turn, however long it is: so calls to the same host
/// come evenly and find connections that are open, and what waits long in one line holds up no other.
#[derive(Debug)]
pub(crate) struct Line {
    permits: Arc<Semaphore>,
    interval: Duration,
    /// The first one holds it; when the next call may begin.
    first: Mutex<Instant>,
}

impl Line {
    /// A line for `permits`.
    pub(crate) fn new(permits: Arc<Semaphore>) -> Self {
        Self::paced(permits, Duration::ZERO)
    }

    /// A line in which one call begins every `interval`.
    pub(crate) fn paced(permits: Arc<Semaphore>, interval: Duration) -> Self {
        Self { permits, interval, first: Mutex::new(Instant::now()) }
    }

    /// Waits in line for a permit: none only if the semaphore is closed, which it never is.
    pub(crate) async fn permit(&self) -> Option<SemaphorePermit<'_>> {
        let mut next = self.first.lock().await;
        if !self.interval.is_zero() {
            let slot = (*next).max(Instant::now() - CREDIT);
            sleep_until(slot).await;
            *next = slot + self.interval;
        }
        self.permits.acquire().await.ok()
    }
}
