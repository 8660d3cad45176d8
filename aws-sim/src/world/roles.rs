//! Roles as a story describes and inspects them.

use std::collections::BTreeSet;
use std::time::Duration;

use super::World;
use crate::iam::action::{Action, Principal};
use crate::iam::arn;
use crate::iam::policy::Policy;

impl World {
    /// Roles with this ARN, in which `*` is any text, may do only what these policies allow. The principals that
    /// `trust` allows can assume them; without it, everybody can. `${aws:PrincipalAccount}` stands for the role's own
    /// account.
    ///
    /// # Panics
    ///
    /// If a text is not a policy, or has a condition that the simulator does not know.
    pub fn role(&self, arn: &str, trust: Option<&str>, policies: &[String]) {
        let trust = trust.map(parsed);
        let mut joined = Policy::default();
        for policy in policies {
            joined.join(parsed(policy));
        }
        self.state().roles.add(arn, trust, joined);
    }

    /// Temporary keys of the role's account that the simulator's STS did not issue belong to this role, as Lambda's
    /// keys belong to the function's role.
    pub fn keys_are_of(&self, role_arn: &str) {
        let account = arn::account(role_arn).unwrap_or_default();
        self.state().roles.set_role_of_keys(account, role_arn);
    }

    /// Lambda runs the function under this role: the function's code uses the role's keys, unless the simulator's STS
    /// issued them.
    pub fn role_is_of_function(&self, role_arn: &str, function_arn: &str) {
        self.state().roles.set_function(role_arn, function_arn);
    }

    /// Whether the role may perform the action on the resource, calling in the Region. A role that no story has
    /// described may do everything.
    #[must_use]
    pub fn may(&self, role_arn: &str, action: &str, resource: &str, region: &str) -> bool {
        let account = arn::account(role_arn).unwrap_or_default();
        let state = self.state();
        let principal = Principal { account, arn: role_arn, region, function: state.roles.function_of(role_arn) };
        let action = state.with_owner(Action::on(action, resource), account);
        let forbidden = state.bucket_policy(&action).is_some_and(|policy| policy.denies(&action, principal));
        !forbidden && state.roles.policy_of(role_arn).is_none_or(|policy| policy.allows(&action, principal))
    }

    /// The distinct session policies of AssumeRole calls so far.
    #[must_use]
    pub fn session_policies(&self) -> BTreeSet<String> {
        self.state().sessions.policies().map(Into::into).collect()
    }

    /// The distinct lifetimes of the sessions issued so far.
    #[must_use]
    pub fn session_lifetimes(&self) -> BTreeSet<Duration> {
        self.state().sessions.lifetimes().collect()
    }
}

/// Parses a policy of a story.
pub(super) fn parsed(text: &str) -> Policy {
    let policy = Policy::parse(text).unwrap_or_else(|| panic!("not a policy: {text}"));
    let unknown = policy.taken_for_met();
    assert!(unknown.is_empty(), "conditions that the simulator does not know: {unknown:?} in {text}");
    policy
}
