//! The question before a list is carried out.

use std::collections::HashSet;
use std::io::{self, BufRead as _, Write as _};
use std::process;

use guardduty_onboarding::declared::Goal;
use guardduty_onboarding::run::Run;

use crate::engine::Engine;
use crate::exit::Exit;
use crate::terminal::say;

/// Asks whether to carry the plan out. Who lets accounts go has to type how many. Ctrl-C ends the program: nothing is
/// under way.
pub(crate) async fn is_answered_with_yes(engine: &Engine<'_>, plan: &Run, goal: Goal) -> bool {
    let leaving = leaving(plan).to_string();
    let (question, expected) = match goal {
        Goal::Suspended | Goal::Removed if leaving != "0" => {
            let accounts = if leaving == "1" { "account" } else { "accounts" };
            (format!("{leaving} {accounts} would be {goal}. Type {leaving} to go on: "), vec![leaving])
        }
        _ => ("Carry this out? [y/N] ".to_owned(), vec!["y".to_owned(), "yes".to_owned()]),
    };
    let mut errors = io::stderr();
    let _ = write!(errors, "{question}").and_then(|()| errors.flush());
    tokio::select! {
        // No answer is a no.
        answer = tokio::task::spawn_blocking(line) => {
            expected.contains(&answer.unwrap_or_default().trim().to_ascii_lowercase())
        }
        _ = engine.stop.comes() => {
            say("\nnothing was changed");
            // The thread that reads the answer would keep the program alive.
            process::exit(Exit::Interrupted as i32)
        }
    }
}

fn line() -> String {
    let mut answer = String::new();
    let _ = io::stdin().lock().read_line(&mut answer);
    answer
}

/// How many accounts have something to do.
fn leaving(plan: &Run) -> usize {
    let accounts = plan.memberships.iter().filter(|one| one.planned_step().is_some()).map(|one| one.account);
    accounts.collect::<HashSet<_>>().len()
}
