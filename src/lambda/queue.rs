//! Carries out a batch from SQS, each message on its own. What is not done is left to the queue, which waits, counts
//! and finally gives up. We send nothing ourselves, so nothing can loop.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::time::timeout_at;
use tracing::{error, info, warn};

use super::delivery::{Attempt, Delivery};
use super::error::HandleError;
use super::event::Message;
use super::parts::{self, PartResult};
use crate::quote;

/// How long a message is hidden after its first delivery. The time doubles with each further one.
const FIRST_BACK_OFF: Duration = Duration::from_secs(30);
/// With this, thirty deliveries last about six and a half hours.
const LONGEST_BACK_OFF: Duration = Duration::from_secs(15 * 60);
/// For errors that waiting would not help.
const SHORT_BACK_OFF: Duration = Duration::from_secs(5);

/// Carries out all messages. The answer names those that must be redelivered.
pub(super) async fn carry_out(delivery: &Delivery<'_>, messages: Vec<Message>) -> (Value, Vec<PartResult>) {
    let (mut results, mut failed) = (Vec::new(), Vec::new());
    for (index, message) in messages.iter().enumerate() {
        let Message { id, deliveries, sent, parts, .. } = message;
        let message_id = quote::name(id);
        info!(message_id, deliveries, "message received");
        // A message that needs all its time must not leave the others without any.
        let schedule = delivery.schedule.share(messages.len() - index);
        let attempt = Attempt { id, queued: true, deliveries: *deliveries, sent: *sent };
        let part_results = parts::carry_out(&Delivery { schedule, attempt, ..*delivery }, parts).await;
        if let Some(error) = parts::error(&part_results) {
            error!(message_id, deliveries, kind = error.kind(), %error, "not done");
            failed.push((message, back_off(&error, *deliveries)));
        }
        results.extend(part_results);
    }
    // This comes last, when all reports are written: a message that is hidden for a few seconds only may be redelivered
    // from here on.
    let hidden = join_all(failed.iter().map(|(message, time)| Box::pin(hide(delivery, message, *time))));
    if timeout_at(delivery.schedule.end, hidden).await.is_err() {
        warn!("time ran out before messages could be hidden: the queue's own visibility timeout decides");
    }
    // SQS redelivers what is named here, and deletes the rest (AWS Q4).
    let failures: Vec<Value> = failed.iter().map(|(message, _)| json!({"itemIdentifier": message.id})).collect();
    (json!({ "batchItemFailures": failures }), results)
}

/// Changes the message's visibility. A failure is no error: the message is only redelivered at another time.
async fn hide(delivery: &Delivery<'_>, message: &Message, time: Duration) {
    let message_id = quote::name(&message.id);
    let Some(queue_url) = &delivery.config.queue_url else {
        warn!(message_id, "QUEUE_URL is not set: the queue's own visibility timeout decides");
        return;
    };
    match delivery.aws.hide_message(queue_url, &message.receipt_handle, time).await {
        Ok(()) => info!(message_id, seconds = time.as_secs(), "message hidden"),
        Err(error) => {
            warn!(message_id, %error, "message not hidden: the queue's own visibility timeout decides");
        }
    }
}

fn back_off(error: &HandleError, deliveries: u32) -> Duration {
    if error.retries_soon() {
        return SHORT_BACK_OFF;
    }
    // Capped before the power is taken, which a queue without a bound on deliveries would overflow.
    let doublings = deliveries.saturating_sub(1).min(16);
    (FIRST_BACK_OFF * 2_u32.pow(doublings)).min(LONGEST_BACK_OFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pending(out_of_time: usize) -> HandleError {
        HandleError::Pending { pending: 2, out_of_time, memberships: 3, location: None }
    }

    #[test]
    fn thirty_deliveries_last_about_six_and_a_half_hours() {
        let waits: Vec<u64> = (1..=30).map(|count| back_off(&pending(1), count).as_secs()).collect();
        assert_eq!(waits[..7], [30, 60, 120, 240, 480, 900, 900]);
        let minutes = waits[..29].iter().sum::<u64>() / 60;
        assert!((6 * 60..7 * 60).contains(&minutes), "{minutes}");
        assert_eq!(back_off(&pending(1), u32::MAX), LONGEST_BACK_OFF);
    }

    #[test]
    fn what_waiting_would_not_help_is_redelivered_soon() {
        let list = || HandleError::ListNotRead { bucket: "b".into(), key: "k".into(), quoted: "no".into() };
        assert_eq!(back_off(&pending(2), 9), SHORT_BACK_OFF);
        assert_eq!(
            back_off(&HandleError::Several(vec![pending(2), HandleError::NoTime("x".into())]), 9),
            SHORT_BACK_OFF
        );
        assert_eq!(back_off(&HandleError::Several(vec![pending(2), list()]), 1), FIRST_BACK_OFF);
    }
}
