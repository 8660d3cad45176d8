//! One trigger, from reading its list to writing its report.

use std::time::SystemTime;

use futures_util::future::try_join;
use time::OffsetDateTime;
use tokio::time::{Instant, timeout_at};
use tracing::{info, warn};

use super::HandleError;
use super::run::{self, Finished};
use super::shared::Setting;
use crate::account::Region;
use crate::aws::{Aws, Home, ReadError};
use crate::config::{Config, Regions};
use crate::event::{Request, Upload};
use crate::report::{Answered, Run, Source};
use crate::roster::{self, Roster};

/// What all triggers of one invocation share.
pub(super) struct Delivery<'a> {
    pub(super) aws: &'a Aws,
    pub(super) config: &'a Config,
    pub(super) home: &'a Home,
    pub(super) request_id: &'a str,
    pub(super) deadline: Instant,
}

impl Delivery<'_> {
    /// An uploaded list.
    pub(super) async fn upload(&self, upload: &Upload) -> Result<Answered, HandleError> {
        let started_at = self.aws.clock().now();
        let read = timeout_at(self.deadline, self.aws.read_list(upload)).await;
        let roster = match read.unwrap_or_else(|_| Err(ReadError::Failed("time ran out".into()))) {
            Ok(bytes) => roster::read(&bytes, self.home.administrator),
            Err(ReadError::Refused(refused)) => Roster::refused(refused),
            Err(ReadError::Failed(quoted)) => {
                let (bucket, key) = (upload.bucket.clone(), upload.key.clone());
                return Err(HandleError::List { bucket, key, quoted });
            }
        };
        let run = self.run(upload.into(), roster, upload.is_plan(), started_at).await?;
        let bucket = self.config.report_bucket.as_ref().unwrap_or(&upload.bucket);
        let location = self.write(&run, bucket).await?;
        Ok(Answered { report: run.report(), location: Some(location), whole: false })
    }

    /// A direct request.
    pub(super) async fn request(&self, request: &Request) -> Result<Answered, HandleError> {
        let started_at = self.aws.clock().now();
        let roster = roster::from_request(&request.accounts, self.home.administrator);
        let source = Source::Request { request: self.request_id.into() };
        let mut run = self.run(source, roster, request.dry_run, started_at).await?;
        let written = match &self.config.report_bucket {
            Some(bucket) => self.write(&run, bucket).await.map(Some),
            None => Ok(None),
        };
        // The answer carries the report: it must not be lost because the bucket did not take it.
        let location = written.unwrap_or_else(|error| {
            warn!(%error, "report not written");
            run.notices.push(error.to_string());
            None
        });
        Ok(Answered { report: run.report(), location, whole: true })
    }

    async fn run(
        &self,
        source: Source,
        roster: Roster,
        dry_run: bool,
        started_at: SystemTime,
    ) -> Result<Run, HandleError> {
        info!(accounts = roster.accounts.len(), rejected_rows = roster.rejected.len(), dry_run, "list read");
        let (regions, finished) = if let Some(refused) = &roster.refused {
            (self.listed_regions(), Finished { notices: vec![refused.to_string()], memberships: Vec::new() })
        } else {
            let regions = self.regions().await?;
            let setting = Setting { aws: self.aws, config: self.config, home: self.home, deadline: self.deadline };
            let finished = if dry_run {
                run::foretell(&setting, &regions, &roster.accounts).await
            } else {
                run::carry_out(&setting, &regions, &roster.accounts).await
            };
            (regions, finished)
        };
        let run = Run {
            source,
            administrator: self.home.administrator,
            regions,
            dry_run,
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
        Ok(run)
    }

    async fn regions(&self) -> Result<Vec<Region>, HandleError> {
        match &self.config.regions {
            Regions::Listed(regions) => Ok(regions.clone()),
            Regions::All => {
                let listed = timeout_at(self.deadline, self.aws.enabled_regions()).await;
                let listed = listed.map_err(|_| HandleError::Regions("time ran out".into()))?;
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

    /// Writes both files of the report, side by side: time may be short. Where the JSON is.
    async fn write(&self, run: &Run, bucket: &str) -> Result<String, HandleError> {
        let name = run.source.report_name(&self.config.report_prefix);
        let json = serde_json::to_vec_pretty(&run.report()).unwrap_or_default();
        let (csv_key, json_key) = (format!("{name}.csv"), format!("{name}.json"));
        let csv = self.aws.write_report(bucket, &csv_key, "text/csv; charset=utf-8", run.csv());
        let json = self.aws.write_report(bucket, &json_key, "application/json", json);
        try_join(Box::pin(csv), Box::pin(json)).await?;
        Ok(format!("s3://{bucket}/{json_key}"))
    }
}
