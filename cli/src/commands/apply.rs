//! `gdo apply`: plans, asks, and carries out.

use guardduty_onboarding::declared::Goal;
use guardduty_onboarding::roster::Roster;
use guardduty_onboarding::run::{Run, Source};

use crate::engine::Engine;
use crate::exit::{Exit, Failure};
use crate::flags::Apply;
use crate::list::Named;
use crate::terminal::{Terminal, say};
use crate::{output, patience, question, tables};

pub(super) async fn carry_out(apply: Apply, terminal: &Terminal) -> Result<Exit, Failure> {
    let named = Named::new(&apply.list.list, apply.list.declared.declared.map(Into::into))?;
    if named.only_planned {
        let said = format!("{} lies under plan/, whose lists are only planned; use gdo plan", apply.list.list);
        return Err(Failure::Usage(said));
    }
    if !apply.yes && !terminal.asks {
        let cure = "there is no terminal to ask on; give --yes to carry the plan out without a question";
        return Err(Failure::Usage(cure.into()));
    }
    output::prepare(&apply.output, Some(&apply.list.list))?;
    let (engine, list) = Engine::with_list(&named, &apply.work, terminal).await?;
    let roster = list.roster(&engine.rules(named.goal));
    let run = engine.until_interrupted(asked_and_done(&engine, &list.source, named.goal, roster, &apply)).await;
    let Some(run) = run else {
        say("nothing was changed");
        return Ok(engine.exit(Exit::NotDone));
    };
    let exit = engine.exit(Exit::of(&run));
    output::write(run, &apply.output, |run| tables::report(run, terminal))?;
    Ok(exit)
}

/// What came of it. `None`: the answer was no, or there was none.
async fn asked_and_done(
    engine: &Engine<'_>,
    source: &Source,
    goal: Goal,
    roster: Roster,
    apply: &Apply,
) -> Option<Run> {
    // A list that is refused is not asked about: carrying it out says why, and does nothing.
    let is_braked = !engine.config.brakes.on(goal, roster.accounts.len()).is_empty();
    if roster.refused.is_none() && !is_braked {
        let plan = engine.plan(source, goal, roster.clone()).await;
        if engine.stop.has_come() {
            return None;
        }
        // Who is asked sees the whole plan.
        let shown = if apply.yes { tables::counts(&plan) } else { tables::plan(&plan, engine.terminal) };
        say(&format!("administrator {}, {}", engine.identity.administrator, shown.trim_end()));
        let nothing = plan.summary().planned == Some(0) && plan.notices.is_empty() && !engine.config.delete_detectors;
        if !apply.yes && !nothing && !question::is_answered_with_yes(engine, &plan, goal).await {
            return None;
        }
    }
    Some(patience::until_done(engine, source, goal, &roster, apply.wait.unwrap_or_default()).await)
}
