//! Tries again what is pending, for as long as somebody wants to wait.

#[cfg(test)]
mod tests;

use std::time::Duration;

use guardduty_onboarding::declared::Goal;
use guardduty_onboarding::roster::Roster;
use guardduty_onboarding::run::{Run, Source};
use tokio::time::{Instant, sleep};

use crate::engine::Engine;
use crate::tables;
use crate::terminal::say;

/// The pauses between tries, as the function's queue makes them: they double up to the last.
const FIRST_PAUSE: Duration = Duration::from_secs(30);
const LONGEST_PAUSE: Duration = Duration::from_secs(15 * 60);

/// The last run: everything is settled, the time is up, or somebody pressed Ctrl-C.
pub(crate) async fn until_done(
    engine: &Engine<'_>,
    source: &Source,
    goal: Goal,
    roster: &Roster,
    patience: Duration,
) -> Run {
    let began = Instant::now();
    let mut pause = FIRST_PAUSE;
    loop {
        let run = engine.apply(source, goal, roster.clone()).await;
        let left = patience.saturating_sub(began.elapsed());
        if run.summary().complete || run.refused().is_some() || engine.stop.has_come() || left.is_zero() {
            return run;
        }
        let now = pause.min(left);
        let shown = Duration::from_secs(now.as_secs() + u64::from(now.subsec_nanos() > 0));
        say(&format!("{}; trying again in {}", tables::pending(&run), humantime::format_duration(shown)));
        tokio::select! {
            () = sleep(now) => {}
            _ = engine.stop.comes() => return run,
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}
