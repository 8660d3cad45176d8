//! The administrator's writes: one batch call for all accounts that are ready for an action.

use tracing::info;

use super::administrator::AdministratorRegion;
use super::candidate::Candidate;
use super::context::Context;
use crate::account::Account;
use crate::action::{Action, Batch};
use crate::aws::Refusals;
use crate::membership::{CallError, Refusal};
use crate::protection::Subset;

/// Carries out one of the administrator's actions, which is that batch. `plans` are those to be set, if any. Returns what
/// was refused, by account.
pub(super) async fn write(
    context: &Context,
    region: &AdministratorRegion,
    action: Action,
    batch: Batch,
    accounts: &[&Account],
    plans: Subset,
) -> Refusals {
    // Without a detector there are no members, so no plan asks for a write.
    let Some(detector) = &region.detector else {
        return Refusals::all(accounts, &CallError::Refused(Refusal::DetectorGone));
    };
    let administrator = &region.administrator;
    let refusals = match batch {
        Batch::Delete => administrator.delete_members(detector, accounts).await,
        Batch::Create => administrator.create_members(detector, accounts).await,
        Batch::Invite => administrator.invite_members(detector, accounts).await,
        Batch::StartMonitoring => administrator.start_monitoring_members(detector, accounts).await,
        Batch::StopMonitoring => administrator.stop_monitoring_members(detector, accounts).await,
        Batch::SetPlans => administrator.set_members_plans(detector, accounts, &region.plans.to_set(plans)).await,
        Batch::Disassociate => administrator.disassociate_members(detector, accounts).await,
    };
    if accounts.iter().all(|account| refusals.get(account.id) == Some(&CallError::Interrupted)) {
        return refusals;
    }
    if refusals.name_the_administrator() {
        region.note_that_it_is_a_member(context).await;
    }
    let refused = accounts.iter().filter(|account| refusals.get(account.id).is_some()).count();
    let members = accounts.len() - refused;
    if members > 0 {
        context.ledger.changed_something();
    }
    info!(region = %region.region, write = action.api_name(), members, refused, "batch written");
    refusals
}

/// One line for each account that is let go, once that action counts as done: also after a refusal that says so, since the
/// answer to the first attempt may have been lost.
pub(super) fn log_leaving(context: &Context, region: &AdministratorRegion, candidate: &Candidate, action: Action) {
    let lets_go = match action {
        Action::StopMonitoring | Action::DisassociateMember => true,
        Action::DeleteMember => !candidate.done.has(Action::DisassociateMember),
        // A detector has a line of its own.
        _ => false,
    };
    if !lets_go {
        return;
    }
    let (account, region, declared) = (candidate.id(), &region.region, candidate.declared.goal);
    info!(%account, %region, %declared, requester = context.origin.requester, "account let go");
}
