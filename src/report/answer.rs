//! The function's answer: a summary per report, and for a direct request everything, as far as it fits.

use serde_json::{Value, json};

use super::{Report, Run, Summary, Tally};

/// Lambda's answers end at 6 MB (AWS Lambda quotas); past this many bytes something is left out.
const MAX_BYTES: usize = 5_000_000;

/// How one run is answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    /// Its part of the function's answer.
    pub answer: Value,
    /// Where its report was written, as `s3://bucket/key`.
    pub location: Option<String>,
    /// Whether somebody reads the answer: then it carries memberships, rejected rows and notices.
    pub whole: bool,
    /// Whether it was only planned.
    pub dry_run: bool,
    /// Counts.
    pub summary: Summary,
    /// What it came to, for the metrics.
    pub tally: Tally,
}

impl Answered {
    /// The answer to a run whose report is at `location`.
    #[must_use]
    pub fn new(run: &Run, location: Option<String>, whole: bool) -> Self {
        let summary = run.summary();
        let mut answer = json!({ "source": run.source, "summary": summary, "location": location });
        if whole {
            complete(&mut answer, run.report(), MAX_BYTES);
        }
        Self { answer, location, whole, dry_run: run.dry_run, summary, tally: run.tally() }
    }
}

/// The answer to an event.
#[must_use]
pub fn answer(reports: &[Answered]) -> Value {
    json!({ "reports": reports.iter().map(|answered| &answered.answer).collect::<Vec<_>>() })
}

/// Puts as much of the report into the answer as fits.
fn complete(answer: &mut Value, mut report: Report<'_>, max_bytes: usize) {
    let mut truncated = false;
    let mut fits = |report: &Report<'_>, truncated: bool| {
        answer["memberships"] = json!(report.memberships);
        answer["rejectedRows"] = json!(report.rejected_rows);
        answer["notices"] = json!(report.notices);
        if truncated {
            answer["truncated"] = json!(true);
        }
        answer.to_string().len() <= max_bytes
    };
    // In the order of how little they are missed: what is enabled, all memberships, rejected rows.
    let cuts: [fn(&mut Report<'_>); 3] = [
        |report| report.memberships.retain(|membership| membership.outcome != "enabled"),
        |report| report.memberships.clear(),
        |report| report.rejected_rows.clear(),
    ];
    for cut in cuts {
        if fits(&report, truncated) {
            return;
        }
        truncated = true;
        cut(&mut report);
    }
    fits(&report, truncated);
}

#[cfg(test)]
mod tests {
    use super::super::{MembershipRow, RejectedRow, Source};
    use super::*;

    fn completed(enabled: usize, failed: usize, max_bytes: usize) -> Value {
        let row = |outcome| MembershipRow {
            account_id: "111122223333",
            region: "us-east-1",
            outcome,
            status: None,
            detail: None,
        };
        let notices = ["a notice".into()];
        let report = Report {
            source: &Source::Request { request: "r-1".into() },
            administrator: "123456789012",
            regions: vec!["us-east-1"],
            dry_run: false,
            started_at: "2026-01-01T00:00:00Z".into(),
            finished_at: "2026-01-01T00:00:04Z".into(),
            notices: &notices,
            summary: Summary::default(),
            memberships: [vec![row("enabled"); enabled], vec![row("failed"); failed]].concat(),
            rejected_rows: vec![RejectedRow { line: 1, reason: "a reason".into() }],
        };
        let mut answer = json!({"summary": {}});
        complete(&mut answer, report, max_bytes);
        answer
    }

    #[test]
    fn a_request_is_answered_whole_while_it_fits() {
        let report = completed(1, 1, 2_000);
        assert_eq!(report["memberships"].as_array().map(Vec::len), Some(2));
        assert_eq!(report["notices"], json!(["a notice"]));
        assert!(report.get("truncated").is_none());
    }

    #[test]
    fn what_is_enabled_is_left_out_first_then_all_memberships() {
        let report = completed(50, 2, 2_000);
        assert_eq!((report["memberships"].as_array().map(Vec::len), &report["truncated"]), (Some(2), &json!(true)));
        let report = completed(50, 50, 2_000);
        assert_eq!((report["memberships"].as_array().map(Vec::len), &report["truncated"]), (Some(0), &json!(true)));
        assert_eq!(report["rejectedRows"].as_array().map(Vec::len), Some(1));
    }
}
