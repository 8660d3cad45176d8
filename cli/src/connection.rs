//! The caller's credentials and Region, as the AWS CLI finds them. Nothing is asked for or stored.

use std::env;

use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::{BehaviorVersion, ConfigLoader, Region};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use guardduty_onboarding::aws::{Aws, CallerError, Identity, http_client};
use guardduty_onboarding::clock::Clock;
use guardduty_onboarding::config::Config;

use crate::exit::Failure;
use crate::flags::Work;
use crate::settings;

/// A caller who is known.
pub(crate) struct Connection {
    pub(crate) aws: Aws,
    pub(crate) config: Config,
    pub(crate) identity: Identity,
}

impl Connection {
    pub(crate) async fn open(work: &Work) -> Result<Self, Failure> {
        // Mistakes in the flags are found before anybody is asked where we are: any Region does for that.
        let client = http_client(&settings::read(work, "us-east-1")?);
        let region = caller_region(work, &client).await;
        // Who has neither credentials nor a Region hears of the credentials first.
        let config = settings::read(work, region.as_deref().unwrap_or("us-east-1"))?;
        let own = Region::new(config.own_region.to_string());
        let aws = Aws::new(loader(work, &client).region(own).load().await, Clock::system()).for_invocation("gdo");
        let identity = aws.caller().await.map_err(|error| Failure::NotDone(cure(&error, &profile(work))))?;
        if region.is_none() {
            return Err(Failure::Usage("no Region is set; give --region or --regions, or set AWS_REGION".into()));
        }
        Ok(Self { aws, config, identity })
    }
}

fn loader(work: &Work, client: &SharedHttpClient) -> ConfigLoader {
    let loader = aws_config::defaults(BehaviorVersion::latest()).http_client(client.clone());
    let Some(profile) = &work.profile else { return loader };
    // As with the AWS CLI, who names a profile does not mean the keys in the variables.
    let config = ProviderConfig::default().with_http_client(client.clone());
    let keys = ProfileFileCredentialsProvider::builder().configure(&config).profile_name(profile).build();
    loader.profile_name(profile).credentials_provider(keys)
}

/// `--region`, what the AWS CLI would take, or the first Region to work in.
async fn caller_region(work: &Work, client: &SharedHttpClient) -> Option<String> {
    if let Some(region) = &work.region {
        return Some(region.clone());
    }
    let sdk = loader(work, client).load().await;
    let first = || work.regions.as_deref().and_then(|regions| regions.split(',').next()).map(str::trim);
    let first = || first().filter(|region| !region.eq_ignore_ascii_case("all") && !region.is_empty());
    sdk.region().map(ToString::to_string).or_else(|| first().map(ToOwned::to_owned))
}

/// The profile in use, as somebody would name it.
fn profile(work: &Work) -> String {
    let named = work.profile.clone().or_else(|| env::var("AWS_PROFILE").ok());
    named.filter(|name| !name.is_empty()).unwrap_or_else(|| "default".into())
}

/// One sentence with the command to type.
fn cure(error: &CallerError, profile: &str) -> String {
    let of_profile = if profile == "default" { String::new() } else { format!(" --profile {profile}") };
    let (said, is_refused) = match error {
        CallerError::NoAnswer(said) => return format!("AWS STS cannot be reached; check the network ({})", last(said)),
        CallerError::NoCredentials(said) => (said, false),
        CallerError::Refused(said) => (said, true),
    };
    let lower = said.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if has(&["failed to apply endpoint"]) {
        format!("AWS_ENDPOINT_URL, or one of its kind, is no address such as https://sts.example.com ({})", last(said))
    } else if !is_refused && has(&["profile `"]) && has(&["not defined", "not found"]) {
        format!("there is no profile {profile}; type: aws configure list-profiles")
    } else if !is_refused && has(&["sso"]) {
        format!("the SSO session of profile {profile} has expired or is missing; type: aws sso login{of_profile}")
    } else if !is_refused && has(&["/login/", "signin", "login session"]) {
        format!("the session of profile {profile} has expired or is missing; type: aws login{of_profile}")
    } else if has(&["expired"]) {
        format!("the credentials have expired; get new ones, for example with: aws login{of_profile}")
    } else if is_refused {
        format!(
            "AWS does not accept these credentials ({said}); to see whose they are, type: aws sts get-caller-identity{of_profile}"
        )
    } else if has(&["no credentials found", "not enabled"]) {
        format!("there are no AWS credentials; type: aws login{of_profile}, or aws configure{of_profile}")
    } else {
        format!("the credentials of profile {profile} could not be got ({})", of_provider(said))
    }
}

/// The last cause.
fn last(said: &str) -> &str {
    said.rsplit(": ").next().unwrap_or(said).trim()
}

/// What the last one said that was asked for credentials.
fn of_provider(said: &str) -> &str {
    said.rsplit("credentials: ").next().unwrap_or(said).trim()
}
