//! Divides an invocation's time into work, report and clean-up, so that the report is written before Lambda's deadline.

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

/// Lambda's own limit (AWS Q1).
const LONGEST_INVOCATION: Duration = Duration::from_secs(900);
/// The most time that is kept for reports and messages. One AWS operation may take this long.
const RESERVE: Duration = Duration::from_secs(30);

#[derive(Debug, Clone, Copy)]
pub(super) struct Schedule {
    /// What is not settled by then is pending.
    pub(super) work: Instant,
    /// Reports are written by then.
    pub(super) report: Instant,
    /// Messages are hidden by then.
    pub(super) end: Instant,
}

impl Schedule {
    /// The schedule from `now` to Lambda's `deadline`.
    pub(super) fn until(now: SystemTime, deadline: SystemTime) -> Self {
        // A deadline in the past means that there is none: `cargo lambda watch` sends 600,000 ms after the epoch.
        let left = deadline.duration_since(now).unwrap_or(LONGEST_INVOCATION);
        // A function with a short time-out still works for three quarters of it.
        let reserve = RESERVE.min(left / 4);
        // Of 30 s, 25 are for the reports, 4 for hiding messages, and 1 for the answer.
        let at = |before_the_end| Instant::now() + left.saturating_sub(before_the_end);
        Self { work: at(reserve), report: at(reserve / 6), end: at(reserve / 30) }
    }

    /// The same schedule, with the remaining time for work shared equally among `remaining` items, this one included.
    pub(super) fn share(self, remaining: usize) -> Self {
        let now = Instant::now();
        let shares = u32::try_from(remaining).unwrap_or(u32::MAX).max(1);
        Self { work: now + self.work.saturating_duration_since(now) / shares, ..self }
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn time_is_kept_for_the_report_and_then_for_the_message() {
        let now = UNIX_EPOCH + Duration::from_secs(1_767_268_800);
        let began = Instant::now();
        let ends_after = |deadline| {
            let Schedule { work, report, end } = Schedule::until(now, deadline);
            [work, report, end].map(|at| at.duration_since(began).as_millis())
        };
        assert_eq!(ends_after(now + Duration::from_secs(900)), [870_000, 895_000, 899_000]);
        assert_eq!(ends_after(now + Duration::from_secs(120)), [90_000, 115_000, 119_000]);
        assert_eq!(ends_after(now + Duration::from_secs(60)), [45_000, 57_500, 59_500]);
        assert_eq!(ends_after(now + Duration::from_secs(4))[0], 3_000);
        assert_eq!(ends_after(UNIX_EPOCH + Duration::from_secs(600))[0], 870_000, "a deadline of 1970");
    }

    #[tokio::test(start_paused = true)]
    async fn those_that_wait_share_the_time_that_is_left() {
        let now = UNIX_EPOCH;
        let all = Schedule::until(now, now + Duration::from_secs(120));
        let began = Instant::now();
        assert_eq!(all.share(3).work.duration_since(began).as_secs(), 30);
        tokio::time::advance(Duration::from_secs(10)).await;
        assert_eq!(all.share(2).work.duration_since(began).as_secs(), 50);
        assert_eq!((all.share(1).work, all.share(2).end), (all.work, all.end));
    }
}
