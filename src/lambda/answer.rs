//! The function's answer: a summary per report, and for a direct request the whole report, as far as it fits.

use std::sync::Arc;

use serde_json::{Value, json};
use time::OffsetDateTime;

use super::metrics::Tally;
use crate::declared::Mode;
use crate::outcome::Outcome;
use crate::report::{membership_row, rejected_row};
use crate::run::{Membership, Run, Summary};

/// Lambda allows answers of 6 MB (AWS Q2). Beyond this many bytes something is left out.
const MAX_BYTES: usize = 5_000_000;

/// Who reads an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Audience {
    /// A direct caller: the answer carries memberships, rejected rows and notices.
    Reader,
    /// Somebody who started a reconcile: the same without memberships. What is pending is left to the next one.
    Passer,
    Nobody,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Answered {
    /// Its part of the function's answer.
    pub answer: Value,
    /// Where its report was written, as `s3://bucket/key`.
    pub location: Option<String>,
    pub audience: Audience,
    pub mode: Mode,
    pub summary: Summary,
    pub tally: Tally,
}

impl Answered {
    #[must_use]
    pub(super) fn new(
        run: &Run,
        location: Option<String>,
        audience: Audience,
        pending_since: Option<OffsetDateTime>,
    ) -> Self {
        let (summary, mode) = (run.summary(), run.origin.mode);
        let mut answer = json!({ "source": run.origin.source, "summary": summary, "location": location });
        match audience {
            Audience::Reader => complete(&mut answer, run, &run.memberships, MAX_BYTES),
            Audience::Passer => {
                complete(&mut answer, run, &[], MAX_BYTES);
                answer.as_object_mut().map(|fields| fields.remove("memberships"));
            }
            Audience::Nobody => {}
        }
        Self { answer, location, audience, mode, summary, tally: Tally::new(run, pending_since) }
    }
}

/// The answer to an event: the answers to its parts, as many as fit. A single one has been made to fit.
#[must_use]
pub(super) fn answer(reports: &[&Answered]) -> Value {
    let mut bytes = 0;
    let fits = |(index, answered): &(usize, &&Answered)| {
        bytes += answered.answer.to_string().len() + 1;
        *index == 0 || bytes <= MAX_BYTES
    };
    let fitting: Vec<&Value> =
        reports.iter().enumerate().take_while(fits).map(|(_, answered)| &answered.answer).collect();
    if fitting.len() < reports.len() {
        return json!({ "reports": fitting, "truncated": true });
    }
    json!({ "reports": fitting })
}

/// Puts as much of the report into the answer as fits.
fn complete(answer: &mut Value, run: &Run, memberships: &[Arc<Membership>], max_bytes: usize) {
    // The least missed is left out first: what is as declared, then all memberships, then rejected rows.
    let not_settled = |membership: &&Membership| !matches!(membership.outcome, Outcome::Settled(..));
    let rejected: Vec<Value> = run.roster.rejected.iter().map(|row| json!(rejected_row(row))).collect();
    let notices = json!(run.notices.iter().map(ToString::to_string).collect::<Vec<_>>());
    let around = answer.to_string().len() + notices.to_string().len() + 100;
    let fits = |memberships: Option<Vec<Value>>, rejected: &[Value]| {
        memberships.filter(|rows| around + bytes(rows) + bytes(rejected) <= max_bytes)
    };
    let memberships = || memberships.iter().map(AsRef::as_ref);
    let all = at_most(run, memberships(), max_bytes);
    let some = || at_most(run, memberships().filter(not_settled), max_bytes);
    let (memberships, rejected, truncated) = if let Some(all) = fits(all, &rejected) {
        (all, rejected, false)
    } else if let Some(some) = fits(some(), &rejected) {
        (some, rejected, true)
    } else if fits(Some(Vec::new()), &rejected).is_some() {
        (Vec::new(), rejected, true)
    } else {
        (Vec::new(), Vec::new(), true)
    };
    answer["memberships"] = memberships.into();
    answer["rejectedRows"] = rejected.into();
    answer["notices"] = notices;
    if truncated {
        answer["truncated"] = true.into();
    }
}

/// These memberships as JSON. `None` if they are more than `max_bytes`: a list may have hundreds of thousands.
fn at_most<'a>(run: &Run, rows: impl Iterator<Item = &'a Membership>, max_bytes: usize) -> Option<Vec<Value>> {
    let (mut values, mut length) = (Vec::new(), 0);
    for row in rows {
        let value = json!(membership_row(row, run.origin.retry));
        length += value.to_string().len() + 1;
        if length > max_bytes {
            return None;
        }
        values.push(value);
    }
    Some(values)
}

fn bytes(rows: &[Value]) -> usize {
    rows.iter().map(|row| row.to_string().len() + 1).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{AccountId, Region};
    use crate::declared::Goal;
    use crate::outcome::{Notice, Reason, Retry};
    use crate::roster::Rules;
    use crate::roster::{self, Roster};
    use crate::run::{Origin, Source};

    fn run(enabled: usize, failed: usize) -> Run {
        let administrator = AccountId::parse("123456789012").expect("twelve digits");
        let row = |outcome: Outcome| Membership {
            list: None,
            goal: Goal::Monitored,
            account: AccountId::parse("111122223333").expect("twelve digits"),
            line: Some(1),
            region: Region::parse("us-east-1").expect("a Region"),
            status: None,
            outcome,
        };
        let origin = Origin {
            source: Source::Request { request: "r-1".into() },
            goal: Some(Goal::Monitored),
            requester: None,
            mode: Mode::Apply,
            retry: Retry::OnRequest,
            started_at: OffsetDateTime::UNIX_EPOCH,
        };
        let rejected = roster::read(b"1,x", &Rules::monitored(administrator)).rejected;
        let roster = Roster { rejected, ..Roster::default() };
        let memberships = [
            vec![row(Outcome::Settled(Goal::Monitored, None)); enabled],
            vec![row(Outcome::Failed(Reason::Stuck)); failed],
        ]
        .concat();
        let finished_at = OffsetDateTime::UNIX_EPOCH;
        let notices = vec![Notice::NotWritten("a notice".into())];
        Run { notices, ..Run::new(origin, administrator, Vec::new(), finished_at, roster, memberships) }
    }

    fn completed(enabled: usize, failed: usize, max_bytes: usize) -> Value {
        let mut answer = json!({"summary": {}});
        let run = run(enabled, failed);
        complete(&mut answer, &run, &run.memberships, max_bytes);
        assert!(answer.to_string().len() <= max_bytes, "{}", answer.to_string().len());
        answer
    }

    #[test]
    fn an_upload_is_answered_by_its_summary_and_a_request_by_the_whole() {
        let location = "s3://b/reports/accounts/team.json";
        let upload = Answered::new(&run(4, 0), Some(location.into()), Audience::Nobody, None).answer;
        assert_eq!((&upload["summary"]["enabled"], &upload["location"]), (&4.into(), &location.into()));
        assert_eq!((upload.get("memberships"), upload.get("notices")), (None, None));
        let request = Answered::new(&run(4, 0), None, Audience::Reader, None).answer;
        assert_eq!((request["memberships"].as_array().map(Vec::len), &request["location"]), (Some(4), &Value::Null));
    }

    #[test]
    fn a_request_is_answered_whole_while_it_fits() {
        let report = completed(1, 1, 2_000);
        assert_eq!(report["memberships"].as_array().map(Vec::len), Some(2));
        assert_eq!(report["notices"], json!(["a notice"]));
        assert!(report.get("truncated").is_none());
    }

    #[test]
    fn of_an_event_with_very_many_parts_as_many_are_answered_as_fit() {
        let answer_of = |count: usize| {
            let one = Answered {
                answer: json!({"source": {"key": "x".repeat(1_000)}}),
                location: None,
                audience: Audience::Nobody,
                mode: Mode::Apply,
                summary: Summary::default(),
                tally: Tally::default(),
            };
            answer(&vec![&one; count])
        };
        assert_eq!(answer_of(2)["reports"].as_array().map(Vec::len), Some(2));
        assert!(answer_of(4_000).get("truncated").is_none());
        let truncated = answer_of(10_000);
        assert_eq!(truncated["truncated"], true);
        assert!((4_900_000..=MAX_BYTES + 100).contains(&truncated.to_string().len()));
    }

    #[test]
    fn what_is_enabled_is_left_out_first_then_all_memberships() {
        let report = completed(50, 2, 2_000);
        assert_eq!((report["memberships"].as_array().map(Vec::len), &report["truncated"]), (Some(2), &json!(true)));
        let report = completed(50, 50, 2_000);
        assert_eq!((report["memberships"].as_array().map(Vec::len), &report["truncated"]), (Some(0), &json!(true)));
        assert_eq!(report["rejectedRows"].as_array().map(Vec::len), Some(1));
        assert_eq!(completed(1, 1, 160)["rejectedRows"], json!([]));
    }
}
