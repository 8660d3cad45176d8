//! The kept list of packages: which of other people's are in what ships, with version and licence.

use std::collections::BTreeSet;
use std::env;
use std::process::Command;

use expect_test::expect_file;

use super::files::read;

const LIST: &str = "dist/packages.txt";
const ANEW: &str = "UPDATE_EXPECT=1 cargo test --test tidy packages";

/// The two programs, and the machines that a release has them for.
const PROGRAMS: [&str; 2] = ["guardduty-onboarding", "gdo"];
const MACHINES: [&str; 2] = ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"];

/// The packages of one program on one machine, as lines of the list: what is compiled into it, and what builds that.
fn packages(program: &str, machine: &str) -> Vec<String> {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--package", program, "--target", machine, "--edges", "normal,build"])
        .args(["--prefix", "none", "--no-dedupe", "--format", "{p}|{l}", "--locked"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo");
    assert!(tree.status.success(), "cargo tree: {}", String::from_utf8_lossy(&tree.stderr));
    String::from_utf8(tree.stdout).expect("UTF-8").lines().filter_map(line).collect()
}

/// `csv v1.4.0|Unlicense/MIT` is a line of the list. Our own packages are none: they stand there with their folder.
fn line(of_tree: &str) -> Option<String> {
    let (package, licence) = of_tree.split_once('|')?;
    let mut words = package.split(' ');
    let (name, version, mark) = (words.next()?, words.next()?, words.next());
    let is_ours = mark.is_some_and(|mark| mark != "(proc-macro)");
    (!is_ours).then(|| format!("{name} {} {licence}", version.trim_start_matches('v')))
}

/// Lines that only one side has.
fn differences(listed: &BTreeSet<&str>, shipped: &BTreeSet<&str>) -> Vec<String> {
    let gone = listed.difference(shipped).map(|line| format!("- {line}"));
    let new = shipped.difference(listed).map(|line| format!("+ {line}"));
    gone.chain(new).collect()
}

#[test]
fn the_kept_list_of_packages_is_what_ships() {
    let both = PROGRAMS.into_iter().flat_map(|program| MACHINES.map(|machine| packages(program, machine)));
    let shipped: BTreeSet<String> = both.flatten().collect();
    let text: String = shipped.iter().flat_map(|line| [line, "\n"]).collect();
    // A whole list of both sides would hide the one line that counts.
    if env::var_os("UPDATE_EXPECT").is_none() {
        let kept = read(LIST);
        let found = differences(&kept.lines().collect(), &text.lines().collect()).join("\n");
        assert!(found.is_empty(), "{LIST} (-) is not what ships (+); write it anew with `{ANEW}`\n{found}");
    }
    expect_file![format!("{}/{LIST}", env!("CARGO_MANIFEST_DIR"))].assert_eq(&text);
}

#[test]
fn every_listed_version_is_the_locked_one() {
    let locked = read("Cargo.lock");
    for line in read(LIST).lines() {
        let mut words = line.split(' ');
        let (name, version) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let entry = format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n");
        assert!(
            locked.contains(&entry),
            "{LIST} has {name} {version}, Cargo.lock has not; write it anew with `{ANEW}`"
        );
        assert!(words.next().is_some(), "{name} {version} names no licence");
    }
}

#[test]
fn a_package_of_ours_is_no_line_and_a_macro_is_one() {
    assert_eq!(line("csv v1.4.0|Unlicense/MIT").as_deref(), Some("csv 1.4.0 Unlicense/MIT"));
    assert_eq!(line("paste v1.0.15 (proc-macro)|MIT").as_deref(), Some("paste 1.0.15 MIT"));
    assert_eq!(line("gdo v0.1.0 (/somewhere/cli)|Apache-2.0"), None);
}
