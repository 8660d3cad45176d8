//! The function's answer: a summary per report, and for a direct request everything, as far as it fits.

use serde_json::{Value, json};

use super::{Report, Run, Tally};

/// Lambda's answers end at 6 MB (AWS Lambda quotas); past this many bytes something is left out.
const MAX_BYTES: usize = 5_000_000;

/// One report, and how it is answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    /// The report.
    pub report: Report,
    /// Where it was written, as `s3://bucket/key`.
    pub location: Option<String>,
    /// Whether somebody reads the answer: then it carries memberships, rejected rows and notices.
    pub whole: bool,
    /// What the run came to.
    pub tally: Tally,
}

impl Answered {
    /// The answer to a run whose report is at `location`.
    #[must_use]
    pub fn new(run: &Run, location: Option<String>, whole: bool) -> Self {
        Self { report: run.report(), location, whole, tally: run.tally() }
    }
}

/// The answer to an event.
#[must_use]
pub fn answer(reports: &[Answered]) -> Value {
    json!({ "reports": reports.iter().map(|answered| one(answered, MAX_BYTES)).collect::<Vec<_>>() })
}

fn one(Answered { report, location, whole, .. }: &Answered, max_bytes: usize) -> Value {
    let mut answer = json!({ "source": report.source, "summary": report.summary, "location": location });
    if !whole {
        return answer;
    }
    let mut report = report.clone();
    let mut truncated = false;
    let mut fits = |report: &Report, truncated: bool| {
        answer["memberships"] = json!(report.memberships);
        answer["rejectedRows"] = json!(report.rejected_rows);
        answer["notices"] = json!(report.notices);
        if truncated {
            answer["truncated"] = json!(true);
        }
        answer.to_string().len() <= max_bytes
    };
    // In the order of how little they are missed: what is enabled, all memberships, rejected rows.
    let cuts: [fn(&mut Report); 3] = [
        |report| report.memberships.retain(|membership| membership.outcome != "enabled"),
        |report| report.memberships.clear(),
        |report| report.rejected_rows.clear(),
    ];
    for cut in cuts {
        if fits(&report, truncated) {
            return answer;
        }
        truncated = true;
        cut(&mut report);
    }
    fits(&report, truncated);
    answer
}

#[cfg(test)]
mod tests {
    use super::super::{MembershipRow, RejectedRow, Source, Summary};
    use super::*;

    fn answered(enabled: usize, failed: usize, whole: bool) -> Answered {
        let row = |outcome| MembershipRow {
            account_id: "111122223333".into(),
            region: "us-east-1".into(),
            outcome,
            status: None,
            detail: None,
        };
        let report = Report {
            source: Source::Request { request: "r-1".into() },
            administrator: "123456789012".into(),
            regions: vec!["us-east-1".into()],
            dry_run: false,
            started_at: "2026-01-01T00:00:00Z".into(),
            finished_at: "2026-01-01T00:00:04Z".into(),
            notices: vec!["a notice".into()],
            summary: Summary::default(),
            memberships: [vec![row("enabled"); enabled], vec![row("failed"); failed]].concat(),
            rejected_rows: vec![RejectedRow { line: 1, reason: "a reason".into() }],
        };
        Answered { report, location: None, whole, tally: Tally::default() }
    }

    #[test]
    fn an_upload_is_answered_by_its_summary_alone() {
        let answer = answer(&[answered(1, 1, false)]);
        let report = &answer["reports"][0];
        assert_eq!(report["source"], json!({"request": "r-1"}));
        assert!(report.get("memberships").is_none() && report["location"].is_null());
    }

    #[test]
    fn a_request_is_answered_whole_while_it_fits() {
        let report = one(&answered(1, 1, true), 2_000);
        assert_eq!(report["memberships"].as_array().map(Vec::len), Some(2));
        assert_eq!(report["notices"], json!(["a notice"]));
        assert!(report.get("truncated").is_none());
    }

    #[test]
    fn what_is_enabled_is_left_out_first_then_all_memberships() {
        let report = one(&answered(50, 2, true), 2_000);
        assert_eq!((report["memberships"].as_array().map(Vec::len), &report["truncated"]), (Some(2), &json!(true)));
        let report = one(&answered(50, 50, true), 2_000);
        assert_eq!((report["memberships"].as_array().map(Vec::len), &report["truncated"]), (Some(0), &json!(true)));
        assert_eq!(report["rejectedRows"].as_array().map(Vec::len), Some(1));
    }
}
