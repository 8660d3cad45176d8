//! The function's settings, from flags. Variables that have no flag count, too.

use std::env;

use guardduty_onboarding::account::AccountId;
use guardduty_onboarding::config::{Config, ConfigError};

use crate::exit::Failure;
use crate::flags::{Protected, Work};

/// Variables of the function that count here without a flag.
const WITHOUT_FLAG: [&str; 4] =
    ["INVITATION_MESSAGE", "EMAIL_NOTIFICATION", "PLANS_ADMINISTRATOR", "FINDING_PUBLISHING_FREQUENCY"];

const PROTECTED: &str = "--protected";

/// Reads the settings for a caller in `region`.
pub(crate) fn read(work: &Work, region: &str) -> Result<Config, Failure> {
    let flags = [
        ("AWS_REGION", "--region", Some(region.to_owned())),
        ("REGIONS", "--regions", work.regions.clone()),
        ("MEMBER_ROLE_NAME", "--role", Some(work.role.clone())),
        ("MEMBER_ROLE_EXTERNAL_ID", "--external-id", work.external_id.clone()),
        ("PROTECTION_PLANS", "--plans", work.plans.clone()),
        ("MAX_CONCURRENCY", "--concurrency", work.concurrency.clone()),
        ("SETTLE_SECONDS", "--settle", work.settle.clone()),
        ("MAX_LEAVING", "--max-leaving", work.max_leaving.clone()),
        ("PROTECTED_ACCOUNTS", PROTECTED, work.protected.protected.clone()),
        ("DELETE_DETECTORS", "--delete-detectors", Some(work.delete_detectors.to_string())),
    ];
    let config = Config::read(|name| match name {
        // A person is asked before accounts are let go.
        "ALLOW_SUSPEND" | "ALLOW_REMOVE" => Some("true".into()),
        name if WITHOUT_FLAG.contains(&name) => env::var(name).ok(),
        name => flags.iter().find(|(variable, ..)| *variable == name).and_then(|(.., value)| value.clone()),
    });
    config.map_err(|error| usage(error, &flags.each_ref().map(|(variable, flag, _)| (*variable, *flag))))
}

/// The accounts that no list may let go, without the other settings.
pub(crate) fn protected(protected: &Protected) -> Result<Vec<AccountId>, Failure> {
    let config = Config::read(|name| match name {
        "PROTECTED_ACCOUNTS" => protected.protected.clone(),
        "AWS_REGION" => Some("us-east-1".into()),
        "MEMBER_ROLE_NAME" => Some("any".into()),
        _ => None,
    });
    let config = config.map_err(|error| usage(error, &[("PROTECTED_ACCOUNTS", PROTECTED)]))?;
    Ok(config.brakes.protected)
}

/// The mistakes, with the flags of their variables.
fn usage(ConfigError(mistakes): ConfigError, flags: &[(&str, &str)]) -> Failure {
    let mistakes: Vec<String> = mistakes.iter().map(|mistake| with_flag(mistake, flags)).collect();
    Failure::Usage(mistakes.join("; "))
}

/// The mistake with its variable's flag in front.
fn with_flag(mistake: &str, flags: &[(&str, &str)]) -> String {
    let flag = mistake.split_once(' ').and_then(|(name, rest)| {
        let (_, flag) = flags.iter().find(|(variable, _)| *variable == name)?;
        Some(format!("{flag} {rest}"))
    });
    flag.unwrap_or_else(|| mistake.to_owned())
}
