//! The caller's credentials and Region, as the AWS CLI finds them. Nothing is asked for or stored.

use std::env;

use aws_config::{BehaviorVersion, ConfigLoader, Region, SdkConfig};
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
        let region = caller_region(work).await?;
        let config = settings::read(work, &region)?;
        let sdk = loader(work).region(Region::new(region)).http_client(http_client(&config)).load().await;
        Self::of(sdk, config, &profile(work)).await
    }

    async fn of(sdk: SdkConfig, config: Config, profile: &str) -> Result<Self, Failure> {
        let aws = Aws::new(sdk, Clock::system()).for_invocation("gdo");
        let identity = aws.caller().await.map_err(|error| Failure::NotDone(cure(&error, profile)))?;
        Ok(Self { aws, config, identity })
    }
}

fn loader(work: &Work) -> ConfigLoader {
    let loader = aws_config::defaults(BehaviorVersion::latest());
    match &work.profile {
        Some(profile) => loader.profile_name(profile),
        None => loader,
    }
}

/// `--region`, what the AWS CLI would take, or the first Region to work in.
async fn caller_region(work: &Work) -> Result<String, Failure> {
    if let Some(region) = &work.region {
        return Ok(region.clone());
    }
    let sdk = loader(work).load().await;
    let first = || work.regions.as_deref().and_then(|regions| regions.split(',').next()).map(str::trim);
    let first = || first().filter(|region| !region.eq_ignore_ascii_case("all") && !region.is_empty());
    let region = sdk.region().map(ToString::to_string).or_else(|| first().map(ToOwned::to_owned));
    let cure = "no Region is set; give --region or --regions, or set AWS_REGION or the profile's region";
    region.ok_or_else(|| Failure::Usage(cure.into()))
}

/// The profile in use, as somebody would name it.
fn profile(work: &Work) -> String {
    let named = work.profile.clone().or_else(|| env::var("AWS_PROFILE").ok());
    named.filter(|name| !name.is_empty()).unwrap_or_else(|| "default".into())
}

/// One sentence with the command to type.
fn cure(error: &CallerError, profile: &str) -> String {
    let of_profile = if profile == "default" { String::new() } else { format!(" --profile {profile}") };
    let (said, lower) = match error {
        CallerError::NoAnswer(said) => return format!("AWS STS cannot be reached; check the network ({said})"),
        CallerError::NoCredentials(said) | CallerError::Refused(said) => (said, said.to_lowercase()),
    };
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let is_refused = matches!(error, CallerError::Refused(_));
    if has(&["profile"]) && has(&["not defined", "could not find profile", "was not found"]) {
        return format!("there is no profile {profile}; `aws configure list-profiles` lists them ({said})");
    }
    if has(&["sso"]) {
        return format!(
            "the SSO session of profile {profile} has expired or is missing; type: aws sso login{of_profile} ({said})"
        );
    }
    if has(&["login", "signin"]) {
        return format!(
            "the session of profile {profile} has expired or is missing; type: aws login{of_profile} ({said})"
        );
    }
    if is_refused && has(&["expired"]) {
        return format!("the credentials have expired; get new ones, for example with: aws login{of_profile} ({said})");
    }
    if is_refused {
        return format!(
            "AWS does not accept the credentials of profile {profile}; `aws sts get-caller-identity{of_profile}` shows whose they are ({said})"
        );
    }
    format!("there are no AWS credentials; type: aws login{of_profile}, or aws configure{of_profile} ({said})")
}
