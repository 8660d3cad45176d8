//! The administrator's writes: one batch call for all accounts that are ready for an action.

use tracing::info;

use super::administrator::AdministratorRegion;
use crate::account::Account;
use crate::action::{Action, Batch};
use crate::aws::Refusals;

/// Carries out one of the administrator's actions, which is that batch. Returns what was refused, by account.
pub(super) async fn write(
    region: &AdministratorRegion,
    action: Action,
    batch: Batch,
    accounts: &[&Account],
) -> Refusals {
    let (administrator, detector) = (&region.administrator, region.detector.as_str());
    let refusals = match batch {
        Batch::Delete => administrator.delete_members(detector, accounts).await,
        Batch::Create => administrator.create_members(detector, accounts).await,
        Batch::Invite => administrator.invite_members(detector, accounts).await,
        Batch::StartMonitoring => administrator.start_monitoring_members(detector, accounts).await,
    };
    let refused = accounts.iter().filter(|account| refusals.get(account.id).is_some()).count();
    let members = accounts.len() - refused;
    info!(region = %region.region, write = action.api_name(), members, refused, "batch written");
    refusals
}
