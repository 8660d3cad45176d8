//! Carries out the parts of one event, each on its own, whatever happens to the others.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use tracing::info;

use super::answer::{Answered, Audience};
use super::delivery::Delivery;
use super::error::HandleError;
use super::event::{Announcement, Part, Trigger, Upload};
use super::fleet;
use super::lists::{self, Standing};
use super::trigger;
use super::upload;
use crate::declared;
use crate::quote;

/// The result of one part. It is `Ok` if the part was carried out, even with memberships still pending.
pub(super) type PartResult = Result<Answered, HandleError>;

/// Carries out every part. A part that is not understood is an error beside the others' answers, and so is one that
/// panics. Parts with nothing to do are left out.
pub(super) async fn carry_out(delivery: &Delivery<'_>, parts: &[Part]) -> Vec<PartResult> {
    let mut results = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        let schedule = delivery.schedule.share(parts.len() - index);
        let result = match part {
            Ok(trigger) => caught(carry_out_one(&Delivery { schedule, ..*delivery }, trigger)).await,
            Err(unknown) => Err(unknown.clone().into()),
        };
        results.extend(result.transpose());
    }
    results
}

/// Why the event must be redelivered. `None` if every part was carried out to the end.
pub(super) fn error(results: &[PartResult]) -> Option<HandleError> {
    let errors = results.iter().filter_map(|result| match result {
        Ok(answered) => pending(answered),
        Err(error) => Some(error.clone()),
    });
    HandleError::combined(errors.collect())
}

/// Catches a panic of `work`, which must not end the other parts.
async fn caught<T>(work: impl Future<Output = Result<T, HandleError>>) -> Result<T, HandleError> {
    AssertUnwindSafe(work).catch_unwind().await.unwrap_or(Err(HandleError::Panic))
}

async fn carry_out_one(delivery: &Delivery<'_>, trigger: &Trigger) -> Result<Option<Answered>, HandleError> {
    let nothing = match trigger {
        Trigger::Nothing(why) => why,
        Trigger::Upload(Upload { key, .. }) if key.starts_with(&delivery.config.report_prefix) => {
            "the upload is a report"
        }
        Trigger::Upload(upload) => match standing_at_retry(delivery, upload).await? {
            Standing::Current => match Box::pin(upload::carry_out(delivery, upload, None)).await? {
                Some(answered) => return Ok(Some(answered)),
                None => "another version has taken the list's place, or it was deleted",
            },
            Standing::GoesOn(notice) => return Box::pin(upload::carry_out(delivery, upload, Some(notice))).await,
            Standing::Unclear(quoted) => return Err(HandleError::unread(upload, quoted)),
            Standing::Replaced => "a newer upload replaced this one",
            Standing::Deleted => "the list was deleted",
        },
        Trigger::Announcement(Announcement { account, .. }) if *account == delivery.identity.administrator => {
            "the new account is the administrator itself"
        }
        Trigger::Announcement(announcement) => {
            return Box::pin(trigger::announcement(delivery, announcement)).await.map(Some);
        }
        Trigger::Reconcile(asked) => return Box::pin(fleet::reconcile(delivery, *asked)).await.map(Some),
        Trigger::Request(request) => return Box::pin(trigger::request(delivery, request)).await.map(Some),
    };
    let about = match trigger {
        Trigger::Upload(Upload { bucket, key, .. }) => format!("s3://{bucket}/{}", quote::key(key)),
        _ => String::new(),
    };
    info!(about, why = nothing, "nothing to do");
    Ok(None)
}

/// At a redelivery of a list, whether it has been replaced since. If so, the newer upload carries on.
async fn standing_at_retry(delivery: &Delivery<'_>, upload: &Upload) -> Result<Standing, HandleError> {
    // A list that lets accounts go is looked at later, right before the first of them goes.
    let goal = declared::by_key(&upload.key).map(|(goal, _)| goal).filter(|_| !upload.lets_go());
    let Some(goal) = goal.filter(|_| delivery.attempt.deliveries > 1) else { return Ok(Standing::Current) };
    let standing = delivery.in_time("the list", Box::pin(lists::standing(delivery, upload, goal))).await?;
    standing.map_err(|quoted| HandleError::unread(upload, quoted))
}

/// Pending memberships make the trigger fail, so that it is redelivered, unless somebody reads the answer.
fn pending(answered: &Answered) -> Option<HandleError> {
    let summary = &answered.summary;
    (answered.audience == Audience::Nobody && !summary.complete).then(|| HandleError::Pending {
        pending: summary.pending,
        out_of_time: answered.tally.out_of_time,
        memberships: summary.memberships,
        location: answered.location.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_bug_is_an_error_of_its_part() {
        assert_eq!(caught(async { Ok(7) }).await, Ok(7));
        assert_eq!(caught(async { panic!("a bug") }).await, Err::<(), _>(HandleError::Panic));
    }
}
