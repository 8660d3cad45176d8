//! Makes memberships what a list declares: one run over all its accounts, in every chosen Region.

mod administrator;
mod apply;
mod candidate;
mod chunk;
mod context;
mod member_task;
mod notices;
mod observe;
mod preview;
mod region;

pub use context::Context;

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::future::join_all;
use time::OffsetDateTime;
use tokio::task::JoinSet;
use tracing::{Instrument as _, info};

use crate::account::{AccountId, Region};
use crate::declared::{Declared, Mode};
use crate::outcome::{Notice, Outcome, Refused};
use crate::roster::Roster;
use crate::run::{Membership, Origin, Run, Summary};

/// Carries out what the roster declares, or only plans it. `refused` says why the list could not even be read.
pub async fn run(context: Context, origin: Origin, roster: Roster, refused: Option<Refused>) -> Run {
    // Only here the number of Regions is known: `REGIONS` may be `all`.
    let roster = roster.within_the_limit(context.regions.len());
    let (accounts, rejected_rows) = (roster.accounts.len(), roster.rejected.len());
    info!(accounts, rejected_rows, dry_run = origin.mode.is_plan(), "accounts read");
    let refused = refused.or_else(|| roster.refused.clone().map(Refused::List));
    let context = Arc::new(context);
    let (mut notices, memberships) = if let Some(refused) = refused {
        (vec![Notice::Refused(refused)], Vec::new())
    } else {
        let accounts = roster.accounts.iter().cloned();
        let declared: Arc<[Declared]> = accounts.map(|account| Declared { account, goal: origin.goal }).collect();
        context.begins(declared.len() * context.regions.len());
        let memberships = match origin.mode {
            Mode::Apply => carry_out(&context, declared).await,
            Mode::Plan => plan_only(&context, &declared).await,
        };
        (context.notices(), in_order(&context.regions, memberships))
    };
    notices.extend(roster.notices.iter().cloned().map(Notice::List));
    finished(&context, origin, roster, notices, memberships)
}

/// A run about one account that has the same outcome in all Regions. Nothing is looked at.
#[must_use]
pub fn decided(context: &Context, origin: Origin, account: AccountId, outcome: &Outcome) -> Run {
    let in_region = |region: &Region| Membership {
        account,
        line: None,
        region: region.clone(),
        status: None,
        outcome: outcome.clone(),
    };
    let memberships = context.regions.iter().map(in_region).collect();
    let roster = Roster { without_email: vec![account], ..Roster::default() };
    finished(context, origin, roster, Vec::new(), memberships)
}

fn finished(
    context: &Context,
    origin: Origin,
    roster: Roster,
    notices: Vec<Notice>,
    memberships: Vec<Membership>,
) -> Run {
    let run = Run {
        origin,
        administrator: context.identity.administrator,
        regions: context.regions.clone(),
        finished_at: OffsetDateTime::from(context.aws.clock().now()),
        notices,
        roster,
        memberships,
    };
    let Summary { enabled, pending, failed, skipped, planned, rejected_rows, .. } = run.summary();
    info!(enabled, pending, failed, skipped, planned, rejected_rows, "run finished");
    run
}

async fn carry_out(context: &Arc<Context>, declared: Arc<[Declared]>) -> Vec<Membership> {
    let mut regions = JoinSet::new();
    // All Regions run side by side, so that one that hangs delays no other. Each goes through the accounts in the
    // list's order: they come to an account at about the same time, while its one session is fresh.
    for region in &context.regions {
        let settle = region::settle(Arc::clone(context), region.clone(), Arc::clone(&declared));
        regions.spawn(settle.in_current_span());
    }
    region::joined(regions).await
}

/// Says what [`carry_out`] would do. Changes nothing and assumes no role.
async fn plan_only(context: &Context, declared: &[Declared]) -> Vec<Membership> {
    join_all(context.regions.iter().map(|region| preview::region(context, region, declared))).await.concat()
}

/// In the order of the list, then of the Regions. The CSV report relies on it.
fn in_order(regions: &[Region], mut memberships: Vec<Membership>) -> Vec<Membership> {
    let position: HashMap<&Region, usize> = regions.iter().enumerate().map(|(index, region)| (region, index)).collect();
    // Cached: looking two Regions up at every comparison took 15 % of a run that changes nothing.
    memberships.sort_by_cached_key(|membership| (membership.line, position.get(&membership.region).copied()));
    memberships
}
