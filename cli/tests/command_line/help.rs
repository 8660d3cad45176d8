//! Help: each command has its whole text here, so that a change of it is seen.

use expect_test::expect_file;

use crate::machine::Machine;

#[test]
fn each_command_says_what_it_does_with_an_example_and_its_exit_status() {
    let machine = Machine::new();
    for (command, expected) in [
        ("", expect_file!["help/gdo.txt"]),
        ("check", expect_file!["help/check.txt"]),
        ("plan", expect_file!["help/plan.txt"]),
        ("apply", expect_file!["help/apply.txt"]),
        ("status", expect_file!["help/status.txt"]),
        ("demo", expect_file!["help/demo.txt"]),
        ("completions", expect_file!["help/completions.txt"]),
    ] {
        let words: Vec<&str> = [command, "--help"].into_iter().filter(|word| !word.is_empty()).collect();
        let (status, out, err) = machine.run(&words);
        assert_eq!((status, err.as_str()), (0, ""));
        assert!(out.contains("Example") && out.contains("Exit status:") && out.contains("gdo "), "{out}");
        let without_ends: Vec<&str> = out.lines().map(str::trim_end).collect();
        expected.assert_eq(&(without_ends.join("\n") + "\n"));
    }
}
