//! The local run: an upload to a simulated bucket, handled by the code that Lambda runs, without an AWS account.

mod print;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use aws_sdk_guardduty::config::Credentials;
use clap::Parser;
use guardduty_onboarding::aws::Aws;
use guardduty_onboarding::clock::Clock;
use guardduty_onboarding::config::{Config, Regions};
use guardduty_onboarding::lambda::event::{self, Event, Trigger, Upload};
use guardduty_onboarding::lambda::{Invocation, handle};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;

type Failure = Box<dyn std::error::Error>;

/// Onboards a list of accounts on the embedded simulator: prints the plan, carries it out, prints the report.
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
        _ => None,
    })?;
    let sim = aws_sim::World::new(SystemTime::now);
    sim.set(|knobs| {
        knobs.latency = Duration::from_millis(arguments.latency_ms);
        knobs.verification = Duration::from_millis(arguments.verification_ms);
    });
    let local = Local { aws: aws(&sim).await, sim, config };

    let plan = local.upload("plan.json", &list).await?;
    say(&print::plan(&plan));
    let something_to_do = plan["summary"]["accounts"] != 0;
    if something_to_do && !arguments.dry_run {
        let progress = local.show_progress(&plan);
        let report = local.upload("upload.json", &list).await?;
        progress.abort();
        say(&print::report(&report));
    }
    Ok(())
}

/// Prints, unless whoever read it has read enough.
fn say(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

struct Local {
    sim: aws_sim::World,
    aws: Aws,
    config: Config,
}

impl Local {
    /// Puts the list where a sample event says that it was uploaded, and hands over that event. The report.
    async fn upload(&self, event: &str, list: &[u8]) -> Result<Value, Failure> {
        let path = format!("{}/events/{event}", env!("CARGO_MANIFEST_DIR"));
        let event: Value = serde_json::from_slice(&std::fs::read(&path).map_err(|error| format!("{path}: {error}"))?)?;
        let (bucket, key) = match event::parse(&event)? {
            Event::Direct(parts) => match parts.into_iter().next() {
                Some(Ok(Trigger::Upload(Upload { bucket, key, .. }))) => (bucket, key),
                _ => return Err(format!("{path} is not an upload").into()),
            },
            Event::Queue(_) => return Err(format!("{path} is not an upload").into()),
        };
        self.sim.put_object(&bucket, &key, list.to_vec());
        let invocation = Invocation {
            request_id: "local".into(),
            function_arn: format!("arn:aws:lambda:us-east-1:{}:function:guardduty-onboarding", aws_sim::ADMINISTRATOR),
            deadline: SystemTime::now() + Duration::from_secs(900),
        };
        // What is pending makes the event fail, so that Lambda delivers it again; its report is there all the same.
        if let Err(error) = handle(&self.aws, &self.config, &event, &invocation).await.answer {
            eprintln!("{error}");
        }
        let name = format!("reports/{}.json", key.trim_end_matches(".csv"));
        Ok(serde_json::from_slice(&self.sim.object(&bucket, &name).ok_or("no report was written")?)?)
    }

    /// A bar that grows with the members that GuardDuty monitors. Draws nothing where there is no terminal.
    fn show_progress(&self, plan: &Value) -> tokio::task::JoinHandle<()> {
        let bar = ProgressBar::new(plan["summary"]["memberships"].as_u64().unwrap_or(0));
        let style = ProgressStyle::with_template("{elapsed} {wide_bar} {pos} of {len} memberships are enabled");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        let sim = self.sim.clone();
        let regions: Vec<String> = match &self.config.regions {
            Regions::Listed(regions) => regions.iter().map(ToString::to_string).collect(),
            Regions::All => {
                plan["regions"].as_array().into_iter().flatten().filter_map(Value::as_str).map(Into::into).collect()
            }
        };
        tokio::spawn(async move {
            loop {
                let members = regions.iter().flat_map(|region| sim.members(region));
                bar.set_position(members.filter(|member| member.status == "Enabled").count() as u64);
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        })
    }
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
