//! Why a role could not be assumed, as far as STS says so.

use std::sync::Arc;

use super::{CallError, Denial, DeniedBy};

/// Why there is no session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotAssumed {
    Refused(RoleRefusal),
    /// An error that is not about this role.
    Call(CallError),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleRefusal {
    pub why: WhyNot,
    /// STS's words, shared by the account's memberships in all Regions.
    pub quoted: Arc<str>,
}

/// What a refusal of AssumeRole is about. Each has a cure of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyNot {
    /// The role is missing, does not trust the caller, or requires another external id. STS says the same about all
    /// three (AWS A3), so that nobody can find out which roles exist.
    Trust,
    /// No policy of the caller allows it to assume a role of that name.
    OwnPolicy,
    /// An organization's policy denies it.
    Organization,
    OtherPolicy,
    /// The role's account has not activated STS in the Region that was called (AWS R6).
    StsOff,
    /// STS does not accept the session policy.
    SessionPolicy,
    /// The session policy, together with session tags, is too long.
    TooLong,
    /// The role's name or the external id has a form that STS does not accept.
    Form,
    Other,
}

impl RoleRefusal {
    #[must_use]
    pub fn parse(code: &str, message: &str, quoted: String) -> Self {
        Self { why: WhyNot::parse(code, message), quoted: quoted.into() }
    }
}

impl WhyNot {
    fn parse(code: &str, message: &str) -> Self {
        match code {
            "AccessDenied" | "AccessDeniedException" => match Denial::parse(message).by {
                DeniedBy::NoIdentityPolicy => Self::OwnPolicy,
                DeniedBy::Organization => Self::Organization,
                DeniedBy::Other if is_about_trust(message) => Self::Trust,
                DeniedBy::Other => Self::OtherPolicy,
                DeniedBy::Unsaid => Self::Trust,
            },
            "RegionDisabledException" => Self::StsOff,
            "MalformedPolicyDocument" | "MalformedPolicyDocumentException" => Self::SessionPolicy,
            "PackedPolicyTooLarge" | "PackedPolicyTooLargeException" => Self::TooLong,
            "ValidationError" => Self::Form,
            _ => Self::Other,
        }
    }
}

/// A role's resource-based policy is its trust policy.
fn is_about_trust(message: &str) -> bool {
    ["no resource-based policy allows", "no role trust policy allows"].iter().any(|said| message.contains(said))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_of_sts_is_about_something_else() {
        let assume = |end: &str| {
            let user = "arn:aws:sts::123456789012:assumed-role/Function/f";
            let role = "arn:aws:iam::111122223333:role/Member";
            format!("User: {user} is not authorized to perform: sts:AssumeRole on resource: {role}{end}")
        };
        for (code, message, why) in [
            ("AccessDenied", assume(""), WhyNot::Trust),
            (
                "AccessDenied",
                assume(" because no resource-based policy allows the sts:AssumeRole action"),
                WhyNot::Trust,
            ),
            ("AccessDenied", assume(" because no role trust policy allows the sts:AssumeRole action"), WhyNot::Trust),
            (
                "AccessDenied",
                assume(" because no identity-based policy allows the sts:AssumeRole action"),
                WhyNot::OwnPolicy,
            ),
            ("AccessDenied", assume(" with an explicit deny in a service control policy"), WhyNot::Organization),
            ("AccessDenied", assume(" with an explicit deny in a resource control policy"), WhyNot::Organization),
            ("AccessDenied", assume(" with an explicit deny in a resource-based policy"), WhyNot::OtherPolicy),
            (
                "AccessDenied",
                assume(" because no permissions boundary allows the sts:AssumeRole action"),
                WhyNot::OtherPolicy,
            ),
            ("RegionDisabledException", "STS is not activated in this region".into(), WhyNot::StsOff),
            ("MalformedPolicyDocument", "Syntax errors in policy.".into(), WhyNot::SessionPolicy),
            (
                "PackedPolicyTooLarge",
                "Packed size of session tags consumes 101% of allotted space.".into(),
                WhyNot::TooLong,
            ),
            ("ValidationError", "1 validation error detected".into(), WhyNot::Form),
            ("SomethingNew", "The moon is full.".into(), WhyNot::Other),
        ] {
            assert_eq!(WhyNot::parse(code, &message), why, "{code}: {message}");
        }
    }
}
