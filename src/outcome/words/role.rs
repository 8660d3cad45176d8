//! What to do about a role that cannot be assumed: one cure for each thing that STS says.

use crate::membership::{RoleRefusal, WhyNot};

/// A role that the function assumes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Member,
    /// The one that reads the organization.
    Organization,
}

impl Role {
    /// The setting that names the role, and the stack's parameter for that setting.
    fn named_by(self) -> (&'static str, &'static str) {
        match self {
            Self::Member => ("MEMBER_ROLE_NAME", "MemberRoleName"),
            Self::Organization => ("ORGANIZATION_ROLE_ARN", "OrganizationRoleArn"),
        }
    }
}

/// What to do about the refusal, as the end of a sentence that has quoted it.
#[must_use]
pub fn cure(refusal: &RoleRefusal, role: Role) -> String {
    let (setting, parameter) = role.named_by();
    match (refusal.why, role) {
        (WhyNot::Trust, Role::Member) => {
            "create it, or correct its trust policy or external id; AWS does not say which of them is wrong".into()
        }
        (WhyNot::Trust, Role::Organization) => {
            format!(
                "create the role that {setting} names, or correct its trust policy; AWS does not say which of them is wrong"
            )
        }
        (WhyNot::OwnPolicy, Role::Member) => format!(
            "either the account belongs to no organization that the stack's parameter OrganizationIds names: add its \
             organization there, or remove the account from the list; \
             or {setting} is not what the stack was deployed with: deploy the stack with it (parameter {parameter})"
        ),
        (WhyNot::OwnPolicy, Role::Organization) => format!(
            "the function's own role lacks sts:AssumeRole on this role; \
             {setting} is not what the stack was deployed with: deploy the stack with it (parameter {parameter})"
        ),
        (WhyNot::Organization, Role::Member) => {
            "a policy of an organization denies it; exempt the function's role from it, or remove the account from the list"
                .into()
        }
        (WhyNot::Organization, Role::Organization) => {
            "a policy of an organization denies it; exempt the function's role from it".into()
        }
        (WhyNot::OtherPolicy, _) => "allow sts:AssumeRole in the policy that AWS names".into(),
        (WhyNot::StsOff, _) => {
            "activate STS in the role's account (IAM console, Account settings), for the function's Region \
             or, where that is opt-in, for us-east-1"
                .into()
        }
        (WhyNot::SessionPolicy, _) => {
            "STS does not accept this version's session policy; deploy a newer version".into()
        }
        (WhyNot::TooLong, _) => {
            "the session policy and the session tags together are too long; pass fewer session tags to the role".into()
        }
        (WhyNot::Form, Role::Member) => format!("correct {setting} and MEMBER_ROLE_EXTERNAL_ID"),
        (WhyNot::Form, Role::Organization) => format!("correct {setting}"),
        (WhyNot::Other, _) => "this version does not know the reason".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_a_cure_of_its_own_that_names_the_right_setting() {
        let all = [
            WhyNot::Trust,
            WhyNot::OwnPolicy,
            WhyNot::Organization,
            WhyNot::OtherPolicy,
            WhyNot::StsOff,
            WhyNot::SessionPolicy,
            WhyNot::TooLong,
            WhyNot::Form,
            WhyNot::Other,
        ];
        for (role, foreign) in [(Role::Member, "ORGANIZATION_ROLE_ARN"), (Role::Organization, "MEMBER_ROLE")] {
            let cures = all.map(|why| cure(&RoleRefusal { why, quoted: "x".into() }, role));
            assert!(cures.iter().all(|cure| !cure.contains(foreign)), "{cures:?}");
            let mut different = cures.to_vec();
            different.sort();
            different.dedup();
            assert_eq!(different.len(), all.len());
        }
    }
}
