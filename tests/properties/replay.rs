//! Every input that a fuzzer kept, and every one that once broke a property.

use std::fs;
use std::path::{Path, PathBuf};

/// The files below `fuzz/corpus/<target>` and `fuzz/regressions/<target>`.
fn kept(target: &str) -> Vec<PathBuf> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let folders = ["corpus", "regressions"].map(|folder| top.join(folder).join(target));
    // A target that never broke has no folder of regressions.
    let files = folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten();
    let mut files: Vec<PathBuf> = files.map(|file| file.expect("an entry").path()).collect();
    files.sort();
    files
}

fn replay(target: &str, holds: fn(&[u8]) -> Result<(), String>) {
    let files = kept(target);
    assert!(!files.is_empty(), "fuzz/corpus/{target} is missing or empty");
    let broken = files.iter().filter_map(|file| {
        // Printed before it is tried: if it panics, the test's output ends with it.
        println!("{}", file.display());
        let bytes = fs::read(file).expect("a file of the corpus");
        holds(&bytes).err().map(|why| format!("{}: {why}", file.display()))
    });
    let broken: Vec<String> = broken.collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn the_properties_hold_for_every_list_that_a_fuzzer_kept() {
    replay("list", crate::list::holds);
}

#[test]
fn the_properties_hold_for_every_event_that_a_fuzzer_kept() {
    replay("event", crate::event::holds);
}
