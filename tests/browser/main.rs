//! The HTML report in a real browser: three sizes, hostile text, a fleet, a refused list; with script and without.

mod pages;
#[path = "../programs/mod.rs"]
mod programs;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

use programs::run;

/// If it is set, the test fails for lack of Node.js or Chromium instead of being skipped.
const REQUIRE: &str = "GUARDDUTY_ONBOARDING_REQUIRE_BROWSER";

/// A file for how long a reader waits, which docs/performance.md tells.
const FIGURES: &str = "GUARDDUTY_ONBOARDING_FIGURES";

/// A folder for pictures of the pages. They are taken if it is set.
const PICTURES: &str = "GUARDDUTY_ONBOARDING_PICTURES";

#[test]
fn a_report_can_be_read_searched_and_walked_in_a_browser() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser");
    let chromium = match ready(&here, &kept) {
        Ok(chromium) => chromium,
        Err(reason) => {
            assert!(env::var_os(REQUIRE).is_none(), "a browser is required by {REQUIRE}, but {reason}");
            // Not by eprintln, which cargo keeps to itself where a test passes.
            let _ = writeln!(io::stderr(), "browser test skipped: {reason} (set {REQUIRE}=1 to make this a failure)");
            return;
        }
    };
    let folder = kept.join("pages");
    fs::create_dir_all(&folder).expect("a folder below target");
    pages::write(&folder);

    let walk = Command::new("node")
        .arg(kept.join("walk.js"))
        .arg(chromium)
        .arg(&folder)
        .arg(env::var_os(FIGURES).map_or(folder.join("figures.json"), PathBuf::from))
        .args(env::var_os(PICTURES).filter(|folder| !folder.is_empty()))
        .output()
        .expect("the Node.js that was just found starts");

    let said = [walk.stdout, walk.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(walk.status.success(), "the walk ended with {}\n{said}", walk.status);
    let _ = writeln!(io::stderr(), "{}", said.trim_end());
}

/// Puts the walk and its packages below `kept`, and finds Chromium. The packages are kept until they change.
fn ready(here: &Path, kept: &Path) -> Result<PathBuf, String> {
    let is_new = "process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)";
    run(Command::new("node").args(["-e", is_new])).map_err(|error| format!("there is no Node.js 20: {error}"))?;
    let chromium = ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(on_path);
    let chromium = chromium.ok_or("there is no Chromium on the PATH")?;

    fs::create_dir_all(kept).map_err(|error| format!("cannot make {}: {error}", kept.display()))?;
    for entry in fs::read_dir(here).expect("the sources") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "js" || extension == "json") {
            let to = kept.join(path.file_name().expect("a name"));
            fs::copy(&path, &to).map_err(|error| format!("cannot write {}: {error}", to.display()))?;
        }
    }
    let wanted = fs::read_to_string(here.join("package-lock.json")).expect("package-lock.json is part of the sources");
    let installed = kept.join("installed.json");
    if fs::read_to_string(&installed).is_ok_and(|text| text == wanted) {
        return Ok(chromium);
    }
    run(Command::new("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(kept))
        .map_err(|error| format!("npm cannot install {}: {error}", here.join("package-lock.json").display()))?;
    fs::write(&installed, wanted).map_err(|error| format!("cannot write {}: {error}", installed.display()))?;
    Ok(chromium)
}

fn on_path(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(name)).find(|path| path.is_file())
}
