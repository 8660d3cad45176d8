//! Who makes a call: a user, or a session of a role.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::iam::arn::partition;
use crate::iam::keys;
use crate::iam::policy::Policy;
use crate::iam::roles::Roles;

/// A session of an assumed role, as our STS remembers it.
#[derive(Debug)]
pub(crate) struct Session {
    pub account: String,
    pub arn: String,
    pub role_arn: String,
    pub user_id: String,
    /// What the role may do, if a story has said so.
    pub role_policy: Option<Arc<Policy>>,
    /// The session policy of AssumeRole, as it was given and as it is understood.
    pub policy_text: Option<Arc<str>>,
    pub policy: Option<Policy>,
    pub lifetime: Duration,
    pub expires: SystemTime,
}

/// The principal behind a signature.
#[derive(Debug)]
pub(crate) struct Caller {
    pub account: String,
    pub arn: String,
    /// The role's ARN if the caller is a session of one, else `arn`.
    pub principal: String,
    pub user_id: String,
    pub role_policy: Option<Arc<Policy>>,
    pub session: Option<Arc<Session>>,
    /// The ARN of the function whose code makes the call.
    pub function: Option<String>,
}

impl Caller {
    /// The principal of a key that our STS did not issue.
    pub(crate) fn by_key(key: &str, region: &str, roles: &Roles) -> Self {
        let account = keys::account_of_key(key);
        let partition = partition(region);
        let user_id = format!("AIDA{key}");
        if !key.starts_with("ASIA") {
            let arn = format!("arn:{partition}:iam::{account}:user/simulator");
            return Self {
                account,
                principal: arn.clone(),
                arn,
                user_id,
                role_policy: None,
                session: None,
                function: None,
            };
        }
        let elsewhere = format!("arn:{partition}:iam::{account}:role/elsewhere");
        let principal = roles.role_of_keys(&account).map_or(elsewhere, Into::into);
        let function = roles.function_of(&principal).map(Into::into);
        let name = principal.rsplit('/').next().unwrap_or_default();
        let arn = format!("arn:{partition}:sts::{account}:assumed-role/{name}/session");
        Self { account, arn, role_policy: roles.policy_of(&principal), principal, user_id, session: None, function }
    }

    pub(crate) fn by_session(session: Arc<Session>) -> Self {
        Self {
            account: session.account.clone(),
            arn: session.arn.clone(),
            principal: session.role_arn.clone(),
            user_id: session.user_id.clone(),
            role_policy: session.role_policy.clone(),
            session: Some(session),
            // Lambda sets it for its own credentials only, not for those of a role that the code assumes.
            function: None,
        }
    }
}
