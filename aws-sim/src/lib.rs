//! A simulator of the AWS services that GuardDuty onboarding talks to: GuardDuty, STS, S3, Account, SQS, SNS
//! and Organizations.
//!
//! [`World`] is a synchronous state machine: it takes a [`Request`], changes its state, and returns a [`Reply`]. Two
//! doors lead to it, [`World::http_client`] for an AWS SDK in the same process and [`serve`] for any AWS client over
//! TCP. Time comes from the caller, so that stories can run in virtual time.
//!
//! Every account exists. Unless a story says otherwise, every role can be assumed and every e-mail address is the right
//! one. [`ADMINISTRATOR`] is the account of every long-term access key.
//!
//! Each room uses only the rooms below it: doors, world, services, state, iam and trouble, wire.

#![cfg_attr(doctest, doc = include_str!("../README.md"))]

mod doors;

mod world;

mod services;
mod state;

mod iam;
mod trouble;

mod wire;

pub use doors::tcp::serve;
pub use iam::keys::{ADMINISTRATOR, account_of_key};
pub use state::detector::Detector;
pub use state::ledger::Call;
pub use state::relationship::Member;
pub use state::tally::Count;
pub use state::topic::Notification;
pub use trouble::fault::{Fault, Kind};
pub use trouble::knobs::Knobs;
pub use trouble::storm::Storm;
pub use wire::reply::Reply;
pub use wire::request::Request;
pub use world::World;
