//! What a list declares: what its accounts should be, and whether to carry that out or only to plan it.

use crate::account::Account;

/// What a list says its accounts should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// A member that GuardDuty monitors.
    Monitored,
}

/// One account, and what it should be in every chosen Region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    pub account: Account,
    pub goal: Goal,
}

/// Whether what is declared is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Every write that it takes is made.
    Apply,
    /// A dry run: nothing is written, and the report says what would be.
    Plan,
}

impl Mode {
    #[must_use]
    pub fn is_plan(self) -> bool {
        self == Self::Plan
    }
}

/// Lists under this prefix are planned, not carried out.
const PLAN: &str = "plan/";

/// What the key of an uploaded list says of all accounts on it.
#[must_use]
pub fn by_key(key: &str) -> (Goal, Mode) {
    let mode = if key.starts_with(PLAN) { Mode::Plan } else { Mode::Apply };
    (Goal::Monitored, mode)
}
