//! The operations of each service: what a request needs, and what it does to the state.

mod account;
pub(crate) mod guardduty;
mod organizations;
mod query;
mod s3;
mod sns;
mod sqs;
mod sts;

use crate::iam::call::{ApiCall, Authorization};
use crate::state::State;
use crate::wire::refusal::Refusal;
use crate::wire::reply::Reply;
use crate::wire::service::Service;

/// The operation of a call, and what must be allowed for it. The error names an operation that is not simulated.
pub(crate) fn authorization(state: &State, call: &ApiCall) -> Result<Authorization, String> {
    match call.service {
        Service::GuardDuty => guardduty::authorization(state, call),
        Service::Sts => sts::authorization(state, call),
        Service::S3 => s3::authorization(state, call),
        Service::Account => account::authorization(call),
        Service::Sqs => sqs::authorization(state, call),
        Service::Sns => sns::authorization(state, call),
        Service::Organizations => organizations::authorization(state, call),
    }
}

/// Performs an operation that is allowed.
pub(crate) fn answer(state: &mut State, call: &ApiCall, operation: &str) -> Result<Reply, Refusal> {
    match call.service {
        Service::GuardDuty => guardduty::answer(state, call, operation),
        Service::Sts => sts::answer(state, call, operation),
        Service::S3 => s3::answer(state, call, operation),
        Service::Account => account::answer(state, call, operation),
        Service::Sqs => sqs::answer(state, call, operation),
        Service::Sns => sns::answer(state, call, operation),
        Service::Organizations => organizations::answer(state, call, operation),
    }
}
