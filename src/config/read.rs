//! Reads and checks each setting, and reports every mistake at once.

use std::time::Duration;

use super::form::{self, is};
use super::{Config, ConfigError, NotifyOn, Regions};
use crate::account::{AccountId, Region};
use crate::declared::Brakes;
use crate::protection::Plans;
use crate::quote;

impl Config {
    /// Reads the settings from `lookup`, which gives a variable's value. An empty value counts as not set: a
    /// CloudFormation parameter without a value arrives like that.
    pub fn read(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let mut reader = Reader { lookup, mistakes: Vec::new() };
        // Lambda sets AWS_REGION. A person who runs the binary by hand has to set it.
        let own_region = reader.required("AWS_REGION", region);
        let member_role_name = reader.required("MEMBER_ROLE_NAME", form::role_name);
        let member_role_external_id = reader.optional("MEMBER_ROLE_EXTERNAL_ID", form::external_id);
        let listed_regions = reader.optional("REGIONS", regions);
        let invitation_message = reader.optional("INVITATION_MESSAGE", message);
        let email_notification = reader.optional("EMAIL_NOTIFICATION", boolean);
        let organization_role_arn = reader.optional("ORGANIZATION_ROLE_ARN", form::role_arn);
        let report_bucket = reader.optional("REPORT_BUCKET", form::bucket);
        let report_prefix = reader.optional("REPORT_PREFIX", form::report_prefix);
        let queue_url = reader.optional("QUEUE_URL", form::queue_url);
        let max_deliveries = reader.optional("MAX_DELIVERIES", |text| number(text, 1, 1000));
        let max_concurrency = reader.optional("MAX_CONCURRENCY", |text| number(text, 1, 512));
        let settle_seconds = reader.optional("SETTLE_SECONDS", |text| number(text, 0, 900));
        let allow_suspend = reader.optional("ALLOW_SUSPEND", boolean);
        let allow_remove = reader.optional("ALLOW_REMOVE", boolean);
        let max_leaving = reader.optional("MAX_LEAVING", |text| number(text, 1, 5000));
        let protected = reader.optional("PROTECTED_ACCOUNTS", accounts);
        let delete_detectors = reader.optional("DELETE_DETECTORS", boolean);
        let plans = reader.optional("PROTECTION_PLANS", Plans::parse);
        let plans_administrator = reader.optional("PLANS_ADMINISTRATOR", boolean);
        let finding_publishing_frequency = reader.optional("FINDING_PUBLISHING_FREQUENCY", frequency);
        let notify_topic_arn = reader.optional("NOTIFY_TOPIC_ARN", form::topic_arn);
        let notify_on = reader.optional("NOTIFY_ON", notify_on);
        match (own_region, member_role_name) {
            (Some(own_region), Some(member_role_name)) if reader.mistakes.is_empty() => Ok(Self {
                regions: listed_regions.unwrap_or_else(|| Regions::Listed(vec![own_region.clone()])),
                own_region,
                member_role_name,
                member_role_external_id,
                invitation_message,
                email_notification: email_notification.unwrap_or(false),
                organization_role_arn,
                report_bucket,
                report_prefix: report_prefix.unwrap_or_else(|| "reports/".into()),
                queue_url,
                max_deliveries: max_deliveries.unwrap_or(30),
                max_concurrency: max_concurrency.unwrap_or(64) as usize,
                settle: Duration::from_secs(settle_seconds.unwrap_or(60).into()),
                brakes: Brakes {
                    allow_suspend: allow_suspend.unwrap_or(false),
                    allow_remove: allow_remove.unwrap_or(false),
                    max_leaving: max_leaving.unwrap_or(50) as usize,
                    protected: protected.unwrap_or_default(),
                },
                delete_detectors: delete_detectors.unwrap_or(false),
                plans,
                plans_administrator: plans_administrator.unwrap_or(true),
                finding_publishing_frequency,
                notify_topic_arn,
                notify_on: notify_on.unwrap_or(NotifyOn::Changes),
            }),
            _ => Err(ConfigError(reader.mistakes)),
        }
    }
}

struct Reader<L> {
    lookup: L,
    mistakes: Vec<String>,
}

impl<L: Fn(&str) -> Option<String>> Reader<L> {
    fn optional<T>(&mut self, name: &str, parse: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let value = (self.lookup)(name)?;
        let value = value.trim();
        if value.is_empty() {
            return None;
        }
        parse(value).map_err(|problem| self.mistakes.push(format!("{name} {problem}"))).ok()
    }

    fn required<T>(&mut self, name: &str, parse: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let known = self.mistakes.len();
        let value = self.optional(name, parse);
        if value.is_none() && self.mistakes.len() == known {
            self.mistakes.push(format!("{name} is not set"));
        }
        value
    }
}

/// Lambda allows 4 KB for all settings together (AWS Q2). The error does not repeat the text, which may say anything.
fn message(value: &str) -> Result<String, String> {
    if value.chars().count() <= 500 && !value.contains(|c: char| c.is_control() && c != '\t') {
        Ok(value.into())
    } else {
        Err("is not one line of at most 500 characters".into())
    }
}

fn region(value: &str) -> Result<Region, String> {
    Region::parse(value).ok_or_else(|| is(value, "a Region code such as us-east-1"))
}

fn regions(value: &str) -> Result<Regions, String> {
    if value.eq_ignore_ascii_case("all") {
        return Ok(Regions::All);
    }
    let mut listed = Vec::new();
    for code in value.split(',').map(str::trim).filter(|code| !code.is_empty()) {
        if code.eq_ignore_ascii_case("all") {
            return Err("has \"all\" beside other Regions, expected all alone, which has them in it".into());
        }
        let region = Region::parse(code).ok_or_else(|| {
            format!("has {:?}, expected Region codes such as us-east-1,eu-west-1, or all", quote::name(code))
        })?;
        if !listed.contains(&region) {
            listed.push(region);
        }
    }
    if listed.is_empty() { Err(is(value, "at least one Region")) } else { Ok(Regions::Listed(listed)) }
}

fn accounts(value: &str) -> Result<Vec<AccountId>, String> {
    let ids = value.split(',').map(str::trim).filter(|id| !id.is_empty());
    let parse = |id| {
        let expected = "expected account ids of 12 digits such as 111122223333,444455556666";
        AccountId::parse(id).ok_or_else(|| format!("has {:?}, {expected}", quote::name(id)))
    };
    let ids: Vec<AccountId> = ids.map(parse).collect::<Result<_, _>>()?;
    if ids.is_empty() { Err(is(value, "at least one account id")) } else { Ok(ids) }
}

fn boolean(value: &str) -> Result<bool, String> {
    match value.to_ascii_lowercase().as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(is(value, "true or false")),
    }
}

fn notify_on(value: &str) -> Result<NotifyOn, String> {
    match value {
        "changes" => Ok(NotifyOn::Changes),
        "failures" => Ok(NotifyOn::Failures),
        "always" => Ok(NotifyOn::Always),
        _ => Err(is(value, "changes, failures or always")),
    }
}

fn frequency(value: &str) -> Result<String, String> {
    match value {
        "FIFTEEN_MINUTES" | "ONE_HOUR" | "SIX_HOURS" => Ok(value.into()),
        _ => Err(is(value, "FIFTEEN_MINUTES, ONE_HOUR or SIX_HOURS")),
    }
}

fn number(value: &str, least: u32, most: u32) -> Result<u32, String> {
    let number = value.parse().ok().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| is(value, &format!("a number from {least} to {most}")))
}
