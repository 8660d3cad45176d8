//! Where reports go: to the bucket, unless a newer upload's is there; where there is no bucket, what is not well goes to the
//! log.

use std::sync::Arc;

use futures_util::future::try_join;
use tokio::time::timeout_at;
use tracing::{error, info, warn};

use super::delivery::Delivery;
use crate::aws::{Existing, ObjectRef, Parts, WriteError};
use crate::outcome::{Notice, Outcome, Refused};
use crate::quote;
use crate::report::{CsvReport, ReportName, json_part};
use crate::run::{Origin, Run, Source};

/// Writes both files of the report, side by side: time may be short. Returns the run as the report has it, and where the JSON
/// is; `None` if an existing report was kept or S3 will never take this one.
pub(super) async fn write(
    delivery: &Delivery<'_>,
    mut run: Run,
    bucket: &str,
    existing: Existing,
) -> (Arc<Run>, Result<Option<String>, WriteError>) {
    let config = delivery.config;
    let name = ReportName::new(&run.origin.source, &config.report_prefix, config.report_bucket.as_deref());
    if name.cut {
        run.notices.push(Notice::NameCut);
    }
    let run = Arc::new(run);
    let (csv_key, json_key) = (format!("{}.csv", name.key), format!("{}.json", name.key));
    let (csv, json) = (CsvReport::new(Arc::clone(&run)), Arc::clone(&run));
    let (csv, json) = (Parts::new(move |part| csv.part(part)), Parts::new(move |part| json_part(&json, part)));
    let file = |key| ObjectRef { owner: delivery.identity.administrator, bucket, key, version_id: None };
    let csv = delivery.aws.write_report(file(&csv_key), "text/csv; charset=utf-8", csv, existing);
    let json = delivery.aws.write_report(file(&json_key), "application/json", json, existing);
    let written = timeout_at(delivery.schedule.report, try_join(Box::pin(csv), Box::pin(json)));
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

/// Warns that a list or a request is refused whole. Trying again would not help, so nothing else calls for a person.
pub(super) fn warn_of_refusal(origin: &Origin, refused: &Refused) {
    let dry_run = origin.mode.is_plan();
    match &origin.source {
        Source::Upload { bucket, key, version_id } => {
            warn!(bucket, key = quote::key(key), version_id, dry_run, reason = %refused, "list refused");
        }
        Source::Request { request } => warn!(request, dry_run, reason = %refused, "request refused"),
        Source::Announcement { account, .. } => warn!(%account, reason = %refused, "account refused"),
    }
}

/// Lines that are logged of what is not well; a list may have hundreds of thousands of memberships.
const LOGGED: usize = 100;

/// What the report says is not well, where there is none to be read.
pub(super) fn log_what_is_not_well(run: &Run) {
    let not_well = || run.memberships.iter().filter(|one| !matches!(one.outcome, Outcome::Settled(_)));
    for one in not_well().take(LOGGED) {
        let (outcome, detail) = (one.outcome.word(), one.detail(run.origin.retry));
        warn!(account = %one.account, region = %one.region, outcome, detail, "not as declared");
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
