//! The local run: plans a list and carries it out on the embedded simulator, without an AWS account, with the loop that
//! Lambda runs. Then it suspends two accounts of the list, removes three, and reports on all lists together.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_sdk_guardduty::config::Credentials;
use clap::Parser;
use guardduty_onboarding::account::{AccountId, Region};
use guardduty_onboarding::aws::{Aws, Identity};
use guardduty_onboarding::clock::Clock;
use guardduty_onboarding::config::{Config, Regions};
use guardduty_onboarding::declared::{Goal, Mode};
use guardduty_onboarding::fleet::{self, List};
use guardduty_onboarding::outcome::Retry;
use guardduty_onboarding::reconcile::{self, Context};
use guardduty_onboarding::report::{CsvReport, html, json_part, text};
use guardduty_onboarding::roster::{self, Roster, Rules};
use guardduty_onboarding::run::{Origin, Reconcile, Run, Source, Summary};
use indicatif::{ProgressBar, ProgressStyle};
use tokio::sync::watch;

type Failure = Box<dyn std::error::Error>;

/// Onboards a list of accounts on the embedded simulator: prints the plan, carries it out, prints the report. Then
/// suspends two accounts and removes three. Last comes one report on all lists together. Two of the reports are written as
/// files, to look at in a browser.
#[derive(Parser)]
struct Arguments {
    /// The account list; without it, the sample with good and bad rows.
    #[arg(default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/events/sample-accounts.csv"))]
    list: PathBuf,
    /// Regions to onboard in: a comma-separated list, or `all`.
    #[arg(long, default_value = "us-east-1,eu-west-1")]
    regions: String,
    /// How long each call to the simulated AWS takes.
    #[arg(long, default_value_t = 20)]
    latency_ms: u64,
    /// How long GuardDuty takes to verify an e-mail.
    #[arg(long, default_value_t = 1500)]
    verification_ms: u64,
    /// Where to write the reports' files.
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/target/local"))]
    report_dir: PathBuf,
    /// Print the plan and change nothing.
    #[arg(long)]
    dry_run: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Failure> {
    let list = std::fs::read(&arguments.list).map_err(|error| format!("{}: {error}", arguments.list.display()))?;
    let config = Config::read(|name| match name {
        "AWS_REGION" => Some("us-east-1".into()),
        "MEMBER_ROLE_NAME" => Some("GuardDutyOnboardingMember".into()),
        "REGIONS" => Some(arguments.regions.clone()),
        "ALLOW_SUSPEND" | "ALLOW_REMOVE" => Some("true".into()),
        _ => None,
    })?;
    let sim = aws_sim::World::new(SystemTime::now);
    sim.set(|knobs| {
        knobs.latency = Duration::from_millis(arguments.latency_ms);
        knobs.verification = Duration::from_millis(arguments.verification_ms);
    });
    let aws = aws(&sim).await;
    let identity = Identity { partition: "aws".into(), administrator: administrator()? };
    let regions = match &config.regions {
        Regions::Listed(regions) => regions.clone(),
        Regions::All => aws.enabled_regions().await.map_err(|error| error.to_string())?,
    };
    let local = Local { aws, config, identity, regions };
    let roster = roster::read(&list, &local.rules(Goal::Monitored));
    let ids: Vec<AccountId> = roster.accounts.iter().map(|account| account.id).collect();

    let plan = local.run(Goal::Monitored, roster.clone(), Mode::Plan).await;
    say(&text::plan(&plan));
    if plan.memberships.is_empty() || arguments.dry_run {
        return Ok(());
    }
    say("\n");
    let onboarded = local.run(Goal::Monitored, roster.clone(), Mode::Apply).await;
    say(&text::report(&onboarded));
    let page = write(&arguments.report_dir, "local", onboarded)?;
    let mut lists = vec![list_of(Goal::Monitored, roster)];
    // The second one is suspended when it is removed.
    for (goal, ids) in [(Goal::Suspended, ids.get(..2)), (Goal::Removed, ids.get(1..4))] {
        let rows: Vec<String> = ids.into_iter().flatten().map(ToString::to_string).collect();
        if !rows.is_empty() {
            let roster = roster::read(rows.join("\n").as_bytes(), &local.rules(goal));
            say(&format!("\nto be {goal}: {}\n", rows.join(", ")));
            say(&text::report(&local.run(goal, roster.clone(), Mode::Apply).await));
            lists.push(list_of(goal, roster));
        }
    }
    // Somebody else suspends an account of the list in one Region, and invites one that is on no list.
    if let (Some(drifted), Some(region)) = (ids.get(4), local.regions.first()) {
        sim.put_member(region.as_str(), drifted.as_str(), "drifted@example.com", "Disabled");
        sim.put_member(region.as_str(), "999988887777", "unlisted@example.com", "Enabled");
    }
    say("\nall lists together\n");
    let fleet = local.reconcile(&lists).await;
    say(&text::report(&fleet));
    let fleet = write(&arguments.report_dir, "fleet", fleet)?;
    say(&format!("\nthe reports to look at:\nfile://{}\nfile://{}\n", page.display(), fleet.display()));
    Ok(())
}

/// Writes the three files of a report as the function does, and returns where the page is.
fn write(directory: &Path, name: &str, run: Run) -> Result<PathBuf, Failure> {
    std::fs::create_dir_all(directory).map_err(|error| format!("{}: {error}", directory.display()))?;
    let run = Arc::new(run);
    let csv = CsvReport::new(Arc::clone(&run));
    let files = [
        ("csv", (0..).map_while(|part| csv.part(part)).flatten().collect()),
        ("json", (0..).map_while(|part| json_part(&run, part)).flatten().collect()),
        ("html", html(&run).into_bytes()),
    ];
    for (ending, bytes) in files {
        let path = directory.join(name).with_extension(ending);
        std::fs::write(&path, bytes).map_err(|error: std::io::Error| format!("{}: {error}", path.display()))?;
    }
    Ok(std::path::absolute(directory.join(name).with_extension("html"))?)
}

fn list_of(goal: Goal, roster: Roster) -> List {
    List { key: format!("{}local.csv", goal.prefix()).into(), version_id: None, goal, roster }
}

fn administrator() -> Result<AccountId, Failure> {
    AccountId::parse(aws_sim::ADMINISTRATOR).ok_or_else(|| "the simulator's administrator is no account".into())
}

/// Prints. A reader that has closed the pipe is no error.
fn say(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

struct Local {
    aws: Aws,
    config: Config,
    identity: Identity,
    regions: Vec<Region>,
}

impl Local {
    fn rules(&self, goal: Goal) -> Rules<'_> {
        Rules { goal, administrator: self.identity.administrator, protected: &self.config.brakes.protected }
    }

    async fn reconcile(&self, lists: &[List]) -> Run {
        let deadline = tokio::time::Instant::now() + Duration::from_secs(900);
        let origin = Origin {
            source: Source::Reconcile { reconcile: Reconcile::Report },
            goal: None,
            requester: None,
            mode: Mode::Plan,
            retry: Retry::NextReconcile,
            started_at: SystemTime::now().into(),
        };
        let context = Context::new(&self.aws, &self.config, &self.identity, self.regions.clone(), origin, deadline);
        reconcile::all(context, fleet::merge(lists), lists.iter().map(List::read).collect()).await
    }

    async fn run(&self, goal: Goal, roster: Roster, mode: Mode) -> Run {
        let deadline = tokio::time::Instant::now() + Duration::from_secs(900);
        let origin = Origin {
            source: Source::Request { request: "local".into() },
            goal: Some(goal),
            requester: None,
            mode,
            retry: Retry::OnRequest,
            started_at: SystemTime::now().into(),
        };
        let context = Context::new(&self.aws, &self.config, &self.identity, self.regions.clone(), origin, deadline);
        let progress = tokio::spawn(show(context.ledger().progress()));
        let run = reconcile::run(context, roster.into()).await;
        progress.abort();
        run
    }
}

/// A bar that grows with the memberships that have ended. Draws nothing without a terminal.
async fn show(mut progress: watch::Receiver<Summary>) {
    let bar = ProgressBar::new(0);
    let style = ProgressStyle::with_template("{elapsed} {wide_bar} {pos} of {len} memberships have ended");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    while progress.changed().await.is_ok() {
        let summary = progress.borrow_and_update().clone();
        bar.set_length(summary.memberships as u64);
        bar.set_position(summary.ended() as u64);
    }
    bar.finish_and_clear();
}

async fn aws(sim: &aws_sim::World) -> Aws {
    let sdk = aws_config::defaults(aws_config::BehaviorVersion::latest())
        .http_client(sim.http_client())
        .credentials_provider(Credentials::new("AKIAIOSFODNN7EXAMPLE", "secret", None, None, "local"))
        .region(aws_config::Region::new("us-east-1"))
        .load()
        .await;
    Aws::new(sdk, Clock::system())
}
