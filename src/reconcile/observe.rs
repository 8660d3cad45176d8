//! A look at accounts: what GuardDuty shows of each, and what its next step is.

use super::administrator::AdministratorRegion;
use super::candidate::{Candidate, Stage};
use crate::account::Account;
use crate::outcome::Outcome;
use crate::plan::Step;

/// Looks at all of these, and gives each its next step.
pub(super) async fn look(region: &AdministratorRegion, mut candidates: Vec<&mut Candidate>) {
    let accounts: Vec<&Account> = candidates.iter().map(|candidate| &candidate.declared.account).collect();
    let (mut members, refusals) = region.administrator.members(&region.detector, &accounts).await;
    for candidate in &mut candidates {
        let id = candidate.id();
        // Nothing is written to an account that could not be looked at.
        let step = if let Some(error) = refusals.get(id) {
            Step::Done(Outcome::from_administrator_call(error.clone()))
        } else {
            candidate.actual.member = members.remove(&id);
            candidate.next()
        };
        candidate.stage = Stage::Next(step);
    }
}
