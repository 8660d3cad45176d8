//! The sentence for an account that Organizations did not describe: AWS's words, and the cure that fits them.

use super::error::HandleError;
use crate::account::AccountId;
use crate::aws::NotDescribed;
use crate::membership::{CallError, DeniedBy, NotAssumed};
use crate::outcome::words::{Role, cure};

/// Only these two may call DescribeAccount (AWS E13).
const WHO_MAY_ASK: &str =
    "ORGANIZATION_ROLE_ARN must name a role in the organization's management account or in a delegated administrator's";

pub(super) fn not_described(account: AccountId, error: &NotDescribed) -> HandleError {
    let quoted = match error {
        NotDescribed::Role(NotAssumed::Refused(refusal)) => format!(
            "the role of ORGANIZATION_ROLE_ARN cannot be assumed (AWS says: {}): {}",
            refusal.quoted,
            cure(refusal, Role::Organization)
        ),
        NotDescribed::NoOrganization => format!("the calling account belongs to no organization; {WHO_MAY_ASK}"),
        NotDescribed::Call(error @ CallError::Denied(denial)) => match denial.by {
            DeniedBy::NoIdentityPolicy => format!(
                "{error}; allow the function's role, or the one that ORGANIZATION_ROLE_ARN names, to call DescribeAccount"
            ),
            DeniedBy::Organization | DeniedBy::Other => {
                format!("{error}; allow organizations:DescribeAccount in the policy that AWS names")
            }
            DeniedBy::Unsaid => {
                format!("{error}; {WHO_MAY_ASK}, and that role must be allowed to call DescribeAccount")
            }
        },
        NotDescribed::Role(NotAssumed::Call(error)) | NotDescribed::Call(error) => error.to_string(),
    };
    HandleError::AccountNotDescribed { account, quoted }
}
