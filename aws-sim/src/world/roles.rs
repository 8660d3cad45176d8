//! Roles as a story describes and asks them.

use std::collections::BTreeSet;
use std::time::Duration;

use super::World;
use crate::iam::action::{Action, Principal};
use crate::iam::arn;
use crate::iam::policy::Policy;

impl World {
    /// Roles with this ARN, in which `*` is any text, may do what these policies allow and nothing else, and can be assumed
    /// by whom `trust` lets in; without it, by everybody. `${aws:PrincipalAccount}` stands for the role's own account.
    ///
    /// # Panics
    ///
    /// If something is no policy, or has a condition that the simulator does not know.
    pub fn role(&self, arn: &str, trust: Option<&str>, policies: &[String]) {
        let trust = trust.map(parsed);
        let mut joined = Policy::default();
        for policy in policies {
            joined.join(parsed(policy));
        }
        self.state().roles.add(arn, trust, joined);
    }

    /// Temporary keys of an account that our own STS did not issue are those of this role, as Lambda's are of the
    /// function's.
    pub fn keys_are_of(&self, role_arn: &str) {
        let account = arn::account(role_arn).unwrap_or_default();
        self.state().roles.set_role_of_keys(account, role_arn);
    }

    /// Lambda runs that function under this role: its keys, unless our STS issued them, are used by the function's code.
    pub fn role_is_of_function(&self, role_arn: &str, function_arn: &str) {
        self.state().roles.set_function(role_arn, function_arn);
    }

    /// Whether that role may do this on that resource, calling in that Region. A role that no story spoke of may do all.
    #[must_use]
    pub fn may(&self, role_arn: &str, action: &str, resource: &str, region: &str) -> bool {
        let account = arn::account(role_arn).unwrap_or_default();
        let state = self.state();
        let principal = Principal { account, arn: role_arn, region, function: state.roles.function_of(role_arn) };
        let action = state.with_owner(Action::on(action, resource), account);
        let forbidden = state.bucket_policy(&action).is_some_and(|policy| policy.denies(&action, principal));
        !forbidden && state.roles.policy_of(role_arn).is_none_or(|policy| policy.allows(&action, principal))
    }

    /// The different session policies that were given with AssumeRole so far.
    #[must_use]
    pub fn session_policies(&self) -> BTreeSet<String> {
        self.state().sessions.policies().map(Into::into).collect()
    }

    /// How long the sessions that were given so far were to last, each length once.
    #[must_use]
    pub fn session_lifetimes(&self) -> BTreeSet<Duration> {
        self.state().sessions.lifetimes().collect()
    }
}

/// The policy of that text.
pub(super) fn parsed(text: &str) -> Policy {
    let policy = Policy::parse(text).unwrap_or_else(|| panic!("not a policy: {text}"));
    let unknown = policy.taken_for_met();
    assert!(unknown.is_empty(), "conditions that the simulator does not know: {unknown:?} in {text}");
    policy
}
