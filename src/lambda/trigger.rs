//! One trigger, from reading what it is about to writing its report.

use std::sync::Arc;
use std::time::SystemTime;

use time::OffsetDateTime;
use tracing::{info, warn};

use super::answer::Answered;
use super::delivery::Delivery;
use super::error::HandleError;
use super::not_described::not_described;
use super::refusal::warn_of_refusal;
use super::reporting::log_what_is_not_well;
use super::standing::Standing;
use crate::account::{Account, AccountId, Email, Region};
use crate::aws::Described;
use crate::config::Regions;
use crate::lambda::event::{Announcement, Request, Upload};
use crate::outcome::{Outcome, Reason, Retry, Wait};
use crate::quote;
use crate::reconcile::{self, Finished, Shared};
use crate::roster::{self, Roster};
use crate::run::{Run, Source};

impl Delivery<'_> {
    /// A list; with a notice where a newer version of it is refused.
    pub(super) async fn upload(&self, upload: &Upload, goes_on: Option<String>) -> Result<Answered, HandleError> {
        let started_at = self.aws.clock().now();
        let roster = self.in_time("the list", self.read(upload)).await?;
        let roster = roster.map_err(|quoted| HandleError::unread(upload, quoted))?;
        let mut run = self.run(upload.into(), roster, upload.is_plan(), started_at).await?;
        run.pending_since = self.pending_since(upload.at);
        // The report has the name of the newer upload's, which is the one to keep.
        let (keep, goes_on) = match self.standing_at_the_end(upload).await {
            Standing::Replaced | Standing::Unclear(_) => (true, goes_on),
            Standing::GoesOn(notice) => (false, Some(notice)),
            Standing::Current | Standing::Deleted => (false, goes_on),
        };
        run.notices.extend(goes_on);
        let bucket = self.config.report_bucket.as_ref().unwrap_or(&upload.bucket);
        let (run, written) = self.write(run, bucket, keep).await;
        Ok(Answered::new(&run, written?, false))
    }

    /// An account that an event names. Its e-mail, and whether it can be onboarded, is Organizations' to say.
    pub(super) async fn announcement(&self, announcement: &Announcement) -> Result<Answered, HandleError> {
        let Announcement { account: id, event, .. } = announcement;
        let bucket = self.config.report_bucket.as_ref().ok_or(HandleError::ReportBucket(*id))?;
        let started_at = self.aws.clock().now();
        info!(account = %id, event, "new account");
        let describe = Box::pin(self.aws.describe_account(self.identity, self.config, *id));
        let described = self.in_time("the account", describe).await?;
        let described = described.map_err(|error| not_described(*id, &error))?;
        let mut run = match account(*id, described) {
            Ok(account) => {
                let roster = Roster { accounts: vec![account], ..Roster::default() };
                self.run(announcement.into(), roster, false, started_at).await?
            }
            Err(outcome) => {
                let regions = self.regions().await?;
                let finished = reconcile::decided(*id, &regions, &outcome);
                let roster = Roster { without_email: vec![*id], ..Roster::default() };
                self.finish(announcement.into(), roster, regions, false, started_at, finished)
            }
        };
        run.pending_since = self.pending_since(announcement.at);
        let (run, written) = self.write(run, bucket, false).await;
        Ok(Answered::new(&run, written?, false))
    }

    pub(super) async fn request(&self, request: &Request) -> Result<Answered, HandleError> {
        let started_at = self.aws.clock().now();
        let roster = roster::from_request(&request.accounts, self.identity.administrator);
        let source = Source::Request { request: quote::name(self.attempt.id) };
        let run = self.run(source, roster, request.dry_run, started_at).await?;
        let Some(bucket) = &self.config.report_bucket else {
            if self.attempt.queued {
                log_what_is_not_well(&run);
            }
            return Ok(Answered::new(&run, None, !self.attempt.queued));
        };
        let (run, written) = self.write(run, bucket, false).await;
        match written {
            Ok(location) => Ok(Answered::new(&run, location, !self.attempt.queued)),
            Err(error) if self.attempt.queued => Err(error.into()),
            // The answer carries the report: it must not be lost because the bucket did not take it.
            Err(error) => {
                warn!(%error, "report not written");
                let mut run = Arc::unwrap_or_clone(run);
                run.notices.push(error.to_string());
                Ok(Answered::new(&run, None, true))
            }
        }
    }

    async fn run(
        &self,
        source: Source,
        roster: Roster,
        dry_run: bool,
        started_at: SystemTime,
    ) -> Result<Run, HandleError> {
        info!(accounts = roster.accounts.len(), rejected_rows = roster.rejected.len(), dry_run, "accounts read");
        let regions = if roster.refused.is_some() { self.listed_regions() } else { self.regions().await? };
        let roster = roster.within_the_limit(regions.len());
        let mut finished = if let Some(refused) = &roster.refused {
            warn_of_refusal(&source, refused, dry_run);
            Finished { notices: vec![refused.to_string()], memberships: Vec::new() }
        } else {
            let shared = Shared::new(self.aws, self.config, self.identity, regions.len(), self.schedule.work);
            if dry_run {
                reconcile::foretell(&shared, &regions, &roster.accounts).await
            } else {
                reconcile::carry_out(shared, &regions, &roster.accounts).await
            }
        };
        finished.notices.extend(roster.notices.iter().map(ToString::to_string));
        Ok(self.finish(source, roster, regions, dry_run, started_at, finished))
    }

    fn finish(
        &self,
        source: Source,
        roster: Roster,
        regions: Vec<Region>,
        dry_run: bool,
        started_at: SystemTime,
        finished: Finished,
    ) -> Run {
        let run = Run {
            administrator: self.identity.administrator,
            regions,
            dry_run,
            next: self.next(&source),
            source,
            pending_since: self.pending_since(None),
            started_at: OffsetDateTime::from(started_at),
            finished_at: OffsetDateTime::from(self.aws.clock().now()),
            notices: finished.notices,
            roster,
            memberships: finished.memberships,
        };
        let summary = run.summary();
        info!(
            enabled = summary.enabled,
            pending = summary.pending,
            failed = summary.failed,
            skipped = summary.skipped,
            rejected_rows = summary.rejected_rows,
            "run finished"
        );
        run
    }

    fn next(&self, source: &Source) -> Retry {
        match source {
            Source::Request { .. } if !self.attempt.queued => Retry::OnRequest,
            _ if self.attempt.queued && self.attempt.deliveries >= self.config.max_deliveries => Retry::Never,
            _ => Retry::ByItself,
        }
    }

    async fn regions(&self) -> Result<Vec<Region>, HandleError> {
        match &self.config.regions {
            Regions::Listed(regions) => Ok(regions.clone()),
            Regions::All => {
                let listed = self.in_time("the Regions", self.aws.enabled_regions()).await?;
                listed.map_err(|trouble| HandleError::Regions(trouble.to_string()))
            }
        }
    }

    /// The Regions that are known without asking AWS.
    fn listed_regions(&self) -> Vec<Region> {
        match &self.config.regions {
            Regions::Listed(regions) => regions.clone(),
            Regions::All => Vec::new(),
        }
    }
}

/// The account that Organizations describes, or how its memberships end without one.
fn account(id: AccountId, described: Described) -> Result<Account, Outcome> {
    match described {
        Described::Active(email) => match Email::parse(&email) {
            Ok(email) => Ok(Account { id, email, line: None }),
            Err(problem) => Err(Outcome::Failed(Reason::Email(problem))),
        },
        Described::Activating => Err(Outcome::Pending(Wait::Activation)),
        Described::Inactive(state) => Err(Outcome::Failed(Reason::NotActive(state))),
        Described::NotFound => Err(Outcome::Failed(Reason::NotInOrganization)),
    }
}
