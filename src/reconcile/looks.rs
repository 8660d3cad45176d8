//! When the accounts of a chunk that wait are looked at again: soon after a write, then ever more rarely.

use std::time::Duration;

use tokio::time::Instant;

/// The shortest time between two looks at accounts that wait.
const SHORTEST: Duration = Duration::from_millis(500);

pub(super) struct Looks {
    /// When something was last written. Looks grow rarer from then on.
    changed: Instant,
    next: Instant,
}

impl Looks {
    pub(super) fn new() -> Self {
        let now = Instant::now();
        Self { changed: now, next: now + SHORTEST }
    }

    /// When waiting accounts are looked at again.
    pub(super) fn next(&self) -> Instant {
        self.next
    }

    /// Looks are frequent again from here on.
    pub(super) fn changed(&mut self) {
        self.changed = Instant::now();
    }

    /// To be called after a look, at accounts that wait or at others. `deadline` is the first of those that wait.
    pub(super) fn looked(&mut self, at_waiting: bool, deadline: Option<Instant>) {
        let now = Instant::now();
        // Two fifths of the time waited so far. Looks grow rarer, but a change is seen at most that much late, and a
        // minute of waiting costs 15 looks.
        let next = now + (now.duration_since(self.changed) * 2 / 5).max(SHORTEST);
        // Every account gets a last look at its deadline.
        let next = deadline.map_or(next, |deadline| next.min(deadline));
        // A look at some accounts must not put off the one that is due for those that wait. It may bring it forward.
        self.next = if at_waiting { next } else { next.min(self.next) };
    }
}
