//! Lanes that share a pool of permits. Only the head of a lane waits for a permit, so lanes take turns.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep_until};

use super::pace::Pace;
use crate::membership::CallError;

/// How far a lane may catch up after a delay.
const CREDIT: Duration = Duration::from_millis(50);

/// One of several lanes that share their permits. Each lane gets one in turn, however long it is. So calls to the same
/// host come evenly and find open connections, and a long lane delays no other.
#[derive(Debug)]
pub(crate) struct Lane {
    permits: Arc<Semaphore>,
    pace: Option<Pace>,
    /// When the next call may begin. The head of the lane holds the lock.
    head: Mutex<Instant>,
}

impl Lane {
    pub(crate) fn new(permits: Arc<Semaphore>) -> Self {
        Self { permits, pace: None, head: Mutex::new(Instant::now()) }
    }

    /// A lane in which calls begin at this pace.
    pub(super) fn paced(permits: Arc<Semaphore>, pace: Pace) -> Self {
        Self { pace: Some(pace), ..Self::new(permits) }
    }

    /// Waits for a turn, then for a permit. Once the run is stopped there are none.
    pub(crate) async fn permit(&self) -> Result<SemaphorePermit<'_>, CallError> {
        // Tokio's lock is fair, so calls leave the lane in the order in which they came.
        let mut next = self.head.lock().await;
        // A long lane that is closed need not be walked at its pace.
        if let Some(pace) = self.pace.as_ref().filter(|_| !self.permits.is_closed()) {
            // The slot comes before the permit. Otherwise the calls that wait for AssumeRole's pace would hold all
            // permits, and no other call into a member could begin. A wake-up that came late is made up for. A lane
            // that was empty for a while does not begin with a burst.
            let slot = (*next).max(Instant::now() - CREDIT);
            sleep_until(slot).await;
            *next = slot + pace.interval();
        }
        Ok(self.permits.acquire().await?)
    }
}
