//! `gdo plan`: the dry run.

use crate::engine::Engine;
use crate::exit::{Exit, Failure};
use crate::flags::Plan;
use crate::list::Named;
use crate::terminal::Terminal;
use crate::{output, tables};

pub(super) async fn carry_out(plan: Plan, terminal: &Terminal) -> Result<Exit, Failure> {
    let named = Named::new(&plan.list.list, plan.list.declared.declared.map(Into::into))?;
    output::prepare(&plan.output, Some(&plan.list.list))?;
    let (engine, list) = Engine::with_list(&named, &plan.work, terminal).await?;
    let roster = list.roster(&engine.rules(named.goal));
    let run = engine.until_interrupted(engine.plan(&list.source, named.goal, roster)).await;
    let exit = engine.exit(Exit::of_plan(&run, plan.detailed_exitcode));
    output::write(run, &plan.output, |run| tables::plan(run, terminal))?;
    Ok(exit)
}
