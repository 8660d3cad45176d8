//! What goes wrong with calls, and where AWS's behaviour varies.

pub(crate) mod fault;
pub(crate) mod knobs;
pub(crate) mod storm;
