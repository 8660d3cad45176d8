//! What the documents say is what the plan, the code and the templates say: a file for each table.

mod alarms;
#[path = "../cloudformation/mod.rs"]
mod cloudformation;
mod cost;
mod cures;
mod dashboard;
mod facts;
mod fields;
mod links;
mod markdown;
mod metrics;
mod mistakes;
mod parameters;
mod permissions;
mod recipes;
mod settings;
mod stack;
mod statements;
mod steps;
mod version;
