//! A call: the request, who makes it, and what it needs to be allowed.

use std::time::SystemTime;

use serde_json::Value;

use super::action::{Action, Principal};
use super::caller::Caller;
use crate::wire::request::Request;
use crate::wire::service::Service;

/// One request, with what its signature says.
pub(crate) struct ApiCall<'a> {
    pub request: &'a Request,
    pub service: Service,
    pub region: &'a str,
    pub caller: &'a Caller,
    pub now: SystemTime,
    /// The body of a request to a JSON service; null if there is none, or it is not JSON.
    pub body: &'a Value,
}

/// What a call is, and the actions that must be allowed for it.
#[derive(Debug)]
pub(crate) struct Authorization {
    pub operation: String,
    pub write: bool,
    pub accounts: Vec<String>,
    pub actions: Vec<Action>,
}

impl ApiCall<'_> {
    /// The caller as policies see it.
    pub(crate) fn principal(&self) -> Principal<'_> {
        let Caller { account, principal, function, .. } = self.caller;
        Principal { account, arn: principal, region: self.region, function: function.as_deref() }
    }
}

impl Authorization {
    /// A request for which the simulator has no operation.
    pub(crate) fn unknown(operation: String) -> Self {
        Self { operation, write: false, accounts: Vec::new(), actions: Vec::new() }
    }

    /// An operation that needs the action of its own name, on any resource.
    pub(crate) fn plain(service: Service, operation: &str, write: bool) -> Self {
        let action = Action::on(format!("{}:{operation}", service.name()), "*");
        Self { operation: operation.into(), write, accounts: Vec::new(), actions: vec![action] }
    }
}
