//! One delivery: its parts are carried out one by one, and what is not done makes it count as failed.

use std::time::Duration;

use time::OffsetDateTime;
use tokio::time::timeout_at;
use tracing::info;

use super::answer::Answered;
use super::error::HandleError;
use super::schedule::Schedule;
use super::standing::Standing;
use crate::aws::{Aws, Identity};
use crate::config::Config;
use crate::lambda::event::{Announcement, Part, Trigger, Upload};
use crate::quote;

/// What the parts of one invocation, or of one message, share.
#[derive(Clone, Copy)]
pub(super) struct Delivery<'a> {
    pub(super) aws: &'a Aws,
    pub(super) config: &'a Config,
    pub(super) identity: &'a Identity,
    pub(super) schedule: Schedule,
    pub(super) attempt: Attempt<'a>,
}

/// Which try at a trigger this is.
#[derive(Clone, Copy)]
pub(super) struct Attempt<'a> {
    /// Lambda's id of the request, or SQS's of the message.
    pub(super) id: &'a str,
    /// Whether it came through the queue, so that nobody reads the answer.
    pub(super) queued: bool,
    /// How often it was delivered, as far as we are told.
    pub(super) deliveries: u32,
    /// When the message was sent, as SQS says.
    pub(super) sent: Option<OffsetDateTime>,
}

/// SQS keeps no message for longer, so nothing credible has been waiting for longer.
const LONGEST_WAIT: Duration = Duration::from_secs(14 * 24 * 60 * 60);

impl Delivery<'_> {
    /// Carries out every part, whatever became of the others: what is not done. A part that is not understood is not done.
    pub(super) async fn carry_out(&self, parts: &[Part], answers: &mut Vec<Answered>) -> Vec<HandleError> {
        let mut errors = Vec::new();
        for (index, part) in parts.iter().enumerate() {
            let trigger = match part {
                Ok(trigger) => trigger,
                Err(unknown) => {
                    errors.push(unknown.clone().into());
                    continue;
                }
            };
            let schedule = self.schedule.share(parts.len() - index);
            match (Delivery { schedule, ..*self }).one(trigger).await {
                Ok(Some(answered)) => {
                    errors.extend(pending(&answered));
                    answers.push(answered);
                }
                Ok(None) => {}
                Err(error) => errors.push(error),
            }
        }
        errors
    }

    async fn one(&self, trigger: &Trigger) -> Result<Option<Answered>, HandleError> {
        let nothing = match trigger {
            Trigger::Nothing(why) => why,
            Trigger::Upload(Upload { key, .. }) if key.starts_with(&self.config.report_prefix) => {
                "the upload is a report"
            }
            Trigger::Upload(upload) => match self.standing_at_retry(upload).await? {
                Standing::Current => return Box::pin(self.upload(upload, None)).await.map(Some),
                Standing::GoesOn(notice) => return Box::pin(self.upload(upload, Some(notice))).await.map(Some),
                Standing::Unclear(quoted) => return Err(HandleError::unread(upload, quoted)),
                Standing::Replaced => "a newer upload took this one's place",
                Standing::Deleted => "the list was deleted",
            },
            Trigger::Announcement(Announcement { account, .. }) if *account == self.identity.administrator => {
                "the new account is the administrator itself"
            }
            Trigger::Announcement(announcement) => return Box::pin(self.announcement(announcement)).await.map(Some),
            Trigger::Request(request) => return Box::pin(self.request(request)).await.map(Some),
        };
        let about = match trigger {
            Trigger::Upload(Upload { bucket, key, .. }) => format!("s3://{bucket}/{}", quote::key(key)),
            _ => String::new(),
        };
        info!(about, why = nothing, "nothing to do");
        Ok(None)
    }

    /// Whether this is another try at a list that was replaced since: the newer upload carries on.
    async fn standing_at_retry(&self, upload: &Upload) -> Result<Standing, HandleError> {
        if self.attempt.deliveries < 2 {
            return Ok(Standing::Current);
        }
        let standing = self.in_time("the list", Box::pin(self.standing(upload))).await?;
        standing.map_err(|quoted| HandleError::unread(upload, quoted))
    }

    /// From when on something is pending: when the message was sent, else when the event says that it happened. None if
    /// neither is credible: anybody may write an event, and its time must not ring an alarm.
    pub(super) fn pending_since(&self, event: Option<OffsetDateTime>) -> Option<OffsetDateTime> {
        let now = OffsetDateTime::from(self.aws.clock().now());
        self.attempt.sent.or(event).filter(|at| *at <= now && now - *at <= LONGEST_WAIT)
    }

    /// What comes of `work` before the time for it is over.
    pub(super) async fn in_time<T>(&self, what: &str, work: impl Future<Output = T>) -> Result<T, HandleError> {
        timeout_at(self.schedule.work, work).await.map_err(|_| HandleError::NoTime(what.into()))
    }
}

/// What is pending makes the trigger be delivered again, unless somebody reads the answer.
fn pending(answered: &Answered) -> Option<HandleError> {
    let summary = &answered.summary;
    (!answered.whole && !summary.complete).then(|| HandleError::Pending {
        pending: summary.pending,
        out_of_time: answered.tally.out_of_time,
        memberships: summary.memberships,
        location: answered.location.clone(),
    })
}
