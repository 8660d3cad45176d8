//! Writes reports to the bucket, unless a newer upload's report is there. Without a bucket, logs what is not as
//! declared.

use std::sync::Arc;

use futures_util::future::{try_join, try_join3};
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

/// Writes the report of a run that is under way: no CSV, which is to be corrected and uploaded, and none over a newer
/// upload's report. The next one comes soon, so what does not succeed is a warning.
pub(super) async fn write_running(delivery: &Delivery<'_>, mut run: Run, bucket: &str) {
    let files = Files::new(delivery, &mut run, bucket);
    let run = Arc::new(run);
    let (json, page) = (json(&run), page(&run));
    let json = files.write(Ending::Json, json, Existing::Replace);
    let page = files.write(Ending::Html, page, Existing::Replace);
    if let Err(error) = try_join(Box::pin(json), Box::pin(page)).await {
        warn!(%error, "running report not written");
    }
}

/// Writes the three files of the report side by side: time may be short. Returns the run as the report has it, and where the
/// JSON is. That is `None` if an existing report was kept, or if S3 will never accept this one.
pub(super) async fn write(
    delivery: &Delivery<'_>,
    mut run: Run,
    bucket: &str,
    existing: Existing,
) -> (Arc<Run>, Result<Option<String>, WriteError>) {
    let files = Files::new(delivery, &mut run, bucket);
    let run = Arc::new(run);
    let csv = CsvReport::new(Arc::clone(&run));
    let csv = Parts::new(move |part| csv.part(part));
    let (json, page) = (json(&run), page(&run));
    let csv = files.write(Ending::Csv, csv, existing);
    let json = files.write(Ending::Json, json, existing);
    let page = files.write(Ending::Html, page, existing);
    let written = timeout_at(delivery.schedule.report, try_join3(Box::pin(csv), Box::pin(json), Box::pin(page)));
    let json_key = files.key(Ending::Json);
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

fn json(run: &Arc<Run>) -> Parts {
    let run = Arc::clone(run);
    Parts::new(move |part| json_part(&run, part))
}

/// A page is bounded, so it is made once.
fn page(run: &Run) -> Parts {
    let page = html(run).into_bytes();
    Parts::new(move |part| page.chunks(PART).nth(part).map(<[u8]>::to_vec))
}

/// Where the files of a report go.
struct Files<'a> {
    delivery: &'a Delivery<'a>,
    bucket: &'a str,
    /// Without an ending.
    name: String,
}

#[derive(Debug, Clone, Copy)]
enum Ending {
    Csv,
    Json,
    Html,
}

impl<'a> Files<'a> {
    /// The files of the run's report, which says if its name had to be cut.
    fn new(delivery: &'a Delivery<'a>, run: &mut Run, bucket: &'a str) -> Self {
        let config = delivery.config;
        let name = ReportName::new(&run.origin.source, &config.report_prefix, config.report_bucket.as_deref());
        if name.cut {
            run.notices.push(Notice::NameCut);
        }
        Self { delivery, bucket, name: name.key }
    }

    fn key(&self, ending: Ending) -> String {
        let ending = match ending {
            Ending::Csv => "csv",
            Ending::Json => "json",
            Ending::Html => "html",
        };
        format!("{}.{ending}", self.name)
    }

    /// Returns `false` if an existing file was kept.
    async fn write(&self, ending: Ending, body: Parts, existing: Existing) -> Result<bool, WriteError> {
        let content_type = match ending {
            Ending::Csv => "text/csv; charset=utf-8",
            Ending::Json => "application/json",
            Ending::Html => "text/html; charset=utf-8",
        };
        let (owner, key) = (self.delivery.identity.administrator, self.key(ending));
        let file = ObjectRef { owner, bucket: self.bucket, key: &key, version_id: None };
        self.delivery.aws.write_report(file, content_type, body, existing).await
    }
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
