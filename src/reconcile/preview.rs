//! The dry run: says what a real run would do, without doing it.

use super::administrator::{self, AdministratorRegion, Preview};
use super::context::Context;
use super::region::same_outcome_for;
use crate::account::{Account, Region};
use crate::aws::BATCH;
use crate::declared::Declared;
use crate::membership::Actual;
use crate::outcome::{Outcome, Wait};
use crate::plan;
use crate::run::Membership;

/// Looks at all accounts in one Region, and says what would be done.
pub(super) async fn region(context: &Context, region: &Region, declared: &[Declared]) -> Vec<Membership> {
    let found = context.in_time(administrator::preview(context, region)).await;
    let mut memberships = Vec::with_capacity(declared.len());
    for declared in declared.chunks(BATCH) {
        let previewed = match &found {
            Some(Preview::Ready(region)) => context.in_time(look(region, declared)).await,
            Some(Preview::NoDetector) => Some(declared.iter().map(|declared| new(declared, region)).collect()),
            Some(Preview::Blocked(outcome)) => Some(same_outcome_for(declared, region, outcome)),
            None => None,
        };
        let out_of_time = || same_outcome_for(declared, region, &Outcome::Pending(Wait::Time));
        memberships.extend(previewed.unwrap_or_else(out_of_time));
    }
    for membership in &memberships {
        context.ended(&membership.outcome);
    }
    memberships
}

async fn look(region: &AdministratorRegion, declared: &[Declared]) -> Vec<Membership> {
    let accounts: Vec<&Account> = declared.iter().map(|declared| &declared.account).collect();
    let (mut members, refusals) = region.administrator.members(&region.detector, &accounts).await;
    let previewed = |declared: &Declared| {
        // Whether the member's own side shows that it joined is only known there, and a dry run assumes no role.
        let actual = Actual { member: members.remove(&declared.account.id), joined: false };
        let outcome = match refusals.get(declared.account.id) {
            Some(error) => Outcome::from_administrator_call(error.clone()),
            None => plan::preview(declared, &actual),
        };
        Membership::new(declared, &region.region, actual.status().cloned(), outcome)
    };
    declared.iter().map(previewed).collect()
}

/// The preview if the administrator has no members yet.
fn new(declared: &Declared, region: &Region) -> Membership {
    Membership::new(declared, region, None, plan::preview(declared, &Actual::default()))
}
