//! The simulated services, as their clients see them.

mod support;

mod accepting;
mod clocks;
mod detectors;
mod joining;
mod lag;
mod leaving;
mod lists;
mod monitoring;
mod organization_members;
mod plans;
mod plans_by_hand;
mod plans_late;
mod second_opinion;
mod stories;
mod tags;

mod faults;
mod ledger;
mod permissions;
mod roles;
mod sessions;
mod storm;

mod object_lists;
mod organization;
mod queues;
mod redrive;
mod regions;
mod topics;
mod uploads;

mod doors;
