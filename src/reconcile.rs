//! Makes memberships what a list declares: one run over all its accounts, in every chosen Region.

mod administrator;
mod apply;
mod candidate;
mod chunk;
mod context;
mod fleet;
mod member_task;
mod notices;
mod observe;
mod own_plans;
mod preview;
mod region;
mod unsettled;

pub use context::{Context, StillCurrent};

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::future::join_all;
use time::OffsetDateTime;
use tokio::task::JoinSet;
use tracing::{Instrument as _, info};

use self::fleet::Wanted;
use crate::account::{Account, AccountId, Region};
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
pub async fn run(mut context: Context, origin: Origin, asked: Asked) -> Run {
    let Asked { roster, refused, decided } = asked;
    // Only here the number of Regions is known: `REGIONS` may be `all`.
    let roster = roster.within_the_limit(context.regions.len());
    let (accounts, rejected_rows) = (roster.accounts.len(), roster.rejected.len());
    info!(accounts, rejected_rows, dry_run = origin.mode.is_plan(), "accounts read");
    context.requester.clone_from(&origin.requester);
    let context = Arc::new(context);
    let (mut notices, memberships) = match declare(&context.config, &origin, &roster, refused) {
        Err(refused) => (vec![Notice::Refused(refused)], Vec::new()),
        Ok(goal) => {
            let memberships = memberships(&context, goal, origin.mode, &roster, &decided).await;
            (context.notices(), memberships)
        }
    };
    notices.extend(roster.notices.iter().cloned().map(Notice::List));
    finished(&context, origin, roster, notices, memberships, None)
}

/// Compares all lists with all members and, unless `origin` only plans, makes the members what the lists declare. Nobody
/// is removed.
pub async fn all(mut context: Context, origin: Origin, merged: Merged, lists: Vec<ListRead>) -> Run {
    let Merged { roster, goals, decided, named } = merged;
    let roster = roster.within_the_limit(context.regions.len());
    let (accounts, rejected_rows) = (roster.accounts.len(), roster.rejected.len());
    info!(lists = lists.len(), accounts, rejected_rows, dry_run = origin.mode.is_plan(), "lists read");
    context.requester.clone_from(&origin.requester);
    let context = Arc::new(context);
    let (mut notices, memberships, unlisted) = if let Some(refused) = &roster.refused {
        (vec![Notice::Refused(Refused::List(refused.clone()))], Vec::new(), Vec::new())
    } else {
        let goal = |id: AccountId| goals.get(&id).copied().unwrap_or(Goal::Monitored);
        let declared = |account: &Account| declared(&context.config, account.clone(), goal(account.id));
        let declared = roster.accounts.iter().map(declared).collect();
        let wanted = Wanted { declared, decided, named };
        let (memberships, unlisted) = fleet::reconcile(&context, wanted, origin.mode).await;
        (context.notices(), memberships, unlisted)
    };
    notices.extend(roster.notices.iter().cloned().map(Notice::List));
    finished(&context, origin, roster, notices, memberships, Some(Fleet { lists, unlisted }))
}

fn finished(
    context: &Context,
    origin: Origin,
    roster: Roster,
    notices: Vec<Notice>,
    memberships: Vec<Membership>,
    fleet: Option<Fleet>,
) -> Run {
    let (administrator, regions) = (context.identity.administrator, context.regions.clone());
    let finished_at = OffsetDateTime::from(context.aws.clock().now());
    let memberships = in_order(&context.regions, memberships);
    let run = Run {
        notices,
        detectors_deleted: context.detectors_deleted(),
        changed: context.has_changed_something(),
        stopped: context.stopped(),
        fleet,
        ..Run::new(origin, administrator, regions, finished_at, roster, memberships)
    };
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

async fn memberships(
    context: &Arc<Context>,
    goal: Goal,
    mode: Mode,
    roster: &Roster,
    decided: &HashMap<AccountId, Outcome>,
) -> Vec<Membership> {
    let accounts = roster.accounts.iter().cloned();
    let delete_detector = goal == Goal::Removed && context.config.delete_detectors;
    let declared = accounts.map(|account| Declared { delete_detector, ..declared(&context.config, account, goal) });
    let (open, ended): (Vec<_>, Vec<_>) = declared.partition(|declared| !decided.contains_key(&declared.account.id));
    context.begins((open.len() + ended.len()) * context.regions.len());
    let mut memberships = match mode {
        _ if open.is_empty() => Vec::new(),
        Mode::Apply => carry_out(context, goal, open.into()).await,
        Mode::Plan => {
            for brake in context.config.brakes.on(goal, roster.accounts.len()) {
                context.note(Notice::Brake(brake));
            }
            plan_only(context, goal, &open).await
        }
    };
    for (declared, region) in ended.iter().flat_map(|one| context.regions.iter().map(move |region| (one, region))) {
        if let Some(outcome) = decided.get(&declared.account.id) {
            context.ended(outcome);
            memberships.push(Membership::new(declared, region, None, outcome.clone()));
        }
    }
    memberships
}

/// With the protection plans that are declared of everybody who is to be monitored.
fn declared(config: &Config, account: Account, goal: Goal) -> Declared {
    let plans = config.plans.clone().filter(|_| goal == Goal::Monitored);
    Declared { plans, ..Declared::new(account, goal) }
}

async fn carry_out(context: &Arc<Context>, goal: Goal, declared: Arc<[Declared]>) -> Vec<Membership> {
    let mut regions = JoinSet::new();
    // All Regions run side by side, so that one that hangs delays no other. Each goes through the accounts in the
    // list's order: they come to an account at about the same time, while its one session is fresh.
    for region in &context.regions {
        let settle = region::settle(Arc::clone(context), region.clone(), goal, Arc::clone(&declared));
        regions.spawn(settle.in_current_span());
    }
    region::gathered(region::joined(regions).await)
}

/// Says what [`carry_out`] would do. Changes nothing and assumes no role.
async fn plan_only(context: &Context, goal: Goal, declared: &[Declared]) -> Vec<Membership> {
    let previews = context.regions.iter().map(|region| preview::region(context, region, goal, declared));
    region::gathered(join_all(previews).await)
}

/// In the order of the lists, of their lines, then of the Regions. The CSV report relies on it.
fn in_order(regions: &[Region], mut memberships: Vec<Membership>) -> Vec<Membership> {
    let position: HashMap<&Region, usize> = regions.iter().enumerate().map(|(index, region)| (region, index)).collect();
    // Cached: looking two Regions up at every comparison took 15 % of a run that changes nothing.
    memberships.sort_by_cached_key(|membership| {
        (membership.list.clone(), membership.line, position.get(&membership.region).copied())
    });
    memberships
}
