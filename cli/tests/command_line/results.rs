//! Results: standard output has them and nothing else, in each form; nothing personal is in any but the CSV.

use std::io::Read;
use std::process::Stdio;

use serde_json::Value;

use crate::machine::*;

fn trouble() -> Machine {
    let machine = Machine::new();
    machine.world.email_is(ALICE, "somebody-else@example.com");
    machine.world.role_missing(BOB);
    machine.file("list.csv", format!("{TWO}12345,carol@example.com\n"));
    machine
}

#[test]
fn json_is_json_at_any_verbosity_and_has_no_address() {
    for level in ["", "debug", "trace"] {
        let machine = trouble();
        for words in ["check list.csv", "plan list.csv", "apply list.csv --yes --settle 1", "status list.csv"] {
            let words: Vec<&str> = words.split(' ').chain(["--output", "json"]).collect();
            let (_, out, err) = ended(machine.gdo(&words).env("RUST_LOG", level).output().expect("gdo starts"));
            let report: Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{words:?}: {error}\n{out}"));
            assert_eq!(report["summary"]["rejectedRows"], 1, "{report:#}");
            assert!(!out.contains("@example.com") && !err.contains("@example.com"), "{words:?}\n{out}\n{err}");
            assert_eq!(err.lines().any(|line| line.contains("\"level\"")), !level.is_empty() && words[0] != "check");
        }
    }
}

#[test]
fn csv_is_a_list_again_and_html_a_page() {
    let machine = trouble();
    let (status, csv, _) = machine.run(&["apply", "list.csv", "--yes", "--settle", "1", "--output", "csv"]);
    assert_eq!(status, 3);
    assert!(
        csv.starts_with("Account ID,Email,Line,Outcome,Regions,Detail\n111122223333,alice@example.com,1,failed,"),
        "{csv}"
    );
    assert!(csv.contains("12345,carol@example.com,3,rejected,"), "{csv}");
    let page = machine.home.join("report.html");
    let words = ["status", "list.csv", "--output", "html", "--out", page.to_str().expect("UTF-8")];
    let (status, out, _) = machine.run(&words);
    assert_eq!((status, out.as_str()), (3, ""));
    assert!(std::fs::read_to_string(page).expect("the page").starts_with("<!doctype html>"));
}

#[test]
fn what_is_pending_says_what_to_do_next_in_this_programs_words() {
    let machine = trouble();
    let (_, out, _) = machine.run(&["apply", "list.csv", "--yes", "--settle", "1", "--output", "json"]);
    let report: Value = serde_json::from_str(&out).expect("JSON");
    let rows = report["memberships"].as_array().expect("rows");
    let bob = rows.iter().find(|row| row["accountId"] == BOB).expect("Bob");
    assert!(bob["detail"].as_str().is_some_and(|detail| detail.ends_with("; apply the list again")), "{bob}");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let machine = Machine::new();
    let rows: String = (0..5_000).map(|_| "12345,user@example.com\n").collect();
    machine.file("list.csv", rows);
    for form in ["json", "csv"] {
        let mut gdo = machine.gdo(&["check", "list.csv", "--output", form]);
        let mut gdo = gdo.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("gdo starts");
        let mut first = [0; 10];
        gdo.stdout.take().expect("a pipe").read_exact(&mut first).expect("a beginning");
        let (status, _, err) = ended(gdo.wait_with_output().expect("gdo ends"));
        assert_eq!((status, err.as_str()), (1, ""), "{form}: the list has no valid row, and nothing else is wrong");
    }
}

#[test]
fn colours_are_for_terminals_unless_they_are_asked_for() {
    let machine = trouble();
    let words = ["apply", "list.csv", "--yes", "--settle", "1"];
    assert!(!machine.run(&words).1.contains('\u{1b}'));
    assert!(machine.run(&[&words[..], &["--color", "always"]].concat()).1.contains('\u{1b}'));
}

#[test]
fn a_file_that_cannot_be_written_is_found_out_before_the_work() {
    let machine = Machine::new();
    machine.file("two.csv", TWO);
    for (out, expected) in [("missing/report.json", 1), (".", 1), ("two.csv", 64)] {
        let (status, shown, err) = machine.run(&["apply", "two.csv", "--yes", "--out", out]);
        assert_eq!((status, shown.as_str()), (expected, ""), "{out}: {err}");
        assert!(err.contains(&format!("--out {out}")), "{err}");
        assert!(machine.world.ledger().is_empty(), "{out}: nothing was asked of AWS");
    }
    assert_eq!(std::fs::read_to_string(machine.home.join("two.csv")).expect("the list"), TWO);
}
