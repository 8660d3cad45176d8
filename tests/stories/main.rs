//! Stories: given a list, when it is uploaded, then … Told against the simulator, in virtual time.

mod accounts_in_trouble;
mod administrator;
mod agreement;
mod budget;
mod chaos;
mod deployed;
mod events;
mod lag;
mod limits;
mod linked_roles;
mod lists;
mod log;
mod messages;
mod new_accounts;
mod permissions;
mod queue;
mod races;
mod readiness;
mod replaced;
mod requests;
mod roles;
mod statuses;
mod template;
mod throttling;
mod uploads;
mod world;
