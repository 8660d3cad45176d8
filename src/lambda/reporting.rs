//! Writes reports to the bucket, unless a newer upload's report is there. Without a bucket, logs what is not as
//! declared.

use std::sync::Arc;

use futures_util::future::try_join3;
use tokio::time::timeout_at;
use tracing::{error, info, warn};

use super::delivery::Delivery;
use crate::aws::{Existing, ObjectRef, Parts, WriteError};
use crate::outcome::{Notice, Outcome, Refused};
use crate::quote;
use crate::report::{CsvReport, ReportName, html, json_part};
use crate::run::{Origin, Run, Source};

/// The bytes of a page that are sent at a time.
const PART: usize = 65_536;

/// Writes the three files of the report side by side: time may be short. Returns the run as the report has it, and where the
/// JSON is. That is `None` if an existing report was kept, or if S3 will never accept this one.
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
    let [csv_key, json_key, html_key] = ["csv", "json", "html"].map(|ending| format!("{}.{ending}", name.key));
    let (csv, json) = (CsvReport::new(Arc::clone(&run)), Arc::clone(&run));
    let (csv, json) = (Parts::new(move |part| csv.part(part)), Parts::new(move |part| json_part(&json, part)));
    // A page is bounded, so it is made once.
    let page = html(&run).into_bytes();
    let page = Parts::new(move |part| page.chunks(PART).nth(part).map(<[u8]>::to_vec));
    let file = |key| ObjectRef { owner: delivery.identity.administrator, bucket, key, version_id: None };
    let csv = delivery.aws.write_report(file(&csv_key), "text/csv; charset=utf-8", csv, existing);
    let json = delivery.aws.write_report(file(&json_key), "application/json", json, existing);
    let page = delivery.aws.write_report(file(&html_key), "text/html; charset=utf-8", page, existing);
    let written = timeout_at(delivery.schedule.report, try_join3(Box::pin(csv), Box::pin(json), Box::pin(page)));
    let location = format!("s3://{bucket}/{json_key}");
    let written = match written.await.unwrap_or_else(|_| Err(WriteError::late(bucket, &json_key))) {
        Ok((_, true, _)) => Ok(Some(location)),
        Ok((_, false, _)) => {
            info!(location = quote::key(&location), "report not written: a newer upload already has one");
            Ok(None)
        }
        // The same request would be refused at every delivery, so failing this one would not help.
        Err(error) if error.is_final => {
            error!(%error, "report not written");
            log_what_is_not_well(&run);
            Ok(None)
        }
        Err(error) => Err(error),
    };
    (run, written)
}

/// Warns that a list or a request is refused whole. The delivery succeeds, since trying again would not help, so no
/// error draws attention to it.
pub(super) fn warn_of_refusal(origin: &Origin, refused: &Refused) {
    let dry_run = origin.mode.is_plan();
    match &origin.source {
        Source::Upload { bucket, key, version_id } => {
            warn!(bucket, key = quote::key(key), version_id, dry_run, reason = %refused, "list refused");
        }
        Source::Request { request } => warn!(request, dry_run, reason = %refused, "request refused"),
        Source::Reconcile { .. } => warn!(dry_run, reason = %refused, "reconcile refused"),
        Source::Announcement { account, .. } => warn!(%account, reason = %refused, "account refused"),
    }
}

/// How many memberships and rows are logged: a list may have hundreds of thousands.
const LOGGED: usize = 100;

/// Logs what is not as declared, because there is no report to read.
pub(super) fn log_what_is_not_well(run: &Run) {
    let not_well = || run.memberships.iter().filter(|one| !matches!(one.outcome, Outcome::Settled(..)));
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
        warn!(memberships, rejected_rows, "more like these are left out of the log");
    }
}
