//! Roles whose policies count. Any other may do everything and trusts everybody, as far as an account's own settings let it.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use crate::iam::action::{Action, Principal};
use crate::iam::arn;
use crate::iam::policy::Policy;
use crate::iam::wildcard;
use crate::services::s3;
use crate::world::World;

/// The roles that a story has spoken of.
#[derive(Debug, Default)]
pub(crate) struct Roles {
    known: Vec<Role>,
    /// By account, the role behind temporary keys that our STS did not issue.
    behind_keys: HashMap<String, String>,
    /// By role, the function that Lambda runs under it.
    functions: HashMap<String, String>,
}

#[derive(Debug)]
struct Role {
    /// A pattern: the same role in many accounts.
    arn: String,
    trust: Option<Policy>,
    may: Arc<Policy>,
}

impl World {
    /// Roles with this ARN, in which `*` is any text, may do what these policies allow and nothing else, and can be assumed
    /// by whom `trust` lets in; without it, by everybody. `${aws:PrincipalAccount}` stands for the role's own account.
    ///
    /// # Panics
    ///
    /// If something is no policy, or has a condition that the simulator does not know.
    pub fn role(&self, arn: &str, trust: Option<&str>, policies: &[String]) {
        let trust = trust.map(parsed);
        let mut may = Policy::default();
        for policy in policies {
            may.join(parsed(policy));
        }
        let roles = &mut self.state().roles;
        roles.known.retain(|role| role.arn != arn);
        roles.known.push(Role { arn: arn.into(), trust, may: Arc::new(may) });
    }

    /// Temporary keys of an account that our own STS did not issue are those of this role, as Lambda's are of the
    /// function's.
    pub fn keys_are_of(&self, role_arn: &str) {
        let account = arn::account(role_arn).unwrap_or_default();
        self.state().roles.behind_keys.insert(account.into(), role_arn.into());
    }

    /// Lambda runs that function under this role: its keys, unless our STS issued them, are used by the function's code.
    pub fn role_is_of_function(&self, role_arn: &str, function_arn: &str) {
        self.state().roles.functions.insert(role_arn.into(), function_arn.into());
    }

    /// Whether that role may do this on that resource, calling in that Region. A role that no story spoke of may do all.
    #[must_use]
    pub fn may(&self, role_arn: &str, action: &str, resource: &str, region: &str) -> bool {
        let account = arn::account(role_arn).unwrap_or_default();
        let state = self.state();
        let principal = Principal { account, arn: role_arn, region, function: state.roles.function_of(role_arn) };
        let action = s3::owned(&state, Action::on(action, resource), account);
        let forbidden = s3::policy_of(&state, &action).is_some_and(|policy| policy.denies(&action, principal));
        !forbidden && state.roles.may(role_arn).is_none_or(|policy| policy.allows(&action, principal))
    }

    /// The different session policies that were given with AssumeRole so far.
    #[must_use]
    pub fn session_policies(&self) -> BTreeSet<String> {
        self.state().sts.policies().map(Into::into).collect()
    }

    /// How long the sessions that were given so far were to last, each length once.
    #[must_use]
    pub fn session_lifetimes(&self) -> BTreeSet<Duration> {
        self.state().sts.lifetimes().collect()
    }
}

/// The policy of that text.
pub(crate) fn parsed(text: &str) -> Policy {
    let policy = Policy::parse(text).unwrap_or_else(|| panic!("not a policy: {text}"));
    let unknown = policy.taken_for_met();
    assert!(unknown.is_empty(), "conditions that the simulator does not know: {unknown:?} in {text}");
    policy
}

impl Roles {
    /// What a role may do, if a story has said so.
    pub(crate) fn may(&self, arn: &str) -> Option<Arc<Policy>> {
        self.find(arn).map(|role| Arc::clone(&role.may))
    }

    /// Whether the role can be assumed by that principal.
    pub(crate) fn trusts(&self, arn: &str, principal: Principal, external_id: Option<&str>) -> bool {
        let Some(trust) = self.find(arn).and_then(|role| role.trust.as_ref()) else { return true };
        let mut action = Action::on("sts:AssumeRole", arn);
        if let Some(id) = external_id {
            action = action.with("sts:externalid", id);
        }
        trust.allows(&action, principal)
    }

    /// The role behind a temporary key of that account that our STS did not issue.
    pub(crate) fn behind_keys(&self, account: &str) -> Option<&str> {
        self.behind_keys.get(account).map(String::as_str)
    }

    /// The function that Lambda runs under that role.
    pub(crate) fn function_of(&self, role_arn: &str) -> Option<&str> {
        self.functions.get(role_arn).map(String::as_str)
    }

    fn find(&self, arn: &str) -> Option<&Role> {
        self.known.iter().find(|role| wildcard::matches(&role.arn, arn))
    }
}
