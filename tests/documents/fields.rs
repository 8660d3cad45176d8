//! Fields of the JSON report: the reference's tables against a report.

use std::collections::BTreeSet;

use guardduty_onboarding::account::{AccountId, Region};
use guardduty_onboarding::declared::{Goal, Mode};
use guardduty_onboarding::membership::Status;
use guardduty_onboarding::outcome::Retry;
use guardduty_onboarding::report::json_part;
use guardduty_onboarding::roster::Roster;
use guardduty_onboarding::run::{Fleet, ListRead, Origin, Reconcile, Run, Source, Unlisted};
use serde_json::Value;
use time::OffsetDateTime;

use crate::markdown::{Document, names};

const DOCUMENT: &str = "docs/reference.md";

/// The report of a reconcile that is a dry run, which has every field.
fn report(goal: Goal) -> Value {
    let at = OffsetDateTime::UNIX_EPOCH;
    let account = AccountId::parse("111122223333").expect("12 digits");
    let list = ListRead {
        key: "accounts/list.csv".into(),
        version_id: None,
        declared: goal.word(),
        accounts: 1,
        rejected_rows: 0,
    };
    let region = Region::parse("us-east-1").expect("a Region");
    let unlisted = Unlisted { account, region, status: Status::Enabled, email: None };
    let origin = Origin {
        source: Source::Reconcile { reconcile: Reconcile::Report },
        goal: Some(goal),
        mode: Mode::Plan,
        retry: Retry::OnRequest,
        requester: None,
        started_at: at,
    };
    let administrator = AccountId::parse("123456789012").expect("12 digits");
    let fleet = Some(Fleet { lists: [list].into(), unlisted: [unlisted].into() });
    let run = Run {
        fleet,
        is_running: true,
        ..Run::new(origin, administrator, Vec::new(), at, Roster::default(), Vec::new())
    };
    let text: Vec<u8> = (0..).map_while(|number| json_part(&run, number)).flatten().collect();
    serde_json::from_slice(&text).expect("JSON")
}

fn documented(first: &str, second: &str) -> BTreeSet<String> {
    let table = Document::read(DOCUMENT).table(&[first, second]);
    table.keys().flat_map(|cell| names(cell)).map(str::to_owned).collect()
}

fn fields(value: &Value) -> BTreeSet<String> {
    value.as_object().expect("an object").keys().cloned().collect()
}

#[test]
fn the_tables_of_fields_are_those_of_a_report() {
    let report = report(Goal::Monitored);
    assert_eq!(documented("field", "what it is"), fields(&report));
    assert_eq!(documented("field of `summary`", "what it counts"), fields(&report["summary"]));
    assert_eq!(documented("field of `lists`", "what it is"), fields(&report["lists"][0]));
    let table = Document::read(DOCUMENT).table(&["field", "what it is"]);
    let cell = &table["`memberships`"][0];
    let named: BTreeSet<&str> = names(cell).collect();
    for field in fields(&report["memberships"][0]) {
        assert!(named.contains(field.as_str()), "the row of memberships does not name {field}: {cell}");
    }
}

#[test]
fn every_goal_stands_in_the_table_of_prefixes_with_its_word() {
    let table = Document::read(DOCUMENT).table(&["key begins with", "declares", "in a request"]);
    for goal in Goal::ALL {
        let word = report(goal)["declared"].as_str().expect("a word").to_owned();
        let cells = &table[&format!("`{}`", goal.prefix())];
        assert_eq!(names(&cells[0]).next(), Some(word.as_str()), "{cells:?}");
        assert_eq!(names(&cells[1]).next(), Some(format!("\"declared\":\"{word}\"").as_str()), "{cells:?}");
    }
}
