//! Lines in which calls wait for permits: whoever stands first waits for one, all others wait for their turn.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep_until};

use super::pace::Pace;

/// So much of a pace may be made up for after a delay.
const CREDIT: Duration = Duration::from_millis(50);

/// One of several lines that share their permits. Each gets one in turn, however long it is: so calls to the same host
/// come evenly and find connections that are open, and what waits long in one line holds up no other.
#[derive(Debug)]
pub(crate) struct Lane {
    permits: Arc<Semaphore>,
    pace: Option<Pace>,
    /// The first one holds it; when the next call may begin.
    first: Mutex<Instant>,
}

impl Lane {
    /// A line for `permits`.
    pub(crate) fn new(permits: Arc<Semaphore>) -> Self {
        Self { permits, pace: None, first: Mutex::new(Instant::now()) }
    }

    /// A line in which calls begin at that pace.
    pub(super) fn paced(permits: Arc<Semaphore>, pace: Pace) -> Self {
        Self { pace: Some(pace), ..Self::new(permits) }
    }

    /// Waits in line for a permit: none only if the semaphore is closed, which it never is.
    pub(crate) async fn permit(&self) -> Option<SemaphorePermit<'_>> {
        let mut next = self.first.lock().await;
        if let Some(pace) = &self.pace {
            let slot = (*next).max(Instant::now() - CREDIT);
            sleep_until(slot).await;
            *next = slot + pace.interval();
        }
        self.permits.acquire().await.ok()
    }
}
