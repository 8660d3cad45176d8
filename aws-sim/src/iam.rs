//! Who calls, and what the caller may do.

pub(crate) mod action;
pub(crate) mod arn;
pub(crate) mod call;
pub(crate) mod caller;
mod condition;
pub(crate) mod keys;
pub(crate) mod policy;
pub(crate) mod roles;
pub(crate) mod wildcard;
