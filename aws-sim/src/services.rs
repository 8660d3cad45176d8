//! The operations of each service: what a request needs, and what it does to the state.

mod account;
pub(crate) mod guardduty;
mod organizations;
mod s3;
mod sqs;
mod sts;

use crate::iam::caller::{Asked, Intent};
use crate::state::State;
use crate::wire::refusal::Refusal;
use crate::wire::reply::Reply;
use crate::wire::service::Service;

/// What the request asks for; the error names what no operation is known for.
pub(crate) fn intent(state: &State, asked: &Asked) -> Result<Intent, String> {
    match asked.service {
        Service::GuardDuty => guardduty::intent(state, asked),
        Service::Sts => sts::intent(state, asked),
        Service::S3 => s3::intent(state, asked),
        Service::Account => account::intent(asked),
        Service::Sqs => sqs::intent(state, asked),
        Service::Organizations => organizations::intent(state, asked),
    }
}

/// Does what the request asks for.
pub(crate) fn answer(state: &mut State, asked: &Asked, operation: &str) -> Result<Reply, Refusal> {
    match asked.service {
        Service::GuardDuty => guardduty::answer(state, asked, operation),
        Service::Sts => sts::answer(state, asked, operation),
        Service::S3 => s3::answer(state, asked, operation),
        Service::Account => account::answer(state, asked, operation),
        Service::Sqs => sqs::answer(state, asked, operation),
        Service::Organizations => organizations::answer(state, asked, operation),
    }
}
