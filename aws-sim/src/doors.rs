//! The ways into a world: one for an AWS SDK in the same process, one for any AWS client over TCP.

mod control;
mod in_process;
pub(crate) mod tcp;
mod translate;
