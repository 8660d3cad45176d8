//! The function's settings, from flags. Variables that have no flag count, too.

use std::env;

use guardduty_onboarding::account::AccountId;
use guardduty_onboarding::config::{Config, ConfigError};

use crate::exit::Failure;
use crate::flags::{Protected, Work};

/// The function's variables, and the flags that take their place.
const FLAGS: [(&str, &str); 10] = [
    ("AWS_REGION", "--region"),
    ("REGIONS", "--regions"),
    ("MEMBER_ROLE_NAME", "--role"),
    ("MEMBER_ROLE_EXTERNAL_ID", "--external-id"),
    ("PROTECTION_PLANS", "--plans"),
    ("MAX_CONCURRENCY", "--concurrency"),
    ("SETTLE_SECONDS", "--settle"),
    ("MAX_LEAVING", "--max-leaving"),
    ("PROTECTED_ACCOUNTS", "--protected"),
    ("DELETE_DETECTORS", "--delete-detectors"),
];

/// Variables of the function that count here without a flag.
const WITHOUT_FLAG: [&str; 4] =
    ["INVITATION_MESSAGE", "EMAIL_NOTIFICATION", "PLANS_ADMINISTRATOR", "FINDING_PUBLISHING_FREQUENCY"];

/// Reads the settings for a caller in `region`.
pub(crate) fn read(work: &Work, region: &str) -> Result<Config, Failure> {
    let config = Config::read(|name| match name {
        "AWS_REGION" => Some(region.to_owned()),
        "REGIONS" => work.regions.clone(),
        "MEMBER_ROLE_NAME" => Some(work.role.clone()),
        "MEMBER_ROLE_EXTERNAL_ID" => work.external_id.clone(),
        "PROTECTION_PLANS" => work.plans.clone(),
        "MAX_CONCURRENCY" => work.concurrency.clone(),
        "SETTLE_SECONDS" => work.settle.clone(),
        "MAX_LEAVING" => work.max_leaving.clone(),
        "PROTECTED_ACCOUNTS" => work.protected.protected.clone(),
        "DELETE_DETECTORS" => Some(work.delete_detectors.to_string()),
        // A person is asked before accounts are let go.
        "ALLOW_SUSPEND" | "ALLOW_REMOVE" => Some("true".into()),
        name if WITHOUT_FLAG.contains(&name) => env::var(name).ok(),
        _ => None,
    });
    config.map_err(usage)
}

/// The accounts that no list may let go, without the other settings.
pub(crate) fn protected(protected: &Protected) -> Result<Vec<AccountId>, Failure> {
    let config = Config::read(|name| match name {
        "PROTECTED_ACCOUNTS" => protected.protected.clone(),
        "AWS_REGION" => Some("us-east-1".into()),
        "MEMBER_ROLE_NAME" => Some("any".into()),
        _ => None,
    });
    config.map(|config| config.brakes.protected).map_err(usage)
}

fn usage(ConfigError(mistakes): ConfigError) -> Failure {
    let mistakes: Vec<String> = mistakes.iter().map(|mistake| with_flag(mistake)).collect();
    Failure::Usage(mistakes.join("; "))
}

/// The mistake with its variable's flag in front.
fn with_flag(mistake: &str) -> String {
    let flag = mistake.split_once(' ').and_then(|(name, rest)| {
        let (_, flag) = FLAGS.iter().find(|(variable, _)| *variable == name)?;
        Some(format!("{flag} {rest}"))
    });
    flag.unwrap_or_else(|| mistake.to_owned())
}
