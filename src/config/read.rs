//! Reads and checks each setting.

use std::time::Duration;

use super::{Config, ConfigError, Regions};
use crate::account::Region;

impl Config {
    /// Reads the settings from `lookup`, which gives a variable's value. An empty value counts as not set, because
    /// that is how a CloudFormation parameter without a value arrives.
    pub fn read(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let mut reader = Reader { lookup, mistakes: Vec::new() };
        // Lambda sets AWS_REGION; whoever runs the binary by hand has to.
        let own_region = reader.required("AWS_REGION", region);
        let member_role_name = reader.required("MEMBER_ROLE_NAME", role_name);
        let member_role_external_id = reader.optional("MEMBER_ROLE_EXTERNAL_ID", external_id);
        let listed_regions = reader.optional("REGIONS", regions);
        let invitation_message = reader.optional("INVITATION_MESSAGE", text);
        let email_notification = reader.optional("EMAIL_NOTIFICATION", boolean);
        let organization_role_arn = reader.optional("ORGANIZATION_ROLE_ARN", role_arn);
        let report_bucket = reader.optional("REPORT_BUCKET", text);
        let report_prefix = reader.optional("REPORT_PREFIX", text);
        let queue_url = reader.optional("QUEUE_URL", url);
        let max_deliveries = reader.optional("MAX_DELIVERIES", |text| number(text, 1, 1000));
        let max_concurrency = reader.optional("MAX_CONCURRENCY", |text| number(text, 1, 512));
        let settle_seconds = reader.optional("SETTLE_SECONDS", |text| number(text, 0, 900));
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

#[expect(clippy::unnecessary_wraps, reason = "it stands where others can fail")]
fn text(value: &str) -> Result<String, String> {
    Ok(value.into())
}

fn region(value: &str) -> Result<Region, String> {
    Region::parse(value).ok_or_else(|| format!("is {value:?}, expected a Region code such as us-east-1"))
}

fn regions(value: &str) -> Result<Regions, String> {
    if value.eq_ignore_ascii_case("all") {
        return Ok(Regions::All);
    }
    let mut listed = Vec::new();
    for code in value.split(',').map(str::trim).filter(|code| !code.is_empty()) {
        let region = Region::parse(code)
            .ok_or_else(|| format!("has {code:?}, expected Region codes such as us-east-1,eu-west-1, or all"))?;
        if !listed.contains(&region) {
            listed.push(region);
        }
    }
    if listed.is_empty() {
        Err(format!("is {value:?}, expected at least one Region"))
    } else {
        Ok(Regions::Listed(listed))
    }
}

/// Characters that IAM takes in a role's name and path.
fn is_role_path(value: &str) -> bool {
    value.chars().all(|c| c.is_ascii_alphanumeric() || "_+=,.@-/".contains(c))
}

fn role_name(value: &str) -> Result<String, String> {
    let path = value.trim_start_matches('/');
    let name = path.rsplit('/').next().unwrap_or(path);
    if is_role_path(path) && (1..=64).contains(&name.len()) {
        Ok(path.into())
    } else {
        Err(format!("is {value:?}, expected the name of a role, such as security/GuardDutyOnboarding, not its ARN"))
    }
}

/// The value is a kind of secret, so it is not repeated.
fn external_id(value: &str) -> Result<String, String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_+=,.@:/-".contains(c);
    if (2..=1224).contains(&value.len()) && value.chars().all(allowed) {
        Ok(value.into())
    } else {
        Err("is not an external id: 2 to 1224 letters, digits and any of _+=,.@:/-".into())
    }
}

fn role_arn(value: &str) -> Result<String, String> {
    let is_arn = value.starts_with("arn:") && value.split(':').count() == 6 && value.contains(":role/");
    if is_arn { Ok(value.into()) } else { Err(format!("is {value:?}, expected the ARN of a role")) }
}

fn url(value: &str) -> Result<String, String> {
    let is_url = value.starts_with("https://") || value.starts_with("http://");
    if is_url { Ok(value.into()) } else { Err(format!("is {value:?}, expected the URL of a queue")) }
}

fn boolean(value: &str) -> Result<bool, String> {
    match value.to_ascii_lowercase().as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(format!("is {value:?}, expected true or false")),
    }
}

fn number(value: &str, least: u32, most: u32) -> Result<u32, String> {
    let number = value.parse().ok().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| format!("is {value:?}, expected a number from {least} to {most}"))
}
