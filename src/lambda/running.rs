//! Carries out a run. While it works for long, tells what is settled: reports, and a line in the log.

use std::pin::pin;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};
use tracing::info;

use super::delivery::Delivery;
use super::error::HandleError;
use super::lists::soon;
use super::reporting::warn_of_refusal;
use crate::reconcile::{self, Asked, Ledger, StillCurrent};
use crate::run::{Origin, Run};

/// The time from one report to the next.
const EVERY: Duration = Duration::from_secs(30);

/// Carries out what is asked. While that takes long, `tell` gets what is settled so far, now and then.
pub(super) async fn run(
    delivery: &Delivery<'_>,
    origin: Origin,
    asked: Asked,
    still_current: Option<StillCurrent>,
    tell: impl AsyncFn(Run),
) -> Result<Run, HandleError> {
    let is_refused = asked.refused.is_some() || asked.roster.refused.is_some();
    let regions = if is_refused { delivery.listed_regions() } else { delivery.regions().await? };
    let context = delivery.context(regions, origin).while_current(still_current);
    let (ledger, work) = (context.ledger(), reconcile::run(context, asked));
    let run = watched(delivery, &ledger, work, tell).await;
    if let Some(refused) = run.refused() {
        warn_of_refusal(&run.origin, refused);
    }
    Ok(run)
}

/// The result of `work`. Until it is there, `tell` gets the run as it is, every half minute.
pub(super) async fn watched(
    delivery: &Delivery<'_>,
    ledger: &Ledger,
    work: impl Future<Output = Run>,
    tell: impl AsyncFn(Run),
) -> Run {
    let mut work = pin!(work);
    loop {
        let next = Instant::now() + EVERY;
        if let Ok(run) = timeout_at(next, &mut work).await {
            return run;
        }
        let counts = ledger.progress().borrow().clone();
        info!(settled = counts.ended(), of = counts.memberships, "under way");
        // The last report would replace it at once.
        if next + EVERY > delivery.schedule.work {
            continue;
        }
        let mut told = pin!(tell(ledger.so_far(delivery.aws.clock().now().into())));
        tokio::select! {
            run = &mut work => {
                // A report that is still on its way must not replace the last one.
                soon(delivery, told).await;
                return run;
            }
            () = &mut told => {}
        }
    }
}
