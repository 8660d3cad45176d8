//! Tells a topic how a list ended, once: in the end, not at each delivery.

use tokio::time::timeout_at;
use tracing::{info, warn};

use super::delivery::Delivery;
use crate::aws::WriteError;
use crate::config::NotifyOn;
use crate::outcome::{Notice, Retry};
use crate::report::message;
use crate::run::{Reconcile, Run, Source};

const HEAL: Source = Source::Reconcile { reconcile: Reconcile::Heal };

/// Publishes the run's message, if it has ended and the settings want it told. A failure is a warning: the run is what it
/// was.
///
/// A run whose report could not be written comes again, unless this was the last try.
pub(super) async fn notify(delivery: &Delivery<'_>, run: &Run, written: &Result<Option<String>, WriteError>) {
    let Some(topic) = &delivery.config.notify_topic_arn else { return };
    let location = match written {
        Ok(location) => location.as_deref(),
        Err(_) if run.origin.retry == Retry::Never => None,
        Err(_) => return,
    };
    if !has_ended(run) || !is_told(run, delivery.config.notify_on, delivery.attempt.deliveries) {
        return;
    }
    let (subject, text) = (message::subject(run), message::text(run, location));
    let publish = Box::pin(delivery.aws.publish(topic, &subject, &text));
    match timeout_at(delivery.schedule.report, publish).await {
        Ok(Ok(())) => info!(subject, "topic told"),
        Ok(Err(error)) => warn!(subject, %error, "topic not told"),
        Err(_) => warn!(subject, "topic not told: no answer in time"),
    }
}

/// Dry runs and requests end before their reader's eyes. What is pending comes again, and is told then.
fn has_ended(run: &Run) -> bool {
    // A heal that could not use a list has only planned, which nobody asked for.
    let is_dry = run.origin.mode.is_plan() && run.origin.source != HEAL;
    let is_read = is_dry || matches!(run.origin.source, Source::Request { .. });
    let is_last = matches!(run.origin.retry, Retry::Never | Retry::NextReconcile);
    !is_read && (is_last || run.summary().complete)
}

fn is_told(run: &Run, on: NotifyOn, deliveries: u32) -> bool {
    let summary = run.summary();
    // Of a reconcile, which finds the same failures every day, only what it wrote counts.
    let is_reconcile = run.fleet.is_some();
    let failed = summary.failed > 0
        || run.notices.contains(&Notice::NotHealed)
        || run.refused().is_some()
        || run.origin.retry == Retry::Never && !summary.complete;
    match on {
        NotifyOn::Always => true,
        NotifyOn::Changes => run.changed || !is_reconcile && (deliveries > 1 || failed),
        NotifyOn::Failures => failed,
    }
}
