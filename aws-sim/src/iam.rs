//! Who calls, and what the caller may do.

pub(crate) mod caller;
pub(crate) mod condition;
pub(crate) mod keys;
pub(crate) mod policy;
pub(crate) mod roles;
pub(crate) mod wildcard;
