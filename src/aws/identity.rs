//! Who we are: the account and partition that we run in, and our session name in other accounts' CloudTrail.

use crate::account::AccountId;

/// The account and the partition that we run in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// `aws`, `aws-cn`, `aws-us-gov` …
    pub partition: String,
    pub administrator: AccountId,
}

impl Identity {
    /// Reads `arn:aws:sts::123456789012:assumed-role/Role/session`, or any other ARN with an account.
    pub(super) fn from_arn(arn: &str) -> Option<Self> {
        let mut parts = arn.split(':');
        let ("arn", partition) = (parts.next()?, parts.next()?) else { return None };
        let administrator = AccountId::parse(parts.nth(2)?)?;
        Some(Self { partition: partition.into(), administrator })
    }

    /// Reads `arn:aws:lambda:us-east-1:123456789012:function:name`.
    #[must_use]
    pub fn from_function_arn(arn: &str) -> Option<Self> {
        let mut parts = arn.split(':');
        let ("arn", partition, "lambda") = (parts.next()?, parts.next()?, parts.next()?) else { return None };
        let administrator = AccountId::parse(parts.nth(1)?)?;
        Some(Self { partition: partition.into(), administrator })
    }
}

/// CloudTrail shows it wherever a role is assumed. It ends in the id that the invocation's log lines have. STS accepts
/// at most 64 characters, and only these (AWS A5).
pub(super) fn session_name(request_id: &str) -> String {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || "_+=,.@-".contains(letter);
    let id = request_id.chars().map(|letter| if allowed(letter) { letter } else { '-' });
    "guardduty-onboarding-".chars().chain(id).take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_functions_arn_names_administrator_and_partition() {
        let identity =
            Identity::from_function_arn("arn:aws-cn:lambda:cn-north-1:123456789012:function:guardduty-onboarding:live");
        let administrator = AccountId::parse("123456789012").expect("twelve digits");
        assert_eq!(identity, Some(Identity { partition: "aws-cn".into(), administrator }));
        for wrong in [
            "",
            "arn:aws:lambda:us-east-1",
            "arn:aws:iam::123456789012:role/x",
            "arn:aws:lambda:us-east-1:1:function:x",
        ] {
            assert_eq!(Identity::from_function_arn(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_session_name_is_one_that_sts_accepts_whatever_the_invocations_id() {
        let id = "8476a536-e9f4-11e8-9739-2dfe598c3fcd";
        assert_eq!(session_name(id), format!("guardduty-onboarding-{id}"));
        assert_eq!(session_name("ünïcode id/1@x"), "guardduty-onboarding--n-code-id-1@x");
        assert_eq!(session_name(&"x".repeat(300)).len(), 64);
        assert_eq!(session_name(""), "guardduty-onboarding-");
    }
}
