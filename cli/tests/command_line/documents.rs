//! The commands that the documents show have flags that there are.

use std::fs;

use crate::machine::Machine;

#[test]
fn every_command_of_the_documents_is_one() {
    let machine = Machine::new();
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let mut tried = 0;
    for document in ["README.md", "docs/gdo.md", "docs/operate.md", "docs/deploy.md", "CONTRIBUTING.md"] {
        let text = fs::read_to_string(format!("{root}/{document}")).expect("a document");
        let shown = text.lines().map(|line| line.replace("cargo run -p gdo -- ", "gdo "));
        let whole = shown.clone().filter(|line| line.starts_with("gdo "));
        let quoted = shown.flat_map(|line| line.split('`').map(ToOwned::to_owned).collect::<Vec<_>>());
        for command in whole.chain(quoted.filter(|piece| piece.starts_with("gdo "))) {
            let command = command.split(['#', '|', '>', '…']).next().unwrap_or_default();
            // Names of things to be filled in.
            let words: Vec<&str> = command.split_whitespace().skip(1).filter(|word| *word != "...").collect();
            if words.first().is_none_or(|word| word.ends_with(',')) {
                continue;
            }
            let (status, out, err) = machine.run(&[&words[..], &["--help"]].concat());
            assert_eq!(status, 0, "{document}: {command}\n{out}{err}");
            tried += 1;
        }
    }
    assert!(tried > 15, "{tried} commands");
}
