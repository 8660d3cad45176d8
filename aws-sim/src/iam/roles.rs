//! The roles that a story has described. Any other role may do everything and trusts everybody, unless its account's
//! own settings say otherwise.

use std::collections::HashMap;
use std::sync::Arc;

use crate::iam::action::{Action, Principal};
use crate::iam::policy::Policy;
use crate::iam::wildcard;

/// The roles that a story has described.
#[derive(Debug, Default)]
pub(crate) struct Roles {
    known: Vec<Role>,
    /// By account: the role of temporary keys that the simulator's STS did not issue.
    role_of_keys: HashMap<String, String>,
    /// By role: the function that Lambda runs under it.
    functions: HashMap<String, String>,
}

#[derive(Debug)]
struct Role {
    /// A pattern, so that it can stand for the same role in many accounts.
    arn: String,
    trust: Option<Policy>,
    policy: Arc<Policy>,
}

impl Roles {
    /// Adds a role, or replaces the one with the same ARN.
    pub(crate) fn add(&mut self, arn: &str, trust: Option<Policy>, policy: Policy) {
        self.known.retain(|role| role.arn != arn);
        self.known.push(Role { arn: arn.into(), trust, policy: Arc::new(policy) });
    }

    /// Temporary keys of the account belong to this role, unless the simulator's STS issued them.
    pub(crate) fn set_role_of_keys(&mut self, account: &str, role_arn: &str) {
        self.role_of_keys.insert(account.into(), role_arn.into());
    }

    /// Lambda runs the function under this role.
    pub(crate) fn set_function(&mut self, role_arn: &str, function_arn: &str) {
        self.functions.insert(role_arn.into(), function_arn.into());
    }

    /// What a role may do, if a story has said so.
    pub(crate) fn policy_of(&self, arn: &str) -> Option<Arc<Policy>> {
        self.find(arn).map(|role| Arc::clone(&role.policy))
    }

    /// Whether the principal can assume the role.
    pub(crate) fn trusts(&self, arn: &str, principal: Principal, external_id: Option<&str>) -> bool {
        let Some(trust) = self.find(arn).and_then(|role| role.trust.as_ref()) else { return true };
        let mut action = Action::on("sts:AssumeRole", arn);
        if let Some(id) = external_id {
            action = action.with("sts:externalid", id);
        }
        trust.allows(&action, principal)
    }

    /// The role of temporary keys of the account that the simulator's STS did not issue.
    pub(crate) fn role_of_keys(&self, account: &str) -> Option<&str> {
        self.role_of_keys.get(account).map(String::as_str)
    }

    /// The function that Lambda runs under the role.
    pub(crate) fn function_of(&self, role_arn: &str) -> Option<&str> {
        self.functions.get(role_arn).map(String::as_str)
    }

    fn find(&self, arn: &str) -> Option<&Role> {
        self.known.iter().find(|role| wildcard::matches(&role.arn, arn))
    }
}
