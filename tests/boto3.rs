//! The simulator answers a client that knows nothing of us, unmodified boto3, as AWS would.

mod door;
mod programs;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

use programs::run;

/// If it is set, the test fails for lack of Python instead of being skipped.
const REQUIRE: &str = "GUARDDUTY_ONBOARDING_REQUIRE_BOTO3";

/// A folder with AWS's own scripts, a checkout of amazon-guardduty-multiaccount-scripts. They walk, too, if it is set.
const SCRIPTS: &str = "GUARDDUTY_ONBOARDING_AWS_SCRIPTS";

#[test]
fn unmodified_boto3_walks_through_everything_the_simulator_serves() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/boto3");
    let python = match python_with(&here.join("requirements.txt")) {
        Ok(python) => python,
        Err(reason) => {
            assert!(env::var_os(REQUIRE).is_none(), "boto3 is required by {REQUIRE}, but {reason}");
            // Not by eprintln, which cargo keeps to itself where a test passes.
            let _ = writeln!(io::stderr(), "boto3 test skipped: {reason} (set {REQUIRE}=1 to make this a failure)");
            return;
        }
    };

    let scripts = env::var_os(SCRIPTS).filter(|folder| !folder.is_empty());
    if scripts.is_none() {
        let _ = writeln!(io::stderr(), "AWS's own scripts skipped: {SCRIPTS} names no checkout of them");
    }

    let (_, address) = door::open();
    let walk = Command::new(python)
        .arg("-B")
        .arg(here.join("walk.py"))
        // No profile, session or proxy of the developer's must get between boto3 and the simulator.
        .env_clear()
        .env("AWS_ENDPOINT_URL", format!("http://{address}"))
        .env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", "the simulator does not check signatures")
        .env("AWS_DEFAULT_REGION", "us-east-1")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        .envs(scripts.map(|folder| (SCRIPTS, folder)))
        .output()
        .expect("the Python that was just set up starts");

    assert!(
        walk.status.success(),
        "the walk ended with {}\n{}{}",
        walk.status,
        String::from_utf8_lossy(&walk.stdout),
        String::from_utf8_lossy(&walk.stderr),
    );
}

/// A Python that has exactly these packages. It is made once and kept with the build, until the packages change.
fn python_with(requirements: &Path) -> Result<PathBuf, String> {
    let environment = Path::new(env!("CARGO_TARGET_TMPDIR")).join("boto3");
    let python = environment.join("bin/python");
    let installed = environment.join("installed.txt");
    let wanted = fs::read_to_string(requirements).expect("requirements.txt is part of the sources");

    let kept = fs::read_to_string(&installed).is_ok_and(|text| text == wanted);
    // The interpreter it was made with may have gone since.
    if kept && run(Command::new(&python).args(["-c", "import boto3"])).is_ok() {
        return Ok(python);
    }
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment))
        .map_err(|error| format!("no virtual environment can be made with python3: {error}"))?;
    run(Command::new(&python)
        .args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--requirement"])
        .arg(requirements))
    .map_err(|error| format!("pip cannot install {}: {error}", requirements.display()))?;
    fs::write(&installed, wanted).map_err(|error| format!("cannot write {}: {error}", installed.display()))?;
    Ok(python)
}
