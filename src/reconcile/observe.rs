//! A look at accounts: what GuardDuty shows of each, and what its next step is.

use std::collections::HashMap;

use super::administrator::AdministratorRegion;
use super::candidate::{Candidate, Stage};
use super::context::Context;
use crate::account::{Account, AccountId};
use crate::aws::BATCH;
use crate::declared::{Declared, Goal};
use crate::membership::{CallError, Member, PlansSeen, Refusal, Status};
use crate::outcome::{Notice, Outcome};
use crate::plan::Step;

/// Looks at all of these, and gives each its next step.
pub(super) async fn look(context: &Context, region: &AdministratorRegion, mut candidates: Vec<&mut Candidate>) {
    let mut errors = look_at_members(context, region, &mut candidates).await;
    // They are as they were: what waits says for what.
    candidates.retain(|candidate| errors.get(&candidate.id()) != Some(&CallError::Interrupted));
    errors.extend(look_at_plans(region, &mut candidates).await);
    for candidate in candidates {
        // Nothing is written to an account that could not be looked at.
        let step = match errors.remove(&candidate.id()) {
            Some(error) => Step::Done(Outcome::from_administrator_call(error)),
            None => candidate.next(),
        };
        candidate.stage = Stage::Next(step);
    }
}

async fn look_at_members(
    context: &Context,
    region: &AdministratorRegion,
    candidates: &mut [&mut Candidate],
) -> HashMap<AccountId, CallError> {
    let mut unknown: Vec<_> = candidates.iter_mut().filter(|candidate| !candidate.is_member_by_now()).collect();
    let accounts: Vec<&Account> = unknown.iter().map(|candidate| &candidate.declared.account).collect();
    let (mut members, refusals) = region.members(&accounts).await;
    if members.values().any(|member| member.email.is_none()) {
        context.ledger.note(Notice::ByOrganization { region: region.region.clone(), accounts: None });
    }
    let mut errors = HashMap::new();
    for candidate in &mut unknown {
        let id = candidate.id();
        if let Some(error) = refusals.get(id) {
            errors.insert(id, error.clone());
            continue;
        }
        candidate.actual.member = members.remove(&id).map(kept);
        candidate.actual.was_suspended |= candidate.actual.status() == Some(&Status::Disabled);
    }
    errors
}

async fn look_at_plans(
    region: &AdministratorRegion,
    candidates: &mut [&mut Candidate],
) -> HashMap<AccountId, CallError> {
    let has_some = |candidate: &&&mut Candidate| has_plans(&candidate.declared, candidate.actual.status());
    let accounts: Vec<&Account> =
        candidates.iter().filter(has_some).map(|candidate| &candidate.declared.account).collect();
    let mut seen = plans(region, &accounts).await;
    let mut errors = HashMap::new();
    for candidate in candidates {
        let (plans, error) = seen.take(candidate.id());
        candidate.actual.plans = plans;
        errors.extend(error.map(|error| (candidate.id(), error)));
    }
    errors
}

/// Whether a membership is to have protection plans and can be asked for them.
pub(super) fn has_plans(declared: &Declared, status: Option<&Status>) -> bool {
    declared.goal == Goal::Monitored && declared.plans.is_some() && status == Some(&Status::Enabled)
}

/// What GuardDuty shows of the protection plans of members, or why not. Those that it was not asked about are as declared.
#[derive(Default)]
pub(super) struct Plans(HashMap<AccountId, Result<PlansSeen, CallError>>);

impl Plans {
    /// What is known of an account's plans, and why nothing is.
    pub(super) fn take(&mut self, account: AccountId) -> (PlansSeen, Option<CallError>) {
        match self.0.remove(&account).transpose() {
            Ok(seen) => (seen.unwrap_or_default(), None),
            Err(error) => (PlansSeen::default(), Some(error)),
        }
    }
}

pub(super) async fn plans(region: &AdministratorRegion, accounts: &[&Account]) -> Plans {
    let Some(detector) = region.detector.as_ref().filter(|_| !accounts.is_empty() && !region.plans.are_none()) else {
        return Plans::default();
    };
    let mut seen = HashMap::with_capacity(accounts.len());
    // By batches, since what differs is much smaller than what is shown.
    for batch in accounts.chunks(BATCH) {
        let (shown, refusals) = region.administrator.members_plans(detector, batch).await;
        for account in batch {
            let plans = match (shown.get(&account.id), refusals.get(account.id)) {
                (Some(shown), _) => match region.plans.differences(shown) {
                    differing if differing.is_empty() => Ok(PlansSeen::AsDeclared),
                    differing => Ok(PlansSeen::Differ(differing)),
                },
                // GuardDuty may say so at random right after an account has joined (AWS P7).
                (None, None | Some(CallError::Refused(Refusal::NotAssociated))) => Ok(PlansSeen::NotYet),
                (None, Some(error)) => Err(error.clone()),
            };
            seen.insert(account.id, plans);
        }
    }
    Plans(seen)
}

/// What the plan needs of it: tens of thousands are in memory at a time. When it was invited is for dry runs, and an
/// e-mail counts only once its verification has failed.
pub(super) fn kept(member: Member) -> Member {
    let email = member.email.filter(|_| member.status == Status::EmailVerificationFailed);
    Member { email, invited_at: None, ..member }
}
