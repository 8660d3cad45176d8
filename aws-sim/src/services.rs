//! The operations of each service: what a request needs, and what it does to the state.

mod account;
pub(crate) mod guardduty;
mod organizations;
mod s3;
mod sqs;
mod sts;

use crate::iam::call::{ApiCall, Intent};
use crate::state::State;
use crate::wire::refusal::Refusal;
use crate::wire::reply::Reply;
use crate::wire::service::Service;

/// What the request asks for; the error names what no operation is known for.
pub(crate) fn intent(state: &State, call: &ApiCall) -> Result<Intent, String> {
    match call.service {
        Service::GuardDuty => guardduty::intent(state, call),
        Service::Sts => sts::intent(state, call),
        Service::S3 => s3::intent(state, call),
        Service::Account => account::intent(call),
        Service::Sqs => sqs::intent(state, call),
        Service::Organizations => organizations::intent(state, call),
    }
}

/// Does what the request asks for.
pub(crate) fn answer(state: &mut State, call: &ApiCall, operation: &str) -> Result<Reply, Refusal> {
    match call.service {
        Service::GuardDuty => guardduty::answer(state, call, operation),
        Service::Sts => sts::answer(state, call, operation),
        Service::S3 => s3::answer(state, call, operation),
        Service::Account => account::answer(state, call, operation),
        Service::Sqs => sqs::answer(state, call, operation),
        Service::Organizations => organizations::answer(state, call, operation),
    }
}
