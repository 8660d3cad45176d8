//! The service-linked roles that GuardDuty uses in an account.

use crate::iam::arn::partition;

pub(super) fn guardduty(account: &str, region: &str) -> String {
    arn(account, region, "guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDuty")
}

pub(super) fn malware_protection(account: &str, region: &str) -> String {
    let name = "malware-protection.guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDutyMalwareProtection";
    arn(account, region, name)
}

fn arn(account: &str, region: &str, name: &str) -> String {
    format!("arn:{}:iam::{account}:role/aws-service-role/{name}", partition(region))
}
