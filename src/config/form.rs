//! The forms of names, ARNs and URLs. They are those of the template's parameters, so that a function without the stack
//! has the same rules.

use crate::account::{AccountId, Region};
use crate::declared;
use crate::quote;

/// Says what a value is and what it should be. A long value is cut.
pub(super) fn is(value: &str, expected: &str) -> String {
    format!("is {:?}, expected {expected}", quote::name(value))
}

fn checked(good: bool, value: &str, expected: &str) -> Result<String, String> {
    if good { Ok(value.into()) } else { Err(is(value, expected)) }
}

/// Whether `text` consists of ASCII letters, digits and `others`.
fn is_made_of(text: &str, others: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || others.contains(c))
}

/// Whether it is a role's name with its path, as IAM allows it.
fn is_role(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let parts = path.split('/').all(|part| !part.is_empty() && is_made_of(part, "_+=,.@-"));
    parts && name.len() <= 64 && path.len() - name.len() <= 511
}

pub(super) fn role_name(value: &str) -> Result<String, String> {
    let expected = "the name of a role, such as security/GuardDutyOnboarding, not its ARN";
    let path = value.trim_start_matches('/');
    if is_role(path) { Ok(path.into()) } else { Err(is(value, expected)) }
}

/// The value is a kind of secret, so the error does not repeat it.
pub(super) fn external_id(value: &str) -> Result<String, String> {
    if (2..=1224).contains(&value.len()) && is_made_of(value, "_+=,.@:/-") {
        Ok(value.into())
    } else {
        Err("is not an external id: 2 to 1224 letters, digits and any of _+=,.@:/-".into())
    }
}

pub(super) fn role_arn(value: &str) -> Result<String, String> {
    let parts: Vec<&str> = value.splitn(6, ':').collect();
    let good = match parts[..] {
        ["arn", partition, "iam", "", account, resource] => {
            let lower = |c: char| c.is_ascii_lowercase() || c == '-';
            let partition = partition.strip_prefix("aws").is_some_and(|rest| rest.chars().all(lower));
            partition && AccountId::parse(account).is_some() && resource.strip_prefix("role/").is_some_and(is_role)
        }
        _ => false,
    };
    checked(good, value, "the ARN of a role, such as arn:aws:iam::111122223333:role/GuardDutyOnboardingReader")
}

pub(super) fn topic_arn(value: &str) -> Result<String, String> {
    let parts: Vec<&str> = value.split(':').collect();
    let good = match parts[..] {
        ["arn", partition, "sns", region, account, name] => {
            let named = (1..=256).contains(&name.len()) && is_made_of(name, "_-");
            partition.starts_with("aws")
                && Region::parse(region).is_some()
                && AccountId::parse(account).is_some()
                && named
        }
        _ => false,
    };
    checked(good, value, "the ARN of a topic, such as arn:aws:sns:us-east-1:111122223333:news")
}

/// The oldest buckets have up to 255 characters, with capitals and underscores (AWS O9).
pub(super) fn bucket(value: &str) -> Result<String, String> {
    let good = (3..=255).contains(&value.len()) && is_made_of(value, "._-");
    checked(good, value, "the name of a bucket, such as amzn-s3-demo-bucket")
}

pub(super) fn report_prefix(value: &str) -> Result<String, String> {
    // A report there could be taken for a list (AWS O10).
    if declared::by_key(value).is_some() {
        return Err(is(value, "a prefix outside accounts/, suspend/, remove/ and plan/, where the lists are"));
    }
    let begins = value.starts_with(|c: char| c.is_ascii_alphanumeric());
    // The rest of a report's name follows, up to 1,024 bytes.
    let good =
        begins && !value.contains("..") && value.ends_with('/') && is_made_of(value, "_./-") && value.len() <= 512;
    let expected = "a prefix such as reports/ that begins with a letter or digit, ends in a slash, contains only \
                    letters, digits and _ . - /, and has no ..";
    checked(good, value, expected)
}

/// `https://sqs.us-east-1.amazonaws.com/111122223333/name`. A custom endpoint may have another host, no TLS, and a path
/// before the account.
pub(super) fn queue_url(value: &str) -> Result<String, String> {
    let expected = "the URL of a queue, such as https://sqs.us-east-1.amazonaws.com/111122223333/guardduty-onboarding";
    checked(is_queue_url(value), value, expected)
}

fn is_queue_url(value: &str) -> bool {
    let Some((scheme, rest)) = value.split_once("://") else { return false };
    let Some((authority, path)) = rest.split_once('/') else { return false };
    let parts: Vec<&str> = path.split('/').collect();
    let [before @ .., account, name] = &parts[..] else { return false };
    let named = name.strip_suffix(".fifo").unwrap_or(name);
    let is_name = !named.is_empty() && name.len() <= 80 && is_made_of(named, "_-");
    let is_path = AccountId::parse(account).is_some() && before.iter().all(|part| is_label(part));
    let host = host(authority);
    let is_host = match scheme {
        "https" => {
            host.is_some_and(|host| !is_aws(host) || is_aws_queue(host) && host == authority && before.is_empty())
        }
        "http" => host.is_some_and(|host| !is_aws(host)),
        _ => false,
    };
    is_name && is_path && is_host
}

/// The host, if it has nothing beside it but a port.
fn host(authority: &str) -> Option<&str> {
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let is_port = port.is_none_or(|port| port.parse().is_ok_and(|port: u16| port > 0));
    (is_port && (host == "[::1]" || host.split('.').all(is_label))).then_some(host)
}

fn is_label(text: &str) -> bool {
    !text.is_empty() && is_made_of(text, "_-")
}

fn is_aws(host: &str) -> bool {
    [".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu", ".api.aws"].iter().any(|end| host.ends_with(end))
}

/// `sqs.REGION.…`, also with FIPS or through a VPC endpoint, and the older `REGION.queue.…` and `queue.…` (AWS R9,
/// R11).
fn is_aws_queue(host: &str) -> bool {
    let labels: Vec<&str> = host.split('.').collect();
    let is_region = |label: &&str| Region::parse(label).is_some();
    match labels[..] {
        ["sqs" | "sqs-fips", region, ..] | [region, "queue", ..] => is_region(&region),
        [endpoint, "sqs", region, "vpce", ..] => endpoint.starts_with("vpce-") && is_region(&region),
        ["queue", "amazonaws", "com"] => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_go_nowhere_near_the_lists() {
        for lists in ["accounts/", "suspend/", "remove/", "plan/"] {
            let error = report_prefix(&format!("{lists}reports/")).expect_err("a mistake");
            assert!(error.contains("where the lists are"), "{error}");
            assert!(report_prefix(&format!("reports/{lists}")).is_ok());
        }
        for wrong in ["a/../accounts/", "../", "a/..", &format!("{}/", "a".repeat(600))] {
            assert!(report_prefix(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_queue_is_one_of_sqs_or_of_an_endpoint_of_ones_own() {
        for right in [
            "https://sqs.us-east-1.amazonaws.com/111122223333/guardduty-onboarding",
            "https://sqs.cn-north-1.amazonaws.com.cn/111122223333/queue.fifo",
            "https://sqs-fips.us-gov-west-1.amazonaws.com/111122223333/queue",
            "https://sqs.eusc-de-east-1.amazonaws.eu/111122223333/queue",
            "https://sqs.us-east-1.api.aws/111122223333/queue",
            "https://vpce-0abc-1.sqs.us-east-1.vpce.amazonaws.com/111122223333/queue",
            "https://us-west-2.queue.amazonaws.com/111122223333/queue",
            "https://queue.amazonaws.com/111122223333/queue",
            "http://127.0.0.1:4566/123456789012/guardduty-onboarding",
            "http://[::1]:4566/123456789012/q",
            "http://localhost:9324/000000000000/q",
            "http://host.docker.internal:4566/queue/us-east-1/000000000000/q",
            "http://sqs.us-east-1.localhost.localstack.cloud:4566/000000000000/q",
        ] {
            assert_eq!(queue_url(right), Ok(right.to_owned()));
        }
        for wrong in [
            "my-queue",
            "arn:aws:sqs:us-east-1:111122223333:queue",
            "http://sqs.us-east-1.amazonaws.com/111122223333/queue",
            "https://s3.us-east-1.amazonaws.com/111122223333/queue",
            "https://sqs.ohio.amazonaws.com/111122223333/queue",
            "https://sqs.us-east-1.amazonaws.com:443/111122223333/queue",
            "https://sqs.us-east-1.amazonaws.com/11112222333/queue",
            "https://sqs.us-east-1.amazonaws.com/111122223333/",
            "https://sqs.us-east-1.amazonaws.com/111122223333/a/b",
            "https://sqs.us-east-1.amazonaws.com/111122223333/queue?x=1",
            "https://user@example.com/111122223333/queue",
            "https:///111122223333/queue",
            "http://127.0.0.1:0/111122223333/queue",
            "http://127.0.0.1:x/111122223333/queue",
            "ftp://127.0.0.1/111122223333/queue",
        ] {
            assert!(queue_url(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_bucket_and_a_role_have_their_bounds() {
        assert!(bucket("amzn-s3-demo-bucket").is_ok() && bucket("Old_Bucket.1").is_ok());
        for wrong in ["ab", "s3://amzn-s3-demo-bucket", "a bucket", "user@example.com", &"x".repeat(256)] {
            assert!(bucket(wrong).is_err(), "{wrong}");
        }
        for wrong in [&"x".repeat(65), "a//b", &format!("{}b", "a/".repeat(300))] {
            assert!(role_name(wrong).is_err(), "{wrong}");
        }
    }
}
