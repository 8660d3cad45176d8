//! What the exit status says.

use std::fmt;
use std::process::ExitCode;

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
        let changes = run.summary().planned.unwrap_or_default();
        match Self::of(run) {
            Self::AsDeclared if detailed && changes > 0 => Self::Changes,
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
