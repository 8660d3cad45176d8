//! One delivery of an event or a message: what its parts share.

use std::time::Duration;

use time::OffsetDateTime;
use tokio::time::timeout_at;

use super::error::HandleError;
use super::schedule::Schedule;
use crate::account::Region;
use crate::aws::{Aws, Identity};
use crate::config::{Config, Regions};
use crate::declared::{Goal, Mode};
use crate::outcome::Retry;
use crate::reconcile::Context;
use crate::roster::Rules;
use crate::run::{Origin, Source};

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
    /// This one included. Only a queue counts them: without one it is 1.
    pub(super) deliveries: u32,
    /// When SQS took the message.
    pub(super) sent: Option<OffsetDateTime>,
}

/// SQS keeps no message for longer (AWS Q7), so an earlier time is not credible.
const LONGEST_WAIT: Duration = Duration::from_secs(14 * 24 * 60 * 60);

impl Delivery<'_> {
    /// Since when something has been pending: since the message was sent or, without a queue, since the event's own
    /// time. `None` if that is not credible: anybody may write an event, and its time must not set off an alarm.
    pub(super) fn pending_since(&self, event: Option<OffsetDateTime>) -> Option<OffsetDateTime> {
        let now = OffsetDateTime::from(self.aws.clock().now());
        self.attempt.sent.or(event).filter(|at| *at <= now && now - *at <= LONGEST_WAIT)
    }

    /// The result of `work`, unless the time for it ends first.
    pub(super) async fn in_time<T>(&self, what: &str, work: impl Future<Output = T>) -> Result<T, HandleError> {
        timeout_at(self.schedule.work, work).await.map_err(|_| HandleError::NoTime(what.into()))
    }

    pub(super) fn origin(&self, source: Source, goal: Option<Goal>, mode: Mode) -> Origin {
        let retry = match source {
            Source::Request { .. } if !self.attempt.queued => Retry::OnRequest,
            _ if self.attempt.queued && self.attempt.deliveries >= self.config.max_deliveries => Retry::Never,
            _ => Retry::ByItself,
        };
        let started_at = OffsetDateTime::from(self.aws.clock().now());
        Origin { source, goal, mode, retry, requester: None, started_at }
    }

    /// What rows of a list with that goal are judged by.
    pub(super) fn rules(&self, goal: Goal) -> Rules<'_> {
        Rules { goal, administrator: Some(self.identity.administrator), protected: &self.config.brakes.protected }
    }

    pub(super) fn context(&self, regions: Vec<Region>, origin: Origin) -> Context {
        Context::new(self.aws, self.config, self.identity, regions, origin, self.schedule.work)
    }

    pub(super) async fn regions(&self) -> Result<Vec<Region>, HandleError> {
        match &self.config.regions {
            Regions::Listed(regions) => Ok(regions.clone()),
            Regions::All => {
                let listed = self.in_time("the Regions", self.aws.enabled_regions()).await?;
                listed.map_err(|error| HandleError::RegionsNotListed(error.to_string()))
            }
        }
    }

    /// The Regions that are known without asking AWS.
    pub(super) fn listed_regions(&self) -> Vec<Region> {
        match &self.config.regions {
            Regions::Listed(regions) => regions.clone(),
            Regions::All => Vec::new(),
        }
    }
}
