//! Where reports go: to the bucket, unless a newer upload's is there; where there is no bucket, what is not well goes to the
//! log.

use std::sync::Arc;

use futures_util::future::try_join;
use tokio::time::timeout_at;
use tracing::{error, info, warn};

use super::delivery::Delivery;
use crate::aws::{Parts, WriteError};
use crate::outcome::Outcome;
use crate::quote;
use crate::report::CsvReport;
use crate::run::Run;

impl Delivery<'_> {
    /// Writes both files of the report, side by side: time may be short. With `keep` it keeps those that are there. The
    /// run, as the report has it, and where the JSON is.
    pub(super) async fn write(
        &self,
        mut run: Run,
        bucket: &str,
        keep: bool,
    ) -> (Arc<Run>, Result<Option<String>, WriteError>) {
        let name = run.source.report_name(&self.config.report_prefix, self.config.report_bucket.as_deref());
        if name.cut {
            let cut =
                "the report's name would be longer than S3 takes: it is cut, and ends in a number made of the whole";
            run.notices.push(cut.into());
        }
        let run = Arc::new(run);
        let (csv_key, json_key) = (format!("{}.csv", name.key), format!("{}.json", name.key));
        let (csv, json) = (CsvReport::new(Arc::clone(&run)), Arc::clone(&run));
        let (csv, json) = (Parts::new(move |part| csv.part(part)), Parts::new(move |part| json.json_part(part)));
        let owner = self.identity.administrator;
        let csv = self.aws.write_report(owner, bucket, &csv_key, "text/csv; charset=utf-8", csv, keep);
        let json = self.aws.write_report(owner, bucket, &json_key, "application/json", json, keep);
        let written = timeout_at(self.schedule.report, try_join(Box::pin(csv), Box::pin(json)));
        let location = format!("s3://{bucket}/{json_key}");
        let written = match written.await.unwrap_or_else(|_| Err(WriteError::late(bucket, &json_key))) {
            Ok((_, true)) => Ok(Some(location)),
            Ok((_, false)) => {
                info!(location = quote::key(&location), "report not written: there is one, and a newer upload");
                Ok(None)
            }
            // The same request would be refused at every delivery.
            Err(error) if error.is_final => {
                error!(%error, "report not written");
                log_what_is_not_well(&run);
                Ok(None)
            }
            Err(error) => Err(error),
        };
        (run, written)
    }
}

/// So many lines are logged of what is not well; a list may have hundreds of thousands of memberships.
const LOGGED: usize = 100;

/// What the report says is not well, where there is none to be read.
pub(super) fn log_what_is_not_well(run: &Run) {
    let not_well = || run.memberships.iter().filter(|one| one.outcome != Outcome::Enabled);
    for one in not_well().take(LOGGED) {
        let (outcome, detail) = (one.outcome.word(), one.detail(run.next));
        warn!(account = %one.account, region = %one.region, outcome, detail, "not enabled");
    }
    for row in run.roster.rejected.iter().take(LOGGED) {
        warn!(line = row.line, reason = %row.problem, "row rejected");
    }
    let memberships = not_well().count().saturating_sub(LOGGED);
    let rejected_rows = run.roster.rejected.len().saturating_sub(LOGGED);
    if memberships + rejected_rows > 0 {
        warn!(memberships, rejected_rows, "more of the same is left out of the log");
    }
}
