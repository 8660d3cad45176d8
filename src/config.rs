//! The function's settings: the table of all of them, and their values.

mod form;
mod read;

use std::time::Duration;

use crate::account::Region;
use crate::declared::Brakes;
use crate::protection::Plans;

pub struct Setting {
    pub name: &'static str,
    /// As the table in docs/reference.md prints it.
    pub default: &'static str,
    /// As the table in docs/reference.md prints it.
    pub meaning: &'static str,
}

const fn setting(name: &'static str, default: &'static str, meaning: &'static str) -> Setting {
    Setting { name, default, meaning }
}

/// Every setting. A test compares the table in docs/reference.md with this one.
pub const SETTINGS: [Setting; 22] = [
    setting("MEMBER_ROLE_NAME", "required", "role to assume in each member account, with its path if it has one"),
    setting("MEMBER_ROLE_EXTERNAL_ID", "none", "`sts:ExternalId` to present with it"),
    setting(
        "REGIONS",
        "the function's own",
        "comma-separated list, or `all`: every Region enabled in the administrator account",
    ),
    setting("INVITATION_MESSAGE", "none", "text sent with the invitation"),
    setting("EMAIL_NOTIFICATION", "`false`", "`true` also sends AWS's e-mail to each root user, one per Region"),
    setting(
        "ORGANIZATION_ROLE_ARN",
        "none",
        "role to assume for DescribeAccount when the function's account may not call it",
    ),
    setting("REPORT_BUCKET", "the upload's bucket", "where reports go; required for account events"),
    setting(
        "REPORT_PREFIX",
        "`reports/`",
        "where in the bucket reports go: ends in a slash, outside `accounts/`, `suspend/`, `remove/` and `plan/`; an upload under it is ignored, so that a report never triggers a run",
    ),
    setting("QUEUE_URL", "none", "the queue that feeds the function, to change a message's visibility"),
    setting(
        "MAX_DELIVERIES",
        "`30`",
        "the queue's maxReceiveCount: the last delivery says in its report that it was the last",
    ),
    setting("MAX_CONCURRENCY", "`64`", "calls in flight to member accounts, at most 512"),
    setting(
        "SETTLE_SECONDS",
        "`60`",
        "longest wait for GuardDuty to show what was written to an account, verification included; begins anew with each write",
    ),
    setting("ALLOW_SUSPEND", "`false`", "`true`: lists under `suspend/` are carried out"),
    setting("ALLOW_REMOVE", "`false`", "`true`: lists under `remove/` are carried out"),
    setting(
        "MAX_LEAVING",
        "`50`",
        "the most accounts that one list or request may suspend or remove, at most 5000; a longer one is refused whole",
    ),
    setting(
        "PROTECTED_ACCOUNTS",
        "none",
        "comma-separated account ids that no list may suspend or remove: their rows are rejected",
    ),
    setting(
        "DELETE_DETECTORS",
        "`false`",
        "`true`: after a removal the member's detector is deleted, too, if this function created it",
    ),
    setting(
        "PROTECTION_PLANS",
        "none",
        "protection plans of all members, such as `S3_DATA_EVENTS=ENABLED,RDS_LOGIN_EVENTS=DISABLED`; the ones not named are left alone",
    ),
    setting("PLANS_ADMINISTRATOR", "`true`", "`false`: the administrator's own detector keeps the plans that it has"),
    setting(
        "FINDING_PUBLISHING_FREQUENCY",
        "none",
        "how often findings are published: `FIFTEEN_MINUTES`, `ONE_HOUR` or `SIX_HOURS`; set on the administrator's detector, members follow",
    ),
    setting(
        "NOTIFY_TOPIC_ARN",
        "none",
        "SNS topic that gets a message when a list, an account event or a heal has ended",
    ),
    setting(
        "NOTIFY_ON",
        "`changes`",
        "which ends the topic is told: `changes` (something was written, was tried again or failed), `failures` or `always`",
    ),
];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The Region the function runs in.
    pub own_region: Region,
    /// With its path, without a leading slash.
    pub member_role_name: String,
    pub member_role_external_id: Option<String>,
    pub regions: Regions,
    pub invitation_message: Option<String>,
    /// Whether AWS also writes to each root user.
    pub email_notification: bool,
    /// Role for DescribeAccount.
    pub organization_role_arn: Option<String>,
    /// `None` means the upload's bucket.
    pub report_bucket: Option<String>,
    /// Not empty, ends in a slash.
    pub report_prefix: String,
    pub queue_url: Option<String>,
    /// The queue's maxReceiveCount.
    pub max_deliveries: u32,
    /// Calls in flight to member accounts.
    pub max_concurrency: usize,
    /// The longest wait for GuardDuty to show what was written to an account. Begins anew with each write.
    pub settle: Duration,
    /// What keeps accounts from being let go by mistake.
    pub brakes: Brakes,
    /// Whether the detector of an account that was removed goes, too.
    pub delete_detectors: bool,
    /// `None`: protection plans are left alone.
    pub plans: Option<Plans>,
    /// Whether the administrator's own detector gets them, too.
    pub plans_administrator: bool,
    /// How often the administrator's detector, and so its members', publishes findings. `None`: left alone.
    pub finding_publishing_frequency: Option<String>,
    /// The topic that is told how lists end.
    pub notify_topic_arn: Option<String>,
    pub notify_on: NotifyOn,
}

/// Which ends of lists the topic is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotifyOn {
    /// The run wrote something, was not the first try, or left something failed.
    Changes,
    Failures,
    Always,
}

/// The Regions to onboard in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Regions {
    /// Each once, in the setting's order.
    Listed(Vec<Region>),
    /// Every Region that is enabled in the administrator account.
    All,
}

/// Every mistake in the settings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the settings have mistakes: {}", .0.join("; "))]
pub struct ConfigError(pub Vec<String>);

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn read(settings: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let by_name: HashMap<_, _> = settings.iter().copied().collect();
        Config::read(|name| by_name.get(name).map(ToString::to_string))
    }

    const MINIMAL: [(&str, &str); 2] = [("AWS_REGION", "eu-west-1"), ("MEMBER_ROLE_NAME", "GuardDutyOnboarding")];

    fn with(settings: &[(&'static str, &'static str)]) -> Result<Config, ConfigError> {
        read(&[&MINIMAL, settings].concat())
    }

    #[test]
    fn a_role_name_is_all_that_must_be_set() {
        let config = read(&MINIMAL).expect("good settings");
        assert_eq!(config.regions, Regions::Listed(vec![Region::parse("eu-west-1").expect("a Region")]));
        assert_eq!(config.report_prefix, "reports/");
        assert_eq!((config.max_concurrency, config.max_deliveries, config.settle.as_secs()), (64, 30, 60));
        assert!(!config.email_notification);
    }

    #[test]
    fn every_mistake_is_reported_at_once_with_its_name_and_value() {
        let ConfigError(mistakes) = read(&[
            ("AWS_REGION", "eu-west-1"),
            ("MEMBER_ROLE_EXTERNAL_ID", "x"),
            ("REGIONS", "us-east-1,Ohio"),
            ("EMAIL_NOTIFICATION", "yes"),
            ("MAX_CONCURRENCY", "513"),
            ("SETTLE_SECONDS", "-1"),
            ("MAX_DELIVERIES", "many"),
            ("ORGANIZATION_ROLE_ARN", "reader"),
            ("QUEUE_URL", "my-queue"),
        ])
        .expect_err("mistakes");
        assert_eq!(mistakes.len(), 9, "{mistakes:#?}");
        for said in
            ["MEMBER_ROLE_NAME is not set", "\"Ohio\"", "\"yes\"", "\"513\"", "\"-1\"", "\"many\"", "\"reader\""]
        {
            assert!(mistakes.iter().any(|mistake| mistake.contains(said)), "{said}: {mistakes:#?}");
        }
    }

    /// The same values are held against the template's parameters by tests/documents/settings.rs.
    #[test]
    fn what_the_templates_parameters_take_and_refuse_the_settings_take_and_refuse() {
        let settings: serde_json::Value =
            serde_json::from_str(include_str!("../tests/settings.json")).expect("a table of values");
        for (name, values) in settings.as_object().expect("settings") {
            for (kind, good) in [("good", true), ("bad", false)] {
                for value in values[kind].as_array().expect("values") {
                    let value = value.as_str().expect("a text");
                    let read = read(&[&MINIMAL, &[(name.as_str(), value)][..]].concat());
                    assert_eq!(read.is_ok(), good, "{name} {value:?}: {read:?}");
                }
            }
        }
    }

    #[test]
    fn a_secret_or_a_text_is_not_repeated_and_any_other_value_is_bounded_and_shows_no_address() {
        let long = format!("my secret id! {}", "x".repeat(5_000));
        for secret in ["MEMBER_ROLE_EXTERNAL_ID", "INVITATION_MESSAGE"] {
            let error = read(&[&MINIMAL, &[(secret, long.as_str())][..]].concat()).expect_err("a mistake").to_string();
            assert!(error.contains(secret) && !error.contains("my secret"), "{error}");
        }
        let names = SETTINGS.iter().map(|setting| setting.name);
        for value in [long.as_str(), "user@example.com!", "a\u{7}b c"] {
            let settings: Vec<_> = names.clone().map(|name| (name, value)).collect();
            let ConfigError(mistakes) =
                read(&[&[("AWS_REGION", value)], &settings[..]].concat()).expect_err("mistakes");
            assert!(mistakes.len() >= 10, "{mistakes:#?}");
            for mistake in mistakes {
                let told = mistake.len() < 400 && !mistake.contains("user@example") && !mistake.contains('\u{7}');
                assert!(told, "{mistake}");
            }
        }
    }

    #[test]
    fn an_empty_variable_counts_as_not_set() {
        let config = with(&[("REPORT_PREFIX", ""), ("REGIONS", " "), ("REPORT_BUCKET", "")]).expect("good settings");
        assert_eq!((config.report_prefix.as_str(), config.report_bucket), ("reports/", None));
    }

    #[test]
    fn regions_are_a_list_without_repeats_or_all() {
        let codes = |config: Config| match config.regions {
            Regions::Listed(regions) => regions.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
            Regions::All => "all".into(),
        };
        let listed = with(&[("REGIONS", "us-east-1, eu-west-1,us-east-1")]).expect("good settings");
        assert_eq!(codes(listed), "us-east-1 eu-west-1");
        assert_eq!(codes(with(&[("REGIONS", "ALL")]).expect("good settings")), "all");
    }

    #[test]
    fn a_role_keeps_its_path_and_is_not_an_arn() {
        let config = with(&[("MEMBER_ROLE_NAME", "/security/Onboarding")]).expect("good settings");
        assert_eq!(config.member_role_name, "security/Onboarding");
        assert!(with(&[("MEMBER_ROLE_NAME", "arn:aws:iam::111122223333:role/Onboarding")]).is_err());
    }
}
