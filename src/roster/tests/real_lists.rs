//! Lists as people have them, one file of `tests/lists` for each situation.

use super::{administrator, read, used};
use crate::roster::{ListError, Notice, Roster, RowProblem, Rules};

fn file(name: &str) -> Roster {
    let path = format!("{}/tests/lists/{name}.csv", env!("CARGO_MANIFEST_DIR"));
    read(&std::fs::read(path).expect("a list"), &Rules::monitored(administrator()))
}

fn rejected(roster: &Roster) -> Vec<(usize, RowProblem)> {
    roster.rejected.iter().map(|row| (row.line, row.problem.clone())).collect()
}

#[test]
fn lists_that_are_well_but_for_their_form_are_used_whole() {
    for (name, accounts) in [
        ("bare-cr-three-columns", &["1 111122223333", "2 444455556666", "3 777788889999"][..]),
        ("bare-cr-with-header", &["2 111122223333"]),
        ("two-email-columns", &["2 111122223333"]),
        ("list-accounts-names", &["2 111122223333"]),
        ("email-address-third", &["2 111122223333"]),
        ("tabs", &["1 111122223333", "2 444455556666"]),
        ("utf-16-tabs", &["2 111122223333"]),
        ("blank-spreadsheet-rows", &["1 111122223333"]),
        ("invisible-and-formula-id", &["1 111122223333", "2 012345678901"]),
        ("sep-line-other-order", &["3 111122223333"]),
        ("line-break-in-a-name", &["2 111122223333", "4 444455556666"]),
    ] {
        let roster = file(name);
        assert_eq!(used(&roster), accounts, "{name}");
        assert_eq!(roster.accounts[0].expose_email(), "payments@example.com", "{name}");
        assert_eq!((rejected(&roster), roster.notices, roster.refused), (vec![], vec![], None), "{name}");
    }
}

#[test]
fn a_closed_account_in_organizations_export_is_rejected_by_its_state() {
    let roster = file("organizations-export-with-closed");
    assert_eq!(used(&roster), ["2 111122223333"]);
    let id = crate::account::AccountId::parse("444455556666").expect("twelve digits");
    assert_eq!(rejected(&roster), [(3, RowProblem::NotActive { id, state: "CLOSED" })]);
    assert!(roster.rejected[0].problem.to_string().starts_with("the list says that account 444455556666 is CLOSED"));
}

#[test]
fn a_title_and_an_old_character_set_are_in_the_notices() {
    let roster = file("title-above-windows-1252");
    assert_eq!(used(&roster), ["4 111122223333"]);
    let titles = Notice::Titles { titles: vec![1], with_account: vec![] };
    assert_eq!((rejected(&roster), roster.notices), (vec![], vec![titles, Notice::Windows1252]));
}

#[test]
fn json_is_refused_with_the_way_to_a_list() {
    let roster = file("json-in-disguise");
    assert_eq!((roster.refused.clone(), used(&roster)), (Some(ListError::Json), vec![]));
    assert!(ListError::Json.to_string().contains("--output text"), "{}", ListError::Json);
}

#[test]
fn a_quotation_mark_that_is_never_closed_costs_its_own_line() {
    let roster = file("quotation-mark-never-closed");
    assert_eq!(used(&roster), ["2 444455556666"]);
    assert_eq!(rejected(&roster), [(1, RowProblem::QuotationMark)]);
    assert_eq!(roster.rejected[0].account_id, "111122223333,\"payments@example.com");
}

#[test]
fn every_file_is_in_a_test() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/lists");
    let source = include_str!("real_lists.rs");
    for entry in std::fs::read_dir(folder).expect("the lists") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().and_then(|name| name.to_str()).expect("a name").to_owned();
        assert!(source.contains(&format!("\"{name}\"")), "{name}.csv is in no test");
    }
}
