//! What travels between a client and the simulator, and the formats in it.

pub(crate) mod request;

pub(crate) mod refusal;
pub(crate) mod reply;
pub(crate) mod service;

pub(crate) mod ids;
pub(crate) mod mix;
pub(crate) mod page;
pub(crate) mod texts;
pub(crate) mod timestamp;
pub(crate) mod xml;
