//! Where reports go: to the bucket, unless a newer upload's is there; where there is no bucket, what is not well goes to the
//! log.

use futures_util::future::{join, try_join};
use tokio::time::{Instant, timeout_at};
use tracing::warn;

use super::delivery::Delivery;
use crate::aws::{Superseded, WriteError};
use crate::event::Upload;
use crate::outcome::Outcome;
use crate::report::Run;

impl Delivery<'_> {
    /// Whether the list was replaced while it was carried out, or before: the report has the name of the newer upload's,
    /// which is the one to keep. Where that can't be seen in time, it was not.
    pub(super) async fn is_outdated(&self, upload: &Upload) -> bool {
        if upload.version_id.is_none() {
            return false;
        }
        let now = Instant::now();
        let soon = now + self.schedule.report.saturating_duration_since(now) / 4;
        let asked = timeout_at(soon, Box::pin(self.aws.superseded(upload)));
        matches!(asked.await, Ok(Ok(Some(Superseded::Newer))))
    }

    /// Writes both files of the report, side by side: time may be short. Where the JSON is; none if `keep`, which is asked
    /// while they are made, kept the one that was there.
    pub(super) async fn write(
        &self,
        run: &Run,
        bucket: &str,
        keep: impl Future<Output = bool>,
    ) -> Result<Option<String>, WriteError> {
        let name = run.source.report_name(&self.config.report_prefix);
        let made = async { (run.csv(), serde_json::to_vec_pretty(&run.report()).unwrap_or_default()) };
        let (keep, (csv, json)) = join(keep, made).await;
        let (csv_key, json_key) = (format!("{name}.csv"), format!("{name}.json"));
        let csv = self.aws.write_report(bucket, &csv_key, "text/csv; charset=utf-8", csv, keep);
        let json = self.aws.write_report(bucket, &json_key, "application/json", json, keep);
        let late = |_| WriteError { bucket: bucket.into(), key: json_key.clone(), quoted: "no answer in time".into() };
        let written = timeout_at(self.schedule.report, try_join(Box::pin(csv), Box::pin(json)));
        let (_, json_written) = written.await.map_err(late)??;
        Ok(json_written.then(|| format!("s3://{bucket}/{json_key}")))
    }
}

/// What an answer would say of a request, where nobody reads the answer and no bucket takes a report.
pub(super) fn log_what_is_not_well(run: &Run) {
    let report = run.report();
    for row in report.memberships.iter().filter(|row| row.outcome != Outcome::Enabled.word()) {
        warn!(account = row.account_id, region = row.region, outcome = row.outcome, detail = row.detail, "not enabled");
    }
    for row in &report.rejected_rows {
        warn!(line = row.line, reason = row.reason, "row rejected");
    }
}
