//! GuardDuty onboarding: makes every account of a list a monitored member, in every chosen Region.
//!
//! A list says what is declared, GuardDuty says what is actual, and each run closes the difference. It keeps no state
//! of its own.
//!
//! Read the modules in this order. [`lambda::event`] parses JSON into triggers. [`account`] has the types that text
//! becomes at the door, [`protection`] which protection plans are declared, and [`roster`] parses bytes into accounts and rejected rows. [`membership`] is GuardDuty's
//! vocabulary, [`action`] lists every write to a membership, and [`plan`] decides the next step of one. [`outcome`]
//! says how it ended and what to do about it, [`run`] is what was done, as data, and [`report`] renders that. [`quote`]
//! makes text from outside fit to be shown. All these are pure.
//!
//! [`reconcile`] is the loop in which they meet [`aws`]. [`lambda`] calls it.

#![warn(unreachable_pub)]

pub mod account;
pub mod action;
pub mod aws;
pub mod clock;
pub mod config;
pub mod declared;
pub mod fleet;
pub mod lambda;
pub mod logging;
pub mod membership;
pub mod outcome;
pub mod plan;
pub mod protection;
pub mod quote;
pub mod reconcile;
pub mod report;
pub mod roster;
pub mod run;
