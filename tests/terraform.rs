//! Terraform's own provider keeps members in the simulator as it keeps them in AWS.

mod door;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs, io, process};

use aws_sim::{ADMINISTRATOR, World, account_of_key};

/// If it is set, the test fails for lack of Terraform instead of being skipped.
const REQUIRE: &str = "GUARDDUTY_ONBOARDING_REQUIRE_TERRAFORM";

/// A folder with the provider, laid out as `terraform init -plugin-dir` requires.
const PLUGINS: &str = "GUARDDUTY_ONBOARDING_TERRAFORM_PLUGINS";

/// Where the provider is searched unless [`PLUGINS`] is set. The last two are Terraform's own.
const PLUGIN_FOLDERS: [&str; 3] =
    ["/opt/tf-plugins", "/usr/local/share/terraform/plugins", "/usr/share/terraform/plugins"];

const REGION: &str = "us-east-1";
const MEMBER: &str = "111122223333";
const ADMINISTRATORS_KEY: &str = "AKIAIOSFODNN7EXAMPLE";
/// It carries the account's number, as the keys of STS do.
const MEMBERS_KEY: &str = "ASIARTX3GSDSQAAAAAAA";

#[test]
fn unmodified_terraform_makes_a_member_finds_nothing_to_change_and_takes_it_back() {
    assert_eq!([account_of_key(ADMINISTRATORS_KEY), account_of_key(MEMBERS_KEY)], [ADMINISTRATOR, MEMBER]);
    let (world, address) = door::open();
    let folder = Folder::new();
    let terraform = |arguments: &[&str]| terraform(folder.path(), &format!("http://{address}"), arguments);
    // The first call is also the test whether there is a Terraform.
    let plugins =
        match terraform(&["version"]).map_err(|error| format!("there is no terraform: {error}")).and(plugins()) {
            Ok(plugins) => plugins,
            Err(reason) => {
                assert!(env::var_os(REQUIRE).is_none(), "Terraform is required by {REQUIRE}, but {reason}");
                // Not with eprintln, whose output cargo hides if a test passes.
                let _ =
                    writeln!(io::stderr(), "Terraform test skipped: {reason} (set {REQUIRE}=1 to make this a failure)");
                return;
            }
        };
    let run = |arguments: &[&str]| done(&terraform(arguments).expect("the Terraform that was just found starts"));

    run(&["init", &format!("-plugin-dir={}", plugins.display())]);
    run(&["apply", "-auto-approve"]);
    is_as_declared(&world);

    // 2 would be changes, 1 an error.
    run(&["plan", "-detailed-exitcode"]);

    run(&["destroy", "-auto-approve"]);
    for account in [ADMINISTRATOR, MEMBER] {
        assert!(world.detector(account, REGION).is_none(), "{account}");
    }
    assert_eq!(world.members(REGION), []);
}

/// What `main.tf` says about both accounts is true of the world.
fn is_as_declared(world: &World) {
    let member = world.member(REGION, MEMBER).expect("a member");
    assert_eq!((member.status.as_str(), member.message.as_deref()), ("Enabled", Some("please join")));
    assert_eq!(member.emails_sent, 0);
    let detector = world.detector(MEMBER, REGION).expect("a detector");
    for (plan, on) in [
        ("S3_DATA_EVENTS", true),
        ("EKS_AUDIT_LOGS", false),
        ("EBS_MALWARE_PROTECTION", false),
        ("RDS_LOGIN_EVENTS", false),
        ("RUNTIME_MONITORING", true),
    ] {
        assert_eq!(detector.feature(plan), on, "{plan}");
    }
    let own = world.detector(ADMINISTRATOR, REGION).expect("a detector");
    assert_eq!(own.finding_publishing_frequency, "ONE_HOUR");
    assert_eq!(own.tags.get("team").map(String::as_str), Some("security"));
}

/// A folder that has the provider, which is never downloaded.
fn plugins() -> Result<PathBuf, String> {
    let configuration = fs::read_to_string(configuration()).expect("main.tf is part of the sources");
    let version = configuration.split("version = \"").nth(1).and_then(|rest| rest.split('"').next());
    let provider = format!("registry.terraform.io/hashicorp/aws/{}", version.expect("main.tf pins the provider"));
    let folders = match env::var_os(PLUGINS) {
        Some(folder) => vec![PathBuf::from(folder)],
        None => PLUGIN_FOLDERS.map(PathBuf::from).to_vec(),
    };
    let missing = format!("{provider} is in none of {folders:?} ({PLUGINS} names another folder)");
    folders.into_iter().find(|folder| folder.join(&provider).is_dir()).ok_or(missing)
}

fn configuration() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/terraform/main.tf")
}

/// Runs Terraform, which finds nothing of the developer's: no profile, session, plugin, cache or settings.
fn terraform(folder: &Path, endpoint: &str, arguments: &[&str]) -> io::Result<Output> {
    Command::new("terraform")
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("PATH", env::var_os("PATH").unwrap_or_default())
        .env("HOME", folder)
        .env("TMPDIR", folder)
        .env("TF_DATA_DIR", folder.join("data"))
        .env("TF_CLI_CONFIG_FILE", folder.join("settings.tfrc"))
        .env("TF_INPUT", "0")
        .env("CHECKPOINT_DISABLE", "1")
        .env("TF_VAR_administrator_key", ADMINISTRATORS_KEY)
        .env("TF_VAR_member_key", MEMBERS_KEY)
        .env("AWS_ENDPOINT_URL", endpoint)
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        .output()
}

fn done(output: &Output) {
    let said = [output.stdout.as_slice(), &output.stderr].concat();
    assert!(output.status.success(), "{}\n{}", output.status, String::from_utf8_lossy(&said));
}

/// A folder with the configuration and empty settings, which goes with the test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let folder = env::temp_dir().join(format!("guardduty-onboarding-terraform-{}", process::id()));
        fs::create_dir(&folder).expect("a new folder");
        fs::copy(configuration(), folder.join("main.tf")).expect("main.tf is part of the sources");
        fs::write(folder.join("settings.tfrc"), "").expect("the folder was just made");
        Self(folder)
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
