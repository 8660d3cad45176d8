//! What goes wrong on the way, and what AWS does differently from day to day.

pub(crate) mod fault;
pub(crate) mod knobs;
pub(crate) mod storm;
