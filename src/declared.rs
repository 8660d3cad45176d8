//! What a list declares: what its accounts should be, whether to carry that out or only plan it, and what may not be
//! carried out.

use std::fmt;

use crate::account::{Account, AccountId};
use crate::protection::Plans;

/// What a list says its accounts should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Goal {
    /// A member that GuardDuty monitors.
    Monitored,
    /// A member that GuardDuty does not monitor.
    Suspended,
    /// No member.
    Removed,
}

impl Goal {
    pub const ALL: [Self; 3] = [Self::Monitored, Self::Suspended, Self::Removed];

    /// As requests and reports name it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Monitored => "monitored",
            Self::Suspended => "suspended",
            Self::Removed => "removed",
        }
    }

    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|goal| goal.word() == word)
    }

    /// Lists under this prefix declare it.
    #[must_use]
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Monitored => "accounts/",
            Self::Suspended => "suspend/",
            Self::Removed => "remove/",
        }
    }

    /// Whether it lets accounts go. Everything about that is more careful.
    #[must_use]
    pub fn lets_go(self) -> bool {
        self != Self::Monitored
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// One account, and what it should be in every chosen Region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    pub account: Account,
    pub goal: Goal,
    /// Whether the member's detector goes, too, once the account is no member.
    pub delete_detector: bool,
    /// The protection plans of a member that is monitored. `None`: they are left alone.
    pub plans: Option<Plans>,
}

impl Declared {
    #[must_use]
    pub fn new(account: Account, goal: Goal) -> Self {
        Self { account, goal, delete_detector: false, plans: None }
    }
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
pub const PLAN: &str = "plan/";

/// What the key of an uploaded list declares of all accounts on it. `None` if it declares nothing: a typo must not
/// onboard whom it should remove.
#[must_use]
pub fn by_key(key: &str) -> Option<(Goal, Mode)> {
    let declares = |key: &str| Goal::ALL.into_iter().find(|goal| key.starts_with(goal.prefix()));
    match key.strip_prefix(PLAN) {
        Some(planned) => Some((declares(planned).unwrap_or(Goal::Monitored), Mode::Plan)),
        None => declares(key).map(|goal| (goal, Mode::Apply)),
    }
}

/// What keeps accounts from being let go by mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brakes {
    pub allow_suspend: bool,
    pub allow_remove: bool,
    /// The most accounts that one list may let go.
    pub max_leaving: usize,
    /// Accounts that no list may let go.
    pub protected: Vec<AccountId>,
}

/// Why a list may not let its accounts go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Brake {
    SuspendingIsOff,
    RemovingIsOff,
    TooMany { goal: Goal, accounts: usize, most: usize },
}

impl Brakes {
    /// Everything that stops a list of so many accounts.
    #[must_use]
    pub fn on(&self, goal: Goal, accounts: usize) -> Vec<Brake> {
        let is_off = match goal {
            Goal::Monitored => return Vec::new(),
            Goal::Suspended => (!self.allow_suspend).then_some(Brake::SuspendingIsOff),
            Goal::Removed => (!self.allow_remove).then_some(Brake::RemovingIsOff),
        };
        let most = self.max_leaving;
        let too_many = (accounts > most).then_some(Brake::TooMany { goal, accounts, most });
        is_off.into_iter().chain(too_many).collect()
    }

    /// Whether any list may let anybody go.
    #[must_use]
    pub fn let_go(&self) -> bool {
        self.allow_suspend || self.allow_remove
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prefix_says_what_is_declared_and_is_compared_exactly() {
        use Goal::{Monitored, Removed, Suspended};
        use Mode::{Apply, Plan};
        for (key, declared) in [
            ("accounts/team.csv", Some((Monitored, Apply))),
            ("suspend/team.csv", Some((Suspended, Apply))),
            ("remove/a/b.csv", Some((Removed, Apply))),
            ("plan/accounts/team.csv", Some((Monitored, Plan))),
            ("plan/suspend/team.csv", Some((Suspended, Plan))),
            ("plan/remove/team.csv", Some((Removed, Plan))),
            ("plan/team.csv", Some((Monitored, Plan))),
            ("plan/removed/team.csv", Some((Monitored, Plan))),
            ("plan/plan/remove/team.csv", Some((Monitored, Plan))),
        ] {
            assert_eq!(by_key(key), declared, "{key}");
        }
        for other in ["team.csv", "Remove/team.csv", "removed/team.csv", "remove", "remov/x", "/accounts/x", "Plan/x"] {
            assert_eq!(by_key(other), None, "{other}");
        }
    }

    #[test]
    fn every_brake_that_stops_a_list_is_named() {
        let brakes = |allow_suspend, allow_remove| Brakes {
            allow_suspend,
            allow_remove,
            max_leaving: 50,
            protected: Vec::new(),
        };
        assert_eq!(brakes(false, false).on(Goal::Monitored, 9_999), []);
        assert_eq!(brakes(true, false).on(Goal::Suspended, 50), []);
        assert_eq!(brakes(true, false).on(Goal::Removed, 50), [Brake::RemovingIsOff]);
        let too_many = Brake::TooMany { goal: Goal::Suspended, accounts: 51, most: 50 };
        assert_eq!(brakes(false, true).on(Goal::Suspended, 51), [Brake::SuspendingIsOff, too_many]);
        assert_eq!(brakes(true, true).on(Goal::Suspended, 51), [too_many]);
    }
}
