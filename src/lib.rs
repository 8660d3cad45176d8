//! GuardDuty onboarding: every account of a list becomes a monitored member, in every chosen Region.
//!
//! A list says what is declared, GuardDuty says what is actual, and each run closes the difference; it keeps no state
//! of its own. The modules in the order to read them: [`lambda::event`] turns JSON into triggers, [`roster`] turns bytes into
//! accounts and rejected rows, [`membership`] is GuardDuty's vocabulary, [`plan`] decides the next step of one
//! membership, [`outcome`] says how it ended and what to do about it, [`report`] tells it. [`quote`] makes text from
//! outside fit to be shown. All these are pure.
//! [`reconcile`] is the loop in which they meet [`aws`], [`lambda`] what calls it.

#![warn(unreachable_pub)]

pub mod account;
pub mod action;
pub mod aws;
pub mod clock;
pub mod config;
pub mod declared;
pub mod lambda;
pub mod logging;
pub mod membership;
pub mod outcome;
pub mod plan;
pub mod quote;
pub mod reconcile;
pub mod report;
pub mod roster;
pub mod run;
