//! The Lambda function: reads its settings, sets up logging and AWS, and passes each event to the library.

use std::process::ExitCode;
use std::time::{Duration, UNIX_EPOCH};

use aws_config::environment::EnvironmentVariableCredentialsProvider;
use guardduty_onboarding::aws::{Aws, http_client};
use guardduty_onboarding::clock::Clock;
use guardduty_onboarding::config::Config;
use guardduty_onboarding::lambda::{HandleError, Invocation, handle};
use guardduty_onboarding::logging;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;
use tracing::{error, info};

// The function mostly waits for answers. A second thread would not make it faster, but take a third of the processor
// time for waking the other.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    logging::start(|name| std::env::var(name).ok());
    info!(version = env!("CARGO_PKG_VERSION"), "the function starts");
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            error!(%error, "the function cannot start");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Error> {
    let config = &Config::read(|name| std::env::var(name).ok())?;
    let aws = &aws(config).await;
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Value>| {
        let invocation = Invocation {
            request_id: event.context.request_id,
            function_arn: event.context.invoked_function_arn,
            deadline: UNIX_EPOCH + Duration::from_millis(event.context.deadline),
        };
        let handled = handle(aws, config, &event.payload, &invocation).await;
        // CloudWatch reads metrics from standard output.
        print!("{}", handled.metrics.lines());
        handled.answer.map_err(Failure::from)
    }))
    .await
}

async fn aws(config: &Config) -> Aws {
    // Lambda passes credentials in the environment. Looking elsewhere would only cost time at the start.
    let sdk = aws_config::defaults(aws_config::BehaviorVersion::latest())
        .http_client(http_client(config))
        .credentials_provider(EnvironmentVariableCredentialsProvider::new())
        .region(aws_config::Region::new(config.own_region.to_string()))
        .load()
        .await;
    Aws::new(sdk, Clock::system())
}

/// The error as Lambda shows it: its type, and a message without personal data.
struct Failure(HandleError);

impl From<HandleError> for Failure {
    fn from(error: HandleError) -> Self {
        Self(error)
    }
}

impl std::fmt::Debug for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl From<Failure> for lambda_runtime::Diagnostic {
    fn from(Failure(error): Failure) -> Self {
        Self { error_type: error.kind().into(), error_message: error.to_string() }
    }
}
