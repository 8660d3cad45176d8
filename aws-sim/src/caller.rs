//! Who makes a call, what it asks for, and whether a session may ask that.

use std::sync::Arc;
use std::time::SystemTime;

use serde_json::Value;

use crate::account_settings::partition;
use crate::keys;
use crate::policy::{Action, Policy};
use crate::refusal::Service;
use crate::request::Request;

/// A session of an assumed role, as our STS remembers it.
#[derive(Debug)]
pub(crate) struct Session {
    pub account: String,
    pub arn: String,
    pub user_id: String,
    pub policy: Option<Policy>,
    pub expires: SystemTime,
}

/// The principal behind a signature.
#[derive(Debug)]
pub(crate) struct Caller {
    pub account: String,
    pub arn: String,
    pub user_id: String,
    pub session: Option<Arc<Session>>,
}

/// One request together with all that its signature tells.
pub(crate) struct Asked<'a> {
    pub request: &'a Request,
    pub service: Service,
    pub region: &'a str,
    pub caller: &'a Caller,
    pub now: SystemTime,
    /// The body of a JSON service; null where there is none.
    pub body: &'a Value,
}

/// What a request wants, before anything is done.
#[derive(Debug)]
pub(crate) struct Intent {
    pub operation: String,
    pub write: bool,
    pub accounts: Vec<String>,
    pub actions: Vec<Action>,
}

impl Caller {
    /// The principal of a key that our STS did not issue.
    pub(crate) fn by_key(key: &str, region: &str) -> Self {
        let account = keys::account_of_key(key);
        let partition = partition(region);
        let arn = if key.starts_with("ASIA") {
            format!("arn:{partition}:sts::{account}:assumed-role/elsewhere/session")
        } else {
            format!("arn:{partition}:iam::{account}:user/simulator")
        };
        Self { account, arn, user_id: format!("AIDA{key}"), session: None }
    }

    pub(crate) fn by_session(session: Arc<Session>) -> Self {
        let (account, arn, user_id) = (session.account.clone(), session.arn.clone(), session.user_id.clone());
        Self { account, arn, user_id, session: Some(session) }
    }
}

impl Intent {
    /// What the simulator has no operation for.
    pub(crate) fn unknown(operation: String) -> Self {
        Self { operation, write: false, accounts: Vec::new(), actions: Vec::new() }
    }

    /// An operation that needs the action of its own name, on any resource.
    pub(crate) fn plain(service: Service, operation: &str, write: bool) -> Self {
        let action =
            Action { name: format!("{}:{operation}", service.name()), resource: "*".into(), service_name: None };
        Self { operation: operation.into(), write, accounts: Vec::new(), actions: vec![action] }
    }
}
