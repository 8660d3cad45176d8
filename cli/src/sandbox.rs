//! An engine on a world of its own, for tests.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sim::World;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use guardduty_onboarding::aws::Aws;
use guardduty_onboarding::clock::Clock;
use guardduty_onboarding::config::Config;

use crate::connection::Connection;
use crate::engine::Engine;
use crate::terminal::Terminal;

pub(crate) const REGION: &str = "us-east-1";
pub(crate) const TERMINAL: Terminal = Terminal { colours: false, bars: false, asks: false };

/// Noon of the first of January, when the tests begin; virtual time goes on from there.
pub(crate) fn noon() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_767_268_800)
}

/// An engine that works in these Regions of a world that `set` has set up.
pub(crate) async fn sandbox(regions: &str, set: impl FnOnce(&World)) -> Engine<'static> {
    let clock = Clock::following_tokio(noon());
    let world = World::new(move || clock.now());
    set(&world);
    let config = Config::read(|name| match name {
        "AWS_REGION" => Some(REGION.into()),
        "MEMBER_ROLE_NAME" => Some("GuardDutyOnboarding".into()),
        "REGIONS" => Some(regions.into()),
        "SETTLE_SECONDS" => Some("5".into()),
        _ => None,
    });
    let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", "secret", None, None, "tests");
    let sdk = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(REGION))
        .http_client(world.http_client())
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .build();
    let aws = Aws::new(sdk, clock);
    let identity = aws.caller().await.expect("the simulator knows the caller");
    let connection = Connection { aws, config: config.expect("good settings"), identity };
    Engine::new(connection, &TERMINAL).await.expect("Regions")
}
