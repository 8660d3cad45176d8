//! What the exit status says.

use std::fmt;
use std::process::ExitCode;

use guardduty_onboarding::outcome::Outcome;
use guardduty_onboarding::run::Run;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All is as declared.
    AsDeclared = 0,
    /// It could not work: credentials, network, a refused list, or a no to its question.
    NotDone = 1,
    /// There are changes to make, and nothing worse. Only `plan --detailed-exitcode` says so.
    Changes = 2,
    /// Something failed, or a row was rejected.
    Failed = 3,
    /// Something is pending.
    Pending = 4,
    /// Wrong usage.
    Usage = 64,
    Interrupted = 130,
}

/// Why there is no result.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It was asked for in the wrong way.
    Usage(String),
    /// It was asked for in the right way, and could not be done.
    NotDone(String),
}

impl Exit {
    /// After a list was carried out.
    pub(crate) fn of(run: &Run) -> Self {
        let summary = run.summary();
        if run.refused().is_some() {
            Self::NotDone
        } else if summary.failed + summary.rejected_rows > 0 {
            Self::Failed
        } else if summary.complete {
            Self::AsDeclared
        } else {
            Self::Pending
        }
    }

    /// After a dry run. Unless it is `detailed`, only the list itself counts.
    pub(crate) fn of_plan(run: &Run, detailed: bool) -> Self {
        // A plan may also only look again at what GuardDuty does not show yet.
        let is_change =
            |outcome: &Outcome| matches!(outcome, Outcome::Planned(forecast) if !forecast.actions.is_empty());
        let changes = run.memberships.iter().any(|membership| is_change(&membership.outcome));
        match Self::of(run) {
            Self::AsDeclared if detailed && changes => Self::Changes,
            Self::AsDeclared if detailed && run.summary().planned > Some(0) => Self::Pending,
            exit if detailed => exit,
            Self::NotDone => Self::NotDone,
            _ if run.summary().rejected_rows > 0 => Self::Failed,
            _ => Self::AsDeclared,
        }
    }

    /// After a list was compared with the members that there are.
    pub(crate) fn of_status(run: &Run) -> Self {
        let changes = run.summary().planned.unwrap_or_default();
        match Self::of(run) {
            Self::NotDone => Self::NotDone,
            _ if run.summary().rejected_rows > 0 => Self::Failed,
            Self::AsDeclared if changes == 0 => Self::AsDeclared,
            _ => Self::Pending,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl Failure {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Usage(_) => Exit::Usage,
            Self::NotDone(_) => Exit::NotDone,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Usage(said) | Self::NotDone(said)) = self;
        f.write_str(said)
    }
}

#[cfg(test)]
mod tests {
    use guardduty_onboarding::action::Action;
    use guardduty_onboarding::declared::Goal;
    use guardduty_onboarding::outcome::Forecast;
    use guardduty_onboarding::roster;

    use super::*;
    use crate::sandbox::{REGION, sandbox};

    #[tokio::test(start_paused = true)]
    async fn a_plan_that_only_looks_again_is_pending() {
        let engine = sandbox(REGION, |_| {}).await;
        let roster = roster::read(b"111122223333,root@example.com", &engine.rules(Goal::Monitored));
        let source = guardduty_onboarding::run::Source::Request { request: "team.csv".into() };
        let mut run = engine.plan(&source, Goal::Monitored, roster).await;
        for (actions, expected) in [(vec![Action::CreateMember], Exit::Changes), (Vec::new(), Exit::Pending)] {
            let mut membership = (*run.memberships[0]).clone();
            membership.outcome = Outcome::Planned(Box::new(Forecast { actions, invited_at: None, plans: None }));
            run.memberships[0] = membership.into();
            assert_eq!((Exit::of_plan(&run, true), Exit::of_plan(&run, false)), (expected, Exit::AsDeclared));
        }
    }
}
