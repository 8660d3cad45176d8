//! Calls to AWS, sorted by whose credentials make them.

mod administrator;
mod batch;
mod call_error;
mod caller;
mod features;
mod http;
mod identity;
mod lane;
mod member;
mod meter;
mod objects;
mod organization;
mod pace;
mod parts;
mod queue;
mod regions;
mod session;
mod topic;

use std::time::Duration;

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_guardduty::config::IdentityCache;
use aws_sdk_guardduty::config::retry::RetryPartition;

pub(crate) use administrator::{AdministratorClient, OwnDetector};
pub(crate) use batch::{BATCH, Refusals};
pub use caller::CallerError;
pub use http::http_client;
pub use identity::Identity;
pub(crate) use lane::Lane;
pub(crate) use member::{Created, MemberClient, Ours};
pub use meter::Calls;
pub use objects::{Existing, ObjectError, ObjectRef, Superseded, WriteError};
pub(crate) use organization::{Described, NotDescribed};
pub use parts::Parts;
pub(crate) use session::{Access, Session, Sessions};

use self::identity::session_name;
use self::meter::Meter;
use crate::account::Region;
use crate::clock::Clock;

/// The most characters of a token for the next page. The API models give no limit, and the SDK panics on a path or query
/// longer than 65,534 bytes.
const TOKEN_LENGTH: usize = 8_192;

#[derive(Debug, Clone)]
pub struct Aws {
    sdk: SdkConfig,
    clock: Clock,
    meter: Meter,
    s3: aws_sdk_s3::Client,
    /// For every role that is assumed.
    session_name: String,
}

impl Aws {
    /// Takes credentials, Region and HTTP client from `sdk`. Sets retries, time-outs and clock itself, so that stories
    /// run with the same ones as Lambda.
    #[must_use]
    pub fn new(sdk: SdkConfig, clock: Clock) -> Self {
        // A new attempt is worth more than one that hangs. Five attempts back off for at most 15 s, within the
        // operation's time-out.
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(3))
            .operation_attempt_timeout(Duration::from_secs(10))
            .operation_timeout(Duration::from_secs(30))
            .build();
        let sdk = sdk
            .into_builder()
            .retry_config(RetryConfig::standard().with_max_attempts(5))
            .timeout_config(timeouts)
            .time_source(clock)
            // Our credentials are values, not lookups. The cache would keep an entry for each call that overrides them.
            .identity_cache(IdentityCache::no_cache())
            .build();
        let meter = Meter::default();
        let s3 = aws_sdk_s3::config::Builder::from(&sdk).interceptor(meter.clone()).retry_partition(retries("s3"));
        let s3 = aws_sdk_s3::Client::from_conf(s3.build());
        Self { sdk, clock, meter, s3, session_name: session_name("") }
    }

    /// The same clients for one invocation, whose id CloudTrail shows wherever a role is assumed.
    #[must_use]
    pub fn for_invocation(&self, request_id: &str) -> Self {
        Self { session_name: session_name(request_id), ..self.clone() }
    }

    #[must_use]
    pub fn calls(&self) -> Calls {
        self.meter.calls()
    }

    #[must_use]
    pub fn clock(&self) -> Clock {
        self.clock
    }

    fn guardduty(&self, region: &Region) -> aws_sdk_guardduty::Client {
        let settings = aws_sdk_guardduty::config::Builder::from(&self.in_region(region.as_str()));
        let settings = settings.interceptor(self.meter.clone()).retry_partition(retries("guardduty"));
        aws_sdk_guardduty::Client::from_conf(settings.build())
    }

    fn in_region(&self, region: &str) -> SdkConfig {
        self.sdk.to_builder().region(aws_config::Region::new(region.to_owned())).build()
    }
}

/// A retry quota for one client. The SDK's default is a single one for all clients of a service and Region, as long as
/// the process lives: what one event uses up, the next would lack.
fn retries(client: &'static str) -> RetryPartition {
    RetryPartition::custom(client).build()
}
