//! What a list declares: what its accounts should be, and whether to carry that out or only plan it.

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

/// Whether to carry out what is declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Apply,
    /// A dry run: writes nothing, and reports what would be done.
    Plan,
}

impl Mode {
    #[must_use]
    pub fn is_plan(self) -> bool {
        self == Self::Plan
    }
}

/// Lists under this prefix are only planned.
const PLAN: &str = "plan/";

/// What the key of an uploaded list declares of all accounts on it.
#[must_use]
pub fn by_key(key: &str) -> (Goal, Mode) {
    let mode = if key.starts_with(PLAN) { Mode::Plan } else { Mode::Apply };
    (Goal::Monitored, mode)
}
