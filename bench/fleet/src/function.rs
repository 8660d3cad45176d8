//! The function's process: what `src/main.rs` does for one event, log included, with the measures of the invocation.

use std::time::{Duration, Instant, SystemTime};

use aws_sdk_guardduty::config::Credentials;
use guardduty_onboarding::aws::{Aws, http_client};
use guardduty_onboarding::clock::Clock;
use guardduty_onboarding::config::Config;
use guardduty_onboarding::lambda::{Invocation, handle};
use guardduty_onboarding::logging;
use serde_json::{Value, json};

use crate::fleet::{BUCKET, Fleet, MOST_LEAVING};
use crate::loopback::redirected;
use crate::measure;
use crate::talk::{Done, Doors, Errand, Failure, Order, hear, say};

/// Lambda's own limit.
const DEADLINE: Duration = Duration::from_secs(900);

/// Carries out one order.
#[tokio::main(flavor = "current_thread")]
pub async fn run() -> Result<(), Failure> {
    logging::start(|_| None);
    let Order { fleet, errand, doors } = hear(&mut std::io::stdin().lock())?.ok_or("no order")?;
    let config = config(&fleet)?;
    let event = match &errand {
        Errand::Upload { key, version } => notification(key, version),
        Errand::Report => json!({"reconcile": "report"}),
    };
    let aws = aws(doors, &config).await;
    let invocation = Invocation {
        request_id: "8476a536-e9f4-11e8-9739-2dfe598c3fcd".into(),
        function_arn: format!(
            "arn:aws:lambda:{}:{}:function:guardduty-onboarding",
            Fleet::home(),
            aws_sim::ADMINISTRATOR
        ),
        deadline: SystemTime::now() + DEADLINE,
    };

    let (memory_before, _) = measure::memory()?;
    let (before, began) = (measure::processor()?, Instant::now());
    let handled = handle(&aws, &config, &event, &invocation).await;
    let (wall, after) = (began.elapsed(), measure::processor()?);
    let (_, memory_peak) = measure::memory()?;

    let runs = &handled.metrics.runs;
    let done = Done {
        enabled: runs.fleet.map_or(runs.enabled, |fleet| fleet.monitored) as u64,
        pending: runs.pending as u64,
        failed: runs.failed.values().sum::<usize>() as u64,
        drift: runs.fleet.map(|fleet| fleet.drift as u64),
        error: handled.answer.err().map(|error| error.to_string()),
        calls: handled.metrics.calls,
        wall,
        processor: after.all.saturating_sub(before.all),
        user: after.user.saturating_sub(before.user),
        system: after.system.saturating_sub(before.system),
        memory_before,
        memory_peak,
    };
    say(&mut std::io::stderr(), &done)
}

fn config(fleet: &Fleet) -> Result<Config, Failure> {
    let regions: Vec<&str> = fleet.region_codes().collect();
    Ok(Config::read(|name| match name {
        "AWS_REGION" => Some(Fleet::home().into()),
        "MEMBER_ROLE_NAME" => Some("GuardDutyOnboardingMember".into()),
        "REGIONS" => Some(regions.join(",")),
        "MAX_CONCURRENCY" => Some(fleet.concurrency.to_string()),
        "REPORT_BUCKET" => Some(BUCKET.into()),
        "ALLOW_REMOVE" => Some("true".into()),
        "MAX_LEAVING" => Some(MOST_LEAVING.to_string()),
        _ => None,
    })?)
}

/// S3's notification of the list.
fn notification(key: &str, version: &str) -> Value {
    json!({"Records": [{
        "eventVersion": "2.1", "eventSource": "aws:s3", "eventName": "ObjectCreated:Put",
        "eventTime": "2026-01-01T12:00:00.000Z",
        "s3": {"bucket": {"name": BUCKET}, "object": {"key": key, "versionId": version}}
    }]})
}

/// As in `src/main.rs`, but for the way to AWS.
async fn aws(doors: Doors, config: &Config) -> Aws {
    let sdk = aws_config::defaults(aws_config::BehaviorVersion::latest())
        .http_client(redirected(http_client(config), doors.hosts))
        .credentials_provider(Credentials::new("AKIAIOSFODNN7EXAMPLE", "secret", None, None, "fleet"))
        .region(aws_config::Region::new(Fleet::home()))
        .load()
        .await;
    Aws::new(sdk, Clock::system())
}
