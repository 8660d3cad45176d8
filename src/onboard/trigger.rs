//! One trigger, from reading what it is about to writing its report.

use std::time::SystemTime;

use futures_util::future::try_join;
use time::OffsetDateTime;
use tokio::time::timeout_at;
use tracing::{info, warn};

use super::error::HandleError;
use super::run::{self, Finished};
use super::schedule::Schedule;
use super::shared::Setting;
use crate::account::{Account, AccountId, Email, Region};
use crate::aws::{Aws, Described, Home, ReadError, WriteError};
use crate::config::{Config, Regions};
use crate::event::{Announcement, Request, Trigger, Upload};
use crate::membership::Trouble;
use crate::outcome::{Cause, Outcome, Wait};
use crate::report::{Answered, Run, Source};
use crate::roster::{self, Roster};

/// What all triggers of one invocation share.
#[derive(Clone, Copy)]
pub(super) struct Delivery<'a> {
    pub(super) aws: &'a Aws,
    pub(super) config: &'a Config,
    pub(super) home: &'a Home,
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
}

impl Delivery<'_> {
    /// Carries out every trigger, whatever became of the others.
    pub(super) async fn carry_out(&self, triggers: &[Trigger]) -> (Vec<Answered>, Vec<HandleError>) {
        let (mut answers, mut errors) = (Vec::new(), Vec::new());
        for trigger in triggers {
            match self.one(trigger).await {
                Ok(Some(answered)) => {
                    errors.extend(self.pending(&answered));
                    answers.push(answered);
                }
                Ok(None) => {}
                Err(error) => errors.push(error),
            }
        }
        (answers, errors)
    }

    async fn one(&self, trigger: &Trigger) -> Result<Option<Answered>, HandleError> {
        let nothing = match trigger {
            Trigger::Nothing(why) => why,
            Trigger::Upload(Upload { key, .. }) if key.starts_with(&self.config.report_prefix) => {
                "the upload is a report"
            }
            Trigger::Upload(upload) if self.is_superseded(upload).await? => "a newer upload took this one's place",
            Trigger::Upload(upload) => return Box::pin(self.upload(upload)).await.map(Some),
            Trigger::Announcement(Announcement { account, .. }) if *account == self.home.administrator => {
                "the new account is the administrator itself"
            }
            Trigger::Announcement(announcement) => return Box::pin(self.announcement(announcement)).await.map(Some),
            Trigger::Request(request) => return Box::pin(self.request(request)).await.map(Some),
        };
        let about = match trigger {
            Trigger::Upload(Upload { bucket, key, .. }) => format!("s3://{bucket}/{key}"),
            _ => String::new(),
        };
        info!(about, why = nothing, "nothing to do");
        Ok(None)
    }

    /// What is pending makes the trigger be delivered again; only whoever asks directly reads the answer.
    fn pending(&self, answered: &Answered) -> Option<HandleError> {
        let summary = &answered.report.summary;
        let read = answered.whole && !self.attempt.queued;
        (!read && !summary.complete).then(|| HandleError::Pending {
            pending: summary.pending,
            out_of_time: answered.out_of_time,
            memberships: summary.memberships,
            location: answered.location.clone(),
        })
    }

    /// Whether this is another try at a list that was replaced since: the newer upload carries on, and its report has the
    /// same name.
    async fn is_superseded(&self, upload: &Upload) -> Result<bool, HandleError> {
        if self.attempt.deliveries < 2 || upload.version_id.is_none() {
            return Ok(false);
        }
        let superseded = self.in_time("the list", self.aws.is_superseded(upload)).await?;
        superseded.map_err(|trouble| unread(upload, trouble.to_string()))
    }

    async fn upload(&self, upload: &Upload) -> Result<Answered, HandleError> {
        let started_at = self.aws.clock().now();
        let roster = match self.in_time("the list", self.aws.read_list(upload)).await? {
            Ok(bytes) => roster::read(&bytes, self.home.administrator),
            Err(ReadError::Refused(refused)) => Roster::refused(refused),
            Err(ReadError::Failed(quoted)) => return Err(unread(upload, quoted)),
        };
        let run = self.run(upload.into(), roster, upload.is_plan(), started_at).await?;
        let bucket = self.config.report_bucket.as_ref().unwrap_or(&upload.bucket);
        let location = self.write(&run, bucket).await?;
        Ok(Answered::new(&run, Some(location), false))
    }

    /// An account that an event names. Its e-mail, and whether it can be onboarded, is Organizations' to say.
    async fn announcement(&self, announcement: &Announcement) -> Result<Answered, HandleError> {
        let Announcement { account: id, event, .. } = announcement;
        let bucket = self.config.report_bucket.as_ref().ok_or(HandleError::ReportBucket(*id))?;
        let started_at = self.aws.clock().now();
        info!(account = %id, event, "new account");
        let describe = Box::pin(self.aws.describe_account(self.home, self.config, *id));
        let described = self.in_time("the account", describe).await?;
        let described = described.map_err(|trouble| not_described(*id, &trouble))?;
        let run = match account(*id, described) {
            Ok(account) => {
                let roster = Roster { accounts: vec![account], ..Roster::default() };
                self.run(announcement.into(), roster, false, started_at).await?
            }
            Err(outcome) => {
                let regions = self.regions().await?;
                let finished = run::decided(*id, &regions, &outcome);
                let roster = Roster { without_email: vec![*id], ..Roster::default() };
                self.finish(announcement.into(), roster, regions, false, started_at, finished)
            }
        };
        let location = self.write(&run, bucket).await?;
        Ok(Answered::new(&run, Some(location), false))
    }

    async fn request(&self, request: &Request) -> Result<Answered, HandleError> {
        let started_at = self.aws.clock().now();
        let roster = roster::from_request(&request.accounts, self.home.administrator);
        let source = Source::Request { request: self.attempt.id.into() };
        let mut run = self.run(source, roster, request.dry_run, started_at).await?;
        let location = match &self.config.report_bucket {
            Some(bucket) => match self.write(&run, bucket).await {
                Ok(location) => Some(location),
                Err(error) if self.attempt.queued => return Err(error.into()),
                // The answer carries the report: it must not be lost because the bucket did not take it.
                Err(error) => {
                    warn!(%error, "report not written");
                    run.notices.push(error.to_string());
                    None
                }
            },
            None => None,
        };
        Ok(Answered::new(&run, location, true))
    }

    async fn run(
        &self,
        source: Source,
        roster: Roster,
        dry_run: bool,
        started_at: SystemTime,
    ) -> Result<Run, HandleError> {
        info!(accounts = roster.accounts.len(), rejected_rows = roster.rejected.len(), dry_run, "accounts read");
        let (regions, finished) = if let Some(refused) = &roster.refused {
            (self.listed_regions(), Finished { notices: vec![refused.to_string()], memberships: Vec::new() })
        } else {
            let regions = self.regions().await?;
            let setting = Setting { aws: self.aws, config: self.config, home: self.home, deadline: self.schedule.work };
            let finished = if dry_run {
                run::foretell(&setting, &regions, &roster.accounts).await
            } else {
                run::carry_out(&setting, &regions, &roster.accounts).await
            };
            (regions, finished)
        };
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
            source,
            administrator: self.home.administrator,
            regions,
            dry_run,
            last_try: self.attempt.queued && self.attempt.deliveries >= self.config.max_deliveries,
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

    /// What comes of `work` before the time for it is over.
    async fn in_time<T>(&self, what: &str, work: impl Future<Output = T>) -> Result<T, HandleError> {
        timeout_at(self.schedule.work, work).await.map_err(|_| HandleError::NoTime(what.into()))
    }

    /// Writes both files of the report, side by side: time may be short. Where the JSON is.
    async fn write(&self, run: &Run, bucket: &str) -> Result<String, WriteError> {
        let name = run.source.report_name(&self.config.report_prefix);
        let json = serde_json::to_vec_pretty(&run.report()).unwrap_or_default();
        let (csv_key, json_key) = (format!("{name}.csv"), format!("{name}.json"));
        let csv = self.aws.write_report(bucket, &csv_key, "text/csv; charset=utf-8", run.csv());
        let json = self.aws.write_report(bucket, &json_key, "application/json", json);
        let late = |_| WriteError { bucket: bucket.into(), key: json_key.clone(), quoted: "no answer in time".into() };
        timeout_at(self.schedule.report, try_join(Box::pin(csv), Box::pin(json))).await.map_err(late)??;
        Ok(format!("s3://{bucket}/{json_key}"))
    }
}

fn unread(upload: &Upload, quoted: String) -> HandleError {
    HandleError::List { bucket: upload.bucket.clone(), key: upload.key.clone(), quoted }
}

fn not_described(account: AccountId, trouble: &Trouble) -> HandleError {
    HandleError::Account { account, quoted: trouble.to_string() }
}

/// The account that Organizations describes, or how its memberships end without one.
fn account(id: AccountId, described: Described) -> Result<Account, Outcome> {
    match described {
        Described::Active(email) => match Email::parse(&email) {
            Ok(email) => Ok(Account { id, email, line: None }),
            Err(problem) => Err(Outcome::Failed(Cause::Email(problem))),
        },
        Described::NotYet => Err(Outcome::Pending(Wait::Activation)),
        Described::Not(state) => Err(Outcome::Failed(Cause::NotActive(state))),
        Described::Unknown => Err(Outcome::Failed(Cause::NotInOrganization)),
    }
}
