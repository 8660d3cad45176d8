//! What a report says about a run, and that its CSV reads back.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::json;
use time::OffsetDateTime;

use super::*;
use crate::account::{AccountId, Region};
use crate::declared::{Declared, Goal, Mode};
use crate::membership::Status;
use crate::outcome::{Outcome, Reason, Retry, Wait};
use crate::roster::{self, Roster, Rules};
use crate::run::{Membership, Origin, Run, Source};

pub(super) fn administrator() -> AccountId {
    AccountId::parse("123456789012").expect("twelve digits")
}

pub(super) fn region(code: &str) -> Region {
    Region::parse(code).expect("a Region")
}

/// A run over `list` in two Regions. Everything is enabled except what `ends` says.
pub(super) fn run(list: &str, ends: impl Fn(usize, &str) -> Option<Outcome>) -> Run {
    let roster = roster::read(list.as_bytes(), &Rules::monitored(administrator()));
    let regions = vec![region("us-east-1"), region("eu-west-1")];
    let memberships = roster.accounts.iter().flat_map(|account| {
        let declared = Declared::new(account.clone(), Goal::Monitored);
        let of = |region: &Region| {
            let outcome = account
                .line
                .and_then(|line| ends(line, region.as_str()))
                .unwrap_or(Outcome::Settled(Goal::Monitored, None));
            Membership::new(&declared, region, Some(Status::Enabled), outcome)
        };
        regions.iter().map(of).collect::<Vec<_>>()
    });
    let origin = Origin {
        source: Source::Upload { bucket: "b".into(), key: "accounts/team.csv".into(), version_id: Some("v".into()) },
        goal: Some(Goal::Monitored),
        requester: None,
        mode: Mode::Apply,
        retry: Retry::ByItself,
        started_at: OffsetDateTime::UNIX_EPOCH,
    };
    let finished_at = OffsetDateTime::UNIX_EPOCH + std::time::Duration::from_millis(4999);
    let memberships = memberships.collect();
    Run::new(origin, administrator(), regions, finished_at, roster, memberships)
}

fn json(run: &Run) -> serde_json::Value {
    let parts: Vec<u8> = (0..).map_while(|number| json_part(run, number)).flatten().collect();
    serde_json::from_slice(&parts).expect("JSON")
}

fn csv(run: Run) -> Vec<u8> {
    let report = CsvReport::new(run.into());
    (0..).map_while(|number| report.part(number)).flatten().collect()
}

const LIST: &str =
    "Account ID,Email\n111122223333,a@example.com\n12345678901,short@example.com\n444455556666,b@example.com\n";

#[test]
fn the_json_report_has_the_documented_form() {
    let run =
        run(LIST, |line, region| (line == 4 && region == "eu-west-1").then_some(Outcome::Pending(Wait::Verification)));
    let mut report = json(&run);
    assert_eq!(report["memberships"].as_array().map(Vec::len), Some(4));
    assert_eq!(
        report["memberships"][0],
        json!({"accountId": "111122223333", "region": "us-east-1", "outcome": "enabled", "status": "Enabled", "detail": null})
    );
    report["memberships"] = json!([]);
    let expected = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "source": {"bucket": "b", "key": "accounts/team.csv", "versionId": "v"},
        "administrator": "123456789012", "regions": ["us-east-1", "eu-west-1"], "dryRun": false, "declared": "monitored",
        "startedAt": "1970-01-01T00:00:00Z", "finishedAt": "1970-01-01T00:00:04Z", "notices": [],
        "summary": {"accounts": 2, "memberships": 4, "enabled": 3, "suspended": 0, "removed": 0, "pending": 1, "failed": 0, "skipped": 0,
            "rejectedRows": 1, "complete": false},
        "memberships": [],
        "rejectedRows": [{"line": 3, "reason":
            "account id \"12345678901\" has 11 digits, expected 12 (a spreadsheet may have dropped a leading zero)"}]
    });
    assert_eq!(report, expected);
}

#[test]
fn the_csv_report_has_a_row_per_account_with_its_worst_outcome() {
    let run = run(LIST, |line, region| match (line, region) {
        (4, "eu-west-1") => Some(Outcome::Failed(Reason::WrongEmail)),
        (4, _) => Some(Outcome::Pending(Wait::Verification)),
        _ => None,
    });
    let csv = String::from_utf8(csv(run)).expect("UTF-8");
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines[0], "Account ID,Email,Line,Outcome,Regions,Detail");
    assert_eq!(lines[1], "111122223333,a@example.com,2,enabled,us-east-1 eu-west-1,");
    assert!(lines[2].starts_with("12345678901,short@example.com,3,rejected,,\"account id"), "{}", lines[2]);
    assert!(
        lines[3].starts_with("444455556666,b@example.com,4,failed,eu-west-1,\"the e-mail on line 4"),
        "{}",
        lines[3]
    );
}

#[test]
fn a_row_of_the_csv_report_has_two_sentences_and_a_count() {
    let mut run = run("111122223333,a@example.com\n", |_, _| None);
    let in_region = |number| Membership {
        region: region(&format!("eu-west-{number}")),
        outcome: Outcome::Failed(Reason::MemberRegion),
        ..Membership::clone(&run.memberships[0])
    };
    run.memberships = (1..=17).map(in_region).map(Arc::new).collect();

    let csv = String::from_utf8(csv(run)).expect("UTF-8");

    assert_eq!(csv.matches("is not enabled in account").count(), 2, "{csv}");
    assert!(csv.contains("and 15 more like these, see the JSON report") && csv.contains("eu-west-17"), "{csv}");
}

#[test]
fn a_report_in_many_parts_has_every_row_once() {
    for rows in [0, 1, 499, 500, 501, 1_300] {
        let good = (0..rows).map(|id| format!("{id:012},a@example.com\n"));
        let bad = (0..rows).map(|_| "1,b@example.com\n".to_owned());
        let run = run(&good.chain(bad).collect::<String>(), |_, _| None);

        let report = json(&run);
        assert_eq!(report["memberships"].as_array().map(Vec::len), Some(2 * rows));
        assert_eq!(report["rejectedRows"].as_array().map(Vec::len), Some(rows));
        assert_eq!(String::from_utf8(csv(run)).expect("UTF-8").lines().count(), 1 + 2 * rows);
    }
}

#[test]
fn a_cell_that_a_spreadsheet_would_run_is_guarded() {
    let csv_of = |list| csv(run(list, |_, _| None));
    let csv = String::from_utf8(csv_of("111122223333,=cmd@example.com\n=1+1,x\n")).expect("UTF-8");
    assert!(csv.contains("111122223333,'=cmd@example.com,") && csv.contains("'=1+1,x,"), "{csv}");
    let hidden = csv_of("111122223333,a; =1+1;b\n");
    assert!(String::from_utf8_lossy(&hidden).contains("a; '=1+1;b"));
}

pub(super) fn any_line() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => ("[0-9]{12}", "[=+a-z]{1,3}@example\\.com").prop_map(|(id, email)| format!("{id},{email}")),
        1 => ("11112222333[0-9]", "[ab]@example\\.com").prop_map(|(id, email)| format!("{id};{email}")),
        1 => "[0-9\",;'=@ a\r]{0,20}",
        1 => "\\PC{0,30}",
    ]
}

proptest! {
    #[test]
    fn our_csv_report_reads_back_as_the_same_accounts(lines in proptest::collection::vec(any_line(), 0..30)) {
        let run = run(&lines.join("\n"), |_, _| None);
        let again = roster::read(&csv(run.clone()), &Rules::monitored(administrator()));
        let accounts = |roster: &Roster| roster.accounts.iter().map(|a| (a.id, a.email.clone())).collect::<Vec<_>>();
        prop_assert_eq!(accounts(&run.roster), accounts(&again));
        prop_assert_eq!(run.roster.rejected.len(), again.rejected.len());
    }
}
