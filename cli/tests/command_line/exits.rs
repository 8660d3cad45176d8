//! Exit statuses: each that a command can have.

use std::process::Stdio;

use aws_sim::ADMINISTRATOR;

use crate::machine::*;

/// What is wrong with the world, or with the list.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Trouble {
    Nothing,
    Joined,
    WrongEmail,
    NoRole,
    Both,
}

fn machine(trouble: Trouble) -> Machine {
    let machine = Machine::new();
    match trouble {
        Trouble::Nothing => {}
        Trouble::Joined => assert_eq!(machine.run(&["apply", &machine.file("two.csv", TWO), "--yes"]).0, 0),
        Trouble::WrongEmail => machine.world.email_is(ALICE, "somebody-else@example.com"),
        Trouble::NoRole => machine.world.role_missing(BOB),
        Trouble::Both => {
            machine.world.email_is(ALICE, "somebody-else@example.com");
            machine.world.role_missing(BOB);
        }
    }
    machine.file("two.csv", TWO);
    machine.file("rejected.csv", REJECTED);
    machine.file("html.csv", "<!DOCTYPE html><p>no list</p>");
    machine
}

#[test]
fn each_exit_status_says_how_a_command_ended() {
    use Trouble::{Both, Joined, NoRole, Nothing, WrongEmail};
    for (trouble, words, expected) in [
        (Nothing, "check two.csv", 0),
        (Nothing, "check rejected.csv", 3),
        (Nothing, "check html.csv", 1),
        (Nothing, "check missing.csv", 1),
        (Nothing, "check s3://bucket/accounts/two.csv", 64),
        (Nothing, "check two.csv --declared gone", 64),
        (Nothing, "check two.csv --protected 12", 64),
        (Nothing, "check", 64),
        (Nothing, "onboard two.csv", 64),
        (Nothing, "", 64),
        (Nothing, "--help", 0),
        (Nothing, "--version", 0),
        (Nothing, "completions bash", 0),
        (Nothing, "completions basic", 64),
        (Nothing, "plan two.csv", 0),
        (Nothing, "plan two.csv --detailed-exitcode", 2),
        (Joined, "plan two.csv --detailed-exitcode", 0),
        (Nothing, "plan rejected.csv", 3),
        (Nothing, "plan rejected.csv --detailed-exitcode", 3),
        (Nothing, "plan html.csv", 1),
        (Nothing, "plan two.csv --regions Ohio", 64),
        (Nothing, "plan two.csv --regions all,us-east-1", 64),
        (Nothing, "plan s3://bucket/team.csv", 64),
        (Nothing, "plan s3://bucket", 64),
        (Nothing, "plan s3://bucket/accounts/two.csv --declared removed", 64),
        (Nothing, "plan s3://bucket/accounts/two.csv", 1),
        (Nothing, "apply two.csv --yes", 0),
        (Joined, "apply two.csv --yes", 0),
        (Joined, "apply two.csv --yes --declared suspended", 0),
        (Joined, "apply two.csv --yes --declared removed", 0),
        (Joined, "apply two.csv --yes --declared removed --max-leaving 1", 1),
        (WrongEmail, "apply two.csv --yes", 3),
        (NoRole, "apply two.csv --yes --settle 1", 4),
        (Both, "apply two.csv --yes --settle 1", 3),
        (Nothing, "apply rejected.csv --yes", 3),
        (Nothing, "apply html.csv --yes", 1),
        (Nothing, "apply two.csv", 64),
        (Nothing, "apply s3://bucket/plan/two.csv --yes", 64),
        (Nothing, "status", 0),
        (Nothing, "status two.csv", 4),
        (Joined, "status two.csv", 0),
        (Joined, "status rejected.csv", 3),
        (Joined, "status two.csv --declared suspended", 4),
        (Nothing, "status --declared suspended", 64),
        (Nothing, "status html.csv", 1),
    ] {
        let machine = machine(trouble);
        let words: Vec<&str> = words.split(' ').filter(|word| !word.is_empty()).collect();
        let done = ended(machine.gdo(&words).stdin(Stdio::null()).output().expect("gdo starts"));
        let (status, out, err) = &done;
        assert_eq!(*status, expected, "{trouble:?}, gdo {words:?}:\n{out}\n{err}");
        if [1, 64].contains(&expected) && !words.contains(&"html.csv") && !words.contains(&"--max-leaving") {
            assert!(out.is_empty() && !err.is_empty(), "{words:?}: an error is no result: {out:?}, {err:?}");
        }
    }
}

#[test]
fn a_list_comes_from_standard_input_or_from_a_bucket_of_the_caller() {
    let machine = machine(Trouble::Nothing);
    let list = std::fs::File::open(machine.home.join("two.csv")).expect("the list");
    let done = ended(machine.gdo(&["plan", "-", "--detailed-exitcode"]).stdin(list).output().expect("gdo starts"));
    assert_eq!(done.0, 2, "{done:?}");
    assert!(done.1.starts_with("standard input: 2 accounts"), "{done:?}");

    machine.world.put_object("lists", "remove/two.csv", TWO.as_bytes());
    let (status, out, err) = machine.run(&["apply", "s3://lists/remove/two.csv", "--yes", "--output", "json"]);
    assert_eq!(status, 0, "{out}{err}");
    assert!(out.contains("\"declared\": \"removed\"") && out.contains("\"key\": \"remove/two.csv\""), "{out}");
    machine.world.bucket_is_of("lists", "999999999999");
    let (status, _, err) = machine.run(&["plan", "s3://lists/remove/two.csv"]);
    assert!(status == 1 && err.contains(ADMINISTRATOR), "{err}");
}

#[test]
fn what_is_wrong_with_flags_and_variables_is_said_with_the_flag() {
    let machine = machine(Trouble::Nothing);
    let mut gdo = machine.gdo(&["plan", "two.csv", "--settle", "soon", "--concurrency", "1000"]);
    let (status, _, err) = ended(gdo.env("PROTECTED_ACCOUNTS", "12").output().expect("gdo starts"));
    assert_eq!(status, 64);
    for flag in ["--settle ", "--concurrency ", "--protected "] {
        assert!(err.contains(flag), "{flag}: {err}");
    }
}
