//! The dry run: says what a real run would do, without doing it.

use super::administrator::{self, AdministratorRegion};
use super::context::Context;
use super::observe::{has_plans, plans};
use super::region::same_outcome_for;
use crate::account::{Account, AccountId, Region};
use crate::aws::BATCH;
use crate::declared::{Declared, Goal};
use crate::membership::Actual;
use crate::outcome::Outcome;
use crate::plan;
use crate::run::Membership;

/// Looks at all accounts in one Region, and says what would be done.
pub(super) async fn region(context: &Context, region: &Region, goal: Goal, declared: &[Declared]) {
    let found = context.in_time(administrator::preview(context, region, goal)).await;
    for declared in declared.chunks(BATCH) {
        let looked = match &found {
            Some(Ok(region)) => context.in_time(look(region, declared)).await.map(Ok),
            Some(Err(outcome)) => Some(Err(outcome.clone())),
            None => None,
        };
        let previewed = looked.unwrap_or_else(|| Err(Outcome::Pending(context.cut_off())));
        match previewed {
            Ok(memberships) => context.ledger.all_settled(memberships),
            Err(outcome) => context.ledger.all_settled(same_outcome_for(declared, region, &outcome)),
        }
    }
}

async fn look(region: &AdministratorRegion, declared: &[Declared]) -> Vec<Membership> {
    let accounts: Vec<&Account> = declared.iter().map(|declared| &declared.account).collect();
    let (mut members, refusals) = region.members(&accounts).await;
    let status = |account: AccountId| members.get(&account).map(|member| &member.status);
    let monitored = declared.iter().filter(|one| has_plans(one, status(one.account.id)));
    let mut seen = plans(region, &monitored.map(|one| &one.account).collect::<Vec<_>>()).await;
    let previewed = |declared: &Declared| {
        let id = declared.account.id;
        let (plans, error) = seen.take(id);
        let error = error.or_else(|| refusals.get(id).cloned());
        // Whether the member's own side shows that it joined is only known there, and a dry run assumes no role.
        let actual = Actual { member: members.remove(&id), plans, ..Actual::default() };
        let outcome = match error {
            Some(error) => Outcome::from_administrator_call(error),
            None => plan::preview(declared, &actual),
        };
        Membership::new(declared, &region.region, actual.status().cloned(), outcome)
    };
    declared.iter().map(previewed).collect()
}
