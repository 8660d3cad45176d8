//! `gdo check`: reads a list offline.

use std::time::SystemTime;

use guardduty_onboarding::declared::Mode;
use guardduty_onboarding::outcome::{Notice, Refused, Retry};
use guardduty_onboarding::roster::Rules;
use guardduty_onboarding::run::{Origin, Run};

use crate::exit::{Exit, Failure};
use crate::flags::Check;
use crate::list::Named;
use crate::settings;
use crate::terminal::Terminal;
use crate::{output, tables};

pub(super) fn carry_out(check: &Check, terminal: &Terminal) -> Result<Exit, Failure> {
    let named = Named::new(&check.list.list, check.list.declared.declared.map(Into::into))?;
    let cannot = "check works offline, so it reads files and standard input; `gdo plan` reads objects of S3";
    output::prepare(&check.output, Some(&check.list.list))?;
    let read = named.read_here()?.map_err(|_| Failure::Usage(cannot.into()))?;
    let protected = settings::protected(&check.protected)?;
    // Offline nobody knows the administrator; a plan finds its own row.
    let roster = read.roster(&Rules { goal: named.goal, administrator: None, protected: &protected });
    let now = SystemTime::now().into();
    let origin = Origin {
        source: read.source,
        goal: Some(named.goal),
        mode: Mode::Plan,
        retry: Retry::ByHand,
        requester: None,
        started_at: now,
    };
    let mut notices: Vec<Notice> =
        roster.refused.iter().cloned().map(|refused| Notice::Refused(Refused::List(refused))).collect();
    notices.extend(roster.notices.iter().cloned().map(Notice::List));
    let run = Run { notices, ..Run::new(origin, None, Vec::new(), now, roster, Vec::new()) };
    let exit = Exit::of(&run);
    output::write(run, &check.output, |run| tables::check(run, terminal))?;
    Ok(exit)
}
