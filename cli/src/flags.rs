//! The commands and their flags.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::BoolishValueParser;
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use guardduty_onboarding::declared::Goal;

const EXAMPLES: &str = "\
Examples:
  gdo demo                                 the whole job on a simulator, without AWS
  gdo check team.csv                       is the list good? (offline)
  gdo plan team.csv --regions us-east-1,eu-west-1
  gdo apply team.csv --regions us-east-1,eu-west-1
  gdo status                               who is monitored?

Exit status:
  0 all is as declared   1 could not work   3 something failed or was rejected
  4 something is pending   64 wrong usage   130 interrupted";

/// Makes the accounts of a list monitored GuardDuty members, or suspends or removes them, in every chosen Region.
///
/// The account of your credentials is GuardDuty's administrator. A list is a CSV with an account a line, such as
/// 111122223333,root@example.com; a header (Account ID,Email) and further columns may be there. It has at most 10,000 rows
/// and 5 MiB.
#[derive(Debug, Parser)]
#[command(name = "gdo", version, after_help = EXAMPLES, subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) look: Look,
}

/// Flags of [`Work`] that say how to write, and how many accounts may go.
const WRITES: [&str; 6] = ["role", "external_id", "concurrency", "settle", "max_leaving", "delete_detectors"];

#[derive(Debug, Args)]
pub(crate) struct Look {
    /// No progress bar
    #[arg(long, global = true, help_heading = "Terminal")]
    pub(crate) quiet: bool,
    /// Colours
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "WHEN", help_heading = "Terminal")]
    pub(crate) color: When,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Check(Check),
    Plan(Plan),
    Apply(Apply),
    Status(Status),
    #[cfg(feature = "demo")]
    Demo(Demo),
    /// Print a script that completes commands and flags
    #[command(
        after_help = "Example:\n  gdo completions bash > ~/.local/share/bash-completion/completions/gdo\n\nExit status: 0; 64 wrong usage"
    )]
    Completions {
        shell: Shell,
    },
    /// Write the manual's pages, a file for each command
    #[command(hide = true)]
    Man {
        folder: PathBuf,
    },
}

/// Read a list offline, and say what is wrong with its rows
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  gdo check team.csv\n\nExit status: 0 every row is good   3 rows are rejected   1 the list is refused   64 wrong usage"
)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) list: List,
    #[command(flatten)]
    pub(crate) protected: Protected,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// Say what `apply` would do, and change nothing
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  gdo plan team.csv --regions us-east-1,eu-west-1\n\nExit status: 0; 3 rows are rejected   1 could not work   64 wrong usage   130 interrupted\nWith --detailed-exitcode also: 2 there are changes   3 something fails   4 something is pending"
)]
pub(crate) struct Plan {
    #[command(flatten)]
    pub(crate) list: List,
    /// Exit with 2 if there are changes to make and nothing worse
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,
    #[command(flatten)]
    pub(crate) work: Work,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// Print the plan, ask, and make every account of the list what it declares
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  gdo apply team.csv --regions us-east-1,eu-west-1\n  gdo apply leavers.csv --declared removed --wait 10m\n\nExit status: 0 all is as declared   1 could not work, or the answer was no\n  3 something failed or was rejected   4 something is pending   64 wrong usage   130 interrupted"
)]
pub(crate) struct Apply {
    #[command(flatten)]
    pub(crate) list: List,
    /// Do not ask
    #[arg(long)]
    pub(crate) yes: bool,
    /// Keep trying what is pending for so long, for example 30m
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
    pub(crate) wait: Option<Duration>,
    #[command(flatten)]
    pub(crate) work: Work,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// Say who is monitored, and where that is not what a list declares
///
/// Without a list: all members, by Region. Writes nothing, and makes no call into a member.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  gdo status --regions all\n  gdo status team.csv\n\nExit status: 0 all is as declared   4 something is not   3 rows are rejected   1 could not work   64 wrong usage"
)]
// One set of flags serves plan, apply and status; what says how to write does nothing here.
#[command(mut_args(|flag| if WRITES.contains(&flag.get_id().as_str()) { flag.hide(true) } else { flag }))]
pub(crate) struct Status {
    /// A file, - for standard input, or s3://bucket/key
    pub(crate) list: Option<String>,
    #[command(flatten)]
    pub(crate) declared: Declares,
    #[command(flatten)]
    pub(crate) work: Work,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// Plan, apply, suspend, remove and report on an embedded simulator, without AWS
#[cfg(feature = "demo")]
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  gdo demo\n  gdo demo team.csv --regions us-east-1,eu-west-1 --dry-run\n  gdo demo --accounts 500 --trouble missing-role,wrong-email\n\nExit status: 0 the demo has run, whatever its trouble   1 could not work   64 wrong usage"
)]
pub(crate) struct Demo {
    /// The list; without it, a sample with good and bad rows
    pub(crate) list: Option<PathBuf>,
    /// A made-up list of so many accounts in place of the sample
    #[arg(long, value_name = "COUNT", conflicts_with = "list", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) accounts: Option<u32>,
    /// Regions: a comma-separated list, or all
    #[arg(long, default_value = "us-east-1,eu-west-1")]
    pub(crate) regions: String,
    /// What goes wrong, comma-separated
    #[arg(long, value_enum, value_delimiter = ',')]
    pub(crate) trouble: Vec<Trouble>,
    /// How long each call takes, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 20)]
    pub(crate) latency_ms: u64,
    /// How long GuardDuty takes to verify an e-mail, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 1500)]
    pub(crate) verification_ms: u64,
    /// Where to write the reports
    #[arg(long, value_name = "FOLDER", default_value = "gdo-demo")]
    pub(crate) report_dir: PathBuf,
    /// Print the plan and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[cfg(feature = "demo")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Trouble {
    /// Every tenth account lacks the role
    MissingRole,
    /// Every tenth account has another root user's e-mail
    WrongEmail,
    /// A tenth of all calls is throttled, fails or is lost
    Throttle,
    /// The last Region is off in every tenth account
    RegionOff,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// A file, - for standard input, or s3://bucket/key
    pub(crate) list: String,
    #[command(flatten)]
    pub(crate) declared: Declares,
}

#[derive(Debug, Args)]
pub(crate) struct Declares {
    /// What the list declares its accounts to be [default: monitored, or what the prefix of an S3 key says]
    #[arg(long, value_enum, value_name = "GOAL")]
    pub(crate) declared: Option<DeclaredGoal>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DeclaredGoal {
    Monitored,
    Suspended,
    Removed,
}

impl From<DeclaredGoal> for Goal {
    fn from(goal: DeclaredGoal) -> Self {
        match goal {
            DeclaredGoal::Monitored => Self::Monitored,
            DeclaredGoal::Suspended => Self::Suspended,
            DeclaredGoal::Removed => Self::Removed,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Protected {
    /// Accounts that no list may suspend or remove, comma-separated
    #[arg(long, env = "PROTECTED_ACCOUNTS", value_name = "IDS")]
    pub(crate) protected: Option<String>,
}

/// Whose credentials, and how to work.
#[derive(Debug, Args)]
pub(crate) struct Work {
    /// Profile of the AWS configuration [default: AWS_PROFILE, as the AWS CLI]
    #[arg(long)]
    pub(crate) profile: Option<String>,
    /// The caller's Region [default: the profile's]
    #[arg(long)]
    pub(crate) region: Option<String>,
    /// Regions to work in: a comma-separated list, or all [default: the caller's]
    #[arg(long, env = "REGIONS")]
    pub(crate) regions: Option<String>,
    /// Protection plans of all members, for example S3_DATA_EVENTS=ENABLED
    #[arg(long, env = "PROTECTION_PLANS", value_name = "PLANS")]
    pub(crate) plans: Option<String>,
    #[command(flatten)]
    pub(crate) protected: Protected,
    /// Role to assume in each member account, with its path if it has one
    #[arg(long, env = "MEMBER_ROLE_NAME", value_name = "NAME", default_value = "GuardDutyOnboarding")]
    pub(crate) role: String,
    /// External id to present with it
    #[arg(long, env = "MEMBER_ROLE_EXTERNAL_ID", value_name = "ID", hide_env_values = true)]
    pub(crate) external_id: Option<String>,
    /// Calls in flight to member accounts, at most 512 [default: 64]
    #[arg(long, env = "MAX_CONCURRENCY", value_name = "COUNT")]
    pub(crate) concurrency: Option<String>,
    /// Seconds to wait for GuardDuty to show what was written to an account [default: 60]
    #[arg(long, env = "SETTLE_SECONDS", value_name = "SECONDS")]
    pub(crate) settle: Option<String>,
    /// The most accounts that a list may suspend or remove, 1 to 5000 [default: 50]
    #[arg(long, env = "MAX_LEAVING", value_name = "COUNT")]
    pub(crate) max_leaving: Option<String>,
    /// After a removal, delete the member's detector, too, if this tool created it
    #[arg(long, env = "DELETE_DETECTORS", action = ArgAction::SetTrue, value_parser = BoolishValueParser::new())]
    pub(crate) delete_detectors: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Output {
    /// The result's form: json, csv and html are whole reports, csv with a row for each account
    #[arg(long, value_enum, default_value = "table", value_name = "FORM")]
    pub(crate) output: Form,
    /// Write the result to a file
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    Table,
    Json,
    Csv,
    Html,
}
