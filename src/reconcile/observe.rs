//! A look at accounts: what GuardDuty shows of each, and what its next step is.

use super::administrator::AdministratorRegion;
use super::candidate::{Candidate, Stage};
use super::context::Context;
use crate::account::Account;
use crate::membership::{Member, Status};
use crate::outcome::{Notice, Outcome};
use crate::plan::Step;

/// Looks at all of these, and gives each its next step.
pub(super) async fn look(context: &Context, region: &AdministratorRegion, mut candidates: Vec<&mut Candidate>) {
    let accounts: Vec<&Account> = candidates.iter().map(|candidate| &candidate.declared.account).collect();
    let (mut members, refusals) = region.members(&accounts).await;
    if members.values().any(|member| member.email.is_none()) {
        context.note(Notice::ByOrganization { region: region.region.clone(), accounts: None });
    }
    for candidate in &mut candidates {
        let id = candidate.id();
        // Nothing is written to an account that could not be looked at.
        let step = if let Some(error) = refusals.get(id) {
            Step::Done(Outcome::from_administrator_call(error.clone()))
        } else {
            candidate.actual.member = members.remove(&id).map(kept);
            candidate.actual.was_suspended |= candidate.actual.status() == Some(&Status::Disabled);
            candidate.next()
        };
        candidate.stage = Stage::Next(step);
    }
}

/// What the plan needs of it: tens of thousands are in memory at a time. When it was invited is for dry runs, and an
/// e-mail counts only once its verification has failed.
fn kept(member: Member) -> Member {
    let email = member.email.filter(|_| member.status == Status::EmailVerificationFailed);
    Member { email, invited_at: None, ..member }
}
