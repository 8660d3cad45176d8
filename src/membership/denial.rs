//! Which policy denied an action. The end of AWS's message says so (AWS A1).

use super::quoted;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denial {
    pub by: DeniedBy,
    /// AWS's words.
    pub quoted: String,
}

/// The policy that decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeniedBy {
    /// None of the caller's own policies allows the action. It may be missing, or so new that it has not spread yet
    /// (AWS A4).
    NoIdentityPolicy,
    /// An organization's service control policy or resource control policy.
    Organization,
    /// Any other policy that AWS names: by an explicit deny, or because a session policy, a permissions boundary, a
    /// resource's policy … does not allow the action.
    Other,
    /// AWS gives no reason.
    Unsaid,
}

impl Denial {
    /// Parses the message of an `AccessDenied` error.
    #[must_use]
    pub fn parse(message: &str) -> Self {
        Self { by: DeniedBy::parse(message), quoted: quoted(message) }
    }
}

impl Denial {
    /// Whether it is this action that is denied. AWS names it early in its message.
    #[must_use]
    pub fn names(&self, action: &str) -> bool {
        self.quoted.contains(action)
    }
}

impl DeniedBy {
    /// An explicit deny is final (AWS A2), whichever kind of policy has it. So it is looked for before the words of a
    /// missing permission, which may come later.
    fn parse(message: &str) -> Self {
        let message = message.to_ascii_lowercase();
        let says = |fragment: &str| message.contains(fragment);
        if says("service control policy") || says("resource control policy") {
            Self::Organization
        } else if says("explicit deny") {
            Self::Other
        } else if says("no identity-based policy allows") {
            Self::NoIdentityPolicy
        } else if says("because no ") {
            Self::Other
        } else {
            Self::Unsaid
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_the_message_says_which_policy_decided() {
        for (end, by) in [
            ("because no identity-based policy allows the guardduty:CreateDetector action", DeniedBy::NoIdentityPolicy),
            ("with an explicit deny in an identity-based policy", DeniedBy::Other),
            (
                "with an explicit deny in an identity-based policy: arn:aws:iam::111122223333:policy/Deny",
                DeniedBy::Other,
            ),
            ("with an explicit deny in a permissions boundary", DeniedBy::Other),
            ("with an explicit deny in a session policy", DeniedBy::Other),
            ("with an explicit deny in a resource-based policy", DeniedBy::Other),
            ("with an explicit deny in a VPC endpoint policy", DeniedBy::Other),
            ("with an explicit deny", DeniedBy::Other),
            ("because no session policy allows the guardduty:CreateDetector action", DeniedBy::Other),
            ("because no permissions boundary allows the guardduty:CreateDetector action", DeniedBy::Other),
            ("because no VPC endpoint policy allows the guardduty:CreateDetector action", DeniedBy::Other),
            ("because no resource-based policy allows the sts:AssumeRole action", DeniedBy::Other),
            ("with an explicit deny in a service control policy", DeniedBy::Organization),
            ("with an explicit deny in a resource control policy", DeniedBy::Organization),
            ("because no service control policy allows the guardduty:CreateDetector action", DeniedBy::Organization),
            ("", DeniedBy::Unsaid),
        ] {
            let message =
                format!("User: x is not authorized to perform: guardduty:CreateDetector on resource: * {end}");
            assert_eq!(Denial::parse(&message).by, by, "{end}");
        }
        assert_eq!(Denial::parse("Access Denied").by, DeniedBy::Unsaid);
    }

    #[test]
    fn a_reason_is_read_although_it_is_too_far_back_to_be_quoted() {
        let message = format!("{} because no identity-based policy allows the action", "x".repeat(700));
        let denial = Denial::parse(&message);
        assert_eq!(denial.by, DeniedBy::NoIdentityPolicy);
        assert!(!denial.quoted.contains("because"));
    }
}
