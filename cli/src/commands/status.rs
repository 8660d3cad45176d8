//! `gdo status`: who is monitored, and where that is not what a list declares.

use guardduty_onboarding::fleet::List;
use guardduty_onboarding::run::Source;

use crate::connection::Connection;
use crate::engine::Engine;
use crate::exit::{Exit, Failure};
use crate::flags::Status;
use crate::list::Named;
use crate::terminal::Terminal;
use crate::{output, tables};

pub(super) async fn carry_out(status: Status, terminal: &Terminal) -> Result<Exit, Failure> {
    let declared = status.declared.declared.map(Into::into);
    let named = status.list.as_deref().map(|list| Named::new(list, declared)).transpose()?;
    if named.is_none() && declared.is_some() {
        return Err(Failure::Usage("--declared says what a list declares; give the list, too".into()));
    }
    output::prepare(&status.output, status.list.as_deref())?;
    let mut lists = Vec::new();
    let engine = if let Some(named) = &named {
        let (engine, read) = Engine::with_list(named, &status.work, terminal).await?;
        let roster = read.roster(&engine.rules(named.goal));
        if roster.refused.is_some() {
            // It declares nothing, so there is nothing to compare. A plan says why.
            let run = engine.plan(&read.source, named.goal, roster).await;
            let exit = Exit::of_status(&run);
            output::write(run, &status.output, |run| tables::plan(run, terminal))?;
            return Ok(exit);
        }
        let (key, version_id) = match read.source {
            Source::Upload { key, version_id, .. } => (key, version_id),
            Source::Request { request } => (request, None),
            Source::Announcement { .. } | Source::Reconcile { .. } => (String::new(), None),
        };
        lists.push(List { key: key.into(), version_id, goal: named.goal, roster });
        engine
    } else {
        Engine::new(Connection::open(&status.work).await?, terminal).await?
    };
    let run = engine.until_interrupted(engine.compare(&lists)).await;
    let exit = engine.exit(Exit::of_status(&run));
    output::write(run, &status.output, |run| tables::status(run, terminal))?;
    Ok(exit)
}
