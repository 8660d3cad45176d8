//! Makes memberships what a list declares: one run over all its accounts, in every chosen Region.

mod administrator;
mod apply;
mod candidate;
mod chunk;
mod context;
mod fleet;
mod ledger;
mod looks;
mod member_task;
mod notices;
mod observe;
mod own_plans;
mod preview;
mod region;
mod stop;
mod unsettled;

pub use context::{Context, StillCurrent};
pub use ledger::Ledger;
pub use stop::Stop;

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::future::join_all;
use time::OffsetDateTime;
use tokio::task::JoinSet;
use tracing::{Instrument as _, info};

use self::fleet::Wanted;
use crate::account::{Account, AccountId};
use crate::config::Config;
use crate::declared::{Declared, Goal, Mode};
use crate::fleet::Merged;
use crate::outcome::{Notice, Outcome, Refused};
use crate::roster::Roster;
use crate::run::{Fleet, ListRead, Membership, Origin, Run, Summary};

/// What a run is asked to do.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    pub roster: Roster,
    /// Why the list could not even be read.
    pub refused: Option<Refused>,
    /// Accounts whose memberships end like this, without a look at them.
    pub decided: HashMap<AccountId, Outcome>,
}

impl From<Roster> for Asked {
    fn from(roster: Roster) -> Self {
        Self { roster, ..Self::default() }
    }
}

/// Carries out what the roster declares, or only plans it.
pub async fn run(context: Context, asked: Asked) -> Run {
    let Asked { roster, refused, decided } = asked;
    // Only here the number of Regions is known: `REGIONS` may be `all`.
    let roster = Arc::new(roster.within_the_limit(context.regions.len()));
    let (accounts, rejected_rows) = (roster.accounts.len(), roster.rejected.len());
    let context = Arc::new(context);
    info!(accounts, rejected_rows, dry_run = context.origin.mode.is_plan(), "accounts read");
    context.ledger.begin(Arc::clone(&roster), None);
    match declare(&context.config, &context.origin, &roster, refused) {
        Err(refused) => context.ledger.note(Notice::Refused(refused)),
        Ok(goal) => settle(&context, goal, &roster, &decided).await,
    }
    end(&context)
}

/// Compares all lists with all members and, unless the context's origin only plans, makes the members what the lists declare. Nobody
/// is removed.
pub async fn all(context: Context, merged: Merged, lists: Vec<ListRead>) -> Run {
    let Merged { roster, goals, decided, named } = merged;
    let roster = Arc::new(roster.within_the_limit(context.regions.len()));
    let (accounts, rejected_rows) = (roster.accounts.len(), roster.rejected.len());
    let context = Arc::new(context);
    info!(lists = lists.len(), accounts, rejected_rows, dry_run = context.origin.mode.is_plan(), "lists read");
    context.ledger.begin(Arc::clone(&roster), Some(Fleet { lists: lists.into(), ..Fleet::default() }));
    if let Some(refused) = &roster.refused {
        context.ledger.note(Notice::Refused(Refused::List(refused.clone())));
    } else {
        let goal = |id: AccountId| goals.get(&id).copied().unwrap_or(Goal::Monitored);
        let declared = |account: &Account| declared(&context.config, account.clone(), goal(account.id));
        let declared = roster.accounts.iter().map(declared).collect();
        fleet::reconcile(&context, Wanted { declared, decided, named }).await;
    }
    end(&context)
}

fn end(context: &Context) -> Run {
    let now = OffsetDateTime::from(context.aws.clock().now());
    let run = context.ledger.end(now, context.not_current());
    let Summary { enabled, suspended, removed, pending, failed, skipped, planned, rejected_rows, .. } = run.summary();
    info!(enabled, suspended, removed, pending, failed, skipped, planned, rejected_rows, "run finished");
    run
}

/// What the list declares of its accounts, unless it is refused whole.
fn declare(config: &Config, origin: &Origin, roster: &Roster, refused: Option<Refused>) -> Result<Goal, Refused> {
    let refused = refused.or_else(|| roster.refused.clone().map(Refused::List));
    let goal = refused.map_or_else(|| origin.goal.ok_or(Refused::Prefix), Err)?;
    match config.brakes.on(goal, roster.accounts.len()).first() {
        // A dry run lets nobody go. It says what would stop a real one.
        Some(brake) if !origin.mode.is_plan() => Err(Refused::Brake(*brake)),
        _ => Ok(goal),
    }
}

async fn settle(context: &Arc<Context>, goal: Goal, roster: &Roster, decided: &HashMap<AccountId, Outcome>) {
    let accounts = roster.accounts.iter().cloned();
    let delete_detector = goal == Goal::Removed && context.config.delete_detectors;
    let declared = accounts.map(|account| Declared { delete_detector, ..declared(&context.config, account, goal) });
    let (open, ended): (Vec<_>, Vec<_>) = declared.partition(|declared| !decided.contains_key(&declared.account.id));
    for (declared, region) in ended.iter().flat_map(|one| context.regions.iter().map(move |region| (one, region))) {
        if let Some(outcome) = decided.get(&declared.account.id) {
            context.ledger.settled(Membership::new(declared, region, None, outcome.clone()));
        }
    }
    match context.origin.mode {
        _ if open.is_empty() => {}
        Mode::Apply => carry_out(context, goal, open.into()).await,
        Mode::Plan => {
            for brake in context.config.brakes.on(goal, roster.accounts.len()) {
                context.ledger.note(Notice::Brake(brake));
            }
            plan_only(context, goal, &open).await;
        }
    }
}

/// With the protection plans that are declared of everybody who is to be monitored.
fn declared(config: &Config, account: Account, goal: Goal) -> Declared {
    let plans = config.plans.clone().filter(|_| goal == Goal::Monitored);
    Declared { plans, ..Declared::new(account, goal) }
}

async fn carry_out(context: &Arc<Context>, goal: Goal, declared: Arc<[Declared]>) {
    let mut regions = JoinSet::new();
    // All Regions run side by side, so that one that hangs delays no other. Each goes through the accounts in the
    // list's order: they come to an account at about the same time, while its one session is fresh.
    for region in &context.regions {
        let settle = region::settle(Arc::clone(context), region.clone(), goal, Arc::clone(&declared));
        regions.spawn(settle.in_current_span());
    }
    region::joined(regions).await;
}

/// Says what [`carry_out`] would do. Changes nothing and assumes no role.
async fn plan_only(context: &Context, goal: Goal, declared: &[Declared]) {
    join_all(context.regions.iter().map(|region| preview::region(context, region, goal, declared))).await;
}
