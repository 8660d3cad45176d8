//! The report that README shows is the one that the local run prints.

use std::time::{Duration, SystemTime};

use aws_config::{BehaviorVersion, Region as SdkRegion};
use aws_sdk_guardduty::config::Credentials;
use guardduty_onboarding::aws::{Aws, Identity};
use guardduty_onboarding::clock::Clock;
use guardduty_onboarding::config::{Config, Regions};
use guardduty_onboarding::declared::{Goal, Mode};
use guardduty_onboarding::outcome::Retry;
use guardduty_onboarding::reconcile::{self, Context};
use guardduty_onboarding::report::text;
use guardduty_onboarding::roster::{self, Rules};
use guardduty_onboarding::run::{Origin, Source};

use crate::markdown::Document;

const FUNCTION: &str = "arn:aws:lambda:us-east-1:123456789012:function:guardduty-onboarding";
/// The default of `examples/local`.
const REGIONS: &str = "us-east-1,eu-west-1";

/// The sample list, onboarded in a fresh world: the report as text.
async fn report() -> String {
    let clock = Clock::following_tokio(SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_268_800));
    let sim = aws_sim::World::new(move || clock.now());
    let sdk = aws_config::defaults(BehaviorVersion::latest())
        .http_client(sim.http_client())
        .credentials_provider(Credentials::new("AKIAIOSFODNN7EXAMPLE", "secret", None, None, "documents"))
        .region(SdkRegion::new("us-east-1"))
        .time_source(clock)
        .load()
        .await;
    let aws = Aws::new(sdk, clock);
    let config = Config::read(|name| match name {
        "AWS_REGION" => Some("us-east-1".into()),
        "MEMBER_ROLE_NAME" => Some("GuardDutyOnboardingMember".into()),
        "REGIONS" => Some(REGIONS.into()),
        _ => None,
    });
    let config = config.expect("good settings");
    let Regions::Listed(regions) = config.regions.clone() else { panic!("the Regions are named") };
    let identity = Identity::from_function_arn(FUNCTION).expect("an ARN");
    let roster =
        roster::read(include_bytes!("../../events/sample-accounts.csv"), &Rules::monitored(identity.administrator));
    let deadline = tokio::time::Instant::now() + Duration::from_secs(900);
    let origin = Origin {
        source: Source::Request { request: "local".into() },
        goal: Some(Goal::Monitored),
        requester: None,
        mode: Mode::Apply,
        retry: Retry::OnRequest,
        started_at: clock.now().into(),
    };
    let context = Context::new(&aws, &config, &identity, regions, origin, deadline);
    text::report(&reconcile::run(context, roster.into()).await)
}

#[tokio::test(start_paused = true)]
async fn the_report_that_readme_shows_is_the_samples() {
    let report = report().await;
    let shown = Document::read("README.md").text.contains(&format!("```text\n{report}```\n"));
    assert!(shown, "README.md does not show the report of the sample list, which is:\n\n{report}");
}
