//! Help: each command has its whole text here, so that a change of it is seen.

use expect_test::expect_file;

use crate::machine::Machine;

#[test]
fn each_command_says_what_it_does_with_an_example_and_its_exit_status() {
    let machine = Machine::new();
    for command in ["", "check", "plan", "apply", "status", "demo", "completions"] {
        let words: Vec<&str> = [command, "--help"].into_iter().filter(|word| !word.is_empty()).collect();
        let (status, out, err) = machine.run(&words);
        assert_eq!((status, err.as_str()), (0, ""));
        assert!(out.contains("Example") && out.contains("Exit status:") && out.contains("gdo "), "{out}");
        let without_ends: Vec<&str> = out.lines().map(str::trim_end).collect();
        let name = if command.is_empty() { "gdo" } else { command };
        // Not relative, which would count from the outermost folder with a Cargo.toml.
        let file = format!("{}/tests/command_line/help/{name}.txt", env!("CARGO_MANIFEST_DIR"));
        expect_file![file].assert_eq(&(without_ends.join("\n") + "\n"));
    }
}
