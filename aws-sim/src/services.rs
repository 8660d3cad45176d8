//! The operations of each service: what a request needs, and what it does to the state.

pub(crate) mod account;
pub(crate) mod guardduty;
pub(crate) mod organizations;
pub(crate) mod s3;
pub(crate) mod sqs;
pub(crate) mod sts;
